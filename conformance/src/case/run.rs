//! Run lines: `run: %f(1, 2) == 3 fuel 0 with_fuel 10`.
//!
//! After the call comes what is expected of it: `== results`, `returns` (no results), `traps name`, `throws value`,
//! `out_of_fuel`. Then, if it matters, the `fuel` it uses, and the fuel it is given as `with_fuel`. An `output:` directive
//! after it says what it writes.
//!
//! Values are read by the types of the function's signature. A `val` is written as in the text form: `null`, `true`, `42`,
//! `1.5`, `:atom`, `"text"`; a number is the same as integer and as float. A result may also be an object, written as what
//! it looks like to people: `[1, "two", :three]`, `{1, 2}`, `tag(1)`.

use crate::observe::{Observation, Outcome, list};
use regatta_ir::{FuncId, Module, Signature, Type};
use regatta_vm::{Dynamic, Program, Scalar, Trap};

/// One run of a case.
#[derive(Clone, PartialEq, Debug)]
pub struct Run {
    /// The line it stands on.
    pub line: u32,
    /// The function to call: its place among the module's own functions.
    pub function: usize,
    /// Its arguments.
    pub args: Vec<Scalar>,
    /// How it ends.
    pub expected: Expected,
    /// The fuel it uses, if the case says.
    pub fuel: Option<u64>,
    /// The fuel it is given, if the case says.
    pub with_fuel: Option<u64>,
    /// What it writes, if the case says.
    pub output: Option<Vec<u8>>,
}

/// How a run ends.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Expected {
    /// With these results.
    Returns(Vec<Scalar>),
    /// With this trap.
    Traps(Trap),
    /// With this exception, which nobody catches.
    Throws(Dynamic),
    /// Without fuel.
    OutOfFuel,
}

impl Run {
    /// Reads what stands after `run:`.
    pub(super) fn parse(line: u32, text: &str, module: &Module) -> Result<Run, String> {
        let (name, rest) = function_name(text)?;
        let function = module.functions.iter().position(|function| function.name == name);
        let function = function.ok_or_else(|| format!("the module has no function `%{name}`"))?;
        let signature = module.signature(module.functions[function].sig).ok_or("the function has no signature")?;
        let rest = rest.trim_start().strip_prefix('(').ok_or("`(` does not follow the function's name")?;
        let close = outside_quotes(rest, 0).find(|&(_, c, depth)| c == ')' && depth < 0).map(|(at, ..)| at);
        let (args, rest) = rest.split_at(close.ok_or("the arguments are not closed by `)`")?);
        let rest = &rest[1..];
        let args = scalars(args, &signature.params, "argument")?;
        let mut words = Words::of(rest);
        let expected = expected(&mut words, signature)?;
        let mut run = Run { line, function, args, expected, fuel: None, with_fuel: None, output: None };
        while let Some(word) = words.next() {
            let place = match word {
                "fuel" => &mut run.fuel,
                "with_fuel" => &mut run.with_fuel,
                other => return Err(format!("`{other}` is neither `fuel` nor `with_fuel`")),
            };
            let units = words.next().and_then(|units| units.parse().ok());
            if place.replace(units.ok_or_else(|| format!("a number does not follow `{word}`"))?).is_some() {
                return Err(format!("`{word}` is there twice"));
            }
        }
        Ok(run)
    }

    /// How an observation differs from what is expected; `None` when it does not.
    pub fn difference(&self, seen: &Observation) -> Option<String> {
        let ended = match (&self.expected, &seen.exit) {
            (Expected::Returns(_), Outcome::Returned) | (Expected::OutOfFuel, Outcome::OutOfFuel(_)) => true,
            (Expected::Traps(wanted), Outcome::Trapped(trap, _)) => wanted == trap,
            (Expected::Throws(wanted), Outcome::Threw(value, _)) => wanted == value,
            _ => false,
        };
        if !ended {
            let gave = if seen.results.is_empty() { String::new() } else { format!(" {}", list(&seen.results)) };
            return Some(format!("expected: {}\n     got: it {}{gave}", self.expected, seen.exit));
        }
        if let Expected::Returns(results) = &self.expected
            && *results != seen.results
        {
            return Some(format!("expected: {}\n     got: {}", list(results), list(&seen.results)));
        }
        if let Some(fuel) = self.fuel.filter(|&fuel| fuel != seen.fuel) {
            return Some(format!("expected: {fuel} units of fuel\n     got: {}", seen.fuel));
        }
        let wanted = self.output.as_ref().filter(|&output| *output != seen.output)?;
        Some(format!("expected: output \"{}\"\n     got: \"{}\"", wanted.escape_ascii(), seen.output.escape_ascii()))
    }

    /// The id of the function to call, in a program to which this module was linked last.
    pub fn func(&self, program: &Program, module: &Module) -> FuncId {
        FuncId((program.functions().count() - module.functions.len() + self.function) as u32)
    }
}

