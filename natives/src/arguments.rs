//! Arguments: what a native sees, and how it says that something else was wanted.
//!
//! All natives take and give dynamic values. A parameter that may be left out is passed as `undefined`. What goes wrong is
//! thrown as a string that names the function, the argument, what was wanted and what was given:
//!
//! ```text
//! array.push: argument 1 (array) is the number 7, not an array
//! ```
//!
//! A native looks at its arguments first and then does its work in [`Arguments::make`], which may happen several times when
//! there is no room; so it makes all it needs before it changes anything. Views of objects that were read before are of no use
//! inside: whatever was read may have moved, which is why the work gets the arguments anew.

use crate::table::Row;
use regatta_heap::handle::Local;
use regatta_heap::{Heap, Value};
use regatta_runtime::native::{Failure, NativeError, Objects};
use regatta_runtime::object::{Array, Buffer, Map, Regex, Set, Str};
use regatta_runtime::{Program, Stop, Trap, text_of};
use std::ops::{Deref, DerefMut};

/// The most parameters of a native.
pub const MAX_PARAMETERS: usize = 4;

/// What a native gives back.
pub type Outcome<'s> = Result<Local<'s>, Failure<'s>>;

/// The arguments of a call, and all that a native may work with.
pub struct Arguments<'x, 'a, 's> {
    /// The program, the host, and the heap.
    pub objects: &'x mut Objects<'a, 's>,
    row: &'static Row,
    /// Those beyond the last are `undefined`.
    locals: [Local<'s>; MAX_PARAMETERS],
}

impl<'a, 's> Deref for Arguments<'_, 'a, 's> {
    type Target = Objects<'a, 's>;

    fn deref(&self) -> &Objects<'a, 's> {
        self.objects
    }
}

impl<'a, 's> DerefMut for Arguments<'_, 'a, 's> {
    fn deref_mut(&mut self) -> &mut Objects<'a, 's> {
        self.objects
    }
}

impl<'x, 'a, 's> Arguments<'x, 'a, 's> {
    pub(crate) fn new(objects: &'x mut Objects<'a, 's>, row: &'static Row, given: &[Local<'s>]) -> Self {
        let nothing = objects.local(Value::UNDEFINED);
        let locals = std::array::from_fn(|n| given.get(n).copied().unwrap_or(nothing));
        Arguments { objects, row, locals }
    }

    /// Where argument `n` is kept.
    pub fn local(&self, n: usize) -> Local<'s> {
        self.locals[n]
    }

    /// Argument `n`, good until something is made.
    pub fn value(&self, n: usize) -> Value {
        self.get(self.locals[n]).value()
    }

    /// Was argument `n` left out?
    pub fn is_absent(&self, n: usize) -> bool {
        self.value(n).is_nothing()
    }

    /// Does something with the arguments that gives a value; again, after a collection, when there is no room.
    pub fn make(&mut self, act: impl FnMut(&mut Heap, [Value; MAX_PARAMETERS]) -> Result<Value, Stop>) -> Outcome<'s> {
        self.objects.make(self.locals, act)
    }

    /// A result that is no object.
    pub fn plain(&self, value: Value) -> Outcome<'s> {
        Ok(self.objects.local(value))
    }

    /// A result that is a string.
    pub fn give(&mut self, text: &str) -> Outcome<'s> {
        self.objects.string(text)
    }

    /// A failure of this native.
    pub fn fail<T>(&self, what: impl std::fmt::Display) -> Result<T, Failure<'s>> {
        Err(NativeError(format!("{}: {what}", self.row.name)).into())
    }

    /// The failure to be what was wanted.
    fn wrong<T>(&self, n: usize, wanted: &str) -> Result<T, Failure<'s>> {
        let given = described(self.program, self.value(n));
        let parameter = self.row.parameters().nth(n).map_or("", |(name, _)| name);
        self.fail(format_args!("argument {} ({parameter}) is {given}, not {wanted}", n + 1))
    }

    /// Bytes that the heap may ever hold.
    pub fn room(&mut self) -> Result<usize, Failure<'s>> {
        self.objects.with([], |heap, []| Ok(heap.limit()))
    }

    /// Refuses to make something of more bytes than the heap may ever hold.
    pub fn check_room(&mut self, bytes: u128) -> Result<(), Failure<'s>> {
        if bytes > self.room()? as u128 { Err(Trap::OutOfMemory.into()) } else { Ok(()) }
    }
}

