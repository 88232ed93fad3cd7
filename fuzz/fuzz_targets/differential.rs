//! Programs that verify, and changed ones that still do, on all engines.
#![no_main]

use libfuzzer_sys::{arbitrary::Unstructured, fuzz_target};
use regatta_conformance::{generate, oracle};

fuzz_target!(|bytes: &[u8]| {
    let mut u = Unstructured::new(bytes);
    let changed = u.arbitrary().unwrap_or(false);
    let Ok(program) = (if changed { generate::mutated(&mut u) } else { generate::program(&mut u) }) else { return };
    let ran = oracle::engines_agree(&program, &regatta_vm::backends, &mut oracle::numbers(bytes.len() as u64));
    assert!(ran || changed, "it does not verify:\n{}", program.module);
});
