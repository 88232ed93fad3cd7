//! Ranges of code whose exceptions go somewhere.
//!
//! A range is opened, filled with instructions and closed; ranges nest like brackets, so that inner ones are closed, and
//! listed, before outer ones. The label that exceptions go to is bound after the range has been closed.

use super::{BuildErrorKind as Error, FunctionBuilder, Label};
use crate::index::Reg;
use crate::module::Handler;
use crate::operand::Class;
use crate::types::Type;

/// A range that is open.
#[derive(Debug)]
#[must_use = "a range that is not closed does nothing"]
pub struct TryRange {
    start: u32,
    exception: Reg,
    target: Label,
    traps: bool,
}

/// A range that is closed; places are words, as emitted.
pub(super) struct ClosedRange {
    start: u32,
    end: u32,
    exception: Reg,
    target: Label,
    traps: bool,
}

impl FunctionBuilder {
    /// What the instructions from here on throw goes to `target`, with the value in `exception`.
    pub fn open_try(&mut self, exception: Reg, target: Label) -> TryRange {
        self.open_range("open_try", exception, target, false)
    }

    /// The same for traps too; they come as strings.
    pub fn open_try_all(&mut self, exception: Reg, target: Label) -> TryRange {
        self.open_range("open_try_all", exception, target, true)
    }

    /// The range ends here. One without instructions is forgotten.
    pub fn close_try(&mut self, range: TryRange) {
        let TryRange { start, exception, target, traps } = range;
        let end = self.code.len() as u32;
        if self.is_bound(target) {
            self.fail_in("close_try", Error::HandlerInside { label: target });
        }
        if start < end {
            self.ranges.push(ClosedRange { start, end, exception, target, traps });
        }
    }

    fn open_range(&mut self, method: &'static str, exception: Reg, target: Label, traps: bool) -> TryRange {
        self.current = method;
        self.typed("exception", exception, Class::Of(Type::Val), &mut None);
        self.writes(exception);
        let (place, live) = (self.place(), self.live);
        match self.labels.get_mut(target.0 as usize) {
            Some(state) => {
                state.used.get_or_insert(place);
                state.reached |= live;
            }
            None => self.fail_in(method, Error::NoLabel { label: target }),
        }
        TryRange { start: self.code.len() as u32, exception, target, traps }
    }

    /// The handlers, when all words are where `moved` says.
    pub(super) fn handlers(&self, moved: impl Fn(u32) -> u32) -> Vec<Handler> {
        let handler = |range: &ClosedRange| {
            let target = self.labels.get(range.target.0 as usize)?.word?;
            let exception = self.position(range.exception)?.place(self.registers.len()) as u16;
            let [start, end, target] = [range.start, range.end, target].map(&moved);
            Some(Handler { start, end, target, exception, traps: range.traps })
        };
        self.ranges.iter().filter_map(handler).collect()
    }
}
