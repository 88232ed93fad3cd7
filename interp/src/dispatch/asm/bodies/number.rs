//! Numbers as values: two integers, or two floats; mixed ones where that is frequent. All else is left to the meaning.
//!
//! Integers come first and fall through; the code for floats lies behind the hot code. Tags are compared in memory, in the
//! upper halves of slots.

use super::{Heat, first_source, guard, value::outcome};
use crate::dispatch::asm::emitter::{Condition, Emitter, Form, Mem, form, reg::*, tag};
use dynasmrt::{DynamicLabel, DynasmApi, DynasmLabelApi, dynasm};

#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Number {
    /// Operand `b` is an immediate.
    immediate: bool,
    what: What,
}

#[derive(Clone, Copy, Debug)]
enum What {
    Arithmetic(Operation),
    Quotient,
    Remainder,
    Compare(Order),
    Equal {
        negated: bool,
    },
    Step(i8, Order),
    /// On integers only.
    Bits(Form),
    Shift(u8),
    Negate,
    Sqrt,
}

/// An operation on two integers or two floats.
#[derive(Clone, Copy, Debug)]
struct Operation {
    integers: Form,
    floats: u8,
    reversed: bool,
    /// Zero may be a negative one.
    zero_is_float: bool,
}

const ADD: Operation = Operation { integers: form::ADD, floats: 0x58, reversed: false, zero_is_float: false };
const SUB: Operation = Operation { integers: form::SUB, floats: 0x5C, reversed: false, zero_is_float: false };
const RSUB: Operation = Operation { reversed: true, ..SUB };
const MUL: Operation = Operation { integers: form::IMUL, floats: 0x59, reversed: false, zero_is_float: true };

/// `a ? b`. `ucomis` says "below" and "equal" when an operand is NaN, so the question is put in such a way, if need be with
/// swapped operands, that the answer is "above".
#[derive(Clone, Copy, Debug)]
struct Order {
    integers: Condition,
    swapped: bool,
    floats: Condition,
}

const LT: Order = Order { integers: Condition::LESS, swapped: true, floats: Condition::ABOVE };
const LE: Order = Order { integers: Condition::LESS_EQUAL, swapped: true, floats: Condition::ABOVE_EQUAL };
const GT: Order = Order { integers: Condition::GREATER, swapped: false, floats: Condition::ABOVE };
const GE: Order = Order { integers: Condition::GREATER_EQUAL, swapped: false, floats: Condition::ABOVE_EQUAL };

impl Order {
    /// Its contrary, which NaN makes true.
    const fn not(self) -> Order {
        Order { integers: self.integers.not(), swapped: self.swapped, floats: self.floats.not() }
    }
}

impl Number {
    pub(super) fn of(meaning: &str) -> Option<Number> {
        let (name, immediate) = match meaning.strip_suffix("_imm") {
            Some(name) => (name, true),
            None => (meaning, false),
        };
        let what = match name {
            "num_add" => What::Arithmetic(ADD),
            "num_sub" => What::Arithmetic(SUB),
            "num_rsub" => What::Arithmetic(RSUB),
            "num_mul" => What::Arithmetic(MUL),
            "num_div" => What::Quotient,
            "num_rem" => What::Remainder,
            "num_neg" => What::Negate,
            "num_sqrt" => What::Sqrt,
            "num_and" => What::Bits(form::AND),
            "num_or" => What::Bits(form::OR),
            "num_xor" => What::Bits(form::XOR),
            "int_add" => What::Bits(form::ADD),
            "int_sub" => What::Bits(form::SUB),
            "int_mul" => What::Bits(form::IMUL),
            "int_and" => What::Bits(form::AND),
            "int_or" => What::Bits(form::OR),
            "int_xor" => What::Bits(form::XOR),
            "num_shl" => What::Shift(4),
            "num_ushr" => What::Shift(5),
            "num_shr" => What::Shift(7),
            "val_lt" | "val_is_lt" => What::Compare(LT),
            "val_le" | "val_is_le" => What::Compare(LE),
            "val_is_gt" => What::Compare(GT),
            "val_is_ge" => What::Compare(GE),
            "val_is_not_lt" => What::Compare(LT.not()),
            "val_is_not_le" => What::Compare(LE.not()),
            "val_is_not_gt" => What::Compare(GT.not()),
            "val_is_not_ge" => What::Compare(GE.not()),
            "val_eq" | "val_is_eq" => What::Equal { negated: false },
            "val_ne" | "val_is_ne" => What::Equal { negated: true },
            "num_inc_lt" => What::Step(1, LT),
            "num_inc_le" => What::Step(1, LE),
            "num_dec_gt" => What::Step(-1, GT),
            "num_dec_ge" => What::Step(-1, GE),
            _ => return None,
        };
        Some(Number { immediate, what })
    }

