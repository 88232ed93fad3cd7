//! What `elem_get` and `elem_set` mean: elements by any key, of whatever has elements.
//!
//! Arrays and tuples have elements by position, maps by any key, everything else by name: a key that is an atom or a
//! string is the name of a property, a number is its digits. Languages whose `a[k]` is one operation for all of these use
//! them; where more is known, the instructions of one kind are shorter.

use crate::{Whole, meanings};
use regatta_heap::Value;
use regatta_ir::TextId;
use regatta_runtime::object::{Array, Map, Str, Tuple, position};
use regatta_runtime::property::Who;
use regatta_runtime::{Context, Stop, Trap, text_of};
use std::borrow::Cow;

meanings! {
    elem_get(cx: &mut Context<'_>, object: Value, key: Value) -> Result<Value, Stop> {
        match Array::element_at(object, key) {
            Some(value) => Ok(value),
            None => W::seldom(|| get_slowly(cx, object, key)),
        }
    }
    elem_set(cx: &mut Context<'_>, value: Value, object: Value, key: Value) -> Result<(), Stop> {
        if let Some(place) = Array::place_at(object, key) {
            return W::store(&mut cx.process.heap, place, value);
        }
        if Array::replace_number_at(object, key, value) {
            return Ok(());
        }
        W::seldom(|| set_slowly(cx, value, object, key))
    }
}

#[inline(never)]
fn get_slowly(cx: &mut Context<'_>, object: Value, key: Value) -> Result<Value, Stop> {
    if let Some(map) = Map::of(object) {
        return Ok(map.get(&mut cx.process.heap, key).unwrap_or(Value::UNDEFINED));
    }
    let is_position = key.as_number().is_some();
    let element = match (Array::of(object), Tuple::of(object)) {
        (Some(array), _) if is_position => position(key).ok().and_then(|n| array.get(n)),
        (_, Some(tuple)) if is_position => position(key).ok().and_then(|n| tuple.get(n)),
        _ if !object.is_object() => return Err(Trap::NotAnObject.into()),
        _ => match known_name(cx, key) {
            Some(name) => cx.property(object, name, None, Who::Anyone)?,
            None => None, // a name that no object can have
        },
    };
    Ok(element.unwrap_or(Value::UNDEFINED))
}

#[inline(never)]
fn set_slowly(cx: &mut Context<'_>, value: Value, object: Value, key: Value) -> Result<(), Stop> {
    if let Some(map) = Map::of(object) {
        return map.set(&mut cx.process.heap, key, value);
    }
    if Array::of(object).is_some() {
        return crate::array_set::<Whole>(cx, value, object, key);
    }
    if Tuple::of(object).is_some() || !object.is_object() {
        return Err(Trap::NotAnObject.into());
    }
    let name = match known_name(cx, key) {
        Some(name) => name,
        None => cx.program.intern(&name_of(cx, key).ok_or(Trap::NotAString)?).map_err(|_| Trap::TooManyAtoms)?,
    };
    cx.set_property(value, object, name, None, Who::Anyone)
}

/// The name that a key is, if the program has it: one that it does not have is the name of nothing.
fn known_name(cx: &Context<'_>, key: Value) -> Option<TextId> {
    if let Some(atom) = key.as_atom() {
        return Some(TextId(atom));
    }
    if let Some(string) = Str::of(key) {
        return cx.program.find_hashed_text(string.hash(), &string.to_text());
    }
    cx.program.find_text(&name_of(cx, key)?)
}

/// The text of a key that is a name.
fn name_of(cx: &Context<'_>, key: Value) -> Option<String> {
    match Str::of(key) {
        Some(string) => Some(Cow::into_owned(string.to_text())),
        None => key.as_number().map(|_| text_of(cx.program, key)),
    }
}
