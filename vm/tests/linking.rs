//! Modules join a program: numbers are replaced, imports found, and what does not fit is refused.

use regatta_vm::host::RecordingHost;
use regatta_vm::ir::{FuncId, text};
use regatta_vm::verifier::{Environment, verify, verify_function};
use regatta_vm::{Config, LinkError, Natives, Program, Scalar, Vm, VmError, native};

fn module(source: &str) -> regatta_vm::ir::Module {
    text::parse(source).unwrap_or_else(|errors| panic!("{errors}"))
}

fn add(vm: &mut Vm, source: &str) -> Result<(), VmError> {
    vm.add(module(source)).map(|_| ())
}

const MATH: &str = "
    module \"math\"
    global @calls: mut i32 = 0
    func %square(n: i32) -> i32 {
      reg c: i32
      global_get c, @calls
      i32_add_imm c, c, 1
      global_set c, @calls
      i32_mul c, n, n
      ret_value c
    }
    func %count() -> i32 {
      reg c: i32
      global_get c, @calls
      ret_value c
    }";

/// Every kind of reference, in a module whose numbers all move: functions, signatures, globals, natives.
const USER: &str = "
    module \"user\"
    import %math.square (i32) -> i32
    native !print.i32 (i32) -> ()
    global @bias: i32 = 100
    type () -> f64
    func %twice(n: i32) -> i32 {
      reg f: i32, a: i32, b: i32, arg: i32
      func_const f, %math.square
      mov arg, n
      call_indirect a, f, (i32) -> i32
      mov arg, a
      call a, %biased
      mov arg, a
      call_native a, !print.i32
      mov arg, n
      call a, %biased
      ret_value a
    }
    func %biased(n: i32) -> i32 {
      reg a: i32
      global_get a, @bias
      i32_add a, a, n
      ret_value a
    }";

#[test]
fn a_later_module_gets_new_numbers() {
    let host = RecordingHost::default();
    let config = Config { host: Box::new(host.clone()), ..Config::default() };
    let mut vm = Vm::new(config).unwrap();
    add(&mut vm, MATH).unwrap();
    add(&mut vm, USER).unwrap();
    assert_eq!(vm.call("user.twice", &[Scalar::I32(5)]).unwrap(), [Scalar::I32(105)]);
    assert_eq!(host.output(), b"125\n");
    assert_eq!(vm.call("math.count", &[]).unwrap(), [Scalar::I32(1)]);
    assert_eq!(vm.call("count", &[]).unwrap(), [Scalar::I32(1)], "a short name is enough where it is the only one");
}

#[test]
fn the_first_module_runs_where_it_lies() {
    let program = Program::new(Natives::new());
    let code = module(MATH);
    let place = code.functions[0].code.as_ptr();
    let linked = program.link(verify(code, &program).unwrap()).unwrap();
    let entry = program.entry(linked.find("square").unwrap()).unwrap();
    assert_eq!(entry.code().unwrap().as_ptr(), place);
}

#[test]
fn modules_know_their_own_functions() {
    let mut vm = Vm::default();
    let math = vm.add(module(MATH)).unwrap();
    let other = vm.add(module("import %math.square (i32) -> i32\nfunc %f() {\nret\n}")).unwrap();
    let [square, count, f] = ["square", "count", "f"].map(|name| vm.find(name).unwrap());
    assert_eq!([square, count, f].map(|func| math.number_of(func)), [Some(0), Some(1), None]);
    assert_eq!([square, count, f].map(|func| other.number_of(func)), [None, None, Some(0)]);
    assert_eq!(math.number_of(FuncId::dynamic(0)), None);
}

#[test]
fn declared_natives_are_linked_and_fail() {
    let code = module(
        "native !no.such (i32) -> ()\nfunc %f() {\nreg a: i32, b: i32, n: i32\ni32_const n, 1\n\
                       call_native a, !no.such\nret\n}",
    );
    let mut natives = Natives::new();
    natives.declare("no.such", code.types[code.natives[0].sig.index()].clone());
    let mut vm = Vm::new(Config { natives, ..Config::default() }).unwrap();
    vm.add(code).unwrap();
    assert!(vm.call("f", &[]).unwrap_err().to_string().contains("the native is only declared"));
}

