//! Modules from parts, and what is wrong when parts do not fit.

use super::*;
use crate::module::Memory;

fn refused(module: ModuleBuilder) -> Vec<String> {
    module.finish().expect_err("the module has mistakes").0.iter().map(|error| error.to_string()).collect()
}

#[test]
fn parts_get_their_places() {
    let mut m = ModuleBuilder::new("m");
    let nullary = Signature::default();
    let imported = m.import("other.f", nullary.clone());
    let native = m.native("print", Signature::new([Type::I32], []));
    let count = m.global("count", true, 5i64);
    m.memory(1, 2);
    m.data(8, *b"abc");
    let (f, g) = (m.declare("f", nullary.clone()), m.declare("g", nullary.clone()));
    assert_eq!((imported, f, g, native, count), (FuncId(0), FuncId(1), FuncId(2), NativeId(0), GlobalId(0)));
    for (id, callee) in [(g, f), (f, g)] {
        let mut b = m.function(id);
        let x = b.reg(Type::I64);
        b.global_get(x, count);
        b.global_set(x, count);
        b.invoke(callee, &nullary, &[], &[]);
        b.invoke(imported, &nullary, &[], &[]);
        b.ret();
        m.define(id, b);
    }
    let module = m.finish().unwrap();
    assert_eq!(module.types.len(), 2);
    assert_eq!(module.memory, Some(Memory { min: 1, max: 2 }));
    assert_eq!(module.data[0].bytes, b"abc");
    assert_eq!(module.globals[0].init, 5);
    let names: Vec<&str> = module.functions.iter().map(|f| &*f.name).collect();
    assert_eq!(names, ["f", "g"]);
    assert_eq!(listing(&module.functions[0])[2], "call 1 2");
}

#[test]
fn what_a_function_names_exists_and_fits() {
    let mut m = ModuleBuilder::new("m");
    let f = m.declare("f", Signature::default());
    let fixed = m.global("fixed", false, 1.5f32);
    let mut b = m.function(f);
    let (x, n) = (b.reg(Type::F32), b.reg(Type::I32));
    b.func_const(n, FuncId(9));
    b.i32_load(n, n, 0);
    b.global_get(n, fixed);
    b.global_get(x, fixed);
    b.global_set(x, fixed);
    b.global_set(x, GlobalId(1));
    b.call_native(x, NativeId(0));
    b.invoke(Callee::Indirect(n, SigId(3)), &Signature::default(), &[], &[]);
    b.ret();
    m.define(f, b);
    let expected = [
        "%f: instruction 0 (func_const): %9 is not a function of the module",
        "%f: instruction 1 (i32_load): the module has no memory",
        "%f: instruction 2 (global_get): @0 is f32, the register i32",
        "%f: instruction 4 (global_set): @0 cannot be set",
        "%f: instruction 5 (global_set): @1 is not a global of the module",
        "%f: instruction 6 (call_native): !0 is not a host function of the module",
        "%f: instruction 7 (call_indirect): type 3 is not a signature of the module",
    ];
    assert_eq!(refused(m), expected);
}

#[test]
fn windows_fit_what_is_called() {
    let mut m = ModuleBuilder::new("m");
    let unary = Signature::new([Type::I32], [Type::I32]);
    let f = m.declare("f", unary.clone());
    let mut b = m.function(f);
    let (n, x) = (b.param(0), b.reg(Type::F64));
    b.call(n, f);
    b.call(x, f);
    b.invoke(f, &Signature::default(), &[], &[]);
    b.here();
    b.ret_value(n);
    m.define(f, b);
    let expected = [
        // r0 n, r1 x, r2 and r3 the header of the last window
        "%f: instruction 0 (call): the window does not fit (i32) -> i32: argument 0 would be in r2, which is not i32",
        "%f: instruction 1 (call): the window does not fit (i32) -> i32: argument 0 would be in r3, which is not i32",
        "%f: instruction 2 (call): the window has 0 parameters and 0 results, the callee is (i32) -> i32",
    ];
    assert_eq!(refused(m), expected);

    let mut m = ModuleBuilder::new("m");
    let f = m.declare("f", unary);
    let mut b = m.function(f);
    let n = b.param(0);
    b.tail_call(n, f);
    m.define(f, b);
    assert_eq!(refused(m), ["%f: instruction 0 (tail_call): the window at r0 needs 3 registers, the function has 1"]);
}

#[test]
fn functions_are_defined_once_as_declared() {
    let mut m = ModuleBuilder::new("m");
    let (sig, other) = (Signature::default(), Signature::new([Type::I32], []));
    let f = m.declare("f", sig.clone());
    m.declare("g", sig.clone());
    m.import("late", sig.clone());
    let bodies = [("f", &sig), ("f", &sig), ("f", &other), ("h", &sig)];
    let ids = bodies.map(|(_, sig)| m.signature(sig.clone()));
    let defined = |n: usize| {
        let mut b = FunctionBuilder::new(bodies[n].0, ids[n], bodies[n].1);
        b.ret();
        b
    };
    let f = FuncId(f.0 + 1); // the late import has moved it
    m.define(f, defined(2));
    m.define(FuncId(9), defined(0));
    m.define(f, defined(1));
    let g = FuncId(2);
    m.define(g, defined(3));
    m.function(FuncId(8));
    let expected = [
        "an import comes after a declaration, which would number the functions anew",
        "%1 was declared with another signature",
        "%9 is not a function of the module",
        "%1 is defined twice",
        "%2 was declared as %g",
        "%8 is not a function of the module",
    ];
    assert_eq!(refused(m), expected);

    let mut m = ModuleBuilder::new("m");
    m.declare("f", sig);
    assert_eq!(refused(m), ["%f is declared, but not defined"]);
}

#[test]
fn mistakes_of_bodies_are_those_of_the_module() {
    let mut m = ModuleBuilder::new("m");
    let f = m.declare("f", Signature::default());
    let b = m.function(f);
    m.define(f, b);
    assert_eq!(refused(m), ["%f: control can run past the last instruction"]);
}

#[test]
fn names_are_unique_and_memory_is_in_order() {
    let mut m = ModuleBuilder::new("x".repeat(1025));
    m.data(0, *b"no memory yet");
    for _ in 0..2 {
        m.native("n", Signature::default());
        m.global("g", true, 0);
        m.global("", true, 0);
    }
    m.memory(2, 1);
    m.memory(1, 1);
    m.data(65535, *b"ab");
    let expected = [
        "memory of 2 to 1 pages is not in order or above 65536 pages",
        "memory is declared twice",
        "two natives are called \"n\"",
        "two globals are called \"g\"",
        "the name has 1025 bytes, more than 1024",
        "data at 65535 with 2 bytes does not fit memory of 1 pages",
    ];
    assert_eq!(refused(m), expected);
}
