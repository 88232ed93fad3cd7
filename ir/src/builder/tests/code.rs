//! Straight code, branches and conveniences, word for word.

use super::*;
use crate::codec::unused_bits;
use crate::for_each_op;
use crate::operand::class::{Any, F32, F64, I32, I64, Marker, Val};
use crate::operand::{Class, Window, *};
use crate::ops::{Kind, Opcode};
use crate::vocabulary::{Special, Tag, access};
use crate::{ClassId, PatternId, TableId, TextId};

#[test]
fn words_are_those_of_the_table() {
    let mut b = function(&[Type::I32, Type::I32], &[Type::I32]);
    let (x, y) = (b.param(0), b.param(1));
    b.i32_add(x, x, y);
    b.i32_mul_imm(x, x, -2);
    b.ret_value(x);
    let function = b.finish().unwrap();
    let ops = [Opcode::I32Add, Opcode::I32MulImm, Opcode::RetValue].map(|op| op as u64);
    let operands = [0x0001_0000_0000_0000, 0xfffe_0000_0000_0000, 0];
    assert_eq!(*function.code, [ops[0] | operands[0], ops[1] | operands[1], ops[2] | operands[2]]);
    assert_eq!(function.registers, [Type::I32, Type::I32]);
}

#[test]
fn constants_take_their_shortest_form() {
    let mut b = function(&[], &[Type::I64]);
    let (x, d) = (b.reg(Type::I64), b.reg(Type::F64));
    b.const_i64(x, -1);
    b.const_i64(x, 1 << 40);
    b.constant(d, 1.5);
    b.ret_value(x);
    let bits = 1.5f64.to_bits();
    let expected =
        ["i64_const 0 4294967295", "i64_const_wide 0 1099511627776", &format!("f64_const 1 {bits}"), "ret_value 0"];
    assert_eq!(listing(&b.finish().unwrap()), expected);
}

#[test]
fn constants_that_do_not_fit_are_put_in_a_register() {
    let mut b = function(&[Type::I64], &[Type::I64]);
    let x = b.param(0);
    b.add_const(x, x, 32767);
    b.add_const(x, x, 32768);
    b.mul_const(x, x, 1 << 33);
    b.ret_value(x);
    let function = b.finish().unwrap();
    let expected = [
        "i64_add_imm 0 0 32767",
        "i64_const 1 32768",
        "i64_add 0 0 1",
        "i64_const_wide 1 8589934592",
        "i64_mul 0 0 1",
        "ret_value 0",
    ];
    assert_eq!(listing(&function), expected);
    assert_eq!(function.registers.len(), 2);
}

#[test]
fn distances_count_from_the_end_of_the_branch() {
    let mut b = function(&[Type::I32], &[]);
    let n = b.param(0);
    let (out, skip) = (b.label(), b.label());
    b.br_i32_eq_imm(n, 0, out);
    let top = b.here();
    b.br_i32_ne(n, n, skip);
    b.bind(skip);
    b.loop_i32_dec_gt_imm(n, 0, top);
    b.bind(out);
    let again = b.here();
    b.loop_i32_add_lt(n, n, n, again);
    b.loop_(again);
    let expected =
        ["br_i32_eq_imm 0 0 2", "br_i32_ne 0 0 0", "loop_i32_dec_gt_imm 0 0 2", "loop_i32_add_lt 0 0 0 2", "loop 3"];
    assert_eq!(listing(&b.finish().unwrap()), expected);
}

#[test]
fn conveniences_pick_the_direction() {
    let mut b = function(&[Type::I32, Type::F64], &[]);
    let (n, x) = (b.param(0), b.param(1));
    let (top, out) = (b.here(), b.label());
    b.branch(Cond::Gt, n, n, out);
    b.branch(Cond::Gt, n, 7, out);
    b.branch(Cond::GeU, n, 70000, top);
    b.branch(Cond::Gt.negated(), x, x, top);
    b.branch_unless(n, top);
    b.jump(top);
    b.bind(out);
    b.ret();
    let expected = [
        "br_i32_lt_s 0 0 6",
        "br_i32_gt_s_imm 0 7 5",
        "i32_const 2 70000",
        "loop_i32_le_u 2 0 4",
        "loop_f64_nlt 1 1 5",
        "loop_i32_eq_imm 0 0 6",
        "loop 7",
        "ret",
    ];
    assert_eq!(listing(&b.finish().unwrap()), expected);
}

