//! Times out of text.

use super::calendar::{Civil, MONTHS};

/// The time that a text tells.
pub(super) fn parse(text: &str) -> Option<i64> {
    iso(text).or_else(|| in_words(text))
}

/// What is still to be read.
struct Rest<'t>(&'t str);

impl Rest<'_> {
    fn take(&mut self, what: char) -> Option<()> {
        self.0 = self.0.strip_prefix(what)?;
        Some(())
    }

    /// So many digits.
    fn digits(&mut self, count: usize) -> Option<i64> {
        let digits = self.0.get(..count).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?;
        self.0 = &self.0[count..];
        digits.parse().ok()
    }

    /// The sign in front, if there is one.
    fn sign(&mut self) -> Option<i64> {
        let sign = if self.0.starts_with('-') { -1 } else { 1 };
        self.0 = self.0.strip_prefix(['+', '-'])?;
        Some(sign)
    }

    /// `12:34`, `12:34:56`, `12:34:56.789`
    fn clock(&mut self, civil: &mut Civil) -> Option<()> {
        civil.hours = self.digits(2)?;
        self.take(':')?;
        civil.minutes = self.digits(2)?;
        if self.take(':').is_some() {
            civil.seconds = self.digits(2)?;
            if self.take('.').is_some() {
                let len = self.0.bytes().take_while(u8::is_ascii_digit).count();
                let digits = format!("{:0<3}", self.0.get(..len)?);
                civil.milliseconds = Some(digits.get(..3)?).filter(|_| len > 0)?.parse().ok()?;
                self.0 = &self.0[len..];
            }
        }
        let in_range =
            civil.hours < 24 || (civil.hours, civil.minutes, civil.seconds, civil.milliseconds) == (24, 0, 0, 0);
        (in_range && civil.minutes < 60 && civil.seconds < 60).then_some(())
    }
}

/// `2024`, `2024-02`, `2024-02-29`, with `T12:34:56.789` behind it, and `Z` or `+01:00` behind that.
fn iso(text: &str) -> Option<i64> {
    let mut rest = Rest(text);
    let mut civil = Civil { day: 1, ..Civil::default() };
    civil.year = match rest.sign() {
        Some(sign) => sign * rest.digits(6)?,
        None => rest.digits(4)?,
    };
    if rest.take('-').is_some() {
        civil.month = rest.digits(2)? - 1;
        if rest.take('-').is_some() {
            civil.day = rest.digits(2)?;
        }
    }
    if rest.take('T').or_else(|| rest.take(' ')).is_some() {
        rest.clock(&mut civil)?;
    }
    let zone = zone(&mut rest)?;
    (rest.0.is_empty() && is_day(&civil)).then(|| civil.time()).flatten()?.checked_sub(zone)
}

/// Milliseconds ahead of UTC.
fn zone(rest: &mut Rest<'_>) -> Option<i64> {
    if rest.0.is_empty() || rest.take('Z').is_some() {
        return Some(0);
    }
    let sign = rest.sign()?;
    let hours = rest.digits(2)?;
    let _ = rest.take(':');
    let minutes = rest.digits(2)?;
    (hours < 24 && minutes < 60).then_some(sign * (60 * hours + minutes) * 60_000)
}

/// Is there such a day?
fn is_day(civil: &Civil) -> bool {
    let day = Civil { year: civil.year, month: civil.month, day: civil.day, ..Civil::default() };
    (0..12).contains(&civil.month) && day.time().is_some_and(|time| Civil::of(time) == day)
}

/// `Thu Feb 29 2024 12:34:56 GMT+0100`; the day of the week, the time and the zone may be missing.
fn in_words(text: &str) -> Option<i64> {
    let mut words = text.split_ascii_whitespace().peekable();
    let month_of = |word: &str| MONTHS.iter().position(|month| word.eq_ignore_ascii_case(month));
    let is_weekday =
        |word: &&str| month_of(word).is_none() && word.bytes().all(|b| b.is_ascii_alphabetic() || b == b',');
    let _ = words.next_if(is_weekday);
    let month = month_of(words.next()?)? as i64;
    let day = words.next()?.trim_end_matches(',').parse().ok()?;
    let year = words.next()?.parse().ok()?;
    let mut civil = Civil { year, month, day, ..Civil::default() };
    if let Some(clock) = words.next() {
        let mut rest = Rest(clock);
        rest.clock(&mut civil)?;
        Some(()).filter(|()| rest.0.is_empty())?;
    }
    let offset = match words.next() {
        Some(word) => zone(&mut Rest(word.strip_prefix("GMT").or_else(|| word.strip_prefix("UTC"))?))?,
        None => 0,
    };
    is_day(&civil).then(|| civil.time()).flatten()?.checked_sub(offset)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read() {
        const DAY: i64 = 1_709_164_800_000; // 2024-02-29
        for (text, time) in [
            ("2024-02-29", DAY),
            ("2024-02-29T00:00Z", DAY),
            ("2024-02-29T12:34:56.789Z", DAY + 45_296_789),
            ("2024-02-29 12:34:56.7", DAY + 45_296_700),
            ("2024-02-29T24:00", DAY + 86_400_000),
            ("2024-02-29T01:00:00+01:00", DAY),
            ("2024-02-28T19:30:00.000-0430", DAY),
            ("+002024-02-29", DAY),
            ("1970", 0),
            ("Thu Feb 29 2024", DAY),
            ("Feb 29, 2024", DAY),
            ("Thu, feb 29 2024 12:34:56", DAY + 45_296_000),
            ("Thu Feb 29 2024 12:34:56 GMT+0000", DAY + 45_296_000),
        ] {
            assert_eq!(parse(text), Some(time), "{text}");
        }
    }

    #[test]
    fn what_is_no_time_is_not_read() {
        for text in [
            "",
            "20",
            "2023-02-29",
            "2024-13-01",
            "2024-00-01",
            "2024-01-00",
            "2024-02-29T25:00",
            "2024-02-29T12:60",
            "2024-02-29T12:34:56.",
            "2024-02-29T",
            "2024-02-29x",
            "2024-02-29T24:01",
            "Thu Feb",
            "Thu Feb 30 2024",
            "today",
            "Feb 29 2024 12:34 CET",
            "ü024-02-29",
            "-00000ü",
            "Feb 29 99999999999999",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
