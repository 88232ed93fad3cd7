//! Tests by subject: what is emitted, and what is refused.

mod calls;
mod code;
mod far;
mod mistakes;
mod modules;
mod properties;

use super::*;
use crate::codec::Instr;
use crate::index::{FuncId, GlobalId, NativeId, Reg, SigId};
use crate::module::Function;
use crate::types::{Signature, Type};

/// A function `f` from these types to those.
fn function(params: &[Type], results: &[Type]) -> FunctionBuilder {
    FunctionBuilder::new("f", SigId(0), &Signature::new(params, results))
}

/// Mnemonics and raw operands, one instruction per entry.
fn listing(function: &Function) -> Vec<String> {
    let mut code = &*function.code;
    let mut lines = Vec::new();
    while !code.is_empty() {
        let instr = Instr::decode(code).expect("the builder emits code that decodes");
        let args: Vec<String> = instr.operands().map(|(_, bits)| bits.to_string()).collect();
        lines.push(format!("{} {}", instr.op.info().mnemonic, args.join(" ")).trim_end().to_string());
        code = &code[instr.words()..];
    }
    lines
}

/// The messages of a function that should not be finished.
fn mistakes(builder: FunctionBuilder) -> Vec<String> {
    let errors = builder.finish().expect_err("the function has mistakes");
    errors.0.iter().map(|error| error.to_string()).collect()
}
