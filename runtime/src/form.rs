//! Forms: what an engine makes of functions (decoded, threaded, compiled), kept by the program they are made of.
//!
//! An engine asks the program for the forms of a type of its own ([`Program::forms`](crate::Program::forms)) and gives each function
//! its form when it is prepared. A form is there as long as its program, like the code it is made of, so engines hold
//! plain references; with the program they go.

use crate::entry::MAX_PROGRAM_FUNCTIONS;
use regatta_ir::FuncId;
use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::fmt;
use std::ptr;
use std::sync::atomic::{AtomicPtr, Ordering};
use std::sync::{Arc, Mutex};

/// The forms of one engine, by function.
pub struct Forms<T> {
    // Pages that nobody touched cost nothing.
    places: Box<[AtomicPtr<T>]>,
    // What the places point to. Boxed, because a form must not move when the vector grows.
    all: Mutex<Vec<Box<T>>>,
}

impl<T> Default for Forms<T> {
    fn default() -> Forms<T> {
        let places = Box::new_zeroed_slice(2 * MAX_PROGRAM_FUNCTIONS);
        // SAFETY: all zero bits are an `AtomicPtr` that is null.
        Forms { places: unsafe { places.assume_init() }, all: Mutex::new(Vec::new()) }
    }
}

impl<T> Forms<T> {
    /// The form of a function, if it has one.
    #[inline(always)]
    pub fn get(&self, func: FuncId) -> Option<&T> {
        let form = self.places.get(func.table_place())?.load(Ordering::Acquire);
        // SAFETY: [R-PLACE] a place is null or holds what `set` put there, for as long as the table lives.
        unsafe { form.as_ref() }
    }

    /// Where the addresses of forms lie, by [`FuncId::table_place`]: for engines that make machine code.
    pub fn places(&self) -> *const AtomicPtr<T> {
        self.places.as_ptr()
    }

    /// Gives a function its form. The first one stays: another thread may be running it.
    ///
    /// # Panics
    /// If no program can have a function with this id.
    pub fn set(&self, func: FuncId, form: T) {
        let place = &self.places[func.table_place()];
        let mut all = self.all.lock().expect("nobody panics here");
        if place.load(Ordering::Acquire).is_null() {
            all.push(Box::new(form));
            place.store(ptr::from_ref(&**all.last().expect("just pushed")).cast_mut(), Ordering::Release);
        }
    }
}

impl<T> fmt::Debug for Forms<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} forms", self.all.lock().expect("nobody panics here").len())
    }
}

/// Forms of every type that was asked for.
#[derive(Debug, Default)]
pub(crate) struct AllForms(Mutex<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>);

impl AllForms {
    /// The forms of type `T`.
    pub(crate) fn of<T: Send + Sync + 'static>(&self) -> Arc<Forms<T>> {
        self.companion()
    }

    /// The one thing of type `T`.
    pub(crate) fn companion<T: Default + Send + Sync + 'static>(&self) -> Arc<T> {
        let mut all = self.0.lock().expect("nobody panics here");
        let one = all.entry(TypeId::of::<T>()).or_insert_with(|| Arc::new(T::default())).clone();
        one.downcast().expect("kept by its type")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_form_stays() {
        let all = AllForms::default();
        let forms = all.of::<String>();
        assert!(forms.get(FuncId(3)).is_none() && forms.get(FuncId(u32::MAX)).is_none());
        forms.set(FuncId(3), "first".into());
        forms.set(FuncId(3), "second".into());
        forms.set(FuncId::dynamic(3), "dynamic".into());
        assert_eq!(all.of::<String>().get(FuncId(3)).unwrap(), "first");
        assert_eq!(forms.get(FuncId::dynamic(3)).unwrap(), "dynamic");
        assert!(all.of::<u32>().get(FuncId(3)).is_none(), "every type has its own");
        assert_eq!(format!("{forms:?}"), "2 forms");
    }

    /// Forms go with the last who holds them.
    #[test]
    fn forms_are_dropped() {
        let form = Arc::new(());
        let all = AllForms::default();
        all.of::<Arc<()>>().set(FuncId(0), form.clone());
        assert_eq!(Arc::strong_count(&form), 2);
        drop(all);
        assert_eq!(Arc::strong_count(&form), 1);
    }
}
