//! What instructions on tagged values mean.

use crate::meanings;
use regatta_heap::Value;
use regatta_ir::TextId;
use regatta_runtime::object::Enum;
use regatta_runtime::{Context, Stop, Trap};

meanings! {
    enum_make(cx: &mut Context<'_>, items: &[u64], tag: TextId) -> Result<Value, Stop> {
        W::quick_if::<Stop>(|| cx.process.heap.has_room(1 + items.len()))?;
        Ok(Enum::new(&mut cx.process.heap, tag, items)?.value())
    }
    enum_tag(_cx: &mut Context<'_>, value: Value) -> Result<Value, Stop> { Ok(Value::atom(wanted(value)?.tag().0)) }
    enum_get(_cx: &mut Context<'_>, value: Value, index: usize) -> Result<Value, Stop> {
        wanted(value)?.get(index).ok_or(Stop::trap(Trap::IndexOutOfBounds))
    }
    enum_len(_cx: &mut Context<'_>, value: Value) -> Result<Value, Stop> {
        Ok(Value::i32(wanted(value)?.len() as i32))
    }

    is_enum(_cx: &mut Context<'_>, value: Value, tag: TextId) -> bool {
        Enum::of(value).is_some_and(|value| value.tag() == tag)
    }
    is_not_enum(cx: &mut Context<'_>, value: Value, tag: TextId) -> bool { !is_enum::<W>(cx, value, tag) }
}

#[inline(always)]
fn wanted(value: Value) -> Result<Enum, Stop> {
    Enum::of(value).ok_or(Stop::trap(Trap::NotAnEnum))
}
