//! The fast check agrees with the readable one, and a body costs no more than its size.

use super::*;
use regatta_ir::module::{Code, Debug, Module};
use regatta_ir::{Instr, SigId};

fn random(seed: &mut u64) -> u64 {
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    *seed
}

fn function(registers: Vec<Type>, code: Vec<u64>) -> Function {
    Function {
        name: String::new(),
        sig: SigId(0),
        registers,
        code: Code::from(code),
        handlers: vec![],
        debug: Debug::default(),
    }
}

/// The fast check and the readable one agree on every op, for good and bad operands.
#[test]
fn a_glance_sees_what_an_explanation_explains() {
    let (module, sig) = (Module::default(), Signature::default());
    let function = function(Type::ALL.repeat(3), Vec::new());
    let mut types: Vec<u8> = function.registers.iter().map(|ty| ty.code()).collect();
    types.push(NO_TYPE);
    let (mut seed, mut good) = (88172645463325252, 0);
    for round in 0..200 * Opcode::COUNT {
        let op = Opcode::ALL[round % Opcode::COUNT];
        let mut instr = Instr { op, args: [0; 4] };
        for (arg, operand) in instr.args.iter_mut().zip(op.info().operands) {
            // A register of some type, mostly; sometimes one that is none.
            *arg = if operand.bits == 16 { random(&mut seed) % 17 } else { random(&mut seed) };
        }
        let mut word = instr.encode().as_words()[0];
        if random(&mut seed).is_multiple_of(4) {
            word |= 1 << (random(&mut seed) % 48 + 16);
        }
        let (map, mut flow, mut errors) = (Map::default(), Flow::default(), Errors::default());
        let mut guards = Guards::default();
        flow.begin(15, 0, 0);
        flow.live = !random(&mut seed).is_multiple_of(8);
        (0..15).for_each(|register| flow.write(register, u64::from(!random(&mut seed).is_multiple_of(4))));
        let row = &ROWS[op as usize];
        let at = At { pc: 0, word, second: 0, row };
        let subject = Subject { id: None, function: &function, sig: &sig, scope: Scope::Module(&module, &[]) };
        let forbidden = (random(&mut seed) % 2) as u8;
        let mut walk = Walk {
            subject,
            code: &[],
            map: &map,
            flow: &mut flow,
            guards: &mut guards,
            types: &types,
            forbidden,
            errors: &mut errors,
        };
        let (in_order, _) = walk.glance(&at);
        walk.explain(&at);
        assert_eq!(in_order, errors.count() == 0, "{op:?} {word:#018x}");
        good += usize::from(in_order);
    }
    assert!(good > Opcode::COUNT, "hardly anything was in order");
}

/// Steps for `code`, which must be in order.
fn steps(registers: usize, code: Vec<u64>) -> u64 {
    let function = function(vec![Type::I32; registers], code);
    let module = Module { types: vec![Signature::default()], functions: vec![function], ..Module::default() };
    let (mut scratch, mut errors) = (Scratch::default(), Errors::default());
    let (function, sig) = (&module.functions[0], &module.types[0]);
    check(Subject { id: None, function, sig, scope: Scope::Module(&module, &[]) }, &mut scratch, &mut errors);
    assert_eq!(errors.into_result(), Ok(()));
    scratch.steps
}

fn put(code: &mut Vec<u64>, op: Opcode, args: [u64; 4]) {
    code.extend_from_slice(Instr { op, args }.encode().as_words());
}

/// `n` times: a branch over a call with a window in the middle, and a latch of its own.
fn row_of_loops(n: u64) -> Vec<u64> {
    let mut code = Vec::new();
    put(&mut code, Opcode::I32Const, [0, 0, 0, 0]);
    for _ in 0..n {
        put(&mut code, Opcode::BrI32EqImm, [0, 0, 1, 0]);
        put(&mut code, Opcode::Call, [1, 0, 0, 0]);
        put(&mut code, Opcode::LoopI32EqImm, [0, 0, 3, 0]);
    }
    put(&mut code, Opcode::Ret, [0; 4]);
    code
}

/// `n` headers, then `n` calls, then `n` latches, the first of them to the innermost header or to the outermost.
fn nest_of_loops(n: u64, crossed: bool) -> Vec<u64> {
    let mut code = Vec::new();
    put(&mut code, Opcode::I32Const, [0, 0, 0, 0]);
    (0..n).for_each(|_| put(&mut code, Opcode::I32Const, [0, 0, 0, 0]));
    (0..n).for_each(|_| put(&mut code, Opcode::Call, [1, 0, 0, 0]));
    for k in 0..n {
        let header = if crossed { 1 + k } else { n - k };
        let distance = code.len() as u64 + 2 - header;
        put(&mut code, Opcode::LoopI32AddLt, [0, 0, 0, distance]);
    }
    put(&mut code, Opcode::Ret, [0; 4]);
    code
}

/// `n` branches, a thousand at a time to the same place ahead.
fn fan(n: u64) -> Vec<u64> {
    let mut code = Vec::new();
    put(&mut code, Opcode::I32Const, [0, 0, 0, 0]);
    for k in 0..n {
        put(&mut code, Opcode::BrI32EqImm, [0, 0, 999 - k % 1000, 0]);
    }
    put(&mut code, Opcode::Ret, [0; 4]);
    code
}

#[test]
fn work_is_linear_up_to_a_million_instructions() {
    type Shape = fn(u64) -> Vec<u64>;
    let shapes: [(&str, Shape, u64); 4] = [
        ("row", row_of_loops, 330_000),
        ("nest", |n| nest_of_loops(n, false), 330_000),
        ("crossed", |n| nest_of_loops(n, true), 330_000),
        ("fan", fan, 1_000_000),
    ];
    for (name, make, n) in shapes {
        let (small, large) = (steps(3, make(n / 100)), steps(3, make(n)));
        assert!(large <= 101 * small, "{name}: {small} steps, {large} for a hundred times the code");
        assert!(large <= 10 * make(n).len() as u64, "{name}: {large} steps");
    }
}
