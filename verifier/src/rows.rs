//! The op table, pressed: per op what the fast check of a body needs, in a few words computed at compile time.
//!
//! Register operands lie in the three fields after the op number, so one mask takes them apart; one in a second word is
//! looked at by itself. Types are compared
//! three at a time: the byte of field `k` in `wants` is the type asked for. A field without a register reads the
//! register `0xFFFF`, which no function has, and finds [`NO_TYPE`], which is just what such a field wants. `Any` has no type of its own:
//! the first operand must only be a register, and each further one equals the first.

use regatta_ir::codec::{OpInfo, OperandInfo};
use regatta_ir::operand::{Class, Role};
use regatta_ir::ops::{Effect, Kind};
use regatta_ir::{MAX_BOUND_ARGUMENTS, Opcode};

/// The type of what is no register.
pub(crate) const NO_TYPE: u8 = 0x80;

/// What an op asks besides its register operands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Shape {
    Plain,
    Forward,
    Back,
    Switch,
    Call,
    CallIndirect,
    CallNative,
    Return,
    FuncConst,
    Global,
    /// A call whose callee is found by its operands.
    Magic,
    /// A branch that writes what a pattern binds when it is not taken.
    Unmatched,
    /// Nothing but operands that are looked at one by one.
    Listed,
}

impl Shape {
    /// Does it enter another function through a window?
    pub(crate) const fn calls(self) -> bool {
        matches!(self, Shape::Call | Shape::CallIndirect | Shape::CallNative | Shape::Magic)
    }
}

/// One op, pressed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row {
    /// Bits of the first word that belong to no operand.
    pub(crate) unused: u64,
    /// Ones in the fields, after the op number, that hold no register.
    pub(crate) absent: u64,
    /// The type wanted of each field.
    pub(crate) wants: u32,
    /// A one in the byte of each field that equals the first.
    pub(crate) same: u32,
    /// The bits of the types that matter.
    pub(crate) cares: u32,
    /// Bit `k`: field `k` is read.
    pub(crate) reads: u8,
    /// 1 when the first field is written.
    pub(crate) writes: u8,
    /// 1 when it works on memory.
    pub(crate) memory: u8,
    /// Words it takes.
    pub(crate) words: u8,
    /// What else there is to check.
    pub(crate) shape: Shape,
    /// Arguments that the callee may take besides those of the signature.
    pub(crate) spare: u8,
    /// It puts the first argument into the window itself.
    pub(crate) brings: bool,
    /// Control never continues with the next instruction.
    pub(crate) ends: bool,
    /// Some operands are looked at one by one.
    pub(crate) listed: bool,
    /// Control may go to a handler.
    pub(crate) throws: bool,
    /// A collector may ask here what lives.
    pub(crate) safepoint: bool,
    /// Lowest bit of the operand that is no register and has to be checked: the distance or the reference.
    pub(crate) at: u8,
    /// Its width.
    pub(crate) bits: u8,
}

impl Row {
    /// The operand at [`Row::at`].
    #[inline(always)]
    pub(crate) fn field(&self, word: u64, second: u64) -> u32 {
        let whole = if self.at >= 64 { second >> (self.at - 64) } else { word >> self.at };
        (whole & ((1 << self.bits) - 1)) as u32
    }
}

/// The row of each op, by number.
pub(crate) static ROWS: [Row; Opcode::COUNT] = {
    let mut rows = [EMPTY; Opcode::COUNT];
    let mut n = 0;
    while n < Opcode::COUNT {
        rows[n] = press(Opcode::ALL[n].info());
        n += 1;
    }
    rows
};

/// Bits of the second word that belong to no operand, by op number.
pub(crate) static SECOND_UNUSED: [u64; Opcode::COUNT] = {
    let mut unused = [u64::MAX; Opcode::COUNT];
    let mut n = 0;
    while n < Opcode::COUNT {
        let operands = Opcode::ALL[n].info().operands;
        let mut k = 0;
        while k < operands.len() {
            if operands[k].at >= 64 {
                unused[n] &= !(mask(operands[k].bits) << (operands[k].at - 64));
            }
            k += 1;
        }
        n += 1;
    }
    unused
};

const fn mask(bits: u8) -> u64 {
    if bits == 64 { u64::MAX } else { (1 << bits) - 1 }
}

const EMPTY: Row = Row {
    unused: !0xFFFF,
    absent: 0xFFFF_FFFF_FFFF,
    wants: 0x01_01_01 * NO_TYPE as u32,
    same: 0,
    cares: 0xFF_FF_FF,
    reads: 0,
    writes: 0,
    memory: 0,
    words: 1,
    shape: Shape::Plain,
    spare: 0,
    brings: false,
    ends: false,
    listed: false,
    throws: false,
    safepoint: false,
    at: 16,
    bits: 16,
};

