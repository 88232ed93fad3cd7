//! Modules: the files of a program, linked one after the other.
//!
//! Those given with `--with` come first, in their order, then the file that a command is about: its imports are looked up
//! in them. [`Modules`] know the file of each function, for traces and late errors. A [`Company`] is there to verify other
//! modules against; as nothing of it runs, natives other than the standard ones need not exist: it is enough that its modules declare them.

use crate::origin::{self, Origin};
use crate::problem::Rejection;
use regatta_vm::ir::{FuncId, Module};
use regatta_vm::verifier::{Verified, VerifyErrors, verify};
use regatta_vm::{Linked, Natives, Program, VmError, natives, prelude};
use std::path::PathBuf;

/// The modules of a program, each with its file.
#[derive(Debug, Default)]
pub(crate) struct Modules {
    linked: Vec<(Origin, Linked)>,
}

/// Loads files, in this order.
pub(crate) fn load<'a>(files: impl IntoIterator<Item = &'a PathBuf>) -> Result<Vec<(Module, Origin)>, Rejection> {
    files.into_iter().map(|file| origin::load(file)).collect()
}

/// Verifies a module and links it.
pub(crate) fn add(program: &Program, module: Module) -> Result<Linked, VmError> {
    prelude::provide(program, &module)?;
    let proof = verify(module, program).map_err(VmError::Rejected)?;
    Ok(program.link(proof)?)
}

impl Modules {
    /// Hands the modules to `add`, one after the other, until it refuses one.
    pub(crate) fn link(
        loaded: Vec<(Module, Origin)>,
        mut add: impl FnMut(Module) -> Result<Linked, VmError>,
    ) -> Result<Modules, Rejection> {
        let mut modules = Modules::default();
        for (module, origin) in loaded {
            let linked = add(module).map_err(|error| match error {
                VmError::Rejected(errors) => origin.rejected(&errors, &modules.hint()),
                error => origin.reject(error.to_string()),
            })?;
            modules.linked.push((origin, linked));
        }
        Ok(modules)
    }

    /// The module that the command is about.
    pub(crate) fn last(&self) -> &Linked {
        &self.about().1
    }

    /// The file that a function comes from, and which of the module's own functions it is.
    pub(crate) fn home(&self, func: FuncId) -> Option<(&Origin, usize)> {
        self.linked.iter().find_map(|(origin, linked)| Some((origin, linked.number_of(func)?)))
    }

    /// The program with something wrong that is in no file in particular.
    pub(crate) fn reject(&self, message: impl Into<String>) -> Rejection {
        self.about().0.reject(message)
    }

    /// What was found when a body was verified at its first call, in the file of that body.
    pub(crate) fn rejected(&self, program: &Program, errors: &VerifyErrors) -> Rejection {
        let bad = program.functions().find(|entry| entry.proof() == Some(Err(errors)));
        let home = bad.and_then(|entry| self.home(entry.id));
        let origin = home.map_or(&self.about().0, |(origin, _)| origin);
        origin.rejected(errors, &self.hint())
    }

    fn about(&self) -> &(Origin, Linked) {
        self.linked.last().expect("a command that runs something has a file")
    }

    /// What to do about an import that none of the modules has.
    fn hint(&self) -> String {
        if self.linked.is_empty() {
            return "say where it is defined: `--with FILE` links another module before this one".to_string();
        }
        let names: Vec<_> = self.linked.iter().map(|(origin, _)| in_words(origin)).collect();
        format!("linked before this one: {}; one more `--with FILE` links another", names.join(", "))
    }
}

/// ``module `math` (math.rga)``.
fn in_words(origin: &Origin) -> String {
    match &*origin.module {
        "" => format!("a module without a name ({})", origin.file()),
        name => format!("module `{name}` ({})", origin.file()),
    }
}

/// Modules that others import from, when nothing is run.
#[derive(Debug)]
pub(crate) struct Company {
    program: Program,
    modules: Modules,
}

impl Company {
    /// Loads, verifies and links files.
    pub(crate) fn load(files: &[PathBuf]) -> Result<Company, Rejection> {
        let loaded = load(files)?;
        let program = Program::new(declared(&loaded));
        let modules = Modules::link(loaded, |module| add(&program, module))?;
        Ok(Company { program, modules })
    }

    /// Verifies one more module, which is not linked.
    pub(crate) fn verify(&self, module: Module, origin: &Origin) -> Result<Verified<Module>, Rejection> {
        prelude::provide(&self.program, &module).map_err(|error| origin.reject(error.to_string()))?;
        verify(module, &self.program).map_err(|errors| origin.rejected(&errors, &self.modules.hint()))
    }
}

/// The standard natives, and all others that modules declare; of two with one name, the first.
fn declared(loaded: &[(Module, Origin)]) -> Natives {
    let mut natives = natives::standard();
    for module in loaded.iter().map(|(module, _)| module) {
        for native in &module.natives {
            if let (None, Some(signature)) = (natives.get(&native.name), module.signature(native.sig)) {
                natives.declare(&native.name, signature.clone());
            }
        }
    }
    natives
}
