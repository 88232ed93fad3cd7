//! Typed programs that verify: a module and calls to make of it.

use super::body::{Body, Made};
use super::scalar;
use super::world::{Part, World};
use arbitrary::{Result, Unstructured};
use regatta_ir::module::{Data, Memory};
use regatta_ir::{Code, Function, Module, SigId};
use regatta_vm::Scalar;

/// A module, and calls of its functions, each by the function's place and with arguments.
#[derive(Clone, Debug)]
pub struct Generated {
    /// The module.
    pub module: Module,
    /// What to call.
    pub calls: Vec<(usize, Vec<Scalar>)>,
}

/// What kind of program is made.
#[derive(Clone, Copy, Default)]
pub(super) struct Style {
    /// Does it work on dynamic values, too?
    pub(super) dynamic: bool,
    /// Do makers of bodies sometimes take a register for written that is not?
    pub(super) careless: bool,
}

/// A program of typed registers that verifies, and calls of it that end.
pub fn program(u: &mut Unstructured<'_>) -> Result<Generated> {
    make(u, Style::default())
}

/// The same, with dynamic values, objects and exceptions.
pub fn dynamic(u: &mut Unstructured<'_>) -> Result<Generated> {
    make(u, Style { dynamic: true, careless: false })
}

/// A program of some style.
pub(super) fn make(u: &mut Unstructured<'_>, style: Style) -> Result<Generated> {
    let memory = if u.ratio(7, 8)? { Some(Memory { min: 1, max: u.int_in_range(1..=3)? }) } else { None };
    let world = World::new(u, memory.is_some(), style)?;
    let mut calls = Vec::new();
    for (n, signature) in world.signatures.iter().enumerate() {
        // Those that expect an object are for other functions to call.
        if world.parts[n] != Part::Plain && u.ratio(7, 8)? {
            continue;
        }
        let args = signature.params.iter().map(|&ty| scalar(u, ty)).collect::<Result<_>>()?;
        calls.push((n, args));
    }
    let data = match memory {
        Some(_) => vec![Data { offset: u.int_in_range(0..=60_000)?, bytes: u.arbitrary()? }],
        None => vec![],
    };
    let data = data.into_iter().filter(|data| data.offset as usize + data.bytes.len() <= 1 << 16).collect();
    let mut functions = Vec::new();
    for (n, signature) in world.signatures.iter().enumerate() {
        let Made { registers, code, handlers } = Body::new(u, &world, n)?.make()?;
        let (name, sig) = (format!("f{n}"), SigId(world.sig(signature) as u32));
        functions.push(Function { name, sig, registers, code: Code::from(code), handlers, debug: Default::default() });
    }
    Ok(Generated { module: Module { memory, data, functions, ..world.module() }, calls })
}
