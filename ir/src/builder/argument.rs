//! What a caller gives for each role: the bridge from the op table to argument types.
//!
//! The op table names a role per operand; [`Argument`] says which Rust type stands for that role in the generated
//! methods. An argument is lowered to 64 bits without a check: whether it fits its field is asked once, at emission, by
//! the code that knows the operand's name and place.

use crate::builder::Label;
use crate::index::{ClassId, FuncId, GlobalId, NativeId, PatternId, Reg, SigId, TableId, TextId};
use crate::operand::class::{F32, F64, I32, I64, Marker};
use crate::operand::*;
use crate::vocabulary::{Special, Tag};

/// A role that can be given to a builder.
pub trait Argument: Operand {
    /// The Rust type of the argument.
    type Given;
    /// All of its bits; integers are sign-extended.
    fn lower(given: Self::Given) -> u64;
}

macro_rules! argument {
    ($($(@($C:ident: $bound:ident))? $role:ty: $given:ty = |$v:ident| $bits:expr;)*) => { $(
        impl $(<$C: $bound>)? Argument for $role {
            type Given = $given;

            #[inline(always)]
            fn lower($v: $given) -> u64 {
                $bits
            }
        }
    )* };
}

argument! {
    @(C: Marker) Dst<C>: Reg = |v| u64::from(v.0);
    @(C: Marker) Src<C>: Reg = |v| u64::from(v.0);
    @(C: Marker) InOut<C>: Reg = |v| u64::from(v.0);
    Window: Reg = |v| u64::from(v.0);
    First: Reg = |v| u64::from(v.0);
    Imm16<I32>: i32 = |v| i64::from(v) as u64;
    Imm16<I64>: i64 = |v| v as u64;
    Imm32<I32>: i32 = |v| i64::from(v) as u64;
    Imm32<I64>: i64 = |v| v as u64;
    Imm32<F32>: f32 = |v| u64::from(v.to_bits());
    Wide<I64>: i64 = |v| v as u64;
    Wide<F64>: f64 = |v| v.to_bits();
    Forward16: Label = |v| u64::from(v.0);
    Forward32: Label = |v| u64::from(v.0);
    Back16: Label = |v| u64::from(v.0);
    Back32: Label = |v| u64::from(v.0);
    FuncRef: FuncId = |v| u64::from(v.0);
    SigRef: SigId = |v| u64::from(v.0);
    GlobalRef: GlobalId = |v| u64::from(v.0);
    NativeRef: NativeId = |v| u64::from(v.0);
    Offset: u32 = |v| u64::from(v);
    Units: u32 = |v| u64::from(v);
    TrapCode: u16 = |v| u64::from(v);
    AtomRef: TextId = |v| u64::from(v.0);
    TextRef: TextId = |v| u64::from(v.0);
    ClassRef: ClassId = |v| u64::from(v.0);
    TableRef: TableId = |v| u64::from(v.0);
    PatternRef: PatternId = |v| u64::from(v.0);
    TagRef: Tag = |v| u64::from(v.number());
    SpecialRef: Special = |v| u64::from(v.number());
    Run: Reg = |v| u64::from(v.0);
    Bind: Reg = |v| u64::from(v.0);
    Len: u16 = |v| u64::from(v);
    Index: u16 = |v| u64::from(v);
    Access: u16 = |v| u64::from(v);
}
