//! Conveniences: constants in their shortest form, and comparisons by meaning instead of by op.

use super::label::twin;
use super::{BuildErrorKind as Error, FunctionBuilder, Label};
use crate::index::Reg;
use crate::ops::Opcode;
use crate::slot::Slot;
use crate::types::Type;
use crate::vocabulary::Immediate;
use std::sync::LazyLock;

/// A value with its type.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Constant {
    /// An `i32`.
    I32(i32),
    /// An `i64`.
    I64(i64),
    /// An `f32`.
    F32(f32),
    /// An `f64`.
    F64(f64),
    /// The bits of a dynamic value.
    Val(u64),
}

impl Constant {
    /// Its type.
    pub fn ty(self) -> Type {
        match self {
            Constant::I32(_) => Type::I32,
            Constant::I64(_) => Type::I64,
            Constant::F32(_) => Type::F32,
            Constant::F64(_) => Type::F64,
            Constant::Val(_) => Type::Val,
        }
    }

    /// The slot that holds it.
    pub fn slot(self) -> u64 {
        match self {
            Constant::I32(v) => v.to_slot(),
            Constant::I64(v) => v.to_slot(),
            Constant::F32(v) => v.to_slot(),
            Constant::F64(v) => v.to_slot(),
            Constant::Val(v) => v,
        }
    }
}

macro_rules! constant {
    ($($rust:ty: $variant:ident;)*) => { $(
        impl From<$rust> for Constant {
            fn from(value: $rust) -> Constant {
                Constant::$variant(value)
            }
        }
    )* };
}

constant! {
    i32: I32;
    i64: I64;
    f32: F32;
    f64: F64;
}

impl From<Immediate> for Constant {
    fn from(value: Immediate) -> Constant {
        Constant::Val(value.to_slot())
    }
}

/// When a branch is taken. `Lt` and its like are signed; on floats they are false for NaN, and the `Not` forms true.
#[expect(missing_docs, reason = "the names say it; U is unsigned")]
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Cond {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
    LtU,
    LeU,
    GtU,
    GeU,
    NotLt,
    NotLe,
    NotGt,
    NotGe,
}

impl Cond {
    /// Every condition.
    pub const ALL: [Cond; 14] = [
        Cond::Eq,
        Cond::Ne,
        Cond::Lt,
        Cond::Le,
        Cond::Gt,
        Cond::Ge,
        Cond::LtU,
        Cond::LeU,
        Cond::GtU,
        Cond::GeU,
        Cond::NotLt,
        Cond::NotLe,
        Cond::NotGt,
        Cond::NotGe,
    ];

    /// True exactly when this one is false, also for NaN.
    pub fn negated(self) -> Cond {
        match self {
            Cond::Eq => Cond::Ne,
            Cond::Ne => Cond::Eq,
            Cond::Lt => Cond::NotLt,
            Cond::Le => Cond::NotLe,
            Cond::Gt => Cond::NotGt,
            Cond::Ge => Cond::NotGe,
            Cond::LtU => Cond::GeU,
            Cond::LeU => Cond::GtU,
            Cond::GtU => Cond::LeU,
            Cond::GeU => Cond::LtU,
            Cond::NotLt => Cond::Lt,
            Cond::NotLe => Cond::Le,
            Cond::NotGt => Cond::Gt,
            Cond::NotGe => Cond::Ge,
        }
    }

    /// The same condition with its operands exchanged.
    pub fn exchanged(self) -> Cond {
        match self {
            Cond::Eq | Cond::Ne => self,
            Cond::Lt => Cond::Gt,
            Cond::Le => Cond::Ge,
            Cond::Gt => Cond::Lt,
            Cond::Ge => Cond::Le,
            Cond::LtU => Cond::GtU,
            Cond::LeU => Cond::GeU,
            Cond::GtU => Cond::LtU,
            Cond::GeU => Cond::LeU,
            Cond::NotLt => Cond::NotGt,
            Cond::NotLe => Cond::NotGe,
            Cond::NotGt => Cond::NotLt,
            Cond::NotGe => Cond::NotLe,
        }
    }

