//! Bodies of functions: registers, labels, instructions.
//!
//! Operands are read by their role, in one place: [`Body::operand`]. Labels are resolved when the body has ended, since
//! most of them come after the branches that name them ([`super::jumps`]).

use super::classes::eat_word;
use super::error::ParseError;
use super::jumps::{Catch, Jump};
use super::lexer::{Cursor, Lines, Piece, shortened};
use super::names::{RegisterNames, Registers};
use super::number;
use super::parse::{Header, Reader};
use super::patterns;
use super::spans::Span;
use crate::codec::{Instr, OpInfo, OperandInfo};
use crate::limits::MAX_CODE_WORDS;
use crate::module::{Code, Debug, Function};
use crate::operand::Role;
use crate::ops::Opcode;
use crate::vocabulary::{Special, Tag, access};
use std::collections::HashMap;
use std::ops::Range;
use std::sync::OnceLock;

pub(super) struct Body<'r, 's> {
    pub(super) reader: &'r mut Reader<'s>,
    registers: Registers<'s>,
    register_names: RegisterNames<'s>,
    /// A `reg` line was wrong, so that unknown names are no news.
    registers_are_incomplete: bool,
    pub(super) code: Vec<u64>,
    lines: Vec<(u32, u32)>,
    pub(super) labels: HashMap<&'s str, usize>,
    pub(super) jumps: Vec<Jump>,
    pub(super) catches: Vec<Catch>,
}

/// Reads the body that belongs to this header.
pub(super) fn read<'s>(reader: &mut Reader<'s>, header: Header<'s>) -> Function {
    let lines = Lines::new(reader.source, header.body.range());
    let mut body = Body {
        reader,
        registers: header.registers,
        register_names: RegisterNames::default(),
        registers_are_incomplete: false,
        code: Vec::new(),
        lines: Vec::new(),
        labels: HashMap::new(),
        jumps: Vec::new(),
        catches: Vec::new(),
    };
    body.register_names.add(&body.registers.names);
    body.read(lines);
    body.resolve();
    let handlers = body.handlers();
    let names = body.registers.names.into_iter().map(|(number, name)| (number, name.into_owned())).collect();
    Function {
        name: header.name.into_owned(),
        sig: header.sig,
        registers: body.registers.types,
        code: Code::from(body.code),
        handlers,
        debug: Debug { names, lines: body.lines },
    }
}

