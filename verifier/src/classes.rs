//! Classes of a module: what they name exists, and what runs as a method takes the receiver.
//!
//! Fields and methods of imported classes are not known here, so what concerns them (that a name is not taken, that an
//! abstract method gets a function at last) is for linking to say. Parents may come before or after their children.

use crate::environment::{Environment, Found, Scope};
use crate::error::{Errors, Item, Loc, VerifyErrorKind as Kind};
use crate::limits::MAX_IMPORT_NAME_BYTES;
use crate::module::limit;
use regatta_ir::limits::*;
use regatta_ir::module::{Class, Method, Static};
use regatta_ir::{ClassId, FuncId, Module, TextId, Type};
use std::collections::HashMap;

/// Checks all classes.
pub(crate) fn check(module: &Module, env: &dyn Environment, errors: &mut Errors) {
    for (name, id) in module.class_imports.iter().zip(0..) {
        let loc = || Loc::item(Item::Class(ClassId(id)));
        limit(errors, loc, "bytes of a name", name.len(), MAX_IMPORT_NAME_BYTES);
        if !env.has_class_named(name) {
            errors.push(loc, Kind::NoImport { name: name[..name.floor_char_boundary(MAX_IMPORT_NAME_BYTES)].into() });
        }
    }
    let mut names = HashMap::new();
    let mut classes = Classes { module, errors, members: Vec::new() };
    for (class, id) in module.classes.iter().zip(module.class_imports.len() as u32..) {
        classes.check(ClassId(id), class);
        if !class.name.is_empty() && names.insert(&class.name, id).is_some() {
            classes.error(ClassId(id), Kind::DuplicateClass { name: class.name.as_str().into() });
        }
    }
    for id in 0..module.classes.len() as u32 {
        classes.check_family(ClassId(id + module.class_imports.len() as u32));
    }
}

/// A member that has slots in instances or vtables.
#[derive(Clone, Copy)]
enum Member {
    Field,
    Method(Option<FuncId>),
}

struct Classes<'a> {
    module: &'a Module,
    errors: &'a mut Errors,
    /// Of each class of the module, what it declares itself.
    members: Vec<HashMap<TextId, Member>>,
}

