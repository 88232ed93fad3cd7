//! How many machine instructions does `match` take for each workload? Callgrind counts them, so the numbers are the same
//! on a busy machine; what they leave out is whether branches are foreseen and memory is near. Needs valgrind and
//! `iai-callgrind-runner`. `scripts/count-instructions` looks at the same loop per IR instruction.

#![allow(missing_docs, reason = "the macros make public modules")]

use iai_callgrind::{library_benchmark, library_benchmark_group, main};
use regatta_benches::{Lap, Track, workloads};

/// A call of the quick size, ready to run.
fn ready(name: &str) -> Lap<'static> {
    let workload = workloads().into_iter().find(|workload| workload.name == name).expect("it is in `programs/`");
    let workload = Box::leak(Box::new(workload));
    let engine = regatta_vm::backend("match").expect("it is one of the engines");
    let track = Box::leak(Box::new(Track::new(workload, engine).expect("the engine takes it")));
    track.lap(&workload.quick).expect("the call fits")
}

fn check(lap: Lap<'static>) {
    lap.finish().expect("the right result");
}

#[library_benchmark(setup = ready, teardown = check)]
#[bench::counting_loop("loop")]
#[bench::fib("fib")]
#[bench::collatz("collatz")]
#[bench::sieve("sieve")]
#[bench::matmul("matmul")]
#[bench::mandel("mandel")]
#[bench::fannkuch("fannkuch")]
#[bench::nbody("nbody")]
#[bench::spectral("spectral")]
fn quick(mut lap: Lap<'static>) -> Lap<'static> {
    lap.run();
    lap
}

library_benchmark_group!(name = counts; benchmarks = quick);
main!(library_benchmark_groups = counts);
