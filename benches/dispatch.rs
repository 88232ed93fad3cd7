//! How fast is each engine? Wall clock, for people: `<program>/<engine>` at the quick size, with the result checked.

use criterion::{Criterion, criterion_group, criterion_main};
use regatta_benches::{RunLine, Track, workloads};
use regatta_vm::backends;
use std::time::{Duration, Instant};

fn dispatch(c: &mut Criterion) {
    for workload in workloads() {
        let mut group = c.benchmark_group(&workload.name);
        group.sample_size(10).warm_up_time(Duration::from_millis(200)).measurement_time(Duration::from_secs(1));
        for engine in backends() {
            let track = Track::new(&workload, engine).expect("every engine takes every workload");
            group.bench_function(track.engine(), |b| {
                b.iter_custom(|laps| (0..laps).map(|_| time(&track, &workload.quick)).sum())
            });
        }
    }
}

fn time(track: &Track, line: &RunLine) -> Duration {
    let mut lap = track.lap(line).expect("the call fits");
    let start = Instant::now();
    lap.run();
    let time = start.elapsed();
    lap.finish().expect("the right result");
    time
}

criterion_group!(benches, dispatch);
criterion_main!(benches);
