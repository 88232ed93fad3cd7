//! The code of a function as a graph: nodes, the edges between them, and what each node reads and writes.
//!
//! A node is a run of instructions with one way in and, but for its last instruction, one way out. Nodes also begin at each
//! instruction that collections ask about, so that an answer is the state at the beginning of a node, or at its end; and
//! a call is a node of its own, whose `floor` says which registers it leaves alone.
//!
//! An exception leaves *before* its instruction has written anything, so an instruction that can throw inside of a
//! handler's range begins a node too, and the edge to the handler is a special one, which the node's own writes do not
//! hide. Two kinds of writes happen on the way along an edge: a handler's exception register, and the registers a pattern
//! binds when it matches. Each is a node without code.
//!
//! Registers are numbers among the `val` registers here: a run of registers is a run of numbers, and one that holds no
//! `val` is empty.

use super::Moment;
use crate::program::Program;
use regatta_ir::module::Handler;
use regatta_ir::operand::Role;
use regatta_ir::ops::Effect;
use regatta_ir::{FuncId, Function, HEADER, Instr, NativeId, Opcode, PatternId, SigId, Type};

/// An edge with this bit leaves its node before the node writes anything.
pub(super) const THROWN: u32 = 1 << 31;

/// See the module documentation.
pub(super) struct Graph {
    /// By node: registers from this one on are lost in it.
    pub(super) floors: Vec<u32>,
    /// By node: where its predecessors are in `edges`; one more than there are nodes.
    pub(super) firsts: Vec<u32>,
    /// Predecessors, with [`THROWN`] where they go there by an exception.
    pub(super) edges: Vec<u32>,
    /// What is read and written, by word of the sets, and for one word and node in order.
    pub(super) events: Vec<Event>,
    /// What is read and written by instructions of nodes of their own that reach over more than one word.
    pub(super) wide: Vec<Wide>,
    /// What collections ask, in order of places.
    pub(super) points: Vec<Point>,
}

/// Something a node reads or writes, within one word of the sets.
#[derive(Clone, Copy)]
pub(super) struct Event {
    pub(super) word: u16,
    pub(super) writes: bool,
    pub(super) node: u32,
    pub(super) mask: u64,
}

/// The same, over several words.
#[derive(Clone, Copy)]
pub(super) struct Wide {
    pub(super) writes: bool,
    pub(super) node: u32,
    pub(super) first: u32,
    pub(super) last: u32,
}

/// A question: what matters at this moment of this instruction, which begins this node?
#[derive(Clone, Copy)]
pub(super) struct Point {
    pub(super) pc: u32,
    pub(super) moment: Moment,
    pub(super) node: u32,
}

impl Graph {
    /// The graph of a function with the questions that its instructions pose, or just with this one.
    pub(super) fn new(program: &Program, function: &Function, only: Option<(u32, Moment)>) -> Graph {
        let covers = Covers::new(&function.handlers);
        let nodes = Nodes::new(function, &covers, only);
        let mut maker = Maker::new(program, function, &nodes, only);
        for (n, handler) in function.handlers.iter().enumerate() {
            let node = (nodes.count + n) as u32;
            maker.edge(node, nodes.at(handler.target as usize));
            maker.touch(node, usize::from(handler.exception), 1, true);
        }
        let (mut pc, mut node, mut cover) = (0, 0, covers.walk());
        while let Some(instr) = function.code.get(pc..).and_then(Instr::decode) {
            node += u32::from(pc != 0 && nodes.is_start(pc));
            maker.instruction(pc, node, &instr, cover.at(pc));
            pc += instr.words();
        }
        maker.finish()
    }
}

fn has_role(instr: &Instr, role: Role) -> bool {
    instr.op.info().operands.iter().any(|operand| operand.role == role)
}

/// Where a branch goes.
fn target(pc: usize, instr: &Instr) -> Option<usize> {
    let end = pc + instr.words();
    instr.operands().find_map(|(operand, arg)| match operand.role {
        Role::Forward => Some(end + arg as usize),
        Role::Back => Some(end - arg as usize),
        _ => None,
    })
}

/// Which words begin a node.
struct Nodes {
    /// By 64 words of code: which begin a node, and how many do before.
    marks: Vec<(u64, u32)>,
    count: usize,
}

impl Nodes {
    fn new(function: &Function, covers: &Covers, only: Option<(u32, Moment)>) -> Nodes {
        let mut nodes = Nodes { marks: vec![(0, 0); function.code.len() / 64 + 1], count: 0 };
        nodes.mark(0);
        function.handlers.iter().for_each(|handler| nodes.mark(handler.target as usize));
        only.iter().for_each(|(pc, _)| nodes.mark(*pc as usize));
        let (mut pc, mut cover) = (0, covers.walk());
        while let Some(instr) = function.code.get(pc..).and_then(Instr::decode) {
            nodes.look(pc, &instr, cover.at(pc) != [None; 2]);
            pc += instr.words();
        }
        // The word after the last instruction may have been marked; it is none.
        let len = function.code.len();
        nodes.marks[len / 64].0 &= (1 << (len % 64)) - 1;
        for (marks, before) in &mut nodes.marks {
            *before = nodes.count as u32;
            nodes.count += marks.count_ones() as usize;
        }
        nodes
    }

