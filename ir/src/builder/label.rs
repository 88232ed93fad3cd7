//! Labels and branches, in the right direction.
//!
//! A branch is written with the op for its direction: `br_*` to a label that is still to be bound, `loop_*` to one that is
//! bound already. Who does not want to know uses [`FunctionBuilder::jump`] and [`FunctionBuilder::branch`], which pick the
//! twin. Distances are filled in by `finish`.

use super::{BuildErrorKind as Error, FunctionBuilder, Place};
use crate::codec::{OpInfo, OperandInfo};
use crate::index::Reg;
use crate::operand::Role;
use crate::ops::Opcode;
use std::fmt;

/// A place in the code, to be branched to.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Label(pub(super) u32);

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "label {}", self.0)
    }
}

impl fmt::Debug for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// What is known about a label.
pub(super) struct LabelState {
    /// The word it is bound to.
    pub(super) word: Option<u32>,
    /// The first branch that goes forward to it.
    pub(super) used: Option<Place>,
    /// Does a forward branch from live code lead to it?
    pub(super) reached: bool,
}

/// A branch whose distance is to be filled in.
#[derive(Clone, Copy)]
pub(super) struct Branch {
    /// Its first word.
    pub(super) word: u32,
    pub(super) label: u32,
    pub(super) place: Place,
}

impl FunctionBuilder {
    /// A new label, to be bound later.
    pub fn label(&mut self) -> Label {
        self.labels.push(LabelState { word: None, used: None, reached: false });
        Label(self.labels.len() as u32 - 1)
    }

    /// Binds a label to the next instruction.
    pub fn bind(&mut self, label: Label) {
        let word = self.code.len() as u32;
        let Some(state) = self.labels.get_mut(label.0 as usize) else {
            return self.fail_in("bind", Error::NoLabel { label });
        };
        if state.word.is_some() {
            return self.fail_in("bind", Error::BoundTwice { label });
        }
        state.word = Some(word);
        // Code behind an end is live when a live branch leads to it; otherwise it is dead, but may stand here.
        self.live = self.live && (self.open || self.bound) || state.reached;
        self.bound = true;
        self.clobbers.clear();
    }

    /// A new label, bound to the next instruction: the head of a loop.
    pub fn here(&mut self) -> Label {
        let label = self.label();
        self.bind(label);
        label
    }

    /// Continues at `label`, wherever it is: `br` or `loop`.
    pub fn jump(&mut self, label: Label) {
        if self.is_bound(label) { self.loop_(label) } else { self.br(label) }
    }

    /// Continues at label number `index` of `targets`, or at `default` when there is none. Targets may lie in both
    /// directions; one that lies back is reached through a `loop` behind the table.
    pub fn switch(&mut self, index: Reg, targets: &[Label], default: Label) {
        self.emit(Opcode::Switch, [u64::from(index.0), targets.len() as u64, 0, 0]);
        let mut behind = Vec::new();
        for &target in targets.iter().chain([&default]) {
            // Each `br` is reached through the table, not from the one before.
            self.open = true;
            if self.is_bound(target) {
                let stub = self.label();
                behind.push((stub, target));
                self.br(stub);
            } else {
                self.br(target);
            }
        }
        for (stub, target) in behind {
            self.bind(stub);
            self.loop_(target);
        }
    }

    /// Is this label bound already, so that it lies behind?
    pub fn is_bound(&self, label: Label) -> bool {
        self.labels.get(label.0 as usize).is_some_and(|state| state.word.is_some())
    }

    /// The label operand of a branch: is it in the op's direction?
    pub(super) fn target(&mut self, info: &OpInfo, operand: &OperandInfo, value: u64) {
        let label = Label(value as u32);
        let place = self.place();
        let Some(state) = self.labels.get_mut(value as usize) else {
            return self.fail(Error::NoLabel { label });
        };
        match (operand.role, state.word) {
            (Role::Forward, None) => {
                state.used.get_or_insert(place);
                state.reached |= self.live;
            }
            (Role::Forward, Some(_)) => self.fail(Error::LabelBehind { label, twin: twin_name(info) }),
            (_, Some(word)) if self.dead.binary_search(&word).is_ok() => self.fail(Error::OnlyFromBelow { label }),
            (_, Some(_)) => {}
            (_, None) => {
                state.used.get_or_insert(place);
                self.fail(Error::LabelAhead { label, twin: twin_name(info) });
            }
        }
        self.branches.push(Branch { word: self.code.len() as u32, label: label.0, place });
    }
}

/// The op that does the same in the other direction.
pub(super) fn twin(op: Opcode) -> Option<Opcode> {
    let mnemonic = op.info().mnemonic;
    match (mnemonic, mnemonic.strip_prefix("br_"), mnemonic.strip_prefix("loop_")) {
        ("br", ..) => Some(Opcode::Loop),
        ("loop", ..) => Some(Opcode::Br),
        (_, Some(rest), _) => Opcode::from_mnemonic(&format!("loop_{rest}")),
        (_, _, Some(rest)) => Opcode::from_mnemonic(&format!("br_{rest}")),
        _ => None,
    }
}

fn twin_name(info: &OpInfo) -> Option<&'static str> {
    twin(info.op).map(|op| op.info().mnemonic)
}
