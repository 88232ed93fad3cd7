//! Functions made while a program runs, and bodies proved at their first call, on every engine.

use regatta_vm::host::StandardHost;
use regatta_vm::ir::builder::FunctionBuilder;
use regatta_vm::ir::{FuncId, Function, Signature, Type, text};
use regatta_vm::verifier::verify;
use regatta_vm::{Config, Context, Process, Program, Scalar, Vm, VmError, backends, native};

fn machines() -> Vec<Vm> {
    let machine = |name: &str| Vm::new(Config { engine: name.to_string(), ..Config::default() }).unwrap();
    backends().iter().map(|executor| machine(executor.name())).collect()
}

const STATIC: &str = "
    func %apply(f: i32, n: i32) -> i32 {
      reg r: i32, _: i32, arg: i32
      mov arg, n
      call_indirect r, f, (i32) -> i32
      ret_value r
    }
    func %triple(n: i32) -> i32 {
      i32_mul_imm n, n, 3
      ret_value n
    }";

/// `n -> callee(n) + 1`, with the numbers of a program.
fn successor_of(callee: FuncId, vm: &Vm) -> Function {
    let signature = Signature::new([Type::I32], [Type::I32]);
    let sig = vm.program().entry(callee).unwrap().sig;
    let mut b = FunctionBuilder::new("successor", sig, &signature);
    let (n, result) = (b.param(0), b.reg(Type::I32));
    b.invoke(callee, &signature, &[n], &[result]);
    b.i32_add_imm(result, result, 1);
    b.ret_value(result);
    b.finish().unwrap()
}

#[test]
fn dynamic_functions_call_and_are_called() {
    for mut vm in machines() {
        vm.add(text::parse(STATIC).unwrap()).unwrap();
        let triple = vm.find("triple").unwrap();
        let first = vm.install(successor_of(triple, &vm)).unwrap();
        let second = vm.install(successor_of(first, &vm)).unwrap();
        assert_eq!((first, second), (FuncId::dynamic(0), FuncId::dynamic(1)));

        assert_eq!(vm.call_function(second, &[Scalar::I32(5)]).unwrap(), [Scalar::I32(17)]);
        let by_id = [Scalar::I32(second.0 as i32), Scalar::I32(6)];
        assert_eq!(vm.call("apply", &by_id).unwrap(), [Scalar::I32(20)]);
        assert_eq!(vm.fuel_used(), 3);
    }
}

#[test]
fn unknown_ids_trap_in_both_ranges() {
    for mut vm in machines() {
        vm.add(text::parse(STATIC).unwrap()).unwrap();
        for id in [2, i32::MAX, i32::MIN, -1] {
            let error = vm.call("apply", &[Scalar::I32(id), Scalar::I32(0)]).unwrap_err();
            assert!(error.to_string().starts_with("an indirect call named a function that does not exist"), "{error}");
        }
    }
}

#[test]
fn a_function_must_fit_the_program() {
    let mut vm = Vm::default();
    vm.add(text::parse(STATIC).unwrap()).unwrap();
    let mut function = successor_of(vm.find("triple").unwrap(), &vm);
    function.code = vec![0xFFFF].into();
    assert!(vm.install(function).unwrap_err().to_string().contains("[V-OP]"));
}

const LAZY: &str = "
    func %good(n: i32) -> i32 {
      ret_value n
    }
    func %bad(n: i32) -> i32 {
      reg x: i32
      ret_value x
    }
    func %calls_bad(n: i32) -> i32 {
      reg r: i32, _: i32, arg: i32
      mov arg, n
      call r, %bad
      ret_value r
    }";

#[test]
fn lazily_added_bodies_are_proved_at_their_first_call() {
    for mut vm in machines() {
        let module = text::parse(LAZY).unwrap();
        assert!(vm.add(module.clone()).is_err(), "all at once, the bad body is found");
        vm.add_lazily(module).unwrap();
        assert_eq!(vm.call("good", &[Scalar::I32(1)]).unwrap(), [Scalar::I32(1)]);
        assert_eq!(vm.fuel_used(), 0, "waiting for a proof costs no fuel");
        for name in ["calls_bad", "bad", "bad"] {
            let error = vm.call(name, &[Scalar::I32(1)]).unwrap_err();
            assert!(matches!(&error, VmError::Rejected(errors) if errors.to_string().contains("[V-DEF]")), "{error}");
        }
        assert_eq!(vm.call("good", &[Scalar::I32(2)]).unwrap(), [Scalar::I32(2)], "the machine is still good");
    }
}

#[test]
fn code_that_came_later_finds_its_globals() {
    let program = Program::new(native::standard());
    let link = |source: &str| program.link(verify(text::parse(source).unwrap(), &program).unwrap()).unwrap();
    link("global @a: i32 = 1");
    let mut process = Process::new(&program, Default::default(), Box::new(StandardHost)).unwrap();
    let late = "module \"late\"\nglobal @b: i32 = 2\nfunc %f() -> i32 {\nreg r: i32\nglobal_get r, @b\nret_value r\n}";
    let f = link(late).find("f").unwrap();
    let sig = program.entry(f).unwrap().sig;

    // As an engine does when running code computes an id that another thread has just given out.
    let mut cx = Context { program: &program, process: &mut process };
    assert_eq!(cx.resolve(f.0 as i32, sig).unwrap().id, f);
    assert_eq!(process.globals(), [1, 2]);
}
