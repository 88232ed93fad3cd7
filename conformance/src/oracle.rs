//! Oracles: what must hold, whatever the input.

use crate::case::{Case, Failure, Run};
use crate::harness::Constructor;
use crate::observe::{Observation, first_difference, observe_in_slices};
use regatta_ir::FuncId;
use regatta_vm::{Executor, Limits, Program, Scalar};

/// A call of a function, with what it may use.
#[derive(Clone, Copy, Debug)]
pub struct Call<'a> {
    /// The function.
    pub func: FuncId,
    /// Its arguments.
    pub args: &'a [Scalar],
    /// What it may use.
    pub limits: Limits,
}

/// Does a run come out the same when it is cut into slices of fuel, and the engines take turns?
///
/// Tried are slices of each size from 1 to 7, and `random` of changing sizes. `whole` is what it came to in one piece.
pub fn slices_agree(
    program: &Program,
    call: Call<'_>,
    executors: &[Box<dyn Executor>],
    whole: &Observation,
    random: &mut impl FnMut() -> u64,
) -> Result<(), String> {
    let attempt = |what: &str, next_slice: &mut dyn FnMut() -> u64| {
        let sliced = observe_in_slices(program, call.func, call.args, executors, call.limits, next_slice);
        match first_difference(whole, &sliced) {
            Some(difference) => Err(format!("in one piece and in slices of {what}: {difference}")),
            None => Ok(()),
        }
    };
    // Slices of a few units take long where there is much to do.
    let smallest = 1 + whole.fuel / MAX_SLICES;
    for size in smallest..smallest + 7 {
        attempt(&format!("{size}"), &mut || size)?;
    }
    attempt("changing size", &mut || smallest * (1 + random() % 16))
}

/// Slices a run is cut into at most, roughly.
const MAX_SLICES: u64 = 20_000;

/// Every run of a case, in slices.
pub fn case_in_slices(case: &Case, engines: &[Constructor]) -> Result<(), Failure> {
    let executors: Vec<_> = engines.iter().map(|make| make()).collect();
    let mut state = 0x2545_f491_4f6c_dd1d;
    let mut random = || xorshift(&mut state);
    case.check_runs("slices", |program, run: &Run| {
        let whole = case.observe(program, run, &*executors[0]);
        let func = run.func(case.module.as_ref()?);
        let call = Call { func, args: &run.args, limits: Case::limits(run) };
        slices_agree(program, call, &executors, &whole, &mut random).err()
    })
}

/// A small generator of numbers that look random: enough to cut runs in odd places, always the same ones.
fn xorshift(state: &mut u64) -> u64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    *state
}