impl<'s> Body<'_, 's> {
    fn read(&mut self, lines: Lines<'s>) {
        for line in lines {
            if self.reader.errors.is_full() {
                return;
            }
            let result = self.line(line);
            self.reader.errors.keep(result);
            if self.code.len() > MAX_CODE_WORDS {
                let message = format!("the function has more than {MAX_CODE_WORDS} words of code");
                self.reader.errors.push(ParseError::new(line.at..line.at, message));
                return;
            }
        }
    }

    fn line(&mut self, mut line: Cursor<'s>) -> Result<(), ParseError> {
        let Some(first) = line.peek() else { return Ok(()) };
        if first == b'.' {
            return self.directive(line);
        }
        let Some(word) = line.word() else { return Err(line.expected("an instruction or a label")) };
        if line.eat(":") {
            line.finish()?;
            return self.label(word);
        }
        if word.text == "reg" {
            let result = self.declare_registers(line);
            self.registers_are_incomplete |= result.is_err();
            return result;
        }
        let Some(op) = mnemonics().get(word.text) else { return Err(unknown_op(word)) };
        self.instruction(op.info(), word.start, line)
    }

    /// `reg a: i32, b: i64`
    fn declare_registers(&mut self, mut line: Cursor<'s>) -> Result<(), ParseError> {
        let named = self.registers.names.len();
        loop {
            self.registers.declare(&mut line)?;
            if !line.eat(",") {
                break;
            }
        }
        self.register_names.add(&self.registers.names[named..]);
        line.finish()
    }

    fn label(&mut self, name: Piece<'s>) -> Result<(), ParseError> {
        match self.labels.insert(name.text, self.code.len()) {
            None => Ok(()),
            Some(_) => {
                let message = format!("the label `{}` stands in this function twice", shortened(name.text));
                Err(ParseError::new(name.span(), message))
            }
        }
    }

    /// `.line 12`, `.word 0x2a`, `.catch e, start, end, target`
    fn directive(&mut self, mut line: Cursor<'s>) -> Result<(), ParseError> {
        let Some(name) = line.directive() else { return Err(line.expected("a directive")) };
        let pc = self.code.len();
        match name.text {
            ".line" => {
                let number = number::unsigned(&mut line, 32)? as u32;
                self.lines.pop_if(|entry| entry.0 as usize == pc);
                self.lines.push((pc as u32, number));
            }
            ".word" => {
                self.code.push(number::unsigned(&mut line, 64)?);
                self.remember(pc, name.start..line.at);
            }
            ".catch" => self.catch(&mut line, false)?,
            ".catch_all" => self.catch(&mut line, true)?,
            other => {
                let message = format!("`{}` is not a directive", shortened(other));
                return Err(ParseError::new(name.span(), message)
                    .with_help("directives are .line, .word, .catch and .catch_all"));
            }
        }
        line.finish()
    }

    fn instruction(&mut self, info: &'static OpInfo, start: usize, mut line: Cursor<'s>) -> Result<(), ParseError> {
        let pc = self.code.len();
        let mut instr = Instr { op: info.op, args: [0; 4] };
        let result = self.operands(&mut instr, &mut line);
        self.code.extend_from_slice(instr.encode().as_words());
        self.remember(pc, start..line.at);
        result
    }

    fn remember(&mut self, pc: usize, span: Range<usize>) {
        if self.reader.keep_spans {
            self.reader.spans.instructions.push((pc as u32, Span::new(span)));
        }
    }

    fn operands(&mut self, instr: &mut Instr, line: &mut Cursor<'s>) -> Result<(), ParseError> {
        let info = instr.op.info();
        for (n, operand) in info.operands.iter().enumerate() {
            if operand.role == Role::Site && line.peek().is_none() {
                continue;
            }
            if line.peek().is_none() || n > 0 && line.peek() != Some(b',') {
                return Err(missing(info, operand, line));
            }
            if n > 0 {
                line.eat(",");
            }
            instr.args[n] = self.operand(operand, line)?;
        }
        line.finish().map_err(|error| surplus(info, error))
    }

    /// Reads one operand: the counterpart of `operand` in [`super::print`].
    fn operand(&mut self, operand: &OperandInfo, line: &mut Cursor<'s>) -> Result<u64, ParseError> {
        match operand.role {
            Role::Dst(_) | Role::Src(_) | Role::InOut(_) | Role::Window | Role::First | Role::Run | Role::Bind => {
                self.register(line)
            }
            Role::Imm(ty) => number::constant(line, ty, operand.bits),
            Role::Forward | Role::Back => self.target(operand.bits, line),
            Role::Func => self.reader.names.functions.resolve(line),
            Role::Sig => self.reader.types.resolve(line, operand.bits).map(|sig| u64::from(sig.0)),
            Role::Global => self.reader.names.globals.resolve(line),
            Role::Native => self.reader.names.natives.resolve(line),
            Role::Count | Role::Offset | Role::Units | Role::TrapCode | Role::Len | Role::Index => {
                number::unsigned(line, operand.bits)
            }
            Role::Atom => self.reader.texts.atom(line).map(|id| id.0.into()),
            Role::Text => self.reader.texts.string(line).map(|id| id.0.into()),
            Role::Class => self.reader.names.classes.resolve(line),
            Role::Site => self.site(line),
            Role::Table => patterns::numbered(line, 't', "a table"),
            Role::Pattern => patterns::numbered(line, 'p', "a pattern"),
            Role::Tag => word_or_number(line, "a tag", |word| Tag::from_word(word).map(Tag::number)),
            Role::Special => {
                word_or_number(line, "a special value", |word| Special::from_word(word).map(Special::number))
            }
            Role::Access => access(line),
        }
    }

    /// `?3`: a site as linking chooses it, which code to be linked does not say.
    fn site(&mut self, line: &mut Cursor<'s>) -> Result<u64, ParseError> {
        if !line.eat("?") {
            return Err(line.expected("a site (`?1`)"));
        }
        number::unsigned(line, 32)
    }

    pub(super) fn register(&self, line: &mut Cursor<'s>) -> Result<u64, ParseError> {
        match self.register_names.resolve(line) {
            Err(_) if self.registers_are_incomplete => Ok(0),
            result => result,
        }
    }

    /// A label, or `#` and the distance.
    fn target(&mut self, bits: u8, line: &mut Cursor<'s>) -> Result<u64, ParseError> {
        if line.eat("#") {
            return number::unsigned(line, bits);
        }
        let Some(label) = line.word() else { return Err(line.expected("a label")) };
        self.jumps.push(Jump { pc: self.code.len() as u32, label: Span::new(label.span()) });
        Ok(0)
    }
}