    /// Marks what the instruction at `pc` makes the beginning of a node.
    fn look(&mut self, pc: usize, instr: &Instr, covered: bool) {
        let info = instr.op.info();
        let calls = has_role(instr, Role::Window);
        let runs = has_role(instr, Role::Run) || has_role(instr, Role::First);
        let target = target(pc, instr);
        if calls || runs || info.effects.contains(&Effect::Allocates) || covered && info.throws() {
            self.mark(pc);
        }
        if calls || runs || info.ends() || target.is_some() {
            self.mark(pc + instr.words());
        }
        target.into_iter().for_each(|target| self.mark(target));
    }

    fn mark(&mut self, pc: usize) {
        self.marks[pc / 64].0 |= 1 << (pc % 64);
    }

    fn is_start(&self, pc: usize) -> bool {
        self.marks[pc / 64].0 >> (pc % 64) & 1 != 0
    }

    /// The node that begins at this word.
    fn at(&self, pc: usize) -> u32 {
        debug_assert!(self.is_start(pc), "word {pc} begins no node");
        let (marks, before) = self.marks[pc / 64];
        before + (marks & ((1 << (pc % 64)) - 1)).count_ones()
    }
}

/// Which handlers exceptions of each word go to: the innermost, and the innermost that takes traps too. No other is
/// ever reached from there.
struct Covers(Vec<(u32, [Option<u32>; 2])>);

impl Covers {
    fn new(handlers: &[Handler]) -> Covers {
        // Inner ranges come before outer ones, so the ranges that begin at one word are opened from the last to the first.
        let mut order: Vec<u32> = (0..handlers.len() as u32).collect();
        order.sort_by_key(|&n| (handlers[n as usize].start, std::cmp::Reverse(n)));
        let mut covers = Covers(vec![]);
        let mut open: Vec<Range> = vec![];
        for n in order {
            let handler = &handlers[n as usize];
            covers.close(&mut open, handler.start);
            let taker = if handler.traps { Some(n) } else { open.last().and_then(|around| around.taker) };
            open.push(Range { end: handler.end, handler: n, taker });
            covers.note(handler.start, &open);
        }
        covers.close(&mut open, u32::MAX);
        covers
    }

    /// Closes the ranges that end at `pc` or before.
    fn close(&mut self, open: &mut Vec<Range>, pc: u32) {
        while let Some(Range { end, .. }) = open.pop_if(|range| range.end <= pc) {
            self.note(end, open);
        }
    }

    /// From this word on, these ranges are open.
    fn note(&mut self, pc: u32, open: &[Range]) {
        let cover = |range: &Range| [Some(range.handler), range.taker.filter(|&taker| taker != range.handler)];
        self.0.push((pc, open.last().map_or([None; 2], cover)));
    }

    fn walk(&self) -> Walk<'_> {
        Walk { left: &self.0, now: [None; 2] }
    }
}

/// The range of a handler, and which one around it, itself included, is the innermost to take traps.
struct Range {
    end: u32,
    handler: u32,
    taker: Option<u32>,
}

/// A walk over the covers in order of words.
struct Walk<'a> {
    left: &'a [(u32, [Option<u32>; 2])],
    now: [Option<u32>; 2],
}

impl Walk<'_> {
    fn at(&mut self, pc: usize) -> [Option<u32>; 2] {
        while let Some(((_, cover), rest)) = self.left.split_first().filter(|((from, _), _)| *from as usize <= pc) {
            (self.now, self.left) = (*cover, rest);
        }
        self.now
    }
}

/// Makes a graph, instruction by instruction.
struct Maker<'a> {
    program: &'a Program,
    function: &'a Function,
    nodes: &'a Nodes,
    only: Option<(u32, Moment)>,
    /// By register: how many `val` registers are below it; one more than there are registers.
    below: Vec<u32>,
    floors: Vec<u32>,
    /// From, to.
    edges: Vec<(u32, u32)>,
    events: Vec<Event>,
    wide: Vec<Wide>,
    points: Vec<Point>,
}

