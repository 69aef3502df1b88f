//! Leaves out of a plan what nobody looks at, while its file is read: so that it is never in memory as a whole.
//!
//! `planned_values` says once more what the changes say, and `prior_state` what was before them: half of a file. Of what is
//! left out only the end is looked for; where that is not found, or where something in it is needed after all, the file is
//! read again.

use memchr::memmem;

use super::Plan;
use super::json::{Cursor, JsonError, JsonFault};

/// A member of a plan that can be left out.
struct Part {
    key: &'static str,
    /// It is needed if this stands in it.
    unless: Option<&'static [u8]>,
}

/// In the order in which they come.
const PARTS: [Part; 2] = [
    Part { key: "planned_values", unless: None },
    // Data sources that were read while planning stand nowhere else.
    Part { key: "prior_state", unless: Some(b"\"data\"") },
];

/// What stands in its place.
const INSTEAD: &[u8] = b"null";
/// How far into a file the first begins, at most: the values of variables come before it.
const FARTHEST: usize = 8 << 20;
/// How deep the values in a part may nest; what nests deeper is told by who reads all of it.
const DEEPEST: usize = 1_000;

/// Which parts are left out of a file, and what is known of them so far.
pub(super) struct Spare {
    parts: &'static [Part],
    /// Which part comes.
    part: usize,
    /// How far its beginning was looked for.
    searched: usize,
    /// The part, once it has begun.
    open: Option<Open>,
    /// Where each that was left out stood, in what was kept.
    left_out: [Option<usize>; PARTS.len()],
    /// What was left out is missing: its end was not found, or something stood in it.
    missed: bool,
}

/// A part whose end has not come yet.
struct Open {
    at: usize,
    /// What closes the objects and lists that are open.
    closers: Vec<u8>,
    in_text: bool,
    /// The next byte is only a part of a text, whatever it is.
    escaped: bool,
    /// The end of what was passed, where the beginning of a word may stand.
    last: Vec<u8>,
}

impl Spare {
    /// Leaves out all that can be.
    pub(super) fn all() -> Self {
        Self::of(&PARTS)
    }

    /// Leaves out what can be in any case.
    pub(super) fn certain() -> Self {
        Self::of(PARTS.split_at(1).0)
    }

    fn of(parts: &'static [Part]) -> Self {
        Self { parts, part: 0, searched: 0, open: None, left_out: [None; PARTS.len()], missed: false }
    }

    /// Takes the parts out of what was read so far. Says whether it is worth to read on.
    pub(super) fn leave_out(&mut self, read: &mut Vec<u8>) -> bool {
        while let Some(part) = self.parts.get(self.part) {
            let mut open = match self.open.take() {
                Some(open) => open,
                None => match self.beginning(part, read) {
                    Some(at) if at == read.len() => return true,
                    Some(at) if read.get(at) == Some(&b'{') => Open::new(at),
                    // Nothing worth leaving out.
                    Some(at) => {
                        self.next(at);
                        continue;
                    }
                    None => return true,
                },
            };
            let end = open.pass(read, part.unless);
            match end {
                Ok(Some(end)) => {
                    if let Some(place) = self.left_out.get_mut(self.part) {
                        *place = Some(open.at);
                    }
                    read.splice(open.at..end, INSTEAD.iter().copied());
                    self.next(open.at);
                }
                Ok(None) => {
                    read.truncate(open.at);
                    self.open = Some(open);
                    return true;
                }
                Err(Missed) => {
                    self.missed = true;
                    return false;
                }
            }
        }
        true
    }

    fn next(&mut self, at: usize) {
        self.part += 1;
        self.searched = at;
    }

    /// Whether something is missing in what was kept.
    pub(super) fn has_missed(&self) -> bool {
        self.missed || self.open.is_some()
    }

    /// Whether what was read is shorter than what is there.
    pub(super) fn is_left_out(&self) -> bool {
        self.has_missed() || self.left_out.iter().any(Option::is_some)
    }

