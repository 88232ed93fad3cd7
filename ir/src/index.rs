//! Index newtypes: every cross reference is a number of its own type, so that a function index can't be used as a
//! global index. The printed form and the index live together.

use std::fmt;

macro_rules! index {
    ($($(#[$doc:meta])* $name:ident($inner:ty) prints $sigil:literal;)*) => { $(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub $inner);

        impl $name {
            /// As an index into a table.
            #[inline(always)]
            pub const fn index(self) -> usize {
                self.0 as usize
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($sigil, "{}"), self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }
    )* };
}

index! {
    /// A register of a function; also the offset of its home slot in the frame.
    Reg(u16) prints "r";
    /// A function: within a module its position (imports first), within a program its id.
    FuncId(u32) prints "%";
    /// A signature in a module's or program's type table.
    SigId(u32) prints "type ";
    /// A global variable.
    GlobalId(u32) prints "@";
    /// A host function that a module declares or a program has resolved.
    NativeId(u32) prints "!";
    /// A text: the number of an atom, and of the string of the same characters.
    TextId(u32) prints ":#";
    /// A class: within a module its position (imports first), within a program its id.
    ClassId(u32) prints "&";
    /// A place where a program remembers what it found at an instruction.
    SiteId(u32) prints "?";
    /// A table of keys.
    TableId(u32) prints "table ";
    /// A pattern.
    PatternId(u32) prints "pattern ";
}

/// The first id of functions made at run time. Nothing else in the workspace writes this number.
const FIRST_DYNAMIC: u32 = 0x8000_0000;

impl FuncId {
    /// The id of the `n`-th function installed at run time.
    pub const fn dynamic(n: u32) -> FuncId {
        assert!(n < FIRST_DYNAMIC, "more than 2^31 dynamic functions");
        FuncId(FIRST_DYNAMIC | n)
    }

    /// Where this id lives in a program's function table: static ids on even places, dynamic ids on odd ones, so
    /// that one table read serves both ranges and nobody needs to ask which range an id is in.
    #[inline(always)]
    pub const fn table_place(self) -> usize {
        self.0.rotate_left(1) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ranges_share_one_dense_table() {
        assert_eq!(FuncId(0).table_place(), 0);
        assert_eq!(FuncId(5).table_place(), 10);
        assert_eq!(FuncId::dynamic(0).table_place(), 1);
        assert_eq!(FuncId::dynamic(5).table_place(), 11);
    }
}
