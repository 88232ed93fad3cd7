//! Oracles: what must hold, whatever the input. Each panics when it does not, saying what broke, so that a test, a fuzzer
//! and a person at a debugger are served alike.
//!
//! | oracle | holds for |
//! |---|---|
//! | [`loads`] | any bytes: a loader gives a module or an error, no larger than its input, and what is read can be written |
//! | [`round_trips`] | any module: text form and binary form keep it |
//! | [`verifier_is_total`] | any module: the verifier answers, always the same |
//! | [`engines_agree`] | any module that verifies: no promise is found broken, and all engines show the same |
//! | [`collections_agree`] | the same: however and whenever objects are collected, all show the same, and the heap is in order |
//! | [`slices_agree`] | any run: stopping it and going on with another engine changes nothing |
//! | [`case_in_torment`] | any case: collecting all the time changes nothing, on any engine, and leaves the heap intact |
//!
//! Engines come as a list whose first one is the judge. If all engines share a mistake, all agree: meanings are proved by
//! case files, not here.

use crate::case::{Case, Failure, Run};
use crate::generate::Generated;
use crate::harness::Constructor;
use crate::host;
use crate::observe::{Observation, first_difference, observe, observe_in_slices};
use regatta_ir::backing::Backing;
use regatta_ir::text::parse;
use regatta_ir::{FuncId, Instr, Module, Opcode, binary};
use regatta_verifier::{verify, verify_outline};
use regatta_vm::process::{GcOptions, Zeal};
use regatta_vm::{Executor, Limits, Program, Scalar, load};
use std::sync::Arc;

/// Makes a new engine of each kind, the judge first.
pub type Engines<'a> = &'a dyn Fn() -> Vec<Box<dyn Executor>>;

/// What generated programs may use: little, so that they meet every limit.
pub const LIMITS: Limits = Limits {
    stack_slots: 1 << 12,
    heap_bytes: 1 << 16,
    memory_bytes: 3 << 16,
    fuel: Some(2_000),
    gc: GcOptions::USUAL,
};

/// Loads bytes. What comes of it has not more parts than there were bytes, survives writing, and the verifier has an
/// answer to it.
pub fn loads(bytes: &[u8]) {
    let Ok(loaded) = load::load_bytes(bytes) else { return };
    let parts = parts(&loaded.module);
    assert!(parts <= 8 * bytes.len() + 64, "{} bytes became a module of {parts} parts", bytes.len());
    if binary::is_binary(bytes) && loaded.module.functions.iter().all(|function| function.code.is_intact()) {
        let again = binary::encode(&loaded.module).expect("what was read can be written");
        assert!(again == bytes, "a file that is read and written again is another file");
    }
    if loaded.source.is_some() {
        prints(&loaded.module);
    }
    verifier_is_total(&loaded.module);
}

/// What a module takes, roughly, in bytes.
fn parts(module: &Module) -> usize {
    let types: usize = module.types.iter().map(|ty| 2 + ty.params.len() + ty.results.len()).sum();
    let data: usize = module.data.iter().map(|data| data.bytes.len()).sum();
    let bodies = module.functions.iter().map(|function| {
        let debug = function.debug.lines.len() + function.debug.names.len();
        function.registers.len() + function.code.len() + debug + function.name.len()
    });
    types + data + bodies.sum::<usize>() + module.imports.len() + module.natives.len() + module.globals.len()
}

/// Text that comes of a module is read back to that module, and printing is settled.
fn prints(module: &Module) {
    let text = module.to_string();
    let again = parse(&text).unwrap_or_else(|errors| panic!("printed text does not parse: {errors}\n{text}"));
    assert!(again == *module, "printed text is another module:\n{text}");
    assert!(again.to_string() == text, "printing what was printed gives other text:\n{text}");
}

