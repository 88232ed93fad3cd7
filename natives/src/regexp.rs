//! Natives on regular expressions, and those on strings that take one.
//!
//! An expression is an object of two strings: pattern and flags. What is compiled from them is kept beside the heap, in a
//! small table of the thread: see [`compiled`]. Nothing is remembered between calls, not even where the last match was.
//!
//! Offsets are bytes. Matching takes time linear in the text, whatever the pattern.

mod compiled;
mod replacement;

use crate::arguments::{Arguments, Outcome, array, count};
use crate::string::{limit, parts, push};
use compiled::Pattern;
pub use compiled::{MAX_COMPILED_PATTERNS, MAX_PATTERN_BYTES};
use regatta_heap::Value;
use regatta_heap::handle::Local;
use regatta_runtime::native::Failure;
use regatta_runtime::object::{Array, Regex, Str};
use regatta_runtime::{Trap, text_of};
use replacement::expand;
use std::ops::Range;
use std::rc::Rc;

pub(crate) fn new<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    let pattern = args.chars(0)?;
    let flags = if args.is_absent(1) { String::new() } else { args.chars(1)? };
    if let Err(error) = compiled::compile(&pattern, &flags) {
        return args.fail(error);
    }
    let flags = args.give(&flags)?;
    let pattern = args.local(0);
    args.objects.make([pattern, flags], |heap, [pattern, flags]| Ok(Regex::new(heap, pattern, flags)?.value()))
}

/// What an expression was compiled to.
fn pattern<'s>(args: &Arguments<'_, '_, 's>, n: usize) -> Result<Rc<Pattern>, Failure<'s>> {
    let regex = args.regex(n)?;
    let text = |value| Str::of(value).map_or(String::new(), |string| string.to_text().into_owned());
    compiled::compile(&text(regex.source()), &text(regex.flags())).or_else(|error| args.fail(error))
}

pub(crate) fn test<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    let (pattern, text) = (pattern(args, 0)?, args.chars(1)?);
    args.plain(Value::bool(pattern.regex.is_match(&text)))
}

pub(crate) fn exec<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    let (pattern, text) = (pattern(args, 0)?, args.chars(1)?);
    match pattern.regex.captures(&text) {
        Some(captures) => groups(args, args.local(1), &places(&captures)),
        None => args.plain(Value::NULL),
    }
}

pub(crate) fn exec_all<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    let (pattern, text) = (pattern(args, 0)?, args.chars(1)?);
    let list = args.objects.make([], |heap, []| Ok(Array::new(heap, 0)?.value()))?;
    for captures in pattern.regex.captures_iter(&text) {
        let found = groups(args, args.local(1), &places(&captures))?;
        push(args, list, found)?;
    }
    Ok(list)
}

type Places = Vec<Option<Range<usize>>>;

fn places(captures: &regex::Captures<'_>) -> Places {
    captures.iter().map(|group| group.map(|group| group.range())).collect()
}

/// An array of parts of a string, null for those that are not there.
fn groups<'s>(args: &mut Arguments<'_, '_, 's>, of: Local<'s>, places: &Places) -> Outcome<'s> {
    let list = args.objects.make([], |heap, []| Ok(Array::new(heap, places.len())?.value()))?;
    for place in places {
        let part = args.objects.make([of], |heap, [of]| match place {
            Some(place) => Ok(crate::arguments::string(of)?.slice(heap, place.start, place.end)?.value()),
            None => Ok(Value::NULL),
        })?;
        push(args, list, part)?;
    }
    Ok(list)
}

pub(crate) fn string_match<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    let (pattern, text) = (pattern(args, 1)?, args.chars(0)?);
    let most = if pattern.all { args.room()? / 24 + 1 } else { 1 };
    let places: Vec<_> = pattern.regex.find_iter(&text).map(|found| found.range()).take(most).collect();
    if places.is_empty() { args.plain(Value::NULL) } else { parts(args, args.local(0), &places) }
}

pub(crate) fn string_match_all<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    let (pattern, text) = (pattern(args, 1)?, args.chars(0)?);
    let list = args.objects.make([], |heap, []| Ok(Array::new(heap, 0)?.value()))?;
    for found in pattern.regex.find_iter(&text) {
        let pair = parts(args, args.local(0), &[found.range()])?;
        args.with([pair], |heap, [pair]| array(pair)?.push(heap, count(found.start())))?;
        push(args, list, pair)?;
    }
    Ok(list)
}

pub(crate) fn string_search<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    let (pattern, text) = (pattern(args, 1)?, args.chars(0)?);
    args.plain(pattern.regex.find(&text).map_or(Value::i32(-1), |found| count(found.start())))
}

pub(crate) fn string_replace<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    replace_in(args, 0, 1)
}

pub(crate) fn replace<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    replace_in(args, 1, 0)
}

fn replace_in<'s>(args: &mut Arguments<'_, '_, 's>, string: usize, regexp: usize) -> Outcome<'s> {
    let (text, pattern, replacement) = (args.chars(string)?, pattern(args, regexp)?, args.chars(2)?);
    let room = args.room()?;
    let replaced = replaced(&text, &pattern, room, |_, captures, out| {
        expand(&replacement, captures, room, out);
        true
    });
    give(args, replaced)
}

pub(crate) fn replace_matches<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    let (pattern, text, room) = (pattern(args, 0)?, args.chars(1)?, args.room()?);
    let (program, array) = (args.program, args.array(2)?);
    let replaced = replaced(&text, &pattern, room, |n, _, out| {
        array.get(n).map(|value| out.push_str(&text_of(program, value))).is_some()
    });
    give(args, replaced)
}

fn give<'s>(args: &mut Arguments<'_, '_, 's>, text: Option<String>) -> Outcome<'s> {
    match text {
        Some(text) => args.give(&text),
        None => Err(Trap::OutOfMemory.into()),
    }
}

/// The text with the first match, or all, replaced by what `put` writes; where it writes nothing, by itself. Nothing, if it
/// would be longer than there is room for.
fn replaced(
    text: &str,
    pattern: &Pattern,
    room: usize,
    mut put: impl FnMut(usize, &regex::Captures<'_>, &mut String) -> bool,
) -> Option<String> {
    let most = if pattern.all { usize::MAX } else { 1 };
    let (mut out, mut end) = (String::new(), 0);
    for (n, captures) in pattern.regex.captures_iter(text).take(most).enumerate() {
        let found = captures.get_match();
        out.push_str(&text[end..found.start()]);
        if !put(n, &captures, &mut out) {
            out.push_str(found.as_str());
        }
        end = found.end();
        if out.len() > room {
            return None;
        }
    }
    out.push_str(&text[end..]);
    Some(out)
}

pub(crate) fn string_split<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    split_in(args, 0, 1)
}

pub(crate) fn split<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    split_in(args, 1, 0)
}

fn split_in<'s>(args: &mut Arguments<'_, '_, 's>, string: usize, regexp: usize) -> Outcome<'s> {
    let (text, pattern, limit) = (args.chars(string)?, pattern(args, regexp)?, limit(args, 2)?);
    let (mut places, mut end) = (Vec::new(), 0);
    // An empty match separates characters, and nothing from the ends.
    let between = |found: &regex::Match<'_>| !found.is_empty() || (found.start() > 0 && found.end() < text.len());
    for found in pattern.regex.find_iter(&text).filter(between) {
        if places.len() == limit {
            break;
        }
        places.push(end..found.start());
        end = found.end();
    }
    places.push(end..text.len());
    places.truncate(limit);
    parts(args, args.local(string), &places)
}
