//! Backwards over the graph until nothing changes, 64 registers at a time.
//!
//! Registers do not influence each other, so each word of the sets is solved by itself: nodes need a few words of state
//! whatever the number of registers, and only nodes where one of the 64 is ever mentioned or alive are touched. A node
//! whose beginning gained registers tells its predecessors. Nodes are swept from the last to the first; what a latch has to
//! be told waits for the next sweep. So a body without loops takes one sweep, and one with loops two or three. (To run
//! round a loop as soon as its latch has news looks better, but on code made to hurt registers go round one at a time.)
//!
//! Work is at most edges times `val` registers, and in practice words of the sets times nodes where they matter.

use super::Moment;
use super::graph::{Graph, THROWN};
use std::collections::BinaryHeap;

/// What is known of 64 registers at a node.
#[derive(Clone, Copy, Default)]
struct State {
    /// Which word of the sets this is about, counted from 1.
    round: u32,
    /// Is it in the queue?
    queued: bool,
    /// Read before they are written.
    reads: u64,
    /// Written.
    writes: u64,
    /// Matter at its end.
    after: u64,
    /// Matter to its handlers.
    thrown: u64,
    /// Matter at its beginning.
    before: u64,
}

/// The answers to the graph's questions, one after another: sets of `width` words.
pub(super) fn solve(graph: &Graph, width: usize) -> Vec<u64> {
    let mut rows = vec![0; graph.points.len() * width];
    if rows.is_empty() {
        return rows;
    }
    let mut solver = Solver { graph, states: vec![State::default(); graph.floors.len()], round: 0, touched: vec![] };
    let mut events = &graph.events[..];
    for word in 0..width {
        let (here, rest) = events.split_at(events.partition_point(|event| usize::from(event.word) == word));
        events = rest;
        solver.begin();
        for event in here.iter().rev() {
            solver.event(event.node, event.writes, event.mask);
        }
        for wide in &graph.wide {
            let (first, last) = (wide.first as usize, wide.last as usize);
            if first / 64 <= word && word <= last / 64 {
                solver.wide(wide.node, wide.writes, below(last + 1, word) & !below(first, word));
            }
        }
        solver.settle(word);
        for (row, point) in rows.chunks_exact_mut(width).zip(&graph.points) {
            row[word] = solver.answer(point.node, point.moment, word);
        }
    }
    rows
}

/// Of the 64 registers of a word of the sets, those below `register`.
fn below(register: usize, word: usize) -> u64 {
    match register.saturating_sub(word * 64) {
        count @ 0..64 => (1 << count) - 1,
        _ => u64::MAX,
    }
}

struct Solver<'a> {
    graph: &'a Graph,
    states: Vec<State>,
    round: u32,
    touched: Vec<u32>,
}

impl Solver<'_> {
    /// Turns to the next 64 registers.
    fn begin(&mut self) {
        self.round += 1;
        self.touched.clear();
    }

    fn state(&mut self, node: u32) -> &mut State {
        let state = &mut self.states[node as usize];
        if state.round != self.round {
            *state = State { round: self.round, ..State::default() };
            self.touched.push(node);
        }
        state
    }

    /// What a node does, its last event first.
    fn event(&mut self, node: u32, writes: bool, mask: u64) {
        let state = self.state(node);
        if writes {
            state.reads &= !mask;
            state.writes |= mask;
        } else {
            state.reads |= mask;
        }
    }

    /// What a node with one instruction does, and over several words: it reads before it writes.
    fn wide(&mut self, node: u32, writes: bool, mask: u64) {
        let state = self.state(node);
        if writes {
            state.writes |= mask;
        } else {
            state.reads |= mask;
        }
    }

    /// Goes backwards until nothing changes.
    fn settle(&mut self, word: usize) {
        let graph = self.graph;
        let (mut sweep, mut next) = (BinaryHeap::new(), BinaryHeap::new());
        for node in self.touched.clone() {
            let state = self.state(node);
            state.before = state.reads;
            if state.before != 0 {
                state.queued = true;
                sweep.push(node);
            }
        }
        while let Some(node) = sweep.pop() {
            let state = self.state(node);
            state.queued = false;
            let alive = state.before;
            let (first, last) = (graph.firsts[node as usize], graph.firsts[node as usize + 1]);
            for &edge in &graph.edges[first as usize..last as usize] {
                let from = edge & !THROWN;
                let spared = below(graph.floors[from as usize] as usize, word);
                if self.state(from).gain(alive, edge & THROWN != 0, spared) {
                    if from < node { &mut sweep } else { &mut next }.push(from);
                }
            }
            if sweep.is_empty() {
                std::mem::swap(&mut sweep, &mut next);
            }
        }
    }

    fn answer(&self, node: u32, moment: Moment, word: usize) -> u64 {
        let state = &self.states[node as usize];
        match moment {
            _ if state.round != self.round => 0,
            Moment::Before => state.before,
            Moment::Across => (state.after | state.thrown) & below(self.graph.floors[node as usize] as usize, word),
        }
    }
}

impl State {
    /// Takes on what matters at a successor; says whether the node has to be queued for it.
    fn gain(&mut self, alive: u64, thrown: bool, spared: u64) -> bool {
        if thrown {
            self.thrown |= alive;
        } else {
            self.after |= alive;
        }
        let before = self.reads | (self.after & !self.writes | self.thrown) & spared;
        let queue = before != self.before && !self.queued;
        self.queued |= queue;
        self.before = before;
        queue
    }
}