const fn press(info: &OpInfo) -> Row {
    let mut row = Row {
        words: info.words,
        memory: info.uses_memory() as u8,
        throws: info.throws(),
        safepoint: info.is_safepoint(),
        ..EMPTY
    };
    let mut n = 0;
    while n < info.effects.len() {
        row.ends |= matches!(info.effects[n], Effect::Ends);
        if matches!(info.effects[n], Effect::Binds) {
            row.spare = MAX_BOUND_ARGUMENTS as u8;
        }
        n += 1;
    }
    let mut n = 0;
    while n < info.operands.len() {
        row = with_operand(row, &info.operands[n]);
        n += 1;
    }
    row.brings = info.brings_argument();
    if matches!(info.op, Opcode::Ret | Opcode::RetValues) || info.gives_first() {
        row.shape = Shape::Return;
    }
    if matches!(info.kind, Kind::unmatched) {
        row.shape = Shape::Unmatched;
    }
    if matches!(row.shape, Shape::Call) && !has_callee(info) {
        row.shape = Shape::Magic;
    }
    if matches!(row.shape, Shape::Plain) && row.listed {
        row.shape = Shape::Listed;
    }
    row
}

const fn has_callee(info: &OpInfo) -> bool {
    let mut n = 0;
    while n < info.operands.len() {
        if matches!(info.operands[n].role, Role::Func | Role::Sig | Role::Native) {
            return true;
        }
        n += 1;
    }
    false
}

const fn with_operand(mut row: Row, operand: &OperandInfo) -> Row {
    if operand.at < 64 {
        row.unused &= !(mask(operand.bits) << operand.at);
    }
    let (shape, at, bits) = match operand.role {
        Role::Dst(class) => return with_register(row, operand, class, false, true),
        Role::Src(class) => return with_register(row, operand, class, true, false),
        Role::InOut(class) => return with_register(row, operand, class, true, true),
        Role::Forward => (Shape::Forward, operand.at, operand.bits),
        Role::Back => (Shape::Back, operand.at, operand.bits),
        Role::Func if matches!(row.shape, Shape::Call) => (Shape::Call, operand.at, operand.bits),
        Role::Func => (Shape::FuncConst, operand.at, operand.bits),
        Role::Sig => (Shape::CallIndirect, operand.at, operand.bits),
        Role::Global => (Shape::Global, operand.at, operand.bits),
        Role::Native => (Shape::CallNative, operand.at, operand.bits),
        Role::Window => (Shape::Call, operand.at, operand.bits),
        Role::Count => (Shape::Switch, operand.at, operand.bits),
        Role::First => (Shape::Return, operand.at, operand.bits),
        _ => {
            row.listed |= is_listed(operand.role);
            return row;
        }
    };
    Row { shape, at, bits, ..row }
}

/// Is this an operand that [`crate::operands`] looks at?
const fn is_listed(role: Role) -> bool {
    match role {
        Role::Atom | Role::Text | Role::Class | Role::Site | Role::Table => true,
        Role::Tag | Role::Special | Role::Access | Role::Run | Role::Len => true,
        // Numbers of all sizes do, and a pattern is looked at together with what it binds.
        _ => false,
    }
}

const fn with_register(mut row: Row, operand: &OperandInfo, class: Class, reads: bool, writes: bool) -> Row {
    let field = operand.at / 16 - 1;
    if field >= 3 {
        assert!(reads && !writes && matches!(class, Class::Of(_)), "a register in the second word is more than read");
        return Row { listed: true, ..row };
    }
    // One that is read is written before, and so it is after.
    assert!(!writes || field == 0 || reads, "a register other than the first is written for the first time");
    let byte = 8 * field as u32;
    row.absent &= !(0xFFFF << (16 * field));
    row.wants &= !(0xFF << byte);
    match class {
        Class::Of(ty) => row.wants |= (ty as u32) << byte,
        Class::Any if field == 0 => row.cares = (row.cares & !0xFF) | NO_TYPE as u32,
        // It is of the type of the argument that it becomes.
        Class::Any if matches!(row.shape, Shape::Call) => row.cares &= !(0x7F << byte),
        Class::Any => {
            assert!(row.cares & 0xFF == NO_TYPE as u32, "the first operand is not `Any`, but a later one is");
            row.same |= 1 << byte;
        }
    }
    row.reads |= (reads as u8) << field;
    row.writes |= (writes && field == 0) as u8;
    row
}
