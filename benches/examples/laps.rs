//! Runs the quick call of a workload on an engine some times over, each time from nothing, and checks the results:
//! `laps loop match 3`. For profilers and counters, such as `scripts/count-instructions`.

use regatta_benches::{Track, workloads};

fn main() -> Result<(), String> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [name, engine, times] = &args[..] else {
        return Err("wanted are a workload, an engine and a number".into());
    };
    let workload = workloads().into_iter().find(|w| w.name == *name).ok_or("there is no such workload")?;
    let track = Track::new(&workload, regatta_vm::backend(engine).ok_or("there is no such engine")?)?;
    for _ in 0..times.parse().map_err(|error| format!("{times}: {error}"))? {
        let mut lap = track.lap(&workload.quick)?;
        lap.run();
        lap.finish()?;
    }
    Ok(())
}