impl std::fmt::Display for Expected {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Expected::Returns(results) => write!(f, "it returns {}", list(results)),
            Expected::Traps(Trap::Explicit(code)) => write!(f, "it traps with explicit({code})"),
            Expected::Traps(trap) => write!(f, "it traps with {}", trap.name()),
            Expected::Throws(value) => write!(f, "it throws {value}"),
            Expected::OutOfFuel => f.write_str("it runs out of fuel"),
        }
    }
}

/// `%name` or `%"any name"`, and the rest.
fn function_name(text: &str) -> Result<(&str, &str), String> {
    let text = text.strip_prefix('%').ok_or("the run does not begin with a function, as in `%f(1)`")?;
    if let Some(quoted) = text.strip_prefix('"') {
        let (name, rest) = quoted.split_once('"').ok_or("the function's name is not closed by `\"`")?;
        return if name.contains('\\') {
            Err("a run can't name a function with a backslash".into())
        } else {
            Ok((name, rest))
        };
    }
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || "_.$".contains(c))).unwrap_or(text.len());
    Ok(text.split_at(end))
}

/// The characters of a text that stand in no quotes, with their places and how many brackets are open after them, counted
/// from `depth`. A quote itself stands outside.
fn outside_quotes(text: &str, depth: i32) -> impl Iterator<Item = (usize, char, i32)> {
    let (mut depth, mut quoted, mut escaped) = (depth, false, false);
    text.char_indices().filter_map(move |(at, c)| {
        let inside = quoted && c != '"' || escaped;
        (quoted, escaped) = (quoted != (c == '"' && !escaped), quoted && c == '\\' && !escaped);
        depth += match c {
            '(' | '[' | '{' if !inside => 1,
            ')' | ']' | '}' if !inside => -1,
            _ => 0,
        };
        (!inside).then_some((at, c, depth))
    })
}

/// Parts between such characters, outside of quotes and brackets.
fn parts(text: &str, between: impl Fn(char) -> bool) -> Vec<&str> {
    let (mut parts, mut start) = (Vec::new(), 0);
    for (at, c, depth) in outside_quotes(text, 0) {
        if depth == 0 && between(c) {
            parts.push(&text[start..at]);
            start = at + c.len_utf8();
        }
    }
    parts.push(&text[start..]);
    parts
}

/// Words between spaces.
struct Words<'s> {
    text: &'s str,
    words: std::iter::Peekable<std::vec::IntoIter<&'s str>>,
}

impl<'s> Words<'s> {
    fn of(text: &'s str) -> Words<'s> {
        let words: Vec<_> = parts(text, char::is_whitespace).into_iter().filter(|word| !word.is_empty()).collect();
        Words { text, words: words.into_iter().peekable() }
    }

    fn next(&mut self) -> Option<&'s str> {
        self.words.next()
    }

    /// All words up to `fuel` or `with_fuel`, as they stand there.
    fn values(&mut self) -> &'s str {
        let mut range = None;
        while let Some(word) = self.words.next_if(|&word| word != "fuel" && word != "with_fuel") {
            let start = word.as_ptr().addr() - self.text.as_ptr().addr();
            range = Some((range.map_or(start, |(first, _)| first), start + word.len()));
        }
        range.map_or("", |(start, end)| &self.text[start..end])
    }
}

fn expected(words: &mut Words<'_>, signature: &Signature) -> Result<Expected, String> {
    match words.next() {
        Some("==") => match scalars(words.values(), &signature.results, "result")? {
            results if results.is_empty() => Err("a function without results `returns`".to_string()),
            results => Ok(Expected::Returns(results)),
        },
        Some("returns") if signature.results.is_empty() => Ok(Expected::Returns(vec![])),
        Some("returns") => Err(format!("the function has {} results; write `==` and them", signature.results.len())),
        Some("traps") => words.next().and_then(trap).map(Expected::Traps).ok_or_else(|| {
            let known: Vec<_> = Trap::NAMED.iter().map(|trap| trap.name()).collect();
            format!("a trap does not follow `traps`; there are {} and explicit(N)", known.join(", "))
        }),
        Some("throws") => {
            let value = words.values();
            Dynamic::parse(value).map(Expected::Throws).ok_or_else(|| format!("`{value}` is not a value of type val"))
        }
        Some("out_of_fuel") => Ok(Expected::OutOfFuel),
        _ => {
            Err("the run expects nothing: write `== results`, `returns`, `traps name`, `throws value` or `out_of_fuel`"
                .to_string())
        }
    }
}

fn trap(name: &str) -> Option<Trap> {
    if let Some(code) = name.strip_prefix("explicit(").and_then(|rest| rest.strip_suffix(')')) {
        return code.parse().ok().map(Trap::Explicit);
    }
    Trap::NAMED.iter().copied().find(|trap| trap.name() == name)
}