    pub(super) fn emit(self, e: &mut Emitter<'_>) {
        match self.what {
            What::Arithmetic(operation) => self.arithmetic(e, operation),
            What::Quotient => self.quotient(e),
            What::Remainder => self.remainder(e),
            What::Compare(order) => self.compare(e, order),
            What::Equal { negated } => self.equal(e, negated),
            What::Step(by, order) => self.step(e, by, order),
            What::Bits(form) => self.bits(e, form),
            What::Shift(how) => self.shift(e, how),
            What::Negate => negate(e),
            What::Sqrt => sqrt(e),
        }
    }

    /// Both operands: `a` by way of `r8`; `b` by way of `rsi`, or an immediate in `rsi`.
    fn operands(self, e: &mut Emitter<'_>) -> Pair {
        let first = first_source(e);
        let a = e.slot(first, R8);
        let b = if self.immediate {
            e.load(false, RSI, first + 1);
            None
        } else {
            Some(e.slot(first + 1, RSI))
        };
        Pair { a, b }
    }

    fn arithmetic(self, e: &mut Emitter<'_>, operation: Operation) {
        let slow = e.slow();
        let pair = self.operands(e);
        let floats = e.later(move |e| pair.floats(e, slow, operation.floats, operation.reversed));
        let mixed = e.later(move |e| pair.mixed(e, slow, operation.floats, operation.reversed));
        pair.both_integers(e, floats, mixed);
        if operation.reversed {
            pair.load_b(e, RAX);
            e.rm(operation.integers, RAX, pair.a);
        } else {
            e.rm(form::LOAD, RAX, pair.a);
            pair.with_b(e, operation.integers, RAX);
        }
        e.jump_if(Condition::OVERFLOW, slow);
        if operation.zero_is_float {
            dynasm!(e.asm; .arch x64; test eax, eax; jz =>slow);
        }
        integer_result(e);
    }

    /// An integer where it is one; a divisor that is not positive may make a negative zero.
    fn quotient(self, e: &mut Emitter<'_>) {
        let slow = e.slow();
        let pair = self.operands(e);
        let floats = e.later(move |e| pair.floats(e, slow, 0x5E, false));
        let mixed = e.later(move |e| pair.mixed(e, slow, 0x5E, false));
        let inexact = e.later(move |e| {
            e.rm(form::LOAD, RAX, pair.a);
            dynasm!(e.asm; .arch x64
                ; xorps xmm0, xmm0; cvtsi2sd xmm0, eax
                ; xorps xmm1, xmm1; cvtsi2sd xmm1, ecx
                ; divsd xmm0, xmm1
            );
            float_result(e);
        });
        pair.both_integers(e, floats, mixed);
        e.rm(form::LOAD, RAX, pair.a);
        pair.load_b(e, RCX);
        dynasm!(e.asm; .arch x64
            ; test ecx, ecx; jle =>slow
            ; cdq; idiv ecx
            ; test edx, edx; jnz =>inexact
        );
        integer_result(e);
    }

    fn remainder(self, e: &mut Emitter<'_>) {
        let slow = e.slow();
        let pair = self.operands(e);
        pair.both_integers(e, slow, slow);
        e.rm(form::LOAD, RAX, pair.a);
        pair.load_b(e, RCX);
        dynasm!(e.asm; .arch x64; test ecx, ecx; jle =>slow; cdq; idiv ecx; mov eax, edx);
        integer_result(e);
    }

    fn compare(self, e: &mut Emitter<'_>, order: Order) {
        let slow = guard(e);
        let pair = self.operands(e);
        let as_floats = e.later(move |e| pair.compare_floats(e, slow, order));
        pair.both_integers(e, as_floats, slow);
        e.rm(form::LOAD, RAX, pair.a);
        pair.with_b(e, form::CMP, RAX);
        outcome(e, order.integers, Heat::Hot);
    }

