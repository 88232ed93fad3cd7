//! Writing new strings: from pieces that are strings or integers, without making text of an integer first.
//!
//! A new flat string is written from its start to its end by a [`Filling`]. Small strings are what programs put together
//! most, so two pieces of eight bytes altogether never leave the machine's registers, and others are copied a word at a
//! time: a flat string is filled up with zeros, and what follows is written over them.

use super::{FIRST, MIN_ROPE_BYTES, Str};
use crate::display::number::Decimal;
use crate::exec::Stop;
use regatta_heap::{Heap, Value, string};

/// What becomes part of a string as it is.
#[derive(Clone, Copy, Debug)]
pub enum Piece {
    /// A string.
    Str(Str),
    /// The digits of an integer.
    Decimal(Decimal),
}

impl Piece {
    /// The piece that a value is, if it is a string or an `i32`.
    #[inline(always)]
    pub fn of(value: Value) -> Option<Piece> {
        match value.as_i32() {
            Some(integer) => Some(Piece::Decimal(Decimal::of(integer))),
            None => Str::of(value).map(Piece::Str),
        }
    }

    /// Its length in bytes.
    #[inline(always)]
    pub fn len(self) -> usize {
        match self {
            Piece::Str(string) => string.len(),
            Piece::Decimal(decimal) => decimal.len(),
        }
    }

    /// Has it no bytes?
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// All of it in one word, the first byte lowest, if it has no more than eight.
    #[inline(always)]
    fn word(self) -> Option<u64> {
        match self {
            _ if self.len() > 8 => None,
            Piece::Decimal(decimal) => Some(decimal.bits() as u64),
            Piece::Str(string) if string.is_empty() => Some(0),
            // SAFETY: [R-HEAP] a flat string that is not empty has a word of text, filled up with zeros.
            Piece::Str(string) => string.is_flat().then(|| unsafe { string.0.word(FIRST + 1) }),
        }
    }
}

impl Str {
    /// A new flat string of two pieces. For small ones: a large one would better be a rope.
    #[inline(always)]
    pub fn of_pieces(heap: &mut Heap, left: Piece, right: Piece) -> Result<Str, Stop> {
        let len = left.len() + right.len();
        debug_assert!(len < MIN_ROPE_BYTES);
        let mut filling = Filling::new(heap, len)?;
        if (1..=8).contains(&len)
            && let (Some(first), Some(second)) = (left.word(), right.word())
        {
            // SAFETY: [R-HEAP] the new string has a word for its text.
            unsafe { filling.string.0.set_word(FIRST + 1, first | second.unbounded_shl(8 * left.len() as u32)) };
            return Ok(filling.string);
        }
        filling.add(left);
        filling.add(right);
        Ok(filling.finish())
    }
}

/// A new flat string that is written from its start to its end. Nothing may be allocated meanwhile.
#[derive(Debug)]
pub struct Filling {
    string: Str,
    /// Bytes written.
    at: usize,
    /// Bytes there are, with those that fill up the last word.
    room: usize,
}

impl Filling {
    /// A string that will have `len` bytes.
    #[inline(always)]
    pub fn new(heap: &mut Heap, len: usize) -> Result<Filling, Stop> {
        let string = Str::unfilled(heap, len)?;
        Ok(Filling { string, at: 0, room: 8 * (string::words(len) - 1) })
    }

    /// Another piece is the next part.
    #[inline(always)]
    pub fn add(&mut self, piece: Piece) {
        match piece {
            Piece::Str(string) if string.is_flat() => {
                let (to, room) = self.place(string.len());
                // SAFETY: [R-HEAP] the string is flat, fits, and is another object, as this one is new. Zeros behind it
                // are written over by what follows, or end the new string.
                unsafe { string::copy_text(string.0, to, room) }
            }
            Piece::Str(string) => string.parts().for_each(|text| self.add_text(text)),
            Piece::Decimal(decimal) => self.add_decimal(decimal),
        }
    }

