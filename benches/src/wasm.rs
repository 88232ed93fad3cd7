//! Wasm modules with each function several times: what gives a validator enough to do that its clock can be read.

/// The same module with all functions `times` times. Copies have no names and call the originals.
pub fn repeat(wasm: &[u8], times: usize) -> Vec<u8> {
    const FUNCTIONS: u8 = 3;
    const CODE: u8 = 10;
    let (header, mut rest) = wasm.split_at(8);
    let mut out = header.to_vec();
    while let [id, after @ ..] = rest {
        let (len, after) = number(after);
        let (section, after) = after.split_at(len);
        out.push(*id);
        let section = if [FUNCTIONS, CODE].contains(id) { &repeat_items(section, times) } else { section };
        put_number(&mut out, section.len());
        out.extend_from_slice(section);
        rest = after;
    }
    out
}

/// A vector's count and items, with the items `times` times.
fn repeat_items(section: &[u8], times: usize) -> Vec<u8> {
    let (count, items) = number(section);
    let mut out = Vec::new();
    put_number(&mut out, count * times);
    out.extend(items.repeat(times));
    out
}

/// An unsigned LEB128 number, and what follows it.
fn number(bytes: &[u8]) -> (usize, &[u8]) {
    let len = bytes.iter().take_while(|&&byte| byte >= 0x80).count() + 1;
    let value = bytes[..len].iter().rev().fold(0, |value, byte| value << 7 | usize::from(byte & 0x7f));
    (value, &bytes[len..])
}

fn put_number(out: &mut Vec<u8>, mut value: usize) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_survive() {
        for value in [0, 127, 128, 300, 1 << 20] {
            let mut bytes = Vec::new();
            put_number(&mut bytes, value);
            bytes.push(7);
            assert_eq!(number(&bytes), (value, &[7][..]));
        }
    }

    #[test]
    fn only_functions_and_bodies_are_repeated() {
        let wasm = b"\0asm\x01\0\0\0\x03\x02\x01\0\x05\x03\x01\0\x01\x0a\x04\x01\x02\0\x0b";
        let twice = b"\0asm\x01\0\0\0\x03\x03\x02\0\0\x05\x03\x01\0\x01\x0a\x07\x02\x02\0\x0b\x02\0\x0b";
        assert_eq!(repeat(wasm, 2), twice);
    }
}
