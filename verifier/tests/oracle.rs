//! The one-pass flow against a fixpoint, on random programs.
//!
//! The oracle iterates over single instructions until nothing changes, with a set of booleans per word: slow and
//! obvious. What the verifier accepts, the oracle must accept. Where all loops are entered at their headers and nothing
//! is called, both must say the same.

mod asm;

use asm::*;
use regatta_ir::Type::I32;
use regatta_ir::operand::Role;
use regatta_ir::{Instr, Module};
use regatta_verifier::Tag;

const REGISTERS: usize = 6;

struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n as u64) as usize
    }

    fn register(&mut self) -> i64 {
        self.below(REGISTERS) as i64
    }
}

const NAMES: [&str; 24] = [
    "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15", "16", "17", "18", "19", "20",
    "21", "22", "23",
];

/// A program in which only definedness can be wrong: `%f(i32)`, six registers, labels on every line.
fn program(random: &mut Random, calls: bool) -> Module {
    let len = 2 + random.below(NAMES.len() - 2);
    let operands: Vec<[i64; 3]> = (0..len).map(|_| std::array::from_fn(|_| random.register())).collect();
    let pairs: Vec<[i64; 2]> = operands.iter().map(|operands| [operands[0], 1]).collect();
    let mut lines = Vec::new();
    let mut at = 0;
    while at < len - 1 {
        lines.push(Label(NAMES[at]));
        let (regs, pair) = (&operands[at], &pairs[at]);
        let ahead = NAMES[at + 1 + random.below(len - at - 1)];
        let behind = NAMES[random.below(at + 1)];
        match random.below(if calls { 16 } else { 14 }) {
            0..=4 => lines.push(Op("i32_const", pair)),
            5 => lines.push(Op("mov", &regs[..2])),
            6 => lines.push(Op("i32_add", regs)),
            7 | 8 => lines.push(To("br_i32_eq", &regs[..2], ahead)),
            9 => lines.push(To("br", &[], ahead)),
            10 => lines.push(To("loop_i32_eq", &regs[..2], behind)),
            11 => lines.push(To("loop_i32_add_lt", regs, behind)),
            12 => lines.push(To("loop", &[], behind)),
            13 if at + 4 < len => {
                lines.push(Op("switch", pair));
                for _ in 0..2 {
                    at += 1;
                    let ahead = NAMES[at + 1 + random.below(len - at - 1)];
                    lines.extend([Label(NAMES[at]), To("br", &[], ahead)]);
                }
            }
            _ if calls => lines.push(Op("call", if regs[0] < 3 { &[1, 0] } else { &[3, 0] })),
            _ => lines.push(Op("fuel", &[1])),
        }
        at += 1;
    }
    lines.extend([Label(NAMES[len - 1]), Op("ret", &[])]);
    module(&[sig(&[I32], &[])], &[I32; REGISTERS], &lines)
}

type State = [bool; REGISTERS];

/// What an instruction reads, does to the state, and where control goes.
struct Step {
    reads: Vec<usize>,
    after: State,
    next: Vec<usize>,
}

fn step(code: &[u64], pc: usize, mut state: State) -> Step {
    let instr = Instr::decode(&code[pc..]).expect("it was assembled");
    let (mut reads, mut next, end) = (Vec::new(), Vec::new(), pc + instr.words());
    for (operand, value) in instr.operands() {
        let value = value as usize;
        match operand.role {
            Role::Src(_) | Role::InOut(_) => reads.push(value),
            Role::Forward => next.push(end + value),
            Role::Back => next.push(end - value),
            Role::Count => next.extend(end..=end + value),
            Role::Window => reads.push(value + 2),
            _ => {}
        }
    }
    for (operand, value) in instr.operands() {
        match operand.role {
            Role::Dst(_) | Role::InOut(_) => state[value as usize] = true,
            Role::Window => state[value as usize..].fill(false),
            _ => {}
        }
    }
    if !instr.op.info().ends() {
        next.push(end);
    }
    Step { reads, after: state, next }
}

