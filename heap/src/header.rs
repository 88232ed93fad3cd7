//! Headers: the word every object begins with.
//!
//! ```text
//!   bit 0        forwarded: the rest of the word is where the object is now
//!   bits 1-2     mark: 0 new, 1 and 2 take turns, so that nothing has to be cleared
//!   bit 3        UNLOG: an old object that the next minor collection does not look at unless a store says so
//!   bit 4        LARGE: stores into it are logged slot by slot
//!   bit 5        SHARED: it belongs to the program and never moves, changes or goes away
//!   bits 6-7     free for the kind's own use
//!   bits 8-15    kind: what it is and how it is scanned
//!   bits 16-31   words of payload; 0xFFFF: payload word 0 says how long it is (only kinds that have a length there)
//!   bits 32-63   layout: class or shape, the number that inline caches compare
//! ```

/// What an object is, and so how the collector reads it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[repr(u8)]
pub enum Kind {
    /// An instance of a class: fields, all values.
    Instance = 0,
    /// A prototype object: prototype, spill storage or null, inline slots; all values.
    Object,
    /// An array of any values: word 0 length (low half) and capacity (high half), word 1 storage ([`Kind::Values`]).
    Array,
    /// An array of 32-bit integers; storage [`Kind::Ints`].
    IntArray,
    /// An array of 64-bit floats; storage [`Kind::Floats`].
    FloatArray,
    /// An array of integers from 0 to 255; storage [`Kind::Bytes`].
    ByteArray,
    /// A tuple: values.
    Tuple,
    /// An insertion-ordered map: word 0 raw (live entries low, used entries high), word 1 entries, word 2 index.
    Map,
    /// An insertion-ordered set: as a map.
    Set,
    /// A string whose bytes follow: word 0 length and hash, then UTF-8.
    String,
    /// A string that is two others: word 0 as `String`, word 1 left, word 2 right.
    Rope,
    /// A string inside another: word 0 as `String`, word 1 a `String`, word 2 the offset as an integer value.
    Slice,
    /// A tagged value: word 0 the tag (an atom), then its contents.
    Enum,
    /// A closure: word 0 the function, then captured values.
    Closure,
    /// A function with its receiver: word 0 the function or closure, word 1 the receiver.
    Bound,
    /// A variable shared by closures: one value.
    Cell,
    /// A complex number: two raw floats.
    Complex,
    /// A 64-bit integer: one raw word.
    I64,
    /// A buffer of bytes: word 0 length, word 1 storage ([`Kind::Bytes`]).
    Buffer,
    /// An object that stands for another: target, handler.
    Proxy,
    /// A regular expression: source, flags.
    Regex,
    /// A reference that does not keep its object alive: one value, `undefined` once the object is gone.
    Weak,
    /// A table with weak keys: word 0 as a map's, word 1 entries ([`Kind::WeakValues`]), word 2 index.
    WeakMap,
    /// Storage of values: word 0 how many, then the values.
    Values,
    /// Storage of pairs of a weak key and a value that lives as long as its key: word 0 how many words, then pairs.
    WeakValues,
    /// Storage of 32-bit integers: word 0 how many.
    Ints,
    /// Storage of floats: word 0 how many.
    Floats,
    /// Storage of bytes: word 0 how many.
    Bytes,
}

/// How the collector reads the payload of a kind.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Scan {
    /// Every word is a value.
    Values,
    /// Every word but the first is a value.
    ValuesAfterFirst,
    /// No word is a value.
    Raw,
    /// One weak value.
    Weak,
    /// Word 0 raw, then pairs of weak key and value.
    Ephemerons,
}

impl Kind {
    /// Every kind, by number.
    pub const ALL: [Kind; 28] = [
        Kind::Instance,
        Kind::Object,
        Kind::Array,
        Kind::IntArray,
        Kind::FloatArray,
        Kind::ByteArray,
        Kind::Tuple,
        Kind::Map,
        Kind::Set,
        Kind::String,
        Kind::Rope,
        Kind::Slice,
        Kind::Enum,
        Kind::Closure,
        Kind::Bound,
        Kind::Cell,
        Kind::Complex,
        Kind::I64,
        Kind::Buffer,
        Kind::Proxy,
        Kind::Regex,
        Kind::Weak,
        Kind::WeakMap,
        Kind::Values,
        Kind::WeakValues,
        Kind::Ints,
        Kind::Floats,
        Kind::Bytes,
    ];

