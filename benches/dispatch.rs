//! How fast is each engine? Wall clock, for people: `<program>/<engine>` at the quick size, with the result checked.

use criterion::{Criterion, criterion_group, criterion_main};
use regatta_benches::workloads;
use regatta_vm::load::load_text;
use regatta_vm::{Config, Vm, backends};
use std::time::Duration;

fn dispatch(c: &mut Criterion) {
    for workload in workloads() {
        let mut group = c.benchmark_group(workload.name);
        group.sample_size(10).warm_up_time(Duration::from_millis(200)).measurement_time(Duration::from_secs(1));
        for engine in backends() {
            let config = Config { engine: engine.name().to_string(), ..Config::default() };
            let mut vm = Vm::new(config).expect("it is one of the engines");
            vm.add(load_text(workload.source.to_string()).expect("workloads are modules").module).expect("verified");
            let run = &workload.quick;
            group.bench_function(engine.name(), |b| {
                b.iter(|| assert_eq!(vm.call(&run.function, &run.args).expect("no trap"), run.expected))
            });
        }
    }
}

criterion_group!(benches, dispatch);
criterion_main!(benches);
