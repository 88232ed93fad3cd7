//! How fast is code proved?
//!
//! Three tables: the typed workloads, where what a module costs at all is most of it; functions of up to a million
//! instructions, where only the pace counts, with the memory it takes at its peak; and `wasmparser` over the same
//! algorithms, from bytes to proof on both sides, as single modules and with every function 1000 times over. Three of
//! those are written by hand, in `peers/programs/`; the folder named by `REGATTA_WASM` may have others as
//! `<program>.wasm`, such as clang makes from C.

use regatta_benches::measure::{Times, in_turns, is_test, memory_mib};
use regatta_benches::{Workload, synthetic, wasm, workloads};
use regatta_vm::ir::{Module, backing::Backing, binary};
use regatta_vm::verifier::{EmptyEnvironment, verify};
use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;

const WRITTEN: [(&str, &str); 3] = [
    ("fib", include_str!("peers/programs/fib.wat")),
    ("collatz", include_str!("peers/programs/collatz.wat")),
    ("loop", include_str!("peers/programs/loop.wat")),
];

fn main() {
    if let Some(file) = std::env::args().skip_while(|arg| arg != "peak").nth(1) {
        return peak(Path::new(&file));
    }
    let (rounds, largest, copies) = if is_test() { (1, 10_000, 2) } else { (25, 1_000_000, 1000) };
    let workloads = workloads();
    println!("{:10} {:>12} {:>20} {:>20}", "module", "instructions", "min/median", "per instruction");
    for workload in &workloads {
        row(&workload.name, workload.module(), rounds);
    }
    for instructions in [10_000, 100_000, 1_000_000].into_iter().filter(|&n| n <= largest) {
        row("synthetic", synthetic::one_function(instructions), rounds);
        peak_in_a_process_of_its_own(instructions);
    }
    println!("\n{:10} {:>6} {:>20} {:>20} {:>8}", "program", "copies", "regatta", "wasmparser", "ratio");
    for copies in [1, copies] {
        let ratios: Vec<f64> = workloads.iter().filter_map(|w| compare(w, copies, rounds)).collect();
        let mean = (ratios.iter().map(|ratio| ratio.ln()).sum::<f64>() / ratios.len() as f64).exp();
        println!("{:10} {copies:>6} {:>50.3}", "geomean", mean);
    }
}

fn row(name: &str, module: Module, rounds: usize) {
    let instructions = synthetic::instructions(&module);
    let mut slot = Some(module);
    let mut work = || {
        let module = slot.take().expect("it is put back");
        slot = Some(verify(module, &EmptyEnvironment).expect("it keeps its promises").into_inner());
    };
    let [times] = in_turns(rounds, [&mut work]);
    println!("{name:10} {instructions:>12} {:>20} {:>20}", times.to_string(), times.per(instructions).to_string());
}

/// Both sides from bytes to proof; their ratio by the fastest samples, ours first.
fn compare(workload: &Workload, copies: usize, rounds: usize) -> Option<f64> {
    let theirs = wasm::repeat(&wasm_of(&workload.name)?, copies);
    let mut ours = synthetic::repeat(workload.module(), copies);
    ours.functions.iter_mut().for_each(|function| function.debug = Default::default()); // theirs is skipped
    let ours = Arc::new(Backing::copied(&binary::encode(&ours).expect("workloads fit")));
    let mut regatta = || {
        let module = binary::decode(ours.clone()).expect("it was just encoded");
        black_box(verify(module, &EmptyEnvironment).expect("it keeps its promises"));
    };
    let mut wasmparser = || {
        black_box(wasmparser::Validator::new().validate_all(&theirs).expect("it is valid"));
    };
    let [ours, theirs]: [Times; 2] = in_turns(rounds, [&mut regatta, &mut wasmparser]);
    let ratio = ours.min / theirs.min;
    println!("{:10} {copies:>6} {:>20} {:>20} {ratio:>8.3}", workload.name, ours.to_string(), theirs.to_string());
    Some(ratio)
}

fn wasm_of(name: &str) -> Option<Vec<u8>> {
    if let Some((_, text)) = WRITTEN.iter().find(|written| written.0 == name) {
        return Some(wat::parse_str(text).expect("the texts are modules"));
    }
    let Ok(folder) = std::env::var("REGATTA_WASM") else {
        println!("{name:10} skipped: REGATTA_WASM names no folder with {name}.wasm");
        return None;
    };
    let read = std::fs::read(Path::new(&folder).join(name).with_extension("wasm"));
    read.inspect_err(|error| println!("{name:10} skipped: {folder}/{name}.wasm: {error}")).ok()
}

/// Verifies a file and says by how much that raised the highest resident memory.
fn peak(file: &Path) {
    let backing = Backing::copied(&std::fs::read(file).expect("the parent wrote it"));
    let module = binary::decode(Arc::new(backing)).expect("the parent wrote it");
    std::fs::write("/proc/self/clear_refs", "5").expect("Linux resets `VmHWM` this way");
    let before = memory_mib("VmRSS");
    let proof = verify(module, &EmptyEnvironment).expect("it keeps its promises");
    if let (Some(before), Some(after)) = (before, memory_mib("VmHWM")) {
        println!("{:>45} {:.2} MiB", "peak memory on top of the module:", after - before);
    }
    drop(proof);
}

/// What the allocator already holds would hide what the verifier takes.
fn peak_in_a_process_of_its_own(instructions: usize) {
    if !Path::new("/proc/self/clear_refs").exists() {
        return println!("{:>45}", "peak memory: not known without /proc");
    }
    let file = tempfile::NamedTempFile::new().expect("a temporary file");
    let bytes = binary::encode(&synthetic::one_function(instructions)).expect("it fits");
    std::fs::write(file.path(), bytes).expect("room for it");
    let me = std::env::current_exe().expect("this is a program");
    let status = std::process::Command::new(me).arg("peak").arg(file.path()).status().expect("it runs");
    assert!(status.success());
}
