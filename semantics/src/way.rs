//! Ways of doing what an instruction means: all of it, or only what is quick.
//!
//! Much of a meaning is seldom needed: growing, collecting, numbers in odd representations, telling which trap it is. A
//! meaning says so where it comes to that, with [`Way::seldom`] and [`Way::quick_if`]. Done the [`Whole`] way, a cold
//! function is called there. The [`Quick`] way ends there, and nothing has been done: what is left of the meaning calls
//! nobody, so that an engine can have handlers which are nothing but loads, tests and stores, and does the instruction
//! once more, the whole way and out of line, when the quick one has ended.
//!
//! So both are one text, and which paths are quick is said where they are taken. Not known: whether there should be a
//! third way, which calls but does not allocate.

use regatta_heap::{Heap, Value};
use regatta_runtime::Trap;
use regatta_runtime::object::Word;

/// How far an engine goes along with a meaning.
pub trait Way: Copy {
    /// A path that is seldom taken: what it gives. The quick way ends here; what its error says, nobody reads.
    fn seldom<T, E: From<Trap>>(path: impl FnOnce() -> Result<T, E>) -> Result<T, E>;

    /// Goes on. The quick way ends here unless the rest of it will call nobody.
    fn quick_if<E: From<Trap>>(calls_nobody: impl FnOnce() -> bool) -> Result<(), E>;

    /// Stores the value. The quick way ends here if the heap wants to be told.
    fn store<E: From<Trap>>(heap: &mut Heap, place: Word, value: Value) -> Result<(), E>;
}

/// All that an instruction means.
#[derive(Clone, Copy, Debug)]
pub struct Whole;

/// What of it calls nobody.
#[derive(Clone, Copy, Debug)]
pub struct Quick;

impl Way for Whole {
    #[inline(always)]
    fn seldom<T, E: From<Trap>>(path: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        path()
    }

    #[inline(always)]
    fn quick_if<E: From<Trap>>(_: impl FnOnce() -> bool) -> Result<(), E> {
        Ok(())
    }

    #[inline(always)]
    fn store<E: From<Trap>>(heap: &mut Heap, place: Word, value: Value) -> Result<(), E> {
        place.set(heap, value);
        Ok(())
    }
}

impl Way for Quick {
    #[inline(always)]
    fn seldom<T, E: From<Trap>>(_: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        Err(Trap::Explicit(0).into())
    }

    #[inline(always)]
    fn quick_if<E: From<Trap>>(calls_nobody: impl FnOnce() -> bool) -> Result<(), E> {
        if calls_nobody() { Ok(()) } else { Err(Trap::Explicit(0).into()) }
    }
    #[inline(always)]
    fn store<E: From<Trap>>(_: &mut Heap, place: Word, value: Value) -> Result<(), E> {
        Self::quick_if(|| place.set_untold(value))
    }
}
