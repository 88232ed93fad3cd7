//! Fused instructions on numbers as values: a product and a sum, operands in fields and cells, steps by a number.

use super::object::{captured, field};
use super::pair::*;
use super::{Heat, first_source, guard, value::outcome};
use crate::dispatch::asm::emitter::{Condition, Emitter, Form, Mem, form, reg::*, tag};
use dynasmrt::{DynamicLabel, DynasmApi, DynasmLabelApi, dynasm};

#[derive(Clone, Copy, Debug)]
pub(in super::super) enum Fused {
    /// `x ? a * b`, where `x` is operand 0 or, as `c`, the last one.
    Product(Operation, Addend),
    /// `a * b + c` with numbers in the instruction.
    ProductImmediate,
    /// `a ? field`.
    WithField(Operation),
    /// A field changes by a number in the instruction.
    FieldAdd,
    CapturedAdd,
    Multiple(Condition),
    /// `x += step`; then it is compared.
    Step(Condition),
    /// A counter changes, and something else is compared with a number in the instruction.
    Count(Condition),
}

/// Where the third number of a product and a sum is.
#[derive(Clone, Copy, Debug)]
pub(in super::super) enum Addend {
    First,
    Last,
    Field,
}

impl Fused {
    pub(super) fn of(meaning: &str) -> Option<Fused> {
        Some(match meaning {
            "num_mul_add" => Fused::Product(ADD, Addend::First),
            "num_mul_sub" => Fused::Product(SUB, Addend::First),
            "num_mul_plus" => Fused::Product(ADD, Addend::Last),
            "num_mul_plus_imm" => Fused::ProductImmediate,
            "field_mul_add" => Fused::Product(ADD, Addend::Field),
            "field_mul_sub" => Fused::Product(SUB, Addend::Field),
            "num_add_field" => Fused::WithField(ADD),
            "num_sub_field" => Fused::WithField(SUB),
            "num_mul_field" => Fused::WithField(MUL),
            "field_add_imm" => Fused::FieldAdd,
            "captured_add_imm" => Fused::CapturedAdd,
            "num_is_multiple_imm" => Fused::Multiple(Condition::EQUAL),
            "num_is_no_multiple_imm" => Fused::Multiple(Condition::NOT_EQUAL),
            "num_add_lt" => Fused::Step(Condition::LESS),
            "num_add_le" | "num_add_not_gt" | "num_add_not_gt_imm" => Fused::Step(Condition::LESS_EQUAL),
            "num_count_ne_imm" => Fused::Count(Condition::NOT_EQUAL),
            _ => return None,
        })
    }

    pub(super) fn emit(self, e: &mut Emitter<'_>) {
        match self {
            Fused::Product(operation, addend) => product(e, operation, addend),
            Fused::ProductImmediate => product_immediate(e),
            Fused::WithField(operation) => {
                let slow = e.slow();
                let b = field(e, RDI, R9, 3, slow);
                let a = e.slot(1, R8);
                Pair { a, b: Some(b) }.operate(e, operation, Dest::Operand);
            }
            Fused::FieldAdd => {
                let slow = e.slow();
                let a = field(e, RDI, R9, 1, slow);
                e.load(false, RSI, 2);
                Pair { a, b: None }.operate(e, ADD, Dest::Place(a));
            }
            Fused::CapturedAdd => {
                let slow = e.slow();
                let cell = captured(e, 1, slow);
                e.rm(form::LEA, RDI, cell);
                let a = Mem::at(RDI, 0);
                e.load(false, RSI, 2);
                Pair { a, b: None }.operate(e, ADD, Dest::Place(a));
            }
            Fused::Multiple(condition) => multiple(e, condition),
            Fused::Step(condition) => step(e, condition),
            Fused::Count(condition) => count(e, condition),
        }
    }
}

fn integer(e: &mut Emitter<'_>, slot: Mem, otherwise: DynamicLabel) {
    e.compare(slot.tag(), tag::I32);
    e.jump_if(Condition::NOT_EQUAL, otherwise);
}

