//! Modules from parts: declare, then define, then finish.
//!
//! A function can be called as soon as it is declared, so recursion needs nothing special. What functions say about the
//! module (callees, globals, memory) is checked at the end, when everything is known.

use super::emit::{Needs, Reference};
use super::function::Built;
use super::registers::Position;
use super::{BuildError, BuildErrorKind as Error, BuildErrors, Constant, FunctionBuilder, tables};
use crate::index::{FuncId, GlobalId, NativeId, PatternId, SigId, TextId};
use crate::limits::*;
use crate::module::{Data, Function, Global, Import, Memory, Module, Native};
use crate::operand::Role;
use crate::types::{Signature, Type};
use std::collections::{HashMap, HashSet};

/// Makes a [`Module`].
#[derive(Default)]
pub struct ModuleBuilder {
    pub(super) module: Module,
    pub(super) texts: HashMap<String, TextId>,
    signatures: HashMap<Signature, SigId>,
    declared: Vec<Declared>,
    errors: Vec<BuildError>,
}

/// A function of the module, defined or not yet.
struct Declared {
    name: String,
    sig: SigId,
    built: Option<Built>,
}

impl ModuleBuilder {
    /// An empty module with this name, which may be empty too.
    pub fn new(name: impl Into<String>) -> ModuleBuilder {
        ModuleBuilder { module: Module { name: name.into(), ..Module::default() }, ..ModuleBuilder::default() }
    }

    /// The index of a signature; equal signatures have one index.
    pub fn signature(&mut self, signature: Signature) -> SigId {
        let next = SigId(self.module.types.len() as u32);
        *self.signatures.entry(signature).or_insert_with_key(|signature| {
            self.module.types.push(signature.clone());
            next
        })
    }

    /// A function of another module: `module.function`. Imports come before the first declaration.
    pub fn import(&mut self, name: impl Into<String>, signature: Signature) -> FuncId {
        if !self.declared.is_empty() {
            self.fail(Error::LateImport);
        }
        let sig = self.signature(signature);
        self.module.imports.push(Import { name: name.into(), sig });
        FuncId(self.module.imports.len() as u32 - 1)
    }

    /// A function of the host.
    pub fn native(&mut self, name: impl Into<String>, signature: Signature) -> NativeId {
        let sig = self.signature(signature);
        self.module.natives.push(Native { name: name.into(), sig });
        NativeId(self.module.natives.len() as u32 - 1)
    }

    /// A global variable. Its type is that of the value it starts with.
    pub fn global(&mut self, name: impl Into<String>, mutable: bool, init: impl Into<Constant>) -> GlobalId {
        let init = init.into();
        self.module.globals.push(Global { name: name.into(), ty: init.ty(), mutable, init: init.slot() });
        GlobalId(self.module.globals.len() as u32 - 1)
    }

    /// Linear memory, in pages of 64 KiB.
    pub fn memory(&mut self, min: u32, max: u32) {
        if self.module.memory.is_some() {
            self.fail(Error::MemoryTwice);
        }
        if min > max || max > MAX_PAGES {
            self.fail(Error::MemorySize { min, max, limit: MAX_PAGES });
        }
        self.module.memory = Some(Memory { min, max });
    }

    /// What memory holds at the start, from `offset` on.
    pub fn data(&mut self, offset: u32, bytes: impl Into<Vec<u8>>) {
        self.module.data.push(Data { offset, bytes: bytes.into() });
    }

    /// A function to be defined later.
    pub fn declare(&mut self, name: impl Into<String>, signature: Signature) -> FuncId {
        let sig = self.signature(signature);
        self.declared.push(Declared { name: name.into(), sig, built: None });
        FuncId((self.module.imports.len() + self.declared.len()) as u32 - 1)
    }

    /// A builder for a declared function.
    pub fn function(&mut self, func: FuncId) -> FunctionBuilder {
        match self.declared_at(func) {
            Some(n) => {
                let Declared { name, sig, .. } = &self.declared[n];
                FunctionBuilder::new(name.clone(), *sig, &self.module.types[sig.index()])
            }
            None => {
                self.fail(Error::NoFunction { func });
                FunctionBuilder::new("", SigId(0), &Signature::default())
            }
        }
    }