/// One of a vocabulary, or `#` and its number.
fn word_or_number(line: &mut Cursor<'_>, what: &str, known: impl Fn(&str) -> Option<u16>) -> Result<u64, ParseError> {
    if line.eat("#") {
        return number::unsigned(line, 16);
    }
    let before = *line;
    let number = line.word().and_then(|word| known(word.text));
    number.map(u64::from).ok_or_else(|| before.expected(what))
}

/// `public`, `protected hidden fixed`
fn access(line: &mut Cursor<'_>) -> Result<u64, ParseError> {
    let who = |word: &str| access::WHO.iter().position(|known| *known == word).map(|n| n as u16);
    let mut access = word_or_number(line, "an access (public, readonly, protected or protected_readonly)", who)?;
    for (word, bit) in access::BESIDES {
        if eat_word(line, word) {
            access |= u64::from(bit);
        }
    }
    Ok(access)
}

/// All ops by mnemonic.
pub(super) fn mnemonics() -> &'static HashMap<&'static str, Opcode> {
    static MNEMONICS: OnceLock<HashMap<&'static str, Opcode>> = OnceLock::new();
    MNEMONICS.get_or_init(|| Opcode::ALL.iter().map(|op| (op.info().mnemonic, *op)).collect())
}

#[cold]
fn unknown_op(word: Piece<'_>) -> ParseError {
    ParseError::new(word.span(), format!("there is no instruction `{}`", shortened(word.text)))
        .suggesting(word.text, Opcode::ALL.iter().map(|op| op.info().mnemonic))
}

/// How an instruction is written: `i32_add dst, a, b`.
fn usage(info: &OpInfo) -> String {
    let names: Vec<&str> = info.operands.iter().map(|operand| operand.name).collect();
    format!("write `{}`", format!("{} {}", info.mnemonic, names.join(", ")).trim_end())
}

#[cold]
fn missing(info: &OpInfo, operand: &OperandInfo, line: &Cursor<'_>) -> ParseError {
    if line.peek().is_some() {
        return line.expected("`,`").with_help(usage(info));
    }
    let at = line.start();
    ParseError::new(at..at, format!("`{}` lacks its operand `{}`", info.mnemonic, operand.name)).with_help(usage(info))
}

#[cold]
fn surplus(info: &OpInfo, error: ParseError) -> ParseError {
    let message = match info.operands.len() {
        0 => format!("`{}` has no operands", info.mnemonic),
        1 => format!("`{}` has only one operand", info.mnemonic),
        count => format!("`{}` has only {count} operands", info.mnemonic),
    };
    ParseError { message, ..error }.with_help(usage(info))
}
