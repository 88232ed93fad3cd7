//! Bytes with the right checksums.
//!
//! Random changes to a binary module all end at its checksums. [`sealed`] puts the checksums right again, as far as the
//! section table makes sense; what they are and where they lie is told in `docs/formats/rgm.md`.

use regatta_ir::binary::{Section, is_binary};

const ENTRY: usize = 24;
const HEADER: usize = 40;
const FUNCTION: usize = 20;

/// The same bytes with all checksums that can be found made right.
pub fn sealed(bytes: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    if !is_binary(&bytes) || bytes.len() < HEADER {
        return bytes;
    }
    let entries = (number(&bytes, 32, 4).unwrap_or(0) as usize).min((bytes.len() - HEADER) / ENTRY);
    seal_functions(&mut bytes, entries);
    for n in 0..entries {
        let at = HEADER + n * ENTRY;
        let is_code = number(&bytes, at, 4) == Some(u64::from(Section::Code.id()));
        if let Some(sum) = section(&bytes, at).filter(|_| !is_code).map(|range| crc32(&bytes[range])) {
            put(&mut bytes, at + 4, sum);
        }
    }
    let table = [&bytes[..36], &bytes[HEADER..HEADER + entries * ENTRY]].concat();
    put(&mut bytes, 36, crc32(&table));
    bytes
}

/// The checksum of each function's code.
fn seal_functions(bytes: &mut [u8], entries: usize) {
    let find = |id: Section| {
        let mut places = (0..entries).map(|n| HEADER + n * ENTRY);
        places.find(|&at| number(bytes, at, 4) == Some(u64::from(id.id()))).and_then(|at| section(bytes, at))
    };
    let (Some(functions), Some(code)) = (find(Section::Functions), find(Section::Code)) else { return };
    let mut next = code.start;
    for record in functions.step_by(FUNCTION) {
        let words = number(bytes, record + 12, 4).unwrap_or(0) as usize;
        let Some(sum) = bytes.get(next..next + words * 8).map(crc32) else { return };
        if record + FUNCTION <= bytes.len() {
            put(bytes, record + 16, sum);
        }
        next += words * 8;
    }
}

/// The bytes of the section whose entry lies at `at`.
fn section(bytes: &[u8], at: usize) -> Option<std::ops::Range<usize>> {
    let (start, len) = (number(bytes, at + 8, 8)? as usize, number(bytes, at + 16, 8)? as usize);
    let range = start..start.checked_add(len)?;
    bytes.get(range.clone())?;
    Some(range)
}

fn number(bytes: &[u8], at: usize, len: usize) -> Option<u64> {
    let mut word = [0; 8];
    word[..len].copy_from_slice(bytes.get(at..at + len)?);
    Some(u64::from_le_bytes(word))
}

fn put(bytes: &mut [u8], at: usize, sum: u32) {
    bytes[at..at + 4].copy_from_slice(&sum.to_le_bytes());
}

/// CRC-32 as in zip, a bit at a time.
fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32, byte: &u8| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg()))
    };
    !bytes.iter().fold(!0, step)
}

#[cfg(test)]
mod tests {
    use super::*;
    use regatta_ir::binary::encode;
    use regatta_ir::text::parse;

    #[test]
    fn a_file_that_is_in_order_stays_as_it_is() {
        let text = "memory 1 1\ndata 0 \"abc\"\nfunc %f(a: i32) -> i32 {\n ret_value a\n}\nfunc %g() {\n ret\n}\n";
        let bytes = encode(&parse(text).unwrap()).unwrap();
        assert_eq!(sealed(&bytes), bytes);
        let mut damaged = bytes.clone();
        damaged[36] ^= 1;
        let last = damaged.len() - 8;
        damaged[last] ^= 1;
        assert_ne!(sealed(&damaged), damaged);
        assert!(regatta_vm::load::load_bytes(&damaged).is_err());
        assert!(regatta_vm::load::load_bytes(&sealed(&damaged)).unwrap().module.functions[1].code.is_intact());
    }
}