macro_rules! views {
    ($($(#[$doc:meta])* $name:ident: $view:ident, $wanted:literal;)*) => { $(
        $(#[$doc])*
        pub fn $name(&self, n: usize) -> Result<$view, Failure<'s>> {
            $view::of(self.value(n)).map_or_else(|| self.wrong(n, $wanted), Ok)
        }
    )* };
}

/// Arguments of a kind. Views are good until something is made.
impl<'s> Arguments<'_, '_, 's> {
    views! {
        /// An array.
        array: Array, "an array";
        /// A buffer.
        buffer: Buffer, "a buffer";
        /// A map.
        map: Map, "a map";
        /// A set.
        set: Set, "a set";
        /// A regular expression.
        regex: Regex, "a regular expression";
        /// A string in whatever form.
        string: Str, "a string";
    }

    /// A string in one piece, so that [`Str::text`] has it.
    pub fn flat(&mut self, n: usize) -> Result<Str, Failure<'s>> {
        self.string(n)?;
        self.objects.with([self.locals[n]], |heap, [string]| Str::of(string).map_or(Ok(()), |s| s.flatten(heap)))?;
        self.string(n)
    }

    /// The characters of a string, outside the heap.
    pub fn chars(&self, n: usize) -> Result<String, Failure<'s>> {
        Ok(self.string(n)?.to_text().into_owned())
    }

    /// A number.
    pub fn number(&self, n: usize) -> Result<f64, Failure<'s>> {
        self.value(n).as_number().map_or_else(|| self.wrong(n, "a number"), Ok)
    }

    /// A number that may be left out.
    pub fn number_or(&self, n: usize, absent: f64) -> Result<f64, Failure<'s>> {
        if self.is_absent(n) { Ok(absent) } else { self.number(n) }
    }

    /// An integer; infinities count as very large ones.
    pub fn integer(&self, n: usize) -> Result<i64, Failure<'s>> {
        match self.value(n).as_number() {
            Some(number) if number.trunc() == number => Ok(number as i64),
            _ => self.wrong(n, "an integer"),
        }
    }

    /// An integer that may be left out.
    pub fn integer_or(&self, n: usize, absent: i64) -> Result<i64, Failure<'s>> {
        if self.is_absent(n) { Ok(absent) } else { self.integer(n) }
    }

    /// An integer in a range.
    pub fn integer_in(&self, n: usize, range: std::ops::RangeInclusive<i64>) -> Result<i64, Failure<'s>> {
        let integer = self.integer(n)?;
        if range.contains(&integer) {
            return Ok(integer);
        }
        self.wrong(n, &format!("from {} to {}", range.start(), range.end()))
    }

    /// A place among `len`, where negative ones count from the end; clamped.
    pub fn place_or(&self, n: usize, len: usize, absent: usize) -> Result<usize, Failure<'s>> {
        let place = self.integer_or(n, absent as i64)?;
        let from_start = if place < 0 { place.saturating_add(len as i64) } else { place };
        Ok(from_start.clamp(0, len as i64) as usize)
    }
}

/// The array that is still there.
pub(crate) fn array(value: Value) -> Result<Array, Stop> {
    Array::of(value).ok_or(Trap::NotAnArray.into())
}

/// The string that is still there.
pub(crate) fn string(value: Value) -> Result<Str, Stop> {
    Str::of(value).ok_or(Trap::NotAString.into())
}

/// The map that is still there.
pub(crate) fn map(value: Value) -> Result<Map, Stop> {
    Map::of(value).ok_or(Trap::NotAMap.into())
}

/// The set that is still there.
pub(crate) fn set(value: Value) -> Result<Set, Stop> {
    Set::of(value).ok_or(Trap::NotAMap.into())
}

/// The buffer that is still there.
pub(crate) fn buffer(value: Value) -> Result<Buffer, Stop> {
    Buffer::of(value).ok_or(Trap::NotAnObject.into())
}

/// A number as a value: an integer if it is one, but for -0.
pub(crate) fn number(n: f64) -> Value {
    let integer = n as i32;
    if f64::from(integer).to_bits() == n.to_bits() { Value::i32(integer) } else { Value::f64(n) }
}

/// A count or an offset as a value.
pub(crate) fn count(n: usize) -> Value {
    number(n as f64)
}

/// Characters of a value that a message shows.
const MAX_DESCRIBED: usize = 40;

/// A value in a sentence.
pub(crate) fn described(program: &Program, value: Value) -> String {
    let kind = match value {
        _ if value.as_number().is_some() => "the number ",
        _ if value.as_atom().is_some() => "the atom :",
        _ if Str::of(value).is_some() => return quoted(&text_of(program, value)),
        _ if Array::of(value).is_some() => return "an array".into(),
        _ if Map::of(value).is_some() => return "a map".into(),
        _ if Set::of(value).is_some() => return "a set".into(),
        _ if Buffer::of(value).is_some() => return "a buffer".into(),
        _ if Regex::of(value).is_some() => return "a regular expression".into(),
        _ => "",
    };
    let text = text_of(program, value);
    format!("{kind}{}", shortened(&text))
}

fn quoted(text: &str) -> String {
    format!("the string {:?}", shortened(text))
}

fn shortened(text: &str) -> std::borrow::Cow<'_, str> {
    match text.char_indices().nth(MAX_DESCRIBED) {
        Some((end, _)) => format!("{}…", &text[..end]).into(),
        None => text.into(),
    }
}
