//! Linked code as text: what a disassembler prints of a module, for instructions whose references are a program's.
//!
//! An instruction that has been linked names functions, texts and classes by the program's numbers. For printing it is given
//! a module of its own, in which the few things it refers to are the only ones there are; so what is printed is what the
//! text form says, and there is one printer.

use regatta_ir::module::{Global, Import, Native};
use regatta_ir::operand::Role;
use regatta_ir::text::print_instruction;
use regatta_ir::{ClassId, FuncId, Function, GlobalId, Instr, Module, NativeId, SigId, TextId};
use regatta_runtime::Program;

/// One instruction of a function.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    /// Its first word.
    pub word: u32,
    /// What it says, as the disassembler prints it.
    pub text: String,
    /// Its source line, where the module has them.
    pub source: Option<u32>,
}

/// The instructions of a function, in order; empty before its body is proved.
pub fn lines(program: &Program, func: FuncId) -> impl Iterator<Item = Line> + '_ {
    let function = program.entry(func).and_then(|entry| entry.body());
    let mut pc = 0;
    std::iter::from_fn(move || {
        let function = function?;
        let instr = Instr::decode(function.code.get(pc..)?)?;
        let word = pc as u32;
        let line = Line { word, text: text(program, function, word, &instr), source: function.debug.line(word) };
        pc += instr.words();
        Some(line)
    })
}

/// The instruction at a word of a function, as text.
pub fn instruction(program: &Program, func: FuncId, word: u32) -> Option<String> {
    let function = program.entry(func)?.body()?;
    let instr = Instr::decode(function.code.get(word as usize..)?)?;
    Some(text(program, function, word, &instr))
}

fn text(program: &Program, function: &Function, word: u32, instr: &Instr) -> String {
    let (mut module, mut instr) = (Module::default(), *instr);
    for (operand, arg) in instr.op.info().operands.iter().zip(&mut instr.args) {
        if refer(program, &mut module, operand.role, *arg) {
            *arg = 0;
        }
    }
    print_instruction(&module, function, word as usize, &instr)
}

/// Puts what an operand refers to into the module, as the first of its kind; `false` if the operand is to stay as it is.
fn refer(program: &Program, module: &mut Module, role: Role, arg: u64) -> bool {
    let id = arg as u32;
    match role {
        Role::Func => {
            let name = program.function_name(FuncId(id));
            module.imports.push(Import { name, sig: SigId(0) });
        }
        Role::Sig => module.types.extend(program.type_of(SigId(id)).cloned()),
        Role::Global => match program.global(GlobalId(id)) {
            Some(global) if !global.name.is_empty() => module.globals.push(Global::clone(global)),
            _ => return false,
        },
        Role::Native => match program.native(NativeId(id)) {
            Some(native) => module.natives.push(Native { name: native.name.clone(), sig: SigId(0) }),
            None => return false,
        },
        Role::Atom | Role::Text => match program.text(TextId(id)) {
            Some(text) => module.texts.push(text.as_str().to_string()),
            None => return false,
        },
        Role::Class => match program.class(ClassId(id)) {
            Some(class) => module.class_imports.push(class.name.clone()),
            None => return false,
        },
        Role::Site => {} // number 0 is not printed: nobody writes sites
        _ => return false,
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Vm, load};

    const FIRST: &str = "
        module \"first\"
        func %other() -> i32 {
          reg r: i32
          i32_const r, 1
          ret_value r
        }";

    /// References of every kind, in a module whose numbers are not the program's.
    const SECOND: &str = "
        module \"second\"
        import %first.other () -> i32
        native !value.print (val) -> val
        global @count: mut i32 = 5
        class &Cell
          field x
        end
        func %main(n: i32) -> i32 {
          reg w: i32, _: i32, a: i32, v: val, q: val, _: val, b: val
          call w, %other
          br_i32_eq n, a, L5
          prop_get v, v, :name
          str_const v, \"two\\nlines\"
          L5:
          global_get a, @count
          object_new v, &Cell
          ret_value w
        }";

    #[test]
    fn linked_code_prints_as_its_module_does() {
        let second = SECOND.replace("%other\n", "%first.other\n").replace("native !value.print (val) -> val\n", "");
        let second = second.replace("prop_get v, v, :name", "special_const v, null\n  prop_get v, v, :name");
        let second = second.replace("i32_eq n, a,", "i32_eq n, n,").replace("L5", "L7");
        let module = load::load_text(second).expect("it is well-formed").module;
        let printed = module.to_string();
        let mut vm = Vm::default();
        vm.add(load::load_text(FIRST.to_string()).unwrap().module).unwrap();
        vm.add(module).unwrap_or_else(|error| panic!("{error}"));
        let func = vm.find("second.main").expect("it was added");
        for line in lines(vm.program(), func) {
            let expected =
                format!("\n  {}\n", line.text.replace("%other", "%first.other").replace("&second.Cell", "&Cell"));
            assert!(printed.contains(&expected), "{expected} is not in {printed}");
        }
        assert_eq!(lines(vm.program(), func).count(), 8);
        assert_eq!(instruction(vm.program(), func, 0).as_deref(), Some("call w, %other"));
        assert_eq!(instruction(vm.program(), func, 1000), None);
    }
}
