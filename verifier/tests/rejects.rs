//! At least one program per promise that breaks just that promise, at the word where it does.

mod asm;

use asm::*;
use regatta_ir::Type::{self, F64, I32, I64, Val};
use regatta_ir::backing::Backing;
use regatta_ir::binary;
use regatta_ir::module::{Data, Global, Handler, Import, Memory, Module};
use regatta_ir::{FuncId, Function, GlobalId, NativeId, SigId, Signature};
use regatta_verifier::{
    EmptyEnvironment, EnvId, Environment, GlobalType, Tag, VerifyErrorKind, verify, verify_function, verify_outline,
};
use std::sync::Arc;

/// A function of no parameters and no results.
fn plain(registers: &[Type], lines: &[Line]) -> Module {
    module(&[sig(&[], &[])], registers, lines)
}

/// A function with this signature.
fn typed(params: &[Type], results: &[Type], registers: &[Type], lines: &[Line]) -> Module {
    module(&[sig(params, results)], registers, lines)
}

#[track_caller]
fn reject(module: Module, expected: &[(i64, Tag)]) {
    assert_eq!(faults(module), expected);
}

const RET: Line = Op("ret", &[]);

#[test]
fn op() {
    reject(plain(&[], &[Word(0xFFFF), RET]), &[(0, Tag::Op)]);
    reject(plain(&[I32], &[Op("i32_const", &[0, 1]), Word(code(&[RET])[0] | 1 << 40), RET]), &[(1, Tag::Op)]);
    let wide = code(&[Op("i64_const_wide", &[0, 1])])[0];
    reject(plain(&[I64], &[Word(wide)]), &[(0, Tag::Op)]);
    let step = code(&[Op("loop_i32_add_lt", &[0, 0, 0, 2])]);
    let lines = [Op("i32_const", &[0, 1]), Word(step[0]), Word(step[1] | 1 << 32), RET];
    reject(plain(&[I32], &lines), &[(1, Tag::Op)]);
}

#[test]
fn reg() {
    reject(plain(&[I32], &[Op("i32_const", &[1, 1]), RET]), &[(0, Tag::Reg)]);
    reject(plain(&[], &[Op("i32_const", &[0xFFFF, 1]), RET]), &[(0, Tag::Reg)]);
    reject(plain(&[I32], &[Op("call", &[1, 0]), RET]), &[(0, Tag::Reg)]);
    reject(typed(&[], &[I32, I32], &[I32], &[Op("ret_values", &[1])]), &[(0, Tag::Reg)]);
    let text = check(plain(&[I32; 4], &[Op("i32_const", &[9, 1]), RET])).unwrap_err().to_string();
    assert_eq!(text, "%f, word 0: [V-REG] register r9 is not below the function's 4 registers");
}

#[test]
fn types() {
    let consts = [Op("i32_const", &[0, 1]), Op("i64_const", &[1, 1])];
    let with = |line| plain(&[I32, I64, I32, F64], &[consts[0], consts[1], line, RET]);
    reject(with(Op("i32_add", &[2, 0, 1])), &[(2, Tag::Type)]);
    reject(with(Op("i32_add", &[1, 0, 0])), &[(2, Tag::Type)]);
    reject(with(Op("mov", &[1, 0])), &[(2, Tag::Type)]);
    reject(with(Op("select", &[0, 0, 1])), &[(2, Tag::Type)]);
    reject(with(Op("select", &[0, 1, 0])), &[(2, Tag::Type)]);
    reject(with(Op("f64_const", &[0, 1])), &[(2, Tag::Type)]);
    reject(typed(&[I32], &[I64], &[I32], &[Op("ret_value", &[0])]), &[(0, Tag::Type)]);
    let mut module = plain(&[I32], &[Op("global_get", &[0, 0]), RET]);
    module.globals = vec![Global { name: "g".into(), ty: I64, mutable: false, init: 0 }];
    reject(module, &[(0, Tag::Type)]);
}

