//! How many machine instructions does `match` take for each workload? Callgrind counts them, so the numbers are the same
//! on a busy machine; what they leave out is whether branches are foreseen and memory is near. Needs valgrind and
//! `iai-callgrind-runner`. `scripts/count-instructions` looks at the same loop per IR instruction.

#![allow(missing_docs, reason = "the macros make public modules")]

use iai_callgrind::{library_benchmark, library_benchmark_group, main};
use regatta_benches::{RunLine, workloads};
use regatta_vm::Vm;
use regatta_vm::load::load_text;

/// A machine that has run the program once, so that everything is proved and the stack is there.
fn warm(name: &str) -> (Vm, RunLine) {
    let workload = workloads().into_iter().find(|workload| workload.name == name).expect("it is in `programs/`");
    let mut vm = Vm::default();
    vm.add(load_text(workload.source.to_string()).expect("workloads are modules").module).expect("verified");
    check(&mut vm, &workload.quick);
    (vm, workload.quick)
}

fn check(vm: &mut Vm, run: &RunLine) {
    assert_eq!(vm.call(&run.function, &run.args).expect("no trap"), run.expected);
}

#[library_benchmark(setup = warm)]
#[bench::fib("fib")]
#[bench::collatz("collatz")]
#[bench::counting_loop("loop")]
#[bench::sieve("sieve")]
#[bench::nbody("nbody")]
#[bench::spectral("spectral")]
#[bench::mandel("mandel")]
#[bench::fannkuch("fannkuch")]
#[bench::matmul("matmul")]
fn quick((mut vm, run): (Vm, RunLine)) -> Vm {
    check(&mut vm, &run);
    vm
}

library_benchmark_group!(name = counts; benchmarks = quick);
main!(library_benchmark_groups = counts);
