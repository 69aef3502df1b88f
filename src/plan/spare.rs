//! Leaves out of a plan what nobody looks at, while its file is read: so that it is never in memory as a whole.
//!
//! `planned_values` says once more what the changes say, and is a good part of the file. It is left out only once it is
//! found to be JSON, and to end where it seems to.

use std::ops::Range;

use memchr::memmem;

use super::json::{Cursor, JsonError, JsonFault};

/// What is left out.
const SPARE: &str = "planned_values";
/// What stands in its place.
const INSTEAD: &[u8] = b"null";
/// How the keys begin that follow it, and how they may go on.
const NEXT: (&[u8], [&[u8]; 2]) = (b"\"resource_", [b"drift\"", b"changes\""]);
/// How far into a file it begins, at most: the values of variables come first.
const FARTHEST: usize = 8 << 20;
/// How many places are tried where it could end: the same words may stand in it, too.
const TRIES: usize = 8;

/// What is known so far of the part that is left out.
#[derive(Debug, Default)]
pub(super) enum Spare {
    /// Not where it begins.
    #[default]
    Ahead,
    /// Where it begins, how far its end was looked for, and how often that was found elsewhere.
    Begun { at: usize, searched: usize, tries: usize },
    /// It was left out.
    LeftOut,
    /// It stays.
    Kept,
}

impl Spare {
    /// Takes the part out of what was read so far, if all of it is there.
    pub(super) fn leave_out(&mut self, read: &mut Vec<u8>) {
        if matches!(self, Self::Ahead) {
            match beginning(read) {
                Some(at) => *self = Self::Begun { at, searched: at, tries: 0 },
                None if read.len() > FARTHEST || read.first() != Some(&b'{') => *self = Self::Kept,
                None => return,
            }
        }
        while let Self::Begun { at, searched, tries } = self {
            let Some(end) = next_key(read, searched) else { return };
            if is_whole(read, *at..end) {
                read.splice(*at..end, INSTEAD.iter().copied());
                *self = Self::LeftOut;
            } else if *tries == TRIES {
                *self = Self::Kept;
            } else {
                *tries += 1;
            }
        }
    }

    /// Whether what was read is shorter than what is there.
    pub(super) fn is_left_out(&self) -> bool {
        matches!(self, Self::LeftOut)
    }
}

/// Where the part begins in the first bytes of a file.
fn beginning(read: &[u8]) -> Option<usize> {
    let text = match std::str::from_utf8(read) {
        Ok(text) => text,
        Err(error) => std::str::from_utf8(read.get(..error.valid_up_to())?).ok()?,
    };
    let mut found = None;
    // It is left as soon as it is found, and where the bytes end.
    let _ = Cursor::new(text).object(|cursor, key| {
        if key == SPARE {
            cursor.peek();
            found = Some(cursor.place());
            return Err(JsonError { at: cursor.place(), fault: JsonFault::End });
        }
        cursor.skip().map(|_| ())
    });
    found
}

/// Where a value ends behind which one of the next keys stands; what was searched is not searched again.
fn next_key(read: &[u8], searched: &mut usize) -> Option<usize> {
    let (beginning, ends) = NEXT;
    while let Some(found) = memmem::find(read.get(*searched..)?, beginning) {
        let key = *searched + found;
        let rest = read.get(key + beginning.len()..)?;
        if rest.len() < ends.iter().map(|end| end.len()).max()? {
            // The key may go on in what was not read yet.
            *searched = key;
            return None;
        }
        *searched = key + beginning.len();
        if ends.iter().any(|end| rest.starts_with(end))
            && let Some(before) = read.get(..key)?.trim_ascii_end().strip_suffix(b",")
        {
            return Some(before.trim_ascii_end().len());
        }
    }
    // The beginning of the key may be the end of what was read.
    *searched = read.len().saturating_sub(beginning.len()).max(*searched);
    None
}

/// Whether a value stands there, and nothing else.
fn is_whole(read: &[u8], place: Range<usize>) -> bool {
    let Some(text) = read.get(place).and_then(|bytes| std::str::from_utf8(bytes).ok()) else { return false };
    let mut cursor = Cursor::new(text);
    cursor.skip().is_ok() && cursor.place() == text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is kept of a text that is read in pieces of that size.
    fn kept(text: &str, size: usize) -> (String, bool) {
        let (mut spare, mut read) = (Spare::default(), Vec::new());
        for piece in text.as_bytes().chunks(size) {
            read.extend_from_slice(piece);
            spare.leave_out(&mut read);
        }
        (String::from_utf8(read).unwrap(), spare.is_left_out())
    }

    #[test]
    fn what_the_changes_repeat_is_left_out() {
        let begins =
            r#"{"format_version":"1.2","variables":{"planned_values":{"value":"{"}},"planned_values":"#;
        let values = r#"{"root_module":{"a":"\",\"resource_changes\":[","b":",","resource_changes":["é"]}}"#;
        for next in [r#","resource_changes":[],"planned_values":1}"#, " ,\n \"resource_drift\" : []}"] {
            let text = format!("{begins}{values}{next}");
            for size in [1, 2, 3, 7, 64, 1000] {
                assert_eq!(kept(&text, size), (format!("{begins}null{next}"), true), "in pieces of {size}");
            }
        }
    }

    #[test]
    fn what_is_broken_or_ends_elsewhere_stays() {
        for text in [
            "",
            "[]",
            "\u{feff}{\"planned_values\":{},\"resource_changes\":[]}",
            r#"{"planned_values":{},"resource_changes"#,
            r#"{"planned_values":{}}"#,
            r#"{"planned_values":{]},"resource_changes":[]}"#,
            r#"{"planned_values":{} "resource_changes":[]}"#,
            r#"{"planned_values":{},"other":1,"resource_changes":[]}"#,
            r#"{"x":{"planned_values":{},"resource_changes":[]}}"#,
        ] {
            for size in [1, 5, 1000] {
                assert_eq!(kept(text, size), (text.to_owned(), false));
            }
        }
    }

    #[test]
    fn words_that_stand_in_it_again_and_again_are_not_tried_for_ever() {
        let values = r#"{"a":1,"resource_changes":{}},"#.repeat(100);
        let text = format!(r#"{{"planned_values":[{values}0],"resource_changes":[]}}"#);
        assert_eq!(kept(&text, 64), (text.clone(), false));
    }
}
