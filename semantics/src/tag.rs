//! What questions about the type of a value mean.
//!
//! Every value has a set of [`Tag`]s, one bit each: an integer is `i32` and `number`, a closure is `function`. The bits
//! of a value or the kind of its object lead to the set, so that all questions cost the same.

use crate::meanings;
use regatta_heap::{self as heap, Kind, Value};
use regatta_ir::TextId;
use regatta_ir::vocabulary::Tag;
use regatta_runtime::{Trap, atoms};

meanings! {
    val_is(a: Value, what: u16) -> Result<bool, Trap> { W::seldom(|| Ok(tags(a) >> (what % 32) & 1 != 0)) }
    val_is_not(a: Value, what: u16) -> Result<bool, Trap> { val_is::<W>(a, what).map(|is| !is) }
    val_type_of(a: Value) -> Result<Value, Trap> { W::seldom(|| Ok(Value::atom(type_word(a).0))) }
}

/// All that a value is, bit by [`Tag`] number.
#[inline(never)]
fn tags(a: Value) -> u32 {
    match a.as_object() {
        Some(object) => TAGS_OF_KINDS[object.header().kind() as usize],
        None => set(tags_of_bits(a)),
    }
}

static TAGS_OF_KINDS: [u32; Kind::ALL.len()] = {
    let mut sets = [0; Kind::ALL.len()];
    let mut n = 0;
    while n < sets.len() {
        sets[n] = set(tags_of_kind(Kind::ALL[n]));
        n += 1;
    }
    sets
};

const fn set(tags: &[Tag]) -> u32 {
    let mut set = 0;
    let mut n = 0;
    while n < tags.len() {
        assert!(tags[n].number() < 32);
        set |= 1 << tags[n].number();
        n += 1;
    }
    set
}

fn tags_of_bits(a: Value) -> &'static [Tag] {
    match a.tag() {
        heap::Tag::F64 => &[Tag::F64, Tag::Number],
        heap::Tag::I32 => &[Tag::I32, Tag::Number],
        heap::Tag::F32 => &[Tag::F32],
        heap::Tag::Undefined => &[Tag::Undefined, Tag::Nothing],
        heap::Tag::Null => &[Tag::Null, Tag::Nothing],
        heap::Tag::Unit => &[Tag::Unit],
        heap::Tag::Bool => &[Tag::Bool],
        heap::Tag::Atom => &[Tag::Atom],
        heap::Tag::Function => &[Tag::Function],
        heap::Tag::Process => &[Tag::Process],
        heap::Tag::Task => &[Tag::Task],
        heap::Tag::Object => &[],
    }
}

const fn tags_of_kind(kind: Kind) -> &'static [Tag] {
    match kind {
        Kind::Instance => &[Tag::Instance],
        Kind::Object => &[Tag::Object],
        Kind::Array | Kind::IntArray | Kind::FloatArray | Kind::ByteArray => &[Tag::Array],
        Kind::Tuple => &[Tag::Tuple],
        Kind::Map => &[Tag::Map],
        Kind::Set => &[Tag::Set],
        Kind::String | Kind::Rope | Kind::Slice => &[Tag::String],
        Kind::Enum => &[Tag::Enum],
        Kind::Closure | Kind::Bound => &[Tag::Function],
        Kind::Cell => &[Tag::Cell],
        Kind::Complex => &[Tag::Complex],
        Kind::I64 => &[Tag::I64],
        Kind::Buffer => &[Tag::Buffer],
        Kind::Proxy => &[Tag::Proxy],
        Kind::Regex => &[Tag::Regex],
        Kind::Weak => &[Tag::Weak],
        Kind::WeakMap => &[Tag::WeakMap],
        // Storage is never a value of a program.
        Kind::Values | Kind::WeakValues | Kind::Ints | Kind::Floats | Kind::Bytes => &[],
    }
}

/// One word for the type: the tag's own, but for numbers and booleans, where programs are used to another.
#[inline(never)]
fn type_word(a: Value) -> TextId {
    let tags = a.as_object().map_or_else(|| tags_of_bits(a), |object| tags_of_kind(object.header().kind()));
    match tags[0] {
        Tag::I32 | Tag::F64 | Tag::F32 | Tag::Number => atoms::NUMBER,
        Tag::Bool => atoms::BOOLEAN,
        Tag::Undefined | Tag::Nothing => atoms::UNDEFINED,
        Tag::Null => atoms::NULL,
        Tag::Unit => atoms::UNIT,
        Tag::I64 => atoms::I64,
        Tag::Atom => atoms::ATOM,
        Tag::String => atoms::STRING,
        Tag::Array => atoms::ARRAY,
        Tag::Tuple => atoms::TUPLE,
        Tag::Map => atoms::MAP,
        Tag::Set => atoms::SET,
        Tag::Enum => atoms::ENUM,
        Tag::Function => atoms::FUNCTION,
        Tag::Object => atoms::OBJECT,
        Tag::Instance => atoms::INSTANCE,
        Tag::Complex => atoms::COMPLEX,
        Tag::Buffer => atoms::BUFFER,
        Tag::Proxy => atoms::PROXY,
        Tag::Regex => atoms::REGEX,
        Tag::Weak => atoms::WEAK,
        Tag::WeakMap => atoms::WEAK_MAP,
        Tag::Cell => atoms::CELL,
        Tag::Process => atoms::PROCESS,
        Tag::Task => atoms::TASK,
    }
}
