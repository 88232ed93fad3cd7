//! Everything of a module but its bodies: the outline.
//!
//! The outline is what others rely on before a body has run: signatures, registers, data, names. An [`Outline`] is the
//! proof that it is in order; bodies can then be proved one at a time, in any order and on any thread, for instance each
//! at its function's first call. [`Outline::verify_bodies`] proves the rest at once.

use crate::body::{self, Scratch, Subject};
use crate::classes;
use crate::environment::{EnvId, Environment, Scope};
use crate::error::{Errors, Loc, VerifyErrorKind as Kind, VerifyErrors};
use crate::limits::MAX_IMPORT_NAME_BYTES;
use crate::patterns;
use crate::verified::Verified;
use regatta_ir::limits::*;
use regatta_ir::vocabulary::Immediate;
use regatta_ir::{FuncId, Function, GlobalId, Module, SigId, Signature, Type};
use std::collections::HashMap;
use std::ops::Deref;

/// A module of which everything but the bodies is proved.
#[derive(Clone, Debug)]
pub struct Outline {
    module: Module,
    /// How many registers each pattern binds.
    bindings: Vec<u32>,
    env: EnvId,
}

/// A function of an [`Outline`]. Its references are indexes of that module, so it is no function of a program yet.
#[derive(Clone, Copy, Debug)]
pub struct Body<'a> {
    /// Which of the module's functions.
    pub index: usize,
    /// The function.
    pub function: &'a Function,
}

impl Outline {
    /// The environment in which it was proved.
    pub fn env(&self) -> EnvId {
        self.env
    }

    /// Proves the body of the module's `n`-th function.
    pub fn verify_body(&self, n: usize) -> Result<Verified<Body<'_>>, VerifyErrors> {
        let mut errors = Errors::default();
        match self.module.functions.get(n) {
            Some(_) => check_body(&self.module, &self.bindings, n, &mut Scratch::default(), &mut errors),
            None => errors.push(Loc::default, Kind::NoFunction { func: self.module.function_id(n) }),
        }
        errors.into_result()?;
        Ok(Verified::new(Body { index: n, function: &self.module.functions[n] }, self.env))
    }

    /// Proves all bodies.
    pub fn verify_bodies(self) -> Result<Verified<Module>, VerifyErrors> {
        let mut errors = Errors::default();
        let mut scratch = Scratch::default();
        for n in 0..self.module.functions.len() {
            check_body(&self.module, &self.bindings, n, &mut scratch, &mut errors);
        }
        errors.into_result()?;
        Ok(Verified::new(self.module, self.env))
    }
}

impl Deref for Outline {
    type Target = Module;

    fn deref(&self) -> &Module {
        &self.module
    }
}

/// Proves everything of a module but its bodies.
pub fn verify_outline(module: Module, env: &dyn Environment) -> Result<Outline, VerifyErrors> {
    let mut errors = Errors::default();
    let bindings = check_module(&module, env, None, &mut errors);
    errors.into_result()?;
    Ok(Outline { module, bindings, env: env.id() })
}

/// Proves a module. Its imports are looked up in `env`; all other references are its own.
pub fn verify(module: Module, env: &dyn Environment) -> Result<Verified<Module>, VerifyErrors> {
    let mut errors = Errors::default();
    check_module(&module, env, Some(&mut Scratch::default()), &mut errors);
    errors.into_result()?;
    Ok(Verified::new(module, env.id()))
}

/// Proves one function whose references are ids of the program `env`.
pub fn verify_function(function: Function, env: &dyn Environment) -> Result<Verified<Function>, VerifyErrors> {
    let mut errors = Errors::default();
    if let Some(sig) = check_header(None, &function, env.signature(function.sig), &mut errors) {
        let subject = Subject { id: None, function: &function, sig, scope: Scope::Program(env) };
        body::check(subject, &mut Scratch::default(), &mut errors);
    }
    errors.into_result()?;
    Ok(Verified::new(function, env.id()))
}

/// Checks the outline and, given buffers for it, each body after its header, so that errors come in order. Gives how many
/// registers each pattern binds.
fn check_module(
    module: &Module,
    env: &dyn Environment,
    mut scratch: Option<&mut Scratch>,
    errors: &mut Errors,
) -> Vec<u32> {
    check_counts(module, errors);
    check_types(module, errors);
    check_imports(module, env, errors);
    check_memory(module, errors);
    check_globals(module, errors);
    let bindings = patterns::check(module, errors);
    classes::check(module, env, errors);
    let mut names = HashMap::with_capacity(module.functions.len());
    for (n, function) in module.functions.iter().enumerate() {
        let id = module.function_id(n);
        if !function.name.is_empty() {
            let first = *names.entry(&*function.name).or_insert(id);
            if first != id {
                let name = function.name.as_str().into();
                errors.push(|| Loc::function(Some(id), function, None), Kind::DuplicateName { name, first });
            }
        }
        let header = check_header(Some(id), function, module.signature(function.sig), errors);
        if let (Some(scratch), Some(_)) = (&mut scratch, header) {
            check_body(module, &bindings, n, scratch, errors);
        }
    }
    bindings
}

fn check_body(module: &Module, bindings: &[u32], n: usize, scratch: &mut Scratch, errors: &mut Errors) {
    let function = &module.functions[n];
    let Some(sig) = module.signature(function.sig) else { return };
    let subject = Subject { id: Some(module.function_id(n)), function, sig, scope: Scope::Module(module, bindings) };
    body::check(subject, scratch, errors);
}

