//! One method per op, generated from the table: the mnemonic is its name, its operands are its arguments.
//!
//! Two rows have hand-written stand-ins: `loop` is a word of Rust's own and becomes [`FunctionBuilder::loop_`], and
//! `switch` is emitted together with its table by [`FunctionBuilder::switch`].

use super::{Argument, FunctionBuilder};
use crate::for_each_op;
use crate::operand::class::{Any, F32, F64, I32, I64, Val};
use crate::operand::*;
#[cfg(doc)]
use crate::ops::CallIndirect;
use crate::ops::Opcode;

macro_rules! method {
    ($(#[doc = $doc:literal])* switch $($rest:tt)*) => {};
    ($(#[doc = $doc:literal])* loop $($rest:tt)*) => { method! { $(#[doc = $doc])* loop_ $($rest)* } };
    ($(#[doc = $doc:literal])* $name:ident = $Camel:ident { $($operands:tt)* }) => {
        method! { @given [] { $($operands)* } $(#[doc = $doc])* $name $Camel }
    };
    // Linking chooses sites, so nobody gives one.
    (@given [$($given:tt)*] { site: SiteRef } $($rest:tt)*) => { method! { @given [$($given)*] {} $($rest)* } };
    (@given [$($given:tt)*] { $field:ident: $role:ident $(<$class:ident>)? $(, $($more:tt)*)? } $($rest:tt)*) => {
        method! { @given [$($given)* $field: $role $(<$class>)?,] { $($($more)*)? } $($rest)* }
    };
    (@given [$($field:ident: $role:ty,)*] {} $(#[doc = $doc:literal])* $name:ident $Camel:ident) => {
        $(#[doc = $doc])*
        #[allow(unused_mut, reason = "ops without operands")]
        pub fn $name(&mut self, $($field: <$role as Argument>::Given),*) {
            let mut given = [0; 4];
            let mut _n = 0;
            $(
                given[_n] = <$role as Argument>::lower($field);
                _n += 1;
            )*
            self.emit(Opcode::$Camel, given);
        }
    };
}

macro_rules! methods {
    ($($(#[doc = $doc:literal])* [$kind:ident] $snake:ident = $Camel:ident $(($meaning:ident))?
        { $($operands:tt)* } $([$($fx:ident),*])?;)*) => {
        /// One method per op.
        impl FunctionBuilder { $(
            method! { $(#[doc = $doc])* $snake = $Camel { $($operands)* } }
        )* }
    };
}

for_each_op!(methods);
