//! A trace: a line for each instruction, with what it reads and what it wrote.
//!
//! ```text
//! %fib:0                   br_i32_ge_s_imm n, 2, L3                   n = 2
//! %fib:3 line 12           i32_add_imm arg_a, n, -1                   n = 2 -> arg_a = 1
//! ```
//!
//! The line begins before the instruction happens, so that a trace that breaks off shows what was under way; behind the
//! arrow is what it wrote, as seen when the next one begins. A return shows what it left in its caller's registers, an
//! instruction that did not happen what its handler got. A [`Tracer`] observes all instructions and writes those of the
//! functions that were asked for, up to a limit; then it has the engine stop, and [`Traced::then`] another one goes on.
//!
//! [`Traced::then`]: regatta_interp::trace::Traced::then

use crate::debug::{SHORT, binds, reads, results_of_call, shown, target, writes};
use crate::listing;
use regatta_interp::trace::{Observer, Scene, Step};
use regatta_ir::{FuncId, Function, Instr, Opcode};
use regatta_runtime::task::Frame;
use regatta_runtime::{Exit, Program, Task};
use std::collections::HashMap;
use std::io::{self, Write};
use std::ops::ControlFlow;

/// Which instructions a trace shows.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Filter {
    patterns: Vec<String>,
}

impl Filter {
    /// Functions by name, with commas between them; `*` stands for any characters. An empty one is all functions.
    pub fn parse(text: &str) -> Filter {
        let patterns = text.split(',').map(|name| name.trim().trim_start_matches('%').to_string());
        Filter { patterns: patterns.filter(|pattern| !pattern.is_empty()).collect() }
    }

    /// Is the function of this name meant?
    pub fn takes(&self, name: &str) -> bool {
        self.patterns.is_empty() || self.patterns.iter().any(|pattern| fits(pattern, name))
    }
}

fn fits(pattern: &str, name: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else { return pattern == name };
    let Some(name) = name.strip_prefix(start) else { return false };
    (0..=name.len()).filter(|&at| name.is_char_boundary(at)).any(|at| fits(rest, &name[at..]))
}

/// An observer that writes.
pub struct Tracer<W> {
    out: W,
    filter: Filter,
    /// Lines it may still write.
    left: u64,
    wanted: HashMap<FuncId, bool>,
    texts: HashMap<(FuncId, u32), String>,
    open: Option<Open>,
    failure: Option<io::Error>,
}

/// An instruction that has been shown, and what is to be seen when it has happened.
struct Open {
    frame: Frame,
    after: After,
    /// Where control goes when it happens.
    ways: Vec<u32>,
    /// Characters left out where it reads nothing.
    columns: usize,
}

enum After {
    /// These registers are written; the second ones if control goes on behind it.
    Writes(Vec<u16>, Vec<u16>),
    /// Results land in these registers of this frame.
    Returns(Option<(Frame, Vec<u16>)>),
}

/// Instructions whose text is kept.
const MAX_TEXTS: usize = 1 << 16;

impl<W: Write + Send> Tracer<W> {
    /// Writes at most so many lines.
    pub fn new(out: W, filter: Filter, limit: u64) -> Tracer<W> {
        let (wanted, texts) = (HashMap::new(), HashMap::new());
        Tracer { out, filter, left: limit, wanted, texts, open: None, failure: None }
    }

    /// What stood in the way of writing.
    pub fn failure(&mut self) -> Option<io::Error> {
        self.failure.take()
    }

    fn write(&mut self, text: &str) {
        if self.failure.is_none()
            && let Err(error) = self.out.write_all(text.as_bytes())
        {
            self.failure = Some(error);
        }
    }

    /// Writes what the last instruction came to.
    fn close(&mut self, scene: &Scene<'_>, now: Option<Step>) {
        let Some(open) = self.open.take() else { return };
        let end = now.map_or(String::new(), |step| came_to(scene, &open, step));
        let columns = if end.is_empty() { 0 } else { open.columns.saturating_sub(1) };
        self.write(&format!("{:columns$}{end}\n", ""));
    }

