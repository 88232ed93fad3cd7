//! What instructions on strings mean.
//!
//! Offsets and lengths count bytes. What looks at single bytes makes the string flat first, so that walking through a
//! rope is not walking through all of its parts again and again.

use crate::{Way, Whole, meanings};
use regatta_heap::{Kind, Value, string::MAX_STRING_BYTES};
use regatta_ir::TextId;
use regatta_runtime::display::number::Decimal;
use regatta_runtime::object::{MIN_ROPE_BYTES, Piece, Str, position};
use regatta_runtime::{Context, Stop, Trap, text_of};
use std::borrow::Cow;

meanings! {
    str_const(cx: &mut Context<'_>, text: TextId) -> Result<Value, Stop> { shared::<W>(cx, text) }
    str_len(a: Value) -> Result<Value, Trap> { Ok(Value::i32(wanted(a)?.len() as i32)) }
    str_concat(cx: &mut Context<'_>, a: Value, b: Value) -> Result<Value, Stop> { W::seldom(|| concat(cx, a, b)) }
    str_slice(cx: &mut Context<'_>, a: Value, from: Value, to: Value) -> Result<Value, Stop> {
        W::seldom(|| slice(cx, a, from, to))
    }
    str_byte(cx: &mut Context<'_>, a: Value, index: Value) -> Result<Value, Stop> {
        W::quick_if::<Stop>(|| a.as_kind(Kind::String).is_some())?;
        if let (Some(string), Some(index)) = (Str::of(a), index.as_i32())
            && let Some(text) = string.text()
            && let Some(&byte) = text.as_bytes().get(index as u32 as usize)
        {
            return Ok(Value::i32(byte.into()));
        }
        W::seldom(|| byte_slowly(cx, a, index))
    }
    str_char(cx: &mut Context<'_>, a: Value, index: Value) -> Result<Value, Stop> {
        W::seldom(|| character(cx, a, index))
    }
    val_to_str(cx: &mut Context<'_>, a: Value) -> Result<Value, Stop> {
        if Str::of(a).is_some() { Ok(a) } else { W::seldom(|| text_as_string(cx, a)) }
    }
    atom_from_str(cx: &mut Context<'_>, a: Value) -> Result<Value, Stop> { W::seldom(|| intern(cx, a)) }
    str_from_atom(cx: &mut Context<'_>, a: Value) -> Result<Value, Stop> {
        match a.as_atom() {
            Some(atom) => shared::<W>(cx, TextId(atom)),
            None => Err(Trap::NotAnAtom.into()),
        }
    }
}

/// The program's own string of a text.
#[inline(always)]
fn shared<W: Way>(cx: &Context<'_>, text: TextId) -> Result<Value, Stop> {
    match cx.program.text(text) {
        Some(text) => Ok(text.value()),
        None => W::seldom(|| unreachable!("[V-REF] what code and atoms name is in the program")),
    }
}

#[inline(always)]
fn wanted(a: Value) -> Result<Str, Trap> {
    Str::of(a).ok_or(Trap::NotAString)
}

#[inline(never)]
fn concat(cx: &mut Context<'_>, a: Value, b: Value) -> Result<Value, Stop> {
    let heap = &mut cx.process.heap;
    match (Str::of(a), Str::of(b)) {
        (Some(left), Some(right)) => return Ok(Str::concat(heap, left, right)?.value()),
        (Some(left), None) if b.is_i32() => {
            let right = Decimal::of(b.low_i32());
            if left.len() + right.len() < MIN_ROPE_BYTES {
                return Ok(Str::of_pieces(heap, Piece::Str(left), Piece::Decimal(right))?.value());
            }
        }
        (None, Some(right)) if a.is_i32() => {
            let left = Decimal::of(a.low_i32());
            if left.len() + right.len() < MIN_ROPE_BYTES {
                return Ok(Str::of_pieces(heap, Piece::Decimal(left), Piece::Str(right))?.value());
            }
        }
        _ => {}
    }
    concat_texts(cx, a, b)
}

/// One of them is no string: its text is made first, and room for everything before anything.
#[cold]
#[inline(never)]
fn concat_texts(cx: &mut Context<'_>, a: Value, b: Value) -> Result<Value, Stop> {
    let (left, right) = (text_unless_string(cx, a), text_unless_string(cx, b));
    let lengths = [&left, &right].map(|text| text.as_ref().map_or(0, String::len));
    if lengths.iter().any(|&len| len > MAX_STRING_BYTES) {
        return Err(Trap::LengthOverflow.into());
    }
    let heap = &mut cx.process.heap;
    heap.reserve(lengths.map(Str::bytes).iter().sum::<usize>() + Str::concat_bytes())?;
    let mut string = |text: Option<String>, value| match text {
        Some(text) => Str::new(heap, &text),
        None => wanted(value).map_err(Stop::from),
    };
    let (left, right) = (string(left, a)?, string(right, b)?);
    Ok(Str::concat(heap, left, right)?.value())
}

fn text_unless_string(cx: &Context<'_>, a: Value) -> Option<String> {
    if Str::of(a).is_some() { None } else { Some(text_of(cx.program, a)) }
}

#[inline(never)]
fn text_as_string(cx: &mut Context<'_>, a: Value) -> Result<Value, Stop> {
    if let Some(atom) = a.as_atom() {
        return shared::<Whole>(cx, TextId(atom));
    }
    let text = text_of(cx.program, a);
    Ok(Str::new(&mut cx.process.heap, &text)?.value())
}

/// Ends beyond the string are brought to its ends; the wrong way round gives the empty string.
#[inline(never)]
fn slice(cx: &mut Context<'_>, a: Value, from: Value, to: Value) -> Result<Value, Stop> {
    let string = wanted(a)?;
    let to = clamped(to, string.len())?;
    let from = clamped(from, to)?;
    Ok(string.slice(&mut cx.process.heap, from, to)?.value())
}

fn clamped(offset: Value, end: usize) -> Result<usize, Trap> {
    let offset = offset.as_number().ok_or(Trap::NotAnInteger)?;
    if offset.trunc() == offset { Ok((offset as usize).min(end)) } else { Err(Trap::NotAnInteger) }
}

#[cold]
#[inline(never)]
fn byte_slowly(cx: &mut Context<'_>, a: Value, index: Value) -> Result<Value, Stop> {
    let (string, index) = (wanted(a)?, position(index)?);
    if index >= string.len() {
        return Err(Trap::IndexOutOfBounds.into());
    }
    string.flatten(&mut cx.process.heap)?;
    let byte = string.text().expect("it is flat").as_bytes()[index];
    Ok(Value::i32(byte.into()))
}

#[inline(never)]
fn character(cx: &mut Context<'_>, a: Value, index: Value) -> Result<Value, Stop> {
    let (string, index) = (wanted(a)?, position(index)?);
    if index >= string.len() {
        return Err(Trap::IndexOutOfBounds.into());
    }
    string.flatten(&mut cx.process.heap)?;
    let rest = string.text().expect("it is flat").get(index..).ok_or(Trap::SplitCharacter)?;
    let width = rest.chars().next().map_or(0, char::len_utf8);
    Ok(string.slice(&mut cx.process.heap, index, index + width)?.value())
}

#[inline(never)]
fn intern(cx: &mut Context<'_>, a: Value) -> Result<Value, Stop> {
    let string = wanted(a)?;
    let text: Cow<'_, str> = string.to_text();
    let known = cx.program.find_hashed_text(string.hash(), &text).map(Ok);
    match known.unwrap_or_else(|| cx.program.intern(&text)) {
        Ok(text) => Ok(Value::atom(text.0)),
        Err(_) => Err(Trap::TooManyAtoms.into()),
    }
}
