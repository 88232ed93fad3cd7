//! Words with labels: code as it is made, branches filled in at the end.

use regatta_ir::operand::Role;
use regatta_ir::{Instr, Opcode};

/// A place in the code.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Label(usize);

/// Code in the making.
#[derive(Default)]
pub(super) struct Code {
    words: Vec<u64>,
    labels: Vec<Option<usize>>,
    branches: Vec<(usize, Label)>,
}

impl Code {
    pub(super) fn label(&mut self) -> Label {
        self.labels.push(None);
        Label(self.labels.len() - 1)
    }

    pub(super) fn bind(&mut self, label: Label) {
        self.labels[label.0] = Some(self.words.len());
    }

    pub(super) fn op(&mut self, op: Opcode, operands: &[u64]) {
        let mut args = [0; 4];
        args[..operands.len()].copy_from_slice(operands);
        self.words.extend_from_slice(Instr { op, args }.encode().as_words());
    }

    /// The place where the next instruction goes.
    pub(super) fn here(&self) -> usize {
        self.words.len()
    }

    /// A branch; its operands but the target.
    pub(super) fn branch(&mut self, op: Opcode, operands: &[u64], to: Label) {
        self.branches.push((self.words.len(), to));
        let mut all = operands.to_vec();
        all.insert(target(op), 0);
        self.op(op, &all);
    }

    pub(super) fn finish(mut self) -> Vec<u64> {
        for (pc, label) in self.branches {
            let place = self.labels[label.0].expect("every label is bound");
            let mut instr = Instr::decode(&self.words[pc..]).expect("a branch has been put here");
            let end = pc + instr.words();
            let at = target(instr.op);
            instr.args[at] = match instr.op.info().operands[at].role {
                Role::Back => end - place,
                _ => place - end,
            } as u64;
            self.words[pc..end].copy_from_slice(instr.encode().as_words());
        }
        self.words
    }
}

/// Which operand of a branch is its target.
pub(super) fn target(op: Opcode) -> usize {
    let is_target = |role| matches!(role, Role::Forward | Role::Back);
    op.info().operands.iter().position(|operand| is_target(operand.role)).expect("a branch has a target")
}