#[test]
fn target() {
    let wide = Op("i64_const_wide", &[0, 1]);
    reject(plain(&[I64], &[Op("br", &[1]), wide, RET]), &[(0, Tag::Target)]);
    reject(plain(&[I64], &[wide, Op("loop", &[2])]), &[(2, Tag::Target)]);
    reject(plain(&[], &[Op("br", &[1]), RET]), &[(0, Tag::Target)]);
    reject(plain(&[], &[Op("br", &[0x7FFF_FFFF]), RET]), &[(0, Tag::Target)]);
    reject(plain(&[], &[RET, Op("loop", &[3])]), &[(1, Tag::Target)]);
    reject(plain(&[], &[RET, Op("loop", &[0])]), &[(1, Tag::Target)]);
    let step = Op("loop_i32_add_lt", &[0, 0, 0, 1]);
    reject(plain(&[I32], &[Op("i32_const", &[0, 1]), step, RET]), &[(1, Tag::Target)]);
}

#[test]
fn end() {
    reject(plain(&[], &[]), &[(-1, Tag::End)]);
    reject(plain(&[I32], &[Op("i32_const", &[0, 1])]), &[(0, Tag::End)]);
    reject(plain(&[I32], &[RET, Op("i32_const", &[0, 1])]), &[(1, Tag::End)]);
    let latch = To("loop_i32_eq_imm", &[0, 0], "top");
    reject(typed(&[I32], &[], &[I32], &[Label("top"), latch]), &[(0, Tag::End)]);
}

#[test]
fn def() {
    reject(plain(&[I32, I32], &[Op("mov", &[0, 1]), RET]), &[(0, Tag::Def)]);
    reject(typed(&[I32], &[I32], &[I32, I32], &[Op("ret_value", &[1])]), &[(0, Tag::Def)]);
    let one_way =
        [To("br_i32_eq_imm", &[0, 0], "over"), Op("i32_const", &[1, 1]), Label("over"), Op("ret_value", &[1])];
    reject(typed(&[I32], &[I32], &[I32, I32], &one_way), &[(2, Tag::Def)]);
    // A call leaves nothing above its window but its results.
    let lines = [Op("call", &[1, 0]), Op("mov", &[0, 1]), Op("mov", &[0, 2]), Op("ret_value", &[0])];
    reject(typed(&[I32], &[I32], &[I32; 5], &lines), &[(0, Tag::Def), (2, Tag::Def)]);
    // A value read at the top of the loop, above the window of a call further down.
    let lines = [
        Op("i32_const", &[2, 1]),
        Label("top"),
        Op("i32_add_imm", &[0, 2, 1]),
        Op("call", &[1, 0]),
        To("loop_i32_ne_imm", &[0, 0], "top"),
        RET,
    ];
    reject(plain(&[I32; 3], &lines), &[(1, Tag::Def)]);
}

#[test]
fn loops() {
    let into_the_middle = [
        To("br_i32_eq_imm", &[0, 0], "middle"),
        Op("i32_const", &[1, 1]),
        Label("top"),
        Op("fuel", &[1]),
        Label("middle"),
        To("loop_i32_ne_imm", &[0, 0], "top"),
        RET,
    ];
    reject(typed(&[I32], &[], &[I32, I32], &into_the_middle), &[(3, Tag::Loop)]);
    // The second way back loses what the first one brings.
    let twice = [
        To("br_i32_eq_imm", &[0, 0], "middle"),
        Op("i32_const", &[1, 1]),
        Label("top"),
        Op("mov", &[0, 1]),
        To("loop_i32_ne_imm", &[0, 1], "top"),
        Label("middle"),
        To("br_i32_eq_imm", &[0, 0], "over"),
        To("br_i32_eq_imm", &[0, 0], "end"),
        Label("over"),
        To("loop_i32_ne_imm", &[0, 2], "top"),
        Label("end"),
        RET,
    ];
    reject(typed(&[I32], &[], &[I32, I32], &twice), &[(6, Tag::Loop)]);
    let from_below = [
        To("br", &[], "middle"),
        Label("top"),
        Op("fuel", &[1]),
        Label("middle"),
        To("loop_i32_ne_imm", &[0, 0], "top"),
        RET,
    ];
    reject(typed(&[I32], &[], &[I32], &from_below), &[(2, Tag::Loop)]);
}