#[test]
fn every_condition_has_its_branch() {
    for ty in [Type::I32, Type::I64, Type::F32, Type::F64] {
        for cond in Cond::ALL {
            assert_eq!(cond.negated().negated(), cond);
            assert_eq!(cond.exchanged().exchanged(), cond);
            let mut b = function(&[ty, ty], &[]);
            let (x, y, top) = (b.param(0), b.param(1), b.here());
            b.branch(cond, x, y, top);
            b.ret();
            let unsigned = matches!(cond, Cond::LtU | Cond::LeU | Cond::GtU | Cond::GeU);
            let float = matches!(ty, Type::F32 | Type::F64);
            assert_eq!(b.finish().is_ok(), !(unsigned && float), "{cond:?} on {ty}");
        }
    }
}

#[test]
fn a_switch_has_its_table_and_reaches_back() {
    let mut b = function(&[Type::I32], &[]);
    let n = b.param(0);
    let (top, one, other) = (b.here(), b.label(), b.label());
    b.switch(n, &[one, top], other);
    b.bind(one);
    b.ret();
    b.bind(other);
    b.trap(3);
    assert_eq!(listing(&b.finish().unwrap()), ["switch 0 2", "br 3", "br 1", "br 2", "loop 5", "ret", "trap 3"]);
}

#[test]
fn lines_and_names_are_kept() {
    let mut b = function(&[Type::I32], &[]);
    let n = b.param(0);
    b.name(n, "m");
    b.name(n, "n");
    let x = b.named(Type::I64, "x");
    b.line(1);
    b.line(10);
    b.const_i64(x, 1 << 40);
    b.line(10);
    b.line(11);
    b.ret();
    let debug = b.finish().unwrap().debug;
    assert_eq!(debug.lines, [(0, 10), (2, 11)]);
    assert_eq!(debug.names, [(0, "n".to_string()), (1, "x".to_string())]);
}

#[test]
fn temporaries_are_used_again() {
    let mut b = function(&[], &[]);
    let x = b.temp(Type::I32);
    b.free(x);
    assert_ne!(b.temp(Type::I64), x);
    assert_eq!(b.temp(Type::I32), x);
}

/// Something to give for each role, in a function with two registers of each type: parameters first, then windows.
trait Sample: Argument {
    fn sample(b: &mut FunctionBuilder, back: Label) -> Self::Given;
}

fn register(class: Class) -> Reg {
    match class {
        Class::Of(ty) => Reg(ty as u16),
        Class::Any => Reg(0),
    }
}

macro_rules! samples {
    ($($(@($C:ident))? $role:ty = |$b:pat_param, $back:pat_param| $value:expr;)*) => { $(
        impl $(<$C: Marker>)? Sample for $role {
            fn sample($b: &mut FunctionBuilder, $back: Label) -> Self::Given {
                $value
            }
        }
    )* };
}

samples! {
    @(C) Dst<C> = |_, _| register(C::CLASS);
    @(C) Src<C> = |_, _| register(C::CLASS);
    @(C) InOut<C> = |_, _| register(C::CLASS);
    Imm16<I32> = |_, _| -7;
    Imm16<I64> = |_, _| -7;
    Imm32<I32> = |_, _| -70000;
    Imm32<I64> = |_, _| -70000;
    Imm32<F32> = |_, _| -0.5;
    Wide<I64> = |_, _| i64::MIN;
    Wide<F64> = |_, _| -0.5;
    Forward16 = |b, _| b.label();
    Forward32 = |b, _| b.label();
    Back16 = |_, back| back;
    Back32 = |_, back| back;
    FuncRef = |_, _| FuncId(70000);
    SigRef = |_, _| SigId(9);
    GlobalRef = |_, _| GlobalId(70000);
    NativeRef = |_, _| NativeId(70000);
    Window = |_, _| Reg(4);
    First = |_, _| Reg(0);
    AtomRef = |_, _| TextId(70000);
    TextRef = |_, _| TextId(70000);
    ClassRef = |_, _| ClassId(70000);
    TableRef = |_, _| TableId(70000);
    PatternRef = |_, _| PatternId(70000);
    TagRef = |_, _| Tag::Nothing;
    SpecialRef = |_, _| Special::True;
    Run = |_, _| Reg(4);
    Bind = |_, _| Reg(4);
    Len = |_, _| 1;
    Index = |_, _| 65535;
    Access = |_, _| access::HIDDEN;
    Offset = |_, _| 65535;
    Units = |_, _| 70000;
    TrapCode = |_, _| 65535;
}

