//! Collections: what a task and its process keep alive.
//!
//! The roots of a process are exactly these, so what is alive, and with it whether a program runs out of memory, depends
//! on the program alone and on no engine:
//!
//! * the `val` registers that matter (see [`liveness`](crate::liveness)), of every frame: the innermost stands before its
//!   instruction, which is going to be done again, or in a native call; each other one in the midst of its call;
//! * the `val` globals, and the exception on its way to a handler;
//! * what native code holds on to, which the heap knows by itself.
//!
//! **The watermark.** A minor collection need not look at frames that have not run since the last one, as nothing young
//! can have come to them. So after a collection the call word of each frame gets the bit [`CallWord::SEEN`]. Entering a
//! function, by a call or a tail call, writes a call word without the bit, whatever was there before. Now let F be the
//! first frame with the bit, seen from the top. Whatever is above F was entered since. F itself may have run since, before
//! it made the call above it, so it is scanned. The frame E below F has the bit too, or F would not be the first of an
//! unbroken row: callers are seen when their callees are. E has not run since: it would have had to get control back, by
//! a return from F or by an exception that goes past F, and either takes F's frame off the stack; the frame that a new
//! call puts there has no bit. A tail call in F may keep or lose the bit: E has not run either way. Registers of E are
//! written by E alone, or by a return to E. So E holds what it held, it stands at the same call, and its roots are those
//! the last collection has seen and updated. The same goes for all frames below E.
//!
//! Contrast with a table of stack maps that an engine makes for its code: frames have one layout for all engines, so one
//! table serves all, and code that never sees a collection costs nothing. Next: a process with several tasks shows the
//! frames of each.

use crate::entry::Entry;
use crate::exec::Context;
use crate::liveness::{Liveness, Moment};
use crate::process::Values;
use crate::program::Program;
use crate::stack::{CallWord, HEADER};
use crate::task::Task;
use regatta_heap::roots::Which;
use regatta_heap::{OutOfMemory, Roots, Value};
use regatta_ir::{FuncId, Function, Type};
use regatta_verifier::Environment;

impl Context<'_> {
    /// Makes the room that the instruction asked for which `task` stands at, and which is going to be done again.
    #[cold]
    #[inline(never)]
    pub fn collect(&mut self, task: &mut Task) -> Result<(), OutOfMemory> {
        let split = self.process.split();
        let mut roots = ProcessRoots::new(self.program, task, split.values);
        let result = split.heap.collect(&mut roots);
        roots.remember();
        if split.verify
            && let Err(corruption) = split.heap.verify(&mut roots)
        {
            panic!("the heap is corrupt: {corruption}");
        }
        result
    }
}

/// The roots of a process: see the module documentation.
#[derive(Debug)]
pub(crate) struct ProcessRoots<'a> {
    program: &'a Program,
    task: &'a mut Task,
    values: Values<'a>,
    shown: bool,
}

impl<'a> ProcessRoots<'a> {
    pub(crate) fn new(program: &'a Program, task: &'a mut Task, values: Values<'a>) -> ProcessRoots<'a> {
        assert_eq!(task.program(), program.id(), "the task belongs to another program");
        ProcessRoots { program, task, values, shown: false }
    }
}

impl Roots for ProcessRoots<'_> {
    fn each(&mut self, which: Which, visit: &mut dyn FnMut(&mut Value)) {
        self.shown = true;
        let Values { thrown, globals, val_globals } = &mut self.values;
        visit(thrown);
        for &global in *val_globals {
            show(&mut globals[global as usize], visit);
        }
        if self.task.is_done() {
            self.results(visit);
        } else {
            self.frames(which, visit);
        }
    }
}

impl ProcessRoots<'_> {
    /// Shows the frames: all, or those that may have run since the last collection.
    fn frames(&mut self, which: Which, visit: &mut dyn FnMut(&mut Value)) {
        let (mut base, mut pc, mut moment) = (self.task.base(), self.task.pc(), Moment::Before);
        let slots = self.task.slots_mut();
        let mut code = Frames::default();
        loop {
            let word = CallWord(slots[base - HEADER]);
            code.turn_to(self.program, word.func());
            code.each_root(self.program, pc, moment, |register| show(&mut slots[base + register], visit));
            if base == HEADER || which == Which::Changed && word.is_seen() {
                break;
            }
            let back = slots[base - 1];
            base -= HEADER + word.window();
            pc = return_word(self.program, CallWord(slots[base - HEADER]).func(), back) - word.words() as u32;
            moment = Moment::Across;
        }
    }

    /// Shows the results of a task that is done.
    fn results(&mut self, visit: &mut dyn FnMut(&mut Value)) {
        let Some(signature) = self.program.function_signature(self.task.entry()) else { return };
        let slots = self.task.slots_mut();
        for (n, _) in signature.results.iter().enumerate().filter(|(_, ty)| **ty == Type::Val) {
            show(&mut slots[signature.result_slot(n)], visit);
        }
    }

    /// Notes on each frame that it has been seen as it is, if that is so.
    pub(crate) fn remember(&mut self) {
        if !self.shown || self.task.is_done() {
            return;
        }
        let mut base = self.task.base();
        let slots = self.task.slots_mut();
        loop {
            let word = CallWord(slots[base - HEADER]);
            if word.is_seen() {
                break;
            }
            slots[base - HEADER] |= CallWord::SEEN;
            if base == HEADER {
                break;
            }
            base -= HEADER + word.window();
        }
    }
}

