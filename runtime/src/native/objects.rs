//! Natives on objects: what a host function works with that keeps objects while others are made.
//!
//! Arguments and results of type `val` are [`Local`]s here: places that collections know. A native that only looks at
//! values, or makes one object, needs none of this: see [`Natives::add`](super::Natives::add).
//!
//! ```
//! use regatta_heap::{Value, handle::Field, Kind};
//! use regatta_runtime::{Natives, native::Failure};
//!
//! let mut natives = Natives::new();
//! natives.add_scoped::<(Value, i32), Value>("list.repeat", |objects, (item, count)| {
//!     let mut list = objects.local(Value::NULL);
//!     for _ in 0..count {
//!         list = objects.make([item, list], |heap, [item, list]| {
//!             regatta_runtime::object::Tuple::new(heap, &[item.bits(), list.bits()]).map(|tuple| tuple.value())
//!         })?;
//!     }
//!     Ok(list)
//! });
//! natives.add_scoped::<(Value,), i32>("text.print", |objects, (text,)| {
//!     let Some(text) = objects.text(text) else {
//!         let complaint = objects.string("a string was wanted")?;
//!         return Err(Failure::Throw(complaint));
//!     };
//!     let len = text.len() as i32;
//!     objects.host.write(text.as_bytes());
//!     Ok(len)
//! });
//! ```
//!
//! The compiler sees to it that nothing read out of an object is used after something else could have moved it:
//!
//! ```compile_fail,E0502
//! use regatta_heap::Value;
//! use regatta_runtime::Natives;
//!
//! Natives::new().add_scoped::<(Value,), Value>("twice", |objects, (pair,)| {
//!     let first = objects.open(pair).unwrap().get(0);
//!     let text = objects.string("this may collect")?;
//!     Ok(objects.keep(first))                                 // `first` may have moved
//! });
//! ```
//!
//! Nor can a local get out:
//!
//! ```compile_fail,E0521
//! use regatta_heap::{Value, handle::Local};
//! use regatta_runtime::Natives;
//! use std::sync::Mutex;
//!
//! static KEPT: Mutex<Option<Local<'static>>> = Mutex::new(None);
//! Natives::new().add_scoped::<(Value,), ()>("keep", |_, (value,)| {
//!     *KEPT.lock().unwrap() = Some(value);
//!     Ok(())
//! });
//! ```

use super::{Call, Failure, Passable};
use crate::collect::ProcessRoots;
use crate::exec::Stop;
use crate::host::Host;
use crate::memory::Memory;
use crate::object::string::Str;
use crate::program::Program;
use regatta_heap::handle::{Local, Scope, scope};
use regatta_heap::{Heap, Value};
use regatta_ir::{HEADER, Signature, Type};
use std::ops::{Deref, DerefMut};

/// The most arguments of a native on objects.
const MAX_ARGUMENTS: usize = 6;
/// The most results.
const MAX_OUTCOMES: usize = 4;

/// What a native on objects gets besides its arguments: a [`Scope`] on the heap, and the rest of the process.
pub struct Objects<'a, 's> {
    /// The program, with its texts and classes.
    pub program: &'a Program,
    /// Linear memory.
    pub memory: &'a mut Memory,
    /// The world outside.
    pub host: &'a mut dyn Host,
    scope: &'a mut Scope<'s>,
}

impl<'s> Deref for Objects<'_, 's> {
    type Target = Scope<'s>;

    fn deref(&self) -> &Scope<'s> {
        self.scope
    }
}

impl<'s> DerefMut for Objects<'_, 's> {
    fn deref_mut(&mut self) -> &mut Scope<'s> {
        self.scope
    }
}

