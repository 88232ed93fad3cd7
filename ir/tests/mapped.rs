//! A binary module that is mapped and used where it lies.
//!
//! The crate itself has no `unsafe`, so that mapping a file, the one step that needs it, is the caller's; here it is
//! ours.

use regatta_ir::backing::{Backing, Mmap};
use regatta_ir::module::{Data, Debug};
use regatta_ir::{Function, Module, SigId, Signature, Type, binary};
use std::fs::File;
use std::io::Write;
use std::sync::Arc;

fn map(bytes: &[u8]) -> Backing {
    let mut file: File = tempfile::tempfile().expect("a place for temporary files");
    file.write_all(bytes).expect("room for a small file");
    // SAFETY: [R-MAP] the file has no name and this is its only handle, so that nobody changes it while it is mapped.
    Backing::mapped(unsafe { Mmap::map(&file) }.expect("a file that can be mapped"))
}

/// Many functions, or few and long ones.
fn module(functions: u64, words: u64) -> Module {
    let function = |n: u64| Function {
        name: format!("f{n}"),
        sig: SigId(0),
        registers: vec![Type::I32, Type::F64],
        code: (0..words).map(|word| n * words + word).collect::<Vec<_>>().into(),
        handlers: vec![],
        debug: Debug { names: vec![(0, "x".into())], lines: vec![(0, n as u32)] },
    };
    Module {
        name: "mapped".into(),
        types: vec![Signature::new([Type::I32], [])],
        data: vec![Data { offset: 0, bytes: b"odd".to_vec() }],
        functions: (0..functions).map(function).collect(),
        ..Module::default()
    }
}

#[test]
fn a_mapped_file_is_the_module() {
    for (functions, words) in [(1000, 3), (2, 100_000), (0, 0)] {
        let original = module(functions, words);
        let file = Arc::new(map(&binary::encode(&original).unwrap()));
        let read = binary::decode(file.clone()).unwrap();
        assert_eq!(read, original);
        assert!(read.functions.iter().all(|f| f.code.is_intact()));
        if cfg!(target_endian = "little") {
            let words = file.words().as_ptr_range();
            assert!(read.functions.iter().all(|f| words.contains(&f.code.as_ptr())), "code is not copied");
        }
    }
}

#[test]
fn code_outlives_the_handle_of_its_file() {
    let original = module(3, 5);
    let read = binary::decode(Arc::new(map(&binary::encode(&original).unwrap()))).unwrap();
    assert_eq!(read.clone(), original);
}

#[test]
fn a_mapped_file_of_any_length_is_no_panic() {
    let file = binary::encode(&module(2, 2)).unwrap();
    for len in 1..file.len() {
        assert!(binary::decode(Arc::new(map(&file[..len]))).is_err(), "{len} of {} bytes", file.len());
    }
}

#[test]
fn damaged_code_is_noticed_in_a_mapped_file() {
    let mut file = binary::encode(&module(2, 100)).unwrap();
    *file.last_mut().unwrap() ^= 0x80;
    let read = binary::decode(Arc::new(map(&file))).unwrap();
    assert!(read.functions[0].code.is_intact());
    assert!(!read.functions[1].code.is_intact());
}
