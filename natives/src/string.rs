//! Natives on strings.
//!
//! What people count are characters (code points): `charAt`, `substring`, `slice`. What searches give are byte offsets, as
//! the instructions on strings take them. A part of a string is made from the string, so that a long one is not copied.

use crate::arguments::{Arguments, Outcome, count, string};
use crate::regexp;
use regatta_heap::Value;
use regatta_heap::handle::Local;
use regatta_heap::string::MAX_STRING_BYTES;
use regatta_runtime::Trap;
use regatta_runtime::native::Failure;
use regatta_runtime::object::{Array, Regex, Str};
use std::ops::Range;

pub(crate) fn char_at<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    let (string, index) = (args.flat(0)?, args.integer(1)?);
    let text = characters(&string);
    let place = character(text, index).map_or(0..0, |(at, c)| at..at + c.len_utf8());
    part(args, place)
}

pub(crate) fn char_code_at<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    let (string, index) = (args.flat(0)?, args.integer(1)?);
    args.plain(Value::i32(character(characters(&string), index).map_or(-1, |(_, c)| c as i32)))
}

/// The characters of a string that was flattened.
fn characters(string: &Str) -> &str {
    string.text().unwrap_or_default()
}

/// A character by its index, and where it is.
fn character(text: &str, index: i64) -> Option<(usize, char)> {
    let index = usize::try_from(index).ok().filter(|&index| index < text.len())?;
    text.char_indices().nth(index)
}

pub(crate) fn substring<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    let (start, end) = (args.integer(1)?.max(0), args.integer_or(2, i64::MAX)?.max(0));
    let string = args.flat(0)?;
    let text = characters(&string);
    let place = |index: i64| offset(text, usize::try_from(index).unwrap_or(usize::MAX));
    let place = place(start.min(end))..place(start.max(end));
    part(args, place)
}

pub(crate) fn slice<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    let string = args.flat(0)?;
    let text = characters(&string);
    let len = text.chars().count();
    let (start, end) = (args.place_or(1, len, 0)?, args.place_or(2, len, len)?);
    let place = offset(text, start)..offset(text, end.max(start));
    part(args, place)
}

/// Where the character with this index begins; the end, if there is none.
fn offset(text: &str, index: usize) -> usize {
    if index >= text.len() {
        return text.len();
    }
    text.char_indices().nth(index).map_or(text.len(), |(at, _)| at)
}

/// A part of argument 0.
fn part<'s>(args: &mut Arguments<'_, '_, 's>, place: Range<usize>) -> Outcome<'s> {
    args.make(|heap, [of, ..]| Ok(string(of)?.slice(heap, place.start, place.end)?.value()))
}

pub(crate) fn to_upper<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    let text = args.chars(0)?.to_uppercase();
    args.give(&text)
}

pub(crate) fn to_lower<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    let text = args.chars(0)?.to_lowercase();
    args.give(&text)
}

pub(crate) fn trim<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    trimmed(args, str::trim)
}

pub(crate) fn trim_start<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    trimmed(args, str::trim_start)
}

pub(crate) fn trim_end<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    trimmed(args, str::trim_end)
}

fn trimmed<'s>(args: &mut Arguments<'_, '_, 's>, trim: fn(&str) -> &str) -> Outcome<'s> {
    let string = args.flat(0)?;
    let text = characters(&string);
    let inner = trim(text);
    let start = inner.as_ptr().addr() - text.as_ptr().addr();
    let place = start..start + inner.len();
    part(args, place)
}

pub(crate) fn index_of<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    let (search, string) = (args.chars(1)?, args.flat(0)?);
    let text = characters(&string);
    // An offset inside a character counts as the next one's.
    let from = text.ceil_char_boundary(args.place_or(2, text.len(), 0)?);
    args.plain(text[from..].find(&search).map_or(Value::i32(-1), |at| count(from + at)))
}

pub(crate) fn last_index_of<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    let (search, string) = (args.chars(1)?, args.flat(0)?);
    args.plain(characters(&string).rfind(&search).map_or(Value::i32(-1), count))
}

pub(crate) fn includes<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    let (search, string) = (args.chars(1)?, args.flat(0)?);
    args.plain(Value::bool(characters(&string).contains(&search)))
}

