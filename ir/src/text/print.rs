//! From module to text.
//!
//! Printing is total: what has no proper spelling is written raw, so that reading gives the same bits. References that
//! lead nowhere or have no name of their own are indexes (`%#3`), branches to no instruction are distances (`#3`), words
//! that are no instruction are `.word` lines.

use super::classes::write_class;
use super::number::{write_constant, write_value_number};
use super::parse::width;
use super::patterns::{write_pattern, write_table};
use super::spelling::{Spellings, write_bytes, write_name, write_quoted_name, write_register_name};
use super::statements::{Landmarks, Statement, statements};
use super::texts::{write_atom, write_string};
use crate::codec::{Instr, OperandInfo};
use crate::index::{SigId, TextId};
use crate::module::{Function, Global, Module};
use crate::operand::Role;
use crate::types::{Signature, Type};
use crate::vocabulary::{Immediate, Special, Tag, access};
use std::fmt::{self, Display, Write};

/// Registers declared on one line.
const REGISTERS_PER_LINE: usize = 8;

/// The text form.
impl Display for Module {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        print_module(self, f)
    }
}

/// Writes a module in its text form.
pub fn print_module(module: &Module, out: &mut dyn Write) -> fmt::Result {
    let spellings = Spellings::complete(module);
    items(module, &spellings, out)?;
    let mut is_first_item = !has_items(module);
    let mut gap = |out: &mut dyn Write| out.write_str(if std::mem::take(&mut is_first_item) { "" } else { "\n" });
    for class in &module.classes {
        gap(out)?;
        write_class(out, &spellings, class)?;
    }
    for function in &module.functions {
        gap(out)?;
        Printer::whole(&spellings, function).function(out)?;
    }
    Ok(())
}

/// The text of the `n`-th function defined in a module; empty if there is none.
pub fn print_function(module: &Module, n: usize) -> String {
    let mut out = String::new();
    if let Some(function) = module.functions.get(n) {
        let spellings = Spellings::complete(module);
        Printer::whole(&spellings, function).function(&mut out).expect("a string takes everything");
    }
    out
}

/// One instruction, as at word `pc` of a function. Labels are called after the word they stand at: `L12`.
pub fn print_instruction(module: &Module, function: &Function, pc: usize, instr: &Instr) -> String {
    let spellings = Spellings::on_demand(module);
    let mut out = String::new();
    Printer { spellings: &spellings, function, registers: None, landmarks: None }
        .instruction(&mut out, pc, instr)
        .expect("a string takes everything");
    out
}

fn has_items(module: &Module) -> bool {
    !(module.name.is_empty()
        && module.types.is_empty()
        && module.imports.is_empty()
        && module.natives.is_empty()
        && module.globals.is_empty()
        && module.memory.is_none()
        && module.data.is_empty()
        && module.texts.is_empty()
        && module.class_imports.is_empty()
        && module.patterns.is_empty()
        && module.tables.is_empty())
}

/// Everything but classes and functions.
fn items(module: &Module, spellings: &Spellings<'_>, out: &mut dyn Write) -> fmt::Result {
    if !module.name.is_empty() {
        out.write_str("module ")?;
        write_quoted_name(out, &module.name)?;
        out.write_str("\n")?;
    }
    for text in &module.texts {
        out.write_str("text ")?;
        write_quoted_name(out, text)?;
        out.write_str("\n")?;
    }
    for sig in &module.types {
        writeln!(out, "type {sig}")?;
    }
    for import in &module.imports {
        out.write_str("import ")?;
        write_name(out, "%", &import.name)?;
        writeln!(out, " {}", spellings.signature(import.sig))?;
    }
    for class in &module.class_imports {
        out.write_str("import class ")?;
        write_name(out, "&", class)?;
        out.write_str("\n")?;
    }
    for native in &module.natives {
        out.write_str("native ")?;
        write_name(out, "!", &native.name)?;
        writeln!(out, " {}", spellings.signature(native.sig))?;
    }
    if let Some(memory) = module.memory {
        writeln!(out, "memory {} {}", memory.min, memory.max)?;
    }
    for data in &module.data {
        write!(out, "data {} ", data.offset)?;
        write_bytes(out, &data.bytes)?;
        out.write_str("\n")?;
    }
    module.globals.iter().try_for_each(|global| write_global(out, global))?;
    for (n, pattern) in module.patterns.iter().enumerate() {
        write!(out, "pattern p{n} = ")?;
        write_pattern(out, spellings, pattern)?;
        out.write_str("\n")?;
    }
    for (n, table) in module.tables.iter().enumerate() {
        write!(out, "table t{n} =")?;
        write_table(out, spellings, table)?;
        out.write_str("\n")?;
    }
    Ok(())
}

