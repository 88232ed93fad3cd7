//! Origins: where a module came from, and so where its errors are shown.
//!
//! A text knows the line of each instruction. A binary module knows functions and words; its instructions are printed
//! instead, from the file as it is when there is something to say about it.

use crate::diagnostics::Place;
use crate::problem::{Problem, Rejection};
use regatta_vm::ir::text::print_instruction;
use regatta_vm::ir::{FuncId, Instr, Module};
use regatta_vm::load::{self, LoadError, Source};
use regatta_vm::verifier::{Item, Loc, VerifyError, VerifyErrorKind, VerifyErrors};
use std::ops::Range;
use std::path::{Path, PathBuf};

/// The file of a module.
#[derive(Debug)]
pub(crate) struct Origin {
    /// Its path.
    pub(crate) path: PathBuf,
    /// Its text, if it is one.
    pub(crate) source: Option<Source>,
    /// The name other modules import from, or nothing.
    pub(crate) module: String,
    imports: usize,
}

/// Loads a file: the module, and what is needed to talk about it.
pub(crate) fn load(path: &Path) -> Result<(Module, Origin), Rejection> {
    let loaded = load::load_file(path).map_err(|error| unloadable(path, error))?;
    let (name, imports) = (loaded.module.name.clone(), loaded.module.imports.len());
    Ok((loaded.module, Origin { path: path.to_path_buf(), source: loaded.source, module: name, imports }))
}

fn unloadable(path: &Path, error: LoadError) -> Rejection {
    let file = path.display().to_string();
    let LoadError::Text { text, errors } = error else {
        return Rejection::whole(&file, error.to_string());
    };
    let problem = |error: regatta_vm::ir::text::ParseError| Problem {
        file: file.clone(),
        line: Some(error.line),
        column: Some(error.column),
        message: error.message,
        span: Some(error.span),
        help: error.help,
        ..Problem::default()
    };
    Rejection { problems: errors.0.into_iter().map(problem).collect(), text: Some(text) }
}

impl Origin {
    /// The path, for people.
    pub(crate) fn file(&self) -> String {
        self.path.display().to_string()
    }

    /// The file with something wrong that is nowhere in particular.
    pub(crate) fn reject(&self, message: impl Into<String>) -> Rejection {
        Rejection::whole(&self.file(), message)
    }

    /// The file with what the verifier found, and what helps where an import is missing.
    pub(crate) fn rejected(&self, errors: &VerifyErrors, missing: &str) -> Rejection {
        let lines = self.source.as_ref().map(|source| Lines::of(&source.text));
        // The verifier has kept the module, so it is loaded again: for people, a moment more is no matter.
        let module = match &self.source {
            Some(source) => load::load_text(source.text.clone()),
            None => load::load_file(&self.path),
        };
        let module = module.ok().map(|loaded| loaded.module);
        let mut problems: Vec<_> =
            errors.errors.iter().map(|error| self.problem(error, lines.as_ref(), module.as_ref())).collect();
        for (problem, error) in problems.iter_mut().zip(&errors.errors) {
            problem.help = matches!(error.kind, VerifyErrorKind::NoImport { .. }).then(|| missing.to_string());
        }
        if errors.more > 0 {
            problems.extend(self.reject(format!("{} more errors are not shown", errors.more)).problems);
        }
        Rejection { problems, text: self.source.as_ref().map(|source| source.text.clone()) }
    }

    fn problem(&self, error: &VerifyError, lines: Option<&Lines<'_>>, module: Option<&Module>) -> Problem {
        let tag = error.kind.tag();
        let message = error.kind.to_string();
        let span = self.span(error);
        let place = span.as_ref().zip(lines).map(|(span, lines)| lines.place(span.start));
        Problem {
            file: self.file(),
            line: place.map(|place| place.0),
            column: place.map(|place| place.1),
            tag: Some(tag.name()),
            message: message.strip_prefix(&format!("[{tag}] ")).unwrap_or(&message).to_string(),
            function: error.loc.func.map(|func| function_name(&error.loc, func)),
            word: error.loc.pc,
            note: if place.is_none() { self.note(&error.loc, module) } else { self.names(error, module) },
            span,
            help: None,
        }
    }

