//! Whatever comes in, an answer comes out.

use arbitrary::{Result, Unstructured};
use arbtest::arbtest;
use regatta_ir::module::{Data, Debug, Global, Import, Memory, Module, Native};
use regatta_ir::{Function, Instr, Opcode, SigId, Signature, Type};
use regatta_verifier::{EmptyEnvironment, verify, verify_function, verify_outline};

fn ty(u: &mut Unstructured<'_>) -> Result<Type> {
    u.choose(&Type::ALL).copied()
}

fn types(u: &mut Unstructured<'_>, most: usize) -> Result<Vec<Type>> {
    let len = u.int_in_range(0..=most)?;
    // Mostly `i32`, so that something fits.
    (0..len).map(|_| if u.ratio(3, 4)? { Ok(Type::I32) } else { ty(u) }).collect()
}

/// Any word, or an instruction with small operands.
fn words(u: &mut Unstructured<'_>) -> Result<Vec<u64>> {
    if u.ratio(1, 8)? {
        return u.arbitrary_iter()?.take(200).collect();
    }
    let mut code = Vec::new();
    for _ in 0..u.int_in_range(0..=60)? {
        let mut args = [0; 4];
        for arg in &mut args {
            *arg = if u.ratio(15, 16)? { u.int_in_range(0..=5)? } else { u.arbitrary()? };
        }
        code.extend_from_slice(Instr { op: *u.choose(Opcode::ALL)?, args }.encode().as_words());
    }
    if u.ratio(3, 4)? {
        code.push(Opcode::Trap as u64);
    }
    Ok(code)
}

fn function(u: &mut Unstructured<'_>) -> Result<Function> {
    let debug = Debug { names: u.arbitrary()?, lines: u.arbitrary()? };
    let (name, sig) = (u.arbitrary()?, SigId(u.int_in_range(0..=2)?));
    Ok(Function { name, sig, registers: types(u, 8)?, code: words(u)?.into(), handlers: vec![], debug })
}

fn list<T>(u: &mut Unstructured<'_>, mut item: impl FnMut(&mut Unstructured<'_>) -> Result<T>) -> Result<Vec<T>> {
    let len = u.int_in_range(0..=3)?;
    (0..len).map(|_| item(u)).collect()
}

fn module(u: &mut Unstructured<'_>) -> Result<Module> {
    let sig = |u: &mut Unstructured<'_>| Ok(SigId(u.int_in_range(0..=2)?));
    Ok(Module {
        name: u.arbitrary()?,
        types: list(u, |u| Ok(Signature::new(types(u, 2)?, types(u, 2)?)))?,
        imports: if u.ratio(1, 8)? {
            list(u, |u| Ok(Import { name: u.arbitrary()?, sig: sig(u)? }))?
        } else {
            Vec::new()
        },
        natives: list(u, |u| Ok(Native { name: u.arbitrary()?, sig: sig(u)? }))?,
        globals: list(u, |u| {
            Ok(Global { name: u.arbitrary()?, ty: ty(u)?, mutable: u.arbitrary()?, init: u.int_in_range(0..=9)? })
        })?,
        memory: if u.arbitrary()? { Some(Memory { min: u.arbitrary()?, max: u.arbitrary()? }) } else { None },
        data: if u.ratio(1, 8)? {
            list(u, |u| Ok(Data { offset: u.arbitrary()?, bytes: u.arbitrary()? }))?
        } else {
            Vec::new()
        },
        functions: list(u, function)?,
        ..Module::default()
    })
}

#[test]
fn any_module_gets_an_answer_and_always_the_same() {
    arbtest(|u| {
        let module = module(u)?;
        let whole = verify(module.clone(), &EmptyEnvironment);
        let again = verify(module.clone(), &EmptyEnvironment);
        assert_eq!(whole.as_ref().err(), again.as_ref().err());
        let in_parts = verify_outline(module.clone(), &EmptyEnvironment).is_ok_and(|outline| {
            let bodies = (0..module.functions.len()).all(|n| outline.verify_body(n).is_ok());
            assert_eq!(bodies, outline.verify_bodies().is_ok());
            bodies
        });
        assert_eq!(in_parts, whole.is_ok());
        if let Err(errors) = whole {
            assert!(!errors.to_string().is_empty());
        }
        Ok(())
    })
    .budget_ms(1000);
}

#[test]
fn any_function_gets_an_answer() {
    arbtest(|u| {
        let _ = verify_function(function(u)?, &EmptyEnvironment);
        Ok(())
    })
    .budget_ms(500);
}