    /// How the collector reads it.
    pub const fn scan(self) -> Scan {
        match self {
            Kind::Instance | Kind::Object | Kind::Tuple | Kind::Enum | Kind::Closure | Kind::Bound | Kind::Cell => {
                Scan::Values
            }
            Kind::Proxy | Kind::Regex => Scan::Values,
            Kind::Array | Kind::IntArray | Kind::FloatArray | Kind::ByteArray | Kind::Buffer => Scan::ValuesAfterFirst,
            Kind::Map | Kind::Set | Kind::WeakMap | Kind::Rope | Kind::Slice | Kind::Values => Scan::ValuesAfterFirst,
            Kind::String | Kind::Complex | Kind::I64 | Kind::Ints | Kind::Floats | Kind::Bytes => Scan::Raw,
            Kind::Weak => Scan::Weak,
            Kind::WeakValues => Scan::Ephemerons,
        }
    }

    /// Bytes of one element, for kinds whose payload word 0 holds a length.
    pub const fn element_bytes(self) -> Option<usize> {
        match self {
            Kind::Values | Kind::WeakValues | Kind::Floats => Some(8),
            Kind::Ints => Some(4),
            Kind::Bytes | Kind::String => Some(1),
            _ => None,
        }
    }
}

/// The layout number of an object that has neither class nor shape: every kind has a class of its own, so that methods
/// can be found on it. [`Kind`] numbers follow on this one.
pub const FIRST_KIND_LAYOUT: u32 = 0x0FFF_FF00;

/// The most payload words that a header can tell by itself.
pub const MAX_PLAIN_WORDS: usize = 0xFFFE;

/// The first word of an object.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(transparent)]
pub struct Header(pub u64);

impl Header {
    /// Bit 0: the object has moved.
    pub const FORWARDED: u64 = 1;
    /// Bits 1-2: the mark.
    pub const MARK: u64 = 3 << 1;
    /// Bit 3: old and not remembered.
    pub const UNLOG: u64 = 1 << 3;
    /// Bit 4: logged slot by slot.
    pub const LARGE: u64 = 1 << 4;
    /// Bit 5: belongs to the program.
    pub const SHARED: u64 = 1 << 5;

    /// A new object's header; `words` of payload, at most [`MAX_PLAIN_WORDS`] or told by payload word 0.
    #[inline(always)]
    pub const fn new(kind: Kind, layout: u32, words: usize) -> Header {
        let count = if words > MAX_PLAIN_WORDS { 0xFFFF } else { words as u64 };
        Header((layout as u64) << 32 | count << 16 | (kind as u64) << 8)
    }

    /// A new object's header for a kind without class or shape.
    #[inline(always)]
    pub const fn plain(kind: Kind, words: usize) -> Header {
        Header::new(kind, FIRST_KIND_LAYOUT + kind as u32, words)
    }

    /// What it is.
    #[inline(always)]
    pub const fn kind(self) -> Kind {
        Kind::ALL[(self.0 >> 8) as u8 as usize]
    }

    /// Is it of this kind?
    #[inline(always)]
    pub const fn is(self, kind: Kind) -> bool {
        (self.0 >> 8) as u8 == kind as u8
    }

    /// The header with another kind.
    pub const fn with_kind(self, kind: Kind) -> Header {
        Header(self.0 & !0xFF00 | (kind as u64) << 8)
    }

    /// Class or shape.
    #[inline(always)]
    pub const fn layout(self) -> u32 {
        (self.0 >> 32) as u32
    }

    /// The header with another class or shape.
    #[inline(always)]
    pub const fn with_layout(self, layout: u32) -> Header {
        Header(self.0 & 0xFFFF_FFFF | (layout as u64) << 32)
    }

    /// Where the object is now, if it has moved.
    #[inline(always)]
    pub const fn forwarded(self) -> Option<u64> {
        if self.0 & Header::FORWARDED != 0 { Some(self.0 & !Header::FORWARDED) } else { None }
    }

    /// The header with these mark bits, in place.
    #[inline(always)]
    pub const fn with_mark(self, mark: u64) -> Header {
        Header(self.0 & !Header::MARK | mark)
    }

    /// Does it have any of these bits?
    #[inline(always)]
    pub const fn has(self, bits: u64) -> bool {
        self.0 & bits != 0
    }

    /// The word count in the header; 0xFFFF when payload word 0 tells.
    #[inline(always)]
    pub const fn count(self) -> usize {
        (self.0 >> 16) as u16 as usize
    }
}
