//! Where in the source the parts of a module were written, so that later errors can be drawn into it.

use crate::index::{ClassId, PatternId, SigId, TableId};
use std::ops::Range;

/// Byte ranges of a parsed module's parts. Functions count from the module's own first one, without imports.
#[derive(Clone, Debug, Default)]
pub struct SourceSpans {
    pub(super) functions: Vec<FunctionSpan>,
    /// Instructions of all functions, one function after the other.
    pub(super) instructions: Vec<(u32, Span)>,
    pub(super) types: Vec<Span>,
    pub(super) imports: Vec<Span>,
    pub(super) natives: Vec<Span>,
    pub(super) globals: Vec<Span>,
    pub(super) data: Vec<Span>,
    pub(super) class_imports: Vec<Span>,
    pub(super) classes: Vec<Span>,
    pub(super) patterns: Vec<Span>,
    pub(super) tables: Vec<Span>,
    pub(super) memory: Option<Span>,
}

/// A range of the source, which has less than 2^32 bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    start: u32,
    end: u32,
}

/// A function's header, and its part of the instructions.
#[derive(Clone, Debug)]
pub(super) struct FunctionSpan {
    pub(super) header: Span,
    pub(super) instructions: Range<usize>,
}

impl Span {
    pub(super) fn new(range: Range<usize>) -> Span {
        Span { start: range.start as u32, end: range.end as u32 }
    }

    pub(super) fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

fn nth(spans: &[Span], n: usize) -> Option<Range<usize>> {
    spans.get(n).map(|span| span.range())
}

impl SourceSpans {
    /// The instruction that covers word `pc` of the `function`-th function, from its mnemonic to its last operand.
    pub fn instruction(&self, function: usize, pc: usize) -> Option<Range<usize>> {
        let of_function = &self.instructions[self.functions.get(function)?.instructions.clone()];
        let after = of_function.partition_point(|entry| entry.0 as usize <= pc);
        Some(of_function[after.checked_sub(1)?].1.range())
    }

    /// The header line of the `function`-th function.
    pub fn function(&self, function: usize) -> Option<Range<usize>> {
        self.functions.get(function).map(|spans| spans.header.range())
    }

    /// The `type` line that gave this signature; `None` for one that was only met elsewhere.
    pub fn signature(&self, sig: SigId) -> Option<Range<usize>> {
        nth(&self.types, sig.index())
    }

    /// The `n`-th import.
    pub fn import(&self, n: usize) -> Option<Range<usize>> {
        nth(&self.imports, n)
    }

    /// The `n`-th native.
    pub fn native(&self, n: usize) -> Option<Range<usize>> {
        nth(&self.natives, n)
    }

    /// The `n`-th global.
    pub fn global(&self, n: usize) -> Option<Range<usize>> {
        nth(&self.globals, n)
    }

    /// The `n`-th piece of data.
    pub fn data(&self, n: usize) -> Option<Range<usize>> {
        nth(&self.data, n)
    }

    /// A class, imported or defined here: its header.
    pub fn class(&self, class: ClassId) -> Option<Range<usize>> {
        match self.class_imports.get(class.index()) {
            Some(span) => Some(span.range()),
            None => nth(&self.classes, class.index() - self.class_imports.len()),
        }
    }

    /// A pattern.
    pub fn pattern(&self, pattern: PatternId) -> Option<Range<usize>> {
        nth(&self.patterns, pattern.index())
    }

    /// A table of keys.
    pub fn table(&self, table: TableId) -> Option<Range<usize>> {
        nth(&self.tables, table.index())
    }

    /// The `memory` line.
    pub fn memory(&self) -> Option<Range<usize>> {
        self.memory.map(Span::range)
    }
}