    fn equal(self, e: &mut Emitter<'_>, negated: bool) {
        let slow = guard(e);
        let pair = self.operands(e);
        let as_floats = e.later(move |e| pair.equal_floats(e, slow, negated));
        pair.both_integers(e, as_floats, slow);
        e.rm(form::LOAD, RAX, pair.a);
        pair.with_b(e, form::CMP, RAX);
        outcome(e, if negated { Condition::NOT_EQUAL } else { Condition::EQUAL }, Heat::Hot);
    }

    /// The limit is read before the counter is written, which may be the same register.
    fn step(self, e: &mut Emitter<'_>, by: i8, order: Order) {
        let slow = guard(e);
        let pair = self.operands(e);
        let as_floats = e.later(move |e| pair.step_floats(e, slow, by, order));
        pair.both_integers(e, as_floats, slow);
        e.rm(form::LOAD, RAX, pair.a);
        pair.load_b(e, RSI);
        e.rr(Form::one(0x83), 0, RAX);
        e.asm.push_i8(by);
        e.jump_if(Condition::OVERFLOW, slow);
        e.tag_integer(RAX);
        e.rm(form::STORE.wide(true), RAX, pair.a);
        e.rr(form::CMP, RAX, RSI);
        e.branch(order.integers);
    }

    fn bits(self, e: &mut Emitter<'_>, form: Form) {
        let slow = e.slow();
        let pair = self.operands(e);
        pair.both_integers(e, slow, slow);
        e.rm(form::LOAD, RAX, pair.a);
        pair.with_b(e, form, RAX);
        integer_result(e);
    }

    fn shift(self, e: &mut Emitter<'_>, how: u8) {
        let slow = e.slow();
        let pair = self.operands(e);
        pair.both_integers(e, slow, slow);
        e.rm(form::LOAD, RAX, pair.a);
        pair.load_b(e, RCX);
        e.rr(Form::one(0xD3), how, RAX);
        if how == 5 {
            // An unsigned number that is no integer of ours.
            dynasm!(e.asm; .arch x64; test eax, eax; js =>slow);
        }
        integer_result(e);
    }
}

/// Two operands; without `b`, an immediate in `rsi`.
#[derive(Clone, Copy)]
struct Pair {
    a: Mem,
    b: Option<Mem>,
}

impl Pair {
    /// Goes on where both are integers; else `a` is none (`floats`), or only `b` (`mixed`).
    fn both_integers(self, e: &mut Emitter<'_>, floats: DynamicLabel, mixed: DynamicLabel) {
        e.compare(self.a.tag(), tag::I32);
        e.jump_if(Condition::NOT_EQUAL, floats);
        if let Some(b) = self.b {
            e.compare(b.tag(), tag::I32);
            e.jump_if(Condition::NOT_EQUAL, mixed);
        }
    }

    fn load_b(self, e: &mut Emitter<'_>, to: u8) {
        match self.b {
            Some(b) => e.rm(form::LOAD, to, b),
            None => e.rr(form::LOAD, to, RSI),
        }
    }

    fn with_b(self, e: &mut Emitter<'_>, form: Form, to: u8) {
        match self.b {
            Some(b) => e.rm(form, to, b),
            None => e.rr(form, to, RSI),
        }
    }

    /// `a` to `xmm0`, `b` to `xmm1`: `a` is no integer.
    fn load_floats(self, e: &mut Emitter<'_>, slow: DynamicLabel) {
        e.compare(self.a.tag(), tag::FIRST_TAGGED);
        e.jump_if(Condition::ABOVE_EQUAL, slow);
        e.rm(form::LOAD_F, 0, self.a);
        let Some(b) = self.b else {
            return dynasm!(e.asm; .arch x64; xorps xmm1, xmm1; cvtsi2sd xmm1, esi);
        };
        dynasm!(e.asm; .arch x64; xorps xmm1, xmm1);
        let (is_float, loaded) = (e.asm.new_dynamic_label(), e.asm.new_dynamic_label());
        e.compare(b.tag(), tag::FIRST_TAGGED);
        e.jump_if(Condition::BELOW, is_float);
        e.compare(b.tag(), tag::I32);
        e.jump_if(Condition::NOT_EQUAL, slow);
        e.rm(form::FROM_INT.prefixed(0xF2), 1, b);
        dynasm!(e.asm; .arch x64; jmp =>loaded; =>is_float);
        e.rm(form::LOAD_F, 1, b);
        dynasm!(e.asm; .arch x64; =>loaded);
    }

