//! Roles of operands: what each field of an instruction means, how wide it is, and how an engine reads it.
//!
//! The op table names a role per operand (`Src<I32>`, `Imm16<I64>`, `Forward16`). A role is a Rust type, used by engines
//! that decode with full static knowledge, and a [`Role`] value, used by everything that walks the table at run time:
//! text form, verifier, linker, generators. Both say the same because [`Operand::ROLE`] connects them.

use crate::index::{ClassId, FuncId, GlobalId, NativeId, PatternId, Reg, SigId, SiteId, TableId, TextId};
use crate::slot::Slot;
use crate::types::Type;
use std::marker::PhantomData;

/// What a register operand may hold.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Class {
    /// Exactly this type.
    Of(Type),
    /// Any type, the same for all such operands of one instruction (and for the global or result it meets).
    Any,
}

/// The meaning of one operand, as data.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Role {
    /// A register that is written.
    Dst(Class),
    /// A register that is read.
    Src(Class),
    /// A register that is read, then written.
    InOut(Class),
    /// A constant: 16 or 32 bits sign-extended, or all 64 (for `f32`: the 32 bits themselves).
    Imm(Type),
    /// Distance to a later instruction, from the end of this one.
    Forward,
    /// Distance back to an earlier instruction (or this one), from the end of this one.
    Back,
    /// A function.
    Func,
    /// A signature.
    Sig,
    /// A global variable.
    Global,
    /// A host function.
    Native,
    /// First register of a call window.
    Window,
    /// First of the registers that hold the results.
    First,
    /// How many `br` follow, not counting the last.
    Count,
    /// Byte offset, added to an address.
    Offset,
    /// Units of fuel.
    Units,
    /// A code of the program's own.
    TrapCode,
    /// A text, as an atom.
    Atom,
    /// A text, as a string.
    Text,
    /// A class.
    Class,
    /// A place where the program remembers what it found at this instruction. Linking chooses it: 0 until then.
    Site,
    /// A table of keys.
    Table,
    /// A pattern.
    Pattern,
    /// What a value may be found to be.
    Tag,
    /// A value that is one of its kind.
    Special,
    /// First of a run of `val` registers that are read; a [`Role::Len`] says how many.
    Run,
    /// First of the `val` registers that a pattern binds.
    Bind,
    /// How many registers the run has.
    Len,
    /// A small number that is not negative: a field, an element, a slot.
    Index,
    /// Who may do what with a property.
    Access,
}

/// A role as a type: width, meaning, and how to get at the value.
pub trait Operand: Copy {
    /// Bits in the instruction: 16, 32 or 64.
    const BITS: u8;
    /// The same role as data.
    const ROLE: Role;
    /// What an engine gets when it reads this operand.
    type Value;
    /// The operand from its field in the instruction.
    fn from_bits(bits: u64) -> Self;
    /// The field in the instruction.
    fn to_bits(self) -> u64;
    /// The value, from the registers where it lives there.
    fn read(self, registers: &impl Registers) -> Self::Value;
}

/// The registers of the running function, as an engine keeps them.
pub trait Registers {
    /// The slot of register `r`.
    fn get(&self, r: Reg) -> u64;
    /// Sets the slot of register `r`.
    fn set(&mut self, r: Reg, slot: u64);
    /// The slots of `len` registers from `first` on.
    fn run(&self, first: Reg, len: usize) -> &[u64];
    /// The slots of `len` registers from `first` on, to write.
    fn run_mut(&mut self, first: Reg, len: usize) -> &mut [u64];
}

/// Marker types for the classes of registers, as they stand between the angle brackets in the op table.
pub mod class {
    use super::{Class, Slot, Type};

    /// A class as a type.
    pub trait Marker: Copy {
        /// The same class as data.
        const CLASS: Class;
        /// The Rust type an engine works with.
        type Value: Slot;
    }

