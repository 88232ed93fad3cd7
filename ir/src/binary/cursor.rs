//! Reading one section from front to back.
//!
//! A [`Cursor`] never looks beyond its section and always knows where in the file it is, so that errors can say so.

use super::error::within;
use super::{BinaryError, Item, Section};
use crate::limits::MAX_NAME_BYTES;
use crate::types::Type;

/// The unread part of a section.
pub(super) struct Cursor<'a> {
    section: Section,
    offset: u64,
    bytes: &'a [u8],
}

impl<'a> Cursor<'a> {
    /// The bytes of a section, which lie at this offset of the file.
    pub(super) fn new(section: Section, offset: u64, bytes: &'a [u8]) -> Cursor<'a> {
        Cursor { section, offset, bytes }
    }

    /// Where in the file the next byte is.
    pub(super) fn offset(&self) -> u64 {
        self.offset
    }

    /// How many bytes are left.
    pub(super) fn left(&self) -> usize {
        self.bytes.len()
    }

    /// Is nothing left?
    pub(super) fn is_at_end(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Nothing may be left.
    pub(super) fn finish(self) -> Result<(), BinaryError> {
        match self.left() {
            0 => Ok(()),
            left => Err(BinaryError::SectionLong { section: self.section, offset: self.offset, left }),
        }
    }

    /// `count`, if that many things of `size` bytes can be left. Ask before making room for them.
    pub(super) fn at_most(&self, count: u32, size: usize) -> Result<usize, BinaryError> {
        let needed = u64::from(count) * size as u64;
        if needed <= self.left() as u64 { Ok(count as usize) } else { Err(self.short(needed)) }
    }

    /// The next `len` bytes.
    pub(super) fn take(&mut self, len: usize) -> Result<&'a [u8], BinaryError> {
        let Some((taken, rest)) = self.bytes.split_at_checked(len) else {
            return Err(self.short(len as u64));
        };
        self.bytes = rest;
        self.offset += len as u64;
        Ok(taken)
    }

    pub(super) fn u8(&mut self) -> Result<u8, BinaryError> {
        Ok(self.array::<1>()?[0])
    }

    pub(super) fn u16(&mut self) -> Result<u16, BinaryError> {
        Ok(u16::from_le_bytes(self.array()?))
    }

    pub(super) fn u32(&mut self) -> Result<u32, BinaryError> {
        Ok(u32::from_le_bytes(self.array()?))
    }

    pub(super) fn u64(&mut self) -> Result<u64, BinaryError> {
        Ok(u64::from_le_bytes(self.array()?))
    }

    /// A byte that is 0 or 1.
    pub(super) fn flag(&mut self) -> Result<bool, BinaryError> {
        let offset = self.offset;
        match self.u8()? {
            0 => Ok(false),
            1 => Ok(true),
            found => Err(BinaryError::Flag { found, offset }),
        }
    }

    /// `len` bytes that are zero.
    pub(super) fn reserved(&mut self, len: usize) -> Result<(), BinaryError> {
        let offset = self.offset;
        if self.take(len)?.iter().all(|&byte| byte == 0) { Ok(()) } else { Err(BinaryError::Reserved { offset }) }
    }

    /// A byte that is the code of a type.
    pub(super) fn ty(&mut self) -> Result<Type, BinaryError> {
        let offset = self.offset;
        let found = self.u8()?;
        Type::from_code(found).ok_or(BinaryError::TypeCode { found, offset })
    }

    /// `count` type codes.
    pub(super) fn types(&mut self, count: usize) -> Result<Vec<Type>, BinaryError> {
        let start = self.offset;
        let codes = self.take(count)?;
        let mut types = Vec::with_capacity(count);
        for (n, &found) in codes.iter().enumerate() {
            types.push(Type::from_code(found).ok_or(BinaryError::TypeCode { found, offset: start + n as u64 })?);
        }
        Ok(types)
    }

    /// A name of `len` bytes.
    pub(super) fn name(&mut self, item: Item, len: usize) -> Result<String, BinaryError> {
        within(item, "bytes in its name", len, MAX_NAME_BYTES)?;
        self.utf8(item, len)
    }

    /// `len` bytes of text.
    pub(super) fn utf8(&mut self, item: Item, len: usize) -> Result<String, BinaryError> {
        let offset = self.offset;
        let bytes = self.take(len)?;
        match str::from_utf8(bytes) {
            Ok(name) => Ok(name.to_owned()),
            Err(error) => Err(BinaryError::NameNotUtf8 { item, offset: offset + error.valid_up_to() as u64 }),
        }
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], BinaryError> {
        Ok(self.take(N)?.try_into().expect("as many bytes as were taken"))
    }

    fn short(&self, needed: u64) -> BinaryError {
        BinaryError::SectionShort { section: self.section, offset: self.offset, needed, left: self.left() }
    }
}
