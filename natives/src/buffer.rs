//! Natives on buffers.

use crate::arguments::{Arguments, Outcome, buffer, count, number};
use regatta_heap::Value;
use regatta_runtime::native::Failure;
use regatta_runtime::object::{Buffer, MAX_BUFFER_BYTES};

pub(crate) fn new<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    let len = args.integer_in(0, 0..=MAX_BUFFER_BYTES as i64)? as usize;
    args.make(|heap, _| Ok(Buffer::new(heap, len)?.value()))
}

pub(crate) fn length<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    args.plain(count(args.buffer(0)?.len()))
}

pub(crate) fn get_byte<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    args.plain(Value::i32(read::<1>(args)?[0].into()))
}

pub(crate) fn get_int32<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    args.plain(Value::i32(i32::from_le_bytes(read(args)?)))
}

pub(crate) fn get_float64<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    args.plain(number(f64::from_le_bytes(read(args)?)))
}

/// The bytes at the offset that is argument 1, or zeros if they are not all there.
fn read<'s, const N: usize>(args: &Arguments<'_, '_, 's>) -> Result<[u8; N], Failure<'s>> {
    let (buffer, offset) = (args.buffer(0)?, args.integer(1)?);
    let from = usize::try_from(offset).ok().and_then(|offset| buffer.bytes().get(offset..)?.first_chunk().copied());
    Ok(from.unwrap_or([0; N]))
}

pub(crate) fn set_byte<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    let value = args.integer(2)?;
    write(args, [value as u8])
}

pub(crate) fn set_int32<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    let value = args.integer(2)?;
    write(args, (value as i32).to_le_bytes())
}

pub(crate) fn set_float64<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    let value = args.number(2)?;
    let value = if value.is_nan() { f64::NAN } else { value };
    write(args, value.to_le_bytes())
}

/// Writes bytes at the offset that is argument 1.
fn write<'s, const N: usize>(args: &Arguments<'_, '_, 's>, bytes: [u8; N]) -> Outcome<'s> {
    let (buffer, offset) = (args.buffer(0)?, args.integer(1)?);
    let fits = |&at: &usize| at.checked_add(N).is_some_and(|end| end <= buffer.len());
    let Some(at) = usize::try_from(offset).ok().filter(fits) else {
        return args.fail(format_args!("offset {offset} is too far for a buffer of {} bytes", buffer.len()));
    };
    buffer.write(at, &bytes);
    args.plain(Value::NULL)
}

pub(crate) fn slice<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    let len = args.buffer(0)?.len();
    let (start, end) = (args.place_or(1, len, 0)?, args.place_or(2, len, len)?);
    args.make(|heap, [from, ..]| {
        let bytes = buffer(from)?.bytes()[start..end.max(start)].to_vec();
        Ok(Buffer::from_bytes(heap, &bytes)?.value())
    })
}

pub(crate) fn copy<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    let (source, target) = (args.buffer(0)?, args.buffer(1)?);
    let offset = args.place_or(2, target.len(), 0)?;
    let bytes = source.bytes();
    // The two may be one.
    let bytes = bytes[..bytes.len().min(target.len() - offset)].to_vec();
    target.write(offset, &bytes);
    args.plain(count(bytes.len()))
}

pub(crate) fn to_string<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    let text = String::from_utf8_lossy(args.buffer(0)?.bytes()).into_owned();
    args.give(&text)
}

pub(crate) fn from_string<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    let text = args.chars(0)?;
    args.make(|heap, _| Ok(Buffer::from_bytes(heap, text.as_bytes())?.value()))
}
