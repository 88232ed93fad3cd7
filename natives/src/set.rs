//! Natives on sets.
//!
//! Unions and the like are made element by element, each of which may find no room and be added again: a set does not mind.

use crate::arguments::{Arguments, Outcome, array, count, set};
use regatta_heap::handle::Local;
use regatta_heap::{Heap, Value};
use regatta_runtime::Stop;
use regatta_runtime::native::Failure;
use regatta_runtime::object::{Array, Set};

pub(crate) fn new<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    args.make(|heap, _| Ok(Set::new(heap)?.value()))
}

pub(crate) fn size<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    args.plain(count(args.set(0)?.len()))
}

pub(crate) fn add<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    args.set(0)?;
    args.make(|heap, [to, value, ..]| set(to)?.add(heap, value).map(|_| to))
}

pub(crate) fn has<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    args.set(0)?;
    args.make(|heap, [of, value, ..]| Ok(Value::bool(set(of)?.has(heap, value))))
}

pub(crate) fn delete<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    args.set(0)?;
    args.make(|heap, [of, value, ..]| Ok(Value::bool(set(of)?.remove(heap, value))))
}

pub(crate) fn clear<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    args.set(0)?;
    args.make(|heap, [of, ..]| {
        set(of)?.clear(heap);
        Ok(Value::NULL)
    })
}

pub(crate) fn values<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    args.set(0)?;
    args.make(|heap, [of, ..]| {
        let values: Vec<u64> = set(of)?.iter().map(Value::bits).collect();
        Ok(Array::from_values(heap, &values)?.value())
    })
}

pub(crate) fn from<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    let len = args.array(0)?.len();
    let (into, from) = (new(args)?, args.local(0));
    for n in 0..len {
        args.with([into, from], |heap, [into, from]| match array(from)?.get(n) {
            Some(value) => set(into)?.add(heap, value).map(drop),
            None => Ok(()),
        })?;
    }
    Ok(into)
}

pub(crate) fn union<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    let into = start(args)?;
    add_all(args, into, 0, |_, _, _| Ok(true))?;
    add_all(args, into, 1, |_, _, _| Ok(true))?;
    Ok(into)
}

pub(crate) fn intersection<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    let into = start(args)?;
    add_all(args, into, 0, |heap, other, value| Ok(set(other)?.has(heap, value)))?;
    Ok(into)
}

pub(crate) fn difference<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    let into = start(args)?;
    add_all(args, into, 0, |heap, other, value| Ok(!set(other)?.has(heap, value)))?;
    Ok(into)
}

/// Looks at the two sets, and makes a third.
fn start<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    args.set(0)?;
    args.set(1)?;
    new(args)
}

/// Adds those elements of argument `n` that `wanted` wants; it is shown argument 1 and the element.
fn add_all<'s>(
    args: &mut Arguments<'_, '_, 's>,
    into: Local<'s>,
    n: usize,
    wanted: fn(&mut Heap, Value, Value) -> Result<bool, Stop>,
) -> Result<(), Failure<'s>> {
    let locals = [into, args.local(n), args.local(1)];
    for slot in 0..args.set(n)?.slots() {
        args.with(locals, |heap, [into, from, other]| {
            if let Some(value) = set(from)?.entry(slot)
                && wanted(heap, other, value)?
            {
                set(into)?.add(heap, value)?;
            }
            Ok(())
        })?;
    }
    Ok(())
}

pub(crate) fn is_subset<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    args.set(0)?;
    args.set(1)?;
    args.make(|heap, [of, other, ..]| {
        let (of, other) = (set(of)?, set(other)?);
        Ok(Value::bool(of.iter().all(|value| other.has(heap, value))))
    })
}