    /// What the text says at the place of an error.
    fn span(&self, error: &VerifyError) -> Option<Range<usize>> {
        let spans = &self.source.as_ref()?.spans;
        match error.loc.item {
            Some(Item::Class(class)) => return spans.class(class),
            Some(Item::Pattern(pattern)) => return spans.pattern(pattern),
            Some(Item::Table(table)) => return spans.table(table),
            None => {}
        }
        match (&error.kind, error.loc.func) {
            (_, Some(func)) if func.index() < self.imports => spans.import(func.index()),
            (_, Some(func)) => self.function_span(func.index() - self.imports, error.loc.pc),
            (VerifyErrorKind::DuplicateSignature { sig, .. }, None) => spans.signature(*sig),
            (VerifyErrorKind::MemoryBackwards { .. }, None) => spans.memory(),
            (VerifyErrorKind::DataWithoutMemory { data } | VerifyErrorKind::DataOutside { data, .. }, None) => {
                spans.data(*data as usize)
            }
            (VerifyErrorKind::InitialValue { global, .. }, None) => spans.global(global.index()),
            _ => None,
        }
    }

    /// The text of the module's own function number `n`, or of an instruction in it.
    fn function_span(&self, n: usize, pc: Option<u32>) -> Option<Range<usize>> {
        let spans = &self.source.as_ref()?.spans;
        pc.and_then(|pc| spans.instruction(n, pc as usize)).or_else(|| spans.function(n))
    }

    /// Where in the text an instruction of the module's own function number `n` stands.
    pub(crate) fn instruction(&self, n: usize, pc: u32) -> Option<Place<'_>> {
        let (text, span) = (&*self.source.as_ref()?.text, self.function_span(n, Some(pc))?);
        let (line, column) = Lines::of(text).place(span.start);
        Some(Place { text, span, line, column, label: None })
    }

    /// `%fib, word 3: i32_add r1, r9, r0`; nothing for what is in no function.
    fn note(&self, loc: &Loc, module: Option<&Module>) -> Option<String> {
        loc.func?;
        Some(match module.and_then(|module| self.printed(loc, module)) {
            Some(instruction) => format!("{loc}: {instruction}"),
            None => loc.to_string(),
        })
    }

    /// What the text calls the registers of the message: "r2 is `b`".
    fn names(&self, error: &VerifyError, module: Option<&Module>) -> Option<String> {
        let function = module?.functions.get(error.loc.func?.index().checked_sub(self.imports)?)?;
        let name = |register| Some((register, function.debug.register_name(u16::try_from(register).ok()?)?));
        let named = error.kind.registers().into_iter().filter_map(name);
        let named: Vec<_> = named.map(|(register, name)| format!("r{register} is `{name}`")).collect();
        (!named.is_empty()).then(|| named.join(", "))
    }

    fn printed(&self, loc: &Loc, module: &Module) -> Option<String> {
        let (func, pc) = (loc.func?, loc.pc?);
        let function = module.functions.get(func.index().checked_sub(self.imports)?)?;
        let instr = Instr::decode(function.code.get(pc as usize..)?)?;
        Some(print_instruction(module, function, pc as usize, &instr))
    }
}

fn function_name(loc: &Loc, func: FuncId) -> String {
    loc.name.as_deref().map_or_else(|| format!("#{}", func.0), str::to_string)
}

/// The lines of a text.
struct Lines<'a> {
    text: &'a str,
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    fn of(text: &'a str) -> Lines<'a> {
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        Lines { text, starts: std::iter::once(0).chain(ends.map(|(at, _)| at + 1)).collect() }
    }

    /// Line and character of a byte, both from 1.
    fn place(&self, at: usize) -> (u32, u32) {
        let line = self.starts.partition_point(|&start| start <= at);
        let column = self.text[self.starts[line - 1]..at].chars().count() + 1;
        (line as u32, column as u32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_from_one_and_in_characters() {
        let lines = Lines::of("ab\nöx\n\nz");
        assert_eq!(lines.place(0), (1, 1));
        assert_eq!(lines.place(5), (2, 2));
        assert_eq!(lines.place(7), (3, 1));
        assert_eq!(lines.place(8), (4, 1));
    }
}