impl<'s> Objects<'_, 's> {
    /// Does something with what these locals hold, as a meaning would: when there is no room, collects and does it again.
    pub fn with<const N: usize, R: Unmoved>(
        &mut self,
        locals: [Local<'s>; N],
        mut act: impl FnMut(&mut Heap, [Value; N]) -> Result<R, Stop>,
    ) -> Result<R, Failure<'s>> {
        self.attempt(locals, |heap, values| act(heap, values))
    }

    /// Makes a value out of what these locals hold: when there is no room, collects and does it again.
    pub fn make<const N: usize>(
        &mut self,
        locals: [Local<'s>; N],
        act: impl FnMut(&mut Heap, [Value; N]) -> Result<Value, Stop>,
    ) -> Result<Local<'s>, Failure<'s>> {
        let value = self.attempt(locals, act)?;
        // SAFETY: [R-VALUE] nothing was collected since it was made.
        Ok(unsafe { self.scope.adopt(value) })
    }

    fn attempt<const N: usize, R>(
        &mut self,
        locals: [Local<'s>; N],
        mut act: impl FnMut(&mut Heap, [Value; N]) -> Result<R, Stop>,
    ) -> Result<R, Failure<'s>> {
        loop {
            let values = locals.map(|local| self.scope.get(local).value());
            // SAFETY: [R-VALUE] `act` makes and changes objects as meanings do, and has no way to reach locals.
            match act(unsafe { self.scope.heap() }, values) {
                Err(stop) if stop == Stop::COLLECT => self.scope.collect()?,
                Err(stop) => return Err(Failure::Stop(stop)),
                Ok(done) => return Ok(done),
            }
        }
    }

    /// A new string.
    pub fn string(&mut self, text: &str) -> Result<Local<'s>, Failure<'s>> {
        self.make([], |heap, []| Str::new(heap, text).map(Str::value))
    }

    /// The characters of what a local holds, if it is a string.
    pub fn text(&self, local: Local<'s>) -> Option<String> {
        Some(Str::of(self.scope.get(local).value())?.to_text().into_owned())
    }
}

/// What does not refer to objects, and so outlives collections.
pub trait Unmoved {}

macro_rules! unmoved {
    ($($ty:ty),*) => { $(impl Unmoved for $ty {})* };
}

unmoved!((), bool, i32, u32, i64, u64, usize, f32, f64, String);

/// A type in the signature of a native on objects.
pub trait Passed {
    /// The register type it lives in.
    const TYPE: Type;
    /// What the native works with.
    type As<'s>;
    /// The argument, out of a slot of the window.
    ///
    /// # Safety
    /// If it is a value, it must be alive.
    unsafe fn take<'s>(scope: &Scope<'s>, slot: u64) -> Self::As<'s>;
    /// The slot of a result.
    fn give<'s>(scope: &Scope<'s>, value: Self::As<'s>) -> u64;
}

impl Passed for Value {
    const TYPE: Type = Type::Val;
    type As<'s> = Local<'s>;

    unsafe fn take<'s>(scope: &Scope<'s>, slot: u64) -> Local<'s> {
        // SAFETY: [R-VALUE] as the caller promises.
        unsafe { scope.adopt(Value::from_bits(slot)) }
    }

    fn give<'s>(scope: &Scope<'s>, value: Local<'s>) -> u64 {
        scope.get(value).value().bits()
    }
}

macro_rules! raw {
    ($($ty:ty)*) => { $(
        impl Passed for $ty {
            const TYPE: Type = <$ty as Passable>::TYPE;
            type As<'s> = $ty;

            unsafe fn take<'s>(_: &Scope<'s>, slot: u64) -> $ty {
                Passable::from_register(slot)
            }

            fn give<'s>(_: &Scope<'s>, value: $ty) -> u64 {
                Passable::to_register(value)
            }
        }
    )* };
}

raw!(i32 i64 f32 f64);

/// The arguments or results of a native on objects: a tuple of [`Passed`] types, or one of them.
pub trait PassedList {
    /// What the native works with.
    type As<'s>;
    /// Types, in order.
    fn types() -> Vec<Type>;
    /// The arguments, out of their slots.
    ///
    /// # Safety
    /// Those that are values must be alive.
    unsafe fn take<'s>(scope: &Scope<'s>, slots: &[u64]) -> Self::As<'s>;
    /// The slots of results.
    fn give<'s>(scope: &Scope<'s>, values: Self::As<'s>, slots: &mut [u64]);
}

