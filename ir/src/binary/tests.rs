//! Round trips. What happens to damaged files is in [`damage`] (by chance) and [`refusals`] (by hand).

mod damage;
mod refusals;

use super::*;
use crate::backing::Backing;
use crate::module::{Class, Code, Data, Debug, Function, Global, Handler, Import, Key, Memory, Method, Module, Native};
use crate::module::{Pattern, Static, Table as Keys};
use crate::types::{Signature, Type};
use crate::{ClassId, FuncId, GlobalId, SigId, TextId};
use arbitrary::{Result, Unstructured};
use std::sync::Arc;

fn load(bytes: &[u8]) -> std::result::Result<Module, BinaryError> {
    decode(Arc::new(Backing::copied(bytes)))
}

/// A module with something in each section; nobody could run it.
fn rich() -> Module {
    let lost = Function {
        name: "lost".into(),
        sig: SigId(77),
        registers: vec![],
        code: vec![].into(),
        handlers: vec![],
        debug: Debug { names: vec![(65535, "far".into())], lines: vec![(9, 1), (9, 2)] },
    };
    let add = Function {
        name: "ädd".into(),
        sig: SigId(0),
        registers: vec![Type::I32, Type::I64, Type::F32, Type::F64, Type::Val],
        code: vec![0x0003_0002_0001_0000, u64::MAX, 0].into(),
        handlers: vec![
            Handler { start: 0, end: u32::MAX, target: 2, exception: 7, traps: true },
            Handler { start: 1, end: 0, target: 0, exception: u16::MAX, traps: false },
        ],
        debug: Debug { names: vec![(0, "a".into()), (2, String::new())], lines: vec![(0, 7), (2, u32::MAX)] },
    };
    let plain = Function {
        name: String::new(),
        sig: SigId(1),
        registers: vec![],
        code: vec![42].into(),
        handlers: vec![],
        debug: Debug::default(),
    };
    let method = |func| Method { name: TextId(1), func };
    let circle = Class {
        name: "Circle".into(),
        parent: Some(ClassId(u32::MAX)),
        interfaces: vec![ClassId(2), ClassId(0)],
        fields: vec![TextId(7)],
        methods: vec![method(Some(FuncId(3))), method(None)],
        statics: vec![Static { name: TextId(2), global: GlobalId(1) }],
        static_methods: vec![method(Some(FuncId(u32::MAX)))],
        constructor: Some(FuncId(0)),
        ..Class::default()
    };
    let keys = [Key::I32(-5), Key::F64(u64::MAX), Key::Null, Key::Bool(true), Key::Bool(false), Key::Atom(TextId(9))];
    let keys = keys.map(Pattern::Is).into_iter().chain([Pattern::Any]).collect();
    let more = Pattern::Array { items: keys, rest: true };
    let pair = Pattern::Enum { tag: TextId(3), items: vec![Pattern::Tuple(vec![more, Pattern::Bind])] };
    Module {
        name: "rich".into(),
        types: vec![Signature::new([Type::I32, Type::F64], [Type::Val]), Signature::default()],
        imports: vec![Import { name: "math.square".into(), sig: SigId(0) }],
        natives: vec![Native { name: "print".into(), sig: SigId(u32::MAX) }],
        globals: vec![
            Global { name: "count".into(), ty: Type::I64, mutable: true, init: u64::MAX },
            Global { name: String::new(), ty: Type::I32, mutable: false, init: 0x1_0000_0000 },
        ],
        memory: Some(Memory { min: 9, max: 3 }),
        data: vec![Data { offset: 1, bytes: b"data".to_vec() }, Data { offset: u32::MAX, bytes: vec![] }],
        functions: vec![add, lost, plain],
        texts: vec!["ok".into(), "ünï".into(), String::new()],
        class_imports: vec!["base.Thing".into()],
        classes: vec![circle, Class { is_abstract: true, is_interface: true, ..Class::default() }],
        patterns: vec![pair, Pattern::Bind, Pattern::Array { items: vec![], rest: false }],
        tables: vec![Keys { keys: vec![Key::Unit, Key::Undefined, Key::Text(TextId(1))] }, Keys::default()],
    }
}