#[test]
fn what_does_not_fit_is_refused() {
    let mut vm = Vm::default();
    let link = |vm: &mut Vm, source: &str| match add(vm, source) {
        Err(VmError::Link(error)) => error.to_string(),
        other => panic!("not a link error: {other:?}"),
    };
    let missing = link(&mut vm, "native !no.such () -> ()");
    assert!(
        missing.starts_with("native `no.such` is not offered by the host; it offers natives of array, "),
        "{missing}"
    );
    let misspelt = link(&mut vm, "native !print.i31 () -> ()");
    assert!(
        misspelt.starts_with("native `print.i31` is not offered by the host; it offers print.bytes, "),
        "{misspelt}"
    );
    let other = link(&mut vm, "native !print.i32 (i64) -> ()");
    assert_eq!(other, "native `print.i32` is declared as (i64) -> (), but the host's is (i32) -> ()");

    add(&mut vm, "memory 1 1").unwrap();
    assert_eq!(link(&mut vm, "memory 1 1"), "another module of the program already has linear memory");
    add(&mut vm, "func %f() {\nret\n}").unwrap();
    assert_eq!(link(&mut vm, "func %f() {\nret\n}"), "the program already has a function `f`");

    let unknown = add(&mut vm, "import %nobody.f () -> ()").unwrap_err().to_string();
    assert!(unknown.contains("[V-REF]") && unknown.contains("nobody.f"), "{unknown}");
    let changed = add(&mut vm, "import %f (i32) -> ()").unwrap_err().to_string();
    assert!(changed.contains("[V-REF]"), "{changed}");
}

#[test]
fn a_proof_is_good_for_one_program() {
    let (one, other) = (Program::new(Natives::new()), Program::new(Natives::new()));
    let proof = verify(module(MATH), &one).unwrap();
    assert_eq!(other.link(proof).unwrap_err(), LinkError::ForeignProof);

    let linked = one.link(verify(module(MATH), &one).unwrap()).unwrap();
    let body = one.entry(linked.function(1).unwrap()).unwrap().body().unwrap().clone();
    let proof = verify_function(body, &one).unwrap();
    assert_eq!(other.install(proof).unwrap_err(), LinkError::ForeignProof);
}

#[test]
fn memory_declared_after_the_process_began_is_there() {
    let mut vm = Vm::default();
    add(&mut vm, "func %first() {\nret\n}").unwrap();
    vm.call("first", &[]).unwrap();
    add(&mut vm, "memory 1 2\ndata 8 i32 42\nfunc %load(a: i32) -> i32 {\ni32_load a, a, 8\nret_value a\n}").unwrap();
    assert_eq!(vm.call("load", &[Scalar::I32(0)]).unwrap(), [Scalar::I32(42)]);
}

#[test]
fn two_machines_share_nothing() {
    let mut vms = [Vm::default(), Vm::default()];
    for vm in &mut vms {
        add(vm, MATH).unwrap();
    }
    let [one, other] = &mut vms;
    one.call("math.square", &[Scalar::I32(3)]).unwrap();
    assert_eq!(one.call("math.count", &[]).unwrap(), [Scalar::I32(1)]);
    assert_eq!(other.call("math.count", &[]).unwrap(), [Scalar::I32(0)]);
    assert_ne!(one.program().id(), other.program().id());
}

#[test]
fn natives_take_and_give_typed_values() {
    let mut natives = Natives::new();
    natives
        .add("min_max", |a: f64, b: f64, c: i32| (a.min(b), a.max(b), c + 1))
        .add("checked", |n: i64| if n < 0 { Err(native::NativeError("below zero".into())) } else { Ok(n) });
    let mut vm = Vm::new(Config { natives, ..Config::default() }).unwrap();
    let source = "
        native !min_max (f64, f64, i32) -> (f64, f64, i32)
        native !checked (i64) -> i64
        func %spread(x: f64, y: f64) -> f64 {
          reg low: f64, high: f64, a: f64, b: f64, c: i32, d: i32
          mov a, x
          mov b, y
          i32_const c, 4
          call_native low, !min_max
          f64_sub high, high, low
          f64_convert_i32_s low, d
          f64_mul high, high, low
          ret_value high
        }
        func %check(n: i64) -> i64 {
          reg r: i64, _: i64, a: i64
          mov a, n
          call_native r, !checked
          ret_value r
        }";
    add(&mut vm, source).unwrap();
    assert_eq!(vm.call("spread", &[Scalar::F64(9.0), Scalar::F64(2.0)]).unwrap(), [Scalar::F64(35.0)]);
    assert_eq!(vm.call("check", &[Scalar::I64(7)]).unwrap(), [Scalar::I64(7)]);
    let error = vm.call("check", &[Scalar::I64(-7)]).unwrap_err().to_string();
    assert_eq!(error, "a host function failed: below zero\n    at %check (word 1)");
}

#[test]
fn a_function_has_its_name_before_anybody_proves_it() {
    let source = "func %show() -> val {\n reg v: val\n func_val v, %later\n val_to_str v, v\n ret_value v\n}\n\
                  func %later() {\n ret\n}";
    let mut vm = Vm::new(Config::default()).unwrap();
    vm.add_lazily(module(source)).unwrap();
    assert_eq!(vm.call("show", &[]).unwrap()[0].to_string(), "\"function later\"");
}
