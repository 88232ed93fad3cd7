//! Files that are wrong in one known place, with the words that should say so.

use super::{load, rich};
use crate::binary::{Section, encode, size};
use crate::codec::TABLE_HASH;

/// A file to be spoilt, with its checksums kept right.
struct Spoilt(Vec<u8>);

impl Spoilt {
    fn new() -> Spoilt {
        Spoilt(encode(&rich()).unwrap())
    }

    /// Where this section's entry in the section table is: all seventeen are listed.
    fn entry(section: Section) -> usize {
        size::HEADER + (section.id() as usize - 1) * size::ENTRY
    }

    fn u64(&self, at: usize) -> usize {
        u64::from_le_bytes(self.0[at..at + 8].try_into().unwrap()) as usize
    }

    /// Where this section is.
    fn start(&self, section: Section) -> usize {
        self.u64(Spoilt::entry(section) + 8)
    }

    /// Writes bytes at a place of the file.
    fn put(mut self, at: usize, bytes: &[u8]) -> Spoilt {
        self.0[at..at + bytes.len()].copy_from_slice(bytes);
        self
    }

    /// Writes bytes at a place in a section.
    fn put_in(self, section: Section, at: usize, bytes: &[u8]) -> Spoilt {
        let start = self.start(section);
        self.put(start + at, bytes)
    }

    /// Writes bytes at a place in the entry of a section.
    fn put_entry(self, section: Section, at: usize, bytes: &[u8]) -> Spoilt {
        self.put(Spoilt::entry(section) + at, bytes)
    }

    /// The error message, with checksums made right.
    fn error(mut self) -> String {
        super::damage::reseal(&mut self.0);
        self.error_as_is()
    }

    fn error_as_is(self) -> String {
        load(&self.0).expect_err("this file is spoilt").to_string()
    }
}

#[track_caller]
fn same(found: String, expected: impl AsRef<str>) {
    assert_eq!(found, expected.as_ref());
}

#[test]
fn of_other_kinds_of_file() {
    same(load(b"").unwrap_err().to_string(), "file does not start with the magic bytes of a binary module");
    same(
        load(b"\x7fELF\x02\x01\x01\0").unwrap_err().to_string(),
        "file does not start with the magic bytes of a binary module",
    );
    same(load(&Spoilt::new().0[..30]).unwrap_err().to_string(), "file ends in its header, after 30 bytes");
    same(Spoilt::new().put(8, &[2]).error(), "file has format version 2, this build reads version 1");
}

#[test]
fn of_other_op_tables() {
    let other = (TABLE_HASH ^ 1).to_le_bytes();
    same(
        Spoilt::new().put(16, &other).error(),
        format!("file is made for op table {:#018x}, this build has op table {TABLE_HASH:#018x}", TABLE_HASH ^ 1),
    );
}

#[test]
fn of_headers() {
    let len = Spoilt::new().0.len();
    same(Spoilt::new().put(12, &[1]).error(), "reserved bytes at 0xc are not zero");
    same(Spoilt::new().put(32, &[18]).error(), "section table has 18 entries, at most 17 are possible here");
    let (longer, shorter) = ((len as u64 + 8).to_le_bytes(), (len as u64 - 8).to_le_bytes());
    same(
        Spoilt::new().put(24, &longer).error(),
        format!("file is cut short: its header states {} bytes and there are {len}", len + 8),
    );
    same(
        Spoilt::new().put(24, &shorter).error(),
        format!("bytes follow the file's end at {:#x}: there are {len} bytes", len - 8),
    );
    assert!(Spoilt::new().put(41, &[1]).error_as_is().starts_with("checksum of the header is 0x"));
}

