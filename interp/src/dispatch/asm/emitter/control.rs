//! Where control goes: to the next instruction, to a target, to the meaning.

use super::encode::{Condition, Mem, form, reg::*};
use super::{Emitter, Mode};
use crate::dispatch::asm::slow::SLOW;
use crate::dispatch::asm::state::at;
use dynasmrt::{DynasmApi, DynasmLabelApi, dynasm};
use regatta_ir::codec::OperandInfo;
use regatta_ir::operand::Role;
use regatta_ir::ops::Kind;

impl Emitter<'_> {
    /// Goes on with the next instruction, from the end of the hot code.
    pub(in super::super) fn next(&mut self) {
        if self.mode == Mode::Threaded {
            let bytes = 8 * i32::from(self.here.info.words);
            self.rm(form::LOAD_U16, RAX, Mem::at(R13, bytes));
            dynasm!(self.asm; .arch x64; add r13, BYTE bytes as i8; jmp QWORD [rbx + rax * 8]);
        }
    }

    /// Goes on with the next instruction, from elsewhere.
    pub(in super::super) fn done(&mut self) {
        match self.mode {
            Mode::Threaded => self.next(),
            Mode::Template => {
                let next = self.here.next.expect("[V-END] there is a next instruction");
                dynasm!(self.asm; .arch x64; jmp =>next);
            }
        }
    }

    /// Jumps through the table to the instruction at the pc: for handlers.
    pub(in super::super) fn dispatch(&mut self) {
        self.rm(form::LOAD_U16, RAX, Mem::at(R13, 0));
        dynasm!(self.asm; .arch x64; jmp QWORD [rbx + rax * 8]);
    }

    /// Does the instruction say where to go, and may go on all the same?
    pub(in super::super) fn may_branch(&self) -> bool {
        let goes = |operand: &OperandInfo| matches!(operand.role, Role::Forward | Role::Back);
        self.here.info.kind != Kind::control && self.here.info.operands.iter().any(goes)
    }

    /// Which operand says where a branch goes, and whether that is back.
    pub(in super::super) fn target(&self) -> (usize, bool) {
        let find = |role| self.here.info.operands.iter().position(|operand| operand.role == role);
        match (find(Role::Forward), find(Role::Back)) {
            (Some(n), _) => (n, false),
            (None, Some(n)) => (n, true),
            (None, None) => unreachable!("only branches are asked"),
        }
    }

    /// The word that the branch goes to: for template code.
    pub(super) fn target_word(&self) -> usize {
        let (n, back) = self.target();
        let (end, distance) = (self.here.word + usize::from(self.here.info.words), self.field(n) as usize);
        if back { end - distance } else { end + distance }
    }

    /// Jumps to the target of the branch: in template code, where what is kept there has to be there.
    fn jump_to_target(&mut self) {
        if let Some(kept) = self.kept_at_target() {
            self.load_lacking(&kept);
        }
        let target = self.labels[self.target_word()];
        dynasm!(self.asm; .arch x64; jmp =>target);
    }

    /// The same on a condition.
    fn jump_to_target_if(&mut self, condition: Condition) {
        if self.kept_at_target().is_some_and(|kept| self.lacks(&kept)) {
            let other = self.asm.new_dynamic_label();
            self.jump_if(condition.not(), other);
            self.jump_to_target();
            return dynasm!(self.asm; .arch x64; =>other);
        }
        let target = self.labels[self.target_word()];
        self.jump_if(condition, target);
    }

    /// The same after a call of the meaning, which has left nothing as it was, where that says so.
    pub(in super::super) fn branch_by_the_meaning(&mut self, condition: Condition) {
        let kept = self.here.kept;
        self.forget_all();
        self.jump_to_target_if(condition);
        self.here.kept = kept;
    }

    /// Takes the branch.
    pub(in super::super) fn take(&mut self) {
        if self.mode == Mode::Template {
            return self.jump_to_target();
        }
        let (n, back) = self.target();
        self.number(RCX, n);
        if back {
            dynasm!(self.asm; .arch x64; neg rcx);
        }
        self.rm(form::LEA, R13, Mem::indexed(R13, RCX, 3, 8 * i32::from(self.here.info.words)));
        self.dispatch();
    }

    /// Takes the branch on a condition, else goes on.
    pub(in super::super) fn branch(&mut self, condition: Condition) {
        if self.mode == Mode::Template {
            return self.jump_to_target_if(condition);
        }
        // What is likely comes first: a loop goes on.
        let (_, back) = self.target();
        let other = self.asm.new_dynamic_label();
        if back {
            self.jump_if(condition.not(), other);
            self.take();
            dynasm!(self.asm; .arch x64; =>other);
            self.next();
        } else {
            self.jump_if(condition, other);
            self.next();
            dynasm!(self.asm; .arch x64; =>other);
            self.take();
        }
    }

    /// Calls the meaning of the instruction, and goes on where it says.
    pub(in super::super) fn leave_it_to_the_meaning(&mut self) {
        let meaning = SLOW[self.here.info.op as usize] as usize as i64;
        match self.mode {
            Mode::Threaded => {
                self.write_spot();
                dynasm!(self.asm; .arch x64; mov rdi, r14; mov rax, QWORD meaning; call rax);
                self.read_spot();
                dynasm!(self.asm; .arch x64; test rax, rax; jnz ->leave);
                self.dispatch();
            }
            Mode::Template => {
                dynasm!(self.asm; .arch x64
                    ; mov rcx, QWORD self.here.address as i64
                    ; mov rax, QWORD meaning
                    ; call QWORD [r14 + at::CALL_MEANING]
                );
                self.after_the_meaning();
            }
        }
    }

    pub(in super::super) fn write_spot(&mut self) {
        dynasm!(self.asm; .arch x64
            ; mov [r14 + at::PC], r13
            ; mov [r14 + at::BASE], r12
            ; mov [r14 + at::LEFT], r15
        );
    }

    fn read_spot(&mut self) {
        dynasm!(self.asm; .arch x64
            ; mov r13, [r14 + at::PC]
            ; mov r12, [r14 + at::BASE]
            ; mov r15, [r14 + at::LEFT]
        );
    }
}
