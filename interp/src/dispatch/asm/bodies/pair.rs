//! Two numbers as values: how bodies get at them, and what they do with integers and with floats.
//!
//! Integers come first and fall through; the code for floats lies behind the hot code. Tags are compared in memory, in the
//! upper halves of slots.

use super::{Heat, value::outcome};
use crate::dispatch::asm::emitter::{Condition, Emitter, Form, Mem, form, reg::*, tag};
use dynasmrt::{DynamicLabel, DynasmApi, DynasmLabelApi, dynasm};

/// An operation on two integers or two floats.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Operation {
    pub(super) integers: Form,
    pub(super) floats: u8,
    pub(super) reversed: bool,
    /// Zero may be a negative one.
    pub(super) zero_is_float: bool,
}

pub(super) const ADD: Operation =
    Operation { integers: form::ADD, floats: 0x58, reversed: false, zero_is_float: false };
pub(super) const SUB: Operation =
    Operation { integers: form::SUB, floats: 0x5C, reversed: false, zero_is_float: false };
pub(super) const RSUB: Operation = Operation { reversed: true, ..SUB };
pub(super) const MUL: Operation =
    Operation { integers: form::IMUL, floats: 0x59, reversed: false, zero_is_float: true };

/// `a ? b`. `ucomis` says "below" and "equal" when an operand is NaN, so the question is put in such a way, if need be with
/// swapped operands, that the answer is "above".
#[derive(Clone, Copy, Debug)]
pub(super) struct Order {
    pub(super) integers: Condition,
    pub(super) swapped: bool,
    pub(super) floats: Condition,
}

pub(super) const LT: Order = Order { integers: Condition::LESS, swapped: true, floats: Condition::ABOVE };
pub(super) const LE: Order = Order { integers: Condition::LESS_EQUAL, swapped: true, floats: Condition::ABOVE_EQUAL };
pub(super) const GT: Order = Order { integers: Condition::GREATER, swapped: false, floats: Condition::ABOVE };
pub(super) const GE: Order =
    Order { integers: Condition::GREATER_EQUAL, swapped: false, floats: Condition::ABOVE_EQUAL };

impl Order {
    /// Its contrary, which NaN makes true.
    pub(super) const fn not(self) -> Order {
        Order { integers: self.integers.not(), swapped: self.swapped, floats: self.floats.not() }
    }
}

/// Where a result goes.
#[derive(Clone, Copy, Debug)]
pub(super) enum Dest {
    /// To the register that operand 0 is.
    Operand,
    /// To a word of an object.
    Place(Mem),
}

/// Two operands; without `b`, an immediate in `rsi`.
#[derive(Clone, Copy)]
pub(super) struct Pair {
    pub(super) a: Mem,
    pub(super) b: Option<Mem>,
}

impl Pair {
    /// Goes on where both are integers; else `a` is none (`floats`), or only `b` (`mixed`).
    pub(super) fn both_integers(self, e: &mut Emitter<'_>, floats: DynamicLabel, mixed: DynamicLabel) {
        e.compare(self.a.tag(), tag::I32);
        e.jump_if(Condition::NOT_EQUAL, floats);
        if let Some(b) = self.b {
            e.compare(b.tag(), tag::I32);
            e.jump_if(Condition::NOT_EQUAL, mixed);
        }
    }

    pub(super) fn load_b(self, e: &mut Emitter<'_>, to: u8) {
        match self.b {
            Some(b) => e.rm(form::LOAD, to, b),
            None => e.rr(form::LOAD, to, RSI),
        }
    }

    pub(super) fn with_b(self, e: &mut Emitter<'_>, form: Form, to: u8) {
        match self.b {
            Some(b) => e.rm(form, to, b),
            None => e.rr(form, to, RSI),
        }
    }

    /// `a` to `xmm0`, `b` to `xmm1`: numbers of which one may be an integer.
    pub(super) fn load_floats(self, e: &mut Emitter<'_>, slow: DynamicLabel) {
        load_number(e, 0, self.a, slow);
        match self.b {
            Some(b) => load_number(e, 1, b, slow),
            None => dynasm!(e.asm; .arch x64; xorps xmm1, xmm1; cvtsi2sd xmm1, esi),
        }
    }

