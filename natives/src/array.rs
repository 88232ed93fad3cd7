//! Natives on arrays.
//!
//! Those that make an array gather its elements outside of the heap first, which is cheap next to making them; whatever
//! could become very long is compared with what the heap may hold before that.

use crate::arguments::{Arguments, Outcome, array, count, described};
use crate::object::are_one_key;
use regatta_heap::Value;
use regatta_heap::handle::Local;
use regatta_runtime::native::Failure;
use regatta_runtime::object::{Array, MAX_ARRAY_LENGTH, Str};
use regatta_runtime::{Stop, Trap, text_of};
use std::cmp::Ordering;

/// Elements that `array.flat` visits at most, so that arrays that share their parts end some day.
const MAX_FLAT_VISITS: usize = 1 << 24;

pub(crate) fn new<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    let len = args.integer_in(0, 0..=MAX_ARRAY_LENGTH as i64)? as usize;
    args.make(|heap, [_, value, ..]| {
        let value = if value == Value::UNDEFINED { Value::NULL } else { value };
        Ok(Array::filled(heap, len, value)?.value())
    })
}

pub(crate) fn push<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    args.array(0)?;
    args.make(|heap, [to, value, ..]| {
        let to = array(to)?;
        to.push(heap, value)?;
        Ok(count(to.len()))
    })
}

pub(crate) fn pop<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    args.array(0)?;
    args.make(|_, [from, ..]| Ok(array(from)?.pop().unwrap_or(Value::NULL)))
}

pub(crate) fn shift<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    args.array(0)?;
    args.make(|heap, [from, ..]| {
        let from = array(from)?;
        let Some(first) = from.get(0) else { return Ok(Value::NULL) };
        for n in 1..from.len() {
            // What an array holds fits at any of its places.
            from.replace(heap, n - 1, from.get(n).unwrap_or(Value::UNDEFINED));
        }
        from.pop();
        Ok(first)
    })
}

pub(crate) fn unshift<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    args.array(0)?;
    args.make(|heap, [to, value, ..]| {
        let to = array(to)?;
        to.push(heap, value)?;
        let last = to.get(to.len() - 1).unwrap_or(value);
        for n in (1..to.len()).rev() {
            to.replace(heap, n, to.get(n - 1).unwrap_or(Value::UNDEFINED));
        }
        to.replace(heap, 0, last);
        Ok(count(to.len()))
    })
}

pub(crate) fn index_of<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    let (array, value) = (args.array(0)?, args.value(1));
    let from = args.place_or(2, array.len(), 0)?;
    let found = (from..array.len()).find(|&n| array.get(n).is_some_and(|element| equal(element, value)));
    args.plain(found.map_or(Value::i32(-1), count))
}

pub(crate) fn last_index_of<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    let (array, value) = (args.array(0)?, args.value(1));
    let found = (0..array.len()).rev().find(|&n| array.get(n).is_some_and(|element| equal(element, value)));
    args.plain(found.map_or(Value::i32(-1), count))
}

pub(crate) fn includes<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    let (array, value) = (args.array(0)?, args.value(1));
    args.plain(Value::bool(array.iter().any(|element| are_one_key(element, value))))
}

/// One key, but for NaN.
fn equal(a: Value, b: Value) -> bool {
    are_one_key(a, b) && !a.as_number().is_some_and(f64::is_nan)
}

pub(crate) fn slice<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    let len = args.array(0)?.len();
    let (start, end) = (args.place_or(1, len, 0)?, args.place_or(2, len, len)?);
    args.make(|heap, [from, ..]| Ok(Array::from_values(heap, &part(array(from)?, start, end))?.value()))
}

/// The elements from `start` up to `end`.
fn part(array: Array, start: usize, end: usize) -> Vec<u64> {
    (start..end.min(array.len())).filter_map(|n| array.get(n)).map(Value::bits).collect()
}

pub(crate) fn concat<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    args.array(0)?;
    args.array(1)?;
    args.make(|heap, [a, b, ..]| {
        let values: Vec<u64> = array(a)?.iter().chain(array(b)?.iter()).map(Value::bits).collect();
        Ok(Array::from_values(heap, &values)?.value())
    })
}

pub(crate) fn reverse<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    let len = args.array(0)?.len();
    args.make(|heap, [value, ..]| {
        let array = array(value)?;
        for (n, m) in (0..len / 2).map(|n| (n, len - 1 - n)) {
            if let (Some(a), Some(b)) = (array.get(n), array.get(m)) {
                array.replace(heap, n, b);
                array.replace(heap, m, a);
            }
        }
        Ok(value)
    })
}

pub(crate) fn join<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    args.array(0)?;
    let separator = if args.is_absent(1) { ",".to_string() } else { args.chars(1)? };
    let room = args.room()?;
    let array = args.array(0)?;
    let mut text = String::new();
    for (n, element) in array.iter().enumerate() {
        if n > 0 {
            text.push_str(&separator);
        }
        match Str::of(element) {
            Some(string) => text.extend(string.parts()),
            None if element.is_nothing() => {}
            None => text.push_str(&text_of(args.program, element)),
        }
        if text.len() > room {
            return Err(Trap::OutOfMemory.into());
        }
    }
    args.give(&text)
}

