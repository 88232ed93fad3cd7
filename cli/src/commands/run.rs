//! `regatta run`: load, verify, link, call.

use crate::args::Call;
use crate::clock::{CpuClock, in_milliseconds};
use crate::diagnostics::{Drawing, Place, draw};
use crate::entry;
use crate::origin::{self, Origin};
use crate::output;
use crate::status::{Failure, Outcome, Status};
use clap::Args;
use regatta_vm::task::CallError;
use regatta_vm::{Config, Scalar, TraceFrame, Trapped, Vm, VmError, default_backend};
use std::path::PathBuf;
use std::time::Duration;

/// Run a program and print the results of its function, one per line
///
/// Exit codes: 0 done, 2 wrong usage, 3 the file was rejected, 4 the program trapped, 5 it used up its fuel.
#[derive(Args)]
#[command(after_help = "\
Examples:
  regatta run fib.rga 30
  regatta run shapes.rga --invoke area 1.5 -2.5
  regatta run spin.rga --fuel 1000000 --stats")]
pub(crate) struct Run {
    /// The program, text (.rga) or binary (.rgm)
    file: PathBuf,

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
    call: Call,
}

/// CPU time of the steps.
#[derive(Default)]
struct Times {
    load: Duration,
    verify: Duration,
    run: Duration,
}

impl Run {
    pub(crate) fn execute(self) -> Outcome {
        let config = Config { engine: self.engine.clone(), limits: self.call.limits(), ..Config::default() };
        let mut vm = Vm::new(config).map_err(|error| Failure::Usage(error.to_string()))?;
        let mut times = Times::default();

        let clock = CpuClock::start();
        let (module, origin) = origin::load(&self.file)?;
        times.load = clock.elapsed();

        let clock = CpuClock::start();
        let linked = match if self.lazy { vm.add_lazily(module) } else { vm.add(module) } {
            Ok(linked) => linked,
            Err(error) => return refuse(error, origin),
        };
        times.verify = clock.elapsed();

        let asked = self.call.invoke.as_deref();
        let func = entry::choose(vm.program(), &linked, asked).map_err(Failure::Usage)?;
        let args = entry::arguments(vm.program(), func, &self.call.args).map_err(Failure::Usage)?;

        let clock = CpuClock::start();
        let results = vm.call_function(func, &args);
        times.run = clock.elapsed();

        let outcome = conclude(results, origin);
        if self.stats {
            output::error_text(&stats(&vm, &times));
        }
        outcome
    }
}

fn conclude(results: Result<Vec<Scalar>, VmError>, origin: Origin) -> Outcome {
    match results {
        Ok(results) => {
            for result in results {
                output::line(result)?;
            }
            Ok(Status::Done)
        }
        Err(error) => refuse(error, origin),
    }
}

/// What stands in the way of results.
fn refuse(error: VmError, origin: Origin) -> Outcome {
    match error {
        VmError::Rejected(errors) => Err(origin.rejected(&errors).into()),
        VmError::Link(_) | VmError::Process(_) | VmError::Refused(_) => Err(origin.reject(error.to_string()).into()),
        VmError::Trapped(trapped) => {
            output::error_text(&trace(&trapped, &origin));
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

/// The trap, drawn where it happened, and the calls that led there.
fn trace(trapped: &Trapped, origin: &Origin) -> String {
    let title = match &trapped.failure {
        Some(failure) => format!("{}: {failure}", trapped.trap),
        None => trapped.trap.to_string(),
    };
    let file = origin.file();
    let place = trapped.trace.first().and_then(|frame| place(frame, origin));
    let calls = trapped.trace.chunk_by(|a, b| (a.func, a.pc) == (b.func, b.pc));
    let notes = calls.map(|alike| match alike.len() {
        1 => format!("at {}", frame_line(&alike[0], origin)),
        times => format!("at {}, {times} times", frame_line(&alike[0], origin)),
    });
    let more = (trapped.more > 0).then(|| format!("and {} more calls", trapped.more));
    let notes = notes.chain(more).collect();
    draw(&[Drawing { file: Some(&file), place, notes, ..Drawing::error(title) }])
}

fn place<'a>(frame: &TraceFrame, origin: &'a Origin) -> Option<Place<'a>> {
    let text = &origin.source.as_ref()?.text;
    let (span, line, column) = origin.instruction(frame.func, frame.pc)?;
    Some(Place { text, span, line, column, label: None })
}

/// `%fib, shapes.rga:12`, `%fib, word 3, line 12`.
fn frame_line(frame: &TraceFrame, origin: &Origin) -> String {
    let TraceFrame { func, name, pc, line } = frame;
    let place = match origin.instruction(*func, *pc) {
        Some((_, line, _)) => format!("{}:{line}", origin.file()),
        None => format!("word {pc}"),
    };
    let line = line.map_or(String::new(), |line| format!(", line {line}"));
    format!("%{name}, {place}{line}")
}

fn stats(vm: &Vm, times: &Times) -> String {
    let pages = vm.process().map_or(0, |process| process.memory.pages());
    [
        ("engine", vm.executor().name().to_string()),
        ("fuel", vm.fuel_used().to_string()),
        ("load", in_milliseconds(times.load)),
        ("verify", in_milliseconds(times.verify)),
        ("run", in_milliseconds(times.run)),
        ("memory", entry::plural(pages as usize, "page")),
        ("stack", entry::plural(vm.stack_slots(), "slot")),
    ]
    .map(|(what, value)| format!("{what:8}{value}\n"))
    .concat()
}
