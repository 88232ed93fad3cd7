//! Preparation: what engines make of code before they run it, how large it is, and what making it takes.
//!
//! Workloads are small, so each is taken many times over: [`BULK`] bytes of binary module are prepared at once, nine times
//! from nothing, and the fastest counts.

use crate::clock::CpuClock;
use regatta_benches::Workload;
use regatta_vm::ir::{Function, Module, binary};
use regatta_vm::{Executor, Linked, Program, backend};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Bytes of binary module that are prepared at once, or a little less.
const BULK: usize = 64 << 10;
const ROUNDS: usize = 9;

/// What an engine makes of a workload.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Preparation {
    pub(crate) workload: String,
    pub(crate) engine: String,
    /// Functions that were prepared: those of the workload, several times.
    pub(crate) functions: usize,
    /// The size of their binary module.
    pub(crate) rgm_bytes: usize,
    /// What the engine made of them; none if it runs them as they are.
    pub(crate) code_bytes: Option<usize>,
    pub(crate) ns: u64,
}

impl Preparation {
    /// Prepares a workload for an engine.
    pub(crate) fn of(workload: &Workload, engine: &str) -> Result<Preparation, String> {
        let encoded =
            |module: &Module| binary::encode(module).map(|bytes| bytes.len()).map_err(|error| error.to_string());
        let of_one = encoded(&repeated(workload.module(), 2))?.saturating_sub(encoded(&workload.module())?);
        let mut copies = (BULK / of_one.max(1)).max(1);
        if workload.link_changed(|module| repeated(module, copies)).is_err() {
            copies = 1; // its functions don't like company
        }
        let rgm_bytes = encoded(&repeated(workload.module(), copies))?;
        let (mut least, mut made) = (Duration::MAX, (0, None));
        for _ in 0..ROUNDS {
            let executor = backend(engine).ok_or_else(|| format!("there is no engine `{engine}`"))?;
            let (program, linked) = workload.link_changed(|module| repeated(module, copies))?;
            let clock = CpuClock::start();
            for n in 0..linked.names().len() {
                let func = linked.function(n).expect("there are as many as names");
                executor.prepare(&program, func).map_err(|error| error.to_string())?;
            }
            least = least.min(clock.elapsed());
            made = (linked.names().len(), code_bytes(&*executor, &program, &linked));
        }
        let (functions, code_bytes) = made;
        let (workload, engine) = (workload.name.clone(), engine.into());
        Ok(Preparation { workload, engine, functions, rgm_bytes, code_bytes, ns: least.as_nanos() as u64 })
    }
}

/// The module with its functions several times. Copies have no names, and call the originals.
fn repeated(mut module: Module, times: usize) -> Module {
    let copy = |function: &Function| Function { name: String::new(), ..function.clone() };
    let copies: Vec<_> = module.functions.iter().map(copy).collect();
    (1..times).for_each(|_| module.functions.extend(copies.iter().cloned()));
    module
}

fn code_bytes(executor: &dyn Executor, program: &Program, linked: &Linked) -> Option<usize> {
    let functions = (0..linked.names().len()).filter_map(|n| linked.function(n));
    functions.filter_map(|func| executor.code_bytes(program, func)).reduce(|a, b| a + b)
}

/// What an engine makes of all workloads of a race.
pub(crate) struct Made {
    pub(crate) bytes_per_function: f64,
    /// For each byte of binary module.
    pub(crate) bytes_per_byte: f64,
    /// For each million bytes of binary module.
    pub(crate) time_per_mb: Duration,
}

impl Made {
    /// The sum of what an engine made; nothing if that is nothing.
    pub(crate) fn by(engine: &str, all: &[Preparation]) -> Option<Made> {
        let mine = || all.iter().filter(|one| one.engine == engine);
        let code: usize = mine().filter_map(|one| one.code_bytes).sum();
        let functions: usize = mine().map(|one| one.functions).sum();
        let rgm: usize = mine().map(|one| one.rgm_bytes).sum();
        let ns: u64 = mine().map(|one| one.ns).sum();
        (code > 0).then(|| Made {
            bytes_per_function: code as f64 / functions as f64,
            bytes_per_byte: code as f64 / rgm as f64,
            time_per_mb: Duration::from_nanos((ns as f64 * 1e6 / rgm as f64) as u64),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_is_summed_over_workloads() {
        let one = |engine: &str, functions, rgm_bytes, code_bytes, ns| {
            let (workload, engine) = ("w".to_string(), engine.to_string());
            Preparation { workload, engine, functions, rgm_bytes, code_bytes, ns }
        };
        let all = [one("a", 1, 1000, Some(3000), 500), one("b", 1, 1000, None, 9), one("a", 3, 1000, Some(1000), 1500)];
        let made = Made::by("a", &all).unwrap();
        assert_eq!((made.bytes_per_function, made.bytes_per_byte), (1000.0, 2.0));
        assert_eq!(made.time_per_mb, Duration::from_millis(1));
        assert!(Made::by("b", &all).is_none() && Made::by("c", &all).is_none());
    }

    #[test]
    fn closures_are_made_of_every_function_and_match_makes_nothing() {
        let workload = regatta_benches::workloads().swap_remove(0);
        let functions = workload.module().functions.len();
        let closure = Preparation::of(&workload, "closure").unwrap();
        assert!(closure.functions > functions && closure.functions.is_multiple_of(functions), "{}", closure.functions);
        assert!((BULK / 2..=2 * BULK).contains(&closure.rgm_bytes), "{}", closure.rgm_bytes);
        // A closure holds at least its operands and the one after it.
        assert!(closure.code_bytes.unwrap() > closure.rgm_bytes, "{:?}", closure.code_bytes);
        assert_eq!(Preparation::of(&workload, "match").unwrap().code_bytes, None);
    }
}