fn write_global(out: &mut dyn Write, global: &Global) -> fmt::Result {
    out.write_str("global ")?;
    write_name(out, "@", &global.name)?;
    write!(out, ": {}{} = ", if global.mutable { "mut " } else { "" }, global.ty)?;
    let bits = width(global.ty);
    // A slot that is no value of the type is written raw.
    let immediate = if global.ty == Type::Val { Immediate::from_slot(global.init) } else { None };
    if let Some(immediate) = immediate {
        write_value_number(out, immediate)?;
    } else if global.ty == Type::Val || bits < 64 && global.init >> bits != 0 {
        write!(out, "#{:#x}", global.init)?;
    } else {
        write_constant(out, global.ty, bits, global.init)?;
    }
    out.write_str("\n")
}

/// What is needed to print instructions of one function.
struct Printer<'p, 'm> {
    spellings: &'p Spellings<'m>,
    function: &'m Function,
    /// Names of registers that stand for one only; `None`: found out each time.
    registers: Option<Vec<Option<&'m str>>>,
    /// Where instructions start and branches lead; `None`: every word may be a target.
    landmarks: Option<Landmarks>,
}

impl<'p, 'm> Printer<'p, 'm> {
    /// For the whole function: looks everything up once.
    fn whole(spellings: &'p Spellings<'m>, function: &'m Function) -> Printer<'p, 'm> {
        let registers = Some(super::spelling::register_names(function));
        let landmarks = Some(Landmarks::of(function));
        Printer { spellings, function, registers, landmarks }
    }

    fn function(&self, out: &mut dyn Write) -> fmt::Result {
        out.write_str("func ")?;
        write_name(out, "%", &self.function.name)?;
        let params = match self.spelled_signature() {
            Some(sig) => {
                self.params(out, sig)?;
                sig.params.len()
            }
            None => {
                writeln!(out, " #{} {{", self.function.sig.0)?;
                0
            }
        };
        self.registers(out, params)?;
        self.body(out)?;
        self.handlers(out)?;
        out.write_str("}\n")
    }

