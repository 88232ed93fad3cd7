//! Values as text: what `val_to_str` and `print` give, and what a host shows of an exception.
//!
//! Text, numbers and the special values are written as themselves. Everything that holds values is written so that a
//! person sees what is inside, `[1, "two", :three]`; strings in there are quoted and atoms have their colon. That is no
//! format to read back: depth, number of items and length are limited, and an object inside itself is `...`.

pub mod number;

use crate::object::{Array, Bound, Cell, Closure, Complex, Enum, I64, Instance, Map, PrototypeObject, Set, Str, Tuple};
use crate::program::Program;
use number::{Decimal, write_f32, write_f64};
use regatta_heap::{Kind, Object, Tag, Value};
use regatta_ir::vocabulary::access;
use regatta_ir::{FuncId, TextId};
use std::fmt::{self, Write};

/// Objects inside each other that are written.
pub const MAX_SHOWN_DEPTH: usize = 12;
/// Items of one object that are written.
pub const MAX_SHOWN_ITEMS: usize = 100;
/// Bytes after which no further item is written.
pub const MAX_SHOWN_BYTES: usize = 1 << 16;

/// What a value looks like.
pub fn text_of(program: &Program, value: Value) -> String {
    let mut shown = Shown { program, out: String::new(), around: Vec::new() };
    match Str::of(value) {
        Some(string) => shown.out.extend(string.parts()),
        None => match value.as_atom() {
            Some(atom) => shown.atom(TextId(atom)),
            None => shown.value(value).expect("strings take everything"),
        },
    }
    shown.out
}

/// A text that grows.
struct Shown<'p> {
    program: &'p Program,
    out: String,
    /// The objects that are being written, outermost first.
    around: Vec<Object>,
}