#[test]
fn call() {
    let types = [sig(&[], &[]), sig(&[I32], &[I64])];
    let with = |registers: &[Type], lines: &[Line]| {
        let mut module = module(&types, registers, lines);
        let callee = [Op("i64_const", &[1, 1]), Op("ret_value", &[1])];
        module.functions.push(Function { sig: SigId(1), name: "g".into(), ..function(&[I32, I64], &callee) });
        module
    };
    let arg = Op("i32_const", &[2, 1]);
    reject(with(&[I64, I32], &[Op("call", &[0, 1]), RET]), &[(0, Tag::Call)]);
    reject(with(&[I64, I32, I64], &[Op("i64_const", &[2, 1]), Op("call", &[0, 1]), RET]), &[(1, Tag::Call)]);
    reject(with(&[I32, I32, I32], &[arg, Op("call", &[0, 1]), RET]), &[(1, Tag::Call)]);
    reject(with(&[I64, I32, I32], &[arg, Op("call", &[1, 1]), RET]), &[(1, Tag::Call)]);
    reject(with(&[I64], &[Op("call", &[0, 0]), RET]), &[(0, Tag::Call)]);
    let indirect = [arg, Op("func_const", &[3, 1]), Op("call_indirect", &[1, 3, 1]), RET];
    reject(with(&[I64, I32, I32, I32], &indirect), &[(2, Tag::Call)]);
}

#[test]
fn ret() {
    reject(typed(&[], &[I32], &[I32], &[RET]), &[(0, Tag::Ret)]);
    reject(typed(&[I32], &[], &[I32], &[Op("ret_value", &[0])]), &[(0, Tag::Ret)]);
    reject(typed(&[I32], &[I32], &[I32], &[Op("ret_values", &[0])]), &[(0, Tag::Ret)]);
    reject(typed(&[I32, I32], &[I32, I64], &[I32, I32], &[Op("ret_values", &[0])]), &[(0, Tag::Ret)]);
    reject(typed(&[I32, I32], &[I32, I32], &[I32, I32], &[Op("ret_values", &[1])]), &[(0, Tag::Ret)]);
    let types = [sig(&[], &[I32]), sig(&[], &[])];
    let tail = [Op("func_const", &[2, 0]), Op("tail_call_indirect", &[0, 2, 1])];
    reject(module(&types, &[I32; 3], &tail), &[(1, Tag::Ret)]);
}

#[test]
fn switch() {
    let br = To("br", &[], "end");
    let table = [Op("switch", &[0, 1]), br, Op("fuel", &[1]), Label("end"), RET];
    reject(typed(&[I32], &[], &[I32], &table), &[(0, Tag::Switch)]);
    reject(typed(&[I32], &[], &[I32], &[Op("switch", &[0, 0])]), &[(0, Tag::Switch)]);
    let endless = [Op("switch", &[0, 0xFFFF_FFFF]), Op("br", &[0]), Op("br", &[0]), RET];
    reject(typed(&[I32], &[], &[I32], &endless), &[(0, Tag::Switch)]);
}

#[test]
fn references() {
    reject(plain(&[I32], &[Op("func_const", &[0, 1]), RET]), &[(0, Tag::Ref)]);
    reject(plain(&[I32; 2], &[Op("call", &[0, 1]), RET]), &[(0, Tag::Ref)]);
    reject(plain(&[I32; 2], &[Op("call_native", &[0, 0]), RET]), &[(0, Tag::Ref)]);
    reject(plain(&[I32], &[Op("global_get", &[0, 0]), RET]), &[(0, Tag::Ref)]);
    let indirect = [Op("i32_const", &[0, 1]), Op("call_indirect", &[0, 0, 7]), RET];
    reject(plain(&[I32; 2], &indirect), &[(1, Tag::Ref)]);
    let mut module = plain(&[], &[RET]);
    module.imports = vec![Import { name: "math.square".into(), sig: SigId(0) }];
    reject(module.clone(), &[(-1, Tag::Ref)]);
    let errors = verify(module, &Program).unwrap_err();
    assert!(matches!(errors.errors[0].kind, VerifyErrorKind::ImportDiffers { .. }));
    let mut module = plain(&[], &[RET]);
    module.functions[0].sig = SigId(1);
    reject(module, &[(-1, Tag::Ref)]);
}