    /// The signature, if header and parameters say it fully.
    fn spelled_signature(&self) -> Option<&'m Signature> {
        let sig = self.spellings.proper_signature(self.function.sig)?;
        self.function.registers.starts_with(&sig.params).then_some(sig)
    }

    fn params(&self, out: &mut dyn Write, sig: &Signature) -> fmt::Result {
        out.write_str("(")?;
        self.declarations(out, 0, &sig.params)?;
        match &*sig.results {
            [] => out.write_str(") {\n"),
            [one] => writeln!(out, ") -> {one} {{"),
            many => {
                let names: Vec<&str> = many.iter().map(|ty| ty.name()).collect();
                writeln!(out, ") -> ({}) {{", names.join(", "))
            }
        }
    }

    /// The `reg` lines.
    fn registers(&self, out: &mut dyn Write, params: usize) -> fmt::Result {
        let rest = &self.function.registers[params..];
        for (n, types) in rest.chunks(REGISTERS_PER_LINE).enumerate() {
            out.write_str("  reg ")?;
            self.declarations(out, params + n * REGISTERS_PER_LINE, types)?;
            out.write_str("\n")?;
        }
        Ok(())
    }

    fn declarations(&self, out: &mut dyn Write, first: usize, types: &[Type]) -> fmt::Result {
        for (n, ty) in types.iter().enumerate() {
            out.write_str(if n == 0 { "" } else { ", " })?;
            let name = u16::try_from(first + n).ok().and_then(|register| self.function.debug.register_name(register));
            match name {
                Some(name) => write_register_name(out, name)?,
                None => write!(out, "r{}", first + n)?,
            }
            write!(out, ": {ty}")?;
        }
        Ok(())
    }

    fn body(&self, out: &mut dyn Write) -> fmt::Result {
        let is_target = |pc| self.landmarks.as_ref().is_some_and(|landmarks| landmarks.is_target(pc));
        for (pc, line, statement) in statements(self.function) {
            if is_target(pc) {
                writeln!(out, "L{pc}:")?;
            }
            if let Some(line) = line {
                writeln!(out, "  .line {line}")?;
            }
            match statement {
                Statement::Instruction(instr) => {
                    out.write_str("  ")?;
                    self.instruction(out, pc, &instr)?;
                    out.write_str("\n")?;
                }
                Statement::Word(word) => writeln!(out, "  .word {word:#018x}")?,
                Statement::End => {}
            }
        }
        Ok(())
    }

    fn handlers(&self, out: &mut dyn Write) -> fmt::Result {
        for handler in &self.function.handlers {
            out.write_str(if handler.traps { "  .catch_all " } else { "  .catch " })?;
            self.register(out, handler.exception)?;
            for place in [handler.start, handler.end, handler.target] {
                let is_start = self.landmarks.as_ref().is_some_and(|landmarks| landmarks.is_start(place as usize));
                write!(out, ", {}{place}", if is_start { "L" } else { "#" })?;
            }
            out.write_str("\n")?;
        }
        Ok(())
    }

    fn instruction(&self, out: &mut dyn Write, pc: usize, instr: &Instr) -> fmt::Result {
        out.write_str(instr.op.info().mnemonic)?;
        for (n, (operand, bits)) in instr.operands().enumerate() {
            if operand.role == Role::Site && bits == 0 {
                continue;
            }
            out.write_str(if n == 0 { " " } else { ", " })?;
            self.operand(out, pc, instr, operand, bits)?;
        }
        Ok(())
    }

    /// Writes one operand: the counterpart of `operand` in [`super::body`].
    fn operand(&self, out: &mut dyn Write, pc: usize, instr: &Instr, operand: &OperandInfo, bits: u64) -> fmt::Result {
        match operand.role {
            Role::Dst(_) | Role::Src(_) | Role::InOut(_) | Role::Window | Role::First | Role::Run | Role::Bind => {
                self.register(out, bits as u16)
            }
            Role::Imm(ty) => write_constant(out, ty, operand.bits, bits),
            Role::Forward | Role::Back => match self.label(pc, instr, operand.role, bits) {
                Some(target) => write!(out, "L{target}"),
                None => write!(out, "#{bits}"),
            },
            Role::Func => write_reference(out, "%", self.spellings.function(bits as usize), bits),
            Role::Sig => write!(out, "{}", self.spellings.signature(SigId(bits as u32))),
            Role::Global => write_reference(out, "@", self.spellings.global(bits as usize), bits),
            Role::Native => write_reference(out, "!", self.spellings.native(bits as usize), bits),
            Role::Count | Role::Offset | Role::Units | Role::TrapCode | Role::Len | Role::Index => {
                write!(out, "{bits}")
            }
            Role::Atom => write_atom(out, self.spellings, TextId(bits as u32)),
            Role::Text => write_string(out, self.spellings, TextId(bits as u32)),
            Role::Class => write_reference(out, "&", self.spellings.class(bits as usize), bits),
            Role::Site => write!(out, "?{bits}"),
            Role::Table => write!(out, "t{bits}"),
            Role::Pattern => write!(out, "p{bits}"),
            Role::Tag => write_word(out, Tag::from_number(bits as u16).map(Tag::word), bits),
            Role::Special => write_word(out, Special::from_number(bits as u16).map(Special::word), bits),
            Role::Access => write_access(out, bits as u16),
        }
    }

    fn register(&self, out: &mut dyn Write, register: u16) -> fmt::Result {
        let name = match &self.registers {
            Some(names) => names.get(usize::from(register)).copied().flatten(),
            None => super::spelling::register_name(self.function, register),
        };
        match name {
            Some(name) => write_register_name(out, name),
            None => write!(out, "r{register}"),
        }
    }

    /// The word a branch goes to, if a label can stand there.
    fn label(&self, pc: usize, instr: &Instr, role: Role, distance: u64) -> Option<usize> {
        let target = super::statements::target(pc, instr, role, distance)?;
        match &self.landmarks {
            Some(landmarks) => landmarks.is_start(target).then_some(target),
            None => (target <= self.function.code.len()).then_some(target),
        }
    }
}

fn write_word(out: &mut dyn Write, word: Option<&str>, number: u64) -> fmt::Result {
    match word {
        Some(word) => out.write_str(word),
        None => write!(out, "#{number}"),
    }
}

fn write_access(out: &mut dyn Write, access: u16) -> fmt::Result {
    if access & !access::ALL != 0 {
        return write!(out, "#{access}");
    }
    out.write_str(access::WHO[usize::from(access & 3)])?;
    let besides = access::BESIDES.iter().filter(|(_, bit)| access & bit != 0);
    besides.into_iter().try_for_each(|(word, _)| write!(out, " {word}"))
}

pub(super) fn write_reference(out: &mut dyn Write, sigil: &str, name: Option<&str>, index: u64) -> fmt::Result {
    match name {
        Some(name) => write_name(out, sigil, name),
        None => write!(out, "{sigil}#{index}"),
    }
}
