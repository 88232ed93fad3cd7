//! Words and instructions: where operands lie in an instruction, and the table as run-time data.
//!
//! [`Instr`] is an instruction with its operands taken apart, driven by the table: what the text form, the verifier, the
//! linker and generators work with. Engines use the typed structs of [`crate::ops`] instead.

use crate::operand::Role;
use crate::ops::{Effect, Kind, OPS, Opcode};
use crate::types::Type;

/// One operand of an op.
#[derive(Clone, Copy, Debug)]
pub struct OperandInfo {
    /// Its name in the table.
    pub name: &'static str,
    /// What it means.
    pub role: Role,
    /// Its width: 16, 32 or 64.
    pub bits: u8,
    /// Its lowest bit, counted from the start of the instruction; 64 and up is the second word.
    pub at: u8,
}

/// One row of the op table.
#[derive(Debug)]
pub struct OpInfo {
    /// The op.
    pub op: Opcode,
    /// Its name in the text form.
    pub mnemonic: &'static str,
    /// How engines reach its meaning.
    pub kind: Kind,
    /// The function it means, if its kind has one. Fused forms share that of their plain form.
    pub meaning: Option<&'static str>,
    /// The doc comment of the row.
    pub doc: &'static str,
    /// Its operands, in order.
    pub operands: &'static [OperandInfo],
    /// Words it takes: 1 or 2.
    pub words: u8,
    /// What it may do besides its work.
    pub effects: &'static [Effect],
}

impl OpInfo {
    /// Does control never continue with the next instruction?
    #[inline]
    pub fn ends(&self) -> bool {
        self.effects.contains(&Effect::Ends)
    }

    /// May control go from it to a handler? Where it may not say so itself, its kind may: what works on objects can fail.
    #[inline]
    pub const fn throws(&self) -> bool {
        let mut n = 0;
        while n < self.effects.len() {
            if !matches!(self.effects[n], Effect::Ends) {
                return true;
            }
            n += 1;
        }
        self.uses_memory()
            || matches!(
                self.kind,
                Kind::object | Kind::object_store | Kind::make | Kind::object_branch | Kind::unmatched
            )
    }

    /// Does it take a program with linear memory?
    #[inline]
    pub const fn uses_memory(&self) -> bool {
        matches!(self.kind, Kind::load | Kind::load_update | Kind::load_step | Kind::load_branch | Kind::store)
            || matches!(self.op, Opcode::MemorySize | Opcode::MemoryGrow)
    }

    /// Does it return one result, at times or always, which has the type of its first operand?
    #[inline]
    pub const fn gives_first(&self) -> bool {
        matches!(self.kind, Kind::give | Kind::guard) || matches!(self.op, Opcode::RetValue)
    }

    /// Is it a call that puts the first argument into the window itself?
    #[inline]
    pub const fn brings_argument(&self) -> bool {
        matches!(self.op, Opcode::CallMov | Opcode::CallI32AddImm | Opcode::CallNumAddImm)
    }

    /// May a collector ask here which registers hold live values?
    #[inline]
    pub const fn is_safepoint(&self) -> bool {
        let mut n = 0;
        while n < self.effects.len() {
            if matches!(self.effects[n], Effect::Calls | Effect::Allocates) {
                return true;
            }
            n += 1;
        }
        false
    }

    /// Does it cost a unit of fuel, as latches and calls do, before it does anything?
    pub fn takes_a_unit(&self) -> bool {
        matches!(self.kind, Kind::latch | Kind::step)
            || self.op == Opcode::Loop
            || self.effects.contains(&Effect::Calls)
    }
}

impl Opcode {
    /// How many ops there are.
    pub const COUNT: usize = Opcode::ALL.len();

    /// The op with this number.
    #[inline]
    pub fn from_number(number: u16) -> Option<Opcode> {
        Opcode::ALL.get(usize::from(number)).copied()
    }

    /// The op in the low bits of an instruction word.
    #[inline]
    pub fn of_word(word: u64) -> Option<Opcode> {
        Opcode::from_number(word as u16)
    }

