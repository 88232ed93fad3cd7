//! How far loops reach, and what their calls leave alone.
//!
//! A call undoes every register from its window on. A loop header has not seen the calls of its loop yet when the flow
//! comes to it, so it must know beforehand which registers survive: those below the smallest window of any call inside
//! its *extent*. The extent of header H runs from H to the last latch that can come back into it:
//!
//! ```text
//!  H1 ──┐            extent of H1: to its own latch L1, but a latch further down, L2, comes back to a header
//!  H2 ──┼──┐         between H1 and L1, so the extent of H1 runs to L2 as well
//!  L1 ──┘  │
//!  L2 ─────┘
//! ```
//!
//! Extents are nested or apart, so one sweep from the last header to the first with a stack measures them all: a header
//! takes over every extent (and every call, an extent of one word) that begins before its own last latch. Those have
//! taken over in turn all that begins before theirs, so nobody needs to know where an extent ends. Each is pushed and
//! popped once. Too large an extent costs only precision, never soundness: the flow checks every latch.

use crate::flow::{NONE, Target};
use crate::map::Map;

/// The first word of an extent, and the smallest window of the calls inside.
#[derive(Clone, Copy)]
pub(crate) struct Extent {
    start: u32,
    keep: u32,
}

/// Fills in, for each target that is a loop header, its last latch and what it keeps. Returns the steps it took.
pub(crate) fn measure(map: &Map, targets: &mut [Target], stack: &mut Vec<Extent>) -> u64 {
    for latch in &map.latches {
        targets[map.target_number(latch.header as usize)].last_latch = latch.pc;
    }
    if map.latches.is_empty() || map.calls.is_empty() {
        return map.latches.len() as u64;
    }
    let mut steps = (map.latches.len() + targets.len() + map.calls.len()) as u64;
    stack.clear();
    let mut calls = map.calls.iter().rev().peekable();
    for (number, header) in map.targets_backward() {
        let Target { last_latch, .. } = targets[number];
        if last_latch == NONE {
            continue;
        }
        while let Some(call) = calls.next_if(|call| call.pc >= header) {
            stack.push(Extent { start: call.pc, keep: call.window });
        }
        let mut keep = NONE;
        while let Some(inner) = stack.pop_if(|inner| inner.start <= last_latch) {
            keep = keep.min(inner.keep);
            steps += 1;
        }
        targets[number].keep = keep;
        stack.push(Extent { start: header, keep });
    }
    steps
}
