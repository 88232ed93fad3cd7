//! Guesses: what a `val` register probably holds, and what an operand would like to find there.
//!
//! The verifier does not know what values are, and neither do programs: what is told here only makes them do more than trap
//! at their first instruction. So the rules go by names in the op table, words of [`Tag`] among them, and a rule that is
//! missing costs nothing but a share of traps: an op nobody thought of is generated all the same.

use regatta_ir::codec::OpInfo;
use regatta_ir::vocabulary::Tag;
use std::sync::LazyLock;

/// What a `val` register probably holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Guess {
    /// Nobody knows.
    Unknown,
    /// What this tag says.
    Is(Tag),
    /// Something to be called with so many values.
    Callable(usize),
    /// The same, with something captured.
    Closure(usize),
}

use Guess::{Callable, Closure, Is, Unknown};

/// What an operand would like to find; nothing in the list: it takes all alike. What comes first is made where there is
/// none.
pub(super) type Wanted = &'static [Guess];

const NUMBERS: Wanted = &[Is(Tag::I32), Is(Tag::F64), Is(Tag::Number)];
const INTEGERS: Wanted = &[Is(Tag::I32)];
const STRINGS: Wanted = &[Is(Tag::String)];
const ATOMS: Wanted = &[Is(Tag::Atom)];
const CALLABLES: Wanted = &[Callable(0), Closure(0)];
const CLOSURES: Wanted = &[Closure(0)];
const MAPS_AND_SETS: Wanted = &[Is(Tag::Map), Is(Tag::Set)];
const PROTOTYPES: Wanted = &[Is(Tag::Null), Is(Tag::Object)];
pub(super) const INSTANCES: Wanted = &[Is(Tag::Instance)];
const OBJECTS: Wanted = &[Is(Tag::Object)];
pub(super) const WITH_PROPERTIES: Wanted = &[Is(Tag::Object), Is(Tag::Instance)];
const WITH_ELEMENTS: Wanted =
    &[Is(Tag::Array), Is(Tag::Map), Is(Tag::Object), Is(Tag::Tuple), Is(Tag::Instance), Is(Tag::Proxy)];
const KEYS: Wanted = &[Is(Tag::I32), Is(Tag::String), Is(Tag::Atom), Is(Tag::F64), Is(Tag::Tuple)];
const COMPLEX: Wanted = &[Is(Tag::Complex), Is(Tag::I32), Is(Tag::F64)];

/// The word that tells what an op is about: `array` of `array_get`, `num` of `loop_num_inc_lt`, `str` of `str_len`.
pub(super) fn family(mnemonic: &str) -> &str {
    let mut words = mnemonic.split('_');
    words.find(|&word| word != "br" && word != "loop" && word != "ret").unwrap_or(mnemonic)
}

/// What an operand of an op would like to find.
pub(super) fn wanted(op: &OpInfo, operand: &str) -> Wanted {
    let (mnemonic, family) = (op.mnemonic, family(op.mnemonic));
    let compares = ["_lt", "_le", "_gt", "_ge"].iter().any(|word| mnemonic.contains(word));
    match (family, operand) {
        (_, "map") if mnemonic.ends_with("_len") || mnemonic.ends_with("slots") || mnemonic.ends_with("_at") => {
            MAPS_AND_SETS
        }
        ("field", "object") => INSTANCES,
        ("elem", "object") => WITH_ELEMENTS,
        ("proto", "object") => OBJECTS,
        ("proxy", "target" | "handler") => &[],
        ("enum", "value") => &[Is(Tag::Enum)],
        ("complex", "value") => COMPLEX,
        ("cast", "value") => INSTANCES,
        ("num", "object") => INSTANCES,
        ("num" | "float" | "field", "a" | "b" | "c" | "i" | "step" | "limit") | ("i32" | "f32" | "f64", "a") => NUMBERS,
        ("int", "a" | "b") => INTEGERS,
        ("i64", "a") => &[Is(Tag::I64), Is(Tag::I32)],
        ("magic", "a" | "b") => &[Is(Tag::Instance), Is(Tag::Object), Is(Tag::I32), Is(Tag::F64)],
        ("val", "a" | "b") if compares => NUMBERS,
        ("str", "a" | "x") if mnemonic != "str_concat" && mnemonic != "str_from_atom" => STRINGS,
        ("str", "a") if mnemonic == "str_from_atom" => ATOMS,
        ("atom", "a") => STRINGS,
        _ => wanted_by_name(operand),
    }
}

