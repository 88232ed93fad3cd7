//! How a module's classes become a program's.
//!
//! Parents and interfaces come first, whatever order the module declares them in, and a class starts as a copy of what it
//! inherits. Everything that can be wrong is found here, before the program has changed.

use super::{ClassInfo, MAX_PROGRAM_CLASSES, METHOD, Member, Virtual};
use crate::link::LinkError;
use crate::names::Names;
use crate::program::{Growth, Program};
use regatta_ir::{ClassId, FuncId, Module, TextId};
use std::collections::{HashMap, HashSet};

/// Ancestors of a class, itself included.
pub const MAX_ANCESTORS: usize = 1 << 8;
/// Fields of a class, with those of its ancestors.
pub const MAX_FIELDS: usize = 1 << 15;
/// Slots of a vtable.
pub const MAX_VIRTUAL_METHODS: usize = 1 << 15;

/// What is wrong with a class.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum ClassError {
    /// It is its own ancestor.
    #[error("extends itself")]
    Cycle,
    /// An interface as a parent, or an interface with one.
    #[error("extends {0}, and only classes extend classes")]
    Parent(String),
    /// A class where an interface is wanted.
    #[error("implements {0}, which is not an interface")]
    Interface(String),
    /// A method nobody wrote.
    #[error("is not abstract, but method `{0}` has no function")]
    MissingMethod(String),
    /// Two fields, or a field and a method, of one name.
    #[error("has two members `{0}`")]
    DuplicateMember(String),
    /// [`MAX_ANCESTORS`], [`MAX_FIELDS`], [`MAX_VIRTUAL_METHODS`].
    #[error("has more than {limit} {what}")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// The limit.
        limit: usize,
    },
}

/// The program's numbers for what classes refer to.
pub(crate) struct Numbers<'a> {
    pub(crate) functions: &'a [FuncId],
    pub(crate) texts: &'a [TextId],
    pub(crate) first_global: u32,
}

/// The classes of a module, ready to be added to the program.
#[derive(Debug)]
pub(crate) struct Plan {
    /// By the module's numbers: imports, then its own.
    pub(crate) ids: Vec<ClassId>,
    /// Its own, in order.
    pub(crate) classes: Vec<ClassInfo>,
}

/// Makes classes out of declarations.
pub(crate) fn plan(
    program: &Program,
    growth: &Growth,
    module: &Module,
    numbers: &Numbers<'_>,
) -> Result<Plan, LinkError> {
    let first = program.classes() as u32;
    if first as usize + module.classes.len() > MAX_PROGRAM_CLASSES {
        return Err(LinkError::TooManyClasses);
    }
    let mut ids = Vec::with_capacity(module.class_imports.len() + module.classes.len());
    for name in &module.class_imports {
        ids.push(*growth.class_names.get(name).ok_or_else(|| LinkError::MissingClass(name.clone()))?);
    }
    ids.extend((0..module.classes.len() as u32).map(|n| ClassId(first + n)));
    let mut planner = Planner { program, module, numbers, ids, first, done: vec![] };
    planner.done.resize_with(module.classes.len(), || None);
    for (n, class) in module.classes.iter().enumerate() {
        let name = full_name(module, &class.name);
        if !class.name.is_empty() && growth.class_names.contains_key(&name) {
            return Err(LinkError::DuplicateClass(name));
        }
        planner.make_with_ancestors(n)?;
    }
    let classes = planner.done.into_iter().map(|class| class.expect("all have been made")).collect();
    Ok(Plan { ids: planner.ids, classes })
}

pub(crate) fn full_name(module: &Module, class: &str) -> String {
    if module.name.is_empty() { class.to_string() } else { [&*module.name, ".", class].concat() }
}

struct Planner<'a> {
    program: &'a Program,
    module: &'a Module,
    numbers: &'a Numbers<'a>,
    ids: Vec<ClassId>,
    first: u32,
    done: Vec<Option<ClassInfo>>,
}