    fn begin(&mut self, scene: &Scene<'_>, step: Step) -> Option<()> {
        let Scene { program, task, .. } = *scene;
        let function = program.entry(step.func)?.body()?;
        let instr = Instr::decode(function.code.get(step.word as usize..)?)?;
        let frame = task.frames(program).next()?;
        if self.texts.len() >= MAX_TEXTS {
            self.texts.clear();
        }
        let text = self.texts.entry((step.func, step.word)).or_insert_with(|| {
            let line = function.debug.line(step.word).map_or(String::new(), |line| format!(" line {line}"));
            let place = format!("%{}:{}{line}", program.function_name(step.func), step.word);
            let text = listing::instruction(program, step.func, step.word).unwrap_or_default();
            format!("{place:<24} {text:<42}")
        });
        let read = reads(program, function, &instr);
        let read: Vec<String> = read.iter().map(|&register| named(program, task, function, frame, register)).collect();
        let line = format!("{text} {}", read.join(", "));
        let (shown, columns) = (line.trim_end(), line.len() - line.trim_end().len());
        self.write(shown);
        self.open = Some(Open {
            frame,
            after: After::of(program, task, function, &instr, frame),
            ways: ways(step, &instr),
            columns,
        });
        Some(())
    }
}

impl After {
    fn of(program: &Program, task: &Task, function: &Function, instr: &Instr, frame: Frame) -> After {
        if matches!(instr.op, Opcode::Ret | Opcode::RetValue | Opcode::RetValues) {
            let caller = task.caller(program, frame);
            let landed = caller.and_then(|caller| {
                let code = program.entry(caller.func)?.code()?;
                Some((caller, results_of_call(program, code.get(caller.pc as usize..)?)))
            });
            return After::Returns(landed);
        }
        let mut written: Vec<u16> = writes(instr).collect();
        let code = function.code.get(frame.pc as usize..).unwrap_or_default();
        written.extend(results_of_call(program, code));
        After::Writes(written, binds(program, instr).collect())
    }
}

/// Where control can go from an instruction in its frame, if no handler takes it.
fn ways(step: Step, instr: &Instr) -> Vec<u32> {
    let next = step.word as usize + instr.words();
    let table = if instr.op == Opcode::Switch { instr.args[1] as usize } else { 0 };
    let ways = (next..=next + table).chain(target(step.word as usize, instr));
    ways.map(|word| word as u32).collect()
}

/// What an instruction came to, now that `step` is next.
fn came_to(scene: &Scene<'_>, open: &Open, step: Step) -> String {
    let Scene { program, task, .. } = *scene;
    let Some(now) = task.frames(program).next() else { return String::new() };
    let shown = |frame: Frame, registers: &[u16]| {
        let function = program.entry(frame.func).and_then(|entry| entry.body());
        let shown = |register: &u16| function.map(|function| named(program, task, function, frame, *register));
        let shown: Vec<String> = registers.iter().filter_map(shown).collect();
        if shown.is_empty() { String::new() } else { format!(" -> {}", shown.join(", ")) }
    };
    let is_same_frame = (now.base, now.func) == (open.frame.base, open.frame.func);
    match &open.after {
        After::Returns(Some((caller, landed))) if now.base == caller.base && now.pc == caller.next => {
            shown(now, landed)
        }
        After::Writes(written, bound) if is_same_frame && open.ways.contains(&step.word) => {
            let bound = if open.ways.first() == Some(&step.word) { &bound[..] } else { &[] };
            shown(now, &[written, bound].concat())
        }
        After::Writes(..) if now.base > open.frame.base || step.word == 0 && !is_same_frame => String::new(),
        _ => caught(program, now).map_or(String::new(), |register| format!(" caught:{}", shown(now, &[register]))),
    }
}

/// The register that a handler, which begins where the frame stands, has its exception in.
fn caught(program: &Program, frame: Frame) -> Option<u16> {
    let handlers = &program.entry(frame.func)?.body()?.handlers;
    handlers.iter().find(|handler| handler.target == frame.pc).map(|handler| handler.exception)
}

/// `n = 5`
fn named(program: &Program, task: &Task, function: &Function, frame: Frame, register: u16) -> String {
    let slot = task.slots().get(frame.base + usize::from(register)).copied().unwrap_or_default();
    let ty = function.registers.get(usize::from(register)).copied();
    let value = ty.map_or(String::new(), |ty| shown(program, ty, slot, SHORT));
    match function.debug.register_name(register) {
        Some(name) => format!("{name} = {value}"),
        None => format!("r{register} = {value}"),
    }
}

impl<W: Write + Send> Observer for Tracer<W> {
    fn executes(&mut self, scene: &Scene<'_>, step: Step) -> ControlFlow<()> {
        self.close(scene, Some(step));
        let wanted = self.wanted.entry(step.func);
        if !*wanted.or_insert_with(|| self.filter.takes(&scene.program.function_name(step.func))) {
            return ControlFlow::Continue(());
        }
        if self.left == 0 || self.failure.is_some() {
            let text = "… and so on: that was the limit\n";
            self.write(text);
            return ControlFlow::Break(());
        }
        self.left -= 1;
        self.begin(scene, step);
        ControlFlow::Continue(())
    }

