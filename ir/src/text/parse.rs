//! From text to module: the items, in two walks over the lines.
//!
//! The first walk only finds where items begin and function bodies end, so that every name is known, wherever it is
//! declared, when bodies are read ([`super::body`]). A line with a mistake is reported and left; reading goes on with
//! the next one.

use super::body;
use super::error::{Errors, ParseError, ParseErrors};
use super::lexer::{Cursor, Lines, bytes, shortened};
use super::names::{self, Names, Registers, Types};
use super::number;
use super::spans::{FunctionSpan, SourceSpans, Span};
use crate::index::SigId;
use crate::limits::{MAX_FUNCTIONS, MAX_GLOBALS, MAX_NATIVES, MAX_TEXT_BYTES};
use crate::module::{Data, Global, Import, Memory, Module, Native};
use crate::ops::Opcode;
use crate::types::{Signature, Type};
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
    }
    reader.errors.finish(source)?;
    reader.module.types = reader.types.list;
    Ok(Parsed { module: reader.module, spans: reader.spans })
}

/// What kind of item a line begins; in the order in which items are read, so that imports are counted before functions
/// and `type` lines before the signatures that are only met.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Keyword {
    Module,
    Type,
    Import,
    Native,
    Memory,
    Data,
    Global,
    Func,
}

const KEYWORDS: [(&str, Keyword); 8] = [
    ("module", Keyword::Module),
    ("type", Keyword::Type),
    ("import", Keyword::Import),
    ("native", Keyword::Native),
    ("memory", Keyword::Memory),
    ("data", Keyword::Data),
    ("global", Keyword::Global),
    ("func", Keyword::Func),
];

/// An item found by the first walk.
struct Item<'s> {
    keyword: Keyword,
    /// Where its keyword stands.
    start: usize,
    /// What comes after the keyword.
    rest: Cursor<'s>,
    /// The lines between a function's header and its `}`.
    body: Range<usize>,
}

/// A function whose header has been read.
pub(super) struct Header<'s> {
    pub(super) name: Cow<'s, str>,
    pub(super) sig: SigId,
    pub(super) registers: Registers<'s>,
    pub(super) span: Range<usize>,
    pub(super) body: Range<usize>,
}

/// What is known so far.
pub(super) struct Reader<'s> {
    pub(super) source: &'s str,
    pub(super) keep_spans: bool,
    pub(super) errors: Errors,
    pub(super) names: Names<'s>,
    pub(super) types: Types,
    pub(super) spans: SourceSpans,
    module: Module,
    headers: Vec<Header<'s>>,
}

impl<'s> Reader<'s> {
    fn new(source: &'s str, keep_spans: bool) -> Reader<'s> {
        Reader {
            source,
            keep_spans,
            errors: Errors::default(),
            names: Names::new(),
            types: Types::default(),
            spans: SourceSpans::default(),
            module: Module::default(),
            headers: Vec::new(),
        }
    }

    fn items(&mut self) {
        let mut items = self.outline();
        items.sort_by_key(|item| item.keyword);
        for item in items {
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
            let span = Span::new(header.span.clone());
            let first = self.spans.instructions.len();
            let function = body::read(self, header);
            self.module.functions.push(function);
            let instructions = first..self.spans.instructions.len();
            self.spans.functions.push(FunctionSpan { header: span, instructions });
        }
    }

    /// Finds all items.
    fn outline(&mut self) -> Vec<Item<'s>> {
        let mut items = Vec::new();
        let mut lines = Lines::new(self.source, 0..self.source.len());
        while let Some(line) = lines.next() {
            if self.errors.is_full() {
                break;
            }
            if line.peek().is_some() {
                let item = begin_item(line, items.is_empty()).map(|item| self.with_body(item, &mut lines));
                items.extend(self.errors.keep(item));
            }
        }
        items
    }