/// Text form and binary form keep a module.
pub fn round_trips(module: &Module) {
    prints(module);
    let Ok(bytes) = binary::encode(module) else { return };
    let again = binary::decode(Arc::new(Backing::copied(&bytes))).expect("what was written can be read");
    assert!(again == *module, "a module that is written and read again is another module:\n{module}");
    assert!(again.functions.iter().all(|function| function.code.is_intact()), "written code lost its checksum");
    assert!(binary::encode(&again).as_ref() == Ok(&bytes), "a module that is read has another file:\n{module}");
}

/// The verifier has an answer, the same every time, at once and function by function. Was it yes?
pub fn verifier_is_total(module: &Module) -> bool {
    let program = Program::new(host::natives());
    let answer = verify(module.clone(), &program).map(drop);
    let again = verify(module.clone(), &program).map(drop);
    assert!(answer == again, "the verifier has two answers to\n{module}");
    if let Ok(outline) = verify_outline(module.clone(), &program) {
        let bodies = outline.verify_bodies().map(drop);
        assert!(answer == bodies, "the verifier has another answer function by function to\n{module}");
    } else {
        assert!(answer.is_err(), "the verifier refuses the outline alone of\n{module}");
    }
    answer.is_ok()
}

/// Runs a program on every engine, in one piece and in slices, proved before it is linked and at its first calls, with
/// collections now and then and all the time: always the same. Does nothing for a module that does not verify, or does not fit the host of tests; says whether it ran.
pub fn engines_agree(generated: &Generated, engines: Engines<'_>, random: &mut impl FnMut() -> u64) -> bool {
    let Generated { module, calls } = generated;
    let eager = Program::new(host::natives());
    let Ok(proof) = verify(module.clone(), &eager) else { return false };
    if eager.link(proof).is_err() {
        return false;
    }
    let lazy = Program::new(host::natives());
    let outline = verify_outline(module.clone(), &lazy).expect("the module verifies, so its outline does");
    lazy.link_lazily(outline).expect("it was linked before");
    let (on_eager, on_lazy) = (engines(), engines());
    for (function, args) in calls {
        let call = Call { func: module.function_id(*function), args, limits: LIMITS };
        if let Err(difference) = agree(&eager, &lazy, call, [&on_eager, &on_lazy], random) {
            let args = crate::observe::list(args);
            panic!("%#{function}({args}): {difference}\n{module}");
        }
    }
    true
}

/// Ways to collect: seldom, when a small nursery is full; at every allocation, moving everything; and promoting, so that
/// old objects refer to young ones.
const WAYS: [GcOptions; 3] =
    [GcOptions { zeal: Zeal::Off, nursery_bytes: 512, verify: true }, TORMENTS[0], TORMENTS[1]];

/// Bytes of objects: next to nothing, little, and what generated programs usually have.
const HEAPS: [usize; 3] = [600, 3_000, LIMITS.heap_bytes];

/// Runs a program while its objects are collected in every way, on every engine, in slices, and with little room: always
/// the same, but for what a weak reference finds. Says whether it ran.
pub fn collections_agree(generated: &Generated, engines: Engines<'_>, random: &mut impl FnMut() -> u64) -> bool {
    let Generated { module, calls } = generated;
    let program = Program::new(host::natives());
    let Ok(proof) = verify(module.clone(), &program) else { return false };
    if program.link(proof).is_err() {
        return false;
    }
    let executors = engines();
    let looks_for_dead = names(module, Opcode::WeakGet);
    for (function, args) in calls {
        let heap_bytes = HEAPS[random() as usize % HEAPS.len()];
        let (func, limits) = (module.function_id(*function), Limits { heap_bytes, ..LIMITS });
        let mut whole = observe(&program, func, args, &*executors[0], limits);
        for gc in WAYS {
            let limits = Limits { gc, ..limits };
            if looks_for_dead {
                whole = observe(&program, func, args, &*executors[0], limits);
            }
            let compare = |name: &str, seen: Observation| {
                if let Some(difference) = first_difference(&whole, &seen) {
                    let args = crate::observe::list(args);
                    panic!("%#{function}({args}) with {heap_bytes} bytes, {name} with {gc:?}: {difference}\n{module}");
                }
            };
            for executor in &executors {
                compare(executor.name(), observe(&program, func, args, &**executor, limits));
            }
            compare("turns", observe_in_slices(&program, func, args, &executors, limits, || 1 + random() % 8));
        }
    }
    true
}

