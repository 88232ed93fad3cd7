//! The laws of the text form, on a module with everything, on every op, and on nonsense.

use arbitrary::{Arbitrary, Result, Unstructured};
use arbtest::arbtest;
use regatta_ir::module::{Data, Debug, Global, Import, Memory, Native};
use regatta_ir::operand::Role;
use regatta_ir::text::{parse, parse_with_spans, print_function, print_instruction};
use regatta_ir::{Code, Function, Instr, Module, Opcode, SigId, Signature, Type};

const EVERYTHING: &str = r##"
module "shapes"                      ; optional, first
type (i32, i32) -> (i64, f64)
import %math.square (i32) -> i32
native !print (i32) -> ()
memory 1 16
data 64 "bytes\n\x00\xff\"\\ ; no comment"
data 128 f64 1.5 -0.0 nan
data 160 i16 -1 0xfffe 7
global @count: mut i64 = 5
global @pi: f64 = 3.141592653589793
global @odd: val = #0xfff0000000000001
global @none: val = null
global @half: mut val = 0.5

func %fib(n: i32) -> i32 {           ; the classic
  reg a: i32, b: i32
  reg arg0: i32, arg1: i32, _: f64, r6: f64
  br_i32_ge_s_imm n, 2, recurse
  ret_value n
recurse:
  .line 12
  i32_add_imm arg0, n, -1
  call a, %fib
  i32_add_imm arg1, n, -2
  .line 14
  call b, %fib
  i32_add a, a, r2
  f64_const r5, -1e300
  ret_value a
}

func %"odd name"(x: i32, "": i32, "r0": i32) -> (i32, f64) {
top:
  loop_i32_ne_imm x, 0, top
  i32_add x, "", "r0"
  switch x, 1
  br end
  br end
  .word 0x1234567890abcdef
end:
  global_get x, @#7
  call_native r0, !print
  call_indirect r0, x, (f32) -> f32
  func_const x, %math.square
  br #900
  trap 3
last:
}

func %"" #0 {
}
"##;

/// Reads the text, which must be right.
fn read(text: &str) -> Module {
    parse(text).unwrap_or_else(|errors| panic!("{errors}\n{text}"))
}

/// Both laws, for one module.
fn assert_survives(module: &Module) {
    let text = module.to_string();
    let again = read(&text);
    assert_eq!(&again, module, "\n{text}");
    assert_eq!(again.to_string(), text);
}

/// A module of one function with this code.
fn module_of(code: Vec<u64>) -> Module {
    let function = Function {
        name: "f".into(),
        sig: SigId(0),
        registers: vec![Type::I32; 4],
        code: Code::from(code),
        handlers: vec![],
        debug: Debug::default(),
    };
    Module { types: vec![Signature::default()], functions: vec![function], ..Module::default() }
}

#[test]
fn a_module_with_everything() {
    let module = read(EVERYTHING);
    assert_eq!(module.name, "shapes");
    assert_eq!(module.data[0].bytes, b"bytes\n\x00\xff\"\\ ; no comment");
    assert_eq!(module.data[1].bytes[8..16], (-0.0f64).to_le_bytes());
    assert_eq!(module.data[2].bytes, [0xff, 0xff, 0xfe, 0xff, 7, 0]);
    assert_eq!((module.globals[0].init, module.globals[0].mutable), (5, true));
    let fib = &module.functions[0];
    assert_eq!(fib.registers.len(), 7);
    assert_eq!(fib.debug.names.len(), 5);
    assert_eq!(fib.debug.lines, [(2, 12), (5, 14)]);
    assert_eq!(fib.code.len(), 10);
    assert_eq!(module.functions[2].sig, SigId(0));
    assert_survives(&module);
}

#[test]
fn the_example_of_the_documentation() {
    let lines = include_str!("../src/text.rs").lines().map(|line| line.trim_start_matches("//!"));
    let example: String = lines
        .skip_while(|line| *line != " ```text")
        .skip(1)
        .take_while(|line| *line != " ```")
        .map(|line| format!("{line}\n"))
        .collect();
    let module = read(&example);
    assert_eq!(module.functions[0].code.len(), 6);
    assert_eq!(module.functions[0].handlers[0].target, 5);
    assert_survives(&module);
}