    /// Whether each part that was left out is the member of the plan that it seemed to be, and not of something in it.
    pub(super) fn is_of(&self, plan: &Plan) -> bool {
        let [_, prior_state] = self.left_out;
        prior_state.is_none_or(|at| plan.parts.prior_state.start as usize == at)
    }

    /// Where a part begins in what was read so far.
    fn beginning(&mut self, part: &Part, read: &[u8]) -> Option<usize> {
        if self.part > 0 {
            return next_value(read, part.key, &mut self.searched);
        }
        let found = first_member(read, part.key);
        if found.is_none() && (read.len() > FARTHEST || read.first() != Some(&b'{')) {
            // Where the first is not, the others are not looked for either.
            self.part = self.parts.len();
        }
        found
    }
}

/// What is left out cannot be: nothing closes it, or something in it is needed.
struct Missed;

impl Open {
    fn new(at: usize) -> Self {
        Self { at, closers: Vec::new(), in_text: false, escaped: false, last: Vec::new() }
    }

    /// Passes what was read of the part. Says where it ends, if it does.
    fn pass(&mut self, read: &[u8], unless: Option<&[u8]>) -> Result<Option<usize>, Missed> {
        let bytes = read.get(self.at..).unwrap_or_default();
        let end = self.end(bytes)?;
        let part = bytes.get(..end.unwrap_or(bytes.len())).unwrap_or_default();
        if let Some(needed) = unless {
            // The word may have begun in what was passed before.
            self.last.extend(part.iter().take(needed.len()));
            if memmem::find(&self.last, needed).is_some() || memmem::find(part, needed).is_some() {
                return Err(Missed);
            }
            if let Some(tail) = part.len().checked_sub(needed.len()).and_then(|from| part.get(from..)) {
                self.last = tail.to_vec();
            }
            self.last.drain(..self.last.len().saturating_sub(needed.len()));
        }
        Ok(end.map(|end| self.at + end))
    }

    fn end(&mut self, bytes: &[u8]) -> Result<Option<usize>, Missed> {
        for (index, &byte) in bytes.iter().enumerate() {
            if self.in_text {
                if self.escaped {
                    self.escaped = false;
                } else {
                    self.escaped = byte == b'\\';
                    self.in_text = byte != b'"';
                }
                continue;
            }
            match byte {
                b'"' => self.in_text = true,
                b'{' => self.closers.push(b'}'),
                b'[' => self.closers.push(b']'),
                b'}' | b']' => {
                    if self.closers.pop() != Some(byte) {
                        return Err(Missed);
                    }
                    if self.closers.is_empty() {
                        return Ok(Some(index + 1));
                    }
                }
                _ => continue,
            }
            if self.closers.len() > DEEPEST {
                return Err(Missed);
            }
        }
        Ok(None)
    }
}

/// Where the value of a member begins, in the first bytes of a file.
fn first_member(read: &[u8], wanted: &str) -> Option<usize> {
    let text = match std::str::from_utf8(read) {
        Ok(text) => text,
        Err(error) => std::str::from_utf8(read.get(..error.valid_up_to())?).ok()?,
    };
    let mut found = None;
    // It is left as soon as it is found, and where the bytes end.
    let _ = Cursor::new(text).object(|cursor, key| {
        if key == wanted {
            cursor.peek();
            found = Some(cursor.place());
            return Err(JsonError { at: cursor.place(), fault: JsonFault::End });
        }
        cursor.skip().map(|_| ())
    });
    found
}

