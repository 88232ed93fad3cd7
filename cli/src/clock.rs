//! CPU time of the calling thread: what a piece of work costs, whatever else the machine is doing. Where the system has no
//! such clock, the time on the wall.

use std::time::Duration;

/// A moment in the life of this thread.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CpuClock(Moment);

#[cfg(unix)]
type Moment = Duration;

#[cfg(not(unix))]
type Moment = std::time::Instant;

impl CpuClock {
    /// Now.
    #[cfg(unix)]
    pub(crate) fn start() -> CpuClock {
        let now = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
        CpuClock(Duration::new(now.tv_sec as u64, now.tv_nsec as u32))
    }

    /// Now.
    #[cfg(not(unix))]
    pub(crate) fn start() -> CpuClock {
        CpuClock(Moment::now())
    }

    /// Time used since.
    pub(crate) fn elapsed(self) -> Duration {
        let now = CpuClock::start().0;
        #[cfg(unix)]
        return now.saturating_sub(self.0);
        #[cfg(not(unix))]
        return now.duration_since(self.0);
    }
}

/// `0.213 ms`, `1234.567 ms`.
pub(crate) fn in_milliseconds(time: Duration) -> String {
    format!("{:.3} ms", time.as_secs_f64() * 1e3)
}

/// The part that a time is of another, 0 to 1.
pub(crate) fn share_of(part: Duration, whole: Duration) -> f64 {
    if part < whole { part.as_secs_f64() / whole.as_secs_f64() } else { f64::from(u8::from(!part.is_zero())) }
}
