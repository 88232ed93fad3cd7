//! From text to module: the items.
//!
//! An outline of the text comes first ([`super::outline`]), then all items but the bodies of functions, then the bodies
//! ([`super::body`]): every name is known there, wherever it is declared. A line with a mistake is reported and left;
//! reading goes on with the next one.

use super::body;
use super::classes::{self, ClassHeader};
use super::error::{Errors, ParseError, ParseErrors};
use super::lexer::{Cursor, bytes};
use super::names::{self, Names, Registers, Types};
use super::number;
use super::outline::{self, Item, Keyword};
use super::patterns;
use super::spans::{FunctionSpan, SourceSpans, Span};
use super::texts::Texts;
use crate::class::Class;
use crate::index::SigId;
use crate::limits::*;
use crate::module::{Data, Global, Import, Memory, Module, Native};
use crate::types::{Signature, Type};
use crate::vocabulary::{Immediate, Special};
use std::borrow::Cow;
use std::ops::Range;

/// A module and where its parts were written.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// The module.
    pub module: Module,
    /// Where its parts are in the source.
    pub spans: SourceSpans,
}

/// Reads a module.
pub fn parse(source: &str) -> Result<Module, ParseErrors> {
    read(source, false).map(|parsed| parsed.module)
}

/// Reads a module and remembers where everything stood.
pub fn parse_with_spans(source: &str) -> Result<Parsed, ParseErrors> {
    read(source, true)
}

fn read(source: &str, keep_spans: bool) -> Result<Parsed, ParseErrors> {
    let mut reader = Reader::new(source, keep_spans);
    if source.len() > MAX_TEXT_BYTES {
        let message = format!("the text has {} bytes, more than {MAX_TEXT_BYTES}", source.len());
        reader.errors.push(ParseError::new(0..0, message));
    } else {
        reader.items();
        reader.bodies();
        reader.class_bodies();
    }
    reader.errors.finish(source)?;
    reader.module.types = reader.types.list;
    reader.module.texts = reader.texts.finish();
    Ok(Parsed { module: reader.module, spans: reader.spans })
}

/// A function whose header has been read.
pub(super) struct Header<'s> {
    pub(super) name: Cow<'s, str>,
    pub(super) sig: SigId,
    pub(super) registers: Registers<'s>,
    pub(super) span: Span,
    pub(super) body: Span,
}

/// What is known so far.
pub(super) struct Reader<'s> {
    pub(super) source: &'s str,
    pub(super) keep_spans: bool,
    pub(super) errors: Errors,
    pub(super) names: Names<'s>,
    pub(super) types: Types,
    pub(super) texts: Texts<'s>,
    pub(super) spans: SourceSpans,
    module: Module,
    headers: Vec<Header<'s>>,
    class_headers: Vec<ClassHeader<'s>>,
}