#[test]
fn the_printed_form() {
    let module = read(
        "func %f(n: i32) -> i32 {\nreg s:i32\ntop:\ni32_add s,s,n\nloop_i32_ne_imm n,0,top\nbr x\nx:\nret_value s\n}",
    );
    let expected = "\
type (i32) -> i32

func %f(n: i32) -> i32 {
  reg s: i32
L0:
  i32_add s, s, n
  loop_i32_ne_imm n, 0, L0
  br L3
L3:
  ret_value s
}
";
    assert_eq!(module.to_string(), expected);
    assert_eq!(print_function(&module, 0), expected[19..]);
    assert_eq!(print_function(&module, 1), "");
    let function = &module.functions[0];
    let instr = Instr::decode(&function.code[1..]).unwrap();
    assert_eq!(print_instruction(&module, function, 1, &instr), "loop_i32_ne_imm n, 0, L0");
}

#[test]
fn imports_count_before_functions_wherever_they_stand() {
    let module = read("func %f() {\n  call r0, %g\n  call r0, %f\n  ret\n}\nimport %g () -> ()\n");
    let call = |pc| Instr::decode(&module.functions[0].code[pc..]).unwrap().args[1];
    assert_eq!((call(0), call(1)), (0, 1));
    assert_survives(&module);
}

#[test]
fn spans_lead_to_the_text() {
    let parsed = parse_with_spans(EVERYTHING).unwrap();
    let spans = &parsed.spans;
    let text = |range: Option<std::ops::Range<usize>>| &EVERYTHING[range.unwrap()];
    assert_eq!(text(spans.function(0)), "func %fib(n: i32) -> i32 {");
    assert_eq!(text(spans.instruction(0, 0)), "br_i32_ge_s_imm n, 2, recurse");
    assert_eq!(text(spans.instruction(0, 5)), "call b, %fib");
    let wide = (0..parsed.module.functions[0].code.len()).find(|pc| text(spans.instruction(0, *pc)).starts_with("f64"));
    assert_eq!(text(spans.instruction(0, wide.unwrap() + 1)), "f64_const r5, -1e300");
    assert_eq!(text(spans.instruction(1, 0)), "loop_i32_ne_imm x, 0, top");
    assert_eq!(text(spans.import(0)), "import %math.square (i32) -> i32");
    assert_eq!(text(spans.native(0)), "native !print (i32) -> ()");
    assert_eq!(text(spans.memory()), "memory 1 16");
    assert_eq!(text(spans.data(1)), "data 128 f64 1.5 -0.0 nan");
    assert_eq!(text(spans.global(1)), "global @pi: f64 = 3.141592653589793");
    assert_eq!(text(spans.signature(SigId(0))), "type (i32, i32) -> (i64, f64)");
    assert_eq!(spans.function(3), None);
    assert_eq!(spans.instruction(2, 0), None);
}

#[test]
fn every_op_survives_with_any_operands() {
    arbtest(|u| {
        for &op in Opcode::ALL {
            let module = module_of(arbitrary_instr(u, op)?.encode().as_words().to_vec());
            let text = module.to_string();
            assert!(!text.contains(".word"), "{text}");
            assert_survives(&module);
        }
        Ok(())
    })
    .budget_ms(1000);
}

#[test]
fn words_that_are_no_instructions() {
    let unused_bits = 1 << 63 | Opcode::I32Clz as u64;
    let missing_second_word = Opcode::F64Const as u64;
    let module = module_of(vec![u64::MAX, unused_bits, Opcode::Ret as u64, missing_second_word]);
    let text = module.to_string();
    assert_eq!(text.matches(".word").count(), 3, "{text}");
    assert_survives(&module);
}

