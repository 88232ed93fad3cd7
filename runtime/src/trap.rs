//! Traps: what a program does to itself. Plain values, compared by `==` across engines, never by text.

use std::fmt;

/// In the number of a trap with a code.
const EXPLICIT: u32 = 1 << 16;

macro_rules! for_each_trap {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $message:literal;)*) => {
        /// Why a program was stopped for good.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        pub enum Trap {
            $($(#[$doc])* $name,)*
            /// The program's own `trap` instruction, with its code.
            Explicit(u16),
        }

        impl Trap {
            /// Every trap but `Explicit`.
            pub const NAMED: &'static [Trap] = &[$(Trap::$name),*];

            /// A number of its own.
            #[inline(always)]
            pub(crate) const fn number(self) -> u32 {
                #[expect(clippy::enum_variant_names, reason = "they are the names of traps")]
                enum Number { $($name),* }
                match self {
                    $(Trap::$name => Number::$name as u32,)*
                    Trap::Explicit(code) => EXPLICIT | code as u32,
                }
            }

            /// The trap with this number.
            pub(crate) fn from_number(number: u32) -> Trap {
                if number & EXPLICIT != 0 { Trap::Explicit(number as u16) } else { Trap::NAMED[number as usize] }
            }

            /// One word, as case files write it.
            pub fn name(self) -> &'static str {
                match self {
                    $(Trap::$name => $text,)*
                    Trap::Explicit(_) => "explicit",
                }
            }
        }

        impl fmt::Display for Trap {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    $(Trap::$name => f.write_str($message),)*
                    Trap::Explicit(code) => write!(f, "the program trapped with code {code}"),
                }
            }
        }
    };
}

for_each_trap! {
    /// An integer was divided by zero.
    DivideByZero = "divide_by_zero", "an integer was divided by zero";
    /// The result of a division or conversion does not fit its type.
    IntegerOverflow = "integer_overflow", "an integer result does not fit its type";
    /// NaN was converted to an integer.
    InvalidConversion = "invalid_conversion", "NaN can't be converted to an integer";
    /// A load, store, copy or fill went past the end of linear memory.
    MemoryOutOfBounds = "memory_out_of_bounds", "linear memory was accessed out of bounds";
    /// The VM stack reached its limit.
    StackOverflow = "stack_overflow", "the call stack reached its limit";
    /// An indirect call named no function.
    UndefinedFunction = "undefined_function", "an indirect call named a function that does not exist";
    /// An indirect call named a function of another signature.
    SignatureMismatch = "signature_mismatch", "an indirect call met a function of another signature";
    /// The heap reached its limit.
    OutOfMemory = "out_of_memory", "the heap reached its limit";
    /// Arithmetic or an order met something that is no number.
    NotANumber = "not_a_number", "a number was wanted";
    /// A property or a method of something that has none, or a field of what is no instance.
    NotAnObject = "not_an_object", "an object was wanted";
    /// The instance has fewer fields.
    NoSuchField = "no_such_field", "the class has no such field, or another number of fields";
    /// The instance has nothing of this name.
    NoSuchProperty = "no_such_property", "the class has no field of this name";
    /// The object has no such method, or the method is abstract.
    NoSuchMethod = "no_such_method", "the object has no such method";
    /// The property may not be read, set or defined from here.
    PropertyDenied = "property_denied", "the property can't be used this way from here";
    /// The object is not an instance of the class.
    BadCast = "bad_cast", "the object is not an instance of the class";
    /// A class without instances of its own.
    AbstractClass = "abstract_class", "the class is abstract: it has no instances of its own";
    /// An object would be its own prototype.
    PrototypeCycle = "prototype_cycle", "a prototype chain leads back to its start, or is too long";
    /// Something wanted an integer, and met a number that is none or does not fit.
    NotAnInteger = "not_an_integer", "an integer was wanted";
    /// An operation on strings met something else.
    NotAString = "not_a_string", "a string was wanted";
    /// An operation on atoms met something else.
    NotAnAtom = "not_an_atom", "an atom was wanted";
    /// An operation on arrays met something else.
    NotAnArray = "not_an_array", "an array was wanted";
    /// An operation on tuples met something else.
    NotATuple = "not_a_tuple", "a tuple was wanted";
    /// An operation on tagged values met something else.
    NotAnEnum = "not_an_enum", "a tagged value was wanted";
    /// An operation on maps or sets met something else.
    NotAMap = "not_a_map", "a map or set was wanted";
    /// An operation on weak references met something else.
    NotAWeak = "not_a_weak_reference", "a weak reference was wanted";
    /// An operation on proxies met something else.
    NotAProxy = "not_a_proxy", "a proxy was wanted";
    /// An operation on cells met something else.
    NotACell = "not_a_cell", "a cell was wanted";
    /// An operation on closures met something else.
    NotAClosure = "not_a_closure", "a closure was wanted";
    /// What was called, or bound to be called, can't be.
    NotCallable = "not_callable", "a function was wanted";
    /// There is no element at an index.
    IndexOutOfBounds = "index_out_of_bounds", "there is no element at this index";
    /// Something would be longer than the limits allow.
    LengthOverflow = "length_overflow", "the result would be longer than the limits allow";
    /// A string was to be cut inside a character.
    SplitCharacter = "split_character", "an offset in a string lies inside a character";
    /// The program has as many atoms as it can hold.
    TooManyAtoms = "too_many_atoms", "the program reached its limit of atoms";
    /// A host function failed; the host knows more.
    NativeFailed = "native_failed", "a host function failed";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trap_is_one_word() {
        assert!(size_of::<Trap>() <= 4);
        assert!(size_of::<Result<i32, Trap>>() <= 8);
    }
}
