//! What holds for all inputs: branches land, and nonsense is refused without a panic.

use super::*;
use crate::ops::Opcode;
use arbitrary::Unstructured;
use arbtest::arbtest;

/// The number that marks a label, in an instruction of no effect.
const MARK: u32 = 1000;

#[test]
fn branches_land_on_their_labels() {
    arbtest(|u| {
        let mut b = function(&[Type::I32], &[]);
        let n = b.param(0);
        let labels: Vec<Label> = (0..4).map(|_| b.label()).collect();
        let mut targets = Vec::new();
        for &label in &labels {
            branches(u, &mut b, n, &labels, &mut targets)?;
            b.bind(label);
            b.fuel(MARK + label.0);
            branches(u, &mut b, n, &labels, &mut targets)?;
            (0..*u.choose(&[0, 3, 30000, 65520, 65530, 65535])?).for_each(|_| b.fuel(1));
        }
        branches(u, &mut b, n, &labels, &mut targets)?;
        b.ret();
        let code = b.finish().expect("nothing is wrong").code;
        let mut pc = 0;
        while pc < code.len() {
            let instr = Instr::decode(&code[pc..]).expect("the builder emits code that decodes");
            if let Opcode::BrI32EqImm | Opcode::LoopI32EqImm = instr.op {
                assert_eq!(land(&code, pc), targets[instr.args[1] as usize], "branch {} at {pc}", instr.args[1]);
            }
            pc += instr.words();
        }
        Ok(())
    })
    .budget_ms(1000);
}

/// A few branches, each with its place in `targets` as immediate.
fn branches(
    u: &mut Unstructured,
    b: &mut FunctionBuilder,
    n: Reg,
    labels: &[Label],
    targets: &mut Vec<Label>,
) -> arbitrary::Result<()> {
    for _ in 0..u.int_in_range(0..=3)? {
        let label = *u.choose(labels)?;
        b.branch(Cond::Eq, n, targets.len() as i32, label);
        targets.push(label);
    }
    Ok(())
}

/// The label where the branch at `pc` ends up, through its detour if it has one.
fn land(code: &[u64], pc: usize) -> Label {
    let instr = Instr::decode(&code[pc..]).expect("there is an instruction");
    let end = pc + instr.words();
    let distance = |n: usize| instr.args[n] as usize;
    match instr.op {
        Opcode::Br => land(code, end + distance(0)),
        Opcode::Loop => land(code, end - distance(0)),
        Opcode::BrI32EqImm => land(code, end + distance(2)),
        Opcode::LoopI32EqImm => land(code, end - distance(2)),
        op => {
            assert_eq!(op, Opcode::Fuel);
            Label(instr.args[0] as u32 - MARK)
        }
    }
}

#[test]
fn nonsense_is_refused_without_a_panic() {
    arbtest(|u| {
        let mut module = ModuleBuilder::new("m");
        let id = module.declare("f", signature(u)?);
        let mut b = module.function(id);
        let mut windows = Vec::new();
        while !u.is_empty() {
            something(u, &mut b, &mut windows)?;
        }
        module.define(id, b);
        if let Ok(module) = module.finish() {
            listing(&module.functions[0]);
        }
        Ok(())
    })
    .budget_ms(1000);
}

fn signature(u: &mut Unstructured) -> arbitrary::Result<Signature> {
    let mut types =
        || (0..u.int_in_range(0..=3)?).map(|_| u.choose(&Type::ALL).copied()).collect::<Result<Vec<_>, _>>();
    Ok(Signature::new(types()?, types()?))
}

/// A number that is often a register or label, sometimes one of a window, and sometimes anything.
fn number(u: &mut Unstructured) -> arbitrary::Result<u64> {
    match u.int_in_range(0..=9)? {
        0 => u.arbitrary(),
        1..=2 => u.int_in_range(65525..=65535),
        _ => u.int_in_range(0..=9),
    }
}

fn something(u: &mut Unstructured, b: &mut FunctionBuilder, windows: &mut Vec<CallWindow>) -> arbitrary::Result<()> {
    let reg = Reg(number(u)? as u16);
    let label = Label(number(u)? as u32);
    match u.int_in_range(0..=15)? {
        0 => _ = b.reg(*u.choose(&Type::ALL)?),
        1 => _ = b.temp(*u.choose(&Type::ALL)?),
        2 => b.free(reg),
        3 => b.bind(label),
        4 => _ = b.here(),
        5 => _ = b.label(),
        6 => b.switch(reg, &[label, Label(0)], label),
        7 => b.branch(*u.choose(&Cond::ALL)?, reg, number(u)? as i64, label),
        8 => b.invoke(FuncId(0), &signature(u)?, &[reg], &[reg]),
        9 => b.return_(&[reg, Reg(1)]),
        10 => windows.push(b.open(&signature(u)?)),
        11 => {
            if let Some(window) = windows.pop() {
                b.call_in(&window, FuncId(0));
                b.close(window);
            }
        }
        12 => b.tail_invoke(Callee::Indirect(reg, SigId(0)), &signature(u)?, &[reg]),
        13 => b.line(u.arbitrary()?),
        _ => b.emit(*u.choose(Opcode::ALL)?, [number(u)?, number(u)?, number(u)?, number(u)?]),
    }
    Ok(())
}
