//! How references are spelled: by name where the name is theirs alone, else by index.

use super::lexer::is_identifier;
use super::names::numbered;
use crate::index::{FuncId, SigId, TextId};
use crate::module::{Function, Module};
use crate::types::Signature;
use std::collections::HashMap;
use std::fmt::{self, Display, Write};
use std::hash::Hash;

/// Names and signatures of a module that stand for one thing only.
pub(super) struct Spellings<'m> {
    module: &'m Module,
    /// `None`: found out each time, which is cheaper for few questions.
    known: Option<Known<'m>>,
}

struct Known<'m> {
    functions: Vec<Option<&'m str>>,
    globals: Vec<Option<&'m str>>,
    natives: Vec<Option<&'m str>>,
    classes: Vec<Option<&'m str>>,
    signatures: Vec<Option<&'m Signature>>,
    texts: Vec<Option<&'m String>>,
}

impl<'m> Spellings<'m> {
    /// For a whole module.
    pub(super) fn complete(module: &'m Module) -> Spellings<'m> {
        let known = Known {
            functions: unique(function_names(module)),
            globals: unique(module.globals.iter().map(|global| &*global.name)),
            natives: unique(module.natives.iter().map(|native| &*native.name)),
            classes: unique(class_names(module)),
            signatures: firsts(&module.types),
            texts: firsts(&module.texts),
        };
        Spellings { module, known: Some(known) }
    }

    /// For a single instruction.
    pub(super) fn on_demand(module: &'m Module) -> Spellings<'m> {
        Spellings { module, known: None }
    }

    pub(super) fn function(&self, n: usize) -> Option<&'m str> {
        match &self.known {
            Some(known) => known.functions.get(n).copied().flatten(),
            None => only(function_names(self.module), self.module.function_name(FuncId(n as u32))?),
        }
    }

    pub(super) fn global(&self, n: usize) -> Option<&'m str> {
        let names = self.module.globals.iter().map(|global| &*global.name);
        match &self.known {
            Some(known) => known.globals.get(n).copied().flatten(),
            None => only(names, &self.module.globals.get(n)?.name),
        }
    }

    pub(super) fn native(&self, n: usize) -> Option<&'m str> {
        let names = self.module.natives.iter().map(|native| &*native.name);
        match &self.known {
            Some(known) => known.natives.get(n).copied().flatten(),
            None => only(names, &self.module.natives.get(n)?.name),
        }
    }

    pub(super) fn class(&self, n: usize) -> Option<&'m str> {
        match &self.known {
            Some(known) => known.classes.get(n).copied().flatten(),
            None => only(class_names(self.module), class_names(self.module).nth(n)?),
        }
    }

    /// The text with this index, if writing it out leads back to the index.
    pub(super) fn text(&self, id: TextId) -> Option<&'m str> {
        if let Some(known) = &self.known {
            return known.texts.get(id.index()).copied().flatten().map(|text| &**text);
        }
        let text = self.module.texts.get(id.index())?;
        let first = self.module.texts.iter().position(|other| other == text)?;
        (first == id.index()).then_some(text)
    }

    /// The signature with this index, if writing it out leads back to the index.
    pub(super) fn proper_signature(&self, sig: SigId) -> Option<&'m Signature> {
        if let Some(known) = &self.known {
            return known.signatures.get(sig.index()).copied().flatten();
        }
        let signature = self.module.signature(sig)?;
        let first = self.module.types.iter().position(|other| other == signature)?;
        (first == sig.index()).then_some(signature)
    }

    /// The signature written out, or `#` and its index.
    pub(super) fn signature(&self, sig: SigId) -> impl Display + use<'_, 'm> {
        fmt::from_fn(move |f| match self.proper_signature(sig) {
            Some(signature) => signature.fmt(f),
            None => write!(f, "#{}", sig.0),
        })
    }
}

fn function_names(module: &Module) -> impl Iterator<Item = &str> + Clone {
    module.imports.iter().map(|import| &*import.name).chain(module.functions.iter().map(|function| &*function.name))
}

