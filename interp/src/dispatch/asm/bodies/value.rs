//! Questions about values, and the way between values and typed registers.

use super::{Heat, first_source, guard};
use crate::dispatch::asm::emitter::{Condition, Emitter, Form, form, reg::*, tag};
use dynasmrt::{DynamicLabel, DynasmApi, DynasmLabelApi, dynasm};
use regatta_heap::Value;

#[derive(Clone, Copy, Debug)]
pub(in super::super) enum Test {
    Truth {
        negated: bool,
    },
    Nothing {
        negated: bool,
    },
    Same {
        negated: bool,
    },
    /// The typed register a value is for.
    ToI32,
    ToF64,
    FromF64,
    FromBool,
}

impl Test {
    pub(super) fn of(meaning: &str) -> Option<Test> {
        Some(match meaning {
            "bool_from_val" => Test::Truth { negated: false },
            "val_is_false" | "val_not" => Test::Truth { negated: true },
            "val_is_nothing" => Test::Nothing { negated: false },
            "val_is_something" => Test::Nothing { negated: true },
            "val_is_same" | "val_same" => Test::Same { negated: false },
            "val_is_not_same" => Test::Same { negated: true },
            "i32_from_val" => Test::ToI32,
            "f64_from_val" => Test::ToF64,
            "val_from_f64" => Test::FromF64,
            "val_from_bool" => Test::FromBool,
            _ => return None,
        })
    }

    pub(super) fn emit(self, e: &mut Emitter<'_>) {
        let condition = |negated, plain: Condition| if negated { plain.not() } else { plain };
        match self {
            Test::Truth { negated } => truth(e, condition(negated, Condition::EQUAL)),
            Test::Nothing { negated } => nothing(e, condition(negated, Condition::EQUAL)),
            Test::Same { negated } => same(e, condition(negated, Condition::EQUAL)),
            Test::ToI32 => {
                let slow = e.slow();
                let a = e.slot(1, R8);
                e.compare(a.tag(), tag::I32);
                e.jump_if(Condition::NOT_EQUAL, slow);
                e.rm(form::LOAD, RAX, a);
                e.store(0, RAX, RDX);
                e.next();
            }
            Test::ToF64 => {
                let slow = e.slow();
                let a = e.slot(1, R8);
                e.compare(a.tag(), tag::FIRST_TAGGED);
                e.jump_if(Condition::ABOVE_EQUAL, slow);
                e.rm(form::LOAD.wide(true), RAX, a);
                e.store(0, RAX, RDX);
                e.next();
            }
            Test::FromF64 => from_float(e),
            Test::FromBool => {
                let a = e.slot(1, RAX);
                e.compare(a, 0);
                e.set_if(Condition::NOT_EQUAL);
                e.tag_bool(RAX);
                e.store(0, RAX, RDX);
                e.next();
            }
        }
    }
}

/// Branches on a condition, or stores it: as a value, or where operand 0 is typed, as 1 or 0.
pub(super) fn outcome(e: &mut Emitter<'_>, condition: Condition, heat: Heat) {
    if e.may_branch() {
        e.branch(condition);
        return match heat {
            Heat::Cold if e.is_template() => e.done(),
            _ => {}
        };
    }
    e.set_if(condition);
    if e.gives_value() {
        e.tag_bool(RAX);
    }
    e.store(0, RAX, RDX);
    match heat {
        Heat::Hot => e.next(),
        Heat::Cold => e.done(),
    }
}

/// `true` and `false` differ in their lowest bit.
fn truth(e: &mut Emitter<'_>, condition: Condition) {
    let slow = guard(e);
    let first = first_source(e);
    e.load(true, RDX, first);
    e.set(true, RCX, Value::FALSE.bits() as i64);
    let other = e.later(move |e| truth_of_others(e, condition, slow));
    dynasm!(e.asm; .arch x64; mov rax, rdx; sub rax, rcx; cmp rax, 1; ja =>other);
    outcome(e, condition, Heat::Hot);
}

/// Objects are true, and nothing is false; the value is in `rdx`.
fn truth_of_others(e: &mut Emitter<'_>, condition: Condition, slow: DynamicLabel) {
    let known = e.asm.new_dynamic_label();
    dynasm!(e.asm; .arch x64
        ; mov rax, rdx
        ; shr rax, 48
        ; cmp eax, tag::OBJECT as i32
        ; je =>known
        ; mov rcx, QWORD Value::UNDEFINED.bits() as i64
        ; sub rdx, rcx
        ; cmp rdx, 1
        ; ja =>slow
        // Nothing: compares as different.
        ; cmp rdx, 2
        ; =>known
    );
    outcome(e, condition, Heat::Cold);
}

/// `undefined` and `null` differ in their lowest bit.
fn nothing(e: &mut Emitter<'_>, condition: Condition) {
    let first = first_source(e);
    e.load(true, RAX, first);
    e.set(true, RCX, Value::UNDEFINED.bits() as i64);
    dynasm!(e.asm; .arch x64; and rax, -2; cmp rax, rcx);
    outcome(e, condition, Heat::Hot);
}

/// Equal bits are the same; other bits are something else unless both are numbers.
fn same(e: &mut Emitter<'_>, condition: Condition) {
    let slow = guard(e);
    let first = first_source(e);
    let a = e.slot(first, R8);
    let b = e.slot(first + 1, RSI);
    let settled = e.asm.new_dynamic_label();
    e.rm(form::LOAD.wide(true), RAX, a);
    e.rm(form::CMP.wide(true), RAX, b);
    dynasm!(e.asm; .arch x64; je =>settled);
    e.compare(a.tag(), tag::FIRST_TAGGED);
    e.jump_if(Condition::BELOW, slow);
    e.compare(a.tag(), tag::I32);
    e.jump_if(Condition::EQUAL, slow);
    // Not equal, as the last comparison has found too.
    dynasm!(e.asm; .arch x64; =>settled);
    outcome(e, condition, Heat::Hot);
}

fn from_float(e: &mut Emitter<'_>) {
    let slow = e.slow();
    if e.is_immediate(1) {
        e.load(true, RAX, 1);
        dynasm!(e.asm; .arch x64; movq xmm0, rax);
    } else {
        let a = e.slot(1, RAX);
        e.rm(form::LOAD_F, 0, a);
    }
    e.rr(Form::two(0x2E).prefixed(0x66), 0, 0);
    dynasm!(e.asm; .arch x64; jp =>slow);
    let slot = e.slot(0, RDX);
    e.rm(form::STORE_F, 0, slot);
    e.next();
}