/// Any module within the limits, mostly nonsense.
fn random(u: &mut Unstructured) -> Result<Module> {
    Ok(Module {
        name: u.arbitrary()?,
        types: list(u, |u| Ok(Signature::new(types(u)?, types(u)?)))?,
        imports: list(u, |u| Ok(Import { name: u.arbitrary()?, sig: SigId(u.arbitrary()?) }))?,
        natives: list(u, |u| Ok(Native { name: u.arbitrary()?, sig: SigId(u.arbitrary()?) }))?,
        globals: list(u, |u| {
            Ok(Global { name: u.arbitrary()?, ty: ty(u)?, mutable: u.arbitrary()?, init: u.arbitrary()? })
        })?,
        memory: if u.arbitrary()? { Some(Memory { min: u.arbitrary()?, max: u.arbitrary()? }) } else { None },
        data: list(u, |u| Ok(Data { offset: u.arbitrary()?, bytes: u.arbitrary()? }))?,
        functions: list(u, function)?,
        texts: list(u, |u| u.arbitrary())?,
        class_imports: list(u, |u| u.arbitrary())?,
        classes: list(u, class)?,
        patterns: list(u, |u| pattern(u, 3))?,
        tables: list(u, |u| Ok(Keys { keys: list(u, key)? }))?,
    })
}

fn function(u: &mut Unstructured) -> Result<Function> {
    let mut names = list(u, |u| u.arbitrary::<(u16, String)>())?;
    names.sort();
    names.dedup_by_key(|entry| entry.0);
    let mut lines = list(u, |u| u.arbitrary::<(u32, u32)>())?;
    lines.sort_by_key(|entry| entry.0);
    Ok(Function {
        name: u.arbitrary()?,
        sig: SigId(u.arbitrary()?),
        registers: types(u)?,
        code: list(u, |u| u.arbitrary())?.into(),
        handlers: list(u, |u| {
            let (start, end, target) = u.arbitrary()?;
            Ok(Handler { start, end, target, exception: u.arbitrary()?, traps: u.arbitrary()? })
        })?,
        debug: Debug { names, lines },
    })
}

fn class(u: &mut Unstructured) -> Result<Class> {
    let optional = |u: &mut Unstructured| u.arbitrary::<Option<u32>>();
    let method = |u: &mut Unstructured| Ok(Method { name: TextId(u.arbitrary()?), func: optional(u)?.map(FuncId) });
    Ok(Class {
        name: u.arbitrary()?,
        parent: optional(u)?.map(ClassId),
        interfaces: list(u, |u| u.arbitrary().map(ClassId))?,
        is_abstract: u.arbitrary()?,
        is_interface: u.arbitrary()?,
        fields: list(u, |u| u.arbitrary().map(TextId))?,
        methods: list(u, method)?,
        statics: list(u, |u| Ok(Static { name: TextId(u.arbitrary()?), global: GlobalId(u.arbitrary()?) }))?,
        static_methods: list(u, method)?,
        constructor: optional(u)?.map(FuncId),
    })
}

fn pattern(u: &mut Unstructured, depth: usize) -> Result<Pattern> {
    let items = |u: &mut Unstructured| list(u, |u| pattern(u, depth - 1));
    Ok(match u.int_in_range(0..=if depth == 0 { 2 } else { 5 })? {
        0 => Pattern::Any,
        1 => Pattern::Bind,
        2 => Pattern::Is(key(u)?),
        3 => Pattern::Tuple(items(u)?),
        4 => Pattern::Array { items: items(u)?, rest: u.arbitrary()? },
        _ => Pattern::Enum { tag: TextId(u.arbitrary()?), items: items(u)? },
    })
}

fn key(u: &mut Unstructured) -> Result<Key> {
    Ok(match u.int_in_range(0..=7)? {
        0 => Key::Undefined,
        1 => Key::Null,
        2 => Key::Unit,
        3 => Key::Bool(u.arbitrary()?),
        4 => Key::I32(u.arbitrary()?),
        5 => Key::F64(u.arbitrary()?),
        6 => Key::Atom(TextId(u.arbitrary()?)),
        _ => Key::Text(TextId(u.arbitrary()?)),
    })
}

fn types(u: &mut Unstructured) -> Result<Vec<Type>> {
    list(u, ty)
}

fn ty(u: &mut Unstructured) -> Result<Type> {
    u.choose(&Type::ALL).copied()
}

fn list<T>(u: &mut Unstructured, mut one: impl FnMut(&mut Unstructured) -> Result<T>) -> Result<Vec<T>> {
    (0..u.int_in_range(0..=5)?).map(|_| one(u)).collect()
}

fn check_round_trip(module: &Module) {
    let file = encode(module).expect("within the limits");
    let read = load(&file).expect("just written");
    assert_eq!(read, *module);
    assert!(read.functions.iter().all(|f| f.code.is_intact()));
    assert_eq!(encode(&read).expect("as before"), file, "code that lies in a file is written like code of its own");
}

#[test]
fn a_module_comes_back() {
    check_round_trip(&rich());
}

