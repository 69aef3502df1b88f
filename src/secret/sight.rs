//! Where a text may hold a secret at all: one quick look over all of its bytes, before anything is judged.

use std::sync::LazyLock;

use super::format::MARKERS;
use super::name::STEMS;
use crate::source::Span;

/// What stands where in a text.
#[derive(Debug, Default)]
pub(super) struct Sights {
    /// Where what makes a name worth a look begins, in order.
    stems: Vec<u32>,
    /// Where a format's marker begins, in order, and which of [`MARKERS`] it is.
    pub(super) markers: Vec<(u32, usize)>,
}

impl Sights {
    /// Looks over a text.
    pub(super) fn of(text: &str) -> Self {
        let mut sights = Self::default();
        SIEVE.sift(text.as_bytes(), |at, pattern| {
            let start = at as u32;
            match pattern {
                Pattern::Stem(_) => sights.stems.push(start),
                Pattern::Marker(index) => sights.markers.push((start, index)),
            }
            true
        });
        sights
    }

    /// Whether a name that says something may stand there.
    pub(super) fn names_in(&self, span: Span) -> bool {
        let from = self.stems.partition_point(|&at| at < span.start);
        self.stems.get(from).is_some_and(|&at| at < span.end)
    }
}

/// Whether a name that says something may stand in a text.
pub(super) fn names_in(text: &str) -> bool {
    let mut found = false;
    SIEVE.sift(text.as_bytes(), |_, pattern| {
        found |= matches!(pattern, Pattern::Stem(_));
        !found
    });
    found
}

#[derive(Clone, Copy, Debug)]
enum Pattern {
    /// Letters of any size.
    Stem(&'static [u8]),
    /// As it is, by its place in [`MARKERS`].
    Marker(usize),
}

impl Pattern {
    fn bytes(self) -> &'static [u8] {
        match self {
            Self::Stem(bytes) => bytes,
            Self::Marker(index) => MARKERS.get(index).map_or(b"", |marker| marker.as_bytes()),
        }
    }

    fn begins(self, text: &[u8]) -> bool {
        let bytes = self.bytes();
        let Some(head) = text.get(..bytes.len()) else { return false };
        match self {
            Self::Stem(_) => head.eq_ignore_ascii_case(bytes),
            Self::Marker(_) => head == bytes,
        }
    }
}

/// Lets through the few places at which one of many patterns may begin, judged by three bytes.
struct Sieve {
    /// By byte: which groups of patterns have it as their first, second and third byte, a bit for each group.
    groups: Box<[[u64; 4]; 256]>,
    patterns: Vec<Pattern>,
}

/// A pattern belongs to the group of its number.
const GROUPS: usize = u64::BITS as usize;

static SIEVE: LazyLock<Sieve> = LazyLock::new(|| {
    let stems = STEMS.iter().map(|stem| Pattern::Stem(stem.as_bytes()));
    let patterns: Vec<Pattern> = stems.chain((0..MARKERS.len()).map(Pattern::Marker)).collect();
    let mut groups = Box::new([[0; 4]; 256]);
    for (index, pattern) in patterns.iter().enumerate() {
        let bit = 1_u64 << (index % GROUPS);
        for place in 0..3 {
            for byte in 0..=u8::MAX {
                // A pattern of two bytes does not mind what follows.
                let fits = pattern.bytes().get(place).is_none_or(|wanted| match pattern {
                    Pattern::Stem(_) => wanted.eq_ignore_ascii_case(&byte),
                    Pattern::Marker(_) => *wanted == byte,
                });
                if fits {
                    groups[usize::from(byte)][place] |= bit;
                }
            }
        }
    }
    Sieve { groups, patterns }
});

impl Sieve {
    /// Calls `found` with each pattern and where it begins, until it says no.
    fn sift(&self, text: &[u8], mut found: impl FnMut(usize, Pattern) -> bool) {
        // The groups whose first byte, and whose first two bytes, were the last ones.
        let (mut one, mut two) = (0, 0);
        for (end, &byte) in text.iter().enumerate() {
            let [first, second, third, _] = self.groups[usize::from(byte)];
            let three = two & third;
            (two, one) = (one & second, first);
            if three != 0 && !self.goes_on(text, end, three, &mut found) {
                return;
            }
        }
        // A pattern of two bytes may end the text.
        self.goes_on(text, text.len(), two, &mut found);
    }

    /// Tells of the patterns of these groups that begin two bytes before `end`, and whether to go on.
    #[cold]
    fn goes_on(
        &self,
        text: &[u8],
        end: usize,
        groups: u64,
        found: &mut impl FnMut(usize, Pattern) -> bool,
    ) -> bool {
        let Some(at) = end.checked_sub(2) else { return true };
        let rest = text.get(at..).unwrap_or_default();
        let mut left = groups;
        while left != 0 {
            let group = left.trailing_zeros() as usize;
            left &= left - 1;
            let mut here = self.patterns.iter().skip(group).step_by(GROUPS);
            if !here.all(|pattern| !pattern.begins(rest) || found(at, *pattern)) {
                return false;
            }
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stems_and_markers_are_seen_where_they_stand() {
        for (text, names, markers) in [
            ("", false, &[][..]),
            ("pw", true, &[]),
            ("p", false, &[]),
            ("my_PaSsWord", true, &[]),
            ("name", false, &[]),
            ("a key", true, &[]),
            ("x AKIA", false, &[2]),
            ("akia", false, &[]),
            ("https://x", false, &[5]),
            ("XAccountKey=", true, &[1]),
        ] {
            let sights = Sights::of(text);
            assert_eq!(names_in(text), names, "{text}");
            assert_eq!(!sights.stems.is_empty(), names, "{text}");
            let places: Vec<u32> = sights.markers.iter().map(|(at, _)| *at).collect();
            assert_eq!(places, markers, "{text}");
        }
    }

    #[test]
    fn every_pattern_is_seen_at_every_place() {
        let stems = STEMS.iter().map(|stem| stem.to_string());
        for pattern in stems.chain(MARKERS.iter().map(|marker| marker.to_string())) {
            for (before, after) in [("", ""), ("<", ""), ("", ">"), ("é ", " é")] {
                let text = format!("{before}{pattern}{after}");
                let at = before.len() as u32;
                let sights = Sights::of(&text);
                let seen = sights.stems.contains(&at) || sights.markers.iter().any(|(start, _)| *start == at);
                assert!(seen, "{text}");
            }
        }
    }

    #[test]
    fn names_are_looked_for_within_a_span() {
        let sights = Sights::of("token = var.token");
        for (start, end, expected) in [(0, 5, true), (5, 12, false), (12, 17, true), (17, 17, false)] {
            assert_eq!(sights.names_in(Span::new(start, end)), expected, "{start} {end}");
        }
    }
}
