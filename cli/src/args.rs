//! Options that several commands share.

use clap::Args;
use regatta_vm::process::{GcOptions, ProcessLimits, Zeal};
use regatta_vm::{DEFAULT_STACK_SLOTS, Limits};
use std::ffi::OsString;
use std::path::PathBuf;

/// Slots a stack may be given: 1 GiB.
const MAX_STACK_SLOTS: u64 = 1 << 27;

/// Which function to call, and with what.
#[derive(Args, Debug)]
pub(crate) struct Call {
    /// The function to call; without it `main`, or the only function there is
    #[arg(long, value_name = "FUNC")]
    pub(crate) invoke: Option<String>,

    /// Stop after this much fuel: one unit for each call and each turn of a loop
    #[arg(long, value_name = "N")]
    pub(crate) fuel: Option<u64>,

    /// Slots of 8 bytes that the call stack may grow to
    #[arg(long, value_name = "SLOTS", default_value_t = DEFAULT_STACK_SLOTS as u64,
          value_parser = clap::value_parser!(u64).range(1..=MAX_STACK_SLOTS))]
    pub(crate) stack: u64,

    /// Bytes of objects that may be alive at one time, beyond which the program traps; K, M and G stand for powers of 1024
    #[arg(long, value_name = "BYTES", value_parser = bytes)]
    pub(crate) heap_bytes: Option<u64>,

    /// Collect at every request for memory: `move` moves young objects each time, `generations` promotes them
    #[arg(long, value_name = "MODE", num_args = 0..=1, require_equals = true, default_missing_value = "generations",
          value_parser = zeal)]
    pub(crate) gc_zeal: Option<Zeal>,

    /// Bytes that linear memory may grow to
    #[arg(long, value_name = "BYTES", value_parser = bytes)]
    pub(crate) memory_bytes: Option<u64>,

    /// Arguments: integers, also in hexadecimal, and floats, also `nan` and `-inf`
    #[arg(value_name = "ARGS")]
    pub(crate) args: Vec<String>,
}

impl Call {
    /// The limits asked for.
    pub(crate) fn limits(&self) -> Limits {
        let usual = ProcessLimits::default();
        let heap_bytes = self.heap_bytes.map_or(usual.heap_bytes, |bytes| usize::try_from(bytes).unwrap_or(usize::MAX));
        let memory_bytes = self.memory_bytes.unwrap_or(usual.memory_bytes);
        let gc = GcOptions { zeal: self.gc_zeal.unwrap_or_default(), ..GcOptions::USUAL };
        Limits { stack_slots: self.stack as usize, heap_bytes, memory_bytes, fuel: self.fuel, gc }
    }
}

/// The company of the module that a command is about.
#[derive(Args, Debug)]
pub(crate) struct With {
    /// A module to link before, for what FILE imports; may be given several times, in order
    #[arg(id = "with", long, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
}

/// The minus sign that can't be taken for the start of an option.
pub(crate) const MINUS: char = '\u{2212}';

/// The words of a command line, where negative numbers (`-1`, `-.5`, `-0x10`, `-inf`) have a real minus sign, so that they
/// may stand among options. After `--` words are left alone.
pub(crate) fn with_minus_signs(words: impl IntoIterator<Item = OsString>) -> impl Iterator<Item = OsString> {
    let mut only_values = false;
    words.into_iter().map(move |word| {
        only_values |= word == "--";
        match word.to_str().and_then(|word| word.strip_prefix('-')) {
            Some(number) if !only_values && is_number(number) => format!("{MINUS}{number}").into(),
            _ => word,
        }
    })
}

fn is_number(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    word.starts_with(|c: char| c.is_ascii_digit() || c == '.') || ["inf", "infinity", "nan"].contains(&&*word)
}

fn zeal(text: &str) -> Result<Zeal, String> {
    match text {
        "off" => Ok(Zeal::Off),
        "move" => Ok(Zeal::Move),
        "generations" => Ok(Zeal::Generations),
        _ => Err("it is `off`, `move` or `generations`".to_string()),
    }
}

/// `65536`, `64K`, `16M`, `1G`.
fn bytes(text: &str) -> Result<u64, String> {
    let (digits, shift) = match text.char_indices().last() {
        Some((at, 'k' | 'K')) => (&text[..at], 10),
        Some((at, 'm' | 'M')) => (&text[..at], 20),
        Some((at, 'g' | 'G')) => (&text[..at], 30),
        _ => (text, 0),
    };
    let number: u64 = digits.parse().map_err(|_| "not a number of bytes".to_string())?;
    number.checked_mul(1 << shift).ok_or_else(|| "more bytes than 64 bits can count".to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_told_from_options() {
        let words = ["-1", "-x", "--fuel", "-inf", "-0x10", "-", "--", "-2"].map(OsString::from);
        let seen: Vec<_> = with_minus_signs(words).collect();
        assert_eq!(seen, ["−1", "-x", "--fuel", "−inf", "−0x10", "-", "--", "-2"]);
    }

    #[test]
    fn bytes_have_units() {
        assert_eq!(bytes("65536"), Ok(65536));
        assert_eq!(bytes("64k"), Ok(65536));
        assert_eq!(bytes("2G"), Ok(2 << 30));
        assert!(bytes("").is_err());
        assert!(bytes("-1").is_err());
        assert!(bytes("99999999999G").is_err());
    }
}