pub(crate) fn starts_with<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    let (search, string) = (args.chars(1)?, args.flat(0)?);
    args.plain(Value::bool(characters(&string).starts_with(&search)))
}

pub(crate) fn ends_with<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    let (search, string) = (args.chars(1)?, args.flat(0)?);
    args.plain(Value::bool(characters(&string).ends_with(&search)))
}

pub(crate) fn split<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    if Regex::of(args.value(1)).is_some() {
        return regexp::string_split(args);
    }
    let (separator, limit) = (args.chars(1)?, limit(args, 2)?);
    let string = args.flat(0)?;
    let text = characters(&string);
    let start = text.as_ptr().addr();
    let place = |piece: &str| piece.as_ptr().addr() - start..piece.as_ptr().addr() - start + piece.len();
    let places: Vec<Range<usize>> = if separator.is_empty() {
        text.char_indices().map(|(at, c)| at..at + c.len_utf8()).take(limit).collect()
    } else {
        text.split(&separator).map(place).take(limit).collect()
    };
    parts(args, args.local(0), &places)
}

/// How many pieces argument `n` allows; at most a few more than there is room for.
pub(crate) fn limit<'s>(args: &mut Arguments<'_, '_, 's>, n: usize) -> Result<usize, Failure<'s>> {
    // A piece is an object with a word at least, and an element.
    let most = args.room()? / 24 + 1;
    Ok(match args.integer_or(n, 0)? {
        limit if limit <= 0 => most,
        limit => most.min(limit as usize),
    })
}

/// An array of parts of a string.
pub(crate) fn parts<'s>(args: &mut Arguments<'_, '_, 's>, of: Local<'s>, places: &[Range<usize>]) -> Outcome<'s> {
    let list = args.objects.make([], |heap, []| Ok(Array::new(heap, places.len())?.value()))?;
    for place in places {
        let part =
            args.objects.make([of], |heap, [of]| Ok(string(of)?.slice(heap, place.start, place.end)?.value()))?;
        push(args, list, part)?;
    }
    Ok(list)
}

/// Adds an element to an array.
pub(crate) fn push<'s>(args: &mut Arguments<'_, '_, 's>, list: Local<'s>, value: Local<'s>) -> Result<(), Failure<'s>> {
    args.with([list, value], |heap, [list, value]| crate::arguments::array(list)?.push(heap, value))
}

pub(crate) fn replace<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    if Regex::of(args.value(1)).is_some() {
        return regexp::string_replace(args);
    }
    let (text, search, replacement) = (args.chars(0)?, args.chars(1)?, args.chars(2)?);
    args.give(&text.replacen(&search, &replacement, 1))
}

pub(crate) fn repeat<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    let text = args.chars(0)?;
    let times = args.integer_in(1, 0..=i64::MAX)? as usize;
    check_length(args, text.len() as u128 * times as u128)?;
    args.give(&text.repeat(if text.is_empty() { 0 } else { times }))
}

/// Refuses to make a string of more bytes than strings may have, or the heap.
pub(crate) fn check_length<'s>(args: &mut Arguments<'_, '_, 's>, bytes: u128) -> Result<(), Failure<'s>> {
    if bytes > MAX_STRING_BYTES as u128 {
        return Err(Trap::LengthOverflow.into());
    }
    args.check_room(bytes)
}

pub(crate) fn pad_start<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    let (text, padding) = padded(args)?;
    args.give(&(padding + &text))
}

pub(crate) fn pad_end<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    let (text, padding) = padded(args)?;
    args.give(&(text + &padding))
}

/// A string, and what fills it up.
fn padded<'s>(args: &mut Arguments<'_, '_, 's>) -> Result<(String, String), Failure<'s>> {
    let text = args.chars(0)?;
    let len = args.integer(1)?.max(0) as usize;
    let pad = if args.is_absent(2) { " ".to_string() } else { args.chars(2)? };
    let missing = len.saturating_sub(text.len());
    if missing == 0 || pad.is_empty() {
        return Ok((text, String::new()));
    }
    check_length(args, len as u128)?;
    let mut padding = pad.repeat(missing / pad.len());
    padding.push_str(&pad[..pad.floor_char_boundary(missing % pad.len())]);
    Ok((text, padding))
}
