//! Programs with values, objects and exceptions, on all engines, in both forms.
#![no_main]

use libfuzzer_sys::{arbitrary::Unstructured, fuzz_target};
use regatta_conformance::{generate, oracle};

fuzz_target!(|bytes: &[u8]| {
    let Ok(program) = generate::dynamic(&mut Unstructured::new(bytes)) else { return };
    oracle::round_trips(&program.module);
    let ran = oracle::engines_agree(&program, &regatta_vm::backends, &mut oracle::numbers(bytes.len() as u64));
    assert!(ran, "it does not verify:\n{}", program.module);
});