#[test]
fn branches_to_no_instruction_print_their_distance() {
    let code = |op: Opcode, distance| Instr { op, args: [distance, 0, 0, 0] }.encode().as_words()[0];
    let wide = Instr { op: Opcode::F64Const, args: [0, 1, 0, 0] }.encode();
    let mut words = vec![code(Opcode::Br, 1)];
    words.extend_from_slice(wide.as_words());
    words.extend([code(Opcode::Loop, 0), code(Opcode::Loop, 3), code(Opcode::Loop, 9), code(Opcode::Br, 1)]);
    let module = module_of(words);
    let text = module.to_string();
    for line in ["  br #1\n", "  loop #0\n", "  loop #3\n", "  loop #9\n", "  br #1\n"] {
        assert!(text.contains(line), "{text}");
    }
    assert_survives(&module);
}

#[test]
fn a_line_within_an_instruction_is_kept() {
    let mut module = module_of(Instr { op: Opcode::F64Const, args: [0, 1, 0, 0] }.encode().as_words().to_vec());
    module.functions[0].debug.lines = vec![(0, 7), (1, 8), (2, 9)];
    assert_survives(&module);
}

#[test]
fn types_that_are_not_canonical() {
    let mut module = module_of(vec![Instr { op: Opcode::CallIndirect, args: [0, 0, 1, 0] }.encode().as_words()[0]]);
    let sig = Signature::new([Type::F64], []);
    module.types = vec![sig.clone(), sig, Signature::default()];
    module.imports.push(Import { name: "i".into(), sig: SigId(9) });
    module.functions[0].sig = SigId(1);
    module.globals.push(Global { name: String::new(), ty: Type::I32, mutable: true, init: 1 << 40 });
    let text = module.to_string();
    for part in
        ["import %i #9\n", "func %f #1 {\n", "call_indirect r0, r0, #1\n", "global @\"\": mut i32 = #0x10000000000\n"]
    {
        assert!(text.contains(part), "{text}");
    }
    assert_survives(&module);
}

#[test]
fn names_shared_by_several_print_as_indexes() {
    let mut module = module_of(vec![Instr { op: Opcode::Call, args: [1, 1, 0, 0] }.encode().as_words()[0]]);
    module.functions[0].debug.names = vec![(1, "x".into()), (2, "x".into())];
    module.functions.push(module.functions[0].clone());
    let text = module.to_string();
    assert!(text.contains("  call r1, %#1\n"), "{text}");
    assert!(text.contains("reg r0: i32, x: i32, x: i32"), "{text}");
    assert_eq!(errors(&text), ["8:6: `%f` is the name of a function already"]);
    module.functions[1].name.clear();
    assert_survives(&module);
}

/// The mistakes in a text, each as `line:column: message (help)`.
fn errors(text: &str) -> Vec<String> {
    let show = |help: &Option<String>| help.as_ref().map(|help| format!(" ({help})")).unwrap_or_default();
    parse(text).unwrap_err().0.iter().map(|error| format!("{error}{}", show(&error.help))).collect()
}

/// The only mistake in a body, without its place.
fn error_in(body: &str) -> String {
    let found = errors(&format!("func %f(a: i32, b: i32, c: i64) {{\n{body}\n}}\n"));
    assert_eq!(found.len(), 1, "{found:?}");
    found[0].splitn(3, ':').nth(2).unwrap().trim().to_string()
}

