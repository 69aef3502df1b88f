//! Reading timestamps and durations.

use super::moment::{Moment, days_in};

/// A timestamp of RFC 3339.
///
/// # Errors
/// What is wrong with it, in a few words.
pub(super) fn timestamp(text: &str) -> Result<Moment, &'static str> {
    let mut cursor = Cursor { rest: text.as_bytes() };
    let year = cursor.digits(4).ok_or("the year must have four digits")?;
    cursor.expect(b'-').ok_or("a \"-\" must follow the year")?;
    let month =
        cursor.digits(2).filter(|month| (1..=12).contains(month)).ok_or("the month must be from 01 to 12")?;
    cursor.expect(b'-').ok_or("a \"-\" must follow the month")?;
    let days = days_in(i64::from(year), month);
    let day = cursor.digits(2).filter(|day| (1..=days).contains(day)).ok_or("the month has no such day")?;
    cursor.expect(b'T').ok_or("a \"T\" must come between date and time")?;
    let hour = cursor.digits(2).filter(|hour| *hour < 24).ok_or("the hour must be from 00 to 23")?;
    cursor.expect(b':').ok_or("a \":\" must follow the hour")?;
    let minute = cursor.digits(2).filter(|minute| *minute < 60).ok_or("the minute must be from 00 to 59")?;
    cursor.expect(b':').ok_or("a \":\" must follow the minute")?;
    let second = cursor.digits(2).filter(|second| *second < 60).ok_or("the second must be from 00 to 59")?;
    let nanos = if cursor.expect(b'.').is_some() {
        cursor.fraction().ok_or("digits must follow the decimal point")?
    } else {
        0
    };
    let offset = cursor.offset().ok_or("it must end with \"Z\" or an offset such as \"+01:00\"")?;
    if !cursor.rest.is_empty() {
        return Err("something follows the time zone");
    }
    Ok(Moment::new((i64::from(year), month, day), (hour, minute, second), nanos, offset))
}

/// A date or timestamp as YAML 1.1 writes them: fields may have one digit, the zone or the whole time may be missing.
pub(in super::super) fn yaml_timestamp(text: &str) -> Option<Moment> {
    let mut cursor = Cursor { rest: text.as_bytes() };
    let year = cursor.digits(4)?;
    cursor.expect(b'-')?;
    let month = cursor.short().filter(|month| (1..=12).contains(month))?;
    cursor.expect(b'-')?;
    let day = cursor.short().filter(|day| (1..=days_in(i64::from(year), month)).contains(day))?;
    let date = (i64::from(year), month, day);
    if cursor.rest.is_empty() {
        return Some(Moment::new(date, (0, 0, 0), 0, 0));
    }
    let zoned = cursor.expect(b'T').or_else(|| cursor.expect(b't')).is_some();
    if !zoned {
        cursor.expect(b' ')?;
    }
    let hour = cursor.short().filter(|hour| *hour < 24)?;
    cursor.expect(b':')?;
    let minute = cursor.short().filter(|minute| *minute < 60)?;
    cursor.expect(b':')?;
    let second = cursor.short().filter(|second| *second < 60)?;
    let nanos = match cursor.expect(b'.').or_else(|| cursor.expect(b',')) {
        Some(()) => cursor.fraction()?,
        None => 0,
    };
    let offset = if zoned { cursor.offset()? } else { 0 };
    cursor.rest.is_empty().then(|| Moment::new(date, (hour, minute, second), nanos, offset))
}

struct Cursor<'a> {
    rest: &'a [u8],
}