    fn floats(self, e: &mut Emitter<'_>, slow: DynamicLabel, opcode: u8, reversed: bool) {
        self.load_floats(e, slow);
        operate(e, opcode, reversed);
    }

    /// `a` is an integer, `b` is none.
    fn mixed(self, e: &mut Emitter<'_>, slow: DynamicLabel, opcode: u8, reversed: bool) {
        let Some(b) = self.b else { return };
        e.compare(b.tag(), tag::FIRST_TAGGED);
        e.jump_if(Condition::ABOVE_EQUAL, slow);
        dynasm!(e.asm; .arch x64; xorps xmm0, xmm0);
        e.rm(form::FROM_INT.prefixed(0xF2), 0, self.a);
        e.rm(form::LOAD_F, 1, b);
        operate(e, opcode, reversed);
    }

    fn compare_floats(self, e: &mut Emitter<'_>, slow: DynamicLabel, order: Order) {
        self.load_floats(e, slow);
        ucomis(e, order);
        outcome(e, order.floats, Heat::Cold);
    }

    fn equal_floats(self, e: &mut Emitter<'_>, slow: DynamicLabel, negated: bool) {
        self.load_floats(e, slow);
        dynasm!(e.asm; .arch x64; cmpeqsd xmm0, xmm1; movd eax, xmm0; test eax, eax);
        outcome(e, if negated { Condition::EQUAL } else { Condition::NOT_EQUAL }, Heat::Cold);
    }

    fn step_floats(self, e: &mut Emitter<'_>, slow: DynamicLabel, by: i8, order: Order) {
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
fn ucomis(e: &mut Emitter<'_>, order: Order) {
    if order.swapped {
        dynasm!(e.asm; .arch x64; ucomisd xmm1, xmm0);
    } else {
        dynasm!(e.asm; .arch x64; ucomisd xmm0, xmm1);
    }
}

fn operate(e: &mut Emitter<'_>, opcode: u8, reversed: bool) {
    let form = Form::two(opcode).prefixed(0xF2);
    if reversed {
        e.rr(form, 1, 0);
        dynasm!(e.asm; .arch x64; movaps xmm0, xmm1);
    } else {
        e.rr(form, 0, 1);
    }
    float_result(e);
}

fn integer_result(e: &mut Emitter<'_>) {
    e.tag_integer(RAX);
    e.store(0, RAX, RDX);
    e.next();
}

/// The result in `xmm0`, off the hot path.
fn float_result(e: &mut Emitter<'_>) {
    let slot = e.slot(0, RDX);
    e.rm(form::STORE_F, 0, slot);
    e.done();
}

fn negate(e: &mut Emitter<'_>) {
    let slow = e.slow();
    let a = e.slot(1, R8);
    let float = e.later(move |e| {
        e.compare(a.tag(), tag::FIRST_TAGGED);
        e.jump_if(Condition::ABOVE_EQUAL, slow);
        e.rm(form::LOAD.wide(true), RAX, a);
        dynasm!(e.asm; .arch x64; btc rax, 63);
        e.store(0, RAX, RDX);
        e.done();
    });
    e.compare(a.tag(), tag::I32);
    e.jump_if(Condition::NOT_EQUAL, float);
    e.rm(form::LOAD, RAX, a);
    dynasm!(e.asm; .arch x64; test eax, eax; jz =>slow; neg eax; jo =>slow);
    integer_result(e);
}

fn sqrt(e: &mut Emitter<'_>) {
    let slow = e.slow();
    let a = e.slot(1, R8);
    e.compare(a.tag(), tag::FIRST_TAGGED);
    e.jump_if(Condition::ABOVE_EQUAL, slow);
    e.rm(Form::two(0x51).prefixed(0xF2), 0, a);
    let slot = e.slot(0, RDX);
    e.rm(form::STORE_F, 0, slot);
    e.next();
}