#[test]
fn mistakes_in_instructions() {
    for (body, message) in [
        ("i32_ad a, a, b", "there is no instruction `i32_ad` (did you mean `i32_add`?)"),
        ("i32_add a, a", "`i32_add` lacks its operand `b` (write `i32_add dst, a, b`)"),
        ("i32_add a, a, b, c", "`i32_add` has only 3 operands (write `i32_add dst, a, b`)"),
        ("ret a", "`ret` has no operands (write `ret`)"),
        ("i32_add a a b", "`a` stands where `,` belongs (write `i32_add dst, a, b`)"),
        ("i32_add a, a, 5", "`5` stands where a register belongs"),
        ("i32_add a, a, d", "the function has no register `d` (did you mean `a`?)"),
        ("i32_add a, a, r65536", "a register's number is not above 65535"),
        ("i32_add_imm a, a, 40000", "`40000` is not between -32768 and 32767"),
        ("i32_load a, b, -1", "`-1` is not between 0 and 65535"),
        ("fuel 5000000000", "`5000000000` is not between 0 and 4294967295"),
        ("call a, %ff", "the module has no function `%ff` (did you mean `f`?)"),
        ("call a, f", "`f` stands where a function (`%name`) belongs"),
        ("global_get a, @x", "the module has no global `@x`"),
        ("call a, %\"\"", "a function without a name is meant by its index (write `%#0` for the first)"),
        ("call_indirect a, b, (i33)", "`i33` stands where a type (i32, i64, f32, f64 or val) belongs"),
        ("br nowhere", "the function has no label `nowhere`"),
        ("top:\nbr_i32_eq a, b, top", "`br_i32_eq` goes forward, but `top` is behind it (use `loop_i32_eq`)"),
        ("loop end\nend:", "`loop` goes back, but `end` is ahead of it (use `br`)"),
        ("loop_i32_inc_lt a, b, end\nend:", "`loop_i32_inc_lt` goes back, but `end` is ahead of it"),
        ("top:\nret\ntop:", "the label `top` stands in this function twice"),
        (".lin 3", "`.lin` is not a directive (directives are .line, .word, .catch and .catch_all)"),
        ("+", "`+` stands where an instruction or a label belongs"),
        ("é", "`é` stands where an instruction or a label belongs"),
        ("reg r7: i32", "this register is r3, so `r7` is not its name"),
        ("reg \"x: i32", "the string has no closing quote on this line"),
        ("reg \"\\q\": i32", "`\\q` is not an escape (escapes are \\n \\t \\r \\0 \\\" \\\\ and \\xHH)"),
        ("reg a: i32\nmov a, b", "several registers have the name `a` (use the number, as in `r0`)"),
        ("reg x: i33\nmov x, x", "`i33` stands where a type (i32, i64, f32, f64 or val) belongs"),
    ] {
        assert_eq!(error_in(body), message, "{body}");
    }
}

#[test]
fn a_branch_that_is_too_far() {
    let body = format!("br_i32_eq a, b, end\n{}end:", "ret\n".repeat(70000));
    let help = "`br` reaches further: branch around one with the opposite condition";
    assert_eq!(error_in(&body), format!("`end` is 70000 words away, and `br_i32_eq` reaches 65535 ({help})"));
}

#[test]
fn mistakes_in_items() {
    let items = "items are module, text, type, import, native, memory, data, global, pattern, table, class and func";
    for (text, found) in [
        ("fnc %f() {", "1:1: `fnc` begins no item (did you mean `func`?)".into()),
        ("\n  what", format!("2:3: `what` begins no item ({items})")),
        ("ret", "1:1: the instruction `ret` stands outside of a function".into()),
        ("}", "1:1: `}` stands where an item belongs".into()),
        ("memory 1 2\nmodule \"m\"", "2:1: the module's name is not the first item".into()),
        ("memory 1", "1:9: the line ends where a number belongs".into()),
        ("memory 1 2\nmemory 1 2", "2:1: the module has a memory already".into()),
        ("func %f() {\n  ret", "1:1: the function is not closed by a line with `}`".into()),
        ("func %f() {\n  ret\nfunc %g() {\n}", "1:1: the function is not closed by a line with `}`".into()),
        ("func %f()\n}", "1:10: the line ends where `{` belongs".into()),
        ("func %#3() {\n}", "1:6: a function is declared by a name".into()),
        ("native !p ()\nnative !p ()", "2:8: `!p` is the name of a native already".into()),
        ("data 0 f65 1", "1:8: `f65` stands where a type of data (i8, i16, i32, i64, f32 or f64) belongs".into()),
        ("data 0 i8 1 300", "1:13: `300` is not between -128 and 255".into()),
        ("global @g: i32 = 1.5", "1:18: `1.5` is not an integer".into()),
        ("global @\"\\xff\": i32 = 1", "1:10: the string is not UTF-8".into()),
        ("type (i32) -> i32 i32", "1:19: `i32` stands where the end of the line belongs".into()),
    ] {
        assert_eq!(errors(text), [found], "{text}");
    }
    let long = "x".repeat(2000);
    assert_eq!(errors(&format!("global @{long}: i32 = 1")), ["1:9: the name has 2000 bytes, more than 1024"]);
}

