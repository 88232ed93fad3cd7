//! Natives on maps.

use crate::arguments::{Arguments, Outcome, count, map};
use regatta_heap::Value;
use regatta_runtime::Stop;
use regatta_runtime::object::{Array, Map};

pub(crate) fn new<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    args.make(|heap, _| Ok(Map::new(heap)?.value()))
}

pub(crate) fn size<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    args.plain(count(args.map(0)?.len()))
}

pub(crate) fn get<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    args.map(0)?;
    args.make(|heap, [of, key, ..]| Ok(map(of)?.get(heap, key).unwrap_or(Value::NULL)))
}

pub(crate) fn set<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    args.map(0)?;
    args.make(|heap, [of, key, value, ..]| map(of)?.set(heap, key, value).map(|()| of))
}

pub(crate) fn has<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    args.map(0)?;
    args.make(|heap, [of, key, ..]| Ok(Value::bool(map(of)?.get(heap, key).is_some())))
}

pub(crate) fn delete<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    args.map(0)?;
    args.make(|heap, [of, key, ..]| Ok(Value::bool(map(of)?.remove(heap, key).is_some())))
}

pub(crate) fn clear<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    args.map(0)?;
    args.make(|heap, [of, ..]| {
        map(of)?.clear(heap);
        Ok(Value::NULL)
    })
}

pub(crate) fn keys<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    list(args, |(key, _)| key)
}

pub(crate) fn values<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    list(args, |(_, value)| value)
}

fn list<'s>(args: &mut Arguments<'_, '_, 's>, part: fn((Value, Value)) -> Value) -> Outcome<'s> {
    args.map(0)?;
    args.make(|heap, [of, ..]| {
        let values: Vec<u64> = map(of)?.iter().map(|entry| part(entry).bits()).collect();
        Ok(Array::from_values(heap, &values)?.value())
    })
}

pub(crate) fn entries<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    let slots = args.map(0)?.slots();
    let list = args.make(|heap, _| Ok(Array::new(heap, slots)?.value()))?;
    let of = args.local(0);
    for n in 0..slots {
        let pair = args.objects.make([of], |heap, [of]| match map(of)?.entry(n) {
            Some((key, value)) => Ok(Array::from_values(heap, &[key.bits(), value.bits()])?.value()),
            None => Ok(Value::UNDEFINED),
        })?;
        args.with([list, pair], |heap, [list, pair]| push_unless_absent(heap, list, pair))?;
    }
    Ok(list)
}

fn push_unless_absent(heap: &mut regatta_heap::Heap, list: Value, pair: Value) -> Result<(), Stop> {
    match pair {
        Value::UNDEFINED => Ok(()),
        pair => crate::arguments::array(list)?.push(heap, pair),
    }
}