    /// An operation for which an integer is a float, too.
    pub(super) fn floats(self, e: &mut Emitter<'_>, slow: DynamicLabel, opcode: u8, reversed: bool, dest: Dest) {
        self.load_floats(e, slow);
        let form = Form::two(opcode).prefixed(0xF2);
        if reversed {
            e.rr(form, 1, 0);
            dynasm!(e.asm; .arch x64; movaps xmm0, xmm1);
        } else {
            e.rr(form, 0, 1);
        }
        float_result(e, dest);
    }

    /// What an operation does; at its end goes on.
    pub(super) fn operate(self, e: &mut Emitter<'_>, operation: Operation, dest: Dest) {
        let slow = e.slow();
        let floats = e.later(move |e| self.floats(e, slow, operation.floats, operation.reversed, dest));
        self.both_integers(e, floats, floats);
        if operation.reversed {
            self.load_b(e, RAX);
            e.rm(operation.integers, RAX, self.a);
        } else {
            e.rm(form::LOAD, RAX, self.a);
            self.with_b(e, operation.integers, RAX);
        }
        e.jump_if(Condition::OVERFLOW, slow);
        if operation.zero_is_float {
            dynasm!(e.asm; .arch x64; test eax, eax; jz =>slow);
        }
        integer_result(e, dest);
    }

    pub(super) fn compare_floats(self, e: &mut Emitter<'_>, slow: DynamicLabel, order: Order) {
        self.load_floats(e, slow);
        ucomis(e, order);
        outcome(e, order.floats, Heat::Cold);
    }

    pub(super) fn equal_floats(self, e: &mut Emitter<'_>, slow: DynamicLabel, negated: bool) {
        self.load_floats(e, slow);
        dynasm!(e.asm; .arch x64; cmpeqsd xmm0, xmm1; movd eax, xmm0; test eax, eax);
        outcome(e, if negated { Condition::EQUAL } else { Condition::NOT_EQUAL }, Heat::Cold);
    }

    pub(super) fn step_floats(self, e: &mut Emitter<'_>, slow: DynamicLabel, by: i8, order: Order) {
        self.load_floats(e, slow);
        dynasm!(e.asm; .arch x64
            ; mov eax, i32::from(by)
            ; xorps xmm2, xmm2
            ; cvtsi2sd xmm2, eax
            ; addsd xmm0, xmm2
        );
        e.rm(form::STORE_F, 0, self.a);
        ucomis(e, order);
        outcome(e, order.floats, Heat::Cold);
    }
}

/// Compares the floats in `xmm0` and `xmm1`.
pub(super) fn ucomis(e: &mut Emitter<'_>, order: Order) {
    if order.swapped {
        dynasm!(e.asm; .arch x64; ucomisd xmm1, xmm0);
    } else {
        dynasm!(e.asm; .arch x64; ucomisd xmm0, xmm1);
    }
}

/// The number in memory, as a float.
pub(super) fn load_number(e: &mut Emitter<'_>, xmm: u8, from: Mem, slow: DynamicLabel) {
    let (is_float, loaded) = (e.asm.new_dynamic_label(), e.asm.new_dynamic_label());
    e.compare(from.tag(), tag::FIRST_TAGGED);
    e.jump_if(Condition::BELOW, is_float);
    e.compare(from.tag(), tag::I32);
    e.jump_if(Condition::NOT_EQUAL, slow);
    // The upper half of the register would be waited for.
    dynasm!(e.asm; .arch x64; xorps Rx(xmm), Rx(xmm));
    e.rm(form::FROM_INT.prefixed(0xF2), xmm, from);
    dynasm!(e.asm; .arch x64; jmp =>loaded; =>is_float);
    e.rm(form::LOAD_F, xmm, from);
    dynasm!(e.asm; .arch x64; =>loaded);
}

/// The result in `eax`.
pub(super) fn integer_result(e: &mut Emitter<'_>, dest: Dest) {
    e.tag_integer(RAX);
    match dest {
        Dest::Operand => e.store(0, RAX, RDX),
        Dest::Place(place) => e.rm(form::STORE.wide(true), RAX, place),
    }
    e.next();
}

/// The result in `xmm0`, off the hot path.
pub(super) fn float_result(e: &mut Emitter<'_>, dest: Dest) {
    let place = match dest {
        Dest::Operand => e.slot(0, RDX),
        Dest::Place(place) => place,
    };
    e.rm(form::STORE_F, 0, place);
    e.done();
}
