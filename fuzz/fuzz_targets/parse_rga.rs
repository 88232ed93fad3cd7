//! Text.
#![no_main]

use libfuzzer_sys::fuzz_target;
use regatta_conformance::oracle::loads;

fuzz_target!(|bytes: &[u8]| loads(bytes));
