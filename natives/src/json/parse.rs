//! Values out of JSON. The text lies outside of the heap, and what has been made of it is in locals.

use super::MAX_JSON_DEPTH;
use crate::arguments::{Arguments, Outcome, map, number};
use crate::string::push;
use regatta_heap::Value;
use regatta_heap::handle::Local;
use regatta_runtime::native::Failure;
use regatta_runtime::object::{Array, Map};
use std::borrow::Cow;

/// A text that is being read.
pub(super) struct Parser<'t> {
    text: &'t str,
    at: usize,
    depth: usize,
}

/// What is wrong, at the place where the parser stands.
type Complaint = Cow<'static, str>;

impl<'t> Parser<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Parser { text, at: 0, depth: 0 }
    }

    /// The value that is the whole text.
    pub(super) fn parse<'s>(mut self, args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
        let value = self.value(args)?;
        self.space();
        if self.at < self.text.len() {
            return self.fail(args, format!("{} follows the value", self.seen()).into());
        }
        Ok(value)
    }

    fn fail<'s, T>(&self, args: &Arguments<'_, '_, 's>, complaint: Complaint) -> Result<T, Failure<'s>> {
        let before = &self.text[..self.at];
        let line = 1 + before.matches('\n').count();
        let column = 1 + before.rsplit('\n').next().map_or(0, |line| line.chars().count());
        args.fail(format_args!("line {line}, column {column}: {complaint}"))
    }

    /// What stands here, in a sentence.
    fn seen(&self) -> String {
        self.text[self.at..].chars().next().map_or("the end".to_string(), |c| format!("`{}`", c.escape_debug()))
    }

    fn wanted<'s, T>(&self, args: &Arguments<'_, '_, 's>, what: &str) -> Result<T, Failure<'s>> {
        self.fail(args, format!("{} stands where {what} was expected", self.seen()).into())
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// Goes on behind this byte, and the space in front of it, if it comes next.
    fn take(&mut self, byte: u8) -> bool {
        self.space();
        let taken = self.peek() == Some(byte);
        self.at += usize::from(taken);
        taken
    }

    fn value<'s>(&mut self, args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
        self.space();
        let plain = |parser: &mut Self, args: &Arguments<'_, '_, 's>, word: &str, value| {
            if !parser.text[parser.at..].starts_with(word) {
                return parser.wanted(args, "a value");
            }
            parser.at += word.len();
            args.plain(value)
        };
        match self.peek() {
            Some(b'[') => self.nested(args, Parser::array),
            Some(b'{') => self.nested(args, Parser::object),
            Some(b'"') => {
                let text = self.string(args)?;
                args.give(&text)
            }
            Some(b'-' | b'0'..=b'9') => self.number(args),
            Some(b't') => plain(self, args, "true", Value::TRUE),
            Some(b'f') => plain(self, args, "false", Value::FALSE),
            Some(b'n') => plain(self, args, "null", Value::NULL),
            _ => self.wanted(args, "a value"),
        }
    }

    fn nested<'s>(
        &mut self,
        args: &mut Arguments<'_, '_, 's>,
        read: fn(&mut Self, &mut Arguments<'_, '_, 's>) -> Outcome<'s>,
    ) -> Outcome<'s> {
        if self.depth == MAX_JSON_DEPTH {
            return self.fail(args, format!("more than {MAX_JSON_DEPTH} values lie in each other").into());
        }
        self.depth += 1;
        self.at += 1;
        let value = read(self, args)?;
        self.depth -= 1;
        Ok(value)
    }

    fn array<'s>(&mut self, args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
        let list = args.objects.make([], |heap, []| Ok(Array::new(heap, 0)?.value()))?;
        if self.take(b']') {
            return Ok(list);
        }
        loop {
            let value = self.value(args)?;
            push(args, list, value)?;
            if self.take(b']') {
                return Ok(list);
            }
            if !self.take(b',') {
                return self.wanted(args, "`,` or `]`");
            }
        }
    }

    fn object<'s>(&mut self, args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
        let object = args.objects.make([], |heap, []| Ok(Map::new(heap)?.value()))?;
        if self.take(b'}') {
            return Ok(object);
        }
        loop {
            self.entry(args, object)?;
            if self.take(b'}') {
                return Ok(object);
            }
            if !self.take(b',') {
                return self.wanted(args, "`,` or `}`");
            }
        }
    }

    fn entry<'s>(&mut self, args: &mut Arguments<'_, '_, 's>, object: Local<'s>) -> Result<(), Failure<'s>> {
        self.space();
        if self.peek() != Some(b'"') {
            return self.wanted(args, "a key");
        }
        let key = self.string(args)?;
        let key = args.give(&key)?;
        if !self.take(b':') {
            return self.wanted(args, "`:`");
        }
        let value = self.value(args)?;
        args.with([object, key, value], |heap, [object, key, value]| map(object)?.set(heap, key, value))
    }

    /// A number: an integer if it is written as one and fits.
    fn number<'s>(&mut self, args: &Arguments<'_, '_, 's>) -> Outcome<'s> {
        let start = self.at;
        self.at += usize::from(self.peek() == Some(b'-'));
        match self.digits() {
            0 => return self.wanted(args, "a digit"),
            1 => {}
            _ if self.text[start..].trim_start_matches('-').starts_with('0') => {
                self.at = start;
                return self.fail(args, "a number has a zero in front".into());
            }
            _ => {}
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            if self.digits() == 0 {
                return self.wanted(args, "a digit");
            }
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            self.at += usize::from(matches!(self.peek(), Some(b'+' | b'-')));
            if self.digits() == 0 {
                return self.wanted(args, "a digit");
            }
        }
        args.plain(number(self.text[start..self.at].parse().expect("Rust reads what JSON allows")))
    }

    fn digits(&mut self) -> usize {
        let count = self.text.as_bytes()[self.at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.at += count;
        count
    }

    /// A string, from quote to quote.
    fn string<'s>(&mut self, args: &Arguments<'_, '_, 's>) -> Result<Cow<'t, str>, Failure<'s>> {
        self.at += 1;
        let mut out = Cow::Borrowed("");
        loop {
            let rest = &self.text[self.at..];
            let Some(len) = rest.find(|c| matches!(c, '"' | '\\' | '\0'..='\x1f')) else {
                self.at = self.text.len();
                return self.wanted(args, "the end of a string");
            };
            // Most strings have nothing to escape, and are not copied.
            out += &rest[..len];
            self.at += len + 1;
            match rest.as_bytes()[len] {
                b'"' => return Ok(out),
                b'\\' => out.to_mut().push(self.escaped(args)?),
                _ => {
                    self.at -= 1;
                    return self.fail(args, "a string contains a control character".into());
                }
            }
        }
    }

    /// The character behind a backslash.
    fn escaped<'s>(&mut self, args: &Arguments<'_, '_, 's>) -> Result<char, Failure<'s>> {
        let escape = self.peek();
        let c = match escape {
            Some(c @ (b'"' | b'\\' | b'/')) => c.into(),
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'b') => '\x08',
            Some(b'f') => '\x0c',
            Some(b'u') => {
                self.at += 1;
                return self.code_point(args);
            }
            _ => return self.wanted(args, "an escape"),
        };
        self.at += 1;
        Ok(c)
    }

    /// The character of one `\u`, or of two that belong together; half of such a pair is U+FFFD.
    fn code_point<'s>(&mut self, args: &Arguments<'_, '_, 's>) -> Result<char, Failure<'s>> {
        let unit = self.hex(args)?;
        if (0xD800..0xDC00).contains(&unit) && self.text[self.at..].starts_with("\\u") {
            let before = self.at;
            self.at += 2;
            let low = self.hex(args)?;
            if (0xDC00..0xE000).contains(&low) {
                let code = 0x1_0000 + ((unit - 0xD800) << 10 | (low - 0xDC00));
                return Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            self.at = before;
        }
        Ok(char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn hex<'s>(&mut self, args: &Arguments<'_, '_, 's>) -> Result<u32, Failure<'s>> {
        let digits = self.text.get(self.at..self.at + 4).filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()));
        match digits.and_then(|digits| u32::from_str_radix(digits, 16).ok()) {
            Some(unit) => {
                self.at += 4;
                Ok(unit)
            }
            None => self.wanted(args, "four hexadecimal digits"),
        }
    }
}
