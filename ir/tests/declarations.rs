//! The laws of the text form for what dynamic code declares: texts, classes, patterns, tables, sites, handlers.

use arbitrary::{Result, Unstructured};
use arbtest::arbtest;
use regatta_ir::module::{Class, Global, Handler, Key, Method, Pattern, Static, Table};
use regatta_ir::text::{parse, parse_with_spans};
use regatta_ir::vocabulary::{Immediate, Special};
use regatta_ir::{ClassId, FuncId, Function, GlobalId, Module, Opcode, PatternId, SigId, Signature, TextId, Type};

const EVERYTHING: &str = r##"
module "shapes"
import class &base.Thing
text "first"
global @count: mut val = null
global @five: val = 5
global @half: val = -0.5
global @raw: val = #0xfffb000000000001
pattern p0 = {:ok, $, [_, ...], :pair($, "text"), :"odd name"}
pattern p1 = [...]
table t0 = :red, "red", 5, -1.5, null, true, undefined, unit, false
table t1 =

abstract class &Shape extends &base.Thing
  field name
  method area              ; abstract
  method "odd name" = %area
end

interface &Round
  method radius
end

class &Circle extends &Shape implements &Round, &Other
  field r
  static count = @count
  method area = %area
  static_method make = %make
  constructor %new
end

interface &Other
end

func %area(this: val) -> val {
  reg e: val
start:
  ret_value this
end:
  ret_value e
  .catch e, start, end, end
  .catch_all e, start, end, #2
}

func %make() -> val {
  reg v: val
  special_const v, null
  ret_value v
}

func %new(this: val) {
  ret
}
"##;

fn read(text: &str) -> Module {
    parse(text).unwrap_or_else(|errors| panic!("{errors}\n{text}"))
}

fn assert_survives(module: &Module) {
    let text = module.to_string();
    let again = read(&text);
    assert_eq!(&again, module, "\n{text}");
    assert_eq!(again.to_string(), text);
}

#[test]
fn a_module_with_everything() {
    let module = read(EVERYTHING);
    assert_survives(&module);
    let text = |id: TextId| &*module.texts[id.index()];
    assert_eq!(text(TextId(0)), "first");
    let slots: Vec<u64> = module.globals.iter().map(|global| global.init).collect();
    let null = Immediate::Special(Special::Null).to_slot();
    assert_eq!(slots, [null, Immediate::I32(5).to_slot(), (-0.5f64).to_bits(), 0xfffb_0000_0000_0001]);
    assert_eq!(module.patterns[0].bindings(), 2);
    assert_eq!(module.patterns[1], Pattern::Array { items: vec![], rest: true });
    assert_eq!(module.tables[0].keys.len(), 9);
    assert_eq!(module.tables[0].keys[3], Key::F64((-1.5f64).to_bits()));

    let [shape, round, circle, _] = &module.classes[..] else { panic!("there are four classes") };
    assert!(shape.is_abstract && round.is_interface && !circle.is_abstract);
    assert_eq!(shape.parent, Some(ClassId(0)));
    assert_eq!((circle.parent, &*circle.interfaces), (Some(ClassId(1)), &[ClassId(2), ClassId(4)][..]));
    assert_eq!((text(circle.fields[0]), circle.constructor), ("r", Some(FuncId(2))));
    assert_eq!(text(shape.methods[1].name), "odd name");
    assert_eq!(shape.methods[0].func, None);
    let handler = Handler { start: 0, end: 1, target: 1, exception: 1, traps: false };
    assert_eq!(module.functions[0].handlers, [handler, Handler { target: 2, traps: true, ..handler }]);
}

#[test]
fn spans_lead_to_the_text() {
    let spans = parse_with_spans(EVERYTHING).unwrap().spans;
    let text = |range: Option<std::ops::Range<usize>>| &EVERYTHING[range.unwrap()];
    assert_eq!(text(spans.class(ClassId(0))), "import class &base.Thing");
    assert_eq!(text(spans.class(ClassId(1))), "abstract class &Shape");
    assert_eq!(text(spans.pattern(PatternId(1))), "pattern p1 = [...]");
    assert_eq!(spans.class(ClassId(9)), None);
}

#[test]
fn mistakes() {
    let deep = format!("pattern p0 = {}$", "[".repeat(65));
    let cases = [
        ("class &A\n  feld x\nend", "2:3: `feld` begins no member of a class"),
        ("class &A\n  field x", "1:1: the class is not closed by a line with `end`"),
        ("class &A extends &B\nend", "1:18: the module has no class `&B`"),
        ("class &A\nend\nclass &A\nend", "3:7: `&A` is the name of a class already"),
        ("abstract &A\nend", "1:10: `&` stands where `class` belongs"),
        ("class &A\n constructor %f\n constructor %f\nend\nfunc %f() {\n}", "3:2: the class has a constructor already"),
        ("pattern p1 = _", "1:9: this is the pattern with number 0, so its name is `p0`"),
        ("pattern p0 = {", "1:15: the line ends where a pattern or a key"),
        (&deep, "1:78: patterns lie in each other more than 64 deep"),
        ("table t0 = 99999999999", "1:12: `99999999999` is not between -2147483648 and 2147483647"),
        ("table t0 = $", "1:12: `$` stands where a pattern or a key"),
        ("global @g: val = nothing", "1:18: `nothing` stands where a number belongs"),
        ("func %f() {\n  .catch r0, a, a, a\n}", "2:14: the function has no label `a`"),
        ("func %f() {\n  special_const r0, nil\n}", "2:21: `nil` stands where a special value belongs"),
        ("text \"\\xff\"", "1:7: the string is not UTF-8"),
    ];
    for (text, expected) in cases {
        let errors = parse(text).expect_err(text).to_string();
        assert!(errors.contains(expected), "{text}\n{errors}");
    }
}