/// Where a value begins that stands under a key somewhere behind what was searched.
fn next_value(read: &[u8], key: &str, searched: &mut usize) -> Option<usize> {
    while let Some(found) = memmem::find(read.get(*searched..)?, key.as_bytes()) {
        let (at, end) = (*searched + found, *searched + found + key.len());
        let Some(colon) = read.get(end..)?.strip_prefix(b"\"").map(<[u8]>::trim_ascii_start) else {
            if read.len() == end {
                return None;
            }
            *searched = end;
            continue;
        };
        let Some(value) = colon.strip_prefix(b":").map(<[u8]>::trim_ascii_start) else {
            if colon.is_empty() {
                return None;
            }
            *searched = end;
            continue;
        };
        if value.is_empty() {
            return None;
        }
        *searched = end;
        if read.get(..at)?.ends_with(b"\"") {
            return Some(read.len() - value.len());
        }
    }
    *searched = read.len().saturating_sub(key.len()).max(*searched);
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is kept of a text that is read in pieces of that size; `None` if it must be read again.
    fn kept(text: &str, size: usize) -> Option<String> {
        let (mut spare, mut read) = (Spare::all(), Vec::new());
        for piece in text.as_bytes().chunks(size) {
            read.extend_from_slice(piece);
            if !spare.leave_out(&mut read) {
                break;
            }
        }
        if spare.has_missed() {
            return None;
        }
        let read = String::from_utf8(read).unwrap();
        assert_eq!(spare.is_left_out(), read != text);
        Some(read)
    }

    const SIZES: [usize; 6] = [1, 2, 3, 7, 64, 1000];
    const BEGINS: &str =
        r#"{"format_version":"1.2","variables":{"planned_values":{"value":"{"}},"planned_values":"#;
    const VALUES: &str = r#"{"root_module":{"a":"\",\\\"]}{","b":",","resource_changes":["é"]}}"#;

    #[test]
    fn what_the_changes_say_is_left_out() {
        let changes = r#","resource_changes":["prior_state","prior_state\":",{"prior":1}],"#;
        for (colon, comma) in [(":", ","), (" : ", "\n,\n")] {
            let text = |values: &str, state: &str| {
                let ends = format!(r#""prior_state"{colon}{state}{comma}"configuration":{{}}}}"#);
                format!("{BEGINS}{values}{changes}{ends}")
            };
            for size in SIZES {
                let state = r#"{"mode":"managed","data":1,"dat":"a","configuration":{"a":[1]}}"#;
                let managed = state.replace("\"data\"", "\"date\"");
                assert_eq!(
                    kept(&text(VALUES, &managed), size),
                    Some(text("null", "null")),
                    "in pieces of {size}"
                );
                assert_eq!(kept(&text(VALUES, state), size), None, "in pieces of {size}");
                assert_eq!(
                    kept(&text(VALUES, "null"), size),
                    Some(text("null", "null")),
                    "in pieces of {size}"
                );
            }
        }
    }

    #[test]
    fn what_does_not_end_is_read_again() {
        for text in [
            r#"{"planned_values":{},"resource_changes":[],"prior_state":{"a":1"#,
            r#"{"planned_values":{"a":1"#,
            r#"{"planned_values":{]},"resource_changes":[]}"#,
            r#"{"planned_values":{"a},"resource_changes":[]}"#,
        ] {
            for size in SIZES {
                assert_eq!(kept(text, size), None, "{text} in pieces of {size}");
            }
        }
    }

    #[test]
    fn what_is_elsewhere_stays() {
        for text in [
            "",
            "[]",
            "\u{feff}{\"planned_values\":{},\"resource_changes\":[]}",
            r#"{"planned_values":null,"resource_changes":[]}"#,
            r#"{"x":{"planned_values":{},"resource_changes":[]}}"#,
            r#"{"prior_state":{"a":1},"configuration":[]}"#,
        ] {
            for size in SIZES {
                assert_eq!(kept(text, size).as_deref(), Some(text));
            }
        }
    }

    #[test]
    fn a_value_in_a_change_is_no_member_of_the_plan() {
        let text = r#"{"format_version":"1.2","planned_values":{},"resource_changes":[
            {"address":"a.b","mode":"managed","type":"a","name":"b","change":{"actions":["create"],
             "after":{"prior_state":{"a":1},"configuration":1}}}]}"#;
        let (mut spare, mut read) = (Spare::all(), text.as_bytes().to_vec());
        assert!(spare.leave_out(&mut read));
        let plans = super::super::parse(&"plan.json".into(), &super::super::Tie::None, read);
        assert!(!spare.is_of(&plans.plans[0]), "it must be read again, whole");
    }
}