/// Does a module have this instruction?
fn names(module: &Module, op: Opcode) -> bool {
    module.functions.iter().any(|function| {
        let mut rest = &*function.code;
        std::iter::from_fn(|| {
            let instr = Instr::decode(rest)?;
            rest = &rest[instr.words()..];
            Some(instr.op)
        })
        .any(|found| found == op)
    })
}

fn agree(
    eager: &Program,
    lazy: &Program,
    call: Call<'_>,
    [on_eager, on_lazy]: [&[Box<dyn Executor>]; 2],
    random: &mut impl FnMut() -> u64,
) -> Result<(), String> {
    let Call { func, args, limits } = call;
    let whole = observe(eager, func, args, &*on_eager[0], limits);
    let compare = |name: &str, seen: Observation| match first_difference(&whole, &seen) {
        Some(difference) => Err(format!("{} and {name}: {difference}", on_eager[0].name())),
        None => Ok(()),
    };
    for executor in &on_eager[1..] {
        compare(executor.name(), observe(eager, func, args, &**executor, limits))?;
    }
    let turns = observe_in_slices(lazy, func, args, on_lazy, limits, || 1 + random() % 8);
    compare("all in turns, proving at first calls", turns)?;
    for executor in on_lazy {
        compare(executor.name(), observe(lazy, func, args, &**executor, limits))?;
    }
    slices_agree(eager, call, on_eager, &whole, random)
}

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

/// Slices a run is cut into at most, roughly.
const MAX_SLICES: u64 = 5_000;

/// Does a run come out the same when it is cut into slices of fuel, and the engines take turns?
///
/// Tried are slices of seven sizes from 1 (more where there is much to do), and of `random` size. `whole` is what the run
/// came to in one piece.
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
    let smallest = 1 + whole.fuel / MAX_SLICES;
    for size in smallest..smallest + 7 {
        attempt(&size.to_string(), &mut || size)?;
    }
    attempt("changing size", &mut || smallest * (1 + random() % 16))
}

/// Every run of a case, in slices.
pub fn case_in_slices(case: &Case, engines: &[Constructor]) -> Result<(), Failure> {
    let executors: Vec<_> = engines.iter().map(|make| make()).collect();
    let mut random = numbers(1);
    case.check_runs("slices", |program, run: &Run| {
        let whole = case.observe(program, run, &*executors[0]);
        let func = run.func(program, case.module.as_ref()?);
        let call = Call { func, args: &run.args, limits: Case::limits(run) };
        slices_agree(program, call, &executors, &whole, &mut random).err()
    })
}

/// The torments: collecting at every request for memory, and looking at the whole heap afterwards.
const TORMENTS: [GcOptions; 2] = [GcOptions::torment(Zeal::Move), GcOptions::torment(Zeal::Generations)];

/// Every run of a case comes out as it says under every torment, on every engine.
pub fn case_in_torment(case: &Case, engines: &[Constructor]) -> Result<(), Failure> {
    let executors: Vec<_> = engines.iter().map(|make| make()).collect();
    case.check_runs("torment", |program, run: &Run| {
        let func = run.func(program, case.module.as_ref()?);
        let pairs = TORMENTS.iter().flat_map(|gc| executors.iter().map(move |executor| (gc, executor)));
        pairs.into_iter().find_map(|(&gc, executor)| {
            let seen = observe(program, func, &run.args, &**executor, Limits { gc, ..Case::limits(run) });
            let difference = run.difference(&seen)?;
            Some(format!("{}, {:?}: {difference}", executor.name(), gc.zeal))
        })
    })
}

/// Numbers that look random, always the same ones for a seed: enough to cut runs in odd places.
pub fn numbers(seed: u64) -> impl FnMut() -> u64 {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    }
}
