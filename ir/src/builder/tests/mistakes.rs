//! Each misuse, with the message it gets.

use super::*;
use crate::limits::MAX_REGISTERS;

#[test]
fn registers_have_the_class_the_op_asks_for() {
    let mut b = function(&[Type::I32, Type::I64], &[]);
    let (n, x) = (b.param(0), b.param(1));
    b.i32_add(n, n, x);
    b.mov(n, x);
    b.select(x, x, n);
    b.select(x, n, x);
    b.ret();
    let expected = [
        "%f: instruction 0 (i32_add): r1 is i64, but operand `b` asks for i32",
        "%f: instruction 1 (mov): r1 is i64, but operand `src` asks for i32",
        "%f: instruction 3 (select): r0 is i32, but operand `a` asks for i64",
        "%f: instruction 3 (select): r1 is i64, but operand `cond` asks for i32",
    ];
    assert_eq!(mistakes(b), expected);
}

#[test]
fn registers_exist_and_are_written_before_they_are_read() {
    let mut b = function(&[Type::I32], &[]);
    let (n, x) = (b.param(0), b.reg(Type::I32));
    b.param(1);
    b.mov(n, x);
    b.mov(n, Reg(9));
    b.name(Reg(9), "x");
    b.ret();
    let expected = [
        "%f: instruction 0 (param): the function has 1 parameters: number 1 is not among them",
        "%f: instruction 0 (mov): r1 is read, but nothing was written to it before",
        "%f: instruction 1 (mov): operand `src` is not a register of this function",
        "%f: instruction 2 (name): operand `reg` is not a register of this function",
    ];
    assert_eq!(mistakes(b), expected);
}

#[test]
fn temporaries_are_given_back_once_and_not_used_then() {
    let mut b = function(&[Type::I32], &[]);
    let (n, temp) = (b.param(0), b.temp(Type::I32));
    b.mov(temp, n);
    b.free(n);
    b.free(temp);
    b.free(temp);
    b.mov(n, temp);
    b.ret();
    let expected = [
        "%f: instruction 1 (free): only registers from `temp` that are in use can be given back",
        "%f: instruction 1 (free): only registers from `temp` that are in use can be given back",
        "%f: instruction 1 (mov): r1 is used, but was given back with `free`",
    ];
    assert_eq!(mistakes(b), expected);
}

#[test]
fn there_are_65535_registers() {
    let fill = |b: &mut FunctionBuilder, registers| {
        for _ in 0..registers {
            b.reg(Type::I32);
        }
    };
    let mut b = function(&[], &[]);
    let sig = Signature::default();
    fill(&mut b, MAX_REGISTERS - 2);
    b.invoke(FuncId(0), &sig, &[], &[]);
    b.reg(Type::I32);
    b.ret();
    assert_eq!(mistakes(b), ["%f: instruction 1 (reg): the function needs more than 65535 registers"]);

    let mut b = function(&[], &[]);
    fill(&mut b, MAX_REGISTERS - 1);
    b.invoke(FuncId(0), &sig, &[], &[]);
    b.ret();
    assert_eq!(mistakes(b), ["%f: instruction 0 (open): the function needs more than 65535 registers"]);
}

#[test]
fn immediates_fit_their_fields() {
    let mut b = function(&[Type::I32, Type::I64], &[]);
    let (n, x) = (b.param(0), b.param(1));
    b.i32_add_imm(n, n, 32768);
    b.i64_add_imm(x, x, -32769);
    b.i64_const(x, 1 << 31);
    b.i32_load(n, n, 65536);
    b.add_const(n, n, 1 << 40);
    b.ret();
    let expected = [
        "%f: instruction 0 (i32_add_imm): 32768 is not within -32768..=32767, the range of operand `b`",
        "%f: instruction 1 (i64_add_imm): -32769 is not within -32768..=32767, the range of operand `b`",
        "%f: instruction 2 (i64_const): 2147483648 is not within -2147483648..=2147483647, the range of operand `value`",
        "%f: instruction 3 (i32_load): 65536 is not within 0..=65535, the range of operand `offset`",
        "%f: instruction 4 (constant): 1099511627776 is not within -2147483648..=2147483647, the range of operand `value`",
        "%f: instruction 4 (i32_add): r2 is read, but nothing was written to it before",
    ];
    assert_eq!(mistakes(b), expected);
}