#[test]
fn mutability() {
    let mut module = plain(&[I32], &[Op("i32_const", &[0, 1]), Op("global_set", &[0, 0]), RET]);
    module.globals = vec![Global { name: "g".into(), ty: I32, mutable: false, init: 0 }];
    reject(module, &[(1, Tag::Mut)]);
}

#[test]
fn memory() {
    for line in [Op("i32_load", &[0, 0, 4]), Op("memory_size", &[0]), Op("i32_store8", &[0, 0, 4])] {
        let mut module = typed(&[I32], &[], &[I32], &[line, RET]);
        module.memory = None;
        reject(module, &[(0, Tag::Mem)]);
    }
}

#[test]
fn functions() {
    reject(typed(&[I32, I32], &[], &[I32], &[RET]), &[(-1, Tag::Func)]);
    reject(typed(&[I32, I32], &[], &[I32, I64], &[RET]), &[(-1, Tag::Func)]);
    let mut module = plain(&[], &[RET]);
    module.functions.push(module.functions[0].clone());
    reject(module, &[(-1, Tag::Func)]);
}

#[test]
fn modules() {
    reject(module(&[sig(&[], &[]), sig(&[], &[])], &[], &[RET]), &[(-1, Tag::Module)]);
    let with = |change: &dyn Fn(&mut Module)| {
        let mut module = plain(&[], &[RET]);
        change(&mut module);
        module
    };
    let data = || vec![Data { offset: 65535, bytes: vec![1, 2] }];
    reject(with(&|m| m.data = data()), &[(-1, Tag::Module)]);
    reject(with(&|m| (m.data, m.memory) = (data(), None)), &[(-1, Tag::Module)]);
    reject(with(&|m| m.memory = Some(Memory { min: 2, max: 1 })), &[(-1, Tag::Module)]);
    let global = || Global { name: "g".into(), ty: I32, mutable: true, init: 1 << 32 };
    reject(with(&|m| m.globals = vec![global()]), &[(-1, Tag::Module)]);
}

#[test]
fn limits() {
    let mut named = plain(&[], &[RET]);
    named.functions[0].name = "f".repeat(1025);
    reject(named, &[(-1, Tag::Limit)]);
    reject(plain(&vec![I32; 65536], &[RET]), &[(-1, Tag::Limit)]);
    reject(module(&[sig(&[], &[]), sig(&[I32; 1025], &[])], &[], &[RET]), &[(-1, Tag::Limit)]);
    let mut paged = plain(&[], &[RET]);
    paged.memory = Some(Memory { min: 0, max: 65537 });
    reject(paged, &[(-1, Tag::Limit)]);
}

#[test]
fn states_of_many_registers_at_many_branches_are_limited() {
    let mut lines = vec![Op("i32_const", &[0, 0])];
    let far = &[0, 0, 9000];
    lines.extend([Op("br_i32_eq_imm", far); 9000]);
    lines.extend([RET; 9001]);
    reject(plain(&vec![I32; 65535], &lines), &[(-1, Tag::Limit)]);
    assert_eq!(check(plain(&[I32; 60], &lines)), Ok(()));
}

#[test]
fn all_errors_come_in_order_up_to_a_thousand() {
    let mut module = plain(&[I32, I64], &[Op("i32_add", &[9, 1, 0]), Op("mov", &[0, 1]), Op("br", &[7]), RET]);
    module.functions.push(Function { name: "g".into(), ..function(&[], &[]) });
    module.globals = vec![Global { name: "g".into(), ty: I32, mutable: true, init: 1 << 32 }];
    let expected = [
        (-1, Tag::Module),
        (0, Tag::Reg),
        (0, Tag::Type),
        (0, Tag::Def),
        (0, Tag::Def),
        (1, Tag::Type),
        (2, Tag::Target),
        (-1, Tag::End),
    ];
    reject(module, &expected);
    let mut lines = vec![Op("i32_const", &[9, 1]); 1500];
    lines.push(RET);
    let errors = check(plain(&[], &lines)).unwrap_err();
    assert_eq!((errors.errors.len(), errors.more), (1000, 500));
    assert!(errors.to_string().ends_with("\nand 500 more"));
}