#[test]
fn several_mistakes_are_found_at_once() {
    let text = "memory x 1\nfunc %f(a: i32) {\n  nope\n  br x\n  i32_add a, a, q\n}\nglobal g\n";
    let places: Vec<_> = parse(text).unwrap_err().0.iter().map(|error| (error.line, error.column)).collect();
    assert_eq!(places, [(1, 8), (3, 3), (4, 6), (5, 17), (7, 8)]);
    assert_eq!(parse(&"?\n".repeat(1000)).unwrap_err().0.len(), regatta_ir::text::MAX_ERRORS);
}

#[test]
fn hostile_text_takes_linear_time() {
    let many = |line: &str| line.repeat((1 << 20) / line.len());
    for text in [
        many("func %f\n"),
        many("("),
        many("\""),
        many("reg "),
        format!("type {}", many("(")),
        format!("global @g: i32 = {}", many("9")),
        format!("func %f() {{\n{}}}", many("br x\n")),
        format!("func %f() {{\n{}}}", many("reg a: i32\n")),
        format!("func %f() {{\nreg {}a: i32\n}}", many("a: i32, ")),
        format!("func %f() {{\nx:\n{}}}", many("loop x\n")),
        format!("data 0 i8 {}", many("1 ")),
        (0..50_000).map(|n| format!("func %f{n}() {{\nx{n}:\n}}\n")).collect(),
    ] {
        let start = std::time::Instant::now();
        let _ = parse(&text);
        let taken = start.elapsed();
        assert!(taken.as_secs() < 2, "{taken:?} for {}…", &text[..40]);
    }
}

#[test]
fn nonsense_text_never_panics() {
    arbtest(|u| {
        let bytes = u.peek_bytes(u.len()).unwrap_or_default();
        let _ = parse(&String::from_utf8_lossy(bytes));
        let mut mutated = EVERYTHING.as_bytes().to_vec();
        for _ in 0..u.int_in_range(1..=8)? {
            let at = u.choose_index(mutated.len())?;
            let until = at + u.int_in_range(0..=3)?.min(mutated.len() - at);
            let letters = b"\"\\\n;:,.#%@!{}()-0x9rLe \xc3\xa9";
            let with: Vec<u8> = (0..u.int_in_range(0..=3)?).map(|_| Ok(*u.choose(letters)?)).collect::<Result<_>>()?;
            mutated.splice(at..until, with);
        }
        if let Ok(module) = parse(&String::from_utf8_lossy(&mutated)) {
            assert_survives(&module);
        }
        Ok(())
    })
    .budget_ms(1000);
}

#[test]
fn random_modules_survive() {
    arbtest(|u| {
        let module = arbitrary_module(u)?;
        assert_survives(&module);
        module.functions.iter().for_each(|function| assert_same_alone(&module, function));
        Ok(())
    })
    .budget_ms(1000);
}

/// Instructions printed alone look as in the whole module; labels and sites aside, which only the whole knows.
fn assert_same_alone(module: &Module, function: &Function) {
    let text = module.to_string();
    let whole = |role| matches!(role, Role::Forward | Role::Back | Role::Site);
    let depends = |instr: &Instr| instr.operands().any(|(op, _)| whole(op.role));
    let mut pc = 0;
    while pc < function.code.len() {
        let has_inner_line = function.debug.lines.iter().any(|entry| entry.0 as usize == pc + 1);
        let instr = Instr::decode(&function.code[pc..]).filter(|instr| {
            let is_whole = function.code[pc..].starts_with(instr.encode().as_words());
            is_whole && !(has_inner_line && instr.words() == 2)
        });
        if let Some(instr) = instr.filter(|instr| !depends(instr)) {
            let alone = print_instruction(module, function, pc, &instr);
            assert!(text.contains(&format!("  {alone}\n")), "{alone}\n{text}");
        }
        pc += instr.map_or(1, |instr| instr.words());
    }
}

/// An instruction with any operand bits, often small ones.
fn arbitrary_instr(u: &mut Unstructured<'_>, op: Opcode) -> Result<Instr> {
    let mut instr = Instr { op, args: [0; 4] };
    for (arg, operand) in instr.args.iter_mut().zip(op.info().operands) {
        let bits = if u.ratio(1, 2)? { u.int_in_range(0..=6)? } else { u64::arbitrary(u)? };
        *arg = bits & (u64::MAX >> (64 - operand.bits));
    }
    Ok(instr)
}

