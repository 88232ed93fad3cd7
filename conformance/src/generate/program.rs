//! Typed programs that verify: a module and calls to make of it.

use super::body::Body;
use super::{TYPES, scalar, slot};
use crate::host;
use arbitrary::{Result, Unstructured};
use regatta_ir::module::{Data, Global, Memory, Native};
use regatta_ir::ops::Kind;
use regatta_ir::{Code, Function, Module, Opcode, SigId, Signature, Type};
use regatta_vm::Scalar;
use std::sync::LazyLock;

/// A module, and calls of its functions, each by the function's place and with arguments.
#[derive(Clone, Debug)]
pub struct Generated {
    /// The module.
    pub module: Module,
    /// What to call.
    pub calls: Vec<(usize, Vec<Scalar>)>,
}

/// What bodies may refer to.
pub(super) struct World {
    pub(super) signatures: Vec<Signature>,
    types: Vec<Signature>,
    pub(super) natives: Vec<(&'static str, Signature)>,
    pub(super) globals: Vec<Global>,
    pub(super) plain_ops: &'static [Opcode],
    pub(super) branches: &'static [Opcode],
    pub(super) latches: &'static [Opcode],
    /// Do makers of bodies sometimes take a register for written that is not?
    pub(super) careless: bool,
}

/// The natives that generated programs call.
const NATIVES: [&str; 6] = ["test.add", "test.swap", "test.log", "test.fail", "print.i64", "print.f32"];

static PLAIN: LazyLock<Vec<Opcode>> = LazyLock::new(|| {
    of_kind(|kind| !matches!(kind, Kind::branch | Kind::latch | Kind::step | Kind::magic | Kind::control))
});
static WITHOUT_MEMORY: LazyLock<Vec<Opcode>> = LazyLock::new(|| {
    let memory =
        |op: &Opcode| matches!(op.info().kind, Kind::load | Kind::store) || op.info().mnemonic.starts_with("memory");
    PLAIN.iter().copied().filter(|op| !memory(op)).collect()
});
static BRANCHES: LazyLock<Vec<Opcode>> = LazyLock::new(|| of_kind(|kind| kind == Kind::branch));
static LATCHES: LazyLock<Vec<Opcode>> = LazyLock::new(|| of_kind(|kind| kind == Kind::latch));
static STEPS: LazyLock<Vec<Opcode>> = LazyLock::new(|| of_kind(|kind| kind == Kind::step));

fn of_kind(wanted: impl Fn(Kind) -> bool) -> Vec<Opcode> {
    Opcode::ALL.iter().copied().filter(|op| wanted(op.info().kind) && is_typed(*op)).collect()
}

/// Does it work on registers of fixed types only, so that the programs made here can use it?
fn is_typed(op: Opcode) -> bool {
    use regatta_ir::operand::{Class, Role};
    op.info().operands.iter().all(|operand| match operand.role {
        Role::Dst(class) | Role::Src(class) | Role::InOut(class) => class != Class::Of(Type::Val),
        _ => true,
    })
}

impl World {
    fn new(u: &mut Unstructured<'_>, has_memory: bool, careless: bool) -> Result<World> {
        let offered = host::natives();
        let native = |name| (name, offered.get(name).expect("the host of tests offers it").signature.clone());
        let natives: Vec<_> = NATIVES.map(native).to_vec();
        let mut signatures = Vec::new();
        for _ in 0..u.int_in_range(1..=5)? {
            signatures.push(signature(u)?);
        }
        let mut globals = Vec::new();
        for n in 0..u.int_in_range(0..=4)? {
            let ty = *u.choose(&TYPES)?;
            globals.push(Global { name: format!("g{n}"), ty, mutable: u.ratio(3, 4)?, init: slot(u, ty)? });
        }
        let mut types: Vec<Signature> = Vec::new();
        for signature in signatures.iter().chain(natives.iter().map(|(_, signature)| signature)) {
            if !types.contains(signature) {
                types.push(signature.clone());
            }
        }
        let plain_ops = if has_memory { &*PLAIN } else { &*WITHOUT_MEMORY };
        Ok(World { signatures, types, natives, globals, plain_ops, branches: &BRANCHES, latches: &LATCHES, careless })
    }

    /// The index of a signature.
    pub(super) fn sig(&self, signature: &Signature) -> u64 {
        self.types.iter().position(|ty| ty == signature).expect("all signatures used are listed") as u64
    }

    /// The ops that count a register of this type.
    pub(super) fn steps_of(&self, ty: Type) -> impl Iterator<Item = Opcode> {
        use regatta_ir::operand::{Class, Role};
        STEPS.iter().copied().filter(move |op| op.info().operands[0].role == Role::InOut(Class::Of(ty)))
    }
}

fn signature(u: &mut Unstructured<'_>) -> Result<Signature> {
    let mut types = || -> Result<Vec<Type>> {
        let count = u.int_in_range(0..=4)?;
        (0..count).map(|_| u.choose(&TYPES).copied()).collect()
    };
    Ok(Signature::new(types()?, types()?))
}

/// A program that verifies, and calls of it that end.
pub fn program(u: &mut Unstructured<'_>) -> Result<Generated> {
    make(u, false)
}

/// The same, perhaps made without care for which registers have been written.
pub(super) fn make(u: &mut Unstructured<'_>, careless: bool) -> Result<Generated> {
    let memory = if u.ratio(7, 8)? { Some(Memory { min: 1, max: u.int_in_range(1..=3)? }) } else { None };
    let world = World::new(u, memory.is_some(), careless)?;
    let mut calls = Vec::new();
    for (n, signature) in world.signatures.iter().enumerate() {
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
        let (registers, code) = Body::new(u, &world, n)?.make()?;
        let (name, sig) = (format!("f{n}"), SigId(world.sig(signature) as u32));
        functions.push(Function {
            name,
            sig,
            registers,
            code: Code::from(code),
            handlers: vec![],
            debug: Default::default(),
        });
    }
    let native = |(name, signature): &(&str, Signature)| Native {
        name: name.to_string(),
        sig: SigId(world.sig(signature) as u32),
    };
    let natives = world.natives.iter().map(native).collect();
    let World { types, globals, .. } = world;
    let module = Module {
        name: String::new(),
        types,
        imports: vec![],
        natives,
        globals,
        memory,
        data,
        functions,
        ..Module::default()
    };
    Ok(Generated { module, calls })
}