    /// The op with this mnemonic.
    pub fn from_mnemonic(mnemonic: &str) -> Option<Opcode> {
        Opcode::ALL.iter().copied().find(|op| op.info().mnemonic == mnemonic)
    }

    /// Its row.
    #[inline]
    pub const fn info(self) -> &'static OpInfo {
        &OPS[self as usize]
    }
}

/// Where operands of these widths lie: in order after the op number, aligned to their width, spilling to the second
/// word where the first is full.
pub(crate) const fn layout(bits: &[u8]) -> [u8; 4] {
    let mut at = [0; 4];
    let mut cursor = 16u8;
    let mut n = 0;
    while n < bits.len() {
        let width = bits[n];
        cursor = cursor.next_multiple_of(width);
        if cursor < 64 && cursor + width > 64 {
            cursor = 64;
        }
        at[n] = cursor;
        cursor += width;
        n += 1;
    }
    assert!(cursor <= 128, "operands do not fit two words");
    at
}

/// Words taken by operands of these widths.
pub(crate) const fn words(bits: &[u8]) -> usize {
    let at = layout(bits);
    if !bits.is_empty() && at[bits.len() - 1] >= 64 { 2 } else { 1 }
}

/// The `bits` wide field at bit `at`.
#[inline(always)]
pub(crate) const fn field(word: u64, second: u64, at: u8, bits: u8) -> u64 {
    let whole = if at >= 64 { second >> (at - 64) } else { word >> at };
    if bits == 64 { whole } else { whole & ((1 << bits) - 1) }
}

/// The words of one instruction.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Encoded {
    words: [u64; 2],
    len: u8,
}

impl Encoded {
    pub(crate) fn new(op: Opcode, words: usize) -> Encoded {
        Encoded { words: [op as u64, 0], len: words as u8 }
    }

    #[inline]
    pub(crate) fn put(&mut self, at: u8, bits: u64) {
        self.words[usize::from(at / 64)] |= bits << (at % 64);
    }

    /// One word or two.
    pub fn as_words(&self) -> &[u64] {
        &self.words[..usize::from(self.len)]
    }
}

/// An instruction taken apart by the table: the op and the raw bits of its operands, in order.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Instr {
    /// Which op.
    pub op: Opcode,
    /// Raw operand fields; those beyond the op's operands are 0.
    pub args: [u64; 4],
}

impl Instr {
    /// Takes apart the instruction at the start of `code`; `None` when the op is unknown or its second word is missing.
    #[inline]
    pub fn decode(code: &[u64]) -> Option<Instr> {
        let word = *code.first()?;
        let op = Opcode::of_word(word)?;
        let info = op.info();
        let second = if info.words == 2 { *code.get(1)? } else { 0 };
        let mut args = [0; 4];
        for (arg, operand) in args.iter_mut().zip(info.operands) {
            *arg = field(word, second, operand.at, operand.bits);
        }
        Some(Instr { op, args })
    }

    /// Puts it together again.
    pub fn encode(&self) -> Encoded {
        let info = self.op.info();
        let mut encoded = Encoded::new(self.op, usize::from(info.words));
        for (arg, operand) in self.args.iter().zip(info.operands) {
            let mask = if operand.bits == 64 { u64::MAX } else { (1 << operand.bits) - 1 };
            encoded.put(operand.at, arg & mask);
        }
        encoded
    }

    /// Operands with their descriptions.
    pub fn operands(&self) -> impl Iterator<Item = (&'static OperandInfo, u64)> {
        self.op.info().operands.iter().zip(self.args)
    }

    /// Words it takes.
    pub fn words(&self) -> usize {
        usize::from(self.op.info().words)
    }
}

/// The bits of an instruction word that belong to no operand: they must be zero, so that equal instructions are equal
/// words. Indexed by op number; `.1` is the mask of the second word.
pub fn unused_bits(op: Opcode) -> (u64, u64) {
    let mut used = [0xFFFF, 0];
    for operand in op.info().operands {
        let mask = if operand.bits == 64 { u64::MAX } else { ((1 << operand.bits) - 1) << (operand.at % 64) };
        used[usize::from(operand.at / 64)] |= mask;
    }
    (!used[0], !used[1])
}