/// Values between commas.
fn scalars(text: &str, types: &[Type], what: &str) -> Result<Vec<Scalar>, String> {
    let values: Vec<&str> = if text.trim().is_empty() { vec![] } else { parts(text, |c| c == ',') };
    if values.len() != types.len() {
        return Err(format!("the function has {} {what}s, given are {}", types.len(), values.len()));
    }
    let scalars = values.iter().zip(types).map(|(value, &ty)| Scalar::parse(ty, value));
    scalars.collect::<Result<_, _>>().map_err(|error| error.to_string())
}

/// What stands after `output:`: a string with the escapes of the text form.
pub(super) fn output(text: &str) -> Result<Vec<u8>, String> {
    let quoted = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).ok_or("the output is not in quotes")?;
    let mut bytes = Vec::new();
    let mut rest = quoted.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'\\' {
            bytes.push(byte);
            continue;
        }
        bytes.push(match rest.next() {
            Some(b'n') => b'\n',
            Some(b't') => b'\t',
            Some(b'r') => b'\r',
            Some(b'0') => 0,
            Some(byte @ (b'"' | b'\\')) => byte,
            Some(b'x') => hex(rest.next(), rest.next()).ok_or("two hexadecimal digits do not follow `\\x`")?,
            _ => return Err("the output has an escape that is none of \\n \\t \\r \\0 \\\" \\\\ \\xHH".to_string()),
        });
    }
    Ok(bytes)
}

fn hex(high: Option<u8>, low: Option<u8>) -> Option<u8> {
    let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
    Some((digit(high)? * 16 + digit(low)?) as u8)
}

#[cfg(test)]
mod tests {
    use super::*;
    use regatta_ir::text::parse;

    fn run(text: &str) -> Result<Run, String> {
        let module = "func %f(a: i32, b: f64) -> (i64, f32) {\n trap 0\n}\nfunc %\"a b\"() {\n ret\n}";
        Run::parse(1, text, &parse(module).expect("the module parses"))
    }

    #[test]
    fn runs_are_read_by_type() {
        let read = run("%f(-1, 2.5)  == 0xffffffffffffffff, nan fuel 3 with_fuel 4").unwrap();
        assert_eq!(read.args, [Scalar::I32(-1), Scalar::F64(2.5)]);
        assert_eq!(read.expected, Expected::Returns(vec![Scalar::I64(-1), Scalar::F32(f32::NAN)]));
        assert_eq!((read.fuel, read.with_fuel), (Some(3), Some(4)));
        assert_eq!(run("%\"a b\"() returns").unwrap().function, 1);
        assert_eq!(run("%f(0, 0) traps explicit(7)").unwrap().expected, Expected::Traps(Trap::Explicit(7)));
        assert_eq!(run("%f(0, 0) out_of_fuel with_fuel 0").unwrap().expected, Expected::OutOfFuel);
    }

    #[test]
    fn values_are_read_with_their_quotes_and_brackets() {
        let module = parse("func %v(a: val, b: val) -> (val, val) {\n trap 0\n}").expect("the module parses");
        let run = Run::parse(1, r#"%v("a, b)\"(", :"c d") == [1, "x  ]"], "fuel 3" fuel 2"#, &module).unwrap();
        let [a, b] = &run.args[..] else { panic!("two arguments") };
        assert_eq!((a.to_string(), b.to_string()), (r#""a, b)\"(""#.to_string(), r#":"c d""#.to_string()));
        let Expected::Returns(results) = &run.expected else { panic!("it returns") };
        assert_eq!(list(results), r#"[1, "x  ]"], "fuel 3""#);
        assert_eq!(run.fuel, Some(2));
        let run = Run::parse(1, r#"%v(1, 2.5) throws "a  b" with_fuel 3"#, &module).unwrap();
        assert_eq!(run.expected, Expected::Throws(Dynamic::Text("a  b".into())));
    }

    #[test]
    fn mistakes_are_named() {
        for (text, what) in [
            ("f(1)", "begin with a function"),
            ("%g(1) returns", "no function `%g`"),
            ("%f(1) returns", "has 2 arguments, given are 1"),
            ("%f(1, x) returns", "`x` is not a value of type f64"),
            ("%f(1, 2.0)", "expects nothing"),
            ("%f(1, 2.0) == 1", "has 2 results, given are 1"),
            ("%f(1, 2.0) returns", "has 2 results"),
            ("%f(1, 2.0) traps nothing", "a trap does not follow"),
            ("%f(1, 2.0) == 1, 1.0 feul 3", "`1.0 feul 3` is not a value"),
            ("%f(1, 2.0) out_of_fuel 3", "neither `fuel` nor"),
            ("%f(1, 2.0) out_of_fuel fuel", "a number does not follow"),
            ("%f(1, 2.0) out_of_fuel fuel 1 fuel 2", "twice"),
        ] {
            let error = run(text).unwrap_err();
            assert!(error.contains(what), "{text}: {error}");
        }
    }

    #[test]
    fn output_has_the_escapes_of_strings() {
        assert_eq!(output(r#""a\n\x41\"\\\0""#), Ok(b"a\nA\"\\\0".to_vec()));
        assert!(output("a").is_err() && output(r#""\q""#).is_err());
    }
}
