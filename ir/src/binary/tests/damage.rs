//! Files damaged by chance: each is an error, or harms only code, and the code knows.

use super::{load, random, rich};
use crate::binary::{MAGIC, Section, VERSION, encode, size};
use crate::codec::TABLE_HASH;
use crate::module::Module;
use arbitrary::{Result, Unstructured};

/// Nothing else than code differs, and code that differs is not intact.
fn check_harm(read: &Module, original: &Module) {
    let mut without_harm = read.clone();
    for (function, before) in without_harm.functions.iter_mut().zip(&original.functions) {
        assert_eq!(function.code.is_intact(), function.code == before.code);
        function.code = before.code.clone();
    }
    assert_eq!(without_harm, *original);
}

/// Puts the right checksums into a file, as far as there is one to begin with.
pub(super) fn reseal(file: &mut [u8]) {
    let sections = u32::from_le_bytes(file[32..36].try_into().unwrap()) as usize;
    let Some(table_end) = sections.checked_mul(size::ENTRY).and_then(|len| len.checked_add(size::HEADER)) else {
        return;
    };
    if table_end > file.len() {
        return;
    }
    for at in (size::HEADER..table_end).step_by(size::ENTRY) {
        let number = |from: usize| u64::from_le_bytes(file[from..from + 8].try_into().unwrap());
        let (start, len) = (number(at + 8), number(at + 16));
        let is_code = file[at] == 17;
        let content = start.checked_add(len).and_then(|end| file.get(start as usize..end as usize));
        if let (Some(content), false) = (content, is_code) {
            let sum = crc32fast::hash(content);
            file[at + 4..at + 8].copy_from_slice(&sum.to_le_bytes());
        }
    }
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&file[..size::BEFORE_CHECKSUM]);
    hasher.update(&file[size::HEADER..table_end]);
    file[36..40].copy_from_slice(&hasher.finalize().to_le_bytes());
}

/// A file that is read is what its module would be written as: there is one file for each module. Says whether it is
/// read.
fn check_is_the_only_form(file: &[u8]) -> bool {
    let Ok(module) = load(file) else { return false };
    if module.functions.iter().all(|f| f.code.is_intact()) {
        assert_eq!(encode(&module).as_deref(), Ok(file));
    }
    true
}

#[test]
fn a_file_that_ends_early_is_an_error() {
    let file = encode(&rich()).unwrap();
    for len in 0..file.len() {
        assert!(load(&file[..len]).is_err(), "{len} of {} bytes", file.len());
    }
}

#[test]
fn a_file_that_ends_late_is_an_error() {
    let mut file = encode(&rich()).unwrap();
    for _ in 0..16 {
        file.push(0);
        assert!(load(&file).is_err());
    }
}

#[test]
fn no_flipped_bit_goes_unnoticed() {
    let module = rich();
    let mut file = encode(&module).unwrap();
    for bit in 0..file.len() * 8 {
        file[bit / 8] ^= 1 << (bit % 8);
        if let Ok(read) = load(&file) {
            check_harm(&read, &module);
            assert!(read.functions.iter().any(|f| !f.code.is_intact()), "bit {bit}");
        }
        file[bit / 8] ^= 1 << (bit % 8);
    }
    assert_eq!(load(&file), Ok(module));
}

#[test]
fn no_flipped_bit_has_two_readings() {
    let file = encode(&rich()).unwrap();
    let mut read = 0;
    for bit in 0..file.len() * 8 {
        let mut other = file.clone();
        other[bit / 8] ^= 1 << (bit % 8);
        reseal(&mut other);
        read += usize::from(check_is_the_only_form(&other));
    }
    assert!(read > 1000, "with their checksums made right, only {read} files are read");
}

#[test]
fn random_bytes_behind_the_right_magic_are_no_panic() {
    arbtest::arbtest(|u| {
        let mut file = MAGIC.to_vec();
        file.extend(u.bytes(u.len())?);
        check_is_the_only_form(&file);
        Ok(())
    });
}

#[test]
fn random_bytes_behind_a_right_header_are_no_panic() {
    arbtest::arbtest(|u| {
        let sections = u.int_in_range(0..=Section::ALL.len() as u32)?;
        let random = u.bytes(u.len() / 8 * 8)?;
        let mut file = MAGIC.to_vec();
        file.extend(VERSION.to_le_bytes());
        file.extend([0; 4]);
        file.extend(TABLE_HASH.to_le_bytes());
        file.extend((size::HEADER as u64 + random.len() as u64).to_le_bytes());
        file.extend(sections.to_le_bytes());
        file.extend([0; 4]);
        file.extend(random);
        reseal(&mut file);
        check_is_the_only_form(&file);
        Ok(())
    });
}

#[test]
fn damage_with_the_right_checksums_is_no_panic() {
    arbtest::arbtest(|u| {
        let mut file = encode(&random(u)?).expect("within the limits");
        for _ in 0..u.int_in_range(1..=4)? {
            damage(u, &mut file)?;
        }
        reseal(&mut file);
        check_is_the_only_form(&file);
        Ok(())
    });
}

/// Overwrites one to eight bytes, rather with something small or extreme.
fn damage(u: &mut Unstructured, file: &mut [u8]) -> Result<()> {
    let at = u.choose_index(file.len())?;
    let bytes = match u.int_in_range(0..=3)? {
        0 => u64::from(u.arbitrary::<u8>()?),
        1 => u64::MAX - u64::from(u.arbitrary::<u8>()?),
        2 => u.int_in_range(0..=file.len() as u64)?,
        _ => u.arbitrary()?,
    };
    let width = *u.choose(&[1, 2, 4, 8])?;
    let end = (at + width).min(file.len());
    file[at..end].copy_from_slice(&bytes.to_le_bytes()[..end - at]);
    Ok(())
}
