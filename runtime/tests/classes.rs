//! Classes: what linking makes of a module's declarations, and what it refuses.

use regatta_ir::module::{Class, Method, Static};
use regatta_ir::{ClassId, Code, FuncId, Function, GlobalId, Module, SigId, Signature, TextId, Type, ops};
use regatta_runtime::class::link::ClassError;
use regatta_runtime::class::{Member, Virtual};
use regatta_runtime::{LinkError, Linked, Natives, Program};
use regatta_verifier::verify;

/// A module with functions `f0`, `f1` …, all `(val) -> val`.
struct Draft(Module);

impl Draft {
    fn new(name: &str, functions: usize) -> Draft {
        let sig = Signature::new([Type::Val], [Type::Val]);
        let mut module = Module { name: name.into(), types: vec![sig], ..Module::default() };
        let word = u64::from(ops::RetValue::OPCODE as u16); // of register 0
        for n in 0..functions {
            module.functions.push(Function {
                name: format!("f{n}"),
                sig: SigId(0),
                registers: vec![Type::Val],
                code: Code::from(vec![word]),
                handlers: vec![],
                debug: Default::default(),
            });
        }
        Draft(module)
    }

    fn text(&mut self, text: &str) -> TextId {
        let texts = &mut self.0.texts;
        let at = texts.iter().position(|other| other == text).unwrap_or_else(|| {
            texts.push(text.into());
            texts.len() - 1
        });
        TextId(at as u32)
    }

    fn import(&mut self, name: &str) -> ClassId {
        self.0.class_imports.push(name.into());
        ClassId(self.0.class_imports.len() as u32 - 1)
    }

    /// A class with these fields, and methods by name and function.
    fn class(
        &mut self,
        name: &str,
        parent: Option<ClassId>,
        fields: &[&str],
        methods: &[(&str, Option<u32>)],
    ) -> &mut Class {
        let fields = fields.iter().map(|field| self.text(field)).collect();
        let methods =
            methods.iter().map(|&(name, func)| Method { name: self.text(name), func: func.map(FuncId) }).collect();
        self.0.classes.push(Class { name: name.into(), parent, fields, methods, ..Class::default() });
        self.0.classes.last_mut().unwrap()
    }

    fn link(self, program: &Program) -> Result<Linked, LinkError> {
        program.link(verify(self.0, program).expect("the module is fine"))
    }
}

fn program() -> Program {
    Program::new(Natives::default())
}

fn names(program: &Program, ids: &[TextId]) -> Vec<String> {
    ids.iter().map(|&id| program.text(id).unwrap().as_str().to_string()).collect()
}

#[test]
fn a_child_has_what_its_parent_has_in_the_same_places() {
    let program = program();
    let mut draft = Draft::new("m", 3);
    // The child comes first: order of declarations does not matter.
    draft.class("Child", Some(ClassId(1)), &["z"], &[("area", Some(2)), ("more", Some(1))]);
    draft.class("Parent", None, &["x", "y"], &[("area", Some(0)), ("name", Some(1))]);
    draft.link(&program).unwrap();

    let child = program.class(program.find_class("m.Child").unwrap()).unwrap();
    let parent = program.class(program.find_class("m.Parent").unwrap()).unwrap();
    assert_eq!(names(&program, child.fields()), ["x", "y", "z"]);
    let functions = |slots: &[Virtual]| slots.iter().map(|slot| slot.func.map(|f| f.0)).collect::<Vec<_>>();
    assert_eq!(functions(parent.methods()), [Some(0), Some(1)]);
    assert_eq!(functions(child.methods()), [Some(2), Some(1), Some(1)]);
    assert_eq!(child.virtual_entry(0).unwrap().id, FuncId(2));
    assert!(child.virtual_entry(3).is_none());
    assert_eq!(child.member(program.find_text("z").unwrap()), Some(Member::Field(2)));
    assert_eq!(child.member(program.find_text("more").unwrap()), Some(Member::Method(2)));
    assert_eq!(parent.member(program.find_text("more").unwrap()), None);
    assert!(child.is_a(parent) && child.is_a(child) && !parent.is_a(child));
}

#[test]
fn a_class_extends_one_of_another_module() {
    let program = program();
    let mut first = Draft::new("first", 1);
    first.class("Base", None, &["x"], &[("m", Some(0))]);
    first.link(&program).unwrap();
    let mut second = Draft::new("second", 1);
    let base = second.import("first.Base");
    second.class("Derived", Some(base), &["y"], &[]);
    second.link(&program).unwrap();
    let derived = program.class(program.find_class("second.Derived").unwrap()).unwrap();
    assert_eq!(derived.id, ClassId(1));
    assert_eq!(derived.parent, Some(ClassId(0)));
    assert_eq!(names(&program, derived.fields()), ["x", "y"]);
    // The method is still the first module's.
    assert_eq!(derived.virtual_entry(0).unwrap().id, FuncId(0));
    assert!(derived.is_a(program.class(ClassId(0)).unwrap()));
}