/// Shows what a slot holds.
#[inline]
fn show(slot: &mut u64, visit: &mut dyn FnMut(&mut Value)) {
    let mut value = Value::from_bits(*slot);
    visit(&mut value);
    *slot = value.bits();
}

/// The word of `func` at which a frame goes on that was left for a call.
fn return_word(program: &Program, func: FuncId, back: u64) -> u32 {
    program.entry(func).and_then(|entry| entry.word_at(back)).expect("[R-STACK] frames return to their callers")
}

/// What is known of the function of the frame in question, as one after another is often of the same.
#[derive(Default)]
struct Frames<'a> {
    func: Option<FuncId>,
    entry: Option<&'a Entry>,
    body: Option<(&'a Function, &'a Liveness)>,
}

impl<'a> Frames<'a> {
    fn turn_to(&mut self, program: &'a Program, func: FuncId) {
        if self.func != Some(func) {
            let entry = program.entry(func);
            let body = entry.and_then(|entry| Some((entry.body()?, entry.liveness(program)?)));
            *self = Frames { func: Some(func), entry, body };
        }
    }

    #[inline]
    fn each_root(&self, program: &Program, pc: u32, moment: Moment, mut show: impl FnMut(usize)) {
        if let Some((function, liveness)) = self.body {
            return liveness.each(program, function, pc, moment, |register| show(usize::from(register)));
        }
        // A function that nobody has proved yet has not begun: it has its arguments.
        let unproved = self.entry.filter(|entry| entry.body().is_none());
        let signature = unproved.and_then(|entry| program.type_of(entry.sig));
        for (n, ty) in signature.iter().flat_map(|signature| signature.params.iter().enumerate()) {
            if *ty == Type::Val {
                show(n);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::RecordingHost;
    use crate::native::Natives;
    use crate::process::{Process, ProcessLimits};
    use regatta_ir::{Instr, Opcode, text};
    use regatta_verifier::verify;

    const SOURCE: &str = "
        global @kept: mut val = null
        func %f(a: val, n: i32) -> val {
          reg w0: val, w1: val, b: val, m: i32
          mov b, a
          mov m, n
          call w0, %f
          num_add w0, w0, a
          ret_value w0
        }";

    /// A task that goes down into `%f`, and what it keeps alive.
    struct Descent {
        program: Program,
        process: Process,
        task: Task,
    }

    impl Descent {
        fn new() -> Descent {
            let program = Program::new(Natives::new());
            program.link(verify(text::parse(SOURCE).unwrap(), &program).unwrap()).unwrap();
            let host = Box::new(RecordingHost::default());
            let process = Process::new(&program, ProcessLimits::default(), host).unwrap();
            let args = [crate::Scalar::Val(crate::Dynamic::Null), crate::Scalar::I32(0)];
            let task = Task::new(&program, FuncId(0), &args, 1 << 16).unwrap();
            Descent { program, process, task }
        }

        /// The words of `%f`, and the place of an op among them.
        fn find(&self, wanted: Opcode) -> (u64, u32) {
            let code = self.program.entry(FuncId(0)).unwrap().code().unwrap();
            let mut pc = 0;
            loop {
                let instr = Instr::decode(&code[pc..]).unwrap();
                if instr.op == wanted {
                    return (code[pc], pc as u32);
                }
                pc += instr.words();
            }
        }

        fn down(&mut self, times: usize) {
            let (word, pc) = self.find(Opcode::Call);
            let entry = self.program.entry(FuncId(0)).unwrap();
            for _ in 0..times {
                self.task.jump(&self.program, pc);
                self.task.call(&self.program, entry, word).unwrap();
            }
        }

        fn up(&mut self, times: usize) {
            for _ in 0..times {
                self.task.go_back(&self.program, regatta_ir::Reg(0));
            }
        }

        /// How many roots a collection sees.
        fn collect(&mut self, which: Which) -> usize {
            let mut seen = 0;
            let mut roots = ProcessRoots::new(&self.program, &mut self.task, self.process.split().values);
            roots.each(which, &mut |_| seen += 1);
            roots.remember();
            seen - 2 // the global and the exception
        }
    }

    #[test]
    fn frames_that_have_not_run_are_left_alone() {
        let mut descent = Descent::new();
        descent.down(100);
        assert_eq!(descent.collect(Which::Changed), 101); // `a` of each frame
        assert_eq!(descent.collect(Which::Changed), 1); // the innermost may have run
        descent.down(10);
        assert_eq!(descent.collect(Which::Changed), 11);
        descent.up(30);
        descent.down(5);
        assert_eq!(descent.collect(Which::Changed), 6);
        assert_eq!(descent.collect(Which::All), 86);
    }
}