impl Planner<'_> {
    /// Makes class `n` of the module, after those it builds on. The work list is explicit: a hostile module may have long
    /// chains.
    fn make_with_ancestors(&mut self, n: usize) -> Result<(), LinkError> {
        let mut waiting = vec![n];
        while let Some(&n) = waiting.last() {
            match self.first_missing(n) {
                Some(missing) if waiting.contains(&missing) => return Err(self.error(missing, ClassError::Cycle)),
                Some(missing) => waiting.push(missing),
                None => {
                    if self.done[n].is_none() {
                        let class = self.make(n).map_err(|error| self.error(n, error))?;
                        self.done[n] = Some(class);
                    }
                    waiting.pop();
                }
            }
            if waiting.len() > MAX_ANCESTORS {
                return Err(self.error(n, ClassError::TooMany { what: "ancestors", limit: MAX_ANCESTORS }));
            }
        }
        Ok(())
    }

    /// A class of the module that class `n` builds on and that has not been made.
    fn first_missing(&self, n: usize) -> Option<usize> {
        let class = &self.module.classes[n];
        let mut needed = class.parent.iter().chain(&class.interfaces);
        needed.find_map(|id| {
            let n = id.index().checked_sub(self.module.class_imports.len())?;
            self.done[n].is_none().then_some(n)
        })
    }

    fn error(&self, n: usize, error: ClassError) -> LinkError {
        LinkError::Class { class: full_name(self.module, &self.module.classes[n].name), error }
    }

    /// The class, made before, that the module calls `id`.
    fn class(&self, id: ClassId) -> &ClassInfo {
        let id = self.ids[id.index()];
        match id.0.checked_sub(self.first) {
            Some(n) => self.done[n as usize].as_ref().expect("made before those that build on it"),
            None => self.program.class(id).expect("[V-REF] the class exists"),
        }
    }

    fn make(&self, n: usize) -> Result<ClassInfo, ClassError> {
        let declared = &self.module.classes[n];
        let id = ClassId(self.first + n as u32);
        let parent = declared.parent.map(|parent| self.class(parent));
        if let Some(parent) = parent.filter(|parent| parent.is_interface || declared.is_interface) {
            return Err(ClassError::Parent(parent.name.clone()));
        }
        let mut members = Members::inherit(parent, self.program);
        for &name in &declared.fields {
            members.add_field(self.numbers.texts[name.index()])?;
        }
        for method in &declared.methods {
            let func = method.func.map(|func| self.numbers.functions[func.index()]);
            members.add_method(self.numbers.texts[method.name.index()], func)?;
        }
        let mut interfaces = parent.map_or(vec![], |parent| parent.interfaces.to_vec());
        for &interface in &declared.interfaces {
            let interface = self.class(interface);
            if !interface.is_interface {
                return Err(ClassError::Interface(interface.name.clone()));
            }
            members.add_interface(interface)?;
            interfaces.extend(interface.interfaces.iter().chain([&interface.id]));
        }
        interfaces.sort_unstable();
        interfaces.dedup();
        if !declared.is_abstract && !declared.is_interface {
            members.check_complete()?;
        }
        let mut ancestors = parent.map_or(vec![], |parent| parent.ancestors.to_vec());
        ancestors.push(id);
        if ancestors.len() > MAX_ANCESTORS {
            return Err(ClassError::TooMany { what: "ancestors", limit: MAX_ANCESTORS });
        }
        let own_statics = declared.statics.iter().map(|field| {
            let global = regatta_ir::GlobalId(self.numbers.first_global + field.global.0);
            (self.numbers.texts[field.name.index()], global)
        });
        let own_static_methods = declared.static_methods.iter().filter_map(|method| {
            Some((self.numbers.texts[method.name.index()], self.numbers.functions[method.func?.index()]))
        });
        Ok(ClassInfo {
            slots: std::ptr::null(),
            slot_count: 0,
            vtable: Box::default(),
            id,
            name: full_name(self.module, &declared.name),
            parent: parent.map(|parent| parent.id),
            is_abstract: declared.is_abstract,
            is_interface: declared.is_interface,
            constructor: declared.constructor.map(|func| self.numbers.functions[func.index()]),
            ancestors: ancestors.into(),
            interfaces: interfaces.into(),
            statics: own_statics.chain(parent.into_iter().flat_map(|parent| parent.statics.iter().copied())).collect(),
            static_methods: own_static_methods
                .chain(parent.into_iter().flat_map(|parent| parent.static_methods.iter().copied()))
                .collect(),
            members: members.names(),
            fields: members.fields.into(),
            methods: members.methods.into(),
        })
    }
}