/// Checks all of a function but its code; its signature if the body can be checked too.
fn check_header<'a>(
    id: Option<FuncId>,
    function: &Function,
    sig: Option<&'a Signature>,
    errors: &mut Errors,
) -> Option<&'a Signature> {
    let before = errors.count();
    let loc = || Loc::function(id, function, None);
    limit(errors, loc, "registers", function.registers.len(), MAX_REGISTERS);
    limit(errors, loc, "words of code", function.code.len(), MAX_CODE_WORDS);
    limit(errors, loc, "handlers", function.handlers.len(), MAX_HANDLERS);
    limit(errors, loc, "bytes of a name", function.name.len(), MAX_NAME_BYTES);
    let Some(sig) = sig else {
        errors.push(loc, Kind::NoSignature { sig: function.sig });
        return None;
    };
    let count = function.registers.len() as u32;
    if sig.params.len() > function.registers.len() {
        errors.push(loc, Kind::TooFewRegisters { params: sig.params.len() as u32, count });
    }
    for ((&takes, &is), register) in sig.params.iter().zip(&function.registers).zip(0..) {
        if takes != is {
            errors.push(loc, Kind::ParamType { register, is, takes });
        }
    }
    (errors.count() == before).then_some(sig)
}

fn check_counts(module: &Module, errors: &mut Errors) {
    let functions = module.imports.len() + module.functions.len();
    for (what, is, most) in [
        ("bytes of a name", module.name.len(), MAX_NAME_BYTES),
        ("signatures", module.types.len(), MAX_TYPES),
        ("functions", functions, MAX_FUNCTIONS),
        ("globals", module.globals.len(), MAX_GLOBALS),
        ("natives", module.natives.len(), MAX_NATIVES),
        ("texts", module.texts.len(), MAX_TEXTS),
        ("classes", module.class_imports.len() + module.classes.len(), MAX_CLASSES),
        ("patterns", module.patterns.len(), MAX_PATTERNS),
        ("tables", module.tables.len(), MAX_TABLES),
    ] {
        limit(errors, Loc::default, what, is, most);
    }
}

fn check_types(module: &Module, errors: &mut Errors) {
    let mut seen = HashMap::new();
    for (sig, n) in module.types.iter().zip(0..) {
        limit(errors, Loc::default, "parameters", sig.params.len(), MAX_PARAMS);
        limit(errors, Loc::default, "results", sig.results.len(), MAX_RESULTS);
        let first = *seen.entry(sig).or_insert(SigId(n));
        if first != SigId(n) {
            errors.push(Loc::default, Kind::DuplicateSignature { sig: SigId(n), first });
        }
    }
}

fn check_imports(module: &Module, env: &dyn Environment, errors: &mut Errors) {
    for (import, n) in module.imports.iter().zip(0..) {
        let loc = || Loc::import(FuncId(n), import);
        limit(errors, loc, "bytes of a name", import.name.len(), MAX_IMPORT_NAME_BYTES);
        let Some(declared) = module.signature(import.sig) else {
            errors.push(loc, Kind::NoSignature { sig: import.sig });
            continue;
        };
        let name = || import.name.as_str().into();
        match env.import(&import.name) {
            Some(is) if is == declared => {}
            // A declaration beyond its limits is an error already, and not to be repeated here.
            Some(_) if declared.params.len().max(declared.results.len()) > MAX_PARAMS => {}
            Some(is) => {
                let (declared, is) = (declared.clone(), is.clone());
                errors.push(loc, Kind::ImportDiffers { name: name(), declared, is });
            }
            None => errors.push(loc, Kind::NoImport { name: name() }),
        }
    }
    for native in &module.natives {
        limit(errors, Loc::default, "bytes of a name", native.name.len(), MAX_NAME_BYTES);
        if module.signature(native.sig).is_none() {
            errors.push(Loc::default, Kind::NoSignature { sig: native.sig });
        }
    }
}

fn check_memory(module: &Module, errors: &mut Errors) {
    let bytes = module.memory.map_or(0, |memory| u64::from(memory.min) * PAGE_BYTES as u64);
    if let Some(memory) = module.memory {
        limit(errors, Loc::default, "pages", memory.max as usize, MAX_PAGES as usize);
        if memory.min > memory.max {
            errors.push(Loc::default, Kind::MemoryBackwards { min: memory.min, max: memory.max });
        }
    }
    for (item, data) in module.data.iter().zip(0..) {
        let end = u64::from(item.offset) + item.bytes.len() as u64;
        if module.memory.is_none() {
            errors.push(Loc::default, Kind::DataWithoutMemory { data });
        } else if end > bytes {
            errors.push(Loc::default, Kind::DataOutside { data, end, bytes });
        }
    }
}

fn check_globals(module: &Module, errors: &mut Errors) {
    for (global, n) in module.globals.iter().zip(0..) {
        limit(errors, Loc::default, "bytes of a name", global.name.len(), MAX_NAME_BYTES);
        let fits = match global.ty {
            Type::I32 | Type::F32 => global.init <= u64::from(u32::MAX),
            Type::I64 | Type::F64 => true,
            Type::Val => Immediate::from_slot(global.init).is_some(),
        };
        if !fits {
            let (global, ty, init) = (GlobalId(n), global.ty, global.init);
            errors.push(Loc::default, Kind::InitialValue { global, ty, init });
        }
    }
}

pub(crate) fn limit(errors: &mut Errors, loc: impl FnOnce() -> Loc, what: &'static str, is: usize, most: usize) {
    if is > most {
        errors.push(loc, Kind::TooMany { what, is: is as u64, limit: most as u64 });
    }
}