    /// Passes over the body, if the item is a function.
    fn with_body(&mut self, item: Item<'s>, lines: &mut Lines<'s>) -> Item<'s> {
        if item.keyword != Keyword::Func {
            return item;
        }
        let start = lines.at.min(self.source.len());
        loop {
            let end = lines.at.min(self.source.len());
            let mut ahead = lines.clone();
            let closed = match ahead.next() {
                Some(mut line) if line.peek() == Some(b'}') => {
                    line.eat("}");
                    let result = line.finish();
                    self.errors.keep(result);
                    *lines = ahead;
                    true
                }
                Some(line) if !begins_function(line) => {
                    *lines = ahead;
                    continue;
                }
                _ => false,
            };
            if !closed {
                let span = item.start..item.start + "func".len();
                self.errors.push(ParseError::new(span, "the function is not closed by a line with `}`"));
            }
            return Item { body: start..end, ..item };
        }
    }

    fn item(&mut self, item: Item<'s>) -> Result<(), ParseError> {
        let mut line = item.rest;
        match item.keyword {
            Keyword::Module => {
                self.module.name = line.plain_name("a module")?.into_owned();
                line.finish()
            }
            Keyword::Type => self.signature(&mut line, item.start),
            Keyword::Import => self.import(&mut line, item.start),
            Keyword::Native => self.native(&mut line, item.start),
            Keyword::Memory => self.memory(&mut line, item.start),
            Keyword::Data => self.data(&mut line, item.start),
            Keyword::Global => self.global(&mut line, item.start),
            Keyword::Func => self.header(item),
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

    /// `import %math.square (i32) -> i32`
    fn import(&mut self, line: &mut Cursor<'s>, start: usize) -> Result<(), ParseError> {
        let n = self.module.imports.len();
        let name = self.names.functions.declare(line, n)?.into_owned();
        let sig = self.types.resolve(line, 32)?;
        line.finish()?;
        limit(n, MAX_FUNCTIONS, "functions", start..line.at)?;
        self.module.imports.push(Import { name, sig });
        self.spans.imports.push(Span::new(start..line.at));
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
        let init = if line.eat("#") { number::unsigned(line, 64)? } else { number::constant(line, ty, width(ty))? };
        line.finish()?;
        limit(n, MAX_GLOBALS, "globals", start..line.at)?;
        self.module.globals.push(Global { name, ty, mutable, init });
        self.spans.globals.push(Span::new(start..line.at));
        Ok(())
    }

    /// `func %fib(n: i32) -> i32 {`; `func %f #3 {` leaves the parameters to `reg` lines
    fn header(&mut self, item: Item<'s>) -> Result<(), ParseError> {
        let mut line = item.rest;
        let n = self.module.imports.len() + self.headers.len();
        let name = self.names.functions.declare(&mut line, n)?;
        let mut registers = Registers::default();
        let sig = if line.peek() == Some(b'#') {
            self.types.resolve(&mut line, 32)?
        } else {
            line.expect("(")?;
            while !line.eat(")") {
                if !registers.types.is_empty() {
                    line.expect(",")?;
                }
                registers.declare(&mut line)?;
            }
            let sig = Signature::new(&*registers.types, names::results(&mut line)?);
            self.types.intern(sig, item.start..line.at)?
        };
        line.expect("{")?;
        line.finish()?;
        limit(n, MAX_FUNCTIONS, "functions", item.start..line.at)?;
        self.headers.push(Header { name, sig, registers, span: item.start..line.at, body: item.body });
        Ok(())
    }
}

/// One more would be too many.
fn limit(have: usize, most: usize, what: &str, span: Range<usize>) -> Result<(), ParseError> {
    if have < most { Ok(()) } else { Err(ParseError::new(span, format!("the module has more than {most} {what}"))) }
}

/// The keyword of a line that is not empty.
fn begin_item(line: Cursor<'_>, is_first: bool) -> Result<Item<'_>, ParseError> {
    let mut rest = line;
    let Some(word) = rest.word() else { return Err(line.expected("an item")) };
    let Some((_, keyword)) = KEYWORDS.into_iter().find(|(name, _)| *name == word.text) else {
        return Err(no_item(word.text, word.span()));
    };
    if keyword == Keyword::Module && !is_first {
        return Err(ParseError::new(word.span(), "the module's name is not the first item"));
    }
    Ok(Item { keyword, start: word.start, rest, body: 0..0 })
}

#[cold]
fn no_item(word: &str, span: Range<usize>) -> ParseError {
    let shown = shortened(word);
    if Opcode::from_mnemonic(word).is_some() {
        return ParseError::new(span, format!("the instruction `{shown}` stands outside of a function"));
    }
    ParseError::new(span, format!("`{shown}` begins no item"))
        .suggesting(word, KEYWORDS.map(|(name, _)| name))
        .or_help("items are module, type, import, native, memory, data, global and func")
}

/// Does a function begin here, though the one before it has no end?
fn begins_function(mut line: Cursor<'_>) -> bool {
    line.word().is_some_and(|word| word.text == "func") && line.peek() == Some(b'%')
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
