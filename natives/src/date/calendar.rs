//! The calendar: days since 1970 and what people call them, by the Gregorian rules at all times.
//!
//! Years are counted from March, so that the odd day comes last; 400 years are 146097 days, after which everything repeats.

/// The farthest a time is from 1970.
pub(super) const MAX_TIME_MS: i64 = 8_640_000_000_000_000;

pub(super) const WEEKDAYS: [&str; 7] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
pub(super) const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

const DAY_MS: i64 = 86_400_000;
const CYCLE_DAYS: i64 = 146_097;
/// Days from 1 March of the year 0 to 1 January 1970.
const EPOCH: i64 = 719_468;

/// A time as people tell it. Months count from 0, days from 1.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Civil {
    pub(super) year: i64,
    pub(super) month: i64,
    pub(super) day: i64,
    pub(super) hours: i64,
    pub(super) minutes: i64,
    pub(super) seconds: i64,
    pub(super) milliseconds: i64,
}

impl Civil {
    /// What people call a time.
    pub(super) fn of(time: i64) -> Civil {
        let (days, ms) = (time.div_euclid(DAY_MS), time.rem_euclid(DAY_MS));
        let (year, month, day) = date(days);
        let [hours, minutes, seconds] = [ms / 3_600_000, ms / 60_000 % 60, ms / 1000 % 60];
        Civil { year, month, day, hours, minutes, seconds, milliseconds: ms % 1000 }
    }

    /// The time; parts that are too large or too small go over into the next larger one. Nothing, if that is too far from
    /// 1970.
    pub(super) fn time(self) -> Option<i64> {
        let years = self.year.checked_add(self.month.div_euclid(12))?;
        // Beyond these no time lies, and nothing below overflows.
        let years = Some(years).filter(|years| years.unsigned_abs() <= 1_000_000)?;
        let day = i128::from(days(years, self.month.rem_euclid(12))) + i128::from(self.day) - 1;
        let hours = day * 24 + i128::from(self.hours);
        let seconds = (hours * 60 + i128::from(self.minutes)) * 60 + i128::from(self.seconds);
        let time = seconds * 1000 + i128::from(self.milliseconds);
        i64::try_from(time).ok().filter(|time| time.unsigned_abs() <= MAX_TIME_MS as u64)
    }
}

/// Year, month and day of a day counted from 1970.
fn date(days: i64) -> (i64, i64, i64) {
    let days = days + EPOCH;
    let (cycle, day) = (days.div_euclid(CYCLE_DAYS), days.rem_euclid(CYCLE_DAYS));
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    // From March on, 153 days are five months.
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let month = (month + 2) % 12;
    (400 * cycle + year + i64::from(month < 2), month, day)
}

/// The first day of a month, counted from 1970.
fn days(year: i64, month: i64) -> i64 {
    let year = year - i64::from(month < 2);
    let (cycle, year) = (year.div_euclid(400), year.rem_euclid(400));
    let day = (153 * ((month + 10) % 12) + 2) / 5;
    CYCLE_DAYS * cycle + 365 * year + year / 4 - year / 100 + day - EPOCH
}

/// The day of the week, 0 for Sunday: 1 January 1970 was a Thursday.
pub(super) fn weekday(time: i64) -> i64 {
    (time.div_euclid(DAY_MS) + 4).rem_euclid(7)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_days_are_found() {
        for (year, month, day, time, weekday_name) in [
            (1970, 0, 1, 0, "Thu"),
            (2000, 1, 29, 951_782_400_000, "Tue"),
            (2000, 2, 1, 951_868_800_000, "Wed"),
            (1969, 11, 31, -86_400_000, "Wed"),
            (1900, 2, 1, -2_203_891_200_000, "Thu"),
            (2024, 11, 31, 1_735_603_200_000, "Tue"),
            (275_760, 8, 13, MAX_TIME_MS, "Sat"),
            (-271_821, 3, 20, -MAX_TIME_MS, "Tue"),
        ] {
            let civil = Civil { year, month, day, ..Civil::default() };
            assert_eq!(civil.time(), Some(time), "{civil:?}");
            assert_eq!(Civil::of(time), civil);
            assert_eq!(WEEKDAYS[weekday(time) as usize], weekday_name);
        }
    }

    #[test]
    fn every_day_of_a_cycle_follows_the_one_before() {
        let mut last = (0, 0, 0);
        for day in 0..CYCLE_DAYS + 1 {
            let (year, month, of_month) = date(day);
            assert_eq!(days(year, month) + of_month - 1, day);
            assert!((year, month, of_month) > last && (0..12).contains(&month) && (1..=31).contains(&of_month));
            last = (year, month, of_month);
        }
        assert_eq!(last, (2370, 0, 1));
    }

    #[test]
    fn parts_go_over() {
        let civil = Civil { year: 2023, month: 14, day: 0, hours: -1, minutes: 61, ..Civil::default() };
        assert_eq!(
            Civil::of(civil.time().unwrap()),
            Civil { year: 2024, month: 1, day: 29, minutes: 1, ..Civil::default() }
        );
        assert_eq!(Civil { year: i64::MAX, month: 12, ..Civil::default() }.time(), None);
        assert_eq!(Civil { day: i64::MAX, hours: i64::MAX, ..Civil::default() }.time(), None);
    }
}