impl Shown<'_> {
    /// A value inside another.
    fn inner(&mut self, value: Value) -> fmt::Result {
        if let Some(string) = Str::of(value) {
            self.out.push('"');
            string.parts().for_each(|part| part.chars().for_each(|c| self.quoted(c)));
            self.out.push('"');
        } else if let Some(atom) = value.as_atom() {
            self.out.push(':');
            self.atom(TextId(atom));
        } else {
            self.value(value)?;
        }
        Ok(())
    }

    /// A character inside quotes.
    fn quoted(&mut self, c: char) {
        match c {
            '"' => self.out.push_str("\\\""),
            _ if c == '\\' || c.is_control() => self.out.extend(c.escape_debug()),
            _ => self.out.push(c),
        }
    }

    fn atom(&mut self, text: TextId) {
        self.out.push_str(self.program.text(text).map_or("?", |text| text.as_str()));
    }

    /// A value that is neither a string nor an atom.
    fn value(&mut self, value: Value) -> fmt::Result {
        match value.tag() {
            Tag::F64 => write_f64(&mut self.out, value.raw_f64()),
            Tag::I32 => Decimal::of(value.low_i32()).write(&mut self.out),
            Tag::F32 => write_f32(&mut self.out, value.as_f32().unwrap_or_default()),
            Tag::Undefined => self.out.write_str("undefined"),
            Tag::Null => self.out.write_str("null"),
            Tag::Unit => self.out.write_str("unit"),
            Tag::Bool => write!(self.out, "{}", value == Value::TRUE),
            Tag::Function => self.function(FuncId(value.as_function().unwrap_or_default())),
            Tag::Process => write!(self.out, "process {}", value.as_process().unwrap_or_default()),
            Tag::Task => write!(self.out, "task {}", value.as_task().unwrap_or_default()),
            Tag::Object | Tag::Atom => value.as_object().map_or(Ok(()), |object| self.object(object)),
        }
    }

    fn function(&mut self, func: FuncId) -> fmt::Result {
        write!(self.out, "function {}", self.program.function_name(func))
    }

    fn object(&mut self, object: Object) -> fmt::Result {
        if self.around.contains(&object) || self.around.len() == MAX_SHOWN_DEPTH {
            return self.out.write_str("...");
        }
        self.around.push(object);
        self.contents(object)?;
        self.around.pop();
        Ok(())
    }

    fn contents(&mut self, object: Object) -> fmt::Result {
        let value = Value::object(object);
        if let Some(array) = Array::of(value) {
            return self.items("[", array.iter(), "]", Shown::inner);
        }
        if let Some(tuple) = Tuple::of(value) {
            return self.items("{", tuple.iter(), "}", Shown::inner);
        }
        if let Some(instance) = Instance::of(value) {
            return self.instance(instance);
        }
        if let Some(closure) = Closure::of(value) {
            return self.function(closure.func());
        }
        if let Some(bound) = Bound::of(value) {
            return self.inner(bound.function());
        }
        if let Some(cell) = Cell::of(value) {
            return self.items("cell(", [cell.get()].into_iter(), ")", Shown::inner);
        }
        if let Some(map) = Map::of(value) {
            return self.items("{", map.iter(), "}", |shown, (key, value)| shown.pair(key, value));
        }
        if let Some(set) = Set::of(value) {
            return self.items("set(", set.iter(), ")", Shown::inner);
        }
        if let Some(tagged) = Enum::of(value) {
            self.atom(tagged.tag());
            return self.items("(", tagged.iter(), ")", Shown::inner);
        }
        if let Some(object) = PrototypeObject::of(value) {
            return self.properties(object);
        }
        self.boxed(object)
    }

    /// A map's entry. A string that is a key is quoted like any other; an atom's colon would be one too many.
    fn pair(&mut self, key: Value, value: Value) -> fmt::Result {
        match key.as_atom() {
            Some(atom) => self.atom(TextId(atom)),
            None => self.inner(key)?,
        }
        self.out.push_str(": ");
        self.inner(value)
    }

    fn boxed(&mut self, object: Object) -> fmt::Result {
        let value = Value::object(object);
        if let Some(boxed) = I64::of(value) {
            return write!(self.out, "{}", boxed.get());
        }
        if let Some(complex) = Complex::of(value) {
            write_f64(&mut self.out, complex.re())?;
            self.out.push(if complex.im().is_sign_negative() && !complex.im().is_nan() { '-' } else { '+' });
            write_f64(&mut self.out, complex.im().abs())?;
            return self.out.write_char('i');
        }
        self.out.write_str(kind_word(object.header().kind()))
    }

    fn instance(&mut self, instance: Instance) -> fmt::Result {
        let class = instance.class(self.program);
        let fields = class.fields().iter().enumerate();
        self.out.push_str(&class.name);
        self.items(" {", fields, "}", |shown, (n, &name)| {
            shown.atom(name);
            shown.out.push_str(": ");
            shown.inner(instance.get(n).unwrap_or(Value::UNDEFINED))
        })
    }

    /// The properties that anybody may see.
    fn properties(&mut self, object: PrototypeObject) -> fmt::Result {
        let properties = object.properties(self.program);
        let seen = properties.into_iter().filter(|(_, who, _)| who & (access::HIDDEN | access::PROTECTED) == 0);
        self.items("object {", seen, "}", |shown, (name, _, value)| {
            shown.atom(name);
            shown.out.push_str(": ");
            shown.inner(value)
        })
    }

    /// Items with commas between them, as many as the limits allow.
    fn items<T>(
        &mut self,
        open: &str,
        items: impl Iterator<Item = T>,
        close: &str,
        mut item: impl FnMut(&mut Self, T) -> fmt::Result,
    ) -> fmt::Result {
        self.out.push_str(open);
        for (n, next) in items.enumerate() {
            if n > 0 {
                self.out.push_str(", ");
            }
            if n == MAX_SHOWN_ITEMS || self.out.len() > MAX_SHOWN_BYTES {
                self.out.push_str("...");
                break;
            }
            item(self, next)?;
        }
        self.out.push_str(close);
        Ok(())
    }
}

/// What stands for an object of which nothing else is shown.
fn kind_word(kind: Kind) -> &'static str {
    match kind {
        Kind::Buffer => "buffer",
        Kind::Proxy => "proxy",
        Kind::Regex => "regex",
        Kind::Weak => "weak reference",
        Kind::WeakMap => "weak map",
        _ => "object",
    }
}
