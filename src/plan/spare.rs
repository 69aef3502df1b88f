//! Leaves out of a plan what nobody looks at, while its file is read: so that it is never in memory as a whole.
//!
//! `planned_values` says once more what the changes say, and `prior_state` what was before them: half of a file. Each is
//! put aside while it comes, and left out once it is found to be JSON that ends where it seems to.

use memchr::memmem;

use super::Plan;
use super::json::{Cursor, JsonError, JsonFault};

/// A member of a plan that can be left out.
struct Part {
    key: &'static str,
    /// How the keys that follow it begin, and how they may go on.
    next: (&'static [u8], &'static [&'static [u8]]),
    /// It is needed if this stands in it.
    unless: Option<&'static [u8]>,
}

/// In the order in which they come.
const PARTS: [Part; 2] = [
    Part { key: "planned_values", next: (b"\"resource_", &[b"drift\"", b"changes\""]), unless: None },
    // Data sources that were read while planning stand nowhere else.
    Part { key: "prior_state", next: (b"\"configuration", &[b"\""]), unless: Some(b"\"data\"") },
];

/// What stands in its place.
const INSTEAD: &[u8] = b"null";
/// How far into a file the first begins, at most: the values of variables come before it.
const FARTHEST: usize = 8 << 20;
/// How many places are tried where a part could end: the same words may stand in it, too.
const TRIES: usize = 8;

/// What is known so far of the parts that are left out.
#[derive(Default)]
pub(super) struct Spare {
    /// Which part comes.
    part: usize,
    /// How far its beginning was looked for.
    searched: usize,
    /// The part, once it has begun.
    open: Option<Open>,
    /// Where each that was left out stood, in what was kept.
    left_out: [Option<usize>; PARTS.len()],
}

/// A part that is put aside while it comes.
struct Open {
    at: usize,
    aside: Vec<u8>,
    searched: usize,
    tries: usize,
}

impl Spare {
    /// Takes the parts out of what was read so far.
    pub(super) fn leave_out(&mut self, read: &mut Vec<u8>) {
        while let Some(part) = PARTS.get(self.part) {
            let mut open = match self.open.take() {
                Some(open) => open,
                None => match self.beginning(part, read) {
                    Some(at) => {
                        // Where it lies costs nothing before it is written.
                        let aside = Vec::with_capacity(read.capacity().saturating_sub(at));
                        Open { at, aside, searched: 0, tries: 0 }
                    }
                    None => return,
                },
            };
            open.aside.extend(read.drain(open.at..));
            let Some(end) = open.end(part) else {
                self.open = Some(open);
                return;
            };
            let whole = open.is_whole(end);
            if !whole && open.tries < TRIES {
                open.tries += 1;
                self.open = Some(open);
                continue;
            }
            if whole && !part.unless.is_some_and(|needed| open.holds(needed, end)) {
                if let Some(place) = self.left_out.get_mut(self.part) {
                    *place = Some(open.at);
                }
                read.extend_from_slice(INSTEAD);
                read.extend(open.aside.drain(end..));
            } else {
                read.append(&mut open.aside);
            }
            self.part += 1;
            self.searched = open.at;
        }
    }

    /// Puts back what had no end.
    pub(super) fn finish(&mut self, read: &mut Vec<u8>) {
        if let Some(mut open) = self.open.take() {
            read.append(&mut open.aside);
        }
    }

    /// Whether what was read is shorter than what is there.
    pub(super) fn is_left_out(&self) -> bool {
        self.left_out.iter().any(Option::is_some)
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
            self.part = PARTS.len();
        }
        found
    }
}

impl Open {
    /// Where the part may end: behind it stands one of the next keys. What was searched is not searched again.
    fn end(&mut self, part: &Part) -> Option<usize> {
        let (beginning, ends) = part.next;
        while let Some(found) = memmem::find(self.aside.get(self.searched..)?, beginning) {
            let key = self.searched + found;
            let rest = self.aside.get(key + beginning.len()..)?;
            if rest.len() < ends.iter().map(|end| end.len()).max()? {
                // The key may go on in what was not read yet.
                self.searched = key;
                return None;
            }
            self.searched = key + beginning.len();
            if ends.iter().any(|end| rest.starts_with(end))
                && let Some(before) = self.aside.get(..key)?.trim_ascii_end().strip_suffix(b",")
            {
                return Some(before.trim_ascii_end().len());
            }
        }
        // The beginning of the key may be the end of what was read.
        self.searched = self.aside.len().saturating_sub(beginning.len()).max(self.searched);
        None
    }