/// Identifies the table: number, name, operands and kinds of all ops. A binary module made with another table is refused.
pub const TABLE_HASH: u64 = {
    let mut hash = 0xcbf2_9ce4_8422_2325;
    let mut n = 0;
    while n < Opcode::COUNT {
        let info = &ROWS[n];
        hash = fnv(hash, info.mnemonic.as_bytes());
        let mut k = 0;
        while k < info.operands.len() {
            let operand = &info.operands[k];
            hash = fnv(hash, operand.name.as_bytes());
            hash = fnv(hash, &[operand.bits, operand.at]);
            hash = fnv(hash, &role_code(operand.role));
            k += 1;
        }
        n += 1;
    }
    hash
};

use crate::ops::ROWS;

const fn fnv(mut hash: u64, bytes: &[u8]) -> u64 {
    let mut n = 0;
    while n < bytes.len() {
        hash = (hash ^ bytes[n] as u64).wrapping_mul(0x0100_0000_01b3);
        n += 1;
    }
    (hash ^ 0xFF).wrapping_mul(0x0100_0000_01b3)
}

const fn role_code(role: Role) -> [u8; 2] {
    use crate::operand::Class;
    const fn class(class: Class) -> u8 {
        match class {
            Class::Of(ty) => ty as u8,
            Class::Any => 0xFF,
        }
    }
    const fn imm(ty: Type) -> u8 {
        ty as u8
    }
    match role {
        Role::Dst(c) => [0, class(c)],
        Role::Src(c) => [1, class(c)],
        Role::InOut(c) => [2, class(c)],
        Role::Imm(ty) => [3, imm(ty)],
        Role::Forward => [4, 0],
        Role::Back => [5, 0],
        Role::Func => [6, 0],
        Role::Sig => [7, 0],
        Role::Global => [8, 0],
        Role::Native => [9, 0],
        Role::Window => [10, 0],
        Role::First => [11, 0],
        Role::Count => [12, 0],
        Role::Offset => [13, 0],
        Role::Units => [14, 0],
        Role::TrapCode => [15, 0],
        Role::Atom => [16, 0],
        Role::Text => [17, 0],
        Role::Class => [18, 0],
        Role::Site => [19, 0],
        Role::Table => [20, 0],
        Role::Pattern => [21, 0],
        Role::Tag => [22, 0],
        Role::Special => [23, 0],
        Role::Run => [24, 0],
        Role::Len => [25, 0],
        Role::Index => [26, 0],
        Role::Access => [27, 0],
        Role::Bind => [28, 0],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operand::Operand;
    use crate::ops::{I32Add, LoopI32AddLe};

    #[test]
    fn operands_lie_in_order() {
        let add = I32Add::decode(0x0003_0002_0001_0000 | Opcode::I32Add as u64, || unreachable!());
        assert_eq!((add.dst.to_bits(), add.a.to_bits(), add.b.to_bits()), (1, 2, 3));
        assert_eq!(LoopI32AddLe::WORDS, 2);
    }

    #[test]
    fn every_op_survives_encoding() {
        for &op in Opcode::ALL {
            let mut instr = Instr { op, args: [0; 4] };
            for (n, operand) in op.info().operands.iter().enumerate() {
                instr.args[n] = (0x9234_5678_9abc_def1 ^ n as u64)
                    & if operand.bits == 64 { u64::MAX } else { (1 << operand.bits) - 1 };
            }
            let encoded = instr.encode();
            assert_eq!(Instr::decode(encoded.as_words()), Some(instr), "{op:?}");
            let (first, second) = unused_bits(op);
            assert_eq!(encoded.as_words()[0] & first, 0, "{op:?}");
            assert_eq!(encoded.as_words().get(1).unwrap_or(&0) & second, 0, "{op:?}");
        }
    }

    #[test]
    fn mnemonics_are_unique() {
        for &op in Opcode::ALL {
            assert_eq!(Opcode::from_mnemonic(op.info().mnemonic), Some(op));
        }
    }
}
