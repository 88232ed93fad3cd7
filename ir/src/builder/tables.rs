//! What a module declares besides functions: texts, classes, patterns, tables of keys.

use super::{BuildErrorKind as Error, ModuleBuilder};
use crate::class::Class;
use crate::index::{ClassId, PatternId, TableId, TextId};
use crate::limits::*;
use crate::module::Module;
use crate::operand::Role;
use crate::pattern::{Key, Pattern, Table};

impl ModuleBuilder {
    /// The number of a text, as an atom and as a string; equal texts have one number.
    pub fn text(&mut self, text: impl AsRef<str>) -> TextId {
        let text = text.as_ref();
        if let Some(&id) = self.texts.get(text) {
            return id;
        }
        let id = TextId(self.module.texts.len() as u32);
        self.module.texts.push(text.to_string());
        self.texts.insert(text.to_string(), id);
        id
    }

    /// A class of another module: `module.class`. Imports come before the first class of its own.
    pub fn import_class(&mut self, name: impl Into<String>) -> ClassId {
        if !self.module.classes.is_empty() {
            self.fail(Error::LateImport);
        }
        self.module.class_imports.push(name.into());
        ClassId(self.module.class_imports.len() as u32 - 1)
    }

    /// A class. Its parent comes before it; its methods have been declared, if not defined.
    pub fn class(&mut self, class: Class) -> ClassId {
        self.module.classes.push(class);
        ClassId((self.module.class_imports.len() + self.module.classes.len()) as u32 - 1)
    }

    /// A pattern.
    pub fn pattern(&mut self, pattern: Pattern) -> PatternId {
        self.module.patterns.push(pattern);
        PatternId(self.module.patterns.len() as u32 - 1)
    }

    /// A table of keys, each once.
    pub fn table(&mut self, keys: impl Into<Vec<Key>>) -> TableId {
        self.module.tables.push(Table { keys: keys.into() });
        TableId(self.module.tables.len() as u32 - 1)
    }
}

/// How many there are of each thing, with what there may be.
pub(super) fn counts(module: &Module) -> [(&'static str, usize, usize); 5] {
    [
        ("texts", module.texts.len(), MAX_TEXTS),
        ("bytes in a text", module.texts.iter().map(String::len).max().unwrap_or(0), MAX_STRING_BYTES),
        ("classes", module.class_imports.len() + module.classes.len(), MAX_CLASSES),
        ("patterns", module.patterns.len(), MAX_PATTERNS),
        ("tables", module.tables.len(), MAX_TABLES),
    ]
}

/// Is there such a thing in the module?
pub(super) fn exists(module: &Module, role: Role, id: u32) -> Result<(), Error> {
    let (count, error) = match role {
        Role::Atom | Role::Text => (module.texts.len(), Error::NoText { text: TextId(id) }),
        Role::Class => (module.class_imports.len() + module.classes.len(), Error::NoClass { class: ClassId(id) }),
        Role::Table => (module.tables.len(), Error::NoTable { table: TableId(id) }),
        Role::Pattern => (module.patterns.len(), Error::NoPattern { pattern: PatternId(id) }),
        _ => return Ok(()),
    };
    if (id as usize) < count { Ok(()) } else { Err(error) }
}
