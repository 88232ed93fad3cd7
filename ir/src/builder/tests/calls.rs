//! Windows: where they lie, what they keep and what they lose.

use super::*;

const F: FuncId = FuncId(7);

fn unary() -> Signature {
    Signature::new([Type::I32], [Type::I32])
}

#[test]
fn windows_lie_above_registers_that_come_later() {
    let mut b = function(&[Type::I32], &[Type::I32]);
    let n = b.param(0);
    b.invoke(F, &unary(), &[n], &[n]);
    let later = b.reg(Type::F64);
    b.f64_const(later, 0.0);
    b.ret_value(n);
    let function = b.finish().unwrap();
    assert_eq!(listing(&function), ["mov 4 0", "call 2 7", "mov 0 2", "f64_const 1 0", "ret_value 0"]);
    assert_eq!(function.registers, [Type::I32, Type::F64, Type::I32, Type::I64, Type::I32]);
}

#[test]
fn windows_that_follow_each_other_share_registers() {
    let mut b = function(&[Type::I32, Type::F64], &[]);
    let (n, x) = (b.param(0), b.param(1));
    let other = Signature::new([Type::F64], [Type::I32]);
    b.invoke(F, &unary(), &[n], &[n]);
    b.invoke(F, &other, &[x], &[n]); // its argument has another type, so it lies one higher
    b.invoke(NativeId(3), &unary(), &[n], &[n]);
    b.invoke(Callee::Indirect(n, SigId(5)), &unary(), &[n], &[n]);
    b.ret();
    let function = b.finish().unwrap();
    let expected = [
        "mov 4 0",
        "call 2 7",
        "mov 0 2",
        "mov 5 1",
        "call 3 7",
        "mov 0 3",
        "mov 4 0",
        "call_native 2 3",
        "mov 0 2",
        "mov 4 0",
        "call_indirect 2 0 5",
        "mov 0 2",
        "ret",
    ];
    assert_eq!(listing(&function), expected);
    assert_eq!(function.registers.len(), 6);
}

#[test]
fn a_call_inside_an_argument_lands_in_it() {
    let mut b = function(&[Type::I32], &[Type::I32]);
    let (n, binary) = (b.param(0), Signature::new([Type::I32, Type::I32], [Type::I32]));
    let outer = b.open(&binary);
    b.i32_add_imm(outer.arg(0), n, 1);
    let inner = b.open_for(&outer, 1, &unary());
    b.copy(inner.arg(0), n);
    b.call_in(&inner, F);
    b.copy(outer.arg(1), inner.result(0));
    b.close(inner);
    b.call_in(&outer, F);
    b.ret_value(outer.result(0));
    b.close(outer);
    let function = b.finish().unwrap();
    assert_eq!(listing(&function), ["i32_add_imm 3 0 1", "mov 6 0", "call 4 7", "call 1 7", "ret_value 1"]);
    assert_eq!(function.registers.len(), 7);
}

#[test]
fn open_windows_are_stacked() {
    let mut b = function(&[Type::I32], &[]);
    let n = b.param(0);
    let outer = b.open(&unary());
    b.copy(outer.arg(0), n);
    b.invoke(F, &unary(), &[n], &[n]);
    b.call_in(&outer, F);
    b.close(outer);
    b.ret();
    assert_eq!(listing(&b.finish().unwrap()), ["mov 3 0", "mov 6 0", "call 4 7", "mov 0 4", "call 1 7", "ret"]);
}

#[test]
fn tail_calls_and_returns_move_only_what_they_must() {
    let mut b = function(&[Type::I32, Type::I64], &[Type::I64, Type::I32]);
    let (n, x, skip, swapped) = (b.param(0), b.param(1), b.label(), b.label());
    b.br_i32_eq_imm(n, 0, skip);
    b.tail_invoke(F, &Signature::new([Type::I64], [Type::I64, Type::I32]), &[x]);
    b.bind(skip);
    b.br_i32_eq_imm(n, 0, swapped);
    b.return_(&[x, n]);
    b.bind(swapped);
    let (first, second) = (b.reg(Type::I64), b.reg(Type::I32));
    b.copy(first, x);
    b.copy(second, n);
    b.return_(&[first, second]);
    let expected = [
        "br_i32_eq_imm 0 0 2",
        "mov 6 1",
        "tail_call 4 7",
        "br_i32_eq_imm 0 0 3",
        "mov 4 1",
        "mov 5 0",
        "ret_values 4",
        "mov 2 1",
        "mov 3 0",
        "ret_values 2",
    ];
    assert_eq!(listing(&b.finish().unwrap()), expected);
}

