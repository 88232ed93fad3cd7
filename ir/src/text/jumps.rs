//! Labels: distances of branches and ranges of handlers, filled in when a body has been read.

use super::body::{Body, mnemonics};
use super::error::ParseError;
use super::lexer::{Cursor, Piece, shortened};
use super::number;
use super::spans::Span;
use crate::codec::{OpInfo, OperandInfo};
use crate::module::Handler;
use crate::operand::Role;
use crate::ops::Opcode;

/// A branch whose distance is not known yet: the code at `pc` says which op it is.
pub(super) struct Jump {
    pub(super) pc: u32,
    pub(super) label: Span,
}

/// A handler whose labels are not known yet.
pub(super) struct Catch {
    exception: u16,
    traps: bool,
    /// Start, end and target.
    places: [Place; 3],
}

#[derive(Clone, Copy)]
enum Place {
    Label(Span),
    /// A word, by its number.
    Word(u32),
}

impl<'s> Body<'_, 's> {
    /// `.catch e, start, end, target`; words of the code are `#12`
    pub(super) fn catch(&mut self, line: &mut Cursor<'s>, traps: bool) -> Result<(), ParseError> {
        let exception = self.register(line)? as u16;
        let mut places = [Place::Word(0); 3];
        for place in &mut places {
            line.expect(",")?;
            *place = if line.eat("#") {
                Place::Word(number::unsigned(line, 32)? as u32)
            } else {
                let Some(label) = line.word() else { return Err(line.expected("a label")) };
                Place::Label(Span::new(label.span()))
            };
        }
        self.catches.push(Catch { exception, traps, places });
        Ok(())
    }

    /// The handlers, in the order of their lines.
    pub(super) fn handlers(&mut self) -> Vec<Handler> {
        let mut handlers = Vec::new();
        for Catch { exception, traps, places } in std::mem::take(&mut self.catches) {
            let [start, end, target] = places.map(|place| self.place(place));
            handlers.push(Handler { start, end, target, exception, traps });
        }
        handlers
    }

    fn place(&mut self, place: Place) -> u32 {
        let span = match place {
            Place::Word(word) => return word,
            Place::Label(span) => span.range(),
        };
        let label = Piece { text: &self.reader.source[span.clone()], start: span.start };
        match self.labels.get(label.text) {
            Some(word) => *word as u32,
            None => {
                let error = self.unknown_label(label);
                self.reader.errors.push(error);
                0
            }
        }
    }

    /// Fills in the distances.
    pub(super) fn resolve(&mut self) {
        for jump in std::mem::take(&mut self.jumps) {
            if self.reader.errors.is_full() {
                return;
            }
            let (pc, span) = (jump.pc as usize, jump.label.range());
            let label = Piece { text: &self.reader.source[span.clone()], start: span.start };
            let info = Opcode::of_word(self.code[pc]).expect("an instruction was put there").info();
            let is_target = |operand: &&OperandInfo| matches!(operand.role, Role::Forward | Role::Back);
            let operand = info.operands.iter().find(is_target).expect("it took a label");
            let distance = match self.labels.get(label.text) {
                Some(target) => distance(info, operand, pc, label, *target),
                None => Err(self.unknown_label(label)),
            };
            if let Some(distance) = self.reader.errors.keep(distance) {
                self.code[pc + usize::from(operand.at / 64)] |= distance << (operand.at % 64);
            }
        }
    }

    #[cold]
    fn unknown_label(&self, label: Piece<'s>) -> ParseError {
        ParseError::new(label.span(), format!("the function has no label `{}`", shortened(label.text)))
            .suggesting(label.text, self.labels.keys().copied())
    }
}

/// How far a branch at `pc` goes, in words from its end.
fn distance(
    info: &OpInfo,
    operand: &OperandInfo,
    pc: usize,
    label: Piece<'_>,
    target: usize,
) -> Result<u64, ParseError> {
    let end = pc + usize::from(info.words);
    let forward = operand.role == Role::Forward;
    let distance = match forward {
        true if target >= end => target - end,
        false if target <= pc => end - target,
        _ => return Err(wrong_way(info, forward, label)),
    };
    let reach = (1u64 << operand.bits) - 1;
    if distance as u64 <= reach { Ok(distance as u64) } else { Err(too_far(info, forward, label, distance, reach)) }
}

#[cold]
fn too_far(info: &OpInfo, forward: bool, label: Piece<'_>, distance: usize, reach: u64) -> ParseError {
    let (name, op) = (shortened(label.text), info.mnemonic);
    let plain = if forward { "br" } else { "loop" };
    ParseError::new(label.span(), format!("`{name}` is {distance} words away, and `{op}` reaches {reach}"))
        .with_help(format!("`{plain}` reaches further: branch around one with the opposite condition"))
}

#[cold]
fn wrong_way(info: &OpInfo, forward: bool, label: Piece<'_>) -> ParseError {
    let (name, op) = (shortened(label.text), info.mnemonic);
    let (way, place, from, to) =
        if forward { ("forward", "behind", "br", "loop") } else { ("back", "ahead of", "loop", "br") };
    let error = ParseError::new(label.span(), format!("`{op}` goes {way}, but `{name}` is {place} it"));
    let twin = op.strip_prefix(from).map(|rest| format!("{to}{rest}"));
    match twin.filter(|twin| mnemonics().contains_key(&**twin)) {
        Some(twin) => error.with_help(format!("use `{twin}`")),
        None => error,
    }
}