/// A module of one function with these handlers, each start, end, target and exception.
fn guarded(registers: &[Type], lines: &[Line], handlers: &[[u32; 4]]) -> Module {
    let mut module = plain(registers, lines);
    let handler = |&[start, end, target, exception]: &[u32; 4]| Handler {
        start,
        end,
        target,
        exception: exception as u16,
        traps: true,
    };
    module.functions[0].handlers = handlers.iter().map(handler).collect();
    module
}

#[test]
fn handlers() {
    let lines = [Op("i32_const", &[0, 1]), Op("i64_const_wide", &[1, 1]), Op("i32_div_s", &[0, 0, 0]), RET, RET];
    let with = |handlers: &[[u32; 4]]| guarded(&[I32, I64, Val], &lines, handlers);
    reject(with(&[[0, 4, 4, 2], [0, 5, 5, 2]]), &[]);
    reject(with(&[[4, 4, 4, 2]]), &[(4, Tag::Handler)]);
    reject(with(&[[0, 7, 5, 2]]), &[(0, Tag::Handler)]);
    reject(with(&[[9, 12, 12, 2]]), &[(-1, Tag::Handler)]);
    reject(with(&[[0, 4, 3, 2]]), &[(0, Tag::Handler)]);
    reject(with(&[[0, 2, 4, 2]]), &[(0, Tag::Handler)]);
    reject(with(&[[2, 3, 4, 2]]), &[(2, Tag::Handler)]);
    reject(with(&[[0, 4, 6, 2]]), &[(0, Tag::Handler)]);
    reject(with(&[[0, 4, 5, 1]]), &[(0, Tag::Handler)]);
    reject(with(&[[0, 4, 5, 3]]), &[(0, Tag::Reg)]);
    reject(with(&[[0, 4, 5, 2], [1, 5, 5, 2]]), &[(1, Tag::Handler)]);
    reject(with(&[[0, 5, 5, 2], [1, 4, 5, 2]]), &[(1, Tag::Handler)]);
}

#[test]
fn what_is_written_at_a_handler() {
    // r1 is written before what may throw, r2 after it.
    let lines = [
        Op("i64_const", &[1, 1]),
        Op("i32_const", &[0, 1]),
        Op("i32_div_s", &[0, 0, 0]),
        Op("i64_const", &[2, 1]),
        RET,
        Op("mov", &[1, 1]),
        Op("mov", &[3, 3]),
        Op("mov", &[2, 2]),
        RET,
    ];
    let registers = [I32, I64, I64, Val];
    reject(guarded(&registers, &lines, &[[0, 5, 5, 3]]), &[(7, Tag::Def)]);
    // A call undoes its window for the handler too, and for an outer one.
    let lines = [
        Op("i64_const", &[1, 1]),
        Op("i64_const", &[2, 1]),
        Op("call", &[2, 0]),
        RET,
        RET,
        Op("mov", &[1, 1]),
        Op("mov", &[2, 2]),
        RET,
    ];
    let registers = [I32, I64, I64, Val];
    reject(guarded(&registers, &lines, &[[2, 3, 4, 3], [0, 4, 5, 3]]), &[(6, Tag::Def)]);
    // What only one way to the range has written is not written at its handler.
    let lines = [
        Op("i32_const", &[0, 1]),
        To("br_i32_eq_imm", &[0, 1], "range"),
        Op("i64_const", &[1, 1]),
        Label("range"),
        Op("i32_div_s", &[0, 0, 0]),
        RET,
        Op("mov", &[1, 1]),
        RET,
    ];
    reject(guarded(&[I32, I64, Val], &lines, &[[3, 4, 5, 2]]), &[(5, Tag::Def)]);
}

