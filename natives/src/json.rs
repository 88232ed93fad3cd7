//! Natives on JSON: values to text and back.
//!
//! Objects become maps with strings as keys, in the order of the text; of two values with one key, the last one stays.
//! How deep things lie in each other is limited both ways, so that neither text nor values can exhaust the machine's stack.

mod parse;
mod write;

use crate::arguments::{Arguments, Outcome, array, map};
use parse::Parser;
use regatta_heap::Value;
use regatta_heap::handle::Local;
use regatta_runtime::native::Failure;
use regatta_runtime::object::{Array, Map, Str};
use write::Writer;

/// Arrays and objects inside each other.
pub const MAX_JSON_DEPTH: usize = 256;

pub(crate) fn stringify<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    let mut writer = Writer::new(args.program, args.room()?);
    match writer.value(args.value(0)) {
        Ok(()) => {
            let text = writer.finish();
            args.give(&text)
        }
        Err(complaint) => args.fail(complaint),
    }
}

pub(crate) fn parse<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    let text = args.chars(0)?;
    Parser::new(&text).parse(args)
}

pub(crate) fn decode<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    let (text, keys) = (args.chars(0)?, args.array(1)?);
    if !keys.iter().all(|key| Str::of(key).is_some()) {
        return args.fail("argument 2 (keys) has an element that is not a string");
    }
    let object = Parser::new(&text).parse(args)?;
    if Map::of(args.get(object).value()).is_none() {
        return args.fail("the text is not that of an object");
    }
    let keys = args.local(1);
    args.objects.make([object, keys], |heap, [object, keys]| {
        let object = map(object)?;
        let values = array(keys)?.iter().map(|key| object.get(heap, key).unwrap_or(Value::NULL).bits());
        let values: Vec<u64> = values.collect();
        Ok(Array::from_values(heap, &values)?.value())
    })
}

pub(crate) fn merge<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    args.map(0)?;
    args.map(1)?;
    let into = args.make(|heap, _| Ok(Map::new(heap)?.value()))?;
    add_all(args, into, args.local(0))?;
    add_all(args, into, args.local(1))?;
    Ok(into)
}

/// Adds the entries of a map to another.
fn add_all<'s>(args: &mut Arguments<'_, '_, 's>, into: Local<'s>, from: Local<'s>) -> Result<(), Failure<'s>> {
    let slots = args.with([from], |_, [from]| Ok(map(from)?.slots()))?;
    for n in 0..slots {
        args.with([into, from], |heap, [into, from]| match map(from)?.entry(n) {
            Some((key, value)) => map(into)?.set(heap, key, value),
            None => Ok(()),
        })?;
    }
    Ok(())
}
