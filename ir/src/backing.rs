//! The bytes of a binary module, aligned so that code runs where it lies.

pub use memmap2::Mmap;

/// A binary module in memory: a mapped file, or bytes copied once.
#[derive(Debug)]
pub struct Backing(Bytes);

#[derive(Debug)]
enum Bytes {
    Mapped(Mmap),
    Copied { words: Vec<u64>, len: usize },
}

impl Backing {
    /// A mapped file. Nobody may change the file while it is mapped: `[R-MAP]` in `docs/invariants.md`.
    pub fn mapped(map: Mmap) -> Backing {
        // A map starts on a page, so its words are aligned; words of the other byte order need a copy.
        if cfg!(target_endian = "little") { Backing(Bytes::Mapped(map)) } else { Backing::copied(&map) }
    }

    /// A copy of these bytes.
    pub fn copied(bytes: &[u8]) -> Backing {
        let words = bytes
            .chunks(8)
            .map(|chunk| {
                let mut word = [0; 8];
                word[..chunk.len()].copy_from_slice(chunk);
                u64::from_le_bytes(word)
            })
            .collect();
        Backing(Bytes::Copied { words, len: bytes.len() })
    }

    /// How many bytes there are.
    pub fn len(&self) -> usize {
        match &self.0 {
            Bytes::Mapped(map) => map.len(),
            Bytes::Copied { len, .. } => *len,
        }
    }

    /// Is there nothing?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All whole words (and, after a copy, the zero-filled last one).
    pub fn words(&self) -> &[u64] {
        match &self.0 {
            Bytes::Mapped(map) => bytemuck::cast_slice(&map[..map.len() / 8 * 8]),
            Bytes::Copied { words, .. } => words,
        }
    }
}
