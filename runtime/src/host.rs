//! The host: the world outside, as a process sees it.

/// What a process may ask of the world. Later additions get default methods.
pub trait Host: Send {
    /// Writes bytes to the program's output.
    fn write(&mut self, bytes: &[u8]);
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
}

/// Keeps the output for tests and comparisons, up to a limit.
#[derive(Clone, Debug, Default)]
pub struct RecordingHost {
    output: std::sync::Arc<std::sync::Mutex<Vec<u8>>>,
}

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
}
