//! Calls of all kinds, through windows.

use super::body::Body;
use super::guess::{Wanted, wanted_by_name};
use arbitrary::Result;
use regatta_ir::{HEADER, MAX_BOUND_ARGUMENTS, Opcode, Signature, Type};

impl Body<'_, '_> {
    /// Writes some value of this type to the register.
    pub(super) fn put(&mut self, register: u16, ty: Type) -> Result<()> {
        let source = self.source(ty)?;
        self.copy(register, source);
        Ok(())
    }

    pub(super) fn copy(&mut self, register: u16, source: u16) {
        self.code.op(Opcode::Mov, &[register.into(), source.into()]);
        self.define_as(register, self.guess(source));
    }

    /// The window for calls of this signature, with arguments in it: values that are wanted, as far as somebody says so.
    pub(super) fn window(&mut self, signature: &Signature, wanted: &[Wanted]) -> Result<u16> {
        let window = self.window_of(signature);
        for (n, &ty) in signature.params.iter().enumerate() {
            let register = window + signature.argument_slot(n) as u16;
            match wanted.get(n) {
                Some(wanted) if ty == Type::Val => {
                    let source = self.value(wanted, n)?;
                    self.copy(register, source);
                }
                _ => self.put(register, ty)?,
            }
        }
        Ok(window)
    }

    /// The window for calls of this signature, with room for what a called value adds to the arguments.
    pub(super) fn window_of(&mut self, signature: &Signature) -> u16 {
        if let Some(&window) = self.windows.get(signature) {
            return window;
        }
        let window = self.registers.len();
        let called = if self.world.is_dynamic() { HEADER + signature.params.len() + MAX_BOUND_ARGUMENTS } else { 0 };
        self.registers.resize(window + signature.window_slots().max(called), Type::I32);
        for (n, &ty) in signature.params.iter().enumerate() {
            self.registers[window + signature.argument_slot(n)] = ty;
        }
        for (n, &ty) in signature.results.iter().enumerate() {
            self.registers[window + signature.result_slot(n)] = ty;
        }
        self.know_all();
        self.windows.insert(signature.clone(), window as u16);
        window as u16
    }

    pub(super) fn after_call(&mut self, window: u16, signature: &Signature) {
        self.undo_from(usize::from(window));
        for n in 0..signature.results.len() {
            self.define(window + signature.result_slot(n) as u16);
        }
    }

    /// A function to call: mostly an earlier one, because recursion seldom ends before the stack does.
    pub(super) fn callee(&mut self) -> Result<(u64, Signature)> {
        let any = self.number == 0 || self.u.ratio(1, 16)?;
        let callee = self.u.choose_index(if any { self.world.signatures.len() } else { self.number })?;
        Ok((callee as u64, self.world.signatures[callee].clone()))
    }

    pub(super) fn call(&mut self) -> Result<()> {
        let (callee, signature) = self.callee()?;
        let window = self.window(&signature, &[])?;
        match signature.params.first() {
            Some(&first) if self.u.ratio(1, 2)? => self.call_with(window, first, callee)?,
            _ => self.code.op(Opcode::Call, &[window.into(), callee]),
        }
        self.after_call(window, &signature);
        Ok(())
    }

    /// A call that brings its first argument.
    fn call_with(&mut self, window: u16, first: Type, callee: u64) -> Result<()> {
        let (source, imm) = (u64::from(self.source(first)?), self.u.arbitrary::<u16>()?.into());
        match first {
            Type::I32 if self.u.arbitrary()? => {
                self.code.op(Opcode::CallI32AddImm, &[window.into(), source, imm, callee]);
            }
            Type::Val if self.u.ratio(3, 4)? => {
                let number = self.value(wanted_by_name("number"), 0)?.into();
                self.code.op(Opcode::CallNumAddImm, &[window.into(), number, imm, callee]);
            }
            _ => self.code.op(Opcode::CallMov, &[window.into(), source, callee]),
        }
        Ok(())
    }

    pub(super) fn call_indirect(&mut self) -> Result<()> {
        let (callee, signature) = self.callee()?;
        let window = self.window(&signature, &[])?;
        let id = if self.u.ratio(1, 16)? {
            self.source(Type::I32)?
        } else {
            self.code.op(Opcode::FuncConst, &[self.scratch[0].into(), callee]);
            self.define(self.scratch[0]);
            self.scratch[0]
        };
        let sig = self.world.sig(&signature);
        self.code.op(Opcode::CallIndirect, &[window.into(), id.into(), sig]);
        self.after_call(window, &signature);
        Ok(())
    }

    pub(super) fn call_native(&mut self) -> Result<()> {
        let native = self.u.choose_index(self.world.natives.len())?;
        let (name, signature) = self.world.natives[native].clone();
        if name == "test.fail" && self.u.ratio(15, 16)? {
            return self.plain();
        }
        let row = regatta_vm::natives::table::by_name(name);
        let wanted: Vec<Wanted> =
            row.map_or(vec![], |row| row.parameters().map(|(name, _)| wanted_by_name(name)).collect());
        let window = self.window(&signature, &wanted)?;
        self.code.op(Opcode::CallNative, &[window.into(), native as u64]);
        self.after_call(window, &signature);
        if let Some(tag) = name.strip_suffix(".new").and_then(|family| wanted_by_name(family).first()) {
            self.define_as(window, *tag);
        }
        Ok(())
    }

    /// Hands over to a function with our results.
    pub(super) fn tail_call(&mut self) -> Result<()> {
        let same = |signature: &Signature| signature.results == self.signature.results;
        let callees: Vec<usize> =
            (0..self.world.signatures.len()).filter(|&n| same(&self.world.signatures[n])).collect();
        let callee = *self.u.choose(&callees)?;
        let signature = self.world.signatures[callee].clone();
        let window = self.window(&signature, &[])?;
        if self.u.ratio(1, 2)? {
            self.code.op(Opcode::TailCall, &[window.into(), callee as u64]);
        } else {
            let id = self.scratch[0];
            self.code.op(Opcode::FuncConst, &[id.into(), callee as u64]);
            self.define(id);
            self.code.op(Opcode::TailCallIndirect, &[window.into(), id.into(), self.world.sig(&signature)]);
        }
        self.state.live = false;
        Ok(())
    }
}
