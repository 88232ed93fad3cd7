//! Handlers: where exceptions go, and what is written there.
//!
//! A handler covers a range of words and names a target behind it. Every instruction in the range that can throw is an
//! edge to the target, on which the exception's register is written and, after a call, all registers from its window on
//! are undone. Since targets lie behind their ranges, these are forward edges like all others and the one pass stays one.
//!
//! Along straight code, more and more is written, so the first edge says all that the next ones would: an edge is sent
//! when something joined since the last one, and at calls. Whether an exception is taken by the inner or by an outer
//! handler is not asked; it goes to all that are around it.

use crate::body::Subject;
use crate::error::{Errors, Loc, VerifyErrorKind as Kind};
use crate::flow::Flow;
use crate::map::Map;
use regatta_ir::Type;
use regatta_ir::module::Handler;

/// The handlers of a body, and those around the present instruction.
#[derive(Default)]
pub(crate) struct Guards {
    /// Those in order, by rising start, outer before inner ones.
    ranges: Vec<Handler>,
    /// How many of them have begun.
    begun: usize,
    /// Those around the present instruction, by their places in `ranges`, inner ones last.
    around: Vec<usize>,
    /// Have they seen all that is written here?
    fresh: bool,
    /// Numbers of handlers, for sorting.
    order: Vec<usize>,
}

impl Guards {
    /// Checks the handlers and begins a walk.
    pub(crate) fn begin(&mut self, subject: Subject<'_>, map: &Map, errors: &mut Errors) {
        self.ranges.clear();
        self.around.clear();
        self.begun = 0;
        let handlers = &subject.function.handlers;
        if handlers.is_empty() {
            return;
        }
        self.order.clear();
        for (n, handler) in handlers.iter().enumerate() {
            match check(subject, map, n as u32, handler) {
                Ok(()) => self.order.push(n),
                Err(kind) => report(subject, handler, kind, errors),
            }
        }
        // Outer ranges first; of equal ones, the later handler is the outer one.
        self.order.sort_by_key(|&n| (handlers[n].start, std::cmp::Reverse((handlers[n].end, n))));
        self.nest(subject, errors);
    }

    /// Keeps those that nest: each lies inside the one before it on the stack, or behind it.
    fn nest(&mut self, subject: Subject<'_>, errors: &mut Errors) {
        let handlers = &subject.function.handlers;
        let mut stack: Vec<usize> = Vec::new();
        for &n in &self.order {
            let handler = &handlers[n];
            while stack.pop_if(|outer| handlers[*outer].end <= handler.start).is_some() {}
            if let Some(&outer) = stack.last() {
                let (inner, outer_number) = (n as u32, outer as u32);
                if handlers[outer].end < handler.end {
                    report(subject, handler, Kind::HandlersCross { handler: inner, other: outer_number }, errors);
                    continue;
                }
                if outer < n {
                    report(subject, handler, Kind::HandlerOrder { handler: inner, outer: outer_number }, errors);
                    continue;
                }
            }
            stack.push(n);
            self.ranges.push(*handler);
        }
    }

    /// Is any handler around the present instruction?
    pub(crate) fn any(&self) -> bool {
        !self.around.is_empty()
    }

    /// The next word at which a range begins or ends.
    pub(crate) fn boundary(&self) -> usize {
        let end = self.around.last().map(|&n| self.ranges[n].end);
        let start = self.ranges.get(self.begun).map(|range| range.start);
        end.into_iter().chain(start).min().map_or(usize::MAX, |word| word as usize)
    }

    /// The walk comes to a boundary.
    pub(crate) fn cross(&mut self, pc: usize) {
        while self.around.pop_if(|n| self.ranges[*n].end as usize <= pc).is_some() {}
        while self.ranges.get(self.begun).is_some_and(|range| range.start as usize <= pc) {
            self.around.push(self.begun);
            self.begun += 1;
        }
        self.fresh = false;
    }

    /// Something joins what is known here.
    pub(crate) fn join(&mut self) {
        self.fresh = false;
    }

    /// An instruction that may throw and has changed nothing then.
    pub(crate) fn may_throw(&mut self, map: &Map, flow: &mut Flow) {
        if !self.fresh {
            self.throw(map, flow);
        }
    }

    /// The present state goes to all handlers around.
    pub(crate) fn throw(&mut self, map: &Map, flow: &mut Flow) {
        for &n in &self.around {
            let Handler { target, exception, .. } = self.ranges[n];
            flow.send_with(map.target_number(target as usize), exception.into());
        }
        self.fresh = flow.live;
    }
}

fn report(subject: Subject<'_>, handler: &Handler, kind: Kind, errors: &mut Errors) {
    let inside = (handler.start as usize) < subject.function.code.len();
    errors.push(|| Loc::function(subject.id, subject.function, inside.then_some(handler.start)), kind);
}

/// Is this handler in order by itself?
fn check(subject: Subject<'_>, map: &Map, number: u32, handler: &Handler) -> Result<(), Kind> {
    let Handler { start, end, target, exception, .. } = *handler;
    let (words, registers) = (subject.function.code.len(), &subject.function.registers);
    if start >= end || end as usize > words {
        return Err(Kind::HandlerRange { handler: number, start, end, words: words as u32 });
    }
    if target < end {
        return Err(Kind::HandlerBehind { handler: number, target, end });
    }
    for word in [start, end, target] {
        let is_end = word == end && end as usize == words && word != target;
        if !is_end && !map.is_start(word as usize) {
            return Err(Kind::HandlerPlace { handler: number, word });
        }
    }
    match registers.get(usize::from(exception)) {
        Some(Type::Val) => Ok(()),
        Some(is) => Err(Kind::ExceptionType { register: exception.into(), is: *is, handler: number }),
        None => Err(Kind::RegisterOutOfRange { register: exception.into(), count: registers.len() as u32 }),
    }
}