#[test]
fn branches_name_their_twin_in_the_wrong_direction() {
    let mut b = function(&[Type::I32], &[]);
    let (n, top, end) = (b.param(0), b.here(), b.label());
    b.br_i32_eq(n, n, top);
    b.loop_i32_eq(n, n, end);
    b.loop_i32_inc_lt(n, n, end);
    b.bind(end);
    b.br(top);
    let expected = [
        "%f: instruction 0 (br_i32_eq): the op goes forward, but label 0 is behind: use loop_i32_eq",
        "%f: instruction 1 (loop_i32_eq): the op goes back, but label 1 is not bound yet: use br_i32_eq",
        "%f: instruction 2 (loop_i32_inc_lt): the op goes back, but label 1 is not bound yet: it has no twin for that direction",
        "%f: instruction 3 (br): the op goes forward, but label 0 is behind: use loop",
    ];
    assert_eq!(mistakes(b), expected);
}

#[test]
fn labels_are_bound_once() {
    let mut b = function(&[], &[]);
    let (twice, never) = (b.here(), b.label());
    b.bind(twice);
    b.bind(Label(5));
    b.br(never);
    b.here();
    b.br(Label(5));
    b.label(); // neither used nor bound: nothing is wrong with it
    let expected = [
        "%f: instruction 0 (bind): label 0 is bound already",
        "%f: instruction 0 (bind): label 5 is not a label of this function",
        "%f: instruction 0 (br): label 1 is never bound",
        "%f: instruction 1 (br): label 5 is not a label of this function",
    ];
    assert_eq!(mistakes(b), expected);
}

#[test]
fn control_reaches_each_instruction_and_ends() {
    let mut b = function(&[], &[]);
    b.ret();
    b.fuel(1);
    assert_eq!(
        mistakes(b),
        [
            "%f: instruction 1 (fuel): control does not reach this instruction: no label is bound here",
            "%f: control can run past the last instruction",
        ]
    );
    assert_eq!(mistakes(function(&[], &[])), ["%f: control can run past the last instruction"]);

    let mut b = function(&[], &[]);
    let end = b.label();
    b.br(end);
    b.bind(end);
    assert_eq!(mistakes(b), ["%f: control can run past the last instruction"]);

    let mut b = function(&[], &[]);
    b.ret();
    b.here(); // a label that nobody branches to harms nobody
    assert!(b.finish().is_ok());
}

#[test]
fn loops_are_entered_from_above() {
    let mut b = function(&[], &[]);
    b.ret();
    let top = b.here();
    b.fuel(1);
    b.loop_(top);
    assert_eq!(
        mistakes(b),
        ["%f: instruction 2 (loop): label 0 can only be reached from below: a loop is entered from above"]
    );
}

#[test]
fn returns_give_what_the_function_has() {
    let mut b = function(&[Type::I32, Type::I32], &[Type::I32, Type::I64]);
    b.ret();
    b.here();
    b.ret_value(Reg(0));
    b.here();
    b.ret_values(Reg(0));
    b.here();
    b.ret_values(Reg(1));
    b.return_(&[]);
    let expected = [
        "%f: instruction 0 (ret): the function has 2 results, the op returns none",
        "%f: instruction 1 (ret_value): the function has 2 results, the op returns one",
        "%f: instruction 2 (ret_values): r1 is i32, but operand `first` asks for i64",
        "%f: instruction 3 (ret_values): operand `first` is not a register of this function",
        "%f: instruction 4 (return_): the function has 2 results, 0 are given",
    ];
    assert_eq!(mistakes(b), expected);
}

#[test]
fn some_things_have_no_op() {
    let mut b = function(&[Type::F64, Type::Val], &[]);
    let (x, v, top) = (b.param(0), b.param(1), b.here());
    b.branch(Cond::LtU, x, x, top);
    b.branch(Cond::Eq, x, 1, top);
    b.branch(Cond::LtU, v, v, top);
    b.add_const(x, x, 1);
    b.constant(v, Constant::Val(0xfffb << 48));
    b.ret();
    let expected = [
        "%f: instruction 0 (branch): no op compares f64 registers this way",
        "%f: instruction 0 (branch): no op does this with a constant of type f64",
        "%f: instruction 0 (branch): no op compares val registers this way",
        "%f: instruction 0 (add_const): no op does this with a constant of type f64",
        "%f: instruction 0 (constant): no op does this with a constant of type val",
    ];
    assert_eq!(mistakes(b), expected);
}

#[test]
fn names_and_signatures_have_limits() {
    let long = "x".repeat(1025);
    let sig = Signature::new(vec![Type::I32; 1025], vec![Type::I32; 1025]);
    let mut b = FunctionBuilder::new(long.clone(), SigId(0), &sig);
    b.name(Reg(0), long);
    b.ret_values(Reg(0));
    let kinds: Vec<_> = b.finish().unwrap_err().0.into_iter().map(|error| error.kind.to_string()).collect();
    let long = "the name has 1025 bytes, more than 1024";
    assert_eq!(kinds, [long, long, "there are more than 1024 parameters", "there are more than 1024 results"]);
}