/// What an operand or parameter of this name would like to find.
pub(super) fn wanted_by_name(name: &str) -> Wanted {
    match name {
        "index" | "other" | "slot" | "len" | "from" | "to" | "start" | "end" | "offset" | "length" | "depth"
        | "digits" | "radix" | "count" | "limit" => INTEGERS,
        "number" | "x" | "y" | "time" => NUMBERS,
        "string" | "text" | "search" | "separator" | "pad" | "pattern" | "replacement" => STRINGS,
        "key" => KEYS,
        "object" => WITH_PROPERTIES,
        "proto" => PROTOTYPES,
        "function" | "callee" => CALLABLES,
        "closure" => CLOSURES,
        "source" | "target" => &[Is(Tag::Buffer)],
        "regexp" => &[Is(Tag::Regex)],
        "values" => &[Is(Tag::Array)],
        // A word for a kind of object stands for that kind.
        _ => ALONE.iter().find(|&&guess| Tag::from_word(name).map(Is) == Some(guess)).map_or(&[], std::slice::from_ref),
    }
}

/// Each tag alone.
static ALONE: LazyLock<Vec<Guess>> = LazyLock::new(|| Tag::ALL.iter().map(|&tag| Is(tag)).collect());

/// What an op probably gives, as far as its name tells.
pub(super) fn given(op: &OpInfo) -> Guess {
    let (mnemonic, family) = (op.mnemonic, family(op.mnemonic));
    let last = mnemonic.rsplit('_').next().unwrap_or_default();
    match (family, last) {
        (_, "len" | "slots" | "byte") => Is(Tag::I32),
        (_, "has" | "delete") | ("val", "lt" | "le" | "eq" | "ne" | "same" | "equal" | "not" | "bool") => Is(Tag::Bool),
        ("num", _) => Is(Tag::Number),
        ("int", _) => Is(Tag::I32),
        ("float", _) => Is(Tag::F64),
        ("val", "str") | ("str", _) => Is(Tag::String),
        ("atom", _) | (_, "of" | "tag") => Is(Tag::Atom),
        ("prop", "keys") => Is(Tag::Array),
        ("proto", "new") => Is(Tag::Object),
        ("object", "new" | "make") | ("cast", _) => Is(Tag::Instance),
        ("closure", "new") => Closure(0),
        ("bound", "new") | ("func", _) => Callable(0),
        (word, "new" | "make" | "fill") => Tag::from_word(word).map_or(Unknown, Is),
        ("val", word) => Tag::from_word(word).map_or(Unknown, Is),
        _ => Unknown,
    }
}

impl Guess {
    /// Does it fit a wish? How many arguments a function takes does not matter.
    pub(super) fn fits(self, wanted: Wanted) -> bool {
        wanted.is_empty()
            || wanted.iter().any(|&wish| match (wish, self) {
                (Callable(_), Callable(_)) | (Closure(_), Closure(_)) => true,
                (wish, guess) => wish == guess,
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use regatta_ir::Opcode;

    #[test]
    fn wishes_go_by_the_words_of_the_table() {
        let array_get = Opcode::ArrayGet.info();
        assert_eq!(wanted(array_get, "array"), [Is(Tag::Array)]);
        assert_eq!(wanted(array_get, "index"), INTEGERS);
        assert_eq!(wanted(Opcode::LoopNumIncLt.info(), "i"), NUMBERS);
        assert_eq!(wanted(Opcode::BrValNotLe.info(), "b"), NUMBERS);
        assert!(wanted(Opcode::ValEq.info(), "b").is_empty());
        assert_eq!(given(Opcode::ArrayFill.info()), Is(Tag::Array));
        assert_eq!(given(Opcode::WeakNew.info()), Is(Tag::Weak));
        assert_eq!(given(Opcode::ValFromI64.info()), Is(Tag::I64));
        assert_eq!(given(Opcode::ArrayGet.info()), Unknown);
    }
}
