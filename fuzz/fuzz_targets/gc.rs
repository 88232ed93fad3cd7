//! The same programs, while their objects are collected in every way and the heap is looked at each time.
#![no_main]

use libfuzzer_sys::{arbitrary::Unstructured, fuzz_target};
use regatta_conformance::{generate, oracle};

fuzz_target!(|bytes: &[u8]| {
    let Ok(program) = generate::dynamic(&mut Unstructured::new(bytes)) else { return };
    let ran = oracle::collections_agree(&program, &regatta_vm::backends, &mut oracle::numbers(bytes.len() as u64));
    assert!(ran, "it does not verify:\n{}", program.module);
});
