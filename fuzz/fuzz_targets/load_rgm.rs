//! Binary modules: as they are, and with their checksums put right.
#![no_main]

use libfuzzer_sys::fuzz_target;
use regatta_conformance::{generate::sealed, oracle::loads};

fuzz_target!(|bytes: &[u8]| {
    loads(bytes);
    loads(&sealed(bytes));
});