impl Classes<'_> {
    fn error(&mut self, class: ClassId, kind: Kind) {
        self.errors.push(|| Loc::item(Item::Class(class)), kind);
    }

    /// A class by itself.
    fn check(&mut self, id: ClassId, class: &Class) {
        let loc = || Loc::item(Item::Class(id));
        limit(self.errors, loc, "bytes of a name", class.name.len(), MAX_NAME_BYTES);
        limit(self.errors, loc, "interfaces", class.interfaces.len(), MAX_INTERFACES);
        limit(self.errors, loc, "fields", class.fields.len().max(class.statics.len()), MAX_FIELDS);
        limit(self.errors, loc, "methods", class.methods.len().max(class.static_methods.len()), MAX_METHODS);
        self.check_kin(id, class);
        self.check_members(id, class);
        if let Some(func) = class.constructor {
            self.check_receiver(id, func);
        }
        for Static { name, global } in &class.statics {
            self.check_text(id, *name);
            match self.module.globals.get(global.index()) {
                None => self.error(id, Kind::NoGlobal { global: *global }),
                Some(kept) if kept.ty != Type::Val => {
                    self.error(id, Kind::StaticType { global: *global, is: kept.ty });
                }
                Some(_) => {}
            }
        }
        for Method { name, func } in &class.static_methods {
            self.check_text(id, *name);
            match func {
                Some(func) => _ = self.function(id, *func),
                None => self.error(id, Kind::NoMethod { name: self.name(*name) }),
            }
        }
    }

    /// Parent and interfaces: do they exist, and are they what they should be, as far as the module knows?
    fn check_kin(&mut self, id: ClassId, class: &Class) {
        let own = self.module.class_imports.len();
        let count = own + self.module.classes.len();
        for &other in class.parent.iter().chain(&class.interfaces) {
            if other.index() >= count {
                self.error(id, Kind::NoClass { class: other });
            }
        }
        let is_interface = |other: ClassId| {
            let declared = other.index().checked_sub(own).and_then(|n| self.module.classes.get(n));
            declared.map(|class| class.is_interface)
        };
        let parent = class.parent.filter(|&parent| class.is_interface || is_interface(parent) == Some(true));
        let odd = class.interfaces.iter().find(|&&other| is_interface(other) == Some(false)).copied();
        if let Some(parent) = parent {
            self.error(id, Kind::ClassParent { parent });
        }
        if let Some(class) = odd {
            self.error(id, Kind::NoInterface { class });
        }
        if class.is_interface && (class.constructor.is_some() || !class.fields.is_empty()) {
            self.error(id, Kind::InterfaceMembers);
        }
    }

    fn check_members(&mut self, id: ClassId, class: &Class) {
        let mut members = HashMap::with_capacity(class.fields.len() + class.methods.len());
        let fields = class.fields.iter().map(|name| (*name, Member::Field));
        let methods = class.methods.iter().map(|method| (method.name, Member::Method(method.func)));
        for (name, member) in fields.chain(methods) {
            self.check_text(id, name);
            if members.insert(name, member).is_some() {
                self.error(id, Kind::DuplicateMember { name: self.name(name) });
            }
        }
        for Method { name, func } in &class.methods {
            match func {
                Some(func) => self.check_receiver(id, *func),
                None if class.is_abstract || class.is_interface => {}
                None => self.error(id, Kind::NoMethod { name: self.name(*name) }),
            }
        }
        self.members.push(members);
    }

    /// What runs as a method or constructor takes a value first.
    fn check_receiver(&mut self, id: ClassId, func: FuncId) {
        if let Found::Signature(sig) = self.function(id, func)
            && sig.params.first() != Some(&Type::Val)
        {
            self.error(id, Kind::TakesNoReceiver { func });
        }
    }

    fn function(&mut self, id: ClassId, func: FuncId) -> Found<'_> {
        if let Found::Missing = Scope::Module(self.module, &[]).function(func) {
            self.error(id, Kind::NoFunction { func });
        }
        Scope::Module(self.module, &[]).function(func)
    }

    fn check_text(&mut self, id: ClassId, text: TextId) {
        if text.index() >= self.module.texts.len() {
            self.error(id, Kind::NoText { text });
        }
    }

    /// A member's name, for messages.
    fn name(&self, text: TextId) -> Box<str> {
        self.module.texts.get(text.index()).map_or("", |text| &text[..text.floor_char_boundary(100)]).into()
    }

    /// A class among its ancestors of this module: it is none of them, and a member takes the place of an equal one only.
    fn check_family(&mut self, id: ClassId) {
        let own = self.module.class_imports.len();
        let mut ancestor = self.parent(id);
        for _ in 0..MAX_ANCESTORS {
            let Some(above) = ancestor else { return };
            if above == id {
                return self.error(id, Kind::ExtendsItself);
            }
            self.check_heritage(id, id.index() - own, above.index() - own);
            ancestor = self.parent(above);
        }
        let (is, limit) = (MAX_ANCESTORS as u64 + 1, MAX_ANCESTORS as u64);
        self.error(id, Kind::TooMany { what: "ancestors", is, limit });
    }

    /// The parent, if it is a class of this module.
    fn parent(&self, class: ClassId) -> Option<ClassId> {
        let own = self.module.class_imports.len();
        let declared = self.module.classes.get(class.index().checked_sub(own)?)?;
        declared.parent.filter(|parent| (own..own + self.module.classes.len()).contains(&parent.index()))
    }

    fn check_heritage(&mut self, id: ClassId, n: usize, above: usize) {
        let mut wrong: Vec<Kind> = Vec::new();
        for (&name, member) in &self.members[n] {
            match (member, self.members[above].get(&name)) {
                (_, None) => {}
                (Member::Method(own), Some(Member::Method(other))) => {
                    let sig = |func: &Option<FuncId>| func.and_then(|func| self.module.function_signature(func));
                    if let (Some(own), Some(other)) = (sig(own), sig(other))
                        && own != other
                    {
                        wrong.push(Kind::Overrides { name: self.name(name) });
                    }
                }
                _ => wrong.push(Kind::DuplicateMember { name: self.name(name) }),
            }
        }
        // The map has no order, but errors have one.
        wrong.sort_by_key(|kind| kind.to_string());
        wrong.into_iter().for_each(|kind| self.error(id, kind));
    }
}
