//! Header and section table: which bytes belong to which section, and whether they are whole.
//!
//! ```text
//! 0        8         12      16           24       32         36         40
//! | magic  | version | flags | table hash | length | sections | checksum | section table ... | sections ...
//! ```
//!
//! [`seal`] writes all this before the sections, [`open`] believes none of it. Sections lie in order of their ids,
//! each at the first multiple of 8 after the one before; an empty section is not listed.

use super::cursor::Cursor;
use super::{BinaryError, MAGIC, Section, VERSION, size};
use crate::backing::Backing;
use crate::codec::TABLE_HASH;
use std::borrow::Cow;
use std::cmp::Ordering;
use std::ops::Range;

/// Header, section table and all sections but the code, which the caller appends.
pub(super) fn seal(metadata: &[(Section, Vec<u8>)], code_words: usize) -> Vec<u8> {
    let code_bytes = code_words * size::WORD;
    let listed = metadata.iter().map(|(section, bytes)| (*section, bytes.len(), crc32fast::hash(bytes)));
    let listed: Vec<_> = listed.chain([(Section::Code, code_bytes, 0)]).filter(|&(_, len, _)| len > 0).collect();

    let mut end = size::HEADER + listed.len() * size::ENTRY;
    let mut table = Vec::new();
    for &(section, len, sum) in &listed {
        table.extend(section.id().to_le_bytes());
        table.extend(sum.to_le_bytes());
        table.extend((end as u64).to_le_bytes());
        table.extend((len as u64).to_le_bytes());
        end = (end + len).next_multiple_of(size::WORD);
    }

    let mut file = Vec::with_capacity(end);
    file.extend(MAGIC);
    file.extend(VERSION.to_le_bytes());
    file.extend(0u32.to_le_bytes());
    file.extend(TABLE_HASH.to_le_bytes());
    file.extend((end as u64).to_le_bytes());
    file.extend((listed.len() as u32).to_le_bytes());
    file.extend(header_checksum(&file, &table).to_le_bytes());
    file.extend(table);
    for (_, bytes) in metadata {
        file.extend(bytes);
        file.resize(file.len().next_multiple_of(size::WORD), 0);
    }
    file
}

/// A file taken apart.
pub(super) struct Container<'a> {
    metadata: Vec<(Section, u64, Cow<'a, [u8]>)>,
    /// The words of the file that are code.
    pub(super) code: Range<usize>,
}

impl Container<'_> {
    /// A section to read; one that is not listed is empty.
    pub(super) fn cursor(&self, section: Section) -> Cursor<'_> {
        match self.metadata.iter().find(|part| part.0 == section) {
            Some((_, offset, bytes)) => Cursor::new(section, *offset, bytes),
            None => Cursor::new(section, 0, &[]),
        }
    }
}

/// Checks header, section table and the checksums of all sections but the code, which is not looked at.
pub(super) fn open(file: &Backing) -> Result<Container<'_>, BinaryError> {
    let head = open_header(file)?;
    let mut container = Container { metadata: Vec::with_capacity(Section::ALL.len()), code: 0..0 };
    let mut before = None;
    let mut free = head.len();
    for at in (size::HEADER..head.len()).step_by(size::ENTRY) {
        let entry = Entry::read(&head, at)?;
        entry.check_order(before, at)?;
        let bytes = entry.place(free, file)?;
        free = bytes.end.next_multiple_of(size::WORD);
        match entry.section {
            Section::Code => container.code = entry.code(bytes, at)?,
            section => container.metadata.push((section, entry.offset, entry.metadata(bytes, file)?)),
        }
        before = Some(entry.section);
    }
    if free == file.len() { Ok(container) } else { Err(BinaryError::Trailing { end: free as u64, found: file.len() }) }
}

/// Header and section table, checked as far as they concern the whole file.
fn open_header(file: &Backing) -> Result<Cow<'_, [u8]>, BinaryError> {
    let table_bytes = check_header(file)?;
    let head = bytes_of(&file.words()[..(size::HEADER + table_bytes) / size::WORD]);
    let (before, table) = (&head[..size::BEFORE_CHECKSUM], &head[size::HEADER..]);
    let (stated, found) = (u32_at(&head, size::BEFORE_CHECKSUM), header_checksum(before, table));
    if stated != found {
        return Err(BinaryError::HeaderChecksum { stated, found });
    }
    if u32_at(&head, 12) != 0 {
        return Err(BinaryError::Reserved { offset: 12 });
    }
    match u64_at(&head, 16) {
        TABLE_HASH => Ok(head),
        found => Err(BinaryError::OtherTable { found, ours: TABLE_HASH }),
    }
}

