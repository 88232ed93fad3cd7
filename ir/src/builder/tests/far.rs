//! Targets that 16 bits do not reach.

use super::*;

const FAR: usize = 65536;

fn fill(b: &mut FunctionBuilder, words: usize) {
    (0..words).for_each(|_| b.fuel(1));
}

/// The listing without the filling.
fn outline(function: &Function) -> Vec<String> {
    listing(function).into_iter().filter(|line| line != "fuel 1").collect()
}

#[test]
fn a_branch_reaches_65535_words() {
    let mut b = function(&[Type::I32], &[]);
    let (n, far) = (b.param(0), b.label());
    b.br_i32_eq_imm(n, 1, far);
    fill(&mut b, FAR - 1);
    b.bind(far);
    b.ret();
    assert_eq!(outline(&b.finish().unwrap()), ["br_i32_eq_imm 0 1 65535", "ret"]);
}

#[test]
fn farther_branches_get_a_detour() {
    let mut b = function(&[Type::I32], &[]);
    let (n, far) = (b.param(0), b.label());
    b.line(1);
    b.br_i32_eq_imm(n, 1, far);
    b.line(2);
    fill(&mut b, FAR);
    b.bind(far);
    b.line(3);
    b.ret();
    let function = b.finish().unwrap();
    assert_eq!(outline(&function), ["br_i32_eq_imm 0 1 1", "br 1", "br 65536", "ret"]);
    assert_eq!(function.debug.lines, [(0, 1), (3, 2), (65539, 3)]);
    assert_eq!(function.code.len(), 65540);
}

#[test]
fn far_latches_pay_in_their_loop() {
    let mut b = function(&[Type::I32, Type::I32], &[]);
    let (n, limit, top) = (b.param(0), b.param(1), b.here());
    fill(&mut b, FAR);
    b.loop_i32_lt_s(n, limit, top);
    b.loop_i32_inc_lt(n, limit, top);
    b.loop_i32_dec_gt_imm(n, 5, top);
    b.ret();
    let expected = [
        "br_i32_lt_s 0 1 1",
        "br 1",
        "loop 65539",
        "i32_add_imm 0 0 1",
        "br_i32_lt_s 0 1 1",
        "br 1",
        "loop 65543",
        "i32_add_imm 0 0 65535",
        "br_i32_gt_s_imm 0 5 1",
        "br 1",
        "loop 65547",
        "ret",
    ];
    assert_eq!(outline(&b.finish().unwrap()), expected);
}

#[test]
fn one_detour_can_cause_another() {
    let mut b = function(&[Type::I32], &[]);
    let (n, near, far) = (b.param(0), b.label(), b.label());
    b.br_i32_eq_imm(n, 1, near); // reaches `near` only as long as nothing is put in between
    b.br_i32_eq_imm(n, 2, far);
    fill(&mut b, FAR - 2);
    b.bind(near);
    fill(&mut b, 10);
    b.bind(far);
    b.ret();
    let expected = ["br_i32_eq_imm 0 1 1", "br 1", "br 65537", "br_i32_eq_imm 0 2 1", "br 1", "br 65544", "ret"];
    assert_eq!(outline(&b.finish().unwrap()), expected);
}

#[test]
fn other_branches_follow_the_moved_code() {
    let mut b = function(&[Type::I32], &[]);
    let (n, near, far, top) = (b.param(0), b.label(), b.label(), b.here());
    b.br_i32_eq_imm(n, 1, near);
    b.br_i32_eq_imm(n, 2, far);
    b.bind(near);
    b.loop_i32_eq_imm(n, 3, top);
    fill(&mut b, FAR);
    b.bind(far);
    b.ret();
    let expected = ["br_i32_eq_imm 0 1 3", "br_i32_eq_imm 0 2 1", "br 1", "br 65537", "loop_i32_eq_imm 0 3 5", "ret"];
    assert_eq!(outline(&b.finish().unwrap()), expected);
}

#[test]
fn a_step_whose_limit_is_its_counter_has_no_detour() {
    let mut b = function(&[Type::I32], &[]);
    let (n, top) = (b.param(0), b.here());
    fill(&mut b, FAR);
    b.loop_i32_inc_le(n, n, top);
    b.ret();
    let message =
        "%f: instruction 65536 (loop_i32_inc_le): the loop is too long for this op, whose limit is its own counter";
    assert_eq!(mistakes(b), [message]);
}
