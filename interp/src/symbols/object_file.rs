//! The smallest object file that gives a piece of machine code a name, and says how to walk the stack from there.
//!
//! ```text
//!  ELF header | .debug_frame | .symtab | .strtab | .shstrtab | section headers
//! ```
//!
//! `.text` has an address and no contents: the code is where it is. Everything else a debugger would like to know, types and
//! lines, is not there. Written by hand, since it is six headers and three tables; the format is that of the System V ABI.

use super::{Frame, Symbol};

const ELF_HEADER: usize = 64;
const SECTION_HEADER: usize = 64;

/// Section types and flags.
const PROGBITS: u32 = 1;
const SYMTAB: u32 = 2;
const STRTAB: u32 = 3;
const NOBITS: u32 = 8;
const ALLOCATED_CODE: u64 = 2 | 4;

/// Numbers of machine registers in frame rules.
const RBX: u8 = 3;
const RBP: u8 = 6;
const RSP: u8 = 7;
const RETURN_ADDRESS: u8 = 16;

/// What the way in has pushed, the first first.
const SAVED: [u8; 6] = [RBX, RBP, 12, 13, 14, 15];

/// A section, but for where its contents are.
struct Section {
    name: &'static str,
    kind: u32,
    flags: u64,
    address: u64,
    /// Of a section without contents.
    bytes: u64,
    contents: Vec<u8>,
    link: u32,
    info: u32,
    entry: u64,
}

impl Section {
    fn new(name: &'static str, kind: u32, contents: Vec<u8>) -> Section {
        let bytes = contents.len() as u64;
        Section { name, kind, flags: 0, address: 0, bytes, contents, link: 0, info: 0, entry: 0 }
    }
}

/// The object file of a piece of code.
pub(super) fn of(symbol: &Symbol) -> Vec<u8> {
    let (start, bytes) = (symbol.start as u64, symbol.bytes as u64);
    let names = [b"\0", symbol.name.as_bytes(), b"\0"].concat();
    let mut sections = [
        Section::new("", 0, vec![]),
        Section { flags: ALLOCATED_CODE, address: start, bytes, ..Section::new(".text", NOBITS, vec![]) },
        Section::new(".debug_frame", PROGBITS, frame_rules(symbol)),
        // One symbol that nobody sees, as the format wants it, and behind it the one of the code.
        Section { link: 4, info: 1, entry: 24, ..Section::new(".symtab", SYMTAB, symbols(bytes)) },
        Section::new(".strtab", STRTAB, names),
        Section::new(".shstrtab", STRTAB, vec![]),
    ];
    let mut named = Vec::new();
    let mut section_names = Vec::new();
    for section in &sections {
        named.push(section_names.len() as u32);
        section_names.extend_from_slice(section.name.as_bytes());
        section_names.push(0);
    }
    let last = sections.len() - 1;
    (sections[last].bytes, sections[last].contents) = (section_names.len() as u64, section_names);

    let mut file = vec![0; ELF_HEADER];
    let mut headers = Vec::new();
    for (section, name) in sections.iter().zip(named) {
        file.resize(file.len().next_multiple_of(8), 0);
        header(&mut headers, section, name, file.len() as u64);
        file.extend_from_slice(&section.contents);
    }
    file.resize(file.len().next_multiple_of(8), 0);
    let (place, count) = (file.len() as u64, sections.len() as u16);
    file.extend_from_slice(&headers);
    file[..ELF_HEADER].copy_from_slice(&elf_header(place, count));
    file
}

fn elf_header(sections: u64, count: u16) -> Vec<u8> {
    let mut out = b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0".to_vec(); // 64 bits, little-endian, version 1
    out.extend([1, 0, 62, 0]); // relocatable, x86-64
    out.extend(1u32.to_le_bytes());
    [0, 0, sections].iter().for_each(|word| out.extend(word.to_le_bytes()));
    out.extend(0u32.to_le_bytes());
    let sizes = [ELF_HEADER as u16, 0, 0, SECTION_HEADER as u16, count, count - 1];
    sizes.iter().for_each(|half| out.extend(half.to_le_bytes()));
    out
}