impl<'a> Maker<'a> {
    fn new(program: &'a Program, function: &'a Function, nodes: &'a Nodes, only: Option<(u32, Moment)>) -> Maker<'a> {
        let mut below = Vec::with_capacity(function.registers.len() + 1);
        below.push(0);
        below.extend(function.registers.iter().scan(0, |vals, ty| {
            *vals += u32::from(*ty == Type::Val);
            Some(*vals)
        }));
        let floors = vec![u32::MAX; nodes.count + function.handlers.len()];
        let (edges, events, wide, points) = (vec![], vec![], vec![], vec![]);
        Maker { program, function, nodes, only, below, floors, edges, events, wide, points }
    }

    fn instruction(&mut self, pc: usize, node: u32, instr: &Instr, cover: [Option<u32>; 2]) {
        self.reads(node, instr);
        self.writes(node, instr);
        self.ask(pc, node, instr);
        if instr.op.info().throws() {
            for handler in cover.into_iter().flatten() {
                self.edge(node | THROWN, self.nodes.count as u32 + handler);
            }
        }
        if let Some(target) = target(pc, instr) {
            self.edge(node, self.nodes.at(target));
        }
        if instr.op == Opcode::Switch {
            for entry in 0..=instr.args[1] as usize {
                self.edge(node, self.nodes.at(pc + 1 + entry));
            }
        }
        let next = pc + instr.words();
        if !instr.op.info().ends() && self.nodes.is_start(next) {
            let from = self.binding(node, instr);
            self.edge(from, self.nodes.at(next));
        }
    }

    fn edge(&mut self, from: u32, to: u32) {
        self.edges.push((from, to));
    }

    /// The node from which control goes on to the next instruction: one of its own where a pattern binds on the way.
    fn binding(&mut self, node: u32, instr: &Instr) -> u32 {
        let operand = |role| instr.operands().find_map(|(operand, arg)| (operand.role == role).then_some(arg));
        let (Some(first), Some(pattern)) = (operand(Role::Bind), operand(Role::Pattern)) else { return node };
        let through = self.floors.len() as u32;
        self.floors.push(u32::MAX);
        self.edge(node, through);
        self.touch(through, first as usize, self.program.bindings(PatternId(pattern as u32)), true);
        through
    }

    /// Notes what an instruction reads.
    fn reads(&mut self, node: u32, instr: &Instr) {
        let len = instr.operands().find_map(|(operand, arg)| (operand.role == Role::Len).then_some(arg as usize));
        for (operand, arg) in instr.operands() {
            let first = arg as usize;
            match operand.role {
                Role::Src(_) | Role::InOut(_) => self.touch(node, first, 1, false),
                Role::Run => self.touch(node, first, len.unwrap_or(0), false),
                Role::First => self.touch(node, first, self.results(), false),
                Role::Window => {
                    self.floors[node as usize] = self.below[first];
                    let brought = usize::from(instr.op.info().brings_argument());
                    self.touch(node, first + HEADER + brought, self.arguments(instr).saturating_sub(brought), false);
                }
                _ => {}
            }
        }
    }

    /// Notes what an instruction writes wherever it goes on.
    fn writes(&mut self, node: u32, instr: &Instr) {
        for (operand, arg) in instr.operands() {
            if let Role::Dst(_) | Role::InOut(_) = operand.role {
                self.touch(node, arg as usize, 1, true);
            }
        }
    }

    /// Notes what collections ask about an instruction.
    fn ask(&mut self, pc: usize, node: u32, instr: &Instr) {
        let pc = pc as u32;
        if let Some((only, moment)) = self.only {
            if only == pc {
                self.points.push(Point { pc, moment, node });
            }
            return;
        }
        let info = instr.op.info();
        let before = info.effects.contains(&Effect::Allocates) || instr.op == Opcode::CallNative;
        let across = has_role(instr, Role::Window) && !info.ends() && instr.op != Opcode::CallNative;
        for (asked, moment) in [(before, Moment::Before), (across, Moment::Across)] {
            if asked {
                self.points.push(Point { pc, moment, node });
            }
        }
    }

    /// Arguments of a call: those in its window, and the one it brings there.
    fn arguments(&self, instr: &Instr) -> usize {
        let signature = instr.operands().find_map(|(operand, arg)| match operand.role {
            Role::Func => self.program.function_signature(FuncId(arg as u32)),
            Role::Sig => self.program.type_of(SigId(arg as u32)),
            Role::Native => self.program.type_of(self.program.native(NativeId(arg as u32))?.sig),
            _ => None,
        });
        signature.map_or(0, |signature| signature.params.len())
    }

    fn results(&self) -> usize {
        self.program.type_of(self.function.sig).map_or(0, |signature| signature.results.len())
    }

    /// Notes that `count` registers from `first` on, as far as they are `val`, are read or written.
    fn touch(&mut self, node: u32, first: usize, count: usize, writes: bool) {
        let (start, end) = (self.below[first], self.below[first + count]);
        if start == end {
            return;
        }
        let (first, last) = (start, end - 1);
        if first / 64 == last / 64 {
            let mask = u64::MAX >> (63 - (last - first)) << (first % 64);
            self.events.push(Event { word: (first / 64) as u16, writes, node, mask });
        } else {
            self.wide.push(Wide { writes, node, first, last });
        }
    }

    fn finish(mut self) -> Graph {
        self.events.sort_by_key(|event| event.word);
        let mut firsts = vec![0; self.floors.len() + 1];
        for (_, to) in &self.edges {
            firsts[*to as usize] += 1;
        }
        let mut sum = 0;
        for first in &mut firsts {
            sum += *first;
            *first = sum;
        }
        let mut edges = vec![0; self.edges.len()];
        for (from, to) in self.edges {
            let first = &mut firsts[to as usize];
            *first -= 1;
            edges[*first as usize] = from;
        }
        let Maker { floors, events, wide, points, .. } = self;
        Graph { floors, firsts, edges, events, wide, points }
    }
}
