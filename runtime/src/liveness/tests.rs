//! Worked examples, and random code against the definition itself.

use super::*;
use crate::native::Natives;
use regatta_ir::module::Handler;
use regatta_ir::operand::Role;
use regatta_ir::{Code, FuncId, Instr, Module, NativeId, Opcode, PatternId, SigId, Signature, text};
use regatta_verifier::verify;
use std::collections::BTreeSet;

/// A program of one module.
fn program(source: &str) -> Program {
    program_of(text::parse(source).unwrap_or_else(|errors| panic!("{errors}")))
}

fn program_of(module: Module) -> Program {
    let mut natives = Natives::new();
    natives.declare("take", Signature::new([Type::Val, Type::I32], [Type::Val]));
    let program = Program::new(natives);
    program.link(verify(module, &program).unwrap()).unwrap();
    program
}

/// What matters in the program's first function, at the `n`-th instruction of this op.
fn at(program: &Program, op: Opcode, n: usize, moment: Moment) -> Vec<u16> {
    let body = program.entry(FuncId(0)).unwrap().body().unwrap();
    let pc = starts(&body.code).filter(|&pc| Opcode::of_word(body.code[pc]) == Some(op)).nth(n).unwrap();
    alive(program, body, pc as u32, moment)
}

fn alive(program: &Program, function: &Function, pc: u32, moment: Moment) -> Vec<u16> {
    let mut registers = vec![];
    let liveness = Liveness::of(program, function).unwrap();
    liveness.each(program, function, pc, moment, |register| registers.push(register));
    registers
}

fn starts(code: &[u64]) -> impl Iterator<Item = usize> {
    let mut pc = 0;
    std::iter::from_fn(move || {
        let at = pc;
        pc += Instr::decode(code.get(pc..)?)?.words();
        Some(at)
    })
}

#[test]
fn what_a_call_leaves_alone_is_what_is_read_after_it() {
    let program = program(
        "
        func %f(a: val, b: val) -> val {
          reg c: val, w0: val, w1: i32, x: val
          num_add c, a, b
          mov x, c
          call w0, %g
          num_add w0, w0, a
          ret_value w0
        }
        func %g(a: val) -> val {
          ret_value a
        }",
    );
    assert_eq!(at(&program, Opcode::Call, 0, Moment::Across), [0]); // neither `b` nor `c`, nor the window
    assert_eq!(at(&program, Opcode::Call, 0, Moment::Before), [0, 5]); // and what it takes
    assert_eq!(at(&program, Opcode::NumAdd, 0, Moment::Before), [0, 1]);
    assert_eq!(at(&program, Opcode::RetValue, 0, Moment::Before), [3]);
}

#[test]
fn what_a_loop_comes_back_to_matters_all_the_way_round() {
    let program = program(
        "
        func %f(n: i32, seed: val) -> val {
          reg total: val, t: val
          mov total, seed
        top:
          tuple_make t, total, 1
          num_add total, total, seed
          loop_i32_dec_gt_imm n, 0, top
          ret_value t
        }",
    );
    assert_eq!(at(&program, Opcode::TupleMake, 0, Moment::Before), [1, 2]);
    assert_eq!(at(&program, Opcode::LoopI32DecGtImm, 0, Moment::Before), [1, 2, 3]);
}

#[test]
fn a_native_may_look_at_its_arguments_until_it_returns() {
    let program = program(
        "
        native !take (val, i32) -> val
        func %f(a: val) -> val {
          reg w0: val, w1: val, x: val, n: i32
          mov x, a
          i32_const n, 1
          call_native w0, !take
          ret_value w0
        }",
    );
    assert_eq!(at(&program, Opcode::CallNative, 0, Moment::Before), [3]);
    assert_eq!(at(&program, Opcode::CallNative, 0, Moment::Across), [0u16; 0]);
}

#[test]
fn a_function_without_values_has_no_table() {
    let program = program(
        "
        func %f(n: i32) -> i32 {
          ret_value n
        }",
    );
    assert!(program.entry(FuncId(0)).unwrap().liveness(&program).is_none());
}

#[test]
fn equal_sets_are_kept_once() {
    let makes = "tuple_make t, a, 1\n".repeat(1000);
    let program = program(&format!("func %f(a: val) -> val {{\n reg t: val\n {makes} ret_value t\n }}"));
    let entry = program.entry(FuncId(0)).unwrap();
    let liveness = entry.liveness(&program).unwrap();
    assert_eq!((liveness.places.len(), liveness.words.len()), (1000, 1));
}

