//! Code by the yard: functions of any size, the same ones every time.
//!
//! Such code means nothing, but it is verified code with the mix of real programs: two thirds arithmetic on integers and
//! floats, the rest memory, branches ahead, calls of the function itself, and loops, some inside others. It would end if
//! it were run, or trap.

use regatta_vm::ir::builder::{FunctionBuilder, ModuleBuilder};
use regatta_vm::ir::{FuncId, Function, Instr, Module, Reg, Signature, Type};

/// A module of one function with at least this many instructions.
pub fn one_function(instructions: usize) -> Module {
    let mut module = ModuleBuilder::new("synthetic");
    let func = module.declare("f", unary());
    let mut body = module.function(func);
    fill(&mut body, func, instructions);
    module.define(func, body);
    module.memory(1, 1);
    module.finish().expect("the generator makes no mistakes")
}

/// A module whose function `entry` returns at once, followed by `functions` ones of at least `instructions` each.
pub fn many_functions(functions: usize, instructions: usize) -> Module {
    let mut module = one_function(instructions);
    let pattern = module.functions.remove(0);
    let mut entry = ModuleBuilder::new("entry");
    let func = entry.declare("entry", unary());
    let mut body = entry.function(func);
    body.ret_value(Reg(0));
    entry.define(func, body);
    module.functions = entry.finish().expect("one instruction").functions;
    for n in 1..=functions {
        module.functions.push(Function { name: format!("f{n}"), ..pattern.clone() });
    }
    module
}

/// The module with all functions `times` times. Copies are numbered and call the originals.
pub fn repeat(mut module: Module, times: usize) -> Module {
    let originals = module.functions.clone();
    for n in 1..times {
        let copy = |f: &Function| Function { name: format!("{}{n}", f.name), ..f.clone() };
        module.functions.extend(originals.iter().map(copy));
    }
    module
}

/// How many instructions a module has.
pub fn instructions(module: &Module) -> usize {
    module.functions.iter().map(|function| count(&function.code)).sum()
}

fn count(code: &[u64]) -> usize {
    let (mut pc, mut count) = (0, 0);
    while let Some(instr) = Instr::decode(&code[pc..]) {
        pc += instr.words();
        count += 1;
    }
    count
}

fn unary() -> Signature {
    Signature::new([Type::I32], [Type::I32])
}

/// Registers and the dice.
struct Pen<'a> {
    b: &'a mut FunctionBuilder,
    me: FuncId,
    ints: Vec<Reg>,
    floats: Vec<Reg>,
    counters: [Reg; 2],
    state: u64,
}

fn fill(b: &mut FunctionBuilder, me: FuncId, instructions: usize) {
    let ints: Vec<Reg> = (0..12).map(|_| b.reg(Type::I32)).collect();
    let floats: Vec<Reg> = (0..6).map(|_| b.reg(Type::F64)).collect();
    let counters = [b.reg(Type::I32), b.reg(Type::I32)];
    ints.iter().for_each(|&reg| b.i32_const(reg, 7));
    floats.iter().for_each(|&reg| b.f64_const(reg, 1.5));
    let mut pen = Pen { b, me, ints, floats, counters, state: 0x9e37_79b9_7f4a_7c15 };
    while (pen.b.emitted() as usize) < instructions {
        pen.outer_loop();
    }
    let result = pen.int();
    pen.b.ret_value(result);
}

impl Pen<'_> {
    fn outer_loop(&mut self) {
        self.b.i32_const(self.counters[0], 3);
        let top = self.b.here();
        for _ in 0..4 {
            self.paragraph();
        }
        self.b.i32_const(self.counters[1], 2);
        let inner = self.b.here();
        self.paragraph();
        self.b.loop_i32_dec_gt_imm(self.counters[1], 0, inner);
        self.b.loop_i32_dec_gt_imm(self.counters[0], 0, top);
    }

    /// Arithmetic, memory, a branch around something, and sometimes a call.
    fn paragraph(&mut self) {
        for _ in 0..5 {
            self.arithmetic();
        }
        let (addr, value, after) = (self.int(), self.int(), self.b.label());
        self.b.i32_load(value, addr, 8);
        self.b.br_i32_lt_s(value, addr, after);
        self.arithmetic();
        self.b.i32_store(value, addr, 8);
        self.b.bind(after);
        if self.dice(3) == 0 {
            let (argument, result) = (self.int(), self.int());
            self.b.invoke(self.me, &unary(), &[argument], &[result]);
        }
    }

    fn arithmetic(&mut self) {
        let (a, b, c) = (self.int(), self.int(), self.int());
        let (x, y, z) = (self.float(), self.float(), self.float());
        match self.dice(8) {
            0 => self.b.i32_add(a, b, c),
            1 => self.b.i32_mul(a, b, c),
            2 => self.b.i32_add_imm(a, b, 100),
            3 => self.b.i32_shl_imm(a, b, 3),
            4 => self.b.mov(a, b),
            5 => self.b.f64_mul(x, y, z),
            6 => self.b.f64_add(x, y, z),
            _ => self.b.f64_convert_i32_s(x, a),
        }
    }

    fn int(&mut self) -> Reg {
        let n = self.dice(self.ints.len());
        self.ints[n]
    }

    fn float(&mut self) -> Reg {
        let n = self.dice(self.floats.len());
        self.floats[n]
    }

    /// A number below `sides`, by xorshift.
    fn dice(&mut self, sides: usize) -> usize {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        (self.state >> 32) as usize % sides
    }
}
