//! The table: every native, once.
//!
//! A row is a doc comment, a number, a name, parameters (`end?` may be left out: it is `undefined` then), what the native is
//! permitted to touch, and the function that does it. `prelude` in place of a function means that the native calls back, and
//! is the function of that name in the [`PRELUDE`](crate::PRELUDE): `array.map` is `%std.array.map`.
//!
//! Numbers are those by which older code knows natives; the names are what modules of ours use.

use crate::arguments::{Arguments, Outcome};
use crate::{array, buffer, date, json, logger, map, math, number, object, regexp, set, string};
use regatta_heap::Value;
use regatta_heap::handle::Local;
use regatta_runtime::native::{Failure, Natives, Objects};

/// What a native may touch besides its arguments.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Permission {
    /// Nothing.
    Pure,
    /// The program's output.
    Output,
    /// The host's clock.
    Clock,
    /// The host's random numbers.
    Random,
}

impl Permission {
    /// One word for tables.
    pub fn name(self) -> &'static str {
        match self {
            Permission::Pure => "pure",
            Permission::Output => "output",
            Permission::Clock => "clock",
            Permission::Random => "random",
        }
    }
}

/// How a native does its work.
pub type Function = for<'s> fn(&mut Arguments<'_, '_, 's>) -> Outcome<'s>;

/// A native.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// Its number.
    pub id: u16,
    /// Its name.
    pub name: &'static str,
    /// Its parameters, as the table writes them.
    pub signature: &'static str,
    /// What it may touch.
    pub permission: Permission,
    /// What does it; nothing if it is code of the prelude.
    pub function: Option<Function>,
    /// What it does, in lines.
    pub doc: &'static [&'static str],
}

impl Row {
    /// Its parameters, and whether they may be left out.
    pub fn parameters(&self) -> impl Iterator<Item = (&'static str, bool)> {
        let names = self.signature.split(',').map(str::trim).filter(|name| !name.is_empty());
        names.map(|name| name.strip_suffix('?').map_or((name, false), |name| (name.trim_end(), true)))
    }

    /// Is it a function of the prelude?
    pub fn is_of_prelude(&self) -> bool {
        self.function.is_none()
    }

    /// Adds it, unless it is code.
    pub(crate) fn add_to(&'static self, natives: &mut Natives) {
        let (name, Some(function)) = (self.name, self.function) else { return };
        let call = Work { row: self, function };
        match self.parameters().count() {
            0 => natives.add_scoped::<(), Value>(name, move |objects, ()| call.on(objects, &[])),
            1 => natives.add_scoped::<(Value,), Value>(name, move |objects, (a,)| call.on(objects, &[a])),
            2 => natives.add_scoped::<(Value, Value), Value>(name, move |objects, (a, b)| call.on(objects, &[a, b])),
            3 => natives.add_scoped::<(Value, Value, Value), Value>(name, move |objects, (a, b, c)| {
                call.on(objects, &[a, b, c])
            }),
            _ => natives.add_scoped::<(Value, Value, Value, Value), Value>(name, move |objects, (a, b, c, d)| {
                call.on(objects, &[a, b, c, d])
            }),
        };
    }
}

/// A row with what does its work.
#[derive(Clone, Copy)]
struct Work {
    row: &'static Row,
    function: Function,
}

impl Work {
    /// Calls it. A failure is thrown as its text.
    fn on<'s>(self, objects: &mut Objects<'_, 's>, given: &[Local<'s>]) -> Outcome<'s> {
        match (self.function)(&mut Arguments::new(objects, self.row, given)) {
            Err(Failure::Error(error)) => Err(Failure::Throw(objects.string(&error.0)?)),
            outcome => outcome,
        }
    }
}

/// The native with this number.
pub fn by_id(id: u16) -> Option<&'static Row> {
    ROWS.binary_search_by_key(&id, |row| row.id).ok().map(|n| &ROWS[n])
}

/// The native of this name.
pub fn by_name(name: &str) -> Option<&'static Row> {
    ROWS.iter().find(|row| row.name == name)
}