    /// Gives a declared function its body.
    pub fn define(&mut self, func: FuncId, body: FunctionBuilder) {
        let at = self.declared_at(func);
        let same = at.is_some_and(|n| body.signature == self.module.types[self.declared[n].sig.index()]);
        let (built, errors) = body.complete();
        self.errors.extend(errors);
        let Some(n) = at else {
            return self.fail(Error::NoFunction { func });
        };
        let declared = &self.declared[n];
        if declared.built.is_some() {
            self.fail(Error::DefinedTwice { func });
        } else if declared.sig != built.function.sig || !same {
            self.fail(Error::WrongSignature { func });
        } else if declared.name != built.function.name {
            let declared = declared.name.clone();
            self.fail(Error::WrongName { func, declared });
        }
        self.declared[n].built = Some(built);
    }

    /// The module, or everything that is wrong with it.
    pub fn finish(mut self) -> Result<Module, BuildErrors> {
        self.check_module();
        for n in 0..self.declared.len() {
            match self.declared[n].built.take() {
                Some(built) => {
                    self.check_references(&built);
                    self.module.functions.push(built.function);
                }
                None => self.fail(Error::Undefined { name: self.declared[n].name.clone() }),
            }
        }
        match self.errors.is_empty() {
            true => Ok(self.module),
            false => Err(BuildErrors(self.errors)),
        }
    }

    fn declared_at(&self, func: FuncId) -> Option<usize> {
        func.index().checked_sub(self.module.imports.len()).filter(|&n| n < self.declared.len())
    }

    pub(super) fn fail(&mut self, kind: Error) {
        self.errors.push(BuildError { function: String::new(), place: None, kind });
    }

    fn check_module(&mut self) {
        let module = &self.module;
        let class_names = module.classes.iter().map(|class| &class.name);
        let mut errors = Vec::new();
        names("functions", self.declared.iter().map(|declared| &*declared.name), &mut errors);
        names("imports", module.imports.iter().map(|import| &*import.name), &mut errors);
        names("natives", module.natives.iter().map(|native| &*native.name), &mut errors);
        names("globals", module.globals.iter().map(|global| &*global.name), &mut errors);
        names("classes", module.class_imports.iter().chain(class_names).map(|name| &**name), &mut errors);
        names("modules", std::iter::once(&*module.name), &mut errors);
        for (what, len, limit) in [
            ("functions", module.imports.len() + self.declared.len(), MAX_FUNCTIONS),
            ("signatures", module.types.len(), MAX_TYPES),
            ("globals", module.globals.len(), MAX_GLOBALS),
            ("natives", module.natives.len(), MAX_NATIVES),
            ("parameters", module.types.iter().map(|sig| sig.params.len()).max().unwrap_or(0), MAX_PARAMS),
            ("results", module.types.iter().map(|sig| sig.results.len()).max().unwrap_or(0), MAX_RESULTS),
        ] {
            if len > limit {
                errors.push(Error::TooMany { what, limit });
            }
        }
        for (what, len, limit) in tables::counts(module) {
            if len > limit {
                errors.push(Error::TooMany { what, limit });
            }
        }
        let pages = module.memory.map_or(0, |memory| memory.min);
        for data in &module.data {
            let (offset, len) = (data.offset, data.bytes.len());
            if module.memory.is_none() {
                errors.push(Error::NoMemory);
            } else if u64::from(offset) + len as u64 > u64::from(pages) * PAGE_BYTES as u64 {
                errors.push(Error::DataOutside { offset, len, pages });
            }
        }
        errors.into_iter().for_each(|kind| self.fail(kind));
    }

    /// Checks what a function says about the module.
    fn check_references(&mut self, built: &Built) {
        let no_memory = built.memory.filter(|_| self.module.memory.is_none()).map(|place| (place, Error::NoMemory));
        let wrong = built.references.iter().filter_map(|reference| {
            let kind = self.check_reference(reference, &built.function).err()?;
            Some((reference.place, kind))
        });
        let mut errors: Vec<_> = no_memory.into_iter().chain(wrong).collect();
        errors.sort_by_key(|(place, _)| *place);
        self.errors.extend(errors.into_iter().map(|(place, kind)| BuildError {
            function: built.function.name.clone(),
            place: Some(place),
            kind,
        }));
    }

