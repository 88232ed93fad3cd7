//! What the debugger says.

use regatta_vm::debug::{Debugger, FrameLine, Place, Register, Stop};
use regatta_vm::listing::Line;
use regatta_vm::{VmError, ir::FuncId};

/// Why the program stands still, and where.
pub(super) fn stop(debugger: &mut Debugger<'_>, stop: &Stop) -> String {
    let place = || debugger.frames(0, 1).first().map_or(String::new(), |frame| format!(" at {}", place(frame)));
    let why = match stop {
        Stop::Reached => return here(debugger),
        Stop::Break(number) => format!("stopped: breakpoint {number}"),
        Stop::Watch { number, what, old, new } => format!("stopped: watch {number}, {what}: {old} -> {new}"),
        Stop::WatchOver { number, what, why } => format!("stopped: watch {number}, {what}, is over: {why}"),
        Stop::OutOfFuel => {
            format!("stopped: out of fuel{} (`fuel N` gives more)", place())
        }
        Stop::Trapped(trap) => {
            let message = debugger.process().failure.as_ref().map_or(trap.to_string(), |why| format!("{trap}: {why}"));
            format!("stopped: trap {}{}: {message}", trap.name(), place())
        }
        Stop::Threw => {
            let place = place();
            let text = match debugger.outcome() {
                Some(Err(VmError::Threw(threw))) => threw.exception.to_string(),
                _ => String::new(),
            };
            format!("stopped: nobody caught {text}, thrown{place}")
        }
        Stop::Returned => return returned(debugger),
        _ => return "stopped: the function can't be run\n".to_string(),
    };
    format!("{why}\n{}", here(debugger))
}

fn returned(debugger: &mut Debugger<'_>) -> String {
    let results = match debugger.outcome() {
        Some(Ok(results)) => results,
        _ => vec![],
    };
    let results: Vec<String> = results.iter().map(ToString::to_string).collect();
    match results.is_empty() {
        true => "stopped: the program has returned\n".to_string(),
        false => format!("stopped: the program has returned {}\n", results.join(", ")),
    }
}

/// The instruction that is next.
fn here(debugger: &Debugger<'_>) -> String {
    let Some(frame) = debugger.frames(0, 1).into_iter().next() else { return String::new() };
    let line = debugger.listing(frame.func).into_iter().find(|line| line.word == frame.word);
    format!("{}: {}\n", place(&frame), line.map_or(String::new(), |line| line.text))
}

/// `%fib:3 line 12`
fn place(frame: &FrameLine) -> String {
    let line = frame.line.map_or(String::new(), |line| format!(" line {line}"));
    format!("%{}:{}{line}", frame.name, frame.word)
}

/// A line of `frames`.
pub(super) fn frame(number: usize, frame: &FrameLine, is_chosen: bool) -> String {
    let mark = if is_chosen { "*" } else { " " };
    let shown: Vec<String> = frame.parameters.iter().filter(|one| one.value.is_some()).map(register).collect();
    format!("{mark}#{number:<3} {} ({})\n", place(frame), shown.join(", "))
}

/// `n = 5`
pub(super) fn register(register: &Register) -> String {
    let number = format!("r{}", register.number);
    let name = register.name.as_deref().unwrap_or(&number);
    let value = match &register.value {
        Some(value) => value,
        None if register.is_stale => "(an object nobody needs any more)",
        None => "(no value)",
    };
    format!("{name} = {value}")
}

/// A line of `regs`: number, type, name and value.
pub(super) fn register_line(one: &Register) -> String {
    format!("{:<5} {:<4} {}\n", format!("r{}", one.number), one.ty.name(), register(one))
}

/// Instructions, with the one that is next and those with a breakpoint.
pub(super) fn listing(lines: &[Line], func: FuncId, at: Option<u32>, places: &[Place]) -> String {
    let mut text = String::new();
    let mut source = None;
    for line in lines {
        if line.source != source {
            source = line.source;
            text += &source.map_or(String::new(), |source| format!("   line {source}\n"));
        }
        let is_broken =
            places.contains(&Place::Word(func, line.word)) || line.word == 0 && places.contains(&Place::Function(func));
        let next = if at == Some(line.word) { "=>" } else { "  " };
        let broken = if is_broken { "*" } else { " " };
        text += &format!("{next}{broken}{:>4}  {}\n", line.word, line.text);
    }
    text
}
