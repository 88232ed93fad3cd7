//! What bodies may refer to: signatures, natives, globals, declarations, and the ops they choose from.

use super::declare::{Declared, declare};
use super::guess::Guess;
use super::program::Style;
use super::{TYPES, global_slot};
use crate::host;
use arbitrary::{Result, Unstructured};
use regatta_ir::module::{Global, Native};
use regatta_ir::operand::{Class, Role};
use regatta_ir::ops::Kind;
use regatta_ir::vocabulary::Tag;
use regatta_ir::{Module, Opcode, SigId, Signature, Type};
use regatta_vm::natives::{Permission, table};
use std::sync::LazyLock;

/// The most arguments of functions that take and give values only.
pub(super) const MAX_VALUES: usize = 3;

/// What a function is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// Anything.
    Plain,
    /// It probably gets an instance first.
    Method,
    /// It probably gets its closure last.
    Closure,
}

/// What bodies may refer to.
pub(super) struct World {
    pub(super) signatures: Vec<Signature>,
    pub(super) parts: Vec<Part>,
    types: Vec<Signature>,
    pub(super) natives: Vec<(&'static str, Signature)>,
    pub(super) globals: Vec<Global>,
    pub(super) declared: Declared,
    plain: &'static [Opcode],
    has_memory: bool,
    pub(super) careless: bool,
    dynamic: bool,
    /// May it ask whether something is still there, which depends on collections?
    asks_for_dead: bool,
}

/// The natives that typed programs call.
const NATIVES: [&str; 6] = ["test.add", "test.swap", "test.log", "test.fail", "print.i64", "print.f32"];
/// How many of the standard natives a dynamic program declares.
const MOST_NATIVES: usize = 24;

static PLAIN: LazyLock<Vec<Opcode>> = LazyLock::new(|| of_kind(is_plain, is_typed));
static WITHOUT_MEMORY: LazyLock<Vec<Opcode>> =
    LazyLock::new(|| PLAIN.iter().copied().filter(|op| !op.info().uses_memory()).collect());
static BRANCHES: LazyLock<Vec<Opcode>> =
    LazyLock::new(|| of_kind(|kind| matches!(kind, Kind::branch | Kind::skip), is_typed));
static BRANCHES_ON_MEMORY: LazyLock<Vec<Opcode>> =
    LazyLock::new(|| of_kind(|kind| kind == Kind::load_branch, |_| true));
static LATCHES: LazyLock<Vec<Opcode>> = LazyLock::new(|| of_kind(|kind| kind == Kind::latch, is_typed));
static STEPS: LazyLock<Vec<Opcode>> = LazyLock::new(|| of_kind(|kind| kind == Kind::step, |_| true));
static PLAIN_ON_VALUES: LazyLock<Vec<Opcode>> = LazyLock::new(|| of_kind(is_plain, |op| !is_typed(op)));
static BRANCHES_ON_VALUES: LazyLock<Vec<Opcode>> = LazyLock::new(|| {
    of_kind(
        |kind| matches!(kind, Kind::branch | Kind::skip | Kind::object_branch | Kind::unmatched),
        |op| !is_typed(op),
    )
});
static LATCHES_ON_VALUES: LazyLock<Vec<Opcode>> =
    LazyLock::new(|| of_kind(|kind| kind == Kind::latch, |op| !is_typed(op)));

fn of_kind(wanted: impl Fn(Kind) -> bool, also: impl Fn(Opcode) -> bool) -> Vec<Opcode> {
    Opcode::ALL.iter().copied().filter(|&op| wanted(op.info().kind) && also(op)).collect()
}

fn is_plain(kind: Kind) -> bool {
    use Kind::*;
    !matches!(
        kind,
        branch | skip | load_branch | object_branch | unmatched | latch | step | give | guard | magic | control
    )
}

/// Does it work on registers of fixed types only?
fn is_typed(op: Opcode) -> bool {
    op.info().operands.iter().all(|operand| match operand.role {
        Role::Dst(class) | Role::Src(class) | Role::InOut(class) => class != Class::Of(Type::Val),
        _ => true,
    })
}

/// A function of so many values that gives one.
pub(super) fn of_values(takes: usize) -> Signature {
    Signature::new(vec![Type::Val; takes], [Type::Val])
}

impl World {
    pub(super) fn new(u: &mut Unstructured<'_>, has_memory: bool, style: Style) -> Result<World> {
        let Style { dynamic, careless } = style;
        let (signatures, parts) = functions(u, dynamic)?;
        let natives = natives(u, dynamic)?;
        let mut globals = Vec::new();
        for n in 0..u.int_in_range(if dynamic { 2..=5 } else { 0..=4 })? {
            let ty = if dynamic && n < 2 { Type::Val } else { *u.choose(&TYPES)? };
            let init = global_slot(u, ty)?;
            globals.push(Global { name: format!("g{n}"), ty, mutable: u.ratio(3, 4)?, init });
        }
        let mut types: Vec<Signature> = Vec::new();
        let called = (0..=MAX_VALUES).filter(|_| dynamic).map(of_values);
        for signature in signatures.iter().chain(natives.iter().map(|(_, signature)| signature)).cloned().chain(called)
        {
            if !types.contains(&signature) {
                types.push(signature);
            }
        }
        let asks_for_dead = dynamic && u.ratio(1, 8)?;
        let plain: &[Opcode] = if has_memory { &PLAIN } else { &WITHOUT_MEMORY };
        let declared = Declared::default();
        let mut world = World {
            signatures,
            parts,
            types,
            natives,
            globals,
            declared,
            plain,
            has_memory,
            careless,
            dynamic,
            asks_for_dead,
        };
        if dynamic {
            world.declared = declare(u, &world)?;
        }
        Ok(world)
    }

