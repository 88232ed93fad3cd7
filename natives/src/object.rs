//! Natives on any value.

use crate::arguments::{Arguments, Outcome};
use regatta_heap::{Kind, Value};
use regatta_runtime::object::{Key, Str};
use regatta_runtime::text_of;

pub(crate) fn to_string<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    let value = args.value(0);
    if Str::of(value).is_some() {
        return Ok(args.local(0));
    }
    let plain = value.as_object().is_some_and(|object| object.is(Kind::Instance) || object.is(Kind::Object));
    let text = if plain { "[object Object]".to_string() } else { text_of(args.program, value) };
    args.give(&text)
}

pub(crate) fn hash_code<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    args.make(|heap, [value, ..]| Ok(Value::i32(Key::of(heap, value).hash as i32)))
}

pub(crate) fn equals<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    args.make(|_, [a, b, ..]| Ok(Value::bool(are_one_key(a, b))))
}

/// Would a map find one where the other is?
pub(crate) fn are_one_key(a: Value, b: Value) -> bool {
    match (Key::by_value(a), Key::by_value(b)) {
        (Ok(a), Ok(b)) => a.is(b.value),
        (Err(a), Err(b)) => a == b,
        _ => false,
    }
}
