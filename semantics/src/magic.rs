//! What instructions mean that call methods of objects: arithmetic and comparisons, missing properties, texts.
//!
//! Where no object is involved, such an instruction is its plain twin. Else the method is looked for on the first operand,
//! then on the second, and called with both in order; where there is none, it is the plain twin again, which may well trap.
//! What comes out is a value or a call, and the engine does the rest: control does not come back here.

use crate::{Outcome, num_add, num_div, num_mul, num_rem, num_sub, val_eq, val_le, val_lt, val_to_str};
use crate::{Way, Whole};
use regatta_heap::Value;
use regatta_ir::{SiteId, TextId};
use regatta_runtime::magic::MagicCall;
use regatta_runtime::property::Who;
use regatta_runtime::{Context, Stop, atoms};

/// What such an instruction comes to.
#[derive(Debug)]
pub enum Magic<'a> {
    /// A value.
    Value(Value),
    /// A call, the result of which is the instruction's.
    Call(MagicCall<'a>),
}

type Magical<'a> = Result<Magic<'a>, Stop>;

macro_rules! operators {
    ($($name:ident = $atom:ident, |$cx:ident, $a:ident, $b:ident| $plain:expr;)*) => { $(
        #[doc = concat!("The meaning of `", stringify!($name), "`: see the op table.")]
        #[inline(always)]
        pub fn $name<'a, W: Way>($cx: &mut Context<'a>, $a: Value, $b: Value) -> Magical<'a> {
            if $a.is_object() || $b.is_object() {
                if let Some(call) = W::seldom(|| method($cx, atoms::$atom, $a, $b))? {
                    return Ok(Magic::Call(call));
                }
            }
            Ok(Magic::Value(Value::from_bits($plain.outcome()?)))
        }
    )* };
}

operators! {
    magic_add = MAGIC_ADD, |cx, a, b| num_add::<W>(cx, a, b);
    magic_sub = MAGIC_SUB, |cx, a, b| num_sub::<W>(cx, a, b);
    magic_mul = MAGIC_MUL, |cx, a, b| num_mul::<W>(cx, a, b);
    magic_div = MAGIC_DIV, |cx, a, b| num_div::<W>(cx, a, b);
    magic_rem = MAGIC_REM, |cx, a, b| num_rem::<W>(a, b);
    magic_eq = MAGIC_EQ, |cx, a, b| val_eq::<W>(a, b);
    magic_lt = MAGIC_LT, |cx, a, b| val_lt::<W>(a, b);
    magic_le = MAGIC_LE, |cx, a, b| val_le::<W>(a, b);
}

#[cold]
#[inline(never)]
fn method<'a>(cx: &Context<'a>, name: TextId, a: Value, b: Value) -> Result<Option<MagicCall<'a>>, Stop> {
    match cx.magic(a, name, &[a, b])? {
        Some(call) => Ok(Some(call)),
        None => cx.magic(b, name, &[a, b]),
    }
}

/// The meaning of `magic_get`: see the op table.
#[inline(always)]
pub fn magic_get<'a, W: Way>(cx: &mut Context<'a>, object: Value, name: TextId, site: SiteId) -> Magical<'a> {
    match cx.known_property(object, site) {
        Some(value) => Ok(Magic::Value(value)),
        None => W::seldom(|| get_slowly(cx, object, name, site)),
    }
}

#[inline(never)]
fn get_slowly<'a>(cx: &Context<'a>, object: Value, name: TextId, site: SiteId) -> Magical<'a> {
    if let Some(value) = cx.property(object, name, Some(site), Who::Anyone)? {
        return Ok(Magic::Value(value));
    }
    let call = cx.magic(object, atoms::MAGIC_GETATTR, &[object, Value::atom(name.0)])?;
    Ok(call.map_or(Magic::Value(Value::UNDEFINED), Magic::Call))
}

/// The meaning of `magic_set`: see the op table.
#[inline(always)]
pub fn magic_set<'a, W: Way>(cx: &mut Context<'a>, value: Value, object: Value, name: TextId) -> Magical<'a> {
    W::seldom(|| set(cx, value, object, name))
}

#[inline(never)]
fn set<'a>(cx: &mut Context<'a>, value: Value, object: Value, name: TextId) -> Magical<'a> {
    if let Some(call) = cx.magic(object, atoms::MAGIC_SETATTR, &[object, Value::atom(name.0), value])? {
        return Ok(Magic::Call(call));
    }
    cx.set_property(value, object, name, None, Who::Anyone)?;
    Ok(Magic::Value(Value::UNDEFINED))
}

/// The meaning of `magic_str`: see the op table.
#[inline(always)]
pub fn magic_str<'a, W: Way>(cx: &mut Context<'a>, value: Value) -> Magical<'a> {
    W::seldom(|| text(cx, value))
}

#[inline(never)]
fn text<'a>(cx: &mut Context<'a>, value: Value) -> Magical<'a> {
    match cx.magic(value, atoms::MAGIC_STR, &[value])? {
        Some(call) => Ok(Magic::Call(call)),
        None => Ok(Magic::Value(val_to_str::<Whole>(cx, value)?)),
    }
}
