//! What joining the elements of an array means.
//!
//! Lengths first, then one new string, and then every element is copied into it: nothing that is put together on the way
//! has to be kept. Strings and integers are copied as they are; whatever else needs a text is asked for it once, when
//! lengths are added up, and these texts wait outside of the heap.
//!
//! Contrast with `str_concat` in a loop, which makes two ropes for each element, for those who also want to look at what
//! there is in between.

use crate::meanings;
use regatta_heap::{Value, string::MAX_STRING_BYTES};
use regatta_runtime::object::{Array, Filling, Piece};
use regatta_runtime::{Context, Stop, Trap, text_of};

meanings! {
    str_join(cx: &mut Context<'_>, array: Value, separator: Value) -> Result<Value, Stop> {
        W::seldom(|| join(cx, array, separator))
    }
}

#[cold]
#[inline(never)]
fn join(cx: &mut Context<'_>, array: Value, separator: Value) -> Result<Value, Stop> {
    let array = Array::of(array).ok_or(Trap::NotAnArray)?;
    let between = Piece::of(separator).ok_or_else(|| text_of(cx.program, separator));
    let between_len = between.as_ref().map_or_else(String::len, |piece| piece.len());
    let heap = &mut cx.process.heap;
    let mut texts = Texts::default();
    let mut len = between_len * array.len().saturating_sub(1);
    for element in array.iter() {
        if len > MAX_STRING_BYTES {
            break; // however long the rest is
        }
        len += match Piece::of(element) {
            Some(piece) => piece.len(),
            None => texts.keep(text_of(cx.program, element), heap.limit()),
        };
    }
    let mut filling = Filling::new(heap, len)?;
    let mut texts = texts.iter();
    for (n, element) in array.iter().enumerate() {
        match &between {
            _ if n == 0 => {}
            Ok(piece) => filling.add(*piece),
            Err(text) => filling.add_text(text),
        }
        match Piece::of(element) {
            Some(piece) => filling.add(piece),
            None => filling.add_text(texts.next().expect("every such element was asked for its text")),
        }
    }
    Ok(filling.finish().value())
}

/// Texts one after another, and where each of them ends.
#[derive(Default)]
struct Texts {
    all: String,
    ends: Vec<usize>,
}

impl Texts {
    /// Keeps one more, as long as the heap has room for so much; its length.
    fn keep(&mut self, text: String, most: usize) -> usize {
        if self.all.len() + text.len() <= most {
            self.all.push_str(&text);
            self.ends.push(self.all.len());
        }
        text.len()
    }

    fn iter(&self) -> impl Iterator<Item = &str> {
        let starts = std::iter::once(&0).chain(&self.ends);
        starts.zip(&self.ends).map(|(&start, &end)| &self.all[start..end])
    }
}
