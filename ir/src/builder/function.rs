//! A function in the making: its state, its start and its end.

use super::emit::Reference;
use super::label::{Branch, LabelState};
use super::ranges::ClosedRange;
use super::registers::{AreaSlot, Position, Register};
use super::window::{Clobber, OpenWindow};
use super::{BuildError, BuildErrorKind as Error, BuildErrors, Label, Place};
use crate::index::{Reg, SigId};
use crate::limits::{MAX_CODE_WORDS, MAX_NAME_BYTES, MAX_PARAMS, MAX_RESULTS};
use crate::module::{Debug, Function};
use crate::types::{Signature, Type};

/// Makes a [`Function`]. There is one method per op, with the op's mnemonic as its name, besides those that stand for
/// several instructions. A mistake does not panic: [`finish`](FunctionBuilder::finish) returns all of them.
pub struct FunctionBuilder {
    pub(super) name: String,
    sig: SigId,
    pub(super) signature: Signature,

    // Registers
    pub(super) registers: Vec<Register>,
    pub(super) area: Vec<AreaSlot>,
    pub(super) free: [Vec<Reg>; Type::ALL.len()],
    pub(super) names: Vec<(u16, String)>,
    /// Open call windows, innermost last.
    pub(super) windows: Vec<OpenWindow>,
    /// Where the area is free: the end of all open windows.
    pub(super) top: usize,

    // Code
    pub(super) code: Vec<u64>,
    pub(super) lines: Vec<(u32, u32)>,
    /// How many instructions there are.
    pub(super) emitted: u32,
    pub(super) labels: Vec<LabelState>,
    pub(super) branches: Vec<Branch>,
    /// Fields that hold a register of the area: word and lowest bit.
    pub(super) moved: Vec<(u32, u32)>,
    pub(super) references: Vec<Reference>,
    pub(super) ranges: Vec<ClosedRange>,
    /// The first instruction that uses memory.
    pub(super) memory: Option<Place>,

    // Control flow at the next instruction
    /// Does the instruction before it go on to it?
    pub(super) open: bool,
    /// Is a label bound to it?
    pub(super) bound: bool,
    /// Is it reached from the function's start, as far as forward branches say?
    pub(super) live: bool,
    /// Words where labels are bound that nothing above reaches.
    pub(super) dead: Vec<u32>,
    /// Calls on the straight way from the last label, rising in window and time.
    pub(super) clobbers: Vec<Clobber>,
    /// From here up, calls that are not understood may have written results.
    pub(super) unknown_results: Position,

    // Mistakes
    /// The op or method at work.
    pub(super) current: &'static str,
    pub(super) errors: Vec<BuildError>,
}

/// A finished function, with what only its module can check.
pub(super) struct Built {
    pub(super) function: Function,
    pub(super) references: Vec<Reference>,
    pub(super) memory: Option<Place>,
}

impl FunctionBuilder {
    /// A function without instructions. Its parameters are the first registers.
    pub fn new(name: impl Into<String>, sig: SigId, signature: &Signature) -> FunctionBuilder {
        let mut builder = FunctionBuilder {
            name: name.into(),
            sig,
            signature: signature.clone(),
            registers: Vec::new(),
            area: Vec::new(),
            free: [const { Vec::new() }; Type::ALL.len()],
            names: Vec::new(),
            windows: Vec::new(),
            top: 0,
            code: Vec::new(),
            lines: Vec::new(),
            emitted: 0,
            labels: Vec::new(),
            branches: Vec::new(),
            moved: Vec::new(),
            references: Vec::new(),
            ranges: Vec::new(),
            memory: None,
            open: true,
            bound: false,
            live: true,
            dead: Vec::new(),
            clobbers: Vec::new(),
            unknown_results: Position::LAST,
            current: "new",
            errors: Vec::new(),
        };
        builder.add_params();
        builder
    }

    /// The instructions that follow come from this line of the source.
    pub fn line(&mut self, line: u32) {
        let word = self.code.len() as u32;
        if self.lines.last().is_some_and(|last| last.0 == word) {
            self.lines.pop();
        }
        if self.lines.last().is_none_or(|last| last.1 != line) {
            self.lines.push((word, line));
        }
    }

    /// How many instructions have been emitted; the next one has this number in messages.
    pub fn emitted(&self) -> u32 {
        self.emitted
    }

    /// The function, or everything that is wrong with it. Whether what it calls and names exists is for
    /// [`ModuleBuilder`](super::ModuleBuilder) to say, or for the verifier.
    pub fn finish(self) -> Result<Function, BuildErrors> {
        let (built, errors) = self.complete();
        if errors.is_empty() { Ok(built.function) } else { Err(BuildErrors(errors)) }
    }

    pub(super) fn complete(mut self) -> (Built, Vec<BuildError>) {
        self.check_limits();
        self.check_labels();
        self.check_end();
        self.place_area();
        let handlers = if self.errors.is_empty() { self.resolve() } else { Vec::new() };
        if self.code.len() > MAX_CODE_WORDS {
            self.fail_at(None, Error::TooLong { limit: MAX_CODE_WORDS });
        }
        self.errors.sort_by_key(|error| error.place.map_or(u32::MAX, |place| place.instruction));
        let area = self.area.iter().map(|slot| slot.ty.unwrap_or(Type::I64));
        let registers = self.registers.iter().map(|register| register.ty).chain(area).collect();
        // The last of several names of a register is the one that stays.
        self.names.reverse();
        self.names.sort_by_key(|name| name.0);
        self.names.dedup_by_key(|name| name.0);
        let debug = Debug { names: self.names, lines: self.lines };
        let function = Function { name: self.name, sig: self.sig, registers, code: self.code.into(), handlers, debug };
        (Built { function, references: self.references, memory: self.memory }, self.errors)
    }

    fn check_limits(&mut self) {
        if self.name.len() > MAX_NAME_BYTES {
            self.fail_at(None, Error::LongName { len: self.name.len(), limit: MAX_NAME_BYTES });
        }
        let Signature { params, results } = &self.signature;
        let (params, results) = (params.len(), results.len());
        if params > MAX_PARAMS {
            self.fail_at(None, Error::TooMany { what: "parameters", limit: MAX_PARAMS });
        }
        if results > MAX_RESULTS {
            self.fail_at(None, Error::TooMany { what: "results", limit: MAX_RESULTS });
        }
    }

    fn check_labels(&mut self) {
        for n in 0..self.labels.len() {
            if let LabelState { word: None, used: Some(place), .. } = self.labels[n] {
                self.fail_at(Some(place), Error::Unbound { label: Label(n as u32) });
            }
        }
    }

    fn check_end(&mut self) {
        let end = self.code.len() as u32;
        let branched_to = self.labels.iter().any(|label| label.word == Some(end) && label.used.is_some());
        if self.open || branched_to {
            self.fail_at(None, Error::FallsOffEnd);
        }
    }

    /// Puts the area of call windows above the ordinary registers, now that their number is known.
    fn place_area(&mut self) {
        let base = self.registers.len() as u64;
        for &(word, at) in &self.moved {
            self.code[word as usize] += base << at;
        }
        for reference in &mut self.references {
            reference.needs.place_window(base as usize);
        }
    }
}
