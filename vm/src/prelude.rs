//! The prelude: the code of the standard library, linked when a module asks for it.
//!
//! A module that imports `%std.array.map` says so in its text like any other import. [`provide`] links the prelude before
//! such a module, unless the program has what is imported already, be it the prelude or a module of the host's own with that
//! name. Its functions are verified at their first calls, as those of a module that is added lazily.

use crate::vm::VmError;
use regatta_ir::{Module, text};
use regatta_natives::{PRELUDE, is_of_prelude};
use regatta_runtime::Program;
use regatta_verifier::verify_outline;
use std::sync::OnceLock;

/// The module that is the prelude.
pub fn module() -> &'static Module {
    static MODULE: OnceLock<Module> = OnceLock::new();
    MODULE.get_or_init(|| text::parse(PRELUDE).expect("a test reads the prelude"))
}

/// Links the prelude if `module` imports from it and the program does not have it.
pub fn provide(program: &Program, module: &Module) -> Result<(), VmError> {
    let is_missing = |name: &str| is_of_prelude(name) && program.find(name).is_none();
    let is_there = || {
        self::module()
            .functions
            .iter()
            .any(|function| program.find(&format!("{}.{}", regatta_natives::PRELUDE_NAME, function.name)).is_some())
    };
    if module.imports.iter().any(|import| is_missing(&import.name)) && !is_there() {
        let outline = verify_outline(self::module().clone(), program).map_err(VmError::Rejected)?;
        program.link_lazily(outline)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use regatta_natives::{standard, table};
    use regatta_verifier::verify;

    #[test]
    fn the_prelude_is_what_the_table_says() {
        let proof = verify(module().clone(), &Program::new(standard())).unwrap_or_else(|errors| panic!("{errors}"));
        for row in table::ROWS.iter().filter(|row| row.is_of_prelude()) {
            let function = proof.functions.iter().find(|function| function.name == row.name);
            let signature = function.and_then(|function| proof.signature(function.sig));
            let params = signature.map(|signature| signature.params.len());
            assert_eq!(params, Some(row.parameters().count()), "{}", row.name);
        }
        for function in &proof.functions {
            assert!(table::by_name(&function.name).is_some_and(|row| row.is_of_prelude()), "{}", function.name);
        }
    }
}