macro_rules! rows {
    ($($(#[doc = $doc:literal])+ $id:literal $family:ident.$name:ident($($params:tt)*) $permission:ident = $($work:ident)::+;)*) => {
        /// All natives, by number.
        pub static ROWS: &[Row] = &[$(Row {
            id: $id,
            name: concat!(stringify!($family), ".", stringify!($name)),
            signature: stringify!($($params)*),
            permission: Permission::$permission,
            function: rows!(@work $($work)::+),
            doc: &[$($doc),+],
        }),*];
    };
    (@work prelude) => { None };
    (@work $($work:ident)::+) => { Some($($work)::+) };
}

rows! {
    /// "[object Object]" for instances and objects with properties; the text of anything else.
    0x0001 object.toString(value) Pure = object::to_string;
    /// An integer that equal values share: numbers by value, strings by content, objects by identity.
    0x0002 object.hashCode(value) Pure = object::hash_code;
    /// Are they one key: numbers equal, strings of the same characters, the same object?
    0x0003 object.equals(value, other) Pure = object::equals;
    /// Adds an element at the end; the new length.
    0x0100 array.push(array, value) Pure = array::push;
    /// Takes the last element away; null if there is none.
    0x0101 array.pop(array) Pure = array::pop;
    /// Takes the first element away; null if there is none.
    0x0102 array.shift(array) Pure = array::shift;
    /// Adds an element in front; the new length.
    0x0103 array.unshift(array, value) Pure = array::unshift;
    /// The first index of an equal element, or -1. NaN equals nothing, not even itself.
    0x0104 array.indexOf(array, value, from?) Pure = array::index_of;
    /// Has it an equal element? Here NaN equals itself.
    0x0105 array.includes(array, value) Pure = array::includes;
    /// A new array of the elements from start up to end. Negative places count from the end.
    0x0106 array.slice(array, start?, end?) Pure = array::slice;
    /// A new array of the elements of both.
    0x0107 array.concat(array, other) Pure = array::concat;
    /// Turns it round in place; the array.
    0x0108 array.reverse(array) Pure = array::reverse;
    /// The texts of all elements with the separator between them ("," if left out); nothing for null and undefined.
    0x0109 array.join(array, separator?) Pure = array::join;
    /// Calls function(element) for each; null.
    0x010A array.forEach(array, function) Pure = prelude;
    /// A new array of the elements for which function(element) is truthy.
    0x010B array.filter(array, function) Pure = prelude;
    /// The first element for which function(element) is truthy, or null.
    0x010C array.find(array, function) Pure = prelude;
    /// The index of that element, or -1.
    0x010D array.findIndex(array, function) Pure = prelude;
    /// Is function(element) truthy for all?
    0x010E array.every(array, function) Pure = prelude;
    /// Is function(element) truthy for at least one?
    0x010F array.some(array, function) Pure = prelude;
    /// The last index of an equal element, or -1.
    0x0110 array.lastIndexOf(array, value) Pure = array::last_index_of;
    /// Sorts in place, keeping the order of equals: a comes behind b when function(a, b) > 0; the array. Without a
    /// function, see array.sortValues.
    0x0111 array.sort(array, function) Pure = prelude;
    /// A new array of function(element).
    0x0112 array.map(array, function) Pure = prelude;
    /// function(function(initial, first), second) and so on. With undefined as initial, the first element is; then an
    /// empty array throws.
    0x0113 array.reduce(array, function, initial) Pure = prelude;
    /// Stores the value from start up to end, in place; the array. Negative places count from the end.
    0x0114 array.fill(array, value, start?, end?) Pure = array::fill;
    /// A new array with arrays inside replaced by their elements, down to so many levels (1 if left out).
    0x0115 array.flat(array, depth?) Pure = array::flat;
    /// A new array of so many times the value, or null.
    0x0116 array.new(length, value?) Pure = array::new;
    /// Replaces count elements (all if left out) from start on by those of the array values; a new array of what was
    /// there.
    0x0117 array.splice(array, start, count?, values?) Pure = array::splice;
    /// Sorts numbers by size (NaN last) or strings by bytes, in place; the array. Anything else fails.
    0x0118 array.sortValues(array) Pure = array::sort;
    /// The character at an index that counts characters; "" if there is none.
    0x0200 string.charAt(string, index) Pure = string::char_at;
    /// The characters from start up to end, both clamped, and exchanged if they are the wrong way round.
    0x0201 string.substring(string, start, end?) Pure = string::substring;
    /// In capitals, as Unicode says.
    0x0202 string.toUpperCase(string) Pure = string::to_upper;
    /// In small letters, as Unicode says.
    0x0203 string.toLowerCase(string) Pure = string::to_lower;
    /// Without white space at both ends.
    0x0204 string.trim(string) Pure = string::trim;
    /// The byte offset of the first occurrence, from an offset on, or -1.
    0x0205 string.indexOf(string, search, from?) Pure = string::index_of;
    /// Does it occur?
    0x0206 string.includes(string, search) Pure = string::includes;
    /// An array of the pieces between separators; "" separates all characters. No more than limit pieces; 0 is no
    /// limit. The separator may be a regular expression.
    0x0207 string.split(string, separator, limit?) Pure = string::split;
    /// Does it begin so?
    0x0208 string.startsWith(string, search) Pure = string::starts_with;
    /// Does it end so?
    0x0209 string.endsWith(string, search) Pure = string::ends_with;
    /// The first occurrence replaced. If the search is a regular expression: see string.replaceMatches.
    0x020A string.replace(string, search, replacement) Pure = string::replace;
    /// The string so many times.
    0x020B string.repeat(string, count) Pure = string::repeat;
    /// Filled up in front to so many bytes with the pad (" " if left out), which is cut between characters.
    0x020C string.padStart(string, length, pad?) Pure = string::pad_start;
    /// The same at the end.
    0x020D string.padEnd(string, length, pad?) Pure = string::pad_end;
    /// The code point of the character at an index that counts characters, or -1.
    0x020E string.charCodeAt(string, index) Pure = string::char_code_at;
    /// The byte offset of the last occurrence, or -1.
    0x020F string.lastIndexOf(string, search) Pure = string::last_index_of;
    /// Without white space in front.
    0x0210 string.trimStart(string) Pure = string::trim_start;
    /// Without white space at the end.
    0x0211 string.trimEnd(string) Pure = string::trim_end;
    /// With flag g an array of all matches, else of the first one; null if there is none.
    0x0212 string.match(string, regexp) Pure = regexp::string_match;
    /// An array with [text, byte offset] for every match.
    0x0213 string.matchAll(string, regexp) Pure = regexp::string_match_all;
    /// The byte offset of the first match, or -1.
    0x0214 string.search(string, regexp) Pure = regexp::string_search;
    /// The first match replaced, with flag g all. In the replacement, $1 to $99 and $<name> are groups, $& the match,
    /// $$ a dollar.
    0x0215 string.replaceMatches(string, regexp, replacement) Pure = regexp::string_replace;
    /// An array of the pieces between matches; no more than limit, 0 is no limit.
    0x0216 string.splitMatches(string, regexp, limit?) Pure = regexp::string_split;
    /// The first match replaced by the text of function(match), with flag g all.
    0x0217 string.replaceWith(string, regexp, function) Pure = prelude;
    /// The characters from start up to end; negative places count from the end.
    0x0218 string.slice(string, start, end?) Pure = string::slice;
    /// A new buffer of zeros.
    0x0700 buffer.new(length) Pure = buffer::new;
    /// How many bytes it has.
    0x0701 buffer.length(buffer) Pure = buffer::length;
    /// The byte at an offset; 0 beyond the end.
    0x0702 buffer.getByte(buffer, offset) Pure = buffer::get_byte;
    /// Sets a byte to the lowest 8 bits of an integer; fails beyond the end.
    0x0703 buffer.setByte(buffer, offset, value) Pure = buffer::set_byte;
    /// The 32-bit integer at an offset, lowest byte first; 0 beyond the end.
    0x0704 buffer.getInt32(buffer, offset) Pure = buffer::get_int32;
    /// Sets it to the lowest 32 bits of an integer; fails beyond the end.
    0x0705 buffer.setInt32(buffer, offset, value) Pure = buffer::set_int32;
    /// The 64-bit float at an offset, lowest byte first; 0 beyond the end.
    0x0706 buffer.getFloat64(buffer, offset) Pure = buffer::get_float64;
    /// Sets it; fails beyond the end.
    0x0707 buffer.setFloat64(buffer, offset, value) Pure = buffer::set_float64;
    /// A new buffer of the bytes from start up to end. Negative places count from the end.
    0x0708 buffer.slice(buffer, start?, end?) Pure = buffer::slice;
    /// Copies all bytes of the source into the target from an offset on, as many as fit; how many.
    0x0709 buffer.copy(source, target, offset?) Pure = buffer::copy;
    /// The bytes as UTF-8; each malformed sequence becomes U+FFFD.
    0x070A buffer.toString(buffer) Pure = buffer::to_string;
    /// A new buffer of the bytes of a string.
    0x070B buffer.fromString(string) Pure = buffer::from_string;
    /// A new map.
    0x0800 map.new() Pure = map::new;
    /// How many keys it has.
    0x0801 map.size(map) Pure = map::size;
    /// The value of a key, or null.
    0x0802 map.get(map, key) Pure = map::get;
    /// Gives a key a value; the map.
    0x0803 map.set(map, key, value) Pure = map::set;
    /// Has it the key?
    0x0804 map.has(map, key) Pure = map::has;
    /// Takes a key away; was it there?
    0x0805 map.delete(map, key) Pure = map::delete;
    /// Takes all keys away; null.
    0x0806 map.clear(map) Pure = map::clear;
    /// An array of the keys, in the order they came.
    0x0807 map.keys(map) Pure = map::keys;
    /// An array of the values, in the order of their keys.
    0x0808 map.values(map) Pure = map::values;
    /// An array with [key, value] for each.
    0x0809 map.entries(map) Pure = map::entries;
    /// Calls function(value, key) for each; null.
    0x080A map.forEach(map, function) Pure = prelude;
    /// A new set.
    0x0900 set.new() Pure = set::new;
    /// How many elements it has.
    0x0901 set.size(set) Pure = set::size;
    /// Adds an element; the set.
    0x0902 set.add(set, value) Pure = set::add;
    /// Has it the element?
    0x0903 set.has(set, value) Pure = set::has;
    /// Takes an element away; was it there?
    0x0904 set.delete(set, value) Pure = set::delete;
    /// Takes all elements away; null.
    0x0905 set.clear(set) Pure = set::clear;
    /// An array of the elements, in the order they came.
    0x0906 set.values(set) Pure = set::values;
    /// Calls function(element) for each; null.
    0x0907 set.forEach(set, function) Pure = prelude;
    /// A new set of what is in either.
    0x0908 set.union(set, other) Pure = set::union;
    /// A new set of what is in both.
    0x0909 set.intersection(set, other) Pure = set::intersection;
    /// A new set of what is in the first and not in the other.
    0x090A set.difference(set, other) Pure = set::difference;
    /// A new set of the elements of an array.
    0x090B set.from(array) Pure = set::from;
    /// Is everything in the first in the other, too?
    0x090C set.isSubset(set, other) Pure = set::is_subset;
    /// A regular expression. Flags: g all matches, i letters of either case, m lines, s dots match line ends, x white
    /// space is for people, u as it is anyway. Patterns are those of the Rust crate `regex`: linear time, so no
    /// look-around and no references back.
    0x0A00 regexp.new(pattern, flags?) Pure = regexp::new;
    /// Does it match anywhere?
    0x0A01 regexp.test(regexp, string) Pure = regexp::test;
    /// The first match as an array: the text, then the groups, null for those that took no part; null if there is
    /// none. Nothing is remembered from call to call.
    0x0A02 regexp.exec(regexp, string) Pure = regexp::exec;
    /// An array of such arrays for all matches.
    0x0A03 regexp.execAll(regexp, string) Pure = regexp::exec_all;
    /// As string.replaceMatches.
    0x0A04 regexp.replace(regexp, string, replacement) Pure = regexp::replace;
    /// As string.replaceWith.
    0x0A05 regexp.replaceWith(regexp, string, function) Pure = prelude;
    /// As string.splitMatches.
    0x0A06 regexp.split(regexp, string, limit?) Pure = regexp::split;
    /// Replaces the first match, with flag g all, by the texts of an array, one after another; what has no text
    /// stays.
    0x0A07 regexp.replaceMatches(regexp, string, replacements) Pure = regexp::replace_matches;
    /// The time in milliseconds since 1970, UTC.
    0x0B00 date.now() Clock = date::now;
    /// The time that a text tells, or NaN: `2024-02-29`, `2024-02-29T12:34:56.789Z`, with an offset `+01:00` in place
    /// of Z, or without either (UTC); also `Thu Feb 29 2024 12:34:56`.
    0x0B01 date.parse(text) Pure = date::parse;
    /// The time itself, without a fraction.
    0x0B02 date.getTime(time) Pure = date::get_time;
    /// The year, UTC, as all that follows; NaN for a time that is none.
    0x0B03 date.getFullYear(time) Pure = date::get_year;
    /// The month, 0 to 11.
    0x0B04 date.getMonth(time) Pure = date::get_month;
    /// The day of the month, 1 to 31.
    0x0B05 date.getDate(time) Pure = date::get_day;
    /// The day of the week, 0 (Sunday) to 6.
    0x0B06 date.getDay(time) Pure = date::get_weekday;
    /// The hour, 0 to 23.
    0x0B07 date.getHours(time) Pure = date::get_hours;
    /// The minute.
    0x0B08 date.getMinutes(time) Pure = date::get_minutes;
    /// The second.
    0x0B09 date.getSeconds(time) Pure = date::get_seconds;
    /// The millisecond.
    0x0B0A date.getMilliseconds(time) Pure = date::get_milliseconds;
    /// The other time, without a fraction.
    0x0B10 date.setTime(time, value) Pure = date::set_time;
    /// The time in another year. What is too large goes over into the next larger unit, here and in all that follow.
    0x0B11 date.setFullYear(time, year) Pure = date::set_year;
    /// The time in another month.
    0x0B12 date.setMonth(time, month) Pure = date::set_month;
    /// The time on another day of the month.
    0x0B13 date.setDate(time, day) Pure = date::set_day;
    /// The time at another hour.
    0x0B14 date.setHours(time, hours) Pure = date::set_hours;
    /// The time at another minute.
    0x0B15 date.setMinutes(time, minutes) Pure = date::set_minutes;
    /// The time at another second.
    0x0B16 date.setSeconds(time, seconds) Pure = date::set_seconds;
    /// The time at another millisecond.
    0x0B17 date.setMilliseconds(time, milliseconds) Pure = date::set_milliseconds;
    /// `Thu Feb 29 2024 12:34:56 GMT+0000`; "Invalid Date" for a time that is none.
    0x0B20 date.toString(time) Pure = date::to_string;
    /// `2024-02-29T12:34:56.789Z`; fails for a time that is none.
    0x0B21 date.toISOString(time) Pure = date::to_iso_string;
    /// `Thu Feb 29 2024`.
    0x0B22 date.toDateString(time) Pure = date::to_date_string;
    /// `12:34:56 GMT+0000`.
    0x0B23 date.toTimeString(time) Pure = date::to_time_string;
    /// JSON: null for null, undefined and unit; texts for strings and atoms; arrays for arrays, tuples and sets;
    /// objects for maps with keys of text or number, and for instances. NaN, infinities, cycles and anything else
    /// fail.
    0x0C00 json.stringify(value) Pure = json::stringify;
    /// The value of a JSON text: objects become maps. A mistake is thrown with line and column.
    0x0C01 json.parse(text) Pure = json::parse;
    /// An array with the values that these keys have in a JSON object; null for those it does not have.
    0x0C02 json.decode(text, keys) Pure = json::decode;
    /// A new map with the entries of both; the other's win.
    0x0C03 json.merge(map, other) Pure = json::merge;
    /// Rounded to so many digits behind the point (0 if left out, at most 100), half away from zero; from 1e21 on the
    /// usual text.
    0x0F00 number.toFixed(number, digits?) Pure = number::to_fixed;
    /// Rounded to so many digits in all, 1 to 100; the usual text if left out.
    0x0F01 number.toPrecision(number, digits?) Pure = number::to_precision;
    /// In another radix, 2 to 36; 10 if left out.
    0x0F02 number.toString(number, radix?) Pure = number::to_string;
    /// The integer that a text begins with, after white space and a sign; with `0x` in front, radix 16; NaN if there
    /// is none.
    0x0F03 number.parseInt(text, radix?) Pure = number::parse_int;
    /// The number that a text begins with, after white space; NaN if there is none.
    0x0F04 number.parseFloat(text) Pure = number::parse_float;
    /// Is it the number that is none?
    0x0F05 number.isNaN(value) Pure = number::is_nan;
    /// Is it a number, and neither NaN nor infinite?
    0x0F06 number.isFinite(value) Pure = number::is_finite;
    /// Writes the text of a value and a line end to the output; null.
    0x1000 logger.debug(value) Output = logger::debug;
    /// The same.
    0x1001 logger.info(value) Output = logger::info;
    /// Writes the text of a value and a line end to where complaints go; null.
    0x1002 logger.warn(value) Output = logger::warn;
    /// The same.
    0x1003 logger.error(value) Output = logger::error;
    /// Without its sign.
    0x2000 math.abs(x) Pure = math::abs;
    /// 1, -1, or the zero or NaN it is.
    0x2001 math.sign(x) Pure = math::sign;
    /// The next integer below.
    0x2002 math.floor(x) Pure = math::floor;
    /// The next integer above.
    0x2003 math.ceil(x) Pure = math::ceil;
    /// The nearest integer; of two, the one above.
    0x2004 math.round(x) Pure = math::round;
    /// Without what is behind the point.
    0x2005 math.trunc(x) Pure = math::trunc;
    /// The smaller one; NaN if one is.
    0x2006 math.min(x, y) Pure = math::min;
    /// The larger one; NaN if one is.
    0x2007 math.max(x, y) Pure = math::max;
    /// x to the power of y.
    0x2008 math.pow(x, y) Pure = math::pow;
    /// The square root.
    0x2009 math.sqrt(x) Pure = math::sqrt;
    /// The sine of an angle in radians.
    0x200A math.sin(x) Pure = math::sin;
    /// The cosine.
    0x200B math.cos(x) Pure = math::cos;
    /// The tangent.
    0x200C math.tan(x) Pure = math::tan;
    /// The angle with this sine.
    0x200D math.asin(x) Pure = math::asin;
    /// The angle with this cosine.
    0x200E math.acos(x) Pure = math::acos;
    /// The angle with this tangent.
    0x200F math.atan(x) Pure = math::atan;
    /// The angle of the point (x, y).
    0x2010 math.atan2(y, x) Pure = math::atan2;
    /// e to the power of x.
    0x2011 math.exp(x) Pure = math::exp;
    /// The logarithm to base e.
    0x2012 math.log(x) Pure = math::ln;
    /// The logarithm to base 10.
    0x2013 math.log10(x) Pure = math::log10;
    /// A number from 0 up to 1, from the host; not for secrets.
    0x2014 math.random() Random = math::random;
    /// π.
    0x2015 math.PI() Pure = math::pi;
    /// e.
    0x2016 math.E() Pure = math::e;
}