    fn check_reference(&self, reference: &Reference, function: &Function) -> Result<(), Error> {
        match reference.role {
            Role::Global => return self.check_global(reference),
            Role::Pattern => return self.check_bindings(reference, function),
            Role::Atom | Role::Text | Role::Class | Role::Table => {
                return tables::exists(&self.module, reference.role, reference.id);
            }
            _ => {}
        }
        let signature = self.callee(reference)?;
        match reference.needs {
            Needs::Call { .. } => check_call(signature, reference.needs, function),
            _ => Ok(()),
        }
    }

    fn check_bindings(&self, reference: &Reference, function: &Function) -> Result<(), Error> {
        tables::exists(&self.module, Role::Pattern, reference.id)?;
        let pattern = PatternId(reference.id);
        let Needs::Bind(position) = reference.needs else { return Ok(()) };
        let (first, count) = (position.place(0), self.module.patterns[pattern.index()].bindings());
        let bound = function.registers.get(first..first + count);
        match bound {
            Some(types) if types.iter().all(|ty| *ty == Type::Val) => Ok(()),
            _ => Err(Error::Bindings { pattern, count, first: position.named() }),
        }
    }

    fn check_global(&self, reference: &Reference) -> Result<(), Error> {
        let id = GlobalId(reference.id);
        let global = self.module.globals.get(id.index()).ok_or(Error::NoGlobal { global: id })?;
        match reference.needs {
            Needs::Set(_) if !global.mutable => Err(Error::Immutable { global: id }),
            Needs::Get(register) | Needs::Set(register) if register != global.ty => {
                Err(Error::GlobalType { global: id, is: global.ty, register })
            }
            _ => Ok(()),
        }
    }

    /// The signature of what is called or named.
    fn callee(&self, reference: &Reference) -> Result<&Signature, Error> {
        let id = reference.id;
        let sig = match reference.role {
            Role::Func => match self.module.imports.get(id as usize) {
                Some(import) => import.sig,
                None => match self.declared_at(FuncId(id)) {
                    Some(n) => self.declared[n].sig,
                    None => return Err(Error::NoFunction { func: FuncId(id) }),
                },
            },
            Role::Native => match self.module.natives.get(id as usize) {
                Some(native) => native.sig,
                None => return Err(Error::NoNative { native: NativeId(id) }),
            },
            _ => SigId(id),
        };
        self.module.signature(sig).ok_or(Error::NoSignature { sig })
    }
}

/// Does the window fit the callee?
fn check_call(callee: &Signature, needs: Needs, function: &Function) -> Result<(), Error> {
    let Needs::Call { window, shape, relied, read, tail } = needs else { return Ok(()) };
    let (params, results) = (callee.params.len(), callee.results.len());
    let signature = || callee.clone();
    if let Some((p, r)) = shape
        && (usize::from(p), usize::from(r)) != (params, results)
    {
        return Err(Error::WindowShape { params: p, results: r, signature: signature() });
    }
    let is_result = |slot| (0..results).any(|n| callee.result_slot(n) == slot);
    if relied > 0 && !is_result(usize::from(relied - 1)) {
        return Err(Error::NoResult { offset: relied - 1, read, signature: signature() });
    }
    let landed: &[Type] = if tail { &[] } else { &callee.results };
    let (at, has) = (window.place(0), function.registers.len());
    let size = if tail { crate::HEADER + params } else { callee.window_slots() };
    if at + size > has {
        return Err(Error::WindowSize { window: Position::register(at).named(), needs: size, has });
    }
    let arguments = callee.params.iter().enumerate().map(|(n, &ty)| ("argument", n, callee.argument_slot(n), ty));
    let results = landed.iter().enumerate().map(|(n, &ty)| ("result", n, callee.result_slot(n), ty));
    for (part, number, slot, asked) in arguments.chain(results) {
        if function.registers[at + slot] != asked {
            let register = Position::register(at + slot).named();
            return Err(Error::WindowType { signature: signature(), part, number, register, asked });
        }
    }
    Ok(())
}

/// Names are short, and each is there once, or empty.
fn names<'a>(what: &'static str, names: impl Iterator<Item = &'a str>, errors: &mut Vec<Error>) {
    let mut seen = HashSet::new();
    for name in names.filter(|name| !name.is_empty()) {
        if name.len() > MAX_NAME_BYTES {
            errors.push(Error::LongName { len: name.len(), limit: MAX_NAME_BYTES });
        }
        if !seen.insert(name) {
            errors.push(Error::DuplicateName { what, name: name.to_string() });
        }
    }
}
