//! What instructions on arrays mean.
//!
//! Reading and storing an element where there is one, by an integer index, is inlined into every engine. Growing,
//! becoming wider, and indexes that are floats are cold; so is finding out which trap it is.

use crate::meanings;
use regatta_heap::Value;
use regatta_runtime::object::{Array, position};
use regatta_runtime::{Context, Stop, Trap};

meanings! {
    array_new(cx: &mut Context<'_>, capacity: usize) -> Result<Value, Stop> {
        W::seldom(|| Ok(Array::new(&mut cx.process.heap, capacity)?.value()))
    }
    array_make(cx: &mut Context<'_>, items: &[u64]) -> Result<Value, Stop> {
        W::seldom(|| Ok(Array::from_values(&mut cx.process.heap, items)?.value()))
    }
    array_fill(cx: &mut Context<'_>, len: Value, value: Value) -> Result<Value, Stop> {
        W::seldom(|| Ok(Array::filled(&mut cx.process.heap, length(len)?, value)?.value()))
    }
    array_len(_cx: &mut Context<'_>, array: Value) -> Result<Value, Stop> {
        Ok(Value::i32(wanted(array)?.len() as i32))
    }
    array_get(_cx: &mut Context<'_>, array: Value, index: Value) -> Result<Value, Stop> {
        match Array::element_at(array, index) {
            Some(value) => Ok(value),
            None => W::seldom(|| get_slowly(array, index)),
        }
    }
    array_set(cx: &mut Context<'_>, value: Value, array: Value, index: Value) -> Result<(), Stop> {
        if let Some(place) = Array::place_at(array, index) {
            return W::store(&mut cx.process.heap, place, value);
        }
        if Array::replace_number_at(array, index, value) {
            return Ok(());
        }
        W::seldom(|| set_slowly(cx, value, array, index))
    }
    array_get_at(_cx: &mut Context<'_>, array: Value, index: usize) -> Result<Value, Stop> {
        match Array::element_at(array, Value::i32(index as i32)) {
            Some(value) => Ok(value),
            None => W::seldom(|| get_slowly(array, Value::i32(index as i32))),
        }
    }
    array_set_at(cx: &mut Context<'_>, value: Value, array: Value, index: usize) -> Result<(), Stop> {
        let index = Value::i32(index as i32);
        if let Some(place) = Array::place_at(array, index) {
            return W::store(&mut cx.process.heap, place, value);
        }
        if Array::replace_number_at(array, index, value) {
            return Ok(());
        }
        W::seldom(|| set_slowly(cx, value, array, index))
    }
    array_swap(cx: &mut Context<'_>, array: Value, index: Value, other: Value) -> Result<(), Stop> {
        let (a, b) = (array_get::<W>(cx, array, index)?, array_get::<W>(cx, array, other)?);
        // Once it has stored one, it must store the other.
        W::quick_if::<Stop>(|| !(a.is_object() || b.is_object()) || !Array::minds(array))?;
        // Elements that the array has had do not make it wider.
        array_set::<W>(cx, b, array, index)?;
        array_set::<W>(cx, a, array, other)
    }
    array_push(cx: &mut Context<'_>, value: Value, array: Value) -> Result<(), Stop> {
        if let Some((array, room)) = Array::room_in(array) {
            W::store::<Stop>(&mut cx.process.heap, room, value)?;
            array.lengthen();
            return Ok(());
        }
        if Array::append_number_to(array, value) {
            return Ok(());
        }
        W::seldom(|| push_slowly(cx, value, array))
    }
    array_pop(_cx: &mut Context<'_>, array: Value) -> Result<Value, Stop> {
        W::seldom(|| Ok(wanted(array)?.pop().unwrap_or(Value::UNDEFINED)))
    }
}

#[inline(always)]
fn wanted(array: Value) -> Result<Array, Stop> {
    Array::of(array).ok_or(Stop::trap(Trap::NotAnArray))
}

/// A length that a program asks for.
fn length(len: Value) -> Result<usize, Stop> {
    match len.as_number() {
        Some(n) if n.trunc() == n => {
            if n < 0.0 {
                Err(Trap::LengthOverflow.into())
            } else {
                Ok(n as usize)
            }
        }
        _ => Err(Trap::NotAnInteger.into()),
    }
}

#[cold]
#[inline(never)]
fn get_slowly(array: Value, index: Value) -> Result<Value, Stop> {
    let array = wanted(array)?;
    array.get(position(index)?).ok_or(Stop::trap(Trap::IndexOutOfBounds))
}

#[cold]
#[inline(never)]
fn set_slowly(cx: &mut Context<'_>, value: Value, array: Value, index: Value) -> Result<(), Stop> {
    let array = wanted(array)?;
    if index.place() == array.len() as u64 {
        return if array.append(&mut cx.process.heap, value) {
            Ok(())
        } else {
            array.push(&mut cx.process.heap, value)
        };
    }
    match position(index)? {
        n if n == array.len() => array.push(&mut cx.process.heap, value),
        n => array.set(&mut cx.process.heap, n, value),
    }
}

#[cold]
#[inline(never)]
fn push_slowly(cx: &mut Context<'_>, value: Value, array: Value) -> Result<(), Stop> {
    wanted(array)?.push(&mut cx.process.heap, value)
}
