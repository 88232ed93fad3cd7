//! Values as JSON. Nothing is made in the heap meanwhile, so references stay good.

use super::MAX_JSON_DEPTH;
use crate::arguments::described;
use regatta_heap::{Object, Value};
use regatta_runtime::object::{Array, Instance, Map, Set, Str, Tuple};
use regatta_runtime::{Program, text_of};
use std::fmt::Write;

/// A text that grows.
pub(super) struct Writer<'p> {
    program: &'p Program,
    out: String,
    /// Bytes it may have, more or less.
    most: usize,
    /// The objects that are being written, outermost first.
    around: Vec<Object>,
}

/// Why a value has no JSON.
type Written = Result<(), String>;

impl<'p> Writer<'p> {
    pub(super) fn new(program: &'p Program, most: usize) -> Self {
        Writer { program, out: String::new(), most, around: Vec::new() }
    }

    pub(super) fn finish(self) -> String {
        self.out
    }

    /// Writes a value.
    pub(super) fn value(&mut self, value: Value) -> Written {
        if let Some(string) = Str::of(value) {
            self.text(&string.to_text());
        } else if let Some(object) = value.as_object() {
            self.object(object)?;
        } else if value.as_atom().is_some() {
            self.text(&text_of(self.program, value));
        } else if value.is_nothing() || value == Value::UNIT {
            self.out.push_str("null");
        } else if value.as_bool().is_some() || value.as_number().is_some_and(f64::is_finite) {
            self.out.push_str(&text_of(self.program, value));
        } else {
            return Err(format!("{} has no JSON", described(self.program, value)));
        }
        Ok(())
    }

    fn object(&mut self, object: Object) -> Written {
        if self.around.contains(&object) {
            return Err("the value contains itself".to_string());
        }
        if self.around.len() == MAX_JSON_DEPTH {
            return Err(format!("the value is nested more than {MAX_JSON_DEPTH} deep"));
        }
        self.around.push(object);
        let value = Value::object(object);
        if let Some(array) = Array::of(value) {
            self.list("[", array.iter(), "]", Writer::value)?;
        } else if let Some(tuple) = Tuple::of(value) {
            self.list("[", tuple.iter(), "]", Writer::value)?;
        } else if let Some(set) = Set::of(value) {
            self.list("[", set.iter(), "]", Writer::value)?;
        } else if let Some(map) = Map::of(value) {
            self.list("{", map.iter(), "}", |writer, (key, value)| writer.entry(key, value))?;
        } else if let Some(instance) = Instance::of(value) {
            let fields = instance.class(self.program).fields().iter().enumerate();
            self.list("{", fields, "}", |writer, (n, name)| {
                writer.entry(Value::atom(name.0), instance.get(n).unwrap_or(Value::NULL))
            })?;
        } else {
            return Err(format!("{} has no JSON", described(self.program, value)));
        }
        self.around.pop();
        Ok(())
    }

    fn list<T>(
        &mut self,
        open: &str,
        items: impl Iterator<Item = T>,
        close: &str,
        mut item: impl FnMut(&mut Self, T) -> Written,
    ) -> Written {
        self.out.push_str(open);
        for (n, next) in items.enumerate() {
            if n > 0 {
                self.out.push(',');
            }
            if self.out.len() > self.most {
                return Err("the text is longer than there is room for".to_string());
            }
            item(self, next)?;
        }
        self.out.push_str(close);
        Ok(())
    }

    fn entry(&mut self, key: Value, value: Value) -> Written {
        let is_name = Str::of(key).is_some() || key.as_atom().is_some() || key.as_number().is_some();
        if !is_name {
            return Err(format!("{} is no key of a JSON object", described(self.program, key)));
        }
        self.text(&text_of(self.program, key));
        self.out.push(':');
        self.value(value)
    }

    /// Writes a string.
    fn text(&mut self, text: &str) {
        self.out.push('"');
        let mut rest = text;
        while let Some(at) = rest.find(|c| matches!(c, '"' | '\\' | '\0'..='\x1f')) {
            self.out.push_str(&rest[..at]);
            self.escaped(rest.as_bytes()[at]);
            rest = &rest[at + 1..];
        }
        self.out.push_str(rest);
        self.out.push('"');
    }

    fn escaped(&mut self, byte: u8) {
        match byte {
            b'"' => self.out.push_str("\\\""),
            b'\\' => self.out.push_str("\\\\"),
            b'\n' => self.out.push_str("\\n"),
            b'\r' => self.out.push_str("\\r"),
            b'\t' => self.out.push_str("\\t"),
            0x08 => self.out.push_str("\\b"),
            0x0C => self.out.push_str("\\f"),
            control => write!(self.out, "\\u{control:04x}").expect("strings take everything"),
        }
    }
}
