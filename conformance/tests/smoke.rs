//! A second of each generator and oracle; `fuzz/` has the same for longer. `ARBTEST_SEED=…` repeats a failure.

use arbitrary::Unstructured;
use arbtest::arbtest;
use regatta_conformance::generate::{dynamic, mutated, nonsense, program, sealed};
use regatta_conformance::{harness, oracle};
use regatta_ir::binary::encode;
use regatta_vm::backends;
use std::path::PathBuf;

fn sources() -> Vec<String> {
    let files = regatta_conformance::case::files(&[harness::case_folder()]).expect("the cases are there");
    files.iter().map(|path: &PathBuf| std::fs::read_to_string(path).expect("cases are text")).collect()
}

/// Changes a few bytes.
fn damage(u: &mut Unstructured<'_>, bytes: &mut Vec<u8>) -> arbitrary::Result<()> {
    for _ in 0..u.int_in_range(1..=4)? {
        let at = u.choose_index(bytes.len())?;
        match u.int_in_range(0..=4)? {
            0 => drop(bytes.remove(at)),
            1 => bytes.insert(at, u.arbitrary()?),
            2 => bytes.truncate(at + 1),
            3 => bytes[at] ^= 1 << u.int_in_range(0..=7)?,
            _ => bytes[at] = u.arbitrary()?,
        }
    }
    Ok(())
}

#[test]
fn any_bytes_load_or_are_refused() {
    arbtest(|u| {
        oracle::loads(u.bytes(u.len())?);
        Ok(())
    })
    .budget_ms(1000);
}

#[test]
fn damaged_text_loads_or_is_refused() {
    let sources = sources();
    arbtest(|u| {
        let mut bytes = u.choose(&sources)?.clone().into_bytes();
        damage(u, &mut bytes)?;
        oracle::loads(&bytes);
        Ok(())
    })
    .budget_ms(1000);
}

#[test]
fn damaged_files_load_or_are_refused() {
    arbtest(|u| {
        let mut bytes = encode(&program(u)?.module).expect("programs can be written");
        damage(u, &mut bytes)?;
        oracle::loads(&bytes);
        oracle::loads(&sealed(&bytes));
        Ok(())
    })
    .budget_ms(1000);
}

#[test]
fn nonsense_survives_writing_and_gets_an_answer() {
    arbtest(|u| {
        let module = nonsense(u)?;
        oracle::round_trips(&module);
        oracle::verifier_is_total(&module);
        Ok(())
    })
    .budget_ms(1000);
}

#[test]
fn programs_verify_and_run_alike_on_all_engines() {
    let mut random = oracle::numbers(2);
    arbtest(|u| {
        let generated = program(u)?;
        oracle::round_trips(&generated.module);
        assert!(oracle::verifier_is_total(&generated.module), "does not verify:\n{}", generated.module);
        assert!(oracle::engines_agree(&generated, &backends, &mut random));
        Ok(())
    })
    .size_min(1000)
    .size_max(8000)
    .budget_ms(1000);
}

#[test]
fn dynamic_programs_verify_and_run_alike_on_all_engines() {
    let mut random = oracle::numbers(4);
    arbtest(|u| {
        let generated = dynamic(u)?;
        oracle::round_trips(&generated.module);
        assert!(oracle::verifier_is_total(&generated.module), "does not verify:\n{}", generated.module);
        assert!(oracle::engines_agree(&generated, &backends, &mut random));
        Ok(())
    })
    .size_min(2000)
    .size_max(16000)
    .budget_ms(3000);
}

#[test]
fn dynamic_programs_run_alike_however_objects_are_collected() {
    let mut random = oracle::numbers(5);
    arbtest(|u| {
        assert!(oracle::collections_agree(&dynamic(u)?, &backends, &mut random));
        Ok(())
    })
    .size_min(2000)
    .size_max(16000)
    .budget_ms(3000);
}

#[test]
fn changed_programs_that_verify_run_alike_on_all_engines() {
    let mut random = oracle::numbers(3);
    arbtest(|u| {
        let generated = mutated(u)?;
        oracle::round_trips(&generated.module);
        oracle::engines_agree(&generated, &backends, &mut random);
        Ok(())
    })
    .size_min(1000)
    .size_max(8000)
    .budget_ms(1000);
}