fn class_names(module: &Module) -> impl Iterator<Item = &str> + Clone {
    let imports = module.class_imports.iter().map(|name| &**name);
    imports.chain(module.classes.iter().map(|class| &*class.name))
}

/// For each name itself, if it is neither empty nor somebody else's too.
fn unique<'m>(names: impl Iterator<Item = &'m str> + Clone) -> Vec<Option<&'m str>> {
    let counts = counted(names.clone());
    names.map(|name| (!name.is_empty() && counts[name] == 1).then_some(name)).collect()
}

/// The name, if it stands among the names only once.
fn only<'m>(names: impl Iterator<Item = &'m str>, name: &'m str) -> Option<&'m str> {
    let is_unique = names.filter(|other| *other == name).take(2).count() == 1;
    (is_unique && !name.is_empty()).then_some(name)
}

fn counted<T: Eq + Hash>(items: impl Iterator<Item = T>) -> HashMap<T, u32> {
    let mut counts = HashMap::new();
    items.for_each(|item| *counts.entry(item).or_insert(0) += 1);
    counts
}

/// For each thing itself, if no earlier one is equal.
fn firsts<T: Eq + Hash>(things: &[T]) -> Vec<Option<&T>> {
    let mut seen = std::collections::HashSet::new();
    things.iter().map(|thing| seen.insert(thing).then_some(thing)).collect()
}

/// For each register its name, if it is its alone.
pub(super) fn register_names(function: &Function) -> Vec<Option<&str>> {
    let declared = function.debug.names.iter().filter(|entry| usize::from(entry.0) < function.registers.len());
    let counts = counted(declared.map(|entry| &*entry.1));
    let name = |register| function.debug.register_name(register).filter(|name| counts.get(name) == Some(&1));
    (0..function.registers.len()).map(|n| name(u16::try_from(n).ok()?)).collect()
}

/// The same for one register.
pub(super) fn register_name(function: &Function, register: u16) -> Option<&str> {
    let declared = function.debug.names.iter().filter(|entry| usize::from(entry.0) < function.registers.len());
    let name = function.debug.register_name(register)?;
    let is_unique = declared.filter(|entry| entry.1 == name).take(2).count() == 1;
    (is_unique && usize::from(register) < function.registers.len()).then_some(name)
}

/// A name with its sigil, quoted if it is no identifier.
pub(super) fn write_name(out: &mut dyn Write, sigil: &str, name: &str) -> fmt::Result {
    out.write_str(sigil)?;
    if is_identifier(name) { out.write_str(name) } else { write_quoted_name(out, name) }
}

/// The name of a register, quoted if it could be taken for something else.
pub(super) fn write_register_name(out: &mut dyn Write, name: &str) -> fmt::Result {
    let is_plain = is_identifier(name) && name != "_" && numbered(name).is_none();
    if is_plain { out.write_str(name) } else { write_quoted_name(out, name) }
}

/// A name in quotes; letters of all languages stay as they are.
pub(super) fn write_quoted_name(out: &mut dyn Write, name: &str) -> fmt::Result {
    out.write_str("\"")?;
    for c in name.chars() {
        if c.is_ascii() { write_byte(out, c as u8)? } else { out.write_char(c)? }
    }
    out.write_str("\"")
}

/// Bytes as a string.
pub(super) fn write_bytes(out: &mut dyn Write, bytes: &[u8]) -> fmt::Result {
    out.write_str("\"")?;
    bytes.iter().try_for_each(|byte| write_byte(out, *byte))?;
    out.write_str("\"")
}

fn write_byte(out: &mut dyn Write, byte: u8) -> fmt::Result {
    match byte {
        b'\n' => out.write_str("\\n"),
        b'\t' => out.write_str("\\t"),
        b'\r' => out.write_str("\\r"),
        b'"' => out.write_str("\\\""),
        b'\\' => out.write_str("\\\\"),
        b' '..=b'~' => out.write_char(char::from(byte)),
        _ => write!(out, "\\x{byte:02x}"),
    }
}