#[test]
fn of_section_tables() {
    let at = Spoilt::entry(Section::Types);
    same(
        Spoilt::new().put(at, &[18]).error(),
        format!("section table names section 18 at {at:#x}, which does not exist"),
    );
    same(Spoilt::new().put(at, &[1]).error(), format!("section `module` is listed at {at:#x} after section `module`"));
    same(Spoilt::new().put(at + 16, &[0; 8]).error(), "section `types` is listed and empty");
    let start = Spoilt::new().start(Section::Types);
    let (before, after) = ((start as u64 - 8).to_le_bytes(), (start as u64 + 8).to_le_bytes());
    same(
        Spoilt::new().put(at + 8, &before).error(),
        format!("section `types` starts at {:#x}, inside what ends at {start:#x}", start - 8),
    );
    same(
        Spoilt::new().put(at + 8, &after).error(),
        format!("section `types` starts at {:#x}, away from what ends at {start:#x}", start + 8),
    );
    let len = Spoilt::new().0.len();
    same(
        Spoilt::new().put(at + 16, &[0xff; 8]).error(),
        format!("section `types` has {} bytes at {start:#x} of a file of {len} bytes", u64::MAX),
    );
    same(
        Spoilt::new().put_entry(Section::Code, 4, &[1]).error(),
        format!("reserved bytes at {:#x} are not zero", Spoilt::entry(Section::Code) + 4),
    );
    same(
        Spoilt::new().put_entry(Section::Code, 16, &[31]).error(),
        "section `code` has 31 bytes, which is not a multiple of 8",
    );
    assert!(
        Spoilt::new().put_in(Section::Types, 0, &[9]).error_as_is().starts_with("checksum of section `types` is 0x")
    );
}

#[test]
fn of_bytes_between_sections() {
    let spoilt = Spoilt::new();
    let end = spoilt.start(Section::Types) + spoilt.u64(Spoilt::entry(Section::Types) + 16);
    assert_ne!(end % 8, 0, "there are bytes between sections");
    same(spoilt.put(end, &[1]).error(), format!("reserved bytes at {end:#x} are not zero"));
}

#[test]
fn of_values_without_meaning() {
    let place = |section, at: usize| Spoilt::new().start(section) + at;
    same(
        Spoilt::new().put_in(Section::Registers, 3, &[5]).error(),
        format!("type code 5 at {:#x} means no type", place(Section::Registers, 3)),
    );
    same(
        Spoilt::new().put_in(Section::Globals, 5, &[2]).error(),
        format!("flag at {:#x} is 2, neither 0 nor 1", place(Section::Globals, 5)),
    );
    same(
        Spoilt::new().put_in(Section::Globals, 7, &[1]).error(),
        format!("reserved bytes at {:#x} are not zero", place(Section::Globals, 6)),
    );
    same(
        Spoilt::new().put_in(Section::Module, 4, &[0]).error(),
        format!("reserved bytes at {:#x} are not zero", place(Section::Module, 8)),
    );
    same(
        Spoilt::new().put_in(Section::Names, 2, &[0xff]).error(),
        format!("name of the module at {:#x} is not UTF-8", place(Section::Names, 2)),
    );
}

#[test]
fn of_lengths_that_do_not_add_up() {
    let place = |section, at: usize| Spoilt::new().start(section) + at;
    let of = |section, at, value: u32| Spoilt::new().put_in(section, at, &value.to_le_bytes()).error();
    let last = place(Section::Names, Spoilt::new().u64(Spoilt::entry(Section::Names) + 16) - 1);
    same(of(Section::Module, 0, 3), format!("section `names` has 1 bytes at {last:#x} that belong to nothing"));
    same(of(Section::Module, 0, 1025), "the module has 1025 bytes in its name, the limit is 1024");
    same(of(Section::Functions, 8, 65536), "function 0 has 65536 registers, the limit is 65535");
    same(
        of(Section::Functions, 8, 6),
        format!(
            "section `registers` ends too early: 6 bytes at {:#x} are expected and 5 are left",
            place(Section::Registers, 0)
        ),
    );
    same(of(Section::Functions, 12, 5), "function 0 has 5 words of code, section `code` has 4 left for it");
    same(of(Section::Functions, 12, 1 << 27), "function 0 has 134217728 words of code, the limit is 67108864");
    same(
        of(Section::Functions, 12, 2),
        format!("section `code` has 8 bytes at {:#x} that belong to nothing", place(Section::Code, 24)),
    );
    same(
        of(Section::Data, 4, u32::MAX),
        format!(
            "section `data` ends too early: 4294967295 bytes at {:#x} are expected and 12 are left",
            place(Section::Data, 8)
        ),
    );
    same(of(Section::Types, 0, 1025), "type 0 has 1025 parameters, the limit is 1024");
}

