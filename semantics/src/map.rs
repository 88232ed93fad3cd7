//! What instructions on maps and sets mean.
//!
//! Finding a key is too much to be inlined into engines: each op is a call. What counts as one key is told in
//! [`regatta_runtime::object::key`].

use crate::meanings;
use regatta_heap::Value;
use regatta_runtime::object::{Map, Set, position};
use regatta_runtime::{Context, Stop, Trap};

meanings! {
    map_new(cx: &mut Context<'_>) -> Result<Value, Stop> { W::seldom(|| Ok(Map::new(&mut cx.process.heap)?.value())) }
    map_get(cx: &mut Context<'_>, map: Value, key: Value) -> Result<Value, Stop> {
        W::seldom(|| Ok(wanted(map)?.get(&mut cx.process.heap, key).unwrap_or(Value::UNDEFINED)))
    }
    map_set(cx: &mut Context<'_>, value: Value, map: Value, key: Value) -> Result<(), Stop> {
        W::seldom(|| wanted(map)?.set(&mut cx.process.heap, key, value))
    }
    map_has(cx: &mut Context<'_>, map: Value, key: Value) -> Result<Value, Stop> {
        W::seldom(|| Ok(Value::bool(wanted(map)?.get(&mut cx.process.heap, key).is_some())))
    }
    map_delete(cx: &mut Context<'_>, map: Value, key: Value) -> Result<Value, Stop> {
        W::seldom(|| Ok(Value::bool(wanted(map)?.remove(&mut cx.process.heap, key).is_some())))
    }
    map_len(_cx: &mut Context<'_>, map: Value) -> Result<Value, Stop> { Ok(Value::i32(wanted(map)?.len() as i32)) }

    map_slots(_cx: &mut Context<'_>, map: Value) -> Result<Value, Stop> {
        let slots = match Map::of(map) {
            Some(map) => map.slots(),
            None => wanted_set(map)?.slots(),
        };
        Ok(Value::i32(slots as i32))
    }
    map_key_at(_cx: &mut Context<'_>, map: Value, slot: Value) -> Result<Value, Stop> {
        W::seldom(|| {
            let key = match Map::of(map) {
                Some(map) => map.entry(position(slot)?).map(|(key, _)| key),
                None => wanted_set(map)?.entry(position(slot)?),
            };
            Ok(key.unwrap_or(Value::UNDEFINED))
        })
    }
    map_value_at(_cx: &mut Context<'_>, map: Value, slot: Value) -> Result<Value, Stop> {
        W::seldom(|| Ok(wanted(map)?.entry(position(slot)?).map_or(Value::UNDEFINED, |(_, value)| value)))
    }

    set_new(cx: &mut Context<'_>) -> Result<Value, Stop> { W::seldom(|| Ok(Set::new(&mut cx.process.heap)?.value())) }
    set_add(cx: &mut Context<'_>, key: Value, set: Value) -> Result<(), Stop> {
        W::seldom(|| wanted_set(set)?.add(&mut cx.process.heap, key).map(drop))
    }
    set_has(cx: &mut Context<'_>, set: Value, key: Value) -> Result<Value, Stop> {
        W::seldom(|| Ok(Value::bool(wanted_set(set)?.has(&mut cx.process.heap, key))))
    }
    set_delete(cx: &mut Context<'_>, set: Value, key: Value) -> Result<Value, Stop> {
        W::seldom(|| Ok(Value::bool(wanted_set(set)?.remove(&mut cx.process.heap, key))))
    }
    set_len(_cx: &mut Context<'_>, set: Value) -> Result<Value, Stop> { Ok(Value::i32(wanted_set(set)?.len() as i32)) }
}

#[inline(always)]
fn wanted(map: Value) -> Result<Map, Stop> {
    Map::of(map).ok_or(Stop::trap(Trap::NotAMap))
}

#[inline(always)]
fn wanted_set(set: Value) -> Result<Set, Stop> {
    Set::of(set).ok_or(Stop::trap(Trap::NotAMap))
}