#[test]
fn generators_may_lay_out_their_own_windows() {
    let mut module = ModuleBuilder::new("");
    let fib = module.declare("fib", unary());
    let mut b = module.function(fib);
    let (n, recurse) = (b.param(0), b.label());
    let [first, second, x, y] = [(); 4].map(|()| b.reg(Type::I32));
    b.br_i32_ge_s_imm(n, 2, recurse);
    b.ret_value(n);
    b.bind(recurse);
    b.i32_add_imm(x, n, -1);
    b.call(first, fib);
    b.i32_add_imm(y, n, -2);
    b.call(second, fib);
    b.i32_add(first, first, second);
    b.ret_value(first);
    module.define(fib, b);
    let module = module.finish().unwrap();
    assert_eq!(module.functions[0].registers.len(), 5);
    assert_eq!(listing(&module.functions[0])[5], "call 2 0");
}

#[test]
fn a_register_above_the_window_of_a_raw_call_is_lost() {
    let mut module = ModuleBuilder::new("");
    let f = module.declare("f", unary());
    let mut b = module.function(f);
    let (n, window) = (b.param(0), b.reg(Type::I32));
    let [_, arg, high] = [(); 3].map(|()| b.reg(Type::I32));
    b.i32_const(high, 1);
    b.mov(arg, n);
    b.call(window, f);
    b.mov(n, window); // the result
    b.mov(n, high);
    b.ret_value(n);
    module.define(f, b);
    let message =
        "%f: instruction 2 (call): register 3 of the window is read at instruction 4, but the callee is (i32) -> i32";
    assert_eq!(module.finish().unwrap_err().to_string(), message);
}

#[test]
fn what_a_call_undefines_is_not_read() {
    let mut b = function(&[Type::I32], &[Type::I32]);
    let n = b.param(0);
    let window = b.open(&unary());
    b.call_in(&window, F);
    b.copy(window.arg(0), n);
    b.call_in(&window, F);
    b.mov(n, window.arg(0));
    b.mov(n, window.result(1));
    b.call(n, F);
    b.ret_value(window.result(0));
    let stale = window.result(0);
    b.close(window);
    b.here();
    b.ret_value(stale);
    let expected = [
        "%f: instruction 0 (call_in): window register 2 is read, but nothing was written to it before",
        "%f: instruction 3 (mov): window register 2 is read, but undefined since the call at instruction 2",
        "%f: instruction 4 (mov): operand `src` is not a register of this function",
        "%f: instruction 6 (ret_value): window register 0 is read, but undefined since the call at instruction 5",
        "%f: instruction 7 (ret_value): window register 0 belongs to a call window that is closed",
    ];
    assert_eq!(mistakes(b), expected);
}

#[test]
fn windows_close_like_brackets() {
    let mut b = function(&[], &[]);
    let nullary = Signature::default();
    let (outer, inner) = (b.open(&nullary), b.open(&nullary));
    b.call_in(&outer, F);
    b.close(outer);
    b.close(inner);
    b.ret();
    let expected = [
        "%f: instruction 0 (call_in): the window is not the innermost open one",
        "%f: instruction 0 (close): the window is not the innermost open one",
    ];
    assert_eq!(mistakes(b), expected);
}

#[test]
fn calls_that_cannot_be_are_refused() {
    let mut b = function(&[Type::I32], &[Type::I32]);
    let n = b.param(0);
    b.invoke(F, &Signature::new([Type::F64], [Type::I32, Type::I32, Type::I32]), &[n], &[]);
    b.tail_invoke(NativeId(0), &Signature::new([], [Type::I64]), &[]);
    b.ret_value(n);
    let expected = [
        "%f: instruction 0 (invoke): the call has 0 results, the signature (f64) -> (i32, i32, i32) has 3",
        "%f: instruction 0 (mov): r0 is i32, but operand `src` asks for f64",
        "%f: instruction 2 (tail_invoke): the results of () -> i64 are not those of this function",
        "%f: instruction 2 (tail_invoke): a host function cannot take the place of a frame",
    ];
    assert_eq!(mistakes(b), expected);
}
