//! Moments of RFC 3339, and calendars as far as they need.

/// A moment, and the offset from UTC it was written with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in super::super) struct Moment {
    /// Seconds since 1970, UTC.
    pub(super) seconds: i64,
    /// Nanoseconds behind them.
    pub(super) nanos: u32,
    /// Seconds that the local time is ahead of UTC.
    pub(super) offset: i32,
}

/// The local calendar's fields of a moment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Fields {
    pub(super) year: i64,
    /// From 1.
    pub(super) month: u32,
    /// From 1.
    pub(super) day: u32,
    /// From 0, Sunday.
    pub(super) weekday: u32,
    pub(super) hour: u32,
    pub(super) minute: u32,
    pub(super) second: u32,
}

const DAY: i64 = 86_400;

/// Days from 1970-01-01 to that date of the proleptic Gregorian calendar.
pub(super) fn days_from_civil(year: i64, month: u32, day: u32) -> i64 {
    // Years begin in March here, so that the leap day is the last of its year.
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let shifted = i64::from((month + 9) % 12);
    let of_year = (153 * shifted + 2) / 5 + i64::from(day) - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

fn civil_from_days(days: i64) -> (i64, u32, u32) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month as u32, day as u32)
}

/// How many days a month has.
pub(super) fn days_in(year: i64, month: u32) -> u32 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

impl Moment {
    /// The moment of these fields.
    pub(super) fn new(date: (i64, u32, u32), time: (u32, u32, u32), nanos: u32, offset: i32) -> Self {
        let days = days_from_civil(date.0, date.1, date.2);
        let of_day = i64::from(time.0) * 3600 + i64::from(time.1) * 60 + i64::from(time.2);
        Self { seconds: days * DAY + of_day - i64::from(offset), nanos, offset }
    }

    /// The fields of the local calendar.
    pub(super) fn fields(&self) -> Fields {
        let local = self.seconds.saturating_add(i64::from(self.offset));
        let days = local.div_euclid(DAY);
        let of_day = local.rem_euclid(DAY) as u32;
        let (year, month, day) = civil_from_days(days);
        Fields {
            year,
            month,
            day,
            weekday: (days + 4).rem_euclid(7) as u32,
            hour: of_day / 3600,
            minute: of_day / 60 % 60,
            second: of_day % 60,
        }
    }

    /// So many nanoseconds later.
    pub(super) fn plus(&self, nanos: i64) -> Self {
        const SECOND: i64 = 1_000_000_000;
        let sum = i64::from(self.nanos) + nanos.rem_euclid(SECOND);
        let seconds = self.seconds.saturating_add(nanos.div_euclid(SECOND)).saturating_add(sum / SECOND);
        Self { seconds, nanos: (sum % SECOND) as u32, offset: self.offset }
    }

    /// The offset as `+01:00`, or with another separator.
    pub(super) fn offset_text(&self, separator: &str) -> String {
        let minutes = self.offset.unsigned_abs() / 60;
        let sign = if self.offset < 0 { '-' } else { '+' };
        format!("{sign}{:02}{separator}{:02}", minutes / 60, minutes % 60)
    }

    /// As RFC 3339 has it, to the second.
    pub(in super::super) fn rfc3339(&self) -> String {
        let Fields { year, month, day, hour, minute, second, .. } = self.fields();
        let zone = if self.offset == 0 { "Z".to_owned() } else { self.offset_text(":") };
        let sign = if year < 0 { "-" } else { "" };
        let year = year.unsigned_abs();
        format!("{sign}{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{zone}")
    }
}
