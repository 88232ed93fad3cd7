//! What the judge checks of each instruction: its operands, by role, and the windows of calls.

use super::Judge;
use regatta_ir::operand::{Class, Role};
use regatta_ir::{Function, GlobalId, Instr, Opcode, Reg, SigId, Signature, Type};

/// The checks of operands.
impl Judge<'_, '_> {
    /// Checks every operand by its role.
    pub(super) fn check_operands(&self, body: &Function, instr: &Instr) {
        let mut any = None;
        for (operand, arg) in instr.operands() {
            match operand.role {
                Role::Dst(class) => any = self.check_register(body, Reg(arg as u16), class, any),
                Role::Src(class) | Role::InOut(class) => {
                    any = self.check_register(body, Reg(arg as u16), class, any);
                    self.check_slot(body, Reg(arg as u16));
                }
                Role::Global => {
                    let id = GlobalId(arg as u32);
                    let global = promised!("V-REF", self.cx.program.global(id), "global {id} does not exist");
                    promise!("V-TYPE", any == Some(global.ty), "global {id} is of another type than the register");
                    promise!("V-MUT", global.mutable || instr.op != Opcode::GlobalSet, "global {id} can't be set");
                }
                _ => {}
            }
        }
        promise!(
            "V-MEM",
            !instr.op.info().uses_memory() || self.cx.program.memory().is_some(),
            "the program has no linear memory"
        );
    }

    /// Checks number and type of a register; gives the type that `Any` stands for in this instruction.
    pub(super) fn check_register(&self, body: &Function, r: Reg, class: Class, any: Option<Type>) -> Option<Type> {
        let ty =
            *promised!("V-REG", body.registers.get(r.index()), "register {r} is not below {}", body.registers.len());
        let wanted = match class {
            Class::Of(wanted) => wanted,
            Class::Any => any.unwrap_or(ty),
        };
        promise!("V-TYPE", ty == wanted, "register {r} is {ty}, the instruction wants {wanted}");
        if class == Class::Any { Some(ty) } else { any }
    }

    /// Checks that a register has been written, with a slot its type allows.
    pub(super) fn check_slot(&self, body: &Function, r: Reg) {
        let unwritten = self.unwritten.get(self.task.base() + r.index()).is_some_and(|&unwritten| unwritten);
        promise!("V-DEF", !unwritten, "register {r} is read before it is written");
        let narrow = matches!(body.registers[r.index()], Type::I32 | Type::F32);
        promise!("R-SLOT", !narrow || self.slot(r) >> 32 == 0, "the upper half of register {r} is not zero");
    }

    pub(super) fn check_read(&self, body: &Function, r: Reg, ty: Type) {
        self.check_register(body, r, Class::Of(ty), None);
        self.check_slot(body, r);
    }

    /// Checks the arguments in a call window.
    pub(super) fn check_arguments(&self, body: &Function, window: usize, signature: &Signature) {
        let end = window + signature.argument_slot(signature.params.len());
        promise!("V-CALL", end <= body.registers.len(), "the window ends at r{end}, past the registers");
        for (n, &ty) in signature.params.iter().enumerate() {
            self.check_read(body, Reg((window + signature.argument_slot(n)) as u16), ty);
        }
    }

    /// Checks the arguments of a call through signature number `sig`.
    pub(super) fn check_arguments_of(&self, body: &Function, window: u16, sig: u16) -> SigId {
        let sig = SigId(u32::from(sig));
        let signature = promised!("V-REF", self.program().type_of(sig), "the signature does not exist");
        self.check_arguments(body, window.into(), signature);
        sig
    }

    /// Checks the registers of a call window that take the results.
    pub(super) fn check_results(&self, body: &Function, window: usize, signature: &Signature) {
        for (n, &ty) in signature.results.iter().enumerate() {
            self.check_register(body, Reg((window + signature.result_slot(n)) as u16), Class::Of(ty), None);
        }
    }
}