/// The state before each word that control reaches, as the greatest fixpoint.
fn fixpoint(code: &[u64]) -> Vec<Option<State>> {
    let mut states = vec![None; code.len()];
    states[0] = Some(std::array::from_fn(|register| register == 0));
    let mut changed = true;
    while changed {
        changed = false;
        for pc in 0..code.len() {
            let Some(state) = states[pc] else { continue };
            let Step { after, next, .. } = step(code, pc, state);
            for to in next {
                let met = match states[to] {
                    Some(old) => std::array::from_fn(|n| old[n] && after[n]),
                    None => after,
                };
                changed |= states[to] != Some(met);
                states[to] = Some(met);
            }
        }
    }
    states
}

fn oracle_accepts(code: &[u64]) -> bool {
    let states = fixpoint(code);
    let fine = |(pc, state): (usize, &Option<State>)| {
        state.is_none_or(|state| step(code, pc, state).reads.into_iter().all(|register| state[register]))
    };
    states.iter().enumerate().all(fine)
}

/// Words that control reaches, without going through `avoided`.
fn reached(code: &[u64], avoided: usize) -> Vec<bool> {
    let mut seen = vec![false; code.len()];
    let mut work = vec![0];
    while let Some(pc) = work.pop() {
        if pc != avoided && !seen[pc] {
            seen[pc] = true;
            work.extend(step(code, pc, [true; REGISTERS]).next);
        }
    }
    seen
}

/// Does every way to a latch lead through its header?
fn is_reducible(code: &[u64]) -> bool {
    let live = reached(code, usize::MAX);
    (0..code.len()).filter(|&pc| live[pc]).all(|pc| {
        let back = step(code, pc, [true; REGISTERS]).next.into_iter().filter(|&to| to <= pc);
        back.into_iter().all(|header| header == pc || !reached(code, header)[pc])
    })
}

#[test]
fn what_is_accepted_is_sound() {
    let (mut random, mut accepted, mut rejected) = (Random(0x9E37_79B9_7F4A_7C15), 0, 0);
    for round in 0..60_000 {
        let module = program(&mut random, round % 2 == 0);
        let code = module.functions[0].code.to_vec();
        let faults = faults(module);
        assert!(faults.iter().all(|(_, tag)| matches!(tag, Tag::Def | Tag::Loop)), "{faults:?}");
        if faults.is_empty() {
            assert!(oracle_accepts(&code), "accepted, but a register is read unwritten: {}", listing(&code));
            accepted += 1;
        } else {
            rejected += 1;
        }
    }
    assert!(accepted > 1000 && rejected > 1000, "{accepted} accepted, {rejected} rejected");
}

#[test]
fn without_calls_and_odd_loops_both_agree() {
    let (mut random, mut accepted, mut rejected) = (Random(0xD1B5_4A32_D192_ED03), 0, 0);
    for _ in 0..60_000 {
        let module = program(&mut random, false);
        let code = module.functions[0].code.to_vec();
        if !is_reducible(&code) {
            continue;
        }
        let (fast, slow) = (faults(module).is_empty(), oracle_accepts(&code));
        assert_eq!(fast, slow, "{}", listing(&code));
        *if fast { &mut accepted } else { &mut rejected } += 1;
    }
    assert!(accepted > 1000 && rejected > 1000, "{accepted} accepted, {rejected} rejected");
}

fn listing(code: &[u64]) -> String {
    let mut text = String::new();
    let mut pc = 0;
    while pc < code.len() {
        let instr = Instr::decode(&code[pc..]).expect("it was assembled");
        text += &format!("\n{pc}: {} {:?}", instr.op.info().mnemonic, &instr.args[..instr.op.info().operands.len()]);
        pc += instr.words();
    }
    text
}
