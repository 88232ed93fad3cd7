//! What each instruction means: one function per op, named in the op table.
//!
//! A meaning takes the values an op reads and gives the value it writes; it knows no registers, no program counter and
//! no dispatch, so every engine can reach it in its own way. The shapes are those of the table's kinds (see
//! [`regatta_ir::ops`]). Calls, returns and jumps have no function here: they move between frames, which is an engine's
//! own business; what they share is in `regatta_runtime`.
//!
//! A student reads [`int32`] first.

pub mod array;
pub mod boxes;
pub mod closure;
pub mod compare;
mod complex;
pub mod convert;
pub mod element;
pub mod enumeration;
pub mod equality;
pub mod float32;
pub mod float64;
pub mod float_value;
pub mod instance;
pub mod int32;
pub mod int64;
pub mod integer_value;
pub mod join;
pub mod magic;
pub mod map;
pub mod memory;
pub mod moves;
pub mod number;
pub mod number_bits;
pub mod pattern;
pub mod perform;
pub mod property;
pub mod rounding;
pub mod state;
pub mod string;
pub mod structural;
pub mod tag;
pub mod tuple;
pub mod values;
pub mod way;

pub use array::*;
pub use boxes::*;
pub use closure::*;
pub use compare::*;
pub use convert::*;
pub use element::*;
pub use enumeration::*;
pub use equality::*;
pub use float_value::*;
pub use float32::*;
pub use float64::*;
pub use instance::*;
pub use int32::*;
pub use int64::*;
pub use integer_value::*;
pub use join::*;
pub use magic::*;
pub use map::*;
pub use memory::*;
pub use moves::*;
pub use number::*;
pub use number_bits::*;
pub use pattern::*;
pub use perform::{Flow, Give, Invoke, Perform};
pub use property::*;
pub use rounding::*;
pub use state::*;
pub use string::*;
pub use structural::*;
pub use tag::*;
pub use tuple::*;
pub use values::*;
pub use way::{Quick, Way, Whole};

use regatta_heap::Value;
use regatta_runtime::Stop;

/// Defines meanings, one per line: `i32_add(a: i32, b: i32) -> i32 { … }`. All are inlined into the engine. In each, `W` is
/// the [`Way`] it is done.
macro_rules! meanings {
    ($($(#[$attribute:meta])* $name:ident($($arg:ident: $ty:ty),*) -> $result:ty $body:block)*) => { $(
        $(#[$attribute])*
        #[doc = concat!("The meaning of `", stringify!($name), "` and its fused forms: see the op table.")]
        #[inline(always)]
        pub fn $name<W: $crate::Way>($($arg: $ty),*) -> $result $body
    )* };
}
pub(crate) use meanings;

/// A path that is kept out of the engine. What it gives comes back in two pieces: a `Result` as a whole would be merged with
/// that of the fast path, and asked again there whether all is well.
#[inline(always)]
pub(crate) fn outlined(path: impl FnOnce() -> Result<Value, Stop>) -> Result<Value, Stop> {
    #[cold]
    #[inline(never)]
    fn outside(path: impl FnOnce() -> Result<Value, Stop>, value: &mut Value) -> Option<Stop> {
        path().map(|given| *value = given).err()
    }
    let mut value = Value::UNDEFINED;
    match outside(path, &mut value) {
        None => Ok(value),
        Some(stop) => Err(stop),
    }
}

/// What a meaning gives: something, or something unless it can't go on. Lets engines treat both alike.
pub trait Outcome {
    /// What a register takes of it.
    type Slot;
    /// That, or why not.
    fn outcome(self) -> Result<Self::Slot, Stop>;
}

impl<T: Given, E: Into<Stop>> Outcome for Result<T, E> {
    type Slot = T::Slot;

    #[inline(always)]
    fn outcome(self) -> Result<T::Slot, Stop> {
        match self {
            Ok(given) => Ok(given.given()),
            Err(stop) => Err(stop.into()),
        }
    }
}

/// A Rust value that a meaning gives.
pub trait Given {
    /// What a register takes of it.
    type Slot;
    /// That.
    fn given(self) -> Self::Slot;
}

macro_rules! given {
    ($($ty:ty => $slot:ty;)*) => { $(
        impl Given for $ty {
            type Slot = $slot;

            #[inline(always)]
            fn given(self) -> $slot {
                self.into()
            }
        }

        impl Outcome for $ty {
            type Slot = $slot;

            #[inline(always)]
            fn outcome(self) -> Result<$slot, Stop> {
                Ok(self.given())
            }
        }

        impl Given for ($ty, bool) {
            type Slot = ($slot, bool);

            #[inline(always)]
            fn given(self) -> ($slot, bool) {
                (self.0.given(), self.1)
            }
        }

        impl Outcome for ($ty, bool) {
            type Slot = ($slot, bool);

            #[inline(always)]
            fn outcome(self) -> Result<($slot, bool), Stop> {
                Ok(self.given())
            }
        }
    )* };
}

given! {
    () => ();
    bool => bool;
    i32 => i32;
    i64 => i64;
    f32 => f32;
    f64 => f64;
    u64 => u64;
    Value => u64;
}
