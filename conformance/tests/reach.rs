//! What generated programs reach: every instruction of the table is run by some of them, and does its work.
//!
//! An op that nobody reaches is a rule that is missing in `generate/`; the list of what can't be reached is here.

use arbitrary::Unstructured;
use regatta_conformance::generate::{self, Generated};
use regatta_conformance::{host, observe, oracle};
use regatta_ir::Opcode;
use regatta_verifier::verify;
use regatta_vm::Program;
use regatta_vm::strategy::{Reference, Tally};
use std::sync::Arc;

/// The most programs of each kind that are made. It takes some 600 to reach all.
const MAX_PROGRAMS: u64 = 4000;

#[test]
fn generated_programs_run_every_instruction() {
    let tally = Arc::new(Tally::default());
    let engine = Reference::counting(tally.clone());
    let mut never = Opcode::ALL.to_vec();
    for seed in 0..MAX_PROGRAMS {
        for make in [generate::program, generate::dynamic] {
            let bytes = bytes(seed);
            run(&make(&mut Unstructured::new(&bytes)).expect("there are bytes enough"), &engine);
        }
        never.retain(|&op| tally.of(op) == 0);
        if never.is_empty() {
            return;
        }
    }
    let never: Vec<&str> = never.iter().map(|op| op.info().mnemonic).collect();
    panic!("{MAX_PROGRAMS} programs of each kind never ran {}", never.join(", "));
}

/// What programs are made of: always the same for a seed.
fn bytes(seed: u64) -> Vec<u8> {
    let mut random = oracle::numbers(seed + 1);
    (0..4000 + random() % 8000).map(|_| (random() >> 24) as u8).collect()
}

fn run(made: &Generated, engine: &Reference) {
    let program = Program::new(host::natives());
    program.link(verify(made.module.clone(), &program).expect("it verifies")).expect("it links");
    for (function, args) in &made.calls {
        observe(&program, made.module.function_id(*function), args, engine, oracle::LIMITS);
    }
}