    macro_rules! marker {
        ($($(#[$doc:meta])* $name:ident = $class:expr, $value:ty;)*) => { $(
            $(#[$doc])*
            #[derive(Clone, Copy, PartialEq, Eq, Debug)]
            pub struct $name;

            impl Marker for $name {
                const CLASS: Class = $class;
                type Value = $value;
            }
        )* };
    }

    marker! {
        /// 32-bit integers.
        I32 = Class::Of(Type::I32), i32;
        /// 64-bit integers.
        I64 = Class::Of(Type::I64), i64;
        /// 32-bit floats.
        F32 = Class::Of(Type::F32), f32;
        /// 64-bit floats.
        F64 = Class::Of(Type::F64), f64;
        /// Dynamic values, as raw bits.
        Val = Class::Of(Type::Val), u64;
        /// Any register, as raw bits.
        Any = Class::Any, u64;
    }

    /// A Rust value that may be written to a register of class `C`.
    pub trait Fits<C: Marker>: Slot {}
    impl Fits<I32> for i32 {}
    impl Fits<I32> for bool {}
    impl Fits<I64> for i64 {}
    impl Fits<F32> for f32 {}
    impl Fits<F64> for f64 {}
    impl Fits<Val> for u64 {}
    impl Fits<Any> for u64 {}
}

use class::{Fits, Marker};

macro_rules! register_role {
    ($($(#[$doc:meta])* $name:ident;)*) => { $(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub struct $name<C>(pub Reg, PhantomData<C>);

        impl<C: Marker> Operand for $name<C> {
            const BITS: u8 = 16;
            const ROLE: Role = Role::$name(C::CLASS);
            type Value = C::Value;

            #[inline(always)]
            fn from_bits(bits: u64) -> Self {
                $name(Reg(bits as u16), PhantomData)
            }

            #[inline(always)]
            fn to_bits(self) -> u64 {
                u64::from(self.0.0)
            }

            #[inline(always)]
            fn read(self, registers: &impl Registers) -> C::Value {
                C::Value::from_slot(registers.get(self.0))
            }
        }

        impl<C: Marker> $name<C> {
            /// Writes the register.
            #[inline(always)]
            pub fn write<V: Fits<C>>(self, registers: &mut impl Registers, value: V) {
                registers.set(self.0, value.to_slot());
            }
        }
    )* };
}

register_role! {
    /// A register that is written.
    Dst;
    /// A register that is read.
    Src;
    /// A register that is read, then written.
    InOut;
}

macro_rules! immediate_role {
    ($($(#[$doc:meta])* $name:ident $bits:literal $field:ty { $($class:ident: |$v:ident| $value:expr, $ty:expr;)* })*) => { $(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub struct $name<C>($field, PhantomData<C>);

        $(impl Operand for $name<class::$class> {
            const BITS: u8 = $bits;
            const ROLE: Role = Role::Imm($ty);
            type Value = <class::$class as Marker>::Value;

            #[inline(always)]
            fn from_bits(bits: u64) -> Self {
                $name(bits as $field, PhantomData)
            }

            #[inline(always)]
            fn to_bits(self) -> u64 {
                self.0 as u64
            }

            #[inline(always)]
            fn read(self, _: &impl Registers) -> Self::Value {
                let $v = self.0;
                $value
            }
        })*
    )* };
}

immediate_role! {
    /// A constant of 16 bits, sign-extended.
    Imm16 16 u16 {
        I32: |v| i32::from(v as i16), Type::I32;
        I64: |v| i64::from(v as i16), Type::I64;
    }
    /// A constant of 32 bits, sign-extended where the register is wider.
    Imm32 32 u32 {
        I32: |v| v as i32, Type::I32;
        I64: |v| i64::from(v as i32), Type::I64;
        F32: |v| f32::from_bits(v), Type::F32;
    }
    /// A constant of 64 bits, in the second word.
    Wide 64 u64 {
        I64: |v| v as i64, Type::I64;
        F64: |v| f64::from_bits(v), Type::F64;
    }
}

macro_rules! plain_role {
    ($($(#[$doc:meta])* $name:ident $bits:literal, $field:ty, $role:expr, |$v:ident| $value:expr => $out:ty;)*) => { $(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub struct $name(pub $field);

        impl Operand for $name {
            const BITS: u8 = $bits;
            const ROLE: Role = $role;
            type Value = $out;

            #[inline(always)]
            fn from_bits(bits: u64) -> Self {
                $name(bits as $field)
            }

            #[inline(always)]
            fn to_bits(self) -> u64 {
                u64::from(self.0)
            }

            #[inline(always)]
            fn read(self, _: &impl Registers) -> $out {
                let $v = self.0;
                $value
            }
        }
    )* };
}

plain_role! {
    /// Distance forward, in words.
    Forward16 16, u16, Role::Forward, |v| usize::from(v) => usize;
    /// Distance forward, in words, for far targets.
    Forward32 32, u32, Role::Forward, |v| v as usize => usize;
    /// Distance back, in words.
    Back16 16, u16, Role::Back, |v| usize::from(v) => usize;
    /// Distance back, in words, for far targets.
    Back32 32, u32, Role::Back, |v| v as usize => usize;
    /// A function.
    FuncRef 32, u32, Role::Func, |v| FuncId(v) => FuncId;
    /// A signature.
    SigRef 16, u16, Role::Sig, |v| SigId(u32::from(v)) => SigId;
    /// A global variable.
    GlobalRef 32, u32, Role::Global, |v| GlobalId(v) => GlobalId;
    /// A host function.
    NativeRef 32, u32, Role::Native, |v| NativeId(v) => NativeId;
    /// First register of a call window.
    Window 16, u16, Role::Window, |v| Reg(v) => Reg;
    /// First of the registers that hold the results.
    First 16, u16, Role::First, |v| Reg(v) => Reg;
    /// How many `br` follow, not counting the last.
    Count 32, u32, Role::Count, |v| v => u32;
    /// Byte offset of a load or store.
    Offset 16, u16, Role::Offset, |v| u32::from(v) => u32;
    /// Units of fuel.
    Units 32, u32, Role::Units, |v| v => u32;
    /// A code of the program's own.
    TrapCode 16, u16, Role::TrapCode, |v| v => u16;
    /// A text, as an atom.
    AtomRef 32, u32, Role::Atom, |v| TextId(v) => TextId;
    /// A text, as a string.
    TextRef 32, u32, Role::Text, |v| TextId(v) => TextId;
    /// A class.
    ClassRef 32, u32, Role::Class, |v| ClassId(v) => ClassId;
    /// A place where the program remembers what it found at this instruction; nobody gives it.
    SiteRef 32, u32, Role::Site, |v| SiteId(v) => SiteId;
    /// A table of keys.
    TableRef 32, u32, Role::Table, |v| TableId(v) => TableId;
    /// A pattern.
    PatternRef 32, u32, Role::Pattern, |v| PatternId(v) => PatternId;
    /// What a value may be found to be.
    TagRef 16, u16, Role::Tag, |v| v => u16;
    /// A value that is one of its kind.
    SpecialRef 16, u16, Role::Special, |v| v => u16;
    /// First of a run of `val` registers.
    Run 16, u16, Role::Run, |v| Reg(v) => Reg;
    /// First of the `val` registers that a pattern binds.
    Bind 16, u16, Role::Bind, |v| Reg(v) => Reg;
    /// How many registers the run has.
    Len 16, u16, Role::Len, |v| usize::from(v) => usize;
    /// A field, an element, a slot.
    Index 16, u16, Role::Index, |v| usize::from(v) => usize;
    /// Who may do what with a property.
    Access 16, u16, Role::Access, |v| v => u16;
}