impl Cursor<'_> {
    fn expect(&mut self, byte: u8) -> Option<()> {
        self.rest = self.rest.strip_prefix(&[byte])?;
        Some(())
    }

    /// A number of exactly so many digits.
    fn digits(&mut self, count: usize) -> Option<u32> {
        let (digits, rest) = self.rest.split_at_checked(count)?;
        let mut number = 0;
        for digit in digits {
            number = number * 10 + u32::from(digit.is_ascii_digit().then(|| digit - b'0')?);
        }
        self.rest = rest;
        Some(number)
    }

    /// A number of one or two digits.
    fn short(&mut self) -> Option<u32> {
        self.digits(2).or_else(|| self.digits(1))
    }

    /// The digits of a fraction of a second, as nanoseconds; digits beyond do not count.
    fn fraction(&mut self) -> Option<u32> {
        let count = self.rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (digits, rest) = self.rest.split_at_checked(count)?;
        if digits.is_empty() {
            return None;
        }
        self.rest = rest;
        let padded = digits.iter().copied().chain(std::iter::repeat(b'0')).take(9);
        Some(padded.fold(0, |nanos, digit| nanos * 10 + u32::from(digit - b'0')))
    }

    fn offset(&mut self) -> Option<i32> {
        if self.expect(b'Z').is_some() {
            return Some(0);
        }
        let sign = match self.expect(b'+') {
            Some(()) => 1,
            None => {
                self.expect(b'-')?;
                -1
            }
        };
        let hours = self.digits(2).filter(|hours| *hours < 24)?;
        self.expect(b':')?;
        let minutes = self.digits(2).filter(|minutes| *minutes < 60)?;
        Some(sign * ((hours * 60 + minutes) * 60) as i32)
    }
}

/// A duration such as `1h30m` or `-1.5s`, in nanoseconds.
///
/// # Errors
/// What is wrong with it, in a few words.
pub(super) fn duration(text: &str) -> Result<i64, &'static str> {
    const MALFORMED: &str = "it must be numbers with units, such as \"1h30m\" or \"-90s\"";
    const TOO_LONG: &str = "it is longer than 292 years";
    let (negative, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Ok(0);
    }
    if rest.is_empty() {
        return Err(MALFORMED);
    }
    let mut total: u64 = 0;
    while !rest.is_empty() {
        let (whole, after) = leading_digits(rest);
        let (fraction, after) = match after.strip_prefix('.') {
            Some(after) => leading_digits(after),
            None => ("", after),
        };
        if whole.is_empty() && fraction.is_empty() {
            return Err(MALFORMED);
        }
        let end = after.find(|c: char| c == '.' || c.is_ascii_digit()).unwrap_or(after.len());
        let (name, next) = after.split_at_checked(end).ok_or(MALFORMED)?;
        let unit: u64 = match name {
            "ns" => 1,
            "us" | "µs" | "μs" => 1_000,
            "ms" => 1_000_000,
            "s" => 1_000_000_000,
            "m" => 60_000_000_000,
            "h" => 3_600_000_000_000,
            "" => return Err("a unit is missing; they are h, m, s, ms, us and ns"),
            _ => return Err("a unit is not known; they are h, m, s, ms, us and ns"),
        };
        let count: u64 = if whole.is_empty() { 0 } else { whole.parse().map_err(|_| TOO_LONG)? };
        let part = count.checked_mul(unit).ok_or(TOO_LONG)?;
        total =
            total.checked_add(part).and_then(|sum| sum.checked_add(share(fraction, unit))).ok_or(TOO_LONG)?;
        rest = next;
    }
    let limit = i64::MAX as u64;
    match (negative, total) {
        (true, total) if total <= limit + 1 => Ok((total as i64).wrapping_neg()),
        (false, total) if total <= limit => Ok(total as i64),
        _ => Err(TOO_LONG),
    }
}

fn leading_digits(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or((text, ""))
}

/// The decimal fraction of a unit, cut to whole nanoseconds.
fn share(fraction: &str, unit: u64) -> u64 {
    // More digits than these are below a nanosecond even of an hour.
    let digits = fraction.get(..18).unwrap_or(fraction);
    let count: u128 = digits.parse().unwrap_or(0);
    (count * u128::from(unit) / 10_u128.pow(digits.len() as u32)) as u64
}
