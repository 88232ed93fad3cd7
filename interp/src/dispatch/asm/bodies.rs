//! Bodies: what instructions do, in machine code, in terms of their operands.
//!
//! A body is found by the *meaning* of an op and its kind, which the op table tells: fused forms share the meaning of their
//! plain form, so `i32_lt_s` serves the comparison, its form with an immediate, the branch and the latch. A meaning without
//! a body is called as a function; one with a body is too, for whatever the body leaves out.

mod call;
pub(super) mod control;
mod float;
mod fused;
mod give;
mod int;
mod make;
mod memory;
mod moves;
mod number;
mod object;
mod pair;
mod value;

use super::emitter::Emitter;
use dynasmrt::DynamicLabel;
use regatta_ir::Opcode;
use regatta_ir::codec::OpInfo;
use regatta_ir::operand::Role;
use regatta_ir::ops::Kind;
use std::sync::LazyLock;

/// Machine code for a meaning.
#[derive(Clone, Copy, Debug)]
pub(super) enum Body {
    Move(moves::Move),
    Int(int::Int),
    Float(float::Float),
    Memory(memory::Access),
    Number(number::Number),
    Fused(fused::Fused),
    Value(value::Test),
    Object(object::Access),
    Make(make::Make),
    Give(give::Give),
    Control(control::Control),
}

/// The body of each op that has one, by number.
static BODIES: LazyLock<Vec<Option<Body>>> =
    LazyLock::new(|| Opcode::ALL.iter().map(|op| Body::of(op.info())).collect());

impl Body {
    /// The body of an op, if it has one.
    pub(super) fn get(op: Opcode) -> Option<Body> {
        BODIES[op as usize]
    }

    fn of(info: &'static OpInfo) -> Option<Body> {
        let Some(meaning) = info.meaning else {
            return control::Control::of(info.op).map(Body::Control);
        };
        // Other bodies of meanings know values, branches and latches.
        if matches!(info.kind, Kind::give | Kind::guard) {
            return give::Give::of(meaning).map(Body::Give);
        }
        moves::Move::of(meaning)
            .map(Body::Move)
            .or_else(|| int::Int::of(meaning).map(Body::Int))
            .or_else(|| float::Float::of(meaning).map(Body::Float))
            .or_else(|| memory::Access::of(meaning).map(Body::Memory))
            .or_else(|| number::Number::of(meaning).map(Body::Number))
            .or_else(|| fused::Fused::of(meaning).map(Body::Fused))
            .or_else(|| value::Test::of(meaning).map(Body::Value))
            .or_else(|| object::Access::of(meaning).map(Body::Object))
            .or_else(|| make::Make::of(meaning).map(Body::Make))
    }

    /// Writes it.
    pub(super) fn emit(self, emitter: &mut Emitter<'_>) {
        match self {
            Body::Move(body) => body.emit(emitter),
            Body::Int(body) => body.emit(emitter),
            Body::Float(body) => body.emit(emitter),
            Body::Memory(body) => body.emit(emitter),
            Body::Number(body) => body.emit(emitter),
            Body::Fused(body) => body.emit(emitter),
            Body::Value(body) => body.emit(emitter),
            Body::Object(body) => body.emit(emitter),
            Body::Make(body) => body.emit(emitter),
            Body::Give(body) => body.emit(emitter),
            Body::Control(body) => body.emit(emitter),
        }
    }
}

/// The first operand that is read: operand 0 where that is not written.
fn first_source(emitter: &Emitter<'_>) -> usize {
    usize::from(matches!(emitter.here.info.operands[0].role, Role::Dst(_)))
}

/// Does the instruction take a unit of fuel?
fn is_latch(emitter: &Emitter<'_>) -> bool {
    matches!(emitter.here.info.kind, Kind::latch | Kind::step)
}

/// Where code lies.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Heat {
    /// Where control falls through to the next instruction.
    Hot,
    /// Behind all hot code.
    Cold,
}

/// Where the meaning takes over from an instruction that may be a latch; takes its fuel.
fn guard(e: &mut Emitter<'_>) -> DynamicLabel {
    if !is_latch(e) {
        return e.slow();
    }
    e.charge();
    e.paid()
}