#[test]
fn nothing_comes_back() {
    check_round_trip(&Module::default());
}

#[test]
fn any_module_comes_back() {
    arbtest::arbtest(|u| {
        check_round_trip(&random(u)?);
        Ok(())
    });
}

#[test]
fn what_is_as_long_as_it_may_be_comes_back() {
    use crate::limits::*;
    let long = "x".repeat(MAX_NAME_BYTES);
    let longest = Function {
        name: long.clone(),
        sig: SigId(0),
        registers: vec![Type::F32; MAX_REGISTERS],
        code: vec![1; 100_000].into(),
        handlers: vec![],
        debug: Debug { names: vec![(0, long.clone())], lines: vec![] },
    };
    check_round_trip(&Module {
        name: long,
        types: vec![Signature::new([Type::I32; MAX_PARAMS], [Type::I64; MAX_RESULTS]); MAX_TYPES / 64],
        functions: vec![longest],
        ..Module::default()
    });
}

#[test]
fn code_stays_in_the_file() {
    let file = encode(&rich()).unwrap();
    let backing = Arc::new(Backing::copied(&file));
    let module = decode(backing.clone()).unwrap();
    let words = backing.words().as_ptr_range();
    for function in module.functions.iter().filter(|f| !f.code.is_empty()) {
        assert!(words.contains(&function.code.as_ptr()), "{}", function.name);
    }
}

#[test]
fn code_is_not_checked_before_somebody_asks() {
    let mut file = encode(&rich()).unwrap();
    let last = file.len() - 8;
    file[last] ^= 1; // the only word of the last function
    let module = load(&file).unwrap();
    let intact: Vec<_> = module.functions.iter().map(|f| f.code.is_intact()).collect();
    assert_eq!(intact, [true, true, false]);
}

#[test]
fn binary_modules_are_known_by_their_magic() {
    assert!(is_binary(&encode(&Module::default()).unwrap()));
    assert!(!is_binary(b"module \"shapes\"\n"));
    assert!(!is_binary(&MAGIC[..7]));
    assert!(str::from_utf8(&MAGIC).is_err());
}

/// The example in `docs/formats/rgm.md`.
#[test]
fn the_documented_file_is_what_is_written() {
    let ret = Function {
        name: "f".into(),
        sig: SigId(0),
        registers: vec![Type::I64],
        code: Code::from(vec![0x1122_3344_5566_7788]),
        handlers: vec![],
        debug: Debug::default(),
    };
    let types = vec![Signature::new([Type::I64], [])];
    let file = encode(&Module { name: "m".into(), types, functions: vec![ret], ..Module::default() }).unwrap();
    let page = include_str!("../../../docs/formats/rgm.md");
    let shown = page.split("<!-- example -->").nth(1).expect("the page has an example");
    for (n, line) in file.chunks(16).enumerate() {
        let hex = |(k, byte): (usize, &u8)| match n * 16 + k {
            // The table hash, and the checksum that covers it, change with the op table.
            16..24 | 36..40 => " ..".to_owned(),
            _ => format!(" {byte:02x}"),
        };
        let line: String = line.iter().enumerate().map(hex).collect();
        assert!(shown.contains(&format!("{:04x} {line}", n * 16)), "`{line}` is not shown");
    }
}

#[test]
fn modules_over_a_limit_have_no_binary_form() {
    let mut module = rich();
    module.functions[1].debug.names[0].1 = "x".repeat(1025);
    let error = encode(&module).unwrap_err();
    assert_eq!(error.to_string(), "register r65535 of function 1 has 1025 bytes in its name, the limit is 1024");

    let mut module = rich();
    module.functions[2].registers = vec![Type::I32; 65536];
    assert_eq!(encode(&module).unwrap_err().to_string(), "function 2 has 65536 registers, the limit is 65535");

    let mut module = rich();
    module.types[1] = Signature::new([], [Type::Val; 1025]);
    assert_eq!(encode(&module).unwrap_err().to_string(), "type 1 has 1025 results, the limit is 1024");
}

#[test]
fn debug_tables_that_nobody_can_search_have_no_binary_form() {
    let mut module = rich();
    module.functions[0].debug.lines.swap(0, 1);
    assert_eq!(encode(&module), Err(EncodeError::Unsorted { function: 0, table: Table::Lines, entry: 1 }));

    let mut module = rich();
    module.functions[0].debug.names[1].0 = 0;
    assert_eq!(
        encode(&module).unwrap_err().to_string(),
        "register names of function 0 are not sorted: entry 1 belongs before the one above it"
    );
}
