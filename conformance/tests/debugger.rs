//! A debugger over all cases: whoever looks changes nothing, and can look anywhere.

use regatta_conformance::case::{Case, LIMITS, Run, find};
use regatta_conformance::harness::case_folder;
use regatta_conformance::host::natives;
use regatta_vm::debug::{Register, Stop};
use regatta_vm::host::RecordingHost;
use regatta_vm::ir::FuncId;
use regatta_vm::process::{GcOptions, Zeal};
use regatta_vm::{Config, Limits, Scalar, Vm, VmError};

/// Instructions of a run that are looked at one by one.
const STEPS: usize = 100;

fn machine(case: &Case, run: &Run, limits: Limits) -> (Vm, FuncId) {
    let config = Config { limits, natives: natives(), host: Box::<RecordingHost>::default(), ..Config::default() };
    let mut vm = Vm::new(config).expect("the default engine exists");
    let module = case.module.clone().expect("a case that runs has a module");
    let linked = vm.add(module).unwrap_or_else(|error| panic!("{}: {error}", case.name));
    (vm, linked.function(run.function).expect("the case was read"))
}

/// What was shown at each step: registers of the innermost frames.
type Shown = Vec<Vec<Register>>;

/// Steps through a run and shows everything at every step, then lets it run to its end.
fn stepped(vm: &mut Vm, func: FuncId, run: &Run, shown: &mut Shown) -> Result<Vec<Scalar>, VmError> {
    let mut debugger = vm.debug(func, &run.args)?;
    for step in 0..STEPS {
        if debugger.end().is_some() {
            break;
        }
        let frames = debugger.frames(0, 3);
        let all = (0..frames.len()).flat_map(|up| debugger.registers(up).expect("the frame exists"));
        shown.push(all.collect());
        for up in 0..frames.len() {
            for register in debugger.registers(up).expect("the frame exists") {
                let path = format!("r{}", register.number);
                assert_eq!(debugger.value(&path, up).is_ok(), register.value.is_some(), "{path}");
                if register.value.is_some() && step % 16 == 0 && debugger.points().len() < 8 {
                    debugger.add_watch(&path, up).expect("it has a value");
                }
            }
        }
        if debugger.step() == Stop::OutOfFuel {
            break;
        }
    }
    debugger.points().iter().for_each(|point| assert!(debugger.delete(point.number)));
    debugger.run();
    debugger.outcome().expect("nothing stops it any more")
}

/// What is shown where objects move and die at every request for memory is what is shown where none ever does.
fn compare(case: &Case, calm: &Shown, tormented: &Shown) {
    assert_eq!(calm.len(), tormented.len(), "{}", case.name);
    for (step, (calm, tormented)) in calm.iter().zip(tormented).enumerate() {
        for (calm, tormented) in calm.iter().zip(tormented).filter(|(_, tormented)| !tormented.is_stale) {
            assert_eq!(calm, tormented, "{}, step {step}", case.name);
        }
    }
}

#[test]
fn looking_changes_nothing() {
    let cases = find(&[case_folder()]).unwrap_or_else(|error| panic!("{error}"));
    let mut looked = 0;
    for case in cases.iter().filter(|case| case.errors.is_empty() && case.module.is_some()) {
        let mut first: Option<Shown> = None;
        for zeal in [Zeal::Off, Zeal::Generations] {
            let limits = Limits { gc: GcOptions::torment(zeal), ..LIMITS };
            for run in case.runs.iter().take(1) {
                let limits = Limits { fuel: run.with_fuel.or(limits.fuel), ..limits };
                let (mut vm, func) = machine(case, run, limits);
                let expected = vm.call_function(func, &run.args);
                let (mut vm, func) = machine(case, run, limits);
                let mut shown = Shown::new();
                let seen = stepped(&mut vm, func, run, &mut shown);
                assert_eq!(seen, expected, "{}, line {}", case.name, run.line);
                let first = first.get_or_insert_with(|| shown.clone());
                compare(case, first, &shown);
                looked += 1;
            }
        }
    }
    assert!(looked > 500, "{looked}");
}