    /// A text is the next part.
    #[inline]
    pub fn add_text(&mut self, text: &str) {
        let (to, _) = self.place(text.len());
        // SAFETY: [R-HEAP] the text fits, and lies elsewhere, as the object is new.
        unsafe { to.copy_from_nonoverlapping(text.as_ptr(), text.len()) }
    }

    #[inline]
    fn add_decimal(&mut self, decimal: Decimal) {
        let (to, room) = self.place(decimal.len());
        let bytes = decimal.bits().to_le_bytes();
        let len = if room >= bytes.len() { bytes.len() } else { decimal.len() };
        // SAFETY: [R-HEAP] the digits fit, and so do the zeros behind them, if they are copied; see `add`.
        unsafe { to.copy_from_nonoverlapping(bytes.as_ptr(), len) }
    }

    /// Where the next part goes, and how many bytes there are from there to the end of the object.
    #[inline(always)]
    fn place(&mut self, len: usize) -> (*mut u8, usize) {
        assert!(len <= self.string.len() - self.at, "the parts are as long as was said");
        // SAFETY: [R-HEAP] the text follows the first word.
        let to = unsafe { self.string.0.payload().add(FIRST + 1).cast::<u8>().add(self.at) };
        let room = self.room - self.at;
        self.at += len;
        (to, room)
    }

    /// The string, of which all is written.
    #[inline]
    pub fn finish(self) -> Str {
        assert_eq!(self.at, self.string.len(), "all of the string is written");
        self.string
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_of_all_lengths_make_the_text_they_are() {
        let mut heap = Heap::with_room(1 << 24);
        let letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
        let numbers = [0, 7, -7, 10, -999_999, 1_234_567, 99_999_999, i32::MAX, i32::MIN];
        for (length, number) in (0..28).flat_map(|n| numbers.map(|number| (n, number))) {
            let string = Piece::Str(Str::new(&mut heap, &letters[..length]).expect("there is room"));
            let digits = Piece::of(Value::i32(number)).expect("an integer is a piece");
            for (left, right, expected) in [
                (string, digits, format!("{}{number}", &letters[..length])),
                (digits, string, format!("{number}{}", &letters[..length])),
                (digits, digits, format!("{number}{number}")),
            ] {
                let made = Str::of_pieces(&mut heap, left, right).expect("there is room");
                assert_eq!(made.text(), Some(&*expected));
                let other = Str::new(&mut heap, &expected).expect("there is room");
                // What is compared and hashed by words is zeros behind the text.
                assert!(made.equals(other) && made.hash() == string::hash(expected.as_bytes()));
            }
        }
    }

    #[test]
    fn a_string_is_filled_with_whatever_comes() {
        let mut heap = Heap::with_room(1 << 20);
        let texts = ["", "1", "-20", &"x".repeat(45), "ä€😀", "2147483647", &"y".repeat(39), "zzzzzzzz", "z"];
        let whole = texts.concat();
        let mut filling = Filling::new(&mut heap, whole.len()).expect("there is room");
        let mut other = Heap::with_room(1 << 20);
        for text in texts {
            let string = Str::new(&mut other, text).expect("there is room");
            match text.parse() {
                Ok(number) => filling.add(Piece::Decimal(Decimal::of(number))),
                Err(_) if text.len() == 45 => filling.add_text(text),
                Err(_) => filling.add(Piece::Str(string)),
            }
        }
        let string = filling.finish();
        assert_eq!(string.text(), Some(&*whole));
        assert_eq!(string.hash(), string::hash(whole.as_bytes()));
    }

    #[test]
    #[should_panic = "the parts are as long as was said"]
    fn nothing_is_written_beyond_the_end() {
        let mut heap = Heap::with_room(1 << 10);
        let mut filling = Filling::new(&mut heap, 3).expect("there is room");
        filling.add_text("four");
    }
}