    fn leaves(&mut self, scene: &Scene<'_>, exit: Exit) {
        if self.open.is_some() {
            match exit {
                Exit::Trapped(trap) => self.write(&format!(" traps: {}", trap.name())),
                Exit::Threw => self.write(" nobody catches it"),
                Exit::OutOfFuel => self.write(" out of fuel"),
                Exit::Unprepared(_) => return, // a call of a function that gets its proof now
                _ => {}
            }
        }
        self.close(scene, None);
        if let Err(error) = self.out.flush() {
            self.failure.get_or_insert(error);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Config, Scalar, Vm, backend, load};
    use regatta_interp::trace::Traced;
    use std::sync::{Arc, Mutex};

    /// A trace of `main`, and what the call gave.
    fn trace(source: &str, args: &[Scalar], filter: &str, limit: u64) -> (String, Result<Vec<Scalar>, String>) {
        let tracer = Arc::new(Mutex::new(Tracer::new(Vec::new(), Filter::parse(filter), limit)));
        let engine = Traced::new(tracer.clone()).then(backend("match").expect("it exists"));
        let mut vm = Vm::with_executor(Config::default(), Box::new(engine));
        vm.add_lazily(load::load_text(source.to_string()).unwrap().module).unwrap();
        let results = vm.call("main", args).map_err(|error| error.to_string());
        let text = String::from_utf8(tracer.lock().unwrap().out.clone()).unwrap();
        (text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ") + "\n").collect(), results)
    }

    const CALLS: &str = "
        func %main(n: i32) -> i32 {
          reg w: i32, _: i32, a: i32, b: i32
          .line 3
          i32_add_imm a, n, 1
          i32_const b, 10
          call w, %quotient
          .line 4
          ret_value w
        }
        func %quotient(a: i32, b: i32) -> i32 {
          i32_div_s b, b, a
          ret_value b
        }";

    #[test]
    fn a_trace_shows_reads_and_writes_and_what_returns() {
        let (text, results) = trace(CALLS, &[Scalar::I32(1)], "", 100);
        let expected = "\
%main:0 line 3 i32_add_imm a, n, 1 n = 1 -> a = 2
%main:1 line 3 i32_const b, 10 -> b = 10
%main:2 line 3 call w, %quotient a = 2, b = 10
%quotient:0 i32_div_s b, b, a b = 10, a = 2 -> b = 5
%quotient:1 ret_value b b = 5 -> w = 5
%main:3 line 4 ret_value w w = 5
";
        assert_eq!(text, expected);
        assert_eq!(results, Ok(vec![Scalar::I32(5)]));
    }

    #[test]
    fn traps_end_the_line() {
        let (text, results) = trace(CALLS, &[Scalar::I32(-1)], "quo*", 100);
        assert_eq!(text, "%quotient:0 i32_div_s b, b, a b = 10, a = 0 traps: divide_by_zero\n");
        assert!(results.is_err());
    }

    #[test]
    fn behind_the_limit_another_engine_goes_on() {
        let (text, results) = trace(CALLS, &[Scalar::I32(1)], "", 2);
        assert_eq!(text.lines().count(), 3, "{text}");
        assert!(text.ends_with("that was the limit\n"), "{text}");
        assert_eq!(results, Ok(vec![Scalar::I32(5)]));
        assert_eq!(trace(CALLS, &[Scalar::I32(1)], "none, of, these", 2).0, "");
    }

    #[test]
    fn what_is_caught_is_shown() {
        let source = "
            func %main(v: val) -> val {
              reg e: val, w: val, _: val, a: val
              mov a, v
              call w, %thrower
            end:
              ret_value v
            caught:
              ret_value e
              .catch e, #0, end, caught
            }
            func %thrower(v: val) -> val {
              throw v
            }";
        let (text, _) = trace(source, &[Scalar::Val(crate::Dynamic::Text("no".into()))], "", 100);
        let expected = "\
%main:0 mov a, v v = \"no\" -> a = \"no\"
%main:1 call w, %thrower a = \"no\"
%thrower:0 throw v v = \"no\" caught: -> e = \"no\"
%main:3 ret_value e e = \"no\"
";
        assert_eq!(text, expected);
    }

    #[test]
    fn filters_have_stars() {
        for (filter, name, expected) in [
            ("fib", "fib", true),
            ("%fib", "fib", true),
            ("fib", "fibs", false),
            ("a,f*b", "fib", true),
            ("*.add*", "list.add_all", true),
            ("*", "", true),
            ("", "anything", true),
        ] {
            assert_eq!(Filter::parse(filter).takes(name), expected, "{filter} {name}");
        }
    }
}