impl<T: Passed> PassedList for T {
    type As<'s> = T::As<'s>;

    fn types() -> Vec<Type> {
        vec![T::TYPE]
    }

    unsafe fn take<'s>(scope: &Scope<'s>, slots: &[u64]) -> T::As<'s> {
        // SAFETY: as the caller promises.
        unsafe { T::take(scope, slots[0]) }
    }

    fn give<'s>(scope: &Scope<'s>, value: T::As<'s>, slots: &mut [u64]) {
        slots[0] = T::give(scope, value);
    }
}

impl PassedList for () {
    type As<'s> = ();

    fn types() -> Vec<Type> {
        vec![]
    }

    unsafe fn take<'s>(_: &Scope<'s>, _: &[u64]) {}

    fn give<'s>(_: &Scope<'s>, (): (), _: &mut [u64]) {}
}

macro_rules! lists {
    ($($($name:ident $n:tt),*;)*) => { $(
        impl<$($name: Passed),*> PassedList for ($($name,)*) {
            type As<'s> = ($($name::As<'s>,)*);

            fn types() -> Vec<Type> {
                vec![$($name::TYPE),*]
            }

            unsafe fn take<'s>(scope: &Scope<'s>, slots: &[u64]) -> Self::As<'s> {
                // SAFETY: as the caller promises.
                unsafe { ($($name::take(scope, slots[$n]),)*) }
            }

            fn give<'s>(scope: &Scope<'s>, values: Self::As<'s>, slots: &mut [u64]) {
                $(slots[$n] = $name::give(scope, values.$n);)*
            }
        }
    )* };
}

lists! {
    A 0;
    A 0, B 1;
    A 0, B 1, C 2;
    A 0, B 1, C 2, D 3;
    A 0, B 1, C 2, D 3, E 4;
    A 0, B 1, C 2, D 3, E 4, G 5;
}

/// How a native on objects ended.
enum Ended {
    Gave([u64; MAX_OUTCOMES]),
    Threw(Value),
    Failed(Failure<'static>),
}

/// Calls a native on objects through the window of `call`.
pub(super) fn call<P: PassedList, R: PassedList>(
    call: &mut Call<'_>,
    native: &impl for<'a, 's> Fn(&mut Objects<'a, 's>, P::As<'s>) -> Result<R::As<'s>, Failure<'s>>,
    signature: &Signature,
) -> Result<(), Failure<'static>> {
    let (params, results) = (signature.params.len(), signature.results.len());
    let mut given = [0; MAX_ARGUMENTS];
    given[..params].copy_from_slice(&call.window()[HEADER..HEADER + params]);
    let split = call.process.split();
    let (program, memory, host) = (call.program, split.memory, split.host);
    let mut roots = ProcessRoots::new(program, call.task, split.values);
    let ended = scope(split.heap, &mut roots, |scope| {
        // SAFETY: [R-VALUE] the arguments were live registers a moment ago, and nothing was collected since.
        let arguments = unsafe { P::take(scope, &given) };
        match native(&mut Objects { program, memory, host, scope }, arguments) {
            Ok(values) => {
                let mut slots = [0; MAX_OUTCOMES];
                R::give(scope, values, &mut slots);
                Ended::Gave(slots)
            }
            Err(Failure::Throw(exception)) => Ended::Threw(scope.get(exception).value()),
            Err(Failure::Stop(stop)) => Ended::Failed(Failure::Stop(stop)),
            Err(Failure::Error(error)) => Ended::Failed(Failure::Error(error)),
        }
    });
    roots.remember();
    match ended {
        Ended::Gave(slots) => {
            let window = call.window();
            slots[..results].iter().enumerate().for_each(|(n, slot)| window[signature.result_slot(n)] = *slot);
            Ok(())
        }
        Ended::Threw(exception) => {
            call.process.thrown = exception;
            Err(Failure::Stop(Stop::THROW))
        }
        Ended::Failed(failure) => Err(failure),
    }
}
