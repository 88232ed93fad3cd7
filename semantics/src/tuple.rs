//! What instructions on tuples mean.

use crate::meanings;
use regatta_heap::Value;
use regatta_runtime::object::Tuple;
use regatta_runtime::{Context, Stop, Trap};

meanings! {
    tuple_make(cx: &mut Context<'_>, items: &[u64]) -> Result<Value, Stop> {
        W::quick_if::<Stop>(|| cx.process.heap.has_room(items.len()))?;
        Ok(Tuple::new(&mut cx.process.heap, items)?.value())
    }
    tuple_get(_cx: &mut Context<'_>, tuple: Value, index: usize) -> Result<Value, Stop> {
        wanted(tuple)?.get(index).ok_or(Stop::trap(Trap::IndexOutOfBounds))
    }
    tuple_len(_cx: &mut Context<'_>, tuple: Value) -> Result<Value, Stop> {
        Ok(Value::i32(wanted(tuple)?.len() as i32))
    }
}

#[inline(always)]
fn wanted(tuple: Value) -> Result<Tuple, Stop> {
    Tuple::of(tuple).ok_or(Stop::trap(Trap::NotATuple))
}