macro_rules! emit_sample {
    ($b:ident $back:ident switch $($rest:tt)*) => { $b.switch(Reg(0), &[], $back) };
    ($b:ident $back:ident loop $($rest:tt)*) => { $b.loop_($back) };
    ($b:ident $back:ident $name:ident [$($given:tt)*] { site: SiteRef }) => { emit_sample!($b $back $name [$($given)*] {}) };
    ($b:ident $back:ident $name:ident [$($given:tt)*]
        { $field:ident: $role:ident $(<$class:ident>)? $(, $($more:tt)*)? }) => {
        emit_sample!($b $back $name [$($given)* $role $(<$class>)?,] { $($($more)*)? })
    };
    ($b:ident $back:ident $name:ident [$($role:ty,)*] {}) => {{
        let given = ($(<$role as Sample>::sample(&mut $b, $back),)*);
        emit_sample!(@ $b $name given ($($role),*))
    }};
    (@ $b:ident $name:ident $given:ident ()) => { { let () = $given; $b.$name() } };
    (@ $b:ident $name:ident $given:ident ($a:ty)) => { $b.$name($given.0) };
    (@ $b:ident $name:ident $given:ident ($a:ty, $c:ty)) => { $b.$name($given.0, $given.1) };
    (@ $b:ident $name:ident $given:ident ($a:ty, $c:ty, $d:ty)) => { $b.$name($given.0, $given.1, $given.2) };
    (@ $b:ident $name:ident $given:ident ($a:ty, $c:ty, $d:ty, $e:ty)) => { $b.$name($given.0, $given.1, $given.2, $given.3) };
}

macro_rules! check_samples {
    ($($(#[doc = $doc:literal])* [$kind:ident] $snake:ident = $Camel:ident $(($meaning:ident))?
        { $($operands:tt)* } $([$($fx:ident),*])?;)*) => { $({
        let results: &[Type] = match Opcode::$Camel {
            Opcode::RetValue | Opcode::RetI32Add | Opcode::RetI32LtSImm | Opcode::RetValLtImm => &[Type::I32],
            Opcode::RetNumAdd => &[Type::Val],
            Opcode::RetValues => &[Type::I32, Type::I64],
            _ => &[],
        };
        let mut b = function(&Type::ALL, results);
        let back = b.here();
        assert!(b.is_bound(back));
        emit_sample!(b back $snake [] { $($operands)* });
        check_sample(b, Opcode::$Camel);
    })* };
}

/// The instruction is the op asked for, and its operands those that were given.
fn check_sample(b: FunctionBuilder, op: Opcode) {
    assert_eq!(b.errors, [], "{op:?}");
    let instr = Instr::decode(&b.code).unwrap();
    assert_eq!(instr.op, op);
    assert_eq!(b.code[0] & unused_bits(op).0, 0, "{op:?}");
    for (operand, bits) in instr.operands() {
        let expected = match operand.role {
            Role::Dst(class) | Role::Src(class) | Role::InOut(class) => u64::from(register(class).0),
            Role::Imm(Type::I32 | Type::I64) if operand.bits == 16 => 0xfff9,
            Role::Imm(Type::I32 | Type::I64) if operand.bits == 32 => u64::from(-70000i32 as u32),
            Role::Imm(Type::I64) => i64::MIN as u64,
            Role::Imm(Type::F32) => u64::from((-0.5f32).to_bits()),
            Role::Imm(_) => (-0.5f64).to_bits(),
            Role::Func | Role::Global | Role::Native | Role::Units => 70000,
            Role::Atom | Role::Text | Role::Class | Role::Table | Role::Pattern => 70000,
            Role::Sig => 9,
            Role::Offset | Role::TrapCode | Role::Index => 65535,
            Role::Forward | Role::Back | Role::First | Role::Count | Role::Site => 0,
            Role::Window | Role::Run | Role::Bind => 4,
            Role::Tag => Tag::Nothing.number().into(),
            Role::Special => Special::True.number().into(),
            Role::Len => 1,
            Role::Access => access::HIDDEN.into(),
        };
        assert_eq!(bits, expected, "{op:?} {}", operand.name);
    }
}

#[test]
fn every_op_has_its_method() {
    for_each_op!(check_samples);
}

#[test]
fn every_latch_but_the_steps_has_a_twin() {
    for &op in Opcode::ALL {
        let kind = op.info().kind;
        let twin = crate::builder::label::twin(op);
        match kind {
            Kind::latch => assert!(twin.is_some()),
            // What is far enough without a detour is not taken apart.
            Kind::step if op.info().words == 1 => {
                assert!(twin.is_none() && crate::builder::relax::plain(op).is_some(), "{op:?}");
            }
            _ => {}
        }
        assert!(twin.is_none_or(|twin| crate::builder::label::twin(twin) == Some(op)));
    }
}
