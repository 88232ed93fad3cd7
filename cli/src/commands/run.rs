//! `regatta run`: load, verify, link, call.

use crate::args::{Call, With};
use crate::clock::{CpuClock, in_milliseconds, share_of};
use crate::diagnostics::{Drawing, draw};
use crate::entry;
use crate::modules::{self, Modules};
use crate::output;
use crate::status::{Failure, Outcome, Status};
use crate::symbols::WithGdb;
use crate::trace::{Trace, Writing};
use clap::Args;
use regatta_vm::task::CallError;
use regatta_vm::{Config, Program, Scalar, TraceFrame, Vm, VmError, default_backend};
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// Run a program and print the results of its function, one per line
///
/// Exit codes: 0 done, 2 wrong usage, 3 the file was rejected, 4 the program trapped or threw something that nobody
/// caught (also when its heap or its stack reached the limit), 5 it used up its fuel.
#[derive(Args)]
#[command(after_help = "\
Examples:
  regatta run fib.rga 30
  regatta run shapes.rga --invoke area 1.5 -2.5
  regatta run spin.rga --fuel 1000000 --stats
  regatta run trees.rga 10 --heap-bytes 64K
  regatta run fib.rga 3 --trace=fib --trace-limit 20
  regatta run circle.rga 2 --with math.rga")]
pub(crate) struct Run {
    /// The program, text (.rga) or binary (.rgm)
    file: PathBuf,

    #[command(flatten)]
    with: With,

    /// The engine; `regatta engines` lists them
    #[arg(long, value_name = "NAME", default_value = default_backend())]
    engine: String,

    /// Verify each function at its first call instead of all of them before
    #[arg(long)]
    lazy: bool,

    /// Say on standard error what it took
    #[arg(long)]
    stats: bool,

    #[command(flatten)]
    trace: Trace,

    #[command(flatten)]
    symbols: WithGdb,

    #[command(flatten)]
    call: Call,
}

/// CPU time of the steps.
#[derive(Default)]
struct Times {
    load: Duration,
    verify: Duration,
    run: Duration,
    /// The run once more, by the clock on the wall, as the collector's pauses are.
    wall: Duration,
}

impl Run {
    pub(crate) fn execute(self) -> Outcome {
        self.symbols.begin()?;
        let config = Config { engine: self.engine.clone(), limits: self.call.limits(), ..Config::default() };
        let vm = Vm::new(config).map_err(|error| Failure::Usage(error.to_string()))?;
        let (mut vm, writing) = self.trace.begin(vm)?;
        let mut times = Times::default();

        let clock = CpuClock::start();
        let loaded = modules::load(self.with.files.iter().chain([&self.file]))?;
        times.load = clock.elapsed();

        let clock = CpuClock::start();
        let add = if self.lazy { Vm::add_lazily } else { Vm::add };
        let modules = Modules::link(loaded, |module| add(&mut vm, module))?;
        times.verify = clock.elapsed();

        let asked = self.call.invoke.as_deref();
        let func = entry::choose(vm.program(), modules.last(), asked).map_err(Failure::Usage)?;
        let args = entry::arguments(vm.program(), func, &self.call.args).map_err(Failure::Usage)?;

        let (clock, wall) = (CpuClock::start(), Instant::now());
        let results = vm.call_function(func, &args);
        (times.run, times.wall) = (clock.elapsed(), wall.elapsed());

        let outcome = conclude(results, &modules, vm.program());
        writing.map_or(Ok(()), Writing::end)?;
        if self.stats {
            output::error_text(&stats(&vm, &times));
        }
        outcome
    }
}

pub(super) fn conclude(results: Result<Vec<Scalar>, VmError>, modules: &Modules, program: &Program) -> Outcome {
    match results {
        Ok(results) => {
            for result in results {
                output::line(result)?;
            }
            Ok(Status::Done)
        }
        Err(error) => refuse(error, modules, program),
    }
}