fn header(out: &mut Vec<u8>, section: &Section, name: u32, place: u64) {
    out.extend(name.to_le_bytes());
    out.extend(section.kind.to_le_bytes());
    [section.flags, section.address, place, section.bytes].iter().for_each(|word| out.extend(word.to_le_bytes()));
    out.extend(section.link.to_le_bytes());
    out.extend(section.info.to_le_bytes());
    [8, section.entry].iter().for_each(|word: &u64| out.extend(word.to_le_bytes()));
}

fn symbols(bytes: u64) -> Vec<u8> {
    let mut out = vec![0; 24];
    out.extend(1u32.to_le_bytes()); // its name is the first one
    out.extend([0x12, 0, 1, 0]); // a global function, in section 1
    out.extend(0u64.to_le_bytes()); // where that begins
    out.extend(bytes.to_le_bytes());
    out
}

/// Where the caller's frame is, and what it had in registers: the same at every instruction of the code.
fn frame_rules(symbol: &Symbol) -> Vec<u8> {
    const DEF_CFA: u8 = 0x0C;
    const OFFSET: u8 = 0x80;
    let from = |register, bytes| vec![DEF_CFA, register, bytes];
    // Offsets count words below the caller's stack pointer.
    let mut rules = match symbol.frame {
        Frame::Bare => from(RSP, 8),
        Frame::Kept => from(RBP, 8),
        Frame::Door => {
            let saved = SAVED.iter().zip(2..).flat_map(|(register, words)| [OFFSET | register, words]);
            from(RSP, 64).into_iter().chain(saved).collect()
        }
    };
    rules.extend([OFFSET | RETURN_ADDRESS, 1]);

    let mut common = u32::MAX.to_le_bytes().to_vec();
    common.extend([1, 0, 1, 0x78, RETURN_ADDRESS]); // version 1, steps of 1, words of -8
    common.extend(rules);
    let mut one = 0u32.to_le_bytes().to_vec();
    [symbol.start as u64, symbol.bytes as u64].iter().for_each(|word| one.extend(word.to_le_bytes()));
    [common, one].into_iter().flat_map(record).collect()
}

/// A length, and so many bytes: a multiple of eight in all, filled up with instructions that do nothing.
fn record(mut contents: Vec<u8>) -> Vec<u8> {
    contents.resize((contents.len() + 4).next_multiple_of(8) - 4, 0);
    let mut out = (contents.len() as u32).to_le_bytes().to_vec();
    out.extend(contents);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;

    /// Other people's tools read it: binutils, where they are installed.
    #[test]
    fn binutils_read_it() {
        let symbol =
            Symbol { name: "regatta::template::f".to_string(), start: 0x4000_1000, bytes: 0x20, frame: Frame::Door };
        let path = std::env::temp_dir().join(format!("regatta-symbol-{}.o", std::process::id()));
        std::fs::write(&path, of(&symbol)).expect("there is a temporary directory");
        let output = Command::new("readelf").args(["-W", "-S", "-s", "--debug-dump=frames"]).arg(&path).output();
        let _ = std::fs::remove_file(&path);
        let Ok(output) = output else {
            eprintln!("SKIPPED: there is no readelf here");
            return;
        };
        let text = String::from_utf8_lossy(&output.stdout);
        for expected in [
            ".text             NOBITS          0000000040001000",
            "FUNC    GLOBAL DEFAULT    1 regatta::template::f",
            "pc=0000000040001000..0000000040001020",
            "DW_CFA_def_cfa: r7 (rsp) ofs 64",
            "DW_CFA_offset: r15 (r15) at cfa-56",
            "DW_CFA_offset: r16 (rip) at cfa-8",
        ] {
            assert!(text.contains(expected), "{expected} is not in {text}{}", String::from_utf8_lossy(&output.stderr));
        }
    }
}