/// Fields and methods of a class in the making.
struct Members<'a> {
    program: &'a Program,
    fields: Vec<TextId>,
    methods: Vec<Virtual>,
    by_name: HashMap<TextId, Member>,
    declared: HashSet<TextId>,
}

impl<'a> Members<'a> {
    fn inherit(parent: Option<&ClassInfo>, program: &'a Program) -> Members<'a> {
        let (fields, methods) = parent.map_or((vec![], vec![]), |p| (p.fields.to_vec(), p.methods.to_vec()));
        let by_name = fields.iter().enumerate().map(|(n, &name)| (name, Member::Field(n as u16)));
        let by_name = by_name.chain(methods.iter().enumerate().map(|(n, slot)| (slot.name, Member::Method(n as u16))));
        let by_name = by_name.collect();
        Members { program, fields, methods, by_name, declared: HashSet::new() }
    }

    fn duplicate(&self, name: TextId) -> ClassError {
        ClassError::DuplicateMember(self.name(name))
    }

    fn name(&self, name: TextId) -> String {
        self.program.text(name).map_or_else(String::new, |text| text.as_str().to_string())
    }

    fn add_field(&mut self, name: TextId) -> Result<(), ClassError> {
        if self.fields.len() >= MAX_FIELDS {
            return Err(ClassError::TooMany { what: "fields", limit: MAX_FIELDS });
        }
        if self.by_name.insert(name, Member::Field(self.fields.len() as u16)).is_some() {
            return Err(self.duplicate(name));
        }
        self.fields.push(name);
        Ok(())
    }

    /// A method the class declares: in the place of the parent's of this name, or in a slot of its own.
    fn add_method(&mut self, name: TextId, func: Option<FuncId>) -> Result<(), ClassError> {
        if !self.declared.insert(name) {
            return Err(self.duplicate(name));
        }
        match self.by_name.get(&name) {
            Some(&Member::Method(slot)) => self.methods[usize::from(slot)].func = func,
            Some(Member::Field(_)) => return Err(self.duplicate(name)),
            None => self.add_slot(name, func)?,
        }
        Ok(())
    }

    fn add_slot(&mut self, name: TextId, func: Option<FuncId>) -> Result<(), ClassError> {
        if self.methods.len() >= MAX_VIRTUAL_METHODS {
            return Err(ClassError::TooMany { what: "methods", limit: MAX_VIRTUAL_METHODS });
        }
        self.by_name.insert(name, Member::Method(self.methods.len() as u16));
        self.methods.push(Virtual { name, func });
        Ok(())
    }

    /// What an interface asks for: a slot for each of its methods, with the interface's own function where the class has
    /// none.
    fn add_interface(&mut self, interface: &ClassInfo) -> Result<(), ClassError> {
        for wanted in &interface.methods {
            match self.by_name.get(&wanted.name) {
                Some(&Member::Method(slot)) => {
                    let method = &mut self.methods[usize::from(slot)];
                    method.func = method.func.or(wanted.func);
                }
                Some(Member::Field(_)) => return Err(self.duplicate(wanted.name)),
                None => self.add_slot(wanted.name, wanted.func)?,
            }
        }
        Ok(())
    }

    fn check_complete(&self) -> Result<(), ClassError> {
        match self.methods.iter().find(|method| method.func.is_none()) {
            Some(missing) => Err(ClassError::MissingMethod(self.name(missing.name))),
            None => Ok(()),
        }
    }

    fn names(&self) -> Names {
        let numbers = self.by_name.iter().map(|(&name, &member)| match member {
            Member::Field(n) => (name, u32::from(n)),
            Member::Method(n) => (name, METHOD | u32::from(n)),
        });
        Names::new(numbers.collect::<Vec<_>>().into_iter())
    }
}