#[test]
fn what_allocates_may_also_leave_for_a_handler() {
    // Running out of memory is a trap.
    for op in Opcode::ALL.iter().map(|op| op.info()) {
        assert!(!op.is_safepoint() || op.throws(), "{}", op.mnemonic);
    }
}

/// A thousand random functions against the definition, instruction by instruction and register by register.
#[test]
fn random_code_agrees_with_the_definition() {
    let source = "
        native !take (val, i32) -> val
        func %f() -> () {
          ret
        }
        func %g(a: val, b: i32, c: val) -> (val, i32, val) {
          reg d: val
          mov d, c
          ret_values a
        }
        func %h(a: val) -> val {
          ret_value a
        }
        type (val, val, val) -> val";
    let program = program(source);
    let mut random = Random(1);
    for _ in 0..1000 {
        let function = random.function();
        let wanted = defined(&program, &function);
        let Some(liveness) = Liveness::of(&program, &function) else { continue };
        for pc in starts(&function.code) {
            for moment in [Moment::Before, Moment::Across] {
                let mut found = BTreeSet::new();
                let place = place(pc as u32, moment);
                let is_call =
                    Instr::decode(&function.code[pc..]).unwrap().operands().any(|(o, _)| o.role == Role::Window);
                if moment == Moment::Across && !is_call
                    || liveness.places.binary_search(&place).is_err() && random.below(4) > 0
                {
                    continue;
                }
                liveness.each(&program, &function, pc as u32, moment, |register| assert!(found.insert(register)));
                assert_eq!(found, wanted[pc][moment as usize], "{moment:?} word {pc} of {:?}", function.code);
            }
        }
    }
}

/// By word of code: what matters before it, and across it. Straight from the definition, with a set for each word that
/// grows until nothing changes.
fn defined(program: &Program, function: &Function) -> Vec<[BTreeSet<u16>; 2]> {
    let mut all = vec![[BTreeSet::new(), BTreeSet::new()]; function.code.len() + 1];
    loop {
        let mut changed = false;
        for pc in starts(&function.code).collect::<Vec<_>>().into_iter().rev() {
            let now = step(program, function, pc, &all);
            changed |= now != all[pc];
            all[pc] = now;
        }
        if !changed {
            return all;
        }
    }
}

fn step(program: &Program, function: &Function, pc: usize, all: &[[BTreeSet<u16>; 2]]) -> [BTreeSet<u16>; 2] {
    let instr = Instr::decode(&function.code[pc..]).unwrap();
    let (info, next) = (instr.op.info(), pc + instr.words());
    let arg = |wanted: Role| instr.operands().find(|(o, _)| o.role == wanted).map(|(_, arg)| arg as usize);
    let is_val = |register: &u16| function.registers[usize::from(*register)] == Type::Val;
    let run = |first: usize, len: usize| (first as u16..(first + len) as u16).filter(is_val).collect::<BTreeSet<_>>();

    let signature = arg(Role::Func).and_then(|n| program.function_signature(FuncId(n as u32)));
    let signature = signature.or(arg(Role::Sig).and_then(|n| program.type_of(SigId(n as u32))));
    let native = arg(Role::Native).and_then(|n| program.native(NativeId(n as u32)));
    let signature = signature.or(native.and_then(|native| program.type_of(native.sig)));

    let (mut reads, mut writes) = (BTreeSet::new(), BTreeSet::new());
    for (operand, arg) in instr.operands() {
        match operand.role {
            Role::Src(_) => reads.extend(run(arg as usize, 1)),
            Role::Dst(_) => writes.extend(run(arg as usize, 1)),
            Role::InOut(_) => reads.extend(run(arg as usize, 1)),
            _ => {}
        }
    }
    if let (Some(first), Some(len)) = (arg(Role::Run), arg(Role::Len)) {
        reads.extend(run(first, len));
    }
    if let Some(first) = arg(Role::First) {
        reads.extend(run(first, program.type_of(function.sig).unwrap().results.len()));
    }
    let window = arg(Role::Window);
    if let (Some(window), Some(signature)) = (window, signature) {
        let brought = usize::from(info.brings_argument());
        reads.extend(run(window + 2 + brought, signature.params.len().saturating_sub(brought)));
    }

    let mut after = BTreeSet::new();
    let targets = match (arg(Role::Forward), arg(Role::Back), arg(Role::Count)) {
        (Some(distance), _, _) => next + distance..next + distance + 1,
        (_, Some(distance), _) => next - distance..next - distance + 1,
        (_, _, Some(count)) => next..next + count + 1,
        _ => 0..0,
    };
    targets.for_each(|target| after.extend(&all[target][0]));
    if !info.ends() {
        let bound =
            arg(Role::Bind).map(|first| run(first, program.bindings(PatternId(arg(Role::Pattern).unwrap() as u32))));
        after.extend(all[next][0].difference(&bound.unwrap_or_default()));
    }
    after.retain(|register| !writes.contains(register));
    let mut around = function.handlers.iter().filter(|h| (h.start..h.end).contains(&(pc as u32)));
    let first = around.clone().next().into_iter().chain(around.find(|handler| handler.traps));
    for handler in first.filter(|_| info.throws()) {
        after.extend(all[handler.target as usize][0].iter().filter(|&&register| register != handler.exception));
    }
    after.retain(|&register| window.is_none_or(|window| usize::from(register) < window));
    [&after | &reads, after]
}

struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814f);
        ((self.0 >> 33) as usize * n) >> 31
    }

    /// Code that decodes, with branches, windows and runs inside the function. Types and definedness are as they come.
    fn function(&mut self) -> Function {
        let count = [12, 40, 300][self.below(3)];
        let registers = (0..count).map(|_| Type::ALL[[4, 4, 0][self.below(3)]]).collect::<Vec<_>>();
        let len = 1 + self.below(40);
        let mut ops = vec![];
        while ops.len() < len {
            let op = Opcode::ALL[self.below(Opcode::COUNT)];
            // Many ops are alike here; those that are not should be frequent.
            if op.info().operands.iter().all(|o| matches!(o.role, Role::Src(_) | Role::Dst(_) | Role::Imm(_)))
                && self.below(8) > 0
            {
                continue;
            }
            ops.push(op);
            if op == Opcode::Switch {
                ops.extend([Opcode::Br; 3]);
            }
        }
        ops.push(Opcode::Ret);
        let mut places = vec![0];
        ops.iter().for_each(|op| places.push(places.last().unwrap() + usize::from(op.info().words)));
        let mut code = vec![];
        for (n, &op) in ops.iter().enumerate() {
            code.extend_from_slice(self.instr(op, n, &places, count).encode().as_words());
        }
        let handlers = self.handlers(&places[..ops.len()], count);
        let (name, debug) = (String::new(), Default::default());
        Function { name, sig: SigId(self.below(3) as u32), registers, code: Code::from(code), handlers, debug }
    }

    fn instr(&mut self, op: Opcode, n: usize, places: &[usize], registers: usize) -> Instr {
        let mut instr = Instr { op, args: [0; 4] };
        let mut len = 0;
        for (k, operand) in op.info().operands.iter().enumerate() {
            instr.args[k] = match operand.role {
                Role::Forward => places[n + 1 + self.below(places.len() - 2 - n)] - places[n + 1],
                Role::Back => places[n + 1] - places[self.below(n + 1)],
                Role::Src(_) | Role::Dst(_) | Role::InOut(_) => self.below(registers),
                Role::Window | Role::First => self.below(registers - 8),
                Role::Run | Role::Bind => {
                    len = self.below(registers);
                    self.below(registers - len)
                }
                Role::Len => len,
                Role::Func => self.below(3),
                Role::Sig => self.below(4),
                Role::Count => 2,
                _ => 0,
            } as u64;
        }
        instr
    }

    /// Ranges that nest.
    fn handlers(&mut self, places: &[usize], registers: usize) -> Vec<Handler> {
        let (mut handlers, mut start, mut end) = (vec![], 0, places.len());
        while end > start + 2 && self.below(3) > 0 {
            (start, end) = (start + self.below(2), end - 1 - self.below(2).min(end - start - 2));
            let target = places[end + self.below(places.len() - end)] as u32;
            let (exception, traps) = (self.below(registers) as u16, self.below(2) == 0);
            handlers
                .insert(0, Handler { start: places[start] as u32, end: places[end] as u32, target, exception, traps });
        }
        handlers
    }
}
