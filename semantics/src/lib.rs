//! What each instruction means: one function per op, named in the op table.
//!
//! A meaning takes the values an op reads and gives the value it writes; it knows no registers, no program counter and
//! no dispatch, so every engine can reach it in its own way. The shapes are those of the table's kinds (see
//! [`regatta_ir::ops`]). Calls, returns and jumps have no function here: they move between frames, which is an engine's
//! own business; what they share is in `regatta_runtime`.
//!
//! A student reads [`int32`] first.

pub mod convert;
pub mod float32;
pub mod float64;
pub mod int32;
pub mod int64;
pub mod memory;
pub mod moves;
pub mod perform;
pub mod state;

pub use convert::*;
pub use float32::*;
pub use float64::*;
pub use int32::*;
pub use int64::*;
pub use memory::*;
pub use moves::*;
pub use perform::{Flow, Perform};
pub use state::*;

use regatta_runtime::Trap;

/// Defines meanings, one per line: `i32_add(a: i32, b: i32) -> i32 { … }`. All are inlined into the engine.
macro_rules! meanings {
    ($($(#[$attribute:meta])* $name:ident($($arg:ident: $ty:ty),*) -> $result:ty $body:block)*) => { $(
        $(#[$attribute])*
        #[doc = concat!("The meaning of `", stringify!($name), "` and its fused forms: see the op table.")]
        #[inline(always)]
        pub fn $name($($arg: $ty),*) -> $result $body
    )* };
}
pub(crate) use meanings;

/// What a meaning gives: a value, or a value unless it traps. Lets engines treat both alike.
pub trait Outcome {
    /// The value.
    type Value;
    /// The value, or the trap.
    fn outcome(self) -> Result<Self::Value, Trap>;
}

impl<T> Outcome for Result<T, Trap> {
    type Value = T;

    #[inline(always)]
    fn outcome(self) -> Result<T, Trap> {
        self
    }
}

macro_rules! always {
    ($($ty:ty),*) => { $(
        impl Outcome for $ty {
            type Value = $ty;

            #[inline(always)]
            fn outcome(self) -> Result<$ty, Trap> {
                Ok(self)
            }
        }
    )* };
}

always!((), bool, i32, i64, f32, f64, u64);