#[test]
fn interfaces_are_kept() {
    let program = program();
    let mut draft = Draft::new("", 2);
    draft.class("Named", None, &[], &[("name", None), ("greet", Some(1))]).is_interface = true;
    draft.class("Loud", None, &[], &[]).is_interface = true;
    draft.0.classes[1].interfaces = vec![ClassId(0)];
    draft.class("Dog", None, &[], &[("name", Some(0))]).interfaces = vec![ClassId(1)];
    draft.class("Puppy", Some(ClassId(2)), &[], &[]);
    draft.class("Cat", None, &[], &[]);
    draft.link(&program).unwrap();
    let [named, loud, dog, puppy, cat] = [0, 1, 2, 3, 4].map(|n| program.class(ClassId(n)).unwrap());
    assert!(loud.is_a(named) && dog.is_a(loud) && dog.is_a(named) && puppy.is_a(named) && named.is_a(named));
    assert!(!cat.is_a(named) && !named.is_a(loud) && !dog.is_a(puppy));
    // What the class does not have, the interface gives.
    let greet = program.find_text("greet").unwrap();
    let Some(Member::Method(slot)) = puppy.member(greet) else { panic!("no greet") };
    assert_eq!(puppy.virtual_entry(slot.into()).unwrap().id, FuncId(1));
}

#[test]
fn statics_are_inherited() {
    let program = program();
    let mut draft = Draft::new("", 1);
    let (count, make) = (draft.text("count"), draft.text("make"));
    draft.0.globals.push(regatta_ir::module::Global { name: "count".into(), ty: Type::Val, mutable: true, init: 7 });
    let class = draft.class("A", None, &[], &[]);
    class.statics.push(Static { name: count, global: GlobalId(0) });
    class.static_methods.push(Method { name: make, func: Some(FuncId(0)) });
    draft.class("B", Some(ClassId(0)), &[], &[]);
    draft.link(&program).unwrap();
    let b = program.class(ClassId(1)).unwrap();
    assert_eq!(b.static_field(program.find_text("count").unwrap()), Some(GlobalId(0)));
    assert_eq!(b.static_method(program.find_text("make").unwrap()), Some(FuncId(0)));
    assert_eq!(b.static_method(program.find_text("count").unwrap()), None);
}

/// What linking says to a class `B` of a module that imports the one class of another.
fn refusal(of: impl FnOnce(&mut Draft), fill: impl FnOnce(&mut Draft)) -> ClassError {
    let program = program();
    let mut base = Draft::new("base", 1);
    of(&mut base);
    base.0.classes[0].name = "A".into();
    base.link(&program).unwrap();
    let mut draft = Draft::new("", 1);
    draft.import("base.A");
    fill(&mut draft);
    let error = draft.link(&program).unwrap_err();
    assert_eq!((program.classes(), program.functions().count()), (1, 1), "nothing has been added");
    match error {
        LinkError::Class { class, error } if class == "B" => error,
        other => panic!("{other}"),
    }
}

/// What a verifier can't see, because it knows nothing of other modules' classes.
#[test]
fn what_does_not_go_with_classes_of_other_modules_is_refused() {
    const A: Option<ClassId> = Some(ClassId(0));
    let plain = |d: &mut Draft| {
        d.class("", None, &["x"], &[("m", Some(0))]);
    };
    let abstracted = |d: &mut Draft| d.class("", None, &[], &[("m", None)]).is_abstract = true;
    let interface = |d: &mut Draft| d.class("", None, &[], &[("m", None)]).is_interface = true;
    let child = |d: &mut Draft| {
        d.class("B", A, &[], &[]);
    };
    let implementor = |d: &mut Draft| d.class("B", None, &[], &[]).interfaces = vec![ClassId(0)];

    assert_eq!(refusal(abstracted, child), ClassError::MissingMethod("m".into()));
    assert_eq!(refusal(interface, implementor), ClassError::MissingMethod("m".into()));
    assert_eq!(refusal(plain, implementor), ClassError::Interface("base.A".into()));
    assert_eq!(refusal(interface, child), ClassError::Parent("base.A".into()));
    let same_field = |d: &mut Draft| {
        d.class("B", A, &["x"], &[]);
    };
    assert_eq!(refusal(plain, same_field), ClassError::DuplicateMember("x".into()));
    let method_for_field = |d: &mut Draft| {
        d.class("B", A, &[], &[("x", Some(0))]);
    };
    assert_eq!(refusal(plain, method_for_field), ClassError::DuplicateMember("x".into()));
    let field_for_method = |d: &mut Draft| {
        d.class("B", A, &["m"], &[]);
    };
    assert_eq!(refusal(plain, field_for_method), ClassError::DuplicateMember("m".into()));
}

#[test]
fn what_is_wrong_within_a_module_is_found_by_the_verifier() {
    let refused = |fill: &dyn Fn(&mut Draft)| {
        let mut draft = Draft::new("", 1);
        fill(&mut draft);
        assert!(verify(draft.0, &program()).is_err());
    };
    refused(&|d| {
        d.class("A", Some(ClassId(1)), &[], &[]);
        d.class("B", Some(ClassId(0)), &[], &[]);
    });
    refused(&|d| d.class("I", None, &[], &[]).interfaces = vec![ClassId(0)]);
    refused(&|d| {
        d.class("A", Some(ClassId(7)), &[], &[]);
    });
    refused(&|d| {
        d.class("A", None, &[], &[("m", None)]);
    });
}

#[test]
fn names_of_classes_are_unique_in_a_program() {
    let program = program();
    let mut draft = Draft::new("m", 0);
    draft.class("A", None, &[], &[]);
    draft.link(&program).unwrap();
    let mut again = Draft::new("m", 0);
    again.class("A", None, &[], &[]);
    assert_eq!(again.link(&program), Err(LinkError::DuplicateClass("m.A".into())));
}