    /// Does the program work on dynamic values?
    pub(super) fn is_dynamic(&self) -> bool {
        self.dynamic
    }

    /// The index of a signature.
    pub(super) fn sig(&self, signature: &Signature) -> u64 {
        self.types.iter().position(|ty| ty == signature).expect("all signatures used are listed") as u64
    }

    /// An op that stays in its frame and goes to the next instruction.
    pub(super) fn plain_op(&self, u: &mut Unstructured<'_>) -> Result<Opcode> {
        let op = self.choose(u, self.plain, &PLAIN_ON_VALUES)?;
        Ok(if op == Opcode::WeakGet && !self.asks_for_dead { Opcode::WeakNew } else { op })
    }

    /// A conditional branch ahead.
    pub(super) fn branch(&self, u: &mut Unstructured<'_>) -> Result<Opcode> {
        if self.has_memory && u.ratio(1, 32)? {
            return u.choose(&BRANCHES_ON_MEMORY).copied();
        }
        self.choose(u, &BRANCHES, &BRANCHES_ON_VALUES)
    }

    /// A conditional branch back.
    pub(super) fn latch(&self, u: &mut Unstructured<'_>) -> Result<Opcode> {
        self.choose(u, &LATCHES, &LATCHES_ON_VALUES)
    }

    fn choose(&self, u: &mut Unstructured<'_>, typed: &[Opcode], on_values: &[Opcode]) -> Result<Opcode> {
        let dynamic = self.dynamic && u.ratio(3, 4)?;
        u.choose(if dynamic { on_values } else { typed }).copied()
    }

    /// The ops that return one result of this type, always or at times.
    pub(super) fn gives(&self, ty: Type) -> impl Iterator<Item = Opcode> {
        let fits = move |class| class == Class::Of(ty) || class == Class::Any;
        let gives = |op: &Opcode| matches!(op.info().kind, Kind::give | Kind::guard);
        let all = Opcode::ALL.iter().copied().filter(gives).filter(|&op| self.dynamic || is_typed(op));
        all.filter(move |op| matches!(op.info().operands[0].role, Role::Src(class) if fits(class)))
    }

    /// The ops that count a register of this type.
    pub(super) fn steps_of(&self, ty: Type) -> impl Iterator<Item = Opcode> {
        STEPS.iter().copied().filter(move |op| op.info().operands[0].role == Role::InOut(Class::Of(ty)))
    }