    /// Whether a value stands there, and nothing else.
    fn is_whole(&self, end: usize) -> bool {
        let Some(text) = self.aside.get(..end).and_then(|bytes| std::str::from_utf8(bytes).ok()) else {
            return false;
        };
        let mut cursor = Cursor::new(text);
        cursor.skip().is_ok() && cursor.place() == text.len()
    }

    fn holds(&self, needed: &[u8], end: usize) -> bool {
        self.aside.get(..end).is_none_or(|part| memmem::find(part, needed).is_some())
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

    /// What is kept of a text that is read in pieces of that size.
    fn kept(text: &str, size: usize) -> String {
        let (mut spare, mut read) = (Spare::default(), Vec::new());
        for piece in text.as_bytes().chunks(size) {
            read.extend_from_slice(piece);
            spare.leave_out(&mut read);
        }
        spare.finish(&mut read);
        let read = String::from_utf8(read).unwrap();
        assert_eq!(spare.is_left_out(), read != text);
        read
    }

    const BEGINS: &str =
        r#"{"format_version":"1.2","variables":{"planned_values":{"value":"{"}},"planned_values":"#;
    const VALUES: &str =
        r#"{"root_module":{"a":"\",\"resource_changes\":[","b":",","resource_changes":["é"]}}"#;

    #[test]
    fn what_the_changes_say_is_left_out() {
        for next in [r#","resource_changes":[],"planned_values":1}"#, " ,\n \"resource_drift\" : []}"] {
            let text = format!("{BEGINS}{VALUES}{next}");
            for size in [1, 2, 3, 7, 64, 1000] {
                assert_eq!(kept(&text, size), format!("{BEGINS}null{next}"), "in pieces of {size}");
            }
        }
        let changes = r#","resource_changes":["prior_state","prior_state\":",{"prior":1}],"#;
        for (state, left) in [
            (r#"{"mode":"managed","configuration":{"a":1}}"#, "null"),
            (r#"{"mode":"data","configuration":{}}"#, r#"{"mode":"data","configuration":{}}"#),
        ] {
            for (colon, comma) in [(":", ","), (" : ", "\n,\n")] {
                let text = |values, state| {
                    let ends = format!(r#""prior_state"{colon}{state}{comma}"configuration":{{}}}}"#);
                    format!("{BEGINS}{values}{changes}{ends}")
                };
                for size in [1, 2, 3, 7, 64, 1000] {
                    assert_eq!(kept(&text(VALUES, state), size), text("null", left), "in pieces of {size}");
                }
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
            r#"{"planned_values":{},"other":1,"resource_changes":[],"prior_state"#,
            r#"{"prior_state":{"a":1},"configuration":[]}"#,
        ] {
            for size in [1, 5, 1000] {
                assert_eq!(kept(text, size), text);
            }
        }
    }

    #[test]
    fn words_that_stand_in_it_again_and_again_are_not_tried_for_ever() {
        let values = r#"{"a":1,"resource_changes":{}},"#.repeat(100);
        let text = format!(r#"{{"planned_values":[{values}0],"resource_changes":[]}}"#);
        assert_eq!(kept(&text, 64), text);
    }

    #[test]
    fn a_value_in_a_change_is_no_member_of_the_plan() {
        let text = r#"{"format_version":"1.2","planned_values":{},"resource_changes":[
            {"address":"a.b","mode":"managed","type":"a","name":"b","change":{"actions":["create"],
             "after":{"prior_state":{"a":1},"configuration":1}}}]}"#;
        let (mut spare, mut read) = (Spare::default(), text.as_bytes().to_vec());
        spare.leave_out(&mut read);
        let plans = super::super::parse(&"plan.json".into(), &super::super::Tie::None, read);
        assert!(!spare.is_of(&plans.plans[0]), "it must be read again, whole");
    }
}