/// Where one of three numbers is a float, the others are as good as floats: an integer product that is no `i32` is one too,
/// and the others are exact.
fn product(e: &mut Emitter<'_>, operation: Operation, addend: Addend) {
    let slow = e.slow();
    let (first, x, dest) = match addend {
        Addend::First => (1, e.slot(0, R8), Dest::Operand),
        Addend::Last => (1, e.slot(3, R8), Dest::Operand),
        Addend::Field => {
            let field = field(e, RDI, R9, 3, slow);
            (0, field, Dest::Place(field))
        }
    };
    let a = e.slot(first, RSI);
    let b = e.slot(first + 1, R10);
    let floats = e.later(move |e| {
        load_number(e, 1, a, slow);
        load_number(e, 2, b, slow);
        load_number(e, 0, x, slow);
        dynasm!(e.asm; .arch x64; mulsd xmm1, xmm2);
        e.rr(Form::two(operation.floats).prefixed(0xF2), 0, 1);
        float_result(e, dest);
    });
    for slot in [a, b, x] {
        integer(e, slot, floats);
    }
    e.rm(form::LOAD, RCX, a);
    e.rm(form::IMUL, RCX, b);
    e.jump_if(Condition::OVERFLOW, slow);
    // A product of zero may be a negative one.
    dynasm!(e.asm; .arch x64; test ecx, ecx; jz =>slow);
    e.rm(form::LOAD, RAX, x);
    e.rr(operation.integers, RAX, RCX);
    e.jump_if(Condition::OVERFLOW, slow);
    integer_result(e, dest);
}

fn product_immediate(e: &mut Emitter<'_>) {
    let slow = e.slow();
    let a = e.slot(1, R8);
    e.load(false, RSI, 2);
    e.load(false, RDI, 3);
    let floats = e.later(move |e| {
        load_number(e, 0, a, slow);
        dynasm!(e.asm; .arch x64
            ; xorps xmm1, xmm1; cvtsi2sd xmm1, esi
            ; xorps xmm2, xmm2; cvtsi2sd xmm2, edi
            ; mulsd xmm0, xmm1
            ; addsd xmm0, xmm2
        );
        float_result(e, Dest::Operand);
    });
    integer(e, a, floats);
    e.rm(form::LOAD, RAX, a);
    dynasm!(e.asm; .arch x64; imul eax, esi; jo =>slow; add eax, edi; jo =>slow);
    integer_result(e, Dest::Operand);
}

fn multiple(e: &mut Emitter<'_>, condition: Condition) {
    let slow = e.slow();
    let a = e.slot(first_source(e), R8);
    integer(e, a, slow);
    e.load(false, RCX, 1);
    e.rm(form::LOAD, RAX, a);
    dynasm!(e.asm; .arch x64; test ecx, ecx; jle =>slow; cdq; idiv ecx; test edx, edx);
    outcome(e, condition, Heat::Hot);
}

/// The limit is read before the number is written, which may be the same register.
fn step(e: &mut Emitter<'_>, condition: Condition) {
    let slow = guard(e);
    let x = e.slot(0, R8);
    integer(e, x, slow);
    for (n, reg) in [(1, RSI), (2, RDI)] {
        if !e.is_immediate(n) {
            let slot = e.slot(n, reg);
            integer(e, slot, slow);
            e.rm(form::LOAD, reg, slot);
        } else {
            e.load(false, reg, n);
        }
    }
    e.rm(form::LOAD, RAX, x);
    e.rr(form::ADD, RAX, RSI);
    e.jump_if(Condition::OVERFLOW, slow);
    e.tag_integer(RAX);
    e.rm(form::STORE.wide(true), RAX, x);
    e.rr(form::CMP, RAX, RDI);
    e.branch(condition);
}

fn count(e: &mut Emitter<'_>, condition: Condition) {
    let slow = guard(e);
    let i = e.slot(0, R8);
    let a = e.slot(1, RSI);
    integer(e, i, slow);
    integer(e, a, slow);
    e.rm(form::LOAD, RSI, a);
    e.rm(form::LOAD, RAX, i);
    dynasm!(e.asm; .arch x64; add eax, 1; jo =>slow);
    e.tag_integer(RAX);
    e.rm(form::STORE.wide(true), RAX, i);
    e.with(form::CMP, false, RSI, 2, RCX);
    e.branch(condition);
}