impl<'s> Reader<'s> {
    fn new(source: &'s str, keep_spans: bool) -> Reader<'s> {
        Reader {
            source,
            keep_spans,
            errors: Errors::default(),
            names: Names::new(),
            types: Types::default(),
            texts: Texts::default(),
            spans: SourceSpans::default(),
            module: Module::default(),
            headers: Vec::new(),
            class_headers: Vec::new(),
        }
    }

    fn items(&mut self) {
        for item in outline::read(self.source, &mut self.errors) {
            if self.errors.is_full() {
                return;
            }
            let result = self.item(item);
            self.errors.keep(result);
        }
    }

    fn bodies(&mut self) {
        for header in std::mem::take(&mut self.headers) {
            if self.errors.is_full() {
                return;
            }
            let span = header.span;
            let first = self.spans.instructions.len();
            let function = body::read(self, header);
            self.module.functions.push(function);
            let instructions = first..self.spans.instructions.len();
            self.spans.functions.push(FunctionSpan { header: span, instructions });
        }
    }

    fn class_bodies(&mut self) {
        for header in std::mem::take(&mut self.class_headers) {
            if self.errors.is_full() {
                return;
            }
            let class = classes::read(self, header);
            self.module.classes.push(class);
        }
    }

    fn item(&mut self, item: Item) -> Result<(), ParseError> {
        let start = item.start as usize;
        let mut line = item.after_keyword(self.source);
        match item.keyword {
            Keyword::Module => {
                self.module.name = line.plain_name("a module")?.into_owned();
                line.finish()
            }
            Keyword::Text => self.texts.declare(&mut line),
            Keyword::Type => self.signature(&mut line, start),
            Keyword::Import => self.import(&mut line, start),
            Keyword::Native => self.native(&mut line, start),
            Keyword::Memory => self.memory(&mut line, start),
            Keyword::Data => self.data(&mut line, start),
            Keyword::Global => self.global(&mut line, start),
            Keyword::Pattern => self.pattern(&mut line, start),
            Keyword::Table => self.table(&mut line, start),
            Keyword::Class => self.class(item.line(self.source), start, item.body),
            Keyword::Func => self.header(&mut line, start, item.body),
        }
    }

    /// `type (i32) -> i32`
    fn signature(&mut self, line: &mut Cursor<'s>, start: usize) -> Result<(), ParseError> {
        let sig = names::signature(line)?;
        line.finish()?;
        self.types.add(sig, start..line.at)?;
        self.spans.types.push(Span::new(start..line.at));
        Ok(())
    }

    /// `import %math.square (i32) -> i32`, `import class &shapes.Point`
    fn import(&mut self, line: &mut Cursor<'s>, start: usize) -> Result<(), ParseError> {
        if classes::eat_word(line, "class") {
            return self.import_class(line, start);
        }
        let n = self.module.imports.len();
        let name = self.names.functions.declare(line, n)?.into_owned();
        let sig = self.types.resolve(line, 32)?;
        line.finish()?;
        limit(n, MAX_FUNCTIONS, "functions", start..line.at)?;
        self.module.imports.push(Import { name, sig });
        self.spans.imports.push(Span::new(start..line.at));
        Ok(())
    }

    fn import_class(&mut self, line: &mut Cursor<'s>, start: usize) -> Result<(), ParseError> {
        let n = self.module.class_imports.len();
        let name = self.names.classes.declare(line, n)?.into_owned();
        line.finish()?;
        limit(n, MAX_CLASSES, "classes", start..line.at)?;
        self.module.class_imports.push(name);
        self.spans.class_imports.push(Span::new(start..line.at));
        Ok(())
    }

    /// `native !print (i32) -> ()`
    fn native(&mut self, line: &mut Cursor<'s>, start: usize) -> Result<(), ParseError> {
        let n = self.module.natives.len();
        let name = self.names.natives.declare(line, n)?.into_owned();
        let sig = self.types.resolve(line, 32)?;
        line.finish()?;
        limit(n, MAX_NATIVES, "natives", start..line.at)?;
        self.module.natives.push(Native { name, sig });
        self.spans.natives.push(Span::new(start..line.at));
        Ok(())
    }

    /// `memory 1 16`
    fn memory(&mut self, line: &mut Cursor<'s>, start: usize) -> Result<(), ParseError> {
        let min = number::unsigned(line, 32)? as u32;
        let max = number::unsigned(line, 32)? as u32;
        line.finish()?;
        if self.module.memory.is_some() {
            return Err(ParseError::new(start..line.at, "the module has a memory already"));
        }
        self.module.memory = Some(Memory { min, max });
        self.spans.memory = Some(Span::new(start..line.at));
        Ok(())
    }

    /// `data 64 "text"`, `data 128 f64 1.5 -0.0`
    fn data(&mut self, line: &mut Cursor<'s>, start: usize) -> Result<(), ParseError> {
        let offset = number::unsigned(line, 32)? as u32;
        let contents = match line.string()? {
            Some(quoted) => bytes(quoted)?.into_owned(),
            None => elements(line)?,
        };
        line.finish()?;
        self.module.data.push(Data { offset, bytes: contents });
        self.spans.data.push(Span::new(start..line.at));
        Ok(())
    }

    /// `global @count: mut i64 = 5`; `= #5` gives the slot itself
    fn global(&mut self, line: &mut Cursor<'s>, start: usize) -> Result<(), ParseError> {
        let n = self.module.globals.len();
        let name = self.names.globals.declare(line, n)?.into_owned();
        line.expect(":")?;
        let mut after = *line;
        let mutable = after.word().is_some_and(|word| word.text == "mut");
        if mutable {
            *line = after;
        }
        let ty = names::ty(line)?;
        line.expect("=")?;
        let init = match ty {
            _ if line.eat("#") => number::unsigned(line, 64)?,
            Type::Val => immediate(line)?.to_slot(),
            _ => number::constant(line, ty, width(ty))?,
        };
        line.finish()?;
        limit(n, MAX_GLOBALS, "globals", start..line.at)?;
        self.module.globals.push(Global { name, ty, mutable, init });
        self.spans.globals.push(Span::new(start..line.at));
        Ok(())
    }

    /// `pattern p0 = {:ok, $}`
    fn pattern(&mut self, line: &mut Cursor<'s>, start: usize) -> Result<(), ParseError> {
        let n = self.module.patterns.len();
        patterns::declared(line, 'p', "the pattern", n)?;
        let pattern = patterns::read_pattern(&mut self.texts, line)?;
        line.finish()?;
        limit(n, MAX_PATTERNS, "patterns", start..line.at)?;
        self.module.patterns.push(pattern);
        self.spans.patterns.push(Span::new(start..line.at));
        Ok(())
    }

    /// `table t0 = :red, 5, null`
    fn table(&mut self, line: &mut Cursor<'s>, start: usize) -> Result<(), ParseError> {
        let n = self.module.tables.len();
        patterns::declared(line, 't', "the table", n)?;
        let table = patterns::read_table(&mut self.texts, line)?;
        limit(n, MAX_TABLES, "tables", start..line.at)?;
        self.module.tables.push(table);
        self.spans.tables.push(Span::new(start..line.at));
        Ok(())
    }

    /// `class &P3 extends &Point implements &Shape`; what follows the name is read when all names are known
    fn class(&mut self, mut line: Cursor<'s>, start: usize, body: Span) -> Result<(), ParseError> {
        let is_abstract = classes::eat_word(&mut line, "abstract");
        let is_interface = classes::eat_word(&mut line, "interface");
        if !is_interface && !classes::eat_word(&mut line, "class") {
            return Err(line.expected("`class`"));
        }
        let n = self.module.class_imports.len() + self.class_headers.len();
        let name = self.names.classes.declare(&mut line, n)?.into_owned();
        limit(n, MAX_CLASSES, "classes", start..line.at)?;
        let class = Class { name, is_abstract, is_interface, ..Class::default() };
        self.spans.classes.push(Span::new(start..line.at));
        self.class_headers.push(ClassHeader { class, rest: line, body });
        Ok(())
    }

    /// `func %fib(n: i32) -> i32 {`; `func %f #3 {` leaves the parameters to `reg` lines
    fn header(&mut self, line: &mut Cursor<'s>, start: usize, body: Span) -> Result<(), ParseError> {
        let n = self.module.imports.len() + self.headers.len();
        let name = self.names.functions.declare(line, n)?;
        let mut registers = Registers::default();
        let sig = if line.peek() == Some(b'#') {
            self.types.resolve(line, 32)?
        } else {
            line.expect("(")?;
            while !line.eat(")") {
                if !registers.types.is_empty() {
                    line.expect(",")?;
                }
                registers.declare(line)?;
            }
            let sig = Signature::new(&*registers.types, names::results(line)?);
            self.types.intern(sig, start..line.at)?
        };
        line.expect("{")?;
        line.finish()?;
        limit(n, MAX_FUNCTIONS, "functions", start..line.at)?;
        self.headers.push(Header { name, sig, registers, span: Span::new(start..line.at), body });
        Ok(())
    }
}

/// `null`, `5`, `1.5`
fn immediate(line: &mut Cursor<'_>) -> Result<Immediate, ParseError> {
    let mut ahead = *line;
    match ahead.word().and_then(|word| Special::from_word(word.text)) {
        Some(special) => {
            *line = ahead;
            Ok(Immediate::Special(special))
        }
        None => number::value_number(line),
    }
}

/// One more would be too many.
fn limit(have: usize, most: usize, what: &str, span: Range<usize>) -> Result<(), ParseError> {
    if have < most { Ok(()) } else { Err(ParseError::new(span, format!("the module has more than {most} {what}"))) }
}

/// `i16 1 -2 3`: little-endian.
fn elements(line: &mut Cursor<'_>) -> Result<Vec<u8>, ParseError> {
    let before = *line;
    let Some(ty) = line.word() else { return Err(line.expected("a string or a type")) };
    let mut out = Vec::new();
    let (small, float) = match ty.text {
        "i8" => (8, None),
        "i16" => (16, None),
        "i32" => (32, None),
        "i64" => (64, None),
        "f32" => (32, Some(Type::F32)),
        "f64" => (64, Some(Type::F64)),
        _ => return Err(before.expected("a type of data (i8, i16, i32, i64, f32 or f64)")),
    };
    while line.peek().is_some() {
        let bits = match float {
            Some(ty) => number::constant(line, ty, small)?,
            None => number::element(number::numeral(line)?, small)?,
        };
        out.extend_from_slice(&bits.to_le_bytes()[..usize::from(small / 8)]);
    }
    Ok(out)
}

/// Bits of a value of this type.
pub(super) fn width(ty: Type) -> u8 {
    match ty {
        Type::I32 | Type::F32 => 32,
        Type::I64 | Type::F64 | Type::Val => 64,
    }
}
