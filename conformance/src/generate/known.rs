//! What is known of registers: which have been written, wherever control may have come from.
//!
//! The verifier's question, answered the obvious way while the code is made: a set of booleans that meets others at labels.
//! Where control can't get, every register counts as written. What values probably are meets alike, and is only a guess.

use super::body::Body;
use super::emit::Label;
use super::guess::Guess;
use regatta_ir::{Opcode, Type};

/// What is known at a place in the code.
#[derive(Clone, Default)]
pub(super) struct State {
    pub(super) written: Vec<bool>,
    /// What the registers of type `val` probably hold.
    pub(super) guesses: Vec<Guess>,
    /// Can control get here?
    pub(super) live: bool,
}

/// A label ahead: its number among those that know what comes to them, and its place in the code.
pub(super) type Ahead = (usize, Label);

impl Body<'_, '_> {
    pub(super) fn define(&mut self, register: u16) {
        self.define_as(register, Guess::Unknown);
    }

    /// The register is written, probably with this.
    pub(super) fn define_as(&mut self, register: u16, guess: Guess) {
        self.state.written[usize::from(register)] = true;
        self.state.guesses[usize::from(register)] = guess;
    }

    pub(super) fn guess(&self, register: u16) -> Guess {
        self.state.guesses[usize::from(register)]
    }

    /// Makes room for what is known of registers that have come since.
    pub(super) fn know_all(&mut self) {
        self.state.resize(self.registers.len());
    }

    /// The registers of this type below `end` that have been written; where control can't get, all have.
    pub(super) fn written(&self, ty: Type, end: usize) -> Vec<u16> {
        let State { written, live, .. } = &self.state;
        (0..end).filter(|&r| self.registers[r] == ty && (written[r] || !live)).map(|r| r as u16).collect()
    }

    pub(super) fn is_free(&self, register: u16) -> bool {
        usize::from(register) < self.free_until
    }

    pub(super) fn undo_from(&mut self, register: usize) {
        if !self.overlooks() {
            self.state.written[register..].fill(false);
        }
    }

    /// Does a careless maker overlook something here?
    fn overlooks(&mut self) -> bool {
        self.world.careless && self.u.ratio(1, 4).unwrap_or(false)
    }

    /// Control may go to a label ahead from here.
    fn send(&mut self, label: usize) {
        if !self.state.live {
            return;
        }
        let overlooks = self.overlooks();
        match &mut self.pending[label] {
            Some(_) if overlooks => {}
            Some(kept) => kept.meet(&self.state, false),
            waiting => *waiting = Some(self.state.clone()),
        }
    }

    pub(super) fn branch(&mut self, op: Opcode, operands: &[u64], to: Ahead) {
        self.send(to.0);
        self.code.branch(op, operands, to.1);
    }

    /// A label ahead: its number for what is known, and its place in the code.
    pub(super) fn ahead(&mut self) -> Ahead {
        let label = self.code.label();
        self.pending.push(None);
        (self.pending.len() - 1, label)
    }

    pub(super) fn arrive(&mut self, at: Ahead) {
        self.code.bind(at.1);
        let Some(mut kept) = self.pending[at.0].take() else { return };
        kept.resize(self.registers.len());
        if self.state.live {
            let overlooks = self.overlooks();
            self.state.meet(&kept, overlooks);
        } else {
            self.state = kept;
        }
    }
}

impl State {
    fn resize(&mut self, registers: usize) {
        self.written.resize(registers, false);
        self.guesses.resize(registers, Guess::Unknown);
    }

    /// What is known where two paths meet; who overlooks something takes all that is known here.
    fn meet(&mut self, other: &State, overlooks: bool) {
        self.written.iter_mut().zip(&other.written).for_each(|(here, there)| *here &= there | overlooks);
        let pairs = self.guesses.iter_mut().zip(&other.guesses);
        pairs.filter(|(here, there)| here != there).for_each(|(here, _)| *here = Guess::Unknown);
    }
}
