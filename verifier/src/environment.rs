//! What is already there: the world that references of new code point into.
//!
//! A module brings most of its references itself; only its imports are looked up in the [`Environment`], by name. A
//! single function brings nothing but code: all its references are ids of a live program, and the environment is that
//! program. `Scope` is the one face the checks of a body see.

use regatta_ir::{ClassId, FuncId, GlobalId, Module, NativeId, PatternId, SigId, Signature};
use regatta_ir::{TableId, TextId, Type};

/// Identity of an environment, so that a proof is not taken to another one. Whoever makes environments keeps them apart.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct EnvId(pub u64);

/// What code may know of a global variable.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct GlobalType {
    /// Type.
    pub ty: Type,
    /// May it be set?
    pub mutable: bool,
}

/// A live program, as new code sees it. Answers may be added over time, but never change: that is `[R-ENV]`.
pub trait Environment {
    /// Which one this is.
    fn id(&self) -> EnvId;
    /// The signature of a function, static or dynamic.
    fn function(&self, func: FuncId) -> Option<&Signature>;
    /// A signature of the type table.
    fn signature(&self, sig: SigId) -> Option<&Signature>;
    /// A global variable.
    fn global(&self, global: GlobalId) -> Option<GlobalType>;
    /// The signature of a host function.
    fn native(&self, native: NativeId) -> Option<&Signature>;
    /// Is there linear memory?
    fn has_memory(&self) -> bool;
    /// The signature of the function that a module imports under this name.
    fn import(&self, name: &str) -> Option<&Signature>;
    /// Is there a class of this name, to be imported?
    fn has_class_named(&self, _: &str) -> bool {
        false
    }
    /// Is there such a text?
    fn has_text(&self, _: TextId) -> bool {
        false
    }
    /// Is there such a class?
    fn has_class(&self, _: ClassId) -> bool {
        false
    }
    /// Is there such a table of keys?
    fn has_table(&self, _: TableId) -> bool {
        false
    }
    /// How many registers a pattern binds.
    fn bindings(&self, _: PatternId) -> Option<usize> {
        None
    }
}

/// The environment in which nothing exists.
#[derive(Clone, Copy, Debug, Default)]
pub struct EmptyEnvironment;

impl Environment for EmptyEnvironment {
    fn id(&self) -> EnvId {
        EnvId(0)
    }

    fn function(&self, _: FuncId) -> Option<&Signature> {
        None
    }

    fn signature(&self, _: SigId) -> Option<&Signature> {
        None
    }

    fn global(&self, _: GlobalId) -> Option<GlobalType> {
        None
    }

    fn native(&self, _: NativeId) -> Option<&Signature> {
        None
    }

    fn has_memory(&self) -> bool {
        false
    }

    fn import(&self, _: &str) -> Option<&Signature> {
        None
    }
}

/// Where the references of a body are looked up.
#[derive(Clone, Copy)]
pub(crate) enum Scope<'a> {
    /// The index spaces of the body's own module, and what its patterns bind.
    Module(&'a Module, &'a [u32]),
    /// The ids of a program.
    Program(&'a dyn Environment),
}

/// The answer to a question for a signature.
pub(crate) enum Found<'a> {
    Signature(&'a Signature),
    /// The thing exists, but its own signature does not: an error of the thing, not of who refers to it.
    Broken,
    Missing,
}

impl<'a> Scope<'a> {
    #[inline]
    pub(crate) fn function(self, func: FuncId) -> Found<'a> {
        match self {
            Scope::Module(module, _) => match module.function_signature(func) {
                Some(sig) => Found::Signature(sig),
                None if func.index() < module.imports.len() + module.functions.len() => Found::Broken,
                None => Found::Missing,
            },
            Scope::Program(env) => env.function(func).map_or(Found::Missing, Found::Signature),
        }
    }

    #[inline]
    pub(crate) fn native(self, native: NativeId) -> Found<'a> {
        match self {
            Scope::Module(module, _) => match module.natives.get(native.index()) {
                Some(declared) => module.signature(declared.sig).map_or(Found::Broken, Found::Signature),
                None => Found::Missing,
            },
            Scope::Program(env) => env.native(native).map_or(Found::Missing, Found::Signature),
        }
    }

    #[inline]
    pub(crate) fn signature(self, sig: SigId) -> Option<&'a Signature> {
        match self {
            Scope::Module(module, _) => module.signature(sig),
            Scope::Program(env) => env.signature(sig),
        }
    }

    #[inline]
    pub(crate) fn global(self, global: GlobalId) -> Option<GlobalType> {
        match self {
            Scope::Module(module, _) => {
                module.globals.get(global.index()).map(|g| GlobalType { ty: g.ty, mutable: g.mutable })
            }
            Scope::Program(env) => env.global(global),
        }
    }

    pub(crate) fn has_text(self, text: TextId) -> bool {
        match self {
            Scope::Module(module, _) => text.index() < module.texts.len(),
            Scope::Program(env) => env.has_text(text),
        }
    }

    pub(crate) fn has_class(self, class: ClassId) -> bool {
        match self {
            Scope::Module(module, _) => class.index() < module.class_imports.len() + module.classes.len(),
            Scope::Program(env) => env.has_class(class),
        }
    }

    pub(crate) fn has_table(self, table: TableId) -> bool {
        match self {
            Scope::Module(module, _) => table.index() < module.tables.len(),
            Scope::Program(env) => env.has_table(table),
        }
    }

    pub(crate) fn bindings(self, pattern: PatternId) -> Option<usize> {
        match self {
            Scope::Module(_, bindings) => bindings.get(pattern.index()).map(|count| *count as usize),
            Scope::Program(env) => env.bindings(pattern),
        }
    }

    pub(crate) fn has_memory(self) -> bool {
        match self {
            Scope::Module(module, _) => module.memory.is_some(),
            Scope::Program(env) => env.has_memory(),
        }
    }
}
