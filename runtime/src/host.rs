//! The host: the world outside, as a process sees it.

/// What a process may ask of the world. Later additions get default methods.
pub trait Host: Send {
    /// Writes bytes to the program's output.
    fn write(&mut self, bytes: &[u8]);

    /// Writes bytes to where complaints go; to the output if there is no such place.
    fn write_error(&mut self, bytes: &[u8]) {
        self.write(bytes);
    }

    /// Milliseconds since the start of 1970, UTC.
    fn now_ms(&mut self) -> f64 {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        // A clock before 1970 is wrong, and 1970 is as good a guess as any.
        since.map_or(0.0, |since| since.as_millis() as f64)
    }

    /// 64 random bits; nothing that secrets may depend on.
    fn random_bits(&mut self) -> u64 {
        use std::hash::{BuildHasher, Hasher, RandomState};
        // Every `RandomState` has keys of its own, which come from the system.
        RandomState::new().build_hasher().finish()
    }
}

/// Output to the standard output of this process.
#[derive(Debug, Default)]
pub struct StandardHost;

impl Host for StandardHost {
    fn write(&mut self, bytes: &[u8]) {
        use std::io::Write;
        // A closed pipe must not kill a program that goes on computing.
        let _ = std::io::stdout().lock().write_all(bytes);
    }

    fn write_error(&mut self, bytes: &[u8]) {
        use std::io::Write;
        let _ = std::io::stderr().lock().write_all(bytes);
    }
}

/// Keeps the output for tests and comparisons, up to a limit. Its clock stands still at [`RECORDED_NOW_MS`], and its
/// random numbers are the same every time.
#[derive(Clone, Debug, Default)]
pub struct RecordingHost {
    output: std::sync::Arc<std::sync::Mutex<Vec<u8>>>,
    drawn: u64,
}

/// The time at a [`RecordingHost`]: noon of 29 February 2000.
pub const RECORDED_NOW_MS: f64 = 951_825_600_000.0;

/// Bytes a [`RecordingHost`] keeps; more is dropped.
pub const MAX_RECORDED_BYTES: usize = 1 << 20;

impl RecordingHost {
    /// What has been written so far.
    pub fn output(&self) -> Vec<u8> {
        self.output.lock().expect("nobody panics while writing output").clone()
    }
}

impl Host for RecordingHost {
    fn write(&mut self, bytes: &[u8]) {
        let mut output = self.output.lock().expect("nobody panics while writing output");
        let room = MAX_RECORDED_BYTES.saturating_sub(output.len());
        output.extend_from_slice(&bytes[..bytes.len().min(room)]);
    }

    fn now_ms(&mut self) -> f64 {
        RECORDED_NOW_MS
    }

    fn random_bits(&mut self) -> u64 {
        self.drawn += 1;
        let bits = self.drawn.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        (bits ^ bits >> 32).wrapping_mul(0xD6E8_FEB8_6659_FD93)
    }
}