fn arbitrary_module(u: &mut Unstructured<'_>) -> Result<Module> {
    let mut module = Module { name: arbitrary_name(u)?, ..Module::default() };
    for _ in 0..u.int_in_range(0..=4)? {
        module.types.push(Signature::new(arbitrary_types(u)?, arbitrary_types(u)?));
    }
    for n in 0..u.int_in_range(0..=3)? {
        module.imports.push(Import { name: distinct_name(u, "i", n)?, sig: SigId(u.int_in_range(0..=5)?) });
    }
    for n in 0..u.int_in_range(0..=3)? {
        module.natives.push(Native { name: distinct_name(u, "n", n)?, sig: SigId(u32::arbitrary(u)? >> 20) });
    }
    for n in 0..u.int_in_range(0..=3)? {
        let (name, ty) = (distinct_name(u, "g", n)?, *u.choose(&Type::ALL)?);
        module.globals.push(Global { name, ty, mutable: bool::arbitrary(u)?, init: u64::arbitrary(u)? });
    }
    if bool::arbitrary(u)? {
        module.memory = Some(Memory { min: u32::arbitrary(u)?, max: u32::arbitrary(u)? });
    }
    for _ in 0..u.int_in_range(0..=2)? {
        module.data.push(Data { offset: u32::arbitrary(u)?, bytes: Vec::arbitrary(u)? });
    }
    for n in 0..u.int_in_range(0..=4)? {
        let name = distinct_name(u, "f", n)?;
        let function = arbitrary_function(u, name, &module)?;
        module.functions.push(function);
    }
    Ok(module)
}

fn arbitrary_function(u: &mut Unstructured<'_>, name: String, module: &Module) -> Result<Function> {
    let sig = SigId(u.int_in_range(0..=4)?);
    let mut registers = arbitrary_types(u)?;
    if let Some(sig) = module.signature(sig).filter(|_| u.ratio(3, 4).unwrap_or(true)) {
        registers.splice(0..0, sig.params.iter().copied());
    }
    let mut code = Vec::new();
    for _ in 0..u.int_in_range(0..=12)? {
        match u.int_in_range(0..=9)? {
            0 => code.push(u64::arbitrary(u)?),
            1 => code.push(u64::arbitrary(u)? & !0xffff | *u.choose(Opcode::ALL)? as u64),
            _ => {
                let op = *u.choose(Opcode::ALL)?;
                code.extend_from_slice(arbitrary_instr(u, op)?.encode().as_words());
            }
        }
    }
    let mut debug = Debug::default();
    for register in 0..registers.len() as u16 {
        if bool::arbitrary(u)? {
            debug.names.push((register, arbitrary_name(u)?));
        }
    }
    for pc in 0..=code.len() as u32 {
        if u.ratio(1, 4)? {
            debug.lines.push((pc, u32::arbitrary(u)?));
        }
    }
    Ok(Function { name, sig, registers, code: Code::from(code), handlers: vec![], debug })
}

fn arbitrary_types(u: &mut Unstructured<'_>) -> Result<Vec<Type>> {
    (0..u.int_in_range(0..=12)?).map(|_| Ok(*u.choose(&Type::ALL)?)).collect()
}

fn arbitrary_name(u: &mut Unstructured<'_>) -> Result<String> {
    let usual = ["", "_", "a", "b", "r0", "r1", "r99999", "loop", "nan", "inf", "reg", "a.b$c", "\"", "; \\", "é\n"];
    if u.ratio(3, 4)? { Ok(u.choose(&usual)?.to_string()) } else { String::arbitrary(u) }
}

/// A name that no other one of its kind has, unless it is empty.
fn distinct_name(u: &mut Unstructured<'_>, kind: &str, n: usize) -> Result<String> {
    let name = arbitrary_name(u)?;
    let cut: String = name.chars().take(100).collect();
    Ok(if cut.is_empty() { cut } else { format!("{cut}{kind}{n}") })
}
