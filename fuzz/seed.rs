//! Fills `corpus/` with the case files: as text for `parse_rga`, as binary modules for `load_rgm`. Targets that make programs
//! begin with bytes of no meaning, but enough of them for programs of some size: from nothing, libFuzzer takes hours.

use regatta_conformance::case::files;
use regatta_conformance::harness::case_folder;
use regatta_conformance::oracle::numbers;
use regatta_vm::ir::{binary::encode, text::parse};
use std::{fs, path::Path};

/// Programs that each of their targets begins with.
const PROGRAMS: u64 = 32;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let (texts, binaries) = (corpus.join("parse_rga"), corpus.join("load_rgm"));
    fs::create_dir_all(&texts)?;
    fs::create_dir_all(&binaries)?;
    let cases = files(&[case_folder()])?;
    for path in &cases {
        let parts: Vec<_> = path.iter().rev().take(2).map(|part| part.to_string_lossy()).collect();
        let name = format!("{}-{}", parts[1], parts[0].trim_end_matches(".rga"));
        let text = fs::read_to_string(path)?;
        if let Some(bytes) = parse(&text).ok().and_then(|module| encode(&module).ok()) {
            fs::write(binaries.join(&name), bytes)?;
        }
        fs::write(texts.join(&name), text)?;
    }
    for target in ["differential", "differential_dynamic", "gc"] {
        fs::create_dir_all(corpus.join(target))?;
        for seed in 0..PROGRAMS {
            let mut random = numbers(seed + 1);
            let bytes: Vec<u8> = (0..2000 + random() % 6000).map(|_| (random() >> 24) as u8).collect();
            fs::write(corpus.join(target).join(format!("seed-{seed}")), bytes)?;
        }
    }
    println!("{} cases in {}", cases.len(), corpus.display());
    Ok(())
}