    /// As the mnemonics of ops on this type say it.
    fn word(self, ty: Type) -> Option<&'static str> {
        let kind = match ty {
            Type::I32 | Type::I64 => 0,
            Type::F32 | Type::F64 => 1,
            Type::Val => 2,
        };
        let words = match self {
            Cond::Eq => ["eq", "eq", "eq"],
            Cond::Ne => ["ne", "ne", "ne"],
            Cond::Lt => ["lt_s", "lt", "lt"],
            Cond::Le => ["le_s", "le", "le"],
            Cond::Gt => ["gt_s", "gt", "gt"],
            Cond::Ge => ["ge_s", "ge", "ge"],
            Cond::LtU => ["lt_u", "", ""],
            Cond::LeU => ["le_u", "", ""],
            Cond::GtU => ["gt_u", "", ""],
            Cond::GeU => ["ge_u", "", ""],
            Cond::NotLt => ["ge_s", "nlt", "not_lt"],
            Cond::NotLe => ["gt_s", "nle", "not_le"],
            Cond::NotGt => ["le_s", "ngt", "not_gt"],
            Cond::NotGe => ["lt_s", "nge", "not_ge"],
        };
        Some(words[kind]).filter(|word| !word.is_empty())
    }
}

/// The ops for a condition, forward and back, by type, condition and whether the second operand is an immediate.
type Ops = [[[Option<(Opcode, Opcode)>; 2]; Cond::ALL.len()]; Type::ALL.len()];

/// Found by mnemonic, once.
static BRANCHES: LazyLock<Ops> = LazyLock::new(|| {
    let find = |ty: Type, cond: Cond, suffix| {
        let forward = Opcode::from_mnemonic(&format!("br_{ty}_{}{suffix}", cond.word(ty)?))?;
        Some((forward, twin(forward)?))
    };
    Type::ALL.map(|ty| Cond::ALL.map(|cond| [find(ty, cond, ""), find(ty, cond, "_imm")]))
});

/// The second operand of a comparison.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Comparand {
    /// A register of the same type.
    Reg(Reg),
    /// An integer, of any size that the type has.
    Int(i64),
}

impl From<Reg> for Comparand {
    fn from(reg: Reg) -> Comparand {
        Comparand::Reg(reg)
    }
}

impl From<i32> for Comparand {
    fn from(value: i32) -> Comparand {
        Comparand::Int(i64::from(value))
    }
}

impl From<i64> for Comparand {
    fn from(value: i64) -> Comparand {
        Comparand::Int(value)
    }
}

impl FunctionBuilder {
    /// `dst = value`, in the shortest form.
    pub fn constant(&mut self, dst: Reg, value: impl Into<Constant>) {
        match value.into() {
            Constant::I32(value) => self.i32_const(dst, value),
            Constant::I64(value) => self.const_i64(dst, value),
            Constant::F32(value) => self.f32_const(dst, value),
            Constant::F64(value) => self.f64_const(dst, value),
            Constant::Val(slot) => match Immediate::from_slot(slot) {
                Some(Immediate::Special(special)) => self.special_const(dst, special),
                Some(Immediate::I32(value)) => self.val_const_i32(dst, value),
                Some(Immediate::F64(bits)) => self.val_const_f64(dst, f64::from_bits(bits)),
                None => self.fail_in("constant", Error::NoConstant { ty: Type::Val }),
            },
        }
    }

    /// `dst = value`: one word when it has 32 bits, else two.
    pub fn const_i64(&mut self, dst: Reg, value: i64) {
        match i32::try_from(value) {
            Ok(short) => self.i64_const(dst, i64::from(short)),
            Err(_) => self.i64_const_wide(dst, value),
        }
    }

    /// `dst = a + value` on integers of any size.
    pub fn add_const(&mut self, dst: Reg, a: Reg, value: i64) {
        self.with_const(
            "add_const",
            [Opcode::I32AddImm, Opcode::I64AddImm],
            [Opcode::I32Add, Opcode::I64Add],
            dst,
            a,
            value,
        );
    }

