//! CPU time of the calling thread: what a piece of work costs, whatever else the machine is doing.

use rustix::time::{ClockId, clock_gettime};
use std::time::Duration;

/// A moment in the life of this thread.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CpuClock(Duration);

impl CpuClock {
    /// Now.
    pub(crate) fn start() -> CpuClock {
        let now = clock_gettime(ClockId::ThreadCPUTime);
        CpuClock(Duration::new(now.tv_sec as u64, now.tv_nsec as u32))
    }

    /// CPU time used since.
    pub(crate) fn elapsed(self) -> Duration {
        CpuClock::start().0.saturating_sub(self.0)
    }
}

/// `0.213 ms`, `1234.567 ms`.
pub(crate) fn in_milliseconds(time: Duration) -> String {
    format!("{:.3} ms", time.as_secs_f64() * 1e3)
}