#[test]
fn of_debug_information() {
    let place = |at: usize| Spoilt::new().start(Section::Debug) + at;
    let of = |at, value: &[u8]| Spoilt::new().put_in(Section::Debug, at, value).error();
    same(
        of(0, &[3]),
        format!("debug information at {:#x} is for function 3, expected is one from 0 to below 3", place(0)),
    );
    same(of(4, &[0; 8]), format!("debug information of function 0 at {:#x} is empty", place(0)));
    same(
        of(4, &[0, 0, 1, 0]),
        format!("section `debug` ends too early: 262144 bytes at {:#x} are expected and 60 are left", place(12)),
    );
    same(
        of(12 + 5, &[0]),
        format!(
            "register names of function 0 are not sorted: the entry at {:#x} belongs before the one above it",
            place(17)
        ),
    );
    same(
        of(21, &[3]),
        format!("lines of function 0 are not sorted: the entry at {:#x} belongs before the one above it", place(29)),
    );
}

#[test]
fn of_files_without_a_module() {
    let mut file = encode(&crate::Module::default()).unwrap();
    file.truncate(size::HEADER);
    file[24..32].copy_from_slice(&(size::HEADER as u64).to_le_bytes());
    file[32] = 0;
    same(Spoilt(file).error(), "section `module` is missing");
}

#[test]
fn of_what_dynamic_code_declares() {
    let place = |section, at| Spoilt::new().start(section) + at;
    same(
        Spoilt::new().put_in(Section::Patterns, 0, &[15]).error(),
        format!("code 15 at {:#x} means no key or pattern here", place(Section::Patterns, 0)),
    );
    same(
        Spoilt::new().put_in(Section::Tables, 4, &[9]).error(),
        format!("code 9 at {:#x} means no key or pattern here", place(Section::Tables, 4)),
    );
    same(
        Spoilt::new().put_in(Section::Patterns, 1, &[1, 0, 1]).error(),
        "pattern 0 has 65537 patterns inside, the limit is 65536",
    );
    same(
        Spoilt::new().put_in(Section::Texts, 0, &[0, 0, 0, 0xff]).error(),
        "text 0 has 4278190080 bytes, the limit is 67108864",
    );
    same(
        Spoilt::new().put_in(Section::Texts, 4, b"\xff").error(),
        format!("name of text 0 at {:#x} is not UTF-8", place(Section::Texts, 4)),
    );
    same(
        Spoilt::new().put_in(Section::Handlers, 0, &[3]).error(),
        format!("handlers at {:#x} are for function 3, expected is one from 0 to below 3", place(Section::Handlers, 0)),
    );
    same(
        Spoilt::new().put_in(Section::Handlers, 4, &[0]).error(),
        format!("handlers of function 0 at {:#x} are none", place(Section::Handlers, 0)),
    );
    same(
        Spoilt::new().put_in(Section::Handlers, 22, &[2]).error(),
        format!("flag at {:#x} is 2, neither 0 nor 1", place(Section::Handlers, 22)),
    );
    same(
        Spoilt::new().put_in(Section::Classes, 6, &[0]).error(),
        format!("reserved bytes at {:#x} are not zero", place(Section::Classes, 8)),
    );
    same(Spoilt::new().put_in(Section::Classes, 16, &[1, 4]).error(), "class 0 has 1025 interfaces, the limit is 1024");
}
