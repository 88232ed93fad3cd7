//! Natives on times: milliseconds since the start of 1970, UTC.
//!
//! A time is a number and nothing else; what it is in years and hours is worked out each time, in [`calendar`]. There are no
//! time zones. A number that is no time (NaN, or more than 100 million days from 1970) gives NaN for everything.

mod calendar;
mod parse;

use crate::arguments::{Arguments, Outcome, number};
use calendar::{Civil, MAX_TIME_MS};
use regatta_runtime::native::Failure;

pub(crate) fn now<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    let now = args.host.now_ms();
    args.plain(number(now))
}

pub(crate) fn parse<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    let time = parse::parse(args.chars(0)?.trim());
    args.plain(number(time.map_or(f64::NAN, |time| time as f64)))
}

/// The time that argument `n` is, if it is one.
fn time<'s>(args: &Arguments<'_, '_, 's>, n: usize) -> Result<Option<i64>, Failure<'s>> {
    let time = args.number(n)?.trunc();
    Ok((time.abs() <= MAX_TIME_MS as f64).then_some(time as i64))
}

fn time_or_nan<'s>(args: &Arguments<'_, '_, 's>, time: Option<i64>) -> Outcome<'s> {
    args.plain(number(time.map_or(f64::NAN, |time| time as f64)))
}

pub(crate) fn get_time<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    time_or_nan(args, time(args, 0)?)
}

pub(crate) fn set_time<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    args.number(0)?;
    time_or_nan(args, time(args, 1)?)
}

macro_rules! parts {
    ($($get:ident $set:ident $field:ident;)*) => { $(
        pub(crate) fn $get<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
            time_or_nan(args, time(args, 0)?.map(|time| Civil::of(time).$field))
        }

        pub(crate) fn $set<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
            with(args, |civil, value| civil.$field = value)
        }
    )* };
}

parts! {
    get_year set_year year;
    get_month set_month month;
    get_day set_day day;
    get_hours set_hours hours;
    get_minutes set_minutes minutes;
    get_seconds set_seconds seconds;
    get_milliseconds set_milliseconds milliseconds;
}

/// The time with a part replaced by argument 1.
fn with<'s>(args: &Arguments<'_, '_, 's>, set: fn(&mut Civil, i64)) -> Outcome<'s> {
    let (time, value) = (time(args, 0)?, args.number(1)?.trunc());
    let changed = time.filter(|_| value.is_finite()).and_then(|time| {
        let mut civil = Civil::of(time);
        set(&mut civil, value as i64);
        civil.time()
    });
    time_or_nan(args, changed)
}

pub(crate) fn get_weekday<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    time_or_nan(args, time(args, 0)?.map(calendar::weekday))
}

pub(crate) fn to_string<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    text(args, |time| format!("{} {}", date_text(time), time_text(time)))
}

pub(crate) fn to_date_string<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    text(args, date_text)
}

pub(crate) fn to_time_string<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    text(args, time_text)
}

fn text<'s>(args: &mut Arguments<'_, '_, 's>, text: fn(i64) -> String) -> Outcome<'s> {
    let text = time(args, 0)?.map_or("Invalid Date".to_string(), text);
    args.give(&text)
}

fn date_text(time: i64) -> String {
    let Civil { year, month, day, .. } = Civil::of(time);
    let weekday = calendar::WEEKDAYS[calendar::weekday(time) as usize];
    let sign = if year < 0 { "-" } else { "" };
    format!("{weekday} {} {day:02} {sign}{:04}", calendar::MONTHS[month as usize], year.abs())
}

fn time_text(time: i64) -> String {
    let Civil { hours, minutes, seconds, .. } = Civil::of(time);
    format!("{hours:02}:{minutes:02}:{seconds:02} GMT+0000")
}

pub(crate) fn to_iso_string<'s>(args: &mut Arguments<'_, '_, 's>) -> Outcome<'s> {
    let Some(time) = time(args, 0)? else { return args.fail("the number is no time") };
    let Civil { year, month, day, hours, minutes, seconds, milliseconds } = Civil::of(time);
    let year = match year {
        0..=9999 => format!("{year:04}"),
        _ => format!("{}{:06}", if year < 0 { '-' } else { '+' }, year.abs()),
    };
    let month = month + 1;
    args.give(&format!("{year}-{month:02}-{day:02}T{hours:02}:{minutes:02}:{seconds:02}.{milliseconds:03}Z"))
}