    /// `dst = a * value` on integers of any size.
    pub fn mul_const(&mut self, dst: Reg, a: Reg, value: i64) {
        self.with_const(
            "mul_const",
            [Opcode::I32MulImm, Opcode::I64MulImm],
            [Opcode::I32Mul, Opcode::I64Mul],
            dst,
            a,
            value,
        );
    }

    fn with_const(
        &mut self,
        method: &'static str,
        short: [Opcode; 2],
        long: [Opcode; 2],
        dst: Reg,
        a: Reg,
        value: i64,
    ) {
        let wide = match self.type_of(a) {
            Some(Type::I64) => 1,
            Some(Type::I32) | None => 0,
            Some(ty) => return self.fail_in(method, Error::NoConstant { ty }),
        };
        let [to, from] = [dst, a].map(|reg| u64::from(reg.0));
        if i16::try_from(value).is_ok() {
            return self.emit(short[wide], [to, from, value as u64, 0]);
        }
        let temp = self.integer(if wide == 1 { Type::I64 } else { Type::I32 }, value);
        self.emit(long[wide], [to, from, u64::from(temp.0), 0]);
        self.free(temp);
    }

    /// A temporary with this value.
    fn integer(&mut self, ty: Type, value: i64) -> Reg {
        let temp = self.temp(ty);
        match (ty, i32::try_from(value)) {
            (Type::I64, _) => self.const_i64(temp, value),
            (Type::Val, Ok(value)) => self.val_const_i32(temp, value),
            (_, Ok(value)) => self.i32_const(temp, value),
            (_, Err(_)) => self.fail_in("constant", i32_range(value)),
        }
        temp
    }

    /// Continues at `label`, wherever it is, when `a cond b`.
    pub fn branch(&mut self, cond: Cond, a: Reg, b: impl Into<Comparand>, label: Label) {
        let Some(ty) = self.type_of(a) else {
            return self.fail_in("branch", Error::NoRegister { operand: "a" });
        };
        match b.into() {
            Comparand::Reg(b) => self.branch_reg(cond, ty, a, b, label),
            Comparand::Int(b) => self.branch_int(cond, ty, a, b, label),
        }
    }

    fn branch_reg(&mut self, cond: Cond, ty: Type, a: Reg, b: Reg, label: Label) {
        let find = |cond: Cond| BRANCHES[ty as usize][cond as usize][0];
        let (ops, a, b) = match find(cond) {
            Some(ops) => (ops, a, b),
            None => match find(cond.exchanged()) {
                Some(ops) => (ops, b, a),
                None => return self.fail_in("branch", Error::NoComparison { ty }),
            },
        };
        self.branch_with(ops, a, u64::from(b.0), label);
    }

    fn branch_int(&mut self, cond: Cond, ty: Type, a: Reg, b: i64, label: Label) {
        if !matches!(ty, Type::I32 | Type::I64 | Type::Val) {
            return self.fail_in("branch", Error::NoConstant { ty });
        }
        match BRANCHES[ty as usize][cond as usize][1] {
            Some(ops) if i16::try_from(b).is_ok() => self.branch_with(ops, a, b as u64, label),
            _ => {
                let temp = self.integer(ty, b);
                self.branch_reg(cond, ty, a, temp, label);
                self.free(temp);
            }
        }
    }

    fn branch_with(&mut self, (forward, back): (Opcode, Opcode), a: Reg, b: u64, label: Label) {
        let op = if self.is_bound(label) { back } else { forward };
        self.emit(op, [u64::from(a.0), b, u64::from(label.0), 0]);
    }

    /// Continues at `label`, wherever it is, when `cond` is not zero.
    pub fn branch_if(&mut self, cond: Reg, label: Label) {
        self.branch(Cond::Ne, cond, 0, label);
    }

    /// Continues at `label`, wherever it is, when `cond` is zero.
    pub fn branch_unless(&mut self, cond: Reg, label: Label) {
        self.branch(Cond::Eq, cond, 0, label);
    }
}

fn i32_range(value: i64) -> Error {
    Error::OutOfRange { operand: "value", value, min: i64::from(i32::MIN), max: i64::from(i32::MAX) }
}
