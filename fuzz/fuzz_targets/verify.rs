//! Modules of no sense: both forms keep them, and the verifier has an answer.
#![no_main]

use libfuzzer_sys::{arbitrary::Unstructured, fuzz_target};
use regatta_conformance::{generate::nonsense, oracle};

fuzz_target!(|bytes: &[u8]| {
    let Ok(module) = nonsense(&mut Unstructured::new(bytes)) else { return };
    oracle::round_trips(&module);
    oracle::verifier_is_total(&module);
});
