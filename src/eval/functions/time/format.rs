//! The little language of `formatdate`.

use super::moment::{Fields, Moment};
use crate::eval::functions::Fault;
use crate::eval::functions::arguments::quoted;

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
const WEEKDAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/// A moment in the given format: runs of one letter are fields, text between single quotes is itself.
pub(super) fn format(format: &str, moment: &Moment) -> Result<String, Fault> {
    let mut out = String::new();
    let mut rest = format;
    while let Some(first) = rest.chars().next() {
        let length = if first == '\'' {
            literal(rest, &mut out)?
        } else if first.is_ascii_alphabetic() {
            let length = rest.bytes().take_while(|&byte| char::from(byte) == first).count();
            field(first, length, moment, &mut out)?;
            length
        } else {
            out.push(first);
            first.len_utf8()
        };
        rest = rest.get(length..).unwrap_or_default();
    }
    Ok(out)
}

/// A quoted text, in which a doubled quote is one; and its length.
fn literal(text: &str, out: &mut String) -> Result<usize, Fault> {
    if text.starts_with("''") {
        out.push('\'');
        return Ok(2);
    }
    let mut inner = text.char_indices().skip(1).peekable();
    while let Some((at, c)) = inner.next() {
        if c != '\'' {
            out.push(c);
        } else if inner.next_if(|(_, next)| *next == '\'').is_some() {
            out.push('\'');
        } else {
            return Ok(at + 1);
        }
    }
    Err(Fault::at(0, "a quoted text is not closed by a single quote"))
}

fn field(letter: char, length: usize, moment: &Moment, out: &mut String) -> Result<(), Fault> {
    let Fields { year, month, day, weekday, hour, minute, second } = moment.fields();
    let named =
        |names: &[&str], index: u32| names.get(index as usize).copied().unwrap_or_default().to_owned();
    let number = |value: u32| if length == 1 { value.to_string() } else { format!("{value:02}") };
    let text = match (letter, length) {
        ('Y', 2) => format!("{:02}", year % 100),
        ('Y', 4) => format!("{year:04}"),
        ('M', 1 | 2) => number(month),
        ('M', 3) => named(&MONTHS, month - 1).chars().take(3).collect(),
        ('M', 4) => named(&MONTHS, month - 1),
        ('D', 1 | 2) => number(day),
        ('E', 3) => named(&WEEKDAYS, weekday).chars().take(3).collect(),
        ('E', 4) => named(&WEEKDAYS, weekday),
        ('h', 1 | 2) => number(hour),
        ('H', 1 | 2) => number(if hour % 12 == 0 { 12 } else { hour % 12 }),
        ('A', 2) => if hour < 12 { "AM" } else { "PM" }.to_owned(),
        ('a', 2) => if hour < 12 { "am" } else { "pm" }.to_owned(),
        ('m', 1 | 2) => number(minute),
        ('s', 1 | 2) => number(second),
        ('Z', 1) if moment.offset == 0 => "Z".to_owned(),
        ('Z', 3) if moment.offset / 60 == 0 => "UTC".to_owned(),
        ('Z', 3 | 4) => moment.offset_text(""),
        ('Z', 1 | 5) => moment.offset_text(":"),
        _ => {
            let verb = quoted(&letter.to_string().repeat(length));
            let message = match choices(letter) {
                Some(choices) => format!("has no field {verb}; it may be {choices}"),
                None => format!("has no field {verb}; letters that are to stay stand in single quotes"),
            };
            return Err(Fault::at(0, message));
        }
    };
    out.push_str(&text);
    Ok(())
}

/// The fields that begin with this letter.
fn choices(letter: char) -> Option<&'static str> {
    Some(match letter {
        'Y' => "YY or YYYY",
        'M' => "M, MM, MMM or MMMM",
        'D' => "D or DD",
        'E' => "EEE or EEEE",
        'h' => "h or hh",
        'H' => "H or HH",
        'A' => "AA",
        'a' => "aa",
        'm' => "m or mm",
        's' => "s or ss",
        'Z' => "Z, ZZZ, ZZZZ or ZZZZZ",
        _ => return None,
    })
}
