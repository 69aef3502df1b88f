use std::fmt;
use std::time::SystemTime;

/// A day.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

impl Date {
    /// That day, if there is one.
    #[must_use]
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
        let last = match month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            4 | 6 | 9 | 11 => 30,
            2 => 28 + u8::from(leap),
            _ => return None,
        };
        (1..=last).contains(&day).then_some(Self { year, month, day })
    }

    /// The day that `YYYY-MM-DD` names.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits = |text: &str, count: usize| {
            let fits = text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
            fits.then(|| text.parse::<u16>().ok()).flatten()
        };
        let mut parts = text.split('-');
        let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() {
            return None;
        }
        let (month, day) = (digits(month, 2)?, digits(day, 2)?);
        Self::new(digits(year, 4)?, u8::try_from(month).ok()?, u8::try_from(day).ok()?)
    }

    /// The day of a moment, in UTC; days before 1970 and after 9999 are taken for the first and the last of these.
    #[must_use]
    pub fn of(time: SystemTime) -> Self {
        let seconds = time.duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_secs());
        let mut days = seconds / 86_400;
        for year in 1970..=9999 {
            for month in 1..=12 {
                let count = (28..=31).rev().find(|&day| Self::new(year, month, day).is_some()).unwrap_or(28);
                if days < u64::from(count) {
                    return Self { year, month, day: days as u8 + 1 };
                }
                days -= u64::from(count);
            }
        }
        Self { year: 9999, month: 12, day: 31 }
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn only_days_that_exist() {
        for text in ["2024-02-29", "2000-02-29", "2026-12-31", "0001-01-01"] {
            assert_eq!(Date::parse(text).map(|date| date.to_string()).as_deref(), Some(text));
        }
        for text in
            ["2023-02-29", "1900-02-29", "2026-13-01", "2026-00-01", "2026-01-00", "2026-1-1", "26-01-01"]
        {
            assert_eq!(Date::parse(text), None, "{text}");
        }
        for text in ["", "2026-01", "2026-01-01-01", "+026-01-01", "2026-01-01 "] {
            assert_eq!(Date::parse(text), None, "{text}");
        }
    }

    #[test]
    fn days_of_moments() {
        for (seconds, day) in [
            (0, "1970-01-01"),
            (86_399, "1970-01-01"),
            (951_782_400, "2000-02-29"),
            (1_780_272_000, "2026-06-01"),
        ] {
            let moment = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
            assert_eq!(Date::of(moment).to_string(), day);
        }
    }

    #[test]
    fn days_are_ordered() {
        assert!(Date::parse("2026-01-31") < Date::parse("2026-02-01"));
    }
}