#[test]
fn operands_of_dynamic_code() {
    let with = |line| plain(&[Val, Val, I32], &[line, RET]);
    reject(with(Op("special_const", &[0, 3])), &[(0, Tag::Op)]);
    reject(with(Op("atom_const", &[0, 0])), &[(0, Tag::Ref)]);
    reject(with(Op("tuple_make", &[0, 1, 2])), &[(0, Tag::Def), (0, Tag::Type), (0, Tag::Def)]);
    reject(with(Op("tuple_make", &[0, 2, 2])), &[(0, Tag::Reg)]);
    reject(with(Op("tuple_make", &[0, 3, 0])), &[]);
    reject(with(Op("tuple_make", &[0, 4, 0])), &[(0, Tag::Reg)]);
}

/// What is wrong with a module in text form.
fn faults_of(text: &str) -> Vec<(String, Tag)> {
    let module = regatta_ir::text::parse(text).unwrap_or_else(|errors| panic!("{errors}"));
    let errors = check(module).err().map_or(Vec::new(), |errors| errors.errors);
    errors.iter().map(|error| (error.loc.to_string(), error.kind.tag())).collect()
}

#[test]
fn sites() {
    let code = |site| format!("func %f(o: val) -> val {{\n prop_get o, o, :x{site}\n ret_value o\n}}");
    assert_eq!(faults_of(&code("")), []);
    let [fault] = &faults_of(&code(", ?1"))[..] else { panic!("one fault") };
    assert_eq!([(fault.0.as_str(), fault.1)], [("%f, word 0", Tag::Site)]);
}

#[test]
fn classes() {
    let with = |classes: &str| {
        let functions = "global @g: mut val = null\nglobal @i: i32 = 0\n\
            func %m(this: val) {\nret\n}\nfunc %two(this: val, x: i32) {\nret\n}\nfunc %plain() {\nret\n}\n";
        faults_of(&format!("{functions}{classes}"))
    };
    let one = |classes: &str| {
        let faults = with(classes);
        assert!(faults.len() == 1, "{classes}: {faults:?}");
        faults[0].clone()
    };
    let first = |tag| ("class &0".to_string(), tag);
    let good = "class &A\nfield x\nstatic s = @g\nmethod m = %m\nconstructor %two\nstatic_method n = %plain\nend\n\
        class &B extends &A implements &I\nfield y\nmethod m = %m\nend\ninterface &I\nmethod k\nend";
    assert_eq!(with(good), []);
    assert_eq!(one("class &A\nmethod m = %plain\nend"), first(Tag::Class));
    assert_eq!(one("class &A\nconstructor %plain\nend"), first(Tag::Class));
    assert_eq!(one("class &A\nstatic s = @i\nend"), first(Tag::Class));
    assert_eq!(one("class &A\nmethod m\nend"), first(Tag::Class));
    assert_eq!(one("class &A\nstatic_method m\nend"), first(Tag::Class));
    assert_eq!(one("class &A\nfield m\nmethod m = %m\nend"), first(Tag::Class));
    assert_eq!(with("class &A extends &A\nend"), [("class &0".to_string(), Tag::Class)]);
    assert_eq!(with("class &A extends &B\nend\nclass &B extends &A\nend").len(), 2);
    assert_eq!(one("class &A extends &I\nend\ninterface &I\nend"), first(Tag::Class));
    assert_eq!(one("class &A implements &B\nend\nclass &B\nend"), first(Tag::Class));
    assert_eq!(one("interface &I\nfield x\nend"), first(Tag::Class));
    assert_eq!(one("class &A extends &B\nfield x\nend\nclass &B\nfield x\nend"), first(Tag::Class));
    let overrides = "class &A extends &B\nmethod m = %two\nend\nclass &B\nmethod m = %m\nend";
    assert_eq!(one(overrides), first(Tag::Class));
    assert_eq!(one("class &A extends &#9\nend"), first(Tag::Ref));
    assert_eq!(one("class &A\nfield #9\nend"), first(Tag::Ref));
    assert_eq!(one("class &A\nmethod m = %#9\nend"), first(Tag::Ref));
    assert_eq!(one("import class &other.A"), first(Tag::Ref));
}

