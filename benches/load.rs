//! How long from a file of 100 MB to its first instruction, and with how much memory?
//!
//! The file has many functions, and a small one that is called: decoded only, with its bodies proved at their first
//! calls (lazily), and with all of them proved before (eagerly). Each run is a process of its own, and the file is in
//! the page cache. Resident memory is what it takes on top of the process, and of that what is no part of the file.

use regatta_benches::measure::{Times, is_test, memory_mib};
use regatta_benches::synthetic;
use regatta_vm::ir::binary;
use regatta_vm::load::load_file;
use regatta_vm::{Scalar, Vm};
use std::path::Path;
use std::process::Command;
use std::time::Instant;

fn main() {
    let args: Vec<String> = std::env::args().skip_while(|arg| arg != "run").collect();
    if let [_, mode, file] = &args[..] {
        return run(mode, Path::new(file));
    }
    let (bytes, runs) = if is_test() { (1_000_000, 1) } else { (100_000_000, 9) };
    println!("{:26} {:8} {:>16} {:>14} {:>14}", "file", "proof", "min/median", "resident", "not the file");
    for instructions in [100, 1000, 10_000] {
        let one = 8 * synthetic::instructions(&synthetic::one_function(instructions));
        let module = synthetic::many_functions(bytes / one, instructions);
        let file = tempfile::NamedTempFile::new().expect("a temporary file");
        std::fs::write(file.path(), binary::encode(&module).expect("it fits")).expect("room for it");
        let name = format!("{} functions of {one} bytes", module.functions.len());
        drop(module);
        for mode in ["none", "lazy", "eager"] {
            let samples: Vec<[f64; 3]> = (0..runs).map(|_| run_in_a_process_of_its_own(mode, file.path())).collect();
            let times = Times::of(samples.iter().map(|sample| sample[0]).collect());
            let [_, resident, anonymous] = samples[0];
            println!("{name:26} {mode:8} {:>16} {resident:>10.1} MiB {anonymous:>10.1} MiB", times.to_string());
        }
    }
}

/// Prints seconds, and resident memory gained: all, and what is no part of a file.
fn run(mode: &str, file: &Path) {
    let memory = || ["VmRSS", "RssAnon"].map(|line| memory_mib(line).unwrap_or(f64::NAN));
    let (before, start) = (memory(), Instant::now());
    let module = load_file(file).expect("the parent wrote it").module;
    let mut vm = Vm::default();
    match mode {
        "none" => vm.start().expect("nothing to do"),
        "lazy" => drop(vm.add_lazily(module).expect("it keeps its promises")),
        _ => drop(vm.add(module).expect("it keeps its promises")),
    }
    if mode != "none" {
        assert_eq!(vm.call("entry", &[Scalar::I32(7)]), Ok(vec![Scalar::I32(7)]));
    }
    let (seconds, after) = (start.elapsed().as_secs_f64(), memory());
    println!("{seconds} {} {}", after[0] - before[0], after[1] - before[1]);
}

fn run_in_a_process_of_its_own(mode: &str, file: &Path) -> [f64; 3] {
    let me = std::env::current_exe().expect("this is a program");
    let output = Command::new(me).args(["run", mode]).arg(file).output().expect("it runs");
    let text = String::from_utf8(output.stdout).expect("numbers");
    let numbers: Vec<f64> = text.split_whitespace().map(|word| word.parse().expect("a number")).collect();
    numbers.try_into().unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)))
}
