//! The routines around the code of instructions: ways in and ways out.

use super::{Emitter, Mode};
use crate::dispatch::asm::state::{AGAIN, RETURNED, UNPREPARED, at};
use dynasmrt::{DynasmApi, DynasmLabelApi, dynasm};

impl Emitter<'_> {
    /// The way in, a function of the state, the table that the code uses, and for template code where to begin; and the way
    /// out, with a number in `rax`, whose place is given.
    pub(in super::super) fn doors(&mut self) -> usize {
        dynasm!(self.asm; .arch x64
            ; push rbx; push rbp; push r12; push r13; push r14; push r15
            ; sub rsp, 8
            ; mov r14, rdi
            ; mov [r14 + at::NATIVE_STACK], rsp
            ; mov rbx, rsi
            ; mov r12, [r14 + at::BASE]
            ; mov r15, [r14 + at::LEFT]
        );
        match self.mode {
            Mode::Threaded => {
                dynasm!(self.asm; .arch x64
                    ; mov r13, [r14 + at::PC]
                    ; mov rbp, QWORD regatta_heap::value::I32 as i64
                );
                self.dispatch();
            }
            Mode::Template => dynasm!(self.asm; .arch x64
                ; mov r13, QWORD regatta_heap::value::I32 as i64
                ; call rdx
                // The frame that was entered has returned.
                ; mov [r14 + at::BASE], r12
                ; mov [r14 + at::LEFT], r15
                ; mov eax, RETURNED as i32
            ),
        }
        let leave = self.asm.offset().0;
        dynasm!(self.asm; .arch x64
            ; ->leave:
            ; mov rsp, [r14 + at::NATIVE_STACK]
            ; add rsp, 8
            ; pop r15; pop r14; pop r13; pop r12; pop rbp; pop rbx
            ; ret
        );
        leave
    }

    /// The ways out of a function: for want of room on the machine's stack, and for want of a form.
    pub(in super::super) fn ways_out(&mut self) {
        for (label, number) in [(self.again, AGAIN), (self.unprepared, UNPREPARED)] {
            dynasm!(self.asm; .arch x64; =>label; mov eax, number as i32; jmp QWORD [r14 + at::LEAVE]);
        }
    }

    /// The handlers of the internal instructions.
    pub(in super::super) fn internal_handlers(&mut self) -> [usize; 2] {
        [RETURNED, UNPREPARED].map(|number| {
            let start = self.asm.offset().0;
            self.write_spot();
            dynasm!(self.asm; .arch x64; mov eax, number as i32; jmp ->leave);
            start
        })
    }

    /// Of handlers: where an instruction is looked at before its handler is reached.
    pub(in super::super) fn hook(&mut self) -> usize {
        let start = self.asm.offset().0;
        self.write_spot();
        dynasm!(self.asm; .arch x64
            ; mov rdi, r14
            ; call QWORD [r14 + at::WATCH]
            ; test rax, rax
            ; jnz ->leave
            ; movzx eax, WORD [r13]
            ; mov rcx, [r14 + at::HANDLERS]
            ; jmp QWORD [rcx + rax * 8]
        );
        start
    }

    /// Of template code: the routine that calls a meaning. The stack pointer may be anything there, since each frame has
    /// one word on the machine's stack.
    pub(in super::super) fn meaning_caller(&mut self) {
        dynasm!(self.asm; .arch x64
            ; mov [r14 + at::PC], rcx
            ; mov [r14 + at::BASE], r12
            ; mov [r14 + at::LEFT], r15
            ; mov rbp, rsp
            ; and rsp, BYTE -16
            ; mov rdi, r14
            ; call rax
            ; mov rsp, rbp
            ; mov r15, [r14 + at::LEFT]
            ; test rax, rax
            ; jnz ->leave
            ; ret
        );
    }
}
