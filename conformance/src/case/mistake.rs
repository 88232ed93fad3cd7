//! Mistakes: what a case says is wrong with its module, and what is.
//!
//! `error: [V-REG] text` expects, on its line, an error of the verifier with this tag and with this text in its message;
//! without a tag, an error of the parser. Tag or text may be left out, not both. Each directive is one error, and there
//! must be no other.

use crate::host;
use regatta_ir::Module;
use regatta_ir::text::{Parsed, SourceSpans, parse_with_spans};
use regatta_verifier::{Item, VerifyError, VerifyErrorKind as Kind, verify};
use regatta_vm::Program;
use std::fmt;
use std::ops::Range;

/// An error as a case expects it, or as it was found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mistake {
    /// The line, from 1.
    pub line: u32,
    /// The verifier's tag, as `V-REG`; `None` for errors of the parser.
    pub tag: Option<String>,
    /// The message, or a part of it.
    pub text: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: ", self.line)?;
        match &self.tag {
            Some(tag) => write!(f, "[{tag}] {}", self.text),
            None => f.write_str(&self.text),
        }
    }
}

impl Mistake {
    /// Reads what stands after `error:`.
    pub(super) fn parse(line: u32, text: &str) -> Result<Mistake, String> {
        let (tag, text) = match text.strip_prefix('[') {
            Some(rest) => {
                let (tag, text) = rest.split_once(']').ok_or("the tag is not closed by `]`")?;
                (Some(tag.to_string()), text.trim())
            }
            None => (None, text),
        };
        let known = |tag: &String| regatta_verifier::Tag::ALL.iter().any(|known| known.name() == tag);
        match &tag {
            Some(tag) if !known(tag) => Err(format!("`{tag}` is not a promise of the verifier")),
            None if text.is_empty() => Err("the error has neither a tag nor a text".to_string()),
            _ => Ok(Mistake { line, tag, text: text.to_string() }),
        }
    }

    fn covers(&self, found: &Mistake) -> bool {
        self.line == found.line && self.tag == found.tag && found.text.contains(&self.text)
    }
}

/// All that is wrong with a source.
pub fn mistakes(source: &str) -> Vec<Mistake> {
    let Parsed { module, spans } = match parse_with_spans(source) {
        Ok(parsed) => parsed,
        Err(errors) => {
            let mistake =
                |error: regatta_ir::text::ParseError| Mistake { line: error.line, tag: None, text: error.message };
            return errors.0.into_iter().map(mistake).collect();
        }
    };
    let Err(errors) = verify(module.clone(), &Program::new(host::natives())) else { return vec![] };
    let mistake = |error: VerifyError| {
        let at = span(&error, &module, &spans).map_or(0, |span| span.start);
        let line = 1 + source[..at].bytes().filter(|&byte| byte == b'\n').count() as u32;
        let text = error.kind.to_string();
        let text = text.split_once("] ").map_or(&*text, |(_, text)| text).to_string();
        Mistake { line, tag: Some(error.kind.tag().name().to_string()), text }
    };
    errors.errors.into_iter().map(mistake).collect()
}

/// Where in the source an error of the verifier lies; `None` for one that is about the module as a whole.
fn span(error: &VerifyError, module: &Module, spans: &SourceSpans) -> Option<Range<usize>> {
    if let Some(func) = error.loc.func {
        let Some(own) = func.index().checked_sub(module.imports.len()) else { return spans.import(func.index()) };
        return match error.loc.pc {
            Some(pc) => spans.instruction(own, pc as usize).or_else(|| spans.function(own)),
            None => spans.function(own),
        };
    }
    match error.loc.item {
        Some(Item::Class(class)) => return spans.class(class),
        Some(Item::Pattern(pattern)) => return spans.pattern(pattern),
        Some(Item::Table(table)) => return spans.table(table),
        None => {}
    }
    match &error.kind {
        Kind::DuplicateSignature { sig, .. } => spans.signature(*sig),
        Kind::NoSignature { sig } => {
            let native = module.natives.iter().position(|native| native.sig == *sig);
            native.and_then(|native| spans.native(native))
        }
        Kind::InitialValue { global, .. } => spans.global(global.index()),
        Kind::DataOutside { data, .. } | Kind::DataWithoutMemory { data } => spans.data(*data as usize),
        Kind::MemoryBackwards { .. } => spans.memory(),
        Kind::TooMany { what: "pages", .. } => spans.memory(),
        _ => None,
    }
}

/// How the mistakes found differ from those expected; `None` when each is the other's.
pub(super) fn difference(expected: &[Mistake], mut found: Vec<Mistake>) -> Option<String> {
    let mut lines = Vec::new();
    for mistake in expected {
        match found.iter().position(|found| mistake.covers(found)) {
            Some(at) => drop(found.remove(at)),
            None => lines.push(format!("expected, but not found: {mistake}")),
        }
    }
    lines.extend(found.iter().map(|mistake| format!("found, but not expected: {mistake}")));
    (!lines.is_empty()).then(|| lines.join("\n"))
}
