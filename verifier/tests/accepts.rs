//! Shapes that are in order, however odd they look.

mod asm;

use asm::*;
use regatta_ir::Type::{self, I32};

#[track_caller]
fn accept(types: &[regatta_ir::Signature], registers: &[Type], lines: &[Line]) {
    if let Err(errors) = check(module(types, registers, lines)) {
        panic!("{errors}");
    }
}

fn unary() -> regatta_ir::Signature {
    sig(&[I32], &[I32])
}

#[test]
fn recursion_with_a_window_above() {
    accept(
        &[unary()],
        &[I32; 5],
        &[
            To("br_i32_ge_s_imm", &[0, 2], "recurse"),
            Op("ret_value", &[0]),
            Label("recurse"),
            Op("i32_add_imm", &[3, 0, -1]),
            Op("call", &[1, 0]),
            Op("i32_add_imm", &[4, 0, -2]),
            Op("call", &[2, 0]),
            Op("i32_add", &[1, 1, 2]),
            Op("ret_value", &[1]),
        ],
    );
}
