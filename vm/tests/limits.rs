//! Programs end at their limits, and the machine is good for another run.

use regatta_vm::ir::{limits::PAGE_BYTES, text};
use regatta_vm::{Config, Limits, Scalar, Vm, VmError, backends};

const SOURCE: &str = "
    memory 1 1000
    func %down(n: i32) -> i32 {
      reg r: i32, _: i32, arg: i32
      br_i32_eq_imm n, 0, bottom
      i32_add_imm arg, n, -1
      call r, %down
      i32_add_imm r, r, 1
      ret_value r
    bottom:
      ret_value n
    }
    func %spin() {
    again:
      loop again
    }
    func %grow() -> i32 {
      reg pages: i32, ten: i32, before: i32
      i32_const ten, 10
    again:
      memory_grow before, ten
      loop_i32_ne_imm before, -1, again
      memory_size pages
      ret_value pages
    }";

fn each_machine(limits: Limits, check: impl Fn(&mut Vm)) {
    for executor in backends() {
        let config = Config { engine: executor.name().to_string(), limits, ..Config::default() };
        let mut vm = Vm::new(config).unwrap();
        vm.add(text::parse(SOURCE).unwrap()).unwrap();
        check(&mut vm);
        assert_eq!(vm.call("down", &[Scalar::I32(3)]).unwrap(), [Scalar::I32(3)], "the machine is still good");
    }
}

#[test]
fn recursion_ends_at_the_stack_limit() {
    // A frame of %down takes 3 slots on top of its caller's first: 1 + 2 for the header; the last one needs all 4.
    let limits = Limits { stack_slots: 2 + 3 * 100 + 4, ..Limits::default() };
    each_machine(limits, |vm| {
        assert_eq!(vm.call("down", &[Scalar::I32(100)]).unwrap(), [Scalar::I32(100)]);
        let error = vm.call("down", &[Scalar::I32(101)]).unwrap_err().to_string();
        assert!(error.starts_with("the call stack reached its limit\n    at %down (word 2)"), "{error}");
        assert!(error.ends_with("… and 69 more"), "{error}");
        assert_eq!(vm.fuel_used(), 101, "the call that failed was paid for");
    });
}

#[test]
fn a_million_frames_deep() {
    each_machine(Limits { stack_slots: 4_000_000, ..Limits::default() }, |vm| {
        assert_eq!(vm.call("down", &[Scalar::I32(1_000_000)]).unwrap(), [Scalar::I32(1_000_000)]);
    });
}

/// No engine needs more of the host's stack for a program that recurses, or says when to begin anew.
#[test]
fn a_million_frames_deep_on_a_small_native_stack() {
    let deep = || {
        each_machine(Limits { stack_slots: 4_000_000, ..Limits::default() }, |vm| {
            assert_eq!(vm.call("down", &[Scalar::I32(1_000_000)]).unwrap(), [Scalar::I32(1_000_000)]);
            assert_eq!(vm.fuel_used(), 1_000_000);
        });
    };
    std::thread::Builder::new().stack_size(512 << 10).spawn(deep).unwrap().join().unwrap();
}

#[test]
fn a_frame_that_never_fits_is_no_call() {
    each_machine(Limits { stack_slots: 5 + 3 * 4, ..Limits::default() }, |_| {});
    let config = Config { limits: Limits { stack_slots: 5, ..Limits::default() }, ..Config::default() };
    let mut vm = Vm::new(config).unwrap();
    vm.add(text::parse(SOURCE).unwrap()).unwrap();
    assert!(matches!(vm.call("down", &[Scalar::I32(0)]), Err(VmError::Call(_))));
}

#[test]
fn fuel_ends_a_loop() {
    each_machine(Limits { fuel: Some(1000), ..Limits::default() }, |vm| {
        assert_eq!(vm.call("spin", &[]).unwrap_err(), VmError::OutOfFuel(1000));
        assert_eq!(vm.fuel_used(), 1000);
    });
}

#[test]
fn memory_grows_to_its_limit() {
    let limits = Limits { memory_bytes: 100 * PAGE_BYTES as u64, ..Limits::default() };
    each_machine(limits, |vm| assert_eq!(vm.call("grow", &[]).unwrap(), [Scalar::I32(91)]));
    let config = Config { limits: Limits { memory_bytes: 1000, ..limits }, ..Config::default() };
    let mut vm = Vm::new(config).unwrap();
    vm.add(text::parse(SOURCE).unwrap()).unwrap();
    let error = vm.call("grow", &[]).unwrap_err().to_string();
    assert_eq!(error, "the program starts with 65536 bytes of linear memory, above the limit of 1000");
}

#[test]
fn arguments_must_fit_the_signature() {
    each_machine(Limits::default(), |vm| {
        let error = vm.call("down", &[Scalar::F64(1.0)]).unwrap_err().to_string();
        assert_eq!(error, "function %0 takes (i32), given were (f64)");
        assert_eq!(vm.call("nothing", &[]).unwrap_err().to_string(), "there is no function `nothing`");
    });
    let unknown = Vm::new(Config { engine: "warp".to_string(), ..Config::default() }).unwrap_err().to_string();
    assert!(unknown.starts_with("there is no engine `warp`; there are reference, match"), "{unknown}");
}