/// What stands in the way of results.
fn refuse(error: VmError, modules: &Modules, program: &Program) -> Outcome {
    match error {
        VmError::Rejected(errors) => Err(modules.rejected(program, &errors).into()),
        VmError::Process(_) | VmError::Refused(_) => Err(modules.reject(error.to_string()).into()),
        VmError::Trapped(trapped) => {
            let title = match &trapped.failure {
                Some(failure) => format!("{}: {failure}", trapped.trap),
                None => trapped.trap.to_string(),
            };
            output::error_text(&trace(title, &trapped.trace, trapped.more, modules));
            Ok(Status::Trapped)
        }
        VmError::Threw(threw) => {
            let title = format!("nobody caught {}", threw.text);
            output::error_text(&trace(title, &threw.trace, threw.more, modules));
            Ok(Status::Trapped)
        }
        VmError::Call(CallError::Trap(trap)) => {
            output::error_text(&draw(&[Drawing::error(trap.to_string())]));
            Ok(Status::Trapped)
        }
        VmError::OutOfFuel(_) => {
            output::error_text(&draw(&[Drawing::error(error.to_string())]));
            Ok(Status::OutOfFuel)
        }
        _ => Err(Failure::Usage(error.to_string())),
    }
}

/// The trap or exception, drawn where it happened, and the calls that led there.
fn trace(title: String, frames: &[TraceFrame], more: usize, modules: &Modules) -> String {
    let home = frames.first().and_then(|frame| Some((frame, modules.home(frame.func)?)));
    let file = home.map(|(_, (origin, _))| origin.file());
    let place = home.and_then(|(frame, (origin, n))| origin.instruction(n, frame.pc));
    let calls = frames.chunk_by(|a, b| (a.func, a.pc) == (b.func, b.pc));
    let notes = calls.map(|alike| match alike.len() {
        1 => format!("at {}", frame_line(&alike[0], modules)),
        times => format!("at {}, {times} times", frame_line(&alike[0], modules)),
    });
    let more = (more > 0).then(|| format!("and {more} more calls"));
    let notes = notes.chain(more).collect();
    draw(&[Drawing { file: file.as_deref(), place, notes, ..Drawing::error(title) }])
}

/// `%fib, shapes.rga:12`, `%fib, word 3 of shapes.rgm, line 12`.
fn frame_line(frame: &TraceFrame, modules: &Modules) -> String {
    let TraceFrame { func, name, pc, line } = frame;
    let place = match modules.home(*func) {
        Some((origin, n)) => match origin.instruction(n, *pc) {
            Some(place) => format!("{}:{}", origin.file(), place.line),
            None => format!("word {pc} of {}", origin.file()),
        },
        None => format!("word {pc}"),
    };
    let line = line.map_or(String::new(), |line| format!(", line {line}"));
    format!("%{name}, {place}{line}")
}

fn stats(vm: &Vm, times: &Times) -> String {
    let pages = vm.process().map_or(0, |process| process.memory.pages());
    let heap = vm.process().map(|process| process.heap.stats()).unwrap_or_default();
    let share = 100.0 * share_of(heap.pause_total, times.wall);
    let (total, longest) = (in_milliseconds(heap.pause_total), in_milliseconds(heap.pause_max));
    [
        ("engine", vm.executor().name().to_string()),
        ("fuel", vm.fuel_used().to_string()),
        ("load", in_milliseconds(times.load)),
        ("verify", in_milliseconds(times.verify)),
        ("run", in_milliseconds(times.run)),
        ("memory", entry::plural(pages as usize, "page")),
        ("stack", entry::plural(vm.stack_slots(), "slot")),
        ("heap", format!("{}, {} allocated", entry::plural(heap.used_bytes, "byte"), heap.allocated_bytes)),
        ("gc", format!("{} copying, {} minor, {} full", heap.copies, heap.minor, heap.full)),
        ("pauses", format!("{total}, {share:.1} % of the time, longest {longest}")),
    ]
    .map(|(what, value)| format!("{what:8}{value}\n"))
    .concat()
}