pub(crate) fn fill<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    let len = args.array(0)?.len();
    let (start, end) = (args.place_or(2, len, 0)?, args.place_or(3, len, len)?);
    args.make(|heap, [target, value, ..]| {
        // Only the first store may find no room, and then nothing has changed.
        (start..end).try_for_each(|n| array(target)?.set(heap, n, value))?;
        Ok(target)
    })
}

pub(crate) fn splice<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    let len = args.array(0)?.len();
    let start = args.place_or(1, len, 0)?;
    let removed = args.integer_or(2, len as i64)?.clamp(0, (len - start) as i64) as usize;
    if !args.is_absent(3) {
        args.array(3)?;
    }
    let end = start + removed;
    let taken = args.make(|heap, [from, ..]| Ok(Array::from_values(heap, &part(array(from)?, start, end))?.value()))?;
    let rest = args.make(|heap, [target, _, _, values]| {
        let mut rest = Array::of(values).map_or(vec![], |values| part(values, 0, values.len()));
        rest.extend(part(array(target)?, end, len));
        Ok(Array::from_values(heap, &rest)?.value())
    })?;
    replace_tail(args, start, rest)?;
    Ok(taken)
}

/// Puts the elements of `rest` in place of all from `start` on. They are appended first, so that the array is as it was if
/// there is no room for them.
fn replace_tail<'s>(args: &mut Arguments<'_, '_, 's>, start: usize, rest: Local<'s>) -> Result<(), Failure<'s>> {
    let target = args.local(0);
    let len = args.with([target], |_, [target]| Ok(array(target)?.len()))?;
    let more = args.with([rest], |_, [rest]| Ok(array(rest)?.len()))?;
    for n in 0..more {
        let pushed = args.with([target, rest], |heap, [target, rest]| {
            array(target)?.push(heap, array(rest)?.get(n).unwrap_or(Value::UNDEFINED))
        });
        if let Err(failure) = pushed {
            args.with([target], |_, [target]| truncate(array(target)?, len))?;
            return Err(failure);
        }
    }
    args.with([target], |heap, [target]| {
        let target = array(target)?;
        for n in 0..more {
            target.replace(heap, start + n, target.get(len + n).unwrap_or(Value::UNDEFINED));
        }
        truncate(target, start + more)
    })
}

fn truncate(array: Array, len: usize) -> Result<(), Stop> {
    while array.len() > len {
        array.pop();
    }
    Ok(())
}

pub(crate) fn flat<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    args.array(0)?;
    let depth = args.integer_or(1, 1)?.max(0) as usize;
    args.make(|heap, [from, ..]| {
        let values = flattened(array(from)?, depth, heap.limit() / size_of::<u64>())?;
        Ok(Array::from_values(heap, &values)?.value())
    })
}

/// The elements, with arrays down to a depth replaced by theirs; no more than `most`.
fn flattened(array: Array, depth: usize, most: usize) -> Result<Vec<u64>, Stop> {
    let mut values = Vec::new();
    let mut open = vec![(array, 0)];
    for _ in 0..MAX_FLAT_VISITS {
        let Some((array, next)) = open.last_mut() else { return Ok(values) };
        let element = array.get(*next);
        *next += 1;
        match element {
            None => drop(open.pop()),
            Some(element) => match Array::of(element).filter(|_| open.len() <= depth) {
                Some(inner) => open.push((inner, 0)),
                None if values.len() == most => return Err(Trap::OutOfMemory.into()),
                None => values.push(element.bits()),
            },
        }
    }
    Err(Trap::LengthOverflow.into())
}

pub(crate) fn sort<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    let array = args.array(0)?;
    let mut values: Vec<Value> = array.iter().collect();
    if values.iter().all(|value| value.as_number().is_some()) {
        values.sort_by(|&a, &b| by_size(a, b));
    } else if values.iter().all(|&value| Str::of(value).is_some()) {
        values.sort_by(|&a, &b| Str::of(a).zip(Str::of(b)).map_or(Ordering::Equal, |(a, b)| a.order(b)));
    } else {
        let first_is_text = values.first().is_some_and(|&value| Str::of(value).is_some());
        let fits = |&value: &Value| if first_is_text { Str::of(value).is_some() } else { value.as_number().is_some() };
        let (n, odd) = values.iter().copied().enumerate().find(|(_, value)| !fits(value)).unwrap_or((0, values[0]));
        let odd = described(args.program, odd);
        return args
            .fail(format_args!("element {n} is {odd}, and without a function only numbers or strings have an order"));
    }
    // Nothing was made since the elements were read.
    args.make(|heap, [target, ..]| {
        let target = crate::arguments::array(target)?;
        for (n, &value) in values.iter().enumerate() {
            target.replace(heap, n, value);
        }
        Ok(target.value())
    })
}

/// By size, NaN last.
fn by_size(a: Value, b: Value) -> Ordering {
    let (a, b) = (a.as_number().unwrap_or(f64::NAN), b.as_number().unwrap_or(f64::NAN));
    a.partial_cmp(&b).unwrap_or_else(|| a.is_nan().cmp(&b.is_nan()))
}
