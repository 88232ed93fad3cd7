//! Words for small operands: what a value may be found to be, the values that are one of their kind, and who may do what
//! with a property.
//!
//! Instructions hold the numbers, the text form shows the words. The numbers of [`Special`] are those that the bits of
//! such values have; all others are only names for positions in these tables, and must not change once binary modules
//! are around.

macro_rules! words {
    ($(#[$doc:meta])* $Name:ident { $($(#[$item:meta])* $Word:ident = $number:literal $text:literal;)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        #[repr(u16)]
        pub enum $Name { $($(#[$item])* $Word = $number),* }

        impl $Name {
            /// All of them, by rising number.
            pub const ALL: &'static [$Name] = &[$($Name::$Word),*];

            /// The number in instructions.
            #[inline(always)]
            pub const fn number(self) -> u16 {
                self as u16
            }

            /// The one with this number.
            #[inline]
            pub const fn from_number(number: u16) -> Option<$Name> {
                match number {
                    $($number => Some($Name::$Word),)*
                    _ => None,
                }
            }

            /// As written in the text form.
            pub const fn word(self) -> &'static str {
                match self {
                    $($Name::$Word => $text),*
                }
            }

            /// The one with this word.
            pub fn from_word(word: &str) -> Option<$Name> {
                $Name::ALL.iter().copied().find(|known| known.word() == word)
            }
        }
    };
}

words! {
    /// What a value may be found to be. Some take in others.
    Tag {
        /// `undefined`.
        Undefined = 0 "undefined";
        /// `null`.
        Null = 1 "null";
        /// `unit`.
        Unit = 2 "unit";
        /// `true` or `false`.
        Bool = 3 "bool";
        /// A 32-bit integer.
        I32 = 4 "i32";
        /// A 64-bit float.
        F64 = 5 "f64";
        /// An `i32` or `f64`.
        Number = 6 "number";
        /// A 32-bit float.
        F32 = 7 "f32";
        /// A 64-bit integer in a box.
        I64 = 8 "i64";
        /// An atom.
        Atom = 9 "atom";
        /// A string.
        String = 10 "string";
        /// An array.
        Array = 11 "array";
        /// A tuple.
        Tuple = 12 "tuple";
        /// A map.
        Map = 13 "map";
        /// A set.
        Set = 14 "set";
        /// A tagged value.
        Enum = 15 "enum";
        /// A function, closure or bound method.
        Function = 16 "function";
        /// An object with a prototype.
        Object = 17 "object";
        /// An instance of a class.
        Instance = 18 "instance";
        /// A complex number.
        Complex = 19 "complex";
        /// A buffer of bytes.
        Buffer = 20 "buffer";
        /// A proxy.
        Proxy = 21 "proxy";
        /// A regular expression.
        Regex = 22 "regex";
        /// A weak reference.
        Weak = 23 "weak";
        /// A map with weak keys.
        WeakMap = 24 "weakmap";
        /// A cell.
        Cell = 25 "cell";
        /// A handle of a process.
        Process = 26 "process";
        /// A handle of a task.
        Task = 27 "task";
        /// `null` or `undefined`.
        Nothing = 28 "nothing";
    }
}

words! {
    /// A value that is one of its kind. The number is the lower part of its bits.
    Special {
        /// `undefined`.
        Undefined = 0 "undefined";
        /// `null`.
        Null = 1 "null";
        /// `unit`.
        Unit = 2 "unit";
        /// `false`.
        False = 4 "false";
        /// `true`.
        True = 5 "true";
    }
}

/// Who may do what with a property: a set of bits, none of which is set for an ordinary one.
pub mod access {
    /// It is set by nobody: a definition may replace it.
    pub const READONLY: u16 = 1;
    /// It is there for privileged instructions only.
    pub const PROTECTED: u16 = 2;
    /// It is not among the keys; protected ones are not either.
    pub const HIDDEN: u16 = 4;
    /// It can neither be deleted nor get another access.
    pub const FIXED: u16 = 8;
    /// Every bit with a meaning.
    pub const ALL: u16 = READONLY | PROTECTED | HIDDEN | FIXED;

    /// The words of the two lowest bits, by their number.
    pub(crate) const WHO: [&str; 4] = ["public", "readonly", "protected", "protected_readonly"];
    /// The words of single bits that may follow.
    pub(crate) const BESIDES: [(&str, u16); 2] = [("hidden", HIDDEN), ("fixed", FIXED)];
}

/// A value that a `val` global may start with: one that needs no object.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Immediate {
    /// One of its kind.
    Special(Special),
    /// A 32-bit integer.
    I32(i32),
    /// A 64-bit float, by its bits. Of NaNs, there is only the canonical one.
    F64(u64),
}

const FIRST_TAGGED: u64 = 0xFFF9 << 48;
const SPECIAL: u64 = 0xFFFA << 48;
const I32: u64 = 0xFFFF << 48;
const CANONICAL_NAN: u64 = 0x7FF8 << 48;

impl Immediate {
    /// The slot that holds it: the same bits as in the heap's values, which a test of the runtime compares.
    pub const fn to_slot(self) -> u64 {
        match self {
            Immediate::Special(special) => SPECIAL | special.number() as u64,
            Immediate::I32(value) => I32 | value as u32 as u64,
            Immediate::F64(bits) => bits,
        }
    }

    /// What a slot holds, if it needs no object.
    pub fn from_slot(slot: u64) -> Option<Immediate> {
        if slot < FIRST_TAGGED {
            let odd = f64::from_bits(slot).is_nan() && slot != CANONICAL_NAN;
            return (!odd).then_some(Immediate::F64(slot));
        }
        if slot >> 32 == I32 >> 32 {
            return Some(Immediate::I32(slot as i32));
        }
        let special = (slot >> 16 == SPECIAL >> 16).then(|| Special::from_number(slot as u16))?;
        special.map(Immediate::Special)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_words_lead_back() {
        for &tag in Tag::ALL {
            assert_eq!(Tag::from_number(tag.number()), Some(tag));
            assert_eq!(Tag::from_word(tag.word()), Some(tag));
        }
        for &special in Special::ALL {
            assert_eq!(Special::from_number(special.number()), Some(special));
            assert_eq!(Special::from_word(special.word()), Some(special));
        }
        assert_eq!(Special::from_number(3), None);
    }

    #[test]
    fn immediates_lead_back() {
        let specials = Special::ALL.iter().map(|&special| Immediate::Special(special));
        let numbers = [Immediate::I32(-1), Immediate::I32(i32::MAX), Immediate::F64((-0.0f64).to_bits())];
        for immediate in specials.chain(numbers) {
            assert_eq!(Immediate::from_slot(immediate.to_slot()), Some(immediate));
        }
        for slot in [FIRST_TAGGED, SPECIAL | 3, SPECIAL | 1 << 20, 0xFFFB << 48, 0xFFFE << 48, CANONICAL_NAN | 1] {
            assert_eq!(Immediate::from_slot(slot), None, "{slot:#x}");
        }
    }
}