/// Checks what must hold before the section table can be found, and says how long that is.
fn check_header(file: &Backing) -> Result<usize, BinaryError> {
    let words = file.words();
    let head = bytes_of(&words[..words.len().min(size::HEADER / size::WORD)]);
    if !head.starts_with(&MAGIC) {
        return Err(BinaryError::Magic);
    }
    if file.len() < size::HEADER {
        return Err(BinaryError::HeaderCut { found: file.len() });
    }
    let version = u32_at(&head, 8);
    if version != VERSION {
        return Err(BinaryError::Version { found: version });
    }
    check_length(u64_at(&head, 24), file.len())?;

    let sections = u32_at(&head, 32);
    let limit = ((file.len() - size::HEADER) / size::ENTRY).min(Section::ALL.len());
    if sections as usize <= limit {
        Ok(sections as usize * size::ENTRY)
    } else {
        Err(BinaryError::SectionCount { found: sections, limit })
    }
}

fn check_length(stated: u64, found: usize) -> Result<(), BinaryError> {
    match stated.cmp(&(found as u64)) {
        Ordering::Greater => Err(BinaryError::Cut { stated, found }),
        Ordering::Less => Err(BinaryError::Trailing { end: stated, found }),
        Ordering::Equal if found.is_multiple_of(size::WORD) => Ok(()),
        Ordering::Equal => Err(BinaryError::PartialWord { what: "file", found: stated }),
    }
}

/// An entry of the section table.
struct Entry {
    section: Section,
    sum: u32,
    offset: u64,
    len: u64,
}

impl Entry {
    fn read(head: &[u8], at: usize) -> Result<Entry, BinaryError> {
        let id = u32_at(head, at);
        let section = Section::from_id(id).ok_or(BinaryError::UnknownSection { id, offset: at as u64 })?;
        Ok(Entry { section, sum: u32_at(head, at + 4), offset: u64_at(head, at + 8), len: u64_at(head, at + 16) })
    }

    fn check_order(&self, before: Option<Section>, at: usize) -> Result<(), BinaryError> {
        match before {
            Some(before) if before >= self.section => {
                Err(BinaryError::SectionOrder { section: self.section, before, offset: at as u64 })
            }
            _ => Ok(()),
        }
    }

    /// The bytes of this section in a file whose bytes are taken up to `free`.
    fn place(&self, free: usize, file: &Backing) -> Result<Range<usize>, BinaryError> {
        let &Entry { section, offset, len, .. } = self;
        let free = free as u64;
        match offset.checked_add(len) {
            _ if len == 0 => Err(BinaryError::SectionEmpty { section }),
            _ if offset < free => Err(BinaryError::SectionOverlap { section, offset, free }),
            _ if offset > free => Err(BinaryError::SectionGap { section, offset, free }),
            Some(end) if end <= file.len() as u64 => Ok(offset as usize..end as usize),
            _ => Err(BinaryError::SectionOutOfFile { section, offset, len, file: file.len() }),
        }
    }

    /// These bytes as a range of words, unread.
    fn code(&self, bytes: Range<usize>, at: usize) -> Result<Range<usize>, BinaryError> {
        if !bytes.len().is_multiple_of(size::WORD) {
            return Err(BinaryError::PartialWord { what: "section `code`", found: self.len });
        }
        if self.sum != 0 {
            return Err(BinaryError::Reserved { offset: at as u64 + 4 });
        }
        Ok(bytes.start / size::WORD..bytes.end / size::WORD)
    }

    /// These bytes, if they have the stated checksum and zeros follow up to the next word.
    fn metadata<'a>(&self, bytes: Range<usize>, file: &'a Backing) -> Result<Cow<'a, [u8]>, BinaryError> {
        let words = &file.words()[bytes.start / size::WORD..bytes.end.div_ceil(size::WORD)];
        let padded = bytes_of(words);
        let (content, padding) = padded.split_at(bytes.len());
        let found = crc32fast::hash(content);
        if found != self.sum {
            return Err(BinaryError::SectionChecksum { section: self.section, stated: self.sum, found });
        }
        if padding.iter().any(|&byte| byte != 0) {
            return Err(BinaryError::Reserved { offset: bytes.end as u64 });
        }
        Ok(shortened(padded, bytes.len()))
    }
}

/// Checksum of header and section table, without the checksum itself.
fn header_checksum(before: &[u8], table: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(before);
    hasher.update(table);
    hasher.finalize()
}

/// The bytes of words as they lie in the file, whatever order this machine likes.
fn bytes_of(words: &[u64]) -> Cow<'_, [u8]> {
    if cfg!(target_endian = "little") {
        Cow::Borrowed(bytemuck::cast_slice(words))
    } else {
        Cow::Owned(words.iter().flat_map(|word| word.to_le_bytes()).collect())
    }
}

fn shortened(bytes: Cow<'_, [u8]>, len: usize) -> Cow<'_, [u8]> {
    match bytes {
        Cow::Borrowed(bytes) => Cow::Borrowed(&bytes[..len]),
        Cow::Owned(mut bytes) => {
            bytes.truncate(len);
            Cow::Owned(bytes)
        }
    }
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(bytes[at..at + 4].try_into().expect("four bytes"))
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(bytes[at..at + 8].try_into().expect("eight bytes"))
}
