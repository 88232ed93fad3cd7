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

use regatta_heap::{Header, Value};
use regatta_runtime::Trap;

/// How far an engine goes along with a meaning.
pub trait Way: Copy {
    /// A path that is seldom taken: what it gives. The quick way ends here; what its error says, nobody reads.
    fn seldom<T, E: From<Trap>>(path: impl FnOnce() -> Result<T, E>) -> Result<T, E>;

    /// Goes on. The quick way ends here unless the rest of it will call nobody.
    fn quick_if<E: From<Trap>>(calls_nobody: impl FnOnce() -> bool) -> Result<(), E>;

    /// Does `store`, which stores `value` in `object` if that is one. The quick way ends here if the heap wants to be told.
    fn storing<T, E: From<Trap>>(value: Value, object: Value, store: impl FnMut() -> T) -> Result<T, E>;
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
    fn storing<T, E: From<Trap>>(_: Value, _: Value, mut store: impl FnMut() -> T) -> Result<T, E> {
        Ok(store())
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
    // Twice, so that LLVM sees in both places that the heap is not told.
    #[inline(always)]
    fn storing<T, E: From<Trap>>(value: Value, object: Value, mut store: impl FnMut() -> T) -> Result<T, E> {
        if !value.is_object() {
            return Ok(store());
        }
        Self::quick_if(|| !object.as_object().is_some_and(|object| object.header().has(Header::UNLOG)))?;
        Ok(store())
    }
}