#[test]
fn random_declarations_survive() {
    arbtest(|u| {
        assert_survives(&arbitrary_module(u)?);
        Ok(())
    })
    .budget_ms(1000);
}

fn list<T>(u: &mut Unstructured<'_>, mut one: impl FnMut(&mut Unstructured<'_>) -> Result<T>) -> Result<Vec<T>> {
    (0..u.int_in_range(0..=4)?).map(|_| one(u)).collect()
}

/// A small number, or any.
fn number(u: &mut Unstructured<'_>) -> Result<u32> {
    if u.ratio(7, 8)? { u.int_in_range(0..=5) } else { u.arbitrary() }
}

fn option<T>(u: &mut Unstructured<'_>, one: impl FnOnce(&mut Unstructured<'_>) -> Result<T>) -> Result<Option<T>> {
    Ok(if u.arbitrary()? { Some(one(u)?) } else { None })
}

fn arbitrary_module(u: &mut Unstructured<'_>) -> Result<Module> {
    let mut module = Module {
        types: vec![Signature::default()],
        globals: list(u, arbitrary_global)?,
        functions: list(u, arbitrary_function)?,
        texts: list(u, |u| u.arbitrary())?,
        class_imports: list(u, |u| u.arbitrary())?,
        classes: list(u, arbitrary_class)?,
        patterns: list(u, |u| arbitrary_pattern(u, 3))?,
        tables: list(u, |u| Ok(Table { keys: list(u, arbitrary_key)? }))?,
        ..Module::default()
    };
    // Two things of one kind have no text form with one name.
    let classes = module.class_imports.iter_mut().chain(module.classes.iter_mut().map(|class| &mut class.name));
    classes.enumerate().for_each(|(n, name)| *name = format!("{name}{n}"));
    module.globals.iter_mut().enumerate().for_each(|(n, global)| global.name = format!("g{n}"));
    module.functions.iter_mut().enumerate().for_each(|(n, function)| function.name = format!("f{n}"));
    Ok(module)
}

fn arbitrary_global(u: &mut Unstructured<'_>) -> Result<Global> {
    let special = u.choose(Special::ALL)?;
    let init = match u.int_in_range(0..=3)? {
        0 => Immediate::Special(*special).to_slot(),
        1 => Immediate::I32(u.arbitrary()?).to_slot(),
        _ => u.arbitrary()?,
    };
    Ok(Global { name: String::new(), ty: Type::Val, mutable: u.arbitrary()?, init })
}

fn arbitrary_function(u: &mut Unstructured<'_>) -> Result<Function> {
    let wide = regatta_ir::Instr { op: Opcode::F64Const, args: [0, 1, 0, 0] }.encode();
    let mut code = vec![Opcode::Ret as u64; u.int_in_range(0..=3)?];
    code.extend_from_slice(wide.as_words());
    Ok(Function {
        name: String::new(),
        sig: SigId(0),
        registers: vec![Type::Val, Type::F64],
        code: code.into(),
        handlers: list(u, |u| {
            let (start, end, target) = (number(u)?, number(u)?, number(u)?);
            Ok(Handler { start, end, target, exception: u.int_in_range(0..=3)?, traps: u.arbitrary()? })
        })?,
        debug: Default::default(),
    })
}

fn arbitrary_class(u: &mut Unstructured<'_>) -> Result<Class> {
    let text = |u: &mut Unstructured<'_>| number(u).map(TextId);
    let func = |u: &mut Unstructured<'_>| number(u).map(FuncId);
    let method = |u: &mut Unstructured<'_>| Ok(Method { name: text(u)?, func: option(u, func)? });
    Ok(Class {
        name: u.arbitrary()?,
        parent: option(u, |u| number(u).map(ClassId))?,
        interfaces: list(u, |u| number(u).map(ClassId))?,
        is_abstract: u.arbitrary()?,
        is_interface: u.arbitrary()?,
        fields: list(u, text)?,
        methods: list(u, method)?,
        statics: list(u, |u| Ok(Static { name: text(u)?, global: GlobalId(number(u)?) }))?,
        static_methods: list(u, method)?,
        constructor: option(u, func)?,
    })
}

fn arbitrary_pattern(u: &mut Unstructured<'_>, depth: usize) -> Result<Pattern> {
    let items = |u: &mut Unstructured<'_>| list(u, |u| arbitrary_pattern(u, depth - 1));
    Ok(match u.int_in_range(0..=if depth == 0 { 2 } else { 5 })? {
        0 => Pattern::Any,
        1 => Pattern::Bind,
        2 => Pattern::Is(arbitrary_key(u)?),
        3 => Pattern::Tuple(items(u)?),
        4 => Pattern::Array { items: items(u)?, rest: u.arbitrary()? },
        _ => Pattern::Enum { tag: TextId(number(u)?), items: items(u)? },
    })
}

fn arbitrary_key(u: &mut Unstructured<'_>) -> Result<Key> {
    Ok(match u.int_in_range(0..=7)? {
        0 => Key::Undefined,
        1 => Key::Null,
        2 => Key::Unit,
        3 => Key::Bool(u.arbitrary()?),
        4 => Key::I32(u.arbitrary()?),
        5 => Key::F64(u.arbitrary()?),
        6 => Key::Atom(TextId(number(u)?)),
        _ => Key::Text(TextId(number(u)?)),
    })
}
