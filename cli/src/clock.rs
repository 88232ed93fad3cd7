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

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// The day it is in Greenwich: `29 February 2024`.
pub(crate) fn today() -> String {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    date(since.as_secs() / 86400)
}

/// The day so many days after 1 January 1970. Years are counted from March, so that a leap day is their last.
fn date(days: u64) -> String {
    let days = days + 719_468; // since 1 March of the year 0
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let (day, year) = (day - (153 * month + 2) / 5 + 1, 400 * era + year + u64::from(month >= 10));
    format!("{day} {} {year}", MONTHS[(month as usize + 2) % 12])
}

#[cfg(test)]
mod tests {
    use super::date;

    #[test]
    fn days_have_dates() {
        // As GNU `date -d @$((86400 * N))` has them.
        let known =
            [(0, "1 January 1970"), (58, "28 February 1970"), (59, "1 March 1970"), (11_016, "29 February 2000")];
        let later = [
            (11_017, "1 March 2000"),
            (20_777, "20 November 2026"),
            (47_540, "28 February 2100"),
            (47_541, "1 March 2100"),
        ];
        for (days, expected) in known.into_iter().chain(later) {
            assert_eq!(date(days), expected);
        }
    }
}
