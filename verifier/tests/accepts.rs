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

#[test]
fn nested_loops_with_calls_and_windows_above() {
    // r0 outer counter, r1 inner counter, r2 sum; windows from r3 on.
    accept(
        &[unary()],
        &[I32; 8],
        &[
            Op("i32_const", &[2, 0]),
            Label("outer"),
            Op("i32_const", &[1, 3]),
            Label("inner"),
            Op("mov", &[7, 1]),
            Op("call", &[5, 0]),
            Op("i32_add", &[2, 2, 5]),
            To("loop_i32_dec_gt_imm", &[1, 0], "inner"),
            Op("mov", &[5, 2]),
            Op("call", &[3, 0]),
            Op("i32_add", &[2, 2, 3]),
            To("loop_i32_dec_gt_imm", &[0, 0], "outer"),
            Op("ret_value", &[2]),
        ],
    );
}

#[test]
fn a_loop_may_be_entered_in_its_middle_with_all_its_header_has() {
    accept(
        &[unary()],
        &[I32; 2],
        &[
            Op("i32_const", &[1, 1]),
            To("br_i32_eq_imm", &[0, 0], "middle"),
            Label("top"),
            Op("i32_add", &[1, 1, 0]),
            Label("middle"),
            To("loop_i32_dec_gt_imm", &[0, 0], "top"),
            Op("ret_value", &[1]),
        ],
    );
}

#[test]
fn dead_code_reads_what_it_likes() {
    accept(
        &[unary()],
        &[I32; 3],
        &[
            To("br", &[], "end"),
            Label("dead"),
            Op("i32_add", &[1, 2, 2]),
            To("loop_i32_ne_imm", &[2, 0], "dead"),
            To("br", &[], "end"),
            Label("end"),
            Op("ret_value", &[0]),
            To("loop", &[], "end"),
        ],
    );
}

#[test]
fn switch_reaches_every_entry() {
    accept(
        &[unary()],
        &[I32; 2],
        &[
            Op("switch", &[0, 2]),
            To("br", &[], "one"),
            To("br", &[], "two"),
            To("br", &[], "end"),
            Label("one"),
            Op("i32_const", &[1, 1]),
            Op("ret_value", &[1]),
            Label("two"),
            Op("i32_const", &[1, 2]),
            Op("ret_value", &[1]),
            Label("end"),
            Op("ret_value", &[0]),
        ],
    );
}

#[test]
fn a_table_may_be_entered_from_elsewhere() {
    let lines = [
        To("br_i32_eq_imm", &[0, 9], "entry"),
        Op("i32_const", &[1, 1]),
        Op("switch", &[0, 1]),
        Label("entry"),
        To("br", &[], "end"),
        To("br", &[], "both"),
        Label("both"),
        Op("ret_value", &[1]),
        Label("end"),
        Op("ret_value", &[0]),
    ];
    accept(&[unary()], &[I32; 2], &lines);
}

#[test]
fn self_loops_and_headers_at_word_zero() {
    accept(&[unary()], &[I32], &[Label("top"), To("loop_i32_dec_gt_imm", &[0, 0], "top"), Op("ret_value", &[0])]);
    accept(&[sig(&[], &[])], &[], &[Label("top"), To("loop", &[], "top")]);
    let step = To("loop_i32_add_lt", &[0, 0, 0], "top");
    accept(&[unary()], &[I32], &[Label("top"), step, Op("ret_value", &[0])]);
}

/// The second loop comes back between the first header and its latch, so its call undoes what the first header has.
#[test]
fn extents_merge() {
    let with = |read: &[i64]| {
        let lines = [
            Op("i32_const", &[1, 1]),
            Op("i32_const", &[4, 1]),
            Label("a"),
            Op("i32_add", read),
            Label("b"),
            Op("fuel", &[1]),
            Label("c"),
            Op("fuel", &[1]),
            To("loop_i32_dec_gt_imm", &[0, 0], "a"),
            To("loop_i32_dec_gt_imm", &[0, 0], "b"),
            Op("call_native", &[2, 0]),
            To("loop_i32_dec_gt_imm", &[0, 0], "c"),
            Op("ret_value", &[1]),
        ];
        let mut module = module(&[unary(), sig(&[], &[])], &[I32; 5], &lines);
        module.natives.push(regatta_ir::module::Native { name: "tick".into(), sig: regatta_ir::SigId(1) });
        module
    };
    assert_eq!(check(with(&[0, 0, 1])), Ok(()));
    // The read is what fails, at the header of `a`, and not the latches.
    assert_eq!(faults(with(&[0, 0, 4])), [(2, regatta_verifier::Tag::Def)]);
}

#[test]
fn any_moves_every_type() {
    for ty in Type::ALL {
        accept(
            &[sig(&[ty, I32], &[ty])],
            &[ty, I32, ty],
            &[Op("mov", &[2, 0]), Op("select", &[2, 0, 1]), Op("ret_value", &[2])],
        );
    }
}

#[test]
fn many_registers_take_several_words() {
    let mut lines: Vec<Line> = (1..200).map(|_| Op("fuel", &[1])).collect();
    lines.extend([Op("mov", &[199, 0]), Op("i32_const", &[128, 1]), Op("call", &[129, 0]), Op("ret_value", &[128])]);
    let types = [sig(&[I32], &[I32])];
    assert_eq!(faults(module(&types, &[I32; 200], &lines)), [(201, regatta_verifier::Tag::Def)]);
    let last = lines.len() - 2;
    lines[last] = Op("call", &[190, 0]);
    lines.insert(last, Op("mov", &[192, 128]));
    accept(&types, &[I32; 200], &lines);
}

#[test]
fn tail_calls_give_the_callees_results() {
    accept(&[unary()], &[I32; 4], &[Op("mov", &[3, 0]), Op("tail_call", &[1, 0])]);
    let values = [Op("mov", &[2, 1]), Op("ret_values", &[1])];
    accept(&[sig(&[I32, I32], &[I32, I32])], &[I32; 3], &values);
}

#[test]
fn answers_are_repeatable() {
    let lines = [Op("i32_add", &[9, 1, 0]), Op("mov", &[0, 1]), Op("br", &[7]), Op("call", &[0, 3])];
    let module = module(&[unary()], &[I32; 2], &lines);
    assert_eq!(check(module.clone()), check(module));
}