    /// The functions that probably get their closure.
    pub(super) fn closures(&self) -> impl Iterator<Item = usize> {
        (0..self.parts.len()).filter(|&n| self.parts[n] == Part::Closure)
    }

    /// The functions that take so many values and nothing else, and give one.
    pub(super) fn functions_of(&self, takes: usize) -> impl Iterator<Item = usize> {
        (0..self.signatures.len()).filter(move |&n| self.takes_values(n) && self.takes(n) == takes)
    }

    /// How many arguments a function takes.
    pub(super) fn takes(&self, function: usize) -> usize {
        self.signatures.get(function).map_or(0, |signature| signature.params.len())
    }

    /// Does a function take and give values only?
    fn takes_values(&self, function: usize) -> bool {
        let signature = &self.signatures[function];
        *signature.results == [Type::Val] && signature.params.iter().all(|&ty| ty == Type::Val)
    }

    /// A module of all that is declared, without memory and functions. To be asked for when the bodies are made.
    pub(super) fn module(self) -> Module {
        let native = |(name, signature): &(&str, Signature)| Native {
            name: name.to_string(),
            sig: SigId(self.sig(signature) as u32),
        };
        let natives = self.natives.iter().map(native).collect();
        let World { types, globals, declared, .. } = self;
        let Declared { texts, classes, patterns, tables, .. } = declared;
        Module { types, natives, globals, texts, classes, patterns, tables, ..Module::default() }
    }
}

impl Part {
    /// What the parameters of a function probably hold.
    pub(super) fn guess(self, params: &mut [Guess]) {
        let takes = params.len().saturating_sub(1);
        match self {
            Part::Plain => {}
            Part::Method => params.iter_mut().take(1).for_each(|first| *first = Guess::Is(Tag::Instance)),
            Part::Closure => params.iter_mut().rev().take(1).for_each(|last| *last = Guess::Closure(takes)),
        }
    }
}

/// Signatures of functions, and what they are for. In dynamic programs, there is one for each number of values.
fn functions(u: &mut Unstructured<'_>, dynamic: bool) -> Result<(Vec<Signature>, Vec<Part>)> {
    let (mut signatures, mut parts) = (Vec::new(), Vec::new());
    if dynamic {
        signatures.extend([1, 2, 3, 2].map(of_values));
        parts.extend([Part::Method, Part::Method, Part::Method, Part::Closure]);
    }
    for n in 0..u.int_in_range(if dynamic { 2..=4 } else { 1..=5 })? {
        let signature = match dynamic && u.ratio(3, 4)? {
            true => of_values(u.int_in_range(0..=MAX_VALUES)?),
            false => signature(u, dynamic)?,
        };
        let may_get_closure = n == 0 && dynamic && signature.params.last() == Some(&Type::Val);
        parts.push(if may_get_closure { Part::Closure } else { Part::Plain });
        signatures.push(signature);
    }
    Ok((signatures, parts))
}

fn signature(u: &mut Unstructured<'_>, dynamic: bool) -> Result<Signature> {
    let choice = if dynamic { &Type::ALL[..] } else { &TYPES };
    let mut types = || -> Result<Vec<Type>> {
        let count = u.int_in_range(0..=4)?;
        (0..count).map(|_| u.choose(choice).copied()).collect()
    };
    Ok(Signature::new(types()?, types()?))
}

/// Natives to call; those whose results depend on more than their arguments are left out.
fn natives(u: &mut Unstructured<'_>, dynamic: bool) -> Result<Vec<(&'static str, Signature)>> {
    let offered = host::natives();
    let mut names = NATIVES.to_vec();
    let even = |row: &&table::Row| matches!(row.permission, Permission::Pure | Permission::Output);
    let standard: Vec<_> = table::ROWS.iter().filter(even).filter(|row| !row.is_of_prelude()).collect();
    for _ in 0..if dynamic { u.int_in_range(8..=MOST_NATIVES)? } else { 0 } {
        let name = u.choose(&standard)?.name;
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let native = |name| (name, offered.get(name).expect("the host of tests offers it").signature.clone());
    Ok(names.into_iter().map(native).collect())
}
