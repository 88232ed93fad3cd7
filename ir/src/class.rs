//! Classes, as a module declares them.
//!
//! A class has named fields, methods found by name, static fields (which are globals) and perhaps a parent, whose fields
//! and methods it has too: fields of the parent come first, and a method of the same name takes the place of the parent's.

use crate::index::{ClassId, FuncId, GlobalId, TextId};

/// A class or an interface.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Class {
    /// Name, by which other modules import it.
    pub name: String,
    /// The class it extends.
    pub parent: Option<ClassId>,
    /// Interfaces it implements.
    pub interfaces: Vec<ClassId>,
    /// Can it have no instances of its own?
    pub is_abstract: bool,
    /// Is it an interface: no fields, no constructor, never a parent of a class?
    pub is_interface: bool,
    /// Names of its own fields.
    pub fields: Vec<TextId>,
    /// Its own methods; each takes the receiver first.
    pub methods: Vec<Method>,
    /// Its static fields.
    pub statics: Vec<Static>,
    /// Its static methods; they take no receiver.
    pub static_methods: Vec<Method>,
    /// What runs on a new instance; takes the receiver first.
    pub constructor: Option<FuncId>,
}

/// A method.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Method {
    /// Its name.
    pub name: TextId,
    /// Its function; none for an abstract method.
    pub func: Option<FuncId>,
}

/// A static field.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Static {
    /// Its name.
    pub name: TextId,
    /// Where it is kept: a global of type `val`.
    pub global: GlobalId,
}