#[test]
fn texts_patterns_and_tables() {
    let outline = |tag| vec![("outline".to_string(), tag)];
    assert_eq!(faults_of("text \"a\"\ntext \"a\""), outline(Tag::Module));
    assert_eq!(faults_of("pattern p0 = :#3"), [("pattern 0".to_string(), Tag::Ref)]);
    assert_eq!(faults_of("table t0 = 0, -0.0"), [("table 0".to_string(), Tag::Module)]);
    assert_eq!(faults_of("table t0 = 1, 1.5, \"a\", :a, null, undefined, nan"), []);
    assert_eq!(faults_of("global @g: val = #0xfffb000000000000"), outline(Tag::Module));
}

/// In a file, one bit of a constant is turned: still a good instruction, but not the one that was written.
#[test]
fn sum() {
    let lines = [Op("i32_const", &[0, 41]), RET];
    let mut file = binary::encode(&plain(&[I32], &lines)).unwrap();
    let load = |file: &[u8]| binary::decode(Arc::new(Backing::copied(file))).unwrap();
    reject(load(&file), &[]);

    let word = code(&lines[..1])[0].to_le_bytes();
    let at = file.windows(8).position(|bytes| bytes == word).unwrap();
    file[at + 4] ^= 1;
    reject(load(&file), &[(-1, Tag::Sum)]);
}

/// Every promise has a test above.
#[test]
fn every_promise_is_tested() {
    let source = include_str!("rejects.rs");
    for tag in Tag::ALL {
        assert!(source.contains(&format!(", Tag::{tag:?})]")), "{tag} has no rejecting test");
    }
}

/// A program with one of each.
struct Program;

impl Environment for Program {
    fn id(&self) -> EnvId {
        EnvId(7)
    }

    fn function(&self, func: FuncId) -> Option<&Signature> {
        (func == FuncId::dynamic(3)).then(unary)
    }

    fn signature(&self, sig: SigId) -> Option<&Signature> {
        (sig == SigId(5)).then(unary)
    }

    fn global(&self, global: GlobalId) -> Option<GlobalType> {
        (global == GlobalId(9)).then_some(GlobalType { ty: I32, mutable: true })
    }

    fn native(&self, native: NativeId) -> Option<&Signature> {
        (native == NativeId(2)).then(unary)
    }

    fn has_memory(&self) -> bool {
        true
    }

    fn import(&self, name: &str) -> Option<&Signature> {
        (name == "math.square").then(unary)
    }
}

fn unary() -> &'static Signature {
    static UNARY: std::sync::OnceLock<Signature> = std::sync::OnceLock::new();
    UNARY.get_or_init(|| sig(&[I32], &[I32]))
}

#[test]
fn a_function_is_proved_against_a_program() {
    let good = [
        Op("i32_load", &[3, 0, 0]),
        Op("call", &[1, 0x8000_0003]),
        Op("global_set", &[1, 9]),
        Op("mov", &[3, 1]),
        Op("call_native", &[1, 2]),
        Op("ret_value", &[1]),
    ];
    let with = |lines: &[Line]| Function { sig: SigId(5), ..function(&[I32; 4], lines) };
    assert_eq!(verify_function(with(&good), &Program).map(|proof| proof.env()), Ok(EnvId(7)));
    let errors = verify_function(with(&good), &EmptyEnvironment).unwrap_err();
    assert_eq!(errors.errors[0].kind.tag(), Tag::Ref);
    let errors = verify_function(with(&[Op("call", &[1, 3]), RET]), &Program).unwrap_err();
    assert_eq!(errors.errors[0].kind, VerifyErrorKind::NoFunction { func: FuncId(3) });
}

#[test]
fn bodies_can_wait() {
    let mut late = plain(&[I32; 2], &[Op("call", &[0, 0]), RET]);
    late.functions.push(Function { name: "bad".into(), ..function(&[], &[Word(0xFFFF)]) });
    let outline = verify_outline(late.clone(), &EmptyEnvironment).expect("the outline is in order");
    std::thread::scope(|scope| {
        scope.spawn(|| assert_eq!(outline.verify_body(0).expect("in order").index, 0));
        scope.spawn(|| assert!(outline.verify_body(1).is_err()));
        scope.spawn(|| assert!(outline.verify_body(2).is_err()));
    });
    assert_eq!(outline.verify_bodies().unwrap_err(), verify(late, &EmptyEnvironment).unwrap_err());
}
