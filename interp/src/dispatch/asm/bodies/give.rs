//! Returns that compute what they return, or whether they do.

use super::control::give_back;
use super::pair::{Pair, load_number};
use crate::dispatch::asm::emitter::{Condition, Emitter, Mode, form, reg::*, tag};
use dynasmrt::{DynasmLabelApi, dynasm};

#[derive(Clone, Copy, Debug)]
pub(in super::super) enum Give {
    Sum,
    NumberSum,
    /// The first operand, if the second compares so with the third: integers, or integers as values.
    If(Condition),
    IfNumber(Condition),
}

impl Give {
    pub(super) fn of(meaning: &str) -> Option<Give> {
        Some(match meaning {
            "i32_sum" => Give::Sum,
            "num_add" => Give::NumberSum,
            "i32_lt_s" => Give::If(Condition::LESS),
            "val_is_lt_imm" => Give::IfNumber(Condition::LESS),
            _ => return None,
        })
    }

    pub(super) fn emit(self, e: &mut Emitter<'_>) {
        match self {
            Give::Sum => {
                e.load(false, RAX, 0);
                e.with(form::ADD, false, RAX, 1, RCX);
                give_back(e);
            }
            Give::NumberSum => number_sum(e),
            Give::If(condition) => {
                e.load(false, RAX, 1);
                e.with(form::CMP, false, RAX, 2, RCX);
                give_if(e, condition);
            }
            Give::IfNumber(condition) => {
                let slow = e.slow();
                let a = e.slot(1, R8);
                e.compare(a.tag(), tag::I32);
                e.jump_if(Condition::NOT_EQUAL, slow);
                e.rm(form::LOAD, RAX, a);
                e.with(form::CMP, false, RAX, 2, RCX);
                give_if(e, condition);
            }
        }
    }
}

fn number_sum(e: &mut Emitter<'_>) {
    let slow = e.slow();
    let pair = Pair { a: e.slot(0, R8), b: Some(e.slot(1, RSI)) };
    let floats = e.later(move |e| {
        load_number(e, 0, pair.a, slow);
        pair.b.into_iter().for_each(|b| load_number(e, 1, b, slow));
        dynasm!(e.asm; .arch x64; addsd xmm0, xmm1; movq rax, xmm0);
        give_back(e);
    });
    pair.both_integers(e, floats, floats);
    e.rm(form::LOAD, RAX, pair.a);
    pair.with_b(e, form::ADD, RAX);
    e.jump_if(Condition::OVERFLOW, slow);
    e.tag_integer(RAX);
    give_back(e);
}

/// Returns the first operand on a condition, else goes on.
fn give_if(e: &mut Emitter<'_>, condition: Condition) {
    let stays = e.asm.new_dynamic_label();
    e.jump_if(condition.not(), stays);
    e.load(true, RAX, 0);
    give_back(e);
    dynasm!(e.asm; .arch x64; =>stays);
    if e.mode == Mode::Threaded {
        e.next();
    }
}
