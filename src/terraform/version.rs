//! Versions, and the constraints that `required_version` and `required_providers` set for them.

use std::cmp::Ordering;

/// A version: `5.40.0`, `6.0.0-beta1`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Version {
    numbers: [u64; 3],
    /// What follows a dash: the version was not released yet.
    before_release: Option<String>,
}

/// Which versions are let in: `>= 5.1, < 6.0`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct VersionConstraint {
    terms: Vec<Term>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
struct Term {
    operator: &'static str,
    version: Version,
    /// How many numbers were written.
    parts: usize,
}

impl Version {
    /// The version that a text says; `None` if it says none.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        parsed(text).map(|(version, _)| version)
    }

    /// The version with only its numbers.
    const fn released(numbers: [u64; 3]) -> Self {
        Self { numbers, before_release: None }
    }
}

fn parsed(text: &str) -> Option<(Version, usize)> {
    let text = text.trim().trim_start_matches('v');
    // What is built of one version differs in nothing that matters here.
    let text = text.split('+').next()?;
    let (numbers, before_release) = match text.split_once('-') {
        Some((numbers, rest)) => (numbers, Some(rest.to_owned())),
        None => (text, None),
    };
    let parts: Vec<u64> = numbers.split('.').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let at = |index: usize| parts.get(index).copied().unwrap_or(0);
    let version = Version { numbers: [at(0), at(1), at(2)], before_release };
    (1..=3).contains(&parts.len()).then_some((version, parts.len()))
}

impl VersionConstraint {
    /// The constraint that a text says; `None` if it cannot be read. An empty one lets everything in.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text.trim().is_empty() {
            return Some(Self { terms: Vec::new() });
        }
        let terms = text.split(',').map(term).collect::<Option<Vec<_>>>()?;
        Some(Self { terms })
    }

    /// Whether it lets a version in. One that is not released yet is given the benefit of the doubt: whether a bound
    /// means it, tools do not agree.
    #[must_use]
    pub fn admits(&self, version: &Version) -> bool {
        self.refusing(version).next().is_none()
    }

    /// Whether a version is too old for it (`Less`) or too new (`Greater`); `Equal` if it is let in, or left out alone.
    #[must_use]
    pub fn compare(&self, version: &Version) -> Ordering {
        let older = |term: &Term| {
            matches!(term.operator, ">" | ">=" | "~>" | "=") && version.numbers < term.version.numbers
        };
        let newer = |term: &Term| {
            matches!(term.operator, "<" | "<=" | "~>" | "=") && version.numbers >= term.version.numbers
        };
        match (self.refusing(version).any(older), self.refusing(version).any(newer)) {
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
            _ => Ordering::Equal,
        }
    }

    fn refusing<'a>(&'a self, version: &'a Version) -> impl Iterator<Item = &'a Term> {
        self.terms.iter().filter(move |term| !term.admits(version))
    }

    /// Whether it lets in any version of Terraform of the last years.
    pub(super) fn admits_current_terraform(&self) -> bool {
        let named = self.terms.iter().map(|term| term.version.numbers).filter(|numbers| numbers[0] >= 1);
        let released = (0..=60).flat_map(|minor| (0..=30).map(move |patch| [1, minor, patch]));
        named.chain(released).any(|numbers| self.admits(&Version::released(numbers)))
    }
}

fn term(text: &str) -> Option<Term> {
    const OPERATORS: [&str; 7] = ["~>", ">=", "<=", "!=", ">", "<", "="];
    let text = text.trim();
    let (operator, rest) = OPERATORS
        .into_iter()
        .find_map(|operator| text.strip_prefix(operator).map(|rest| (operator, rest)))
        .unwrap_or(("=", text));
    let (version, parts) = parsed(rest)?;
    Some(Term { operator, version, parts })
}

impl Term {
    fn admits(&self, version: &Version) -> bool {
        let (ours, theirs) = (version.numbers, self.version.numbers);
        match self.operator {
            "=" => ours == theirs && version.before_release == self.version.before_release,
            "!=" => ours != theirs || version.before_release != self.version.before_release,
            ">" => ours > theirs || ours == theirs && self.version.before_release.is_some(),
            ">=" => ours >= theirs,
            "<" => ours < theirs || ours == theirs && version.before_release.is_some(),
            "<=" => ours <= theirs,
            // Only the last part that is written may grow.
            _ => {
                let fixed = self.parts.saturating_sub(1).max(1);
                ours >= theirs && ours.iter().zip(theirs).take(fixed).all(|(a, b)| *a == b)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_versions_are_told_from_current_ones() {
        let admits = |text| VersionConstraint::parse(text).map(|it| it.admits_current_terraform());
        for old in ["~> 0.13.0", "~> 0.14", "< 1.0", "0.12.31", ">= 0.12, < 0.15"] {
            assert_eq!(admits(old), Some(false), "{old}");
        }
        for current in [">= 1.5, < 2.0", "~> 1.3", "~> 1.3.0", ">= 0.12", "1.11.4", ""] {
            assert_eq!(admits(current), Some(true), "{current}");
        }
        assert_eq!(admits("nonsense"), None);
    }

    #[test]
    fn constraints_let_versions_in_and_say_which_way_others_lie() {
        use Ordering::{Equal, Greater, Less};
        for (constraint, version, admitted, lies) in [
            ("~> 5.40", "5.40.0", true, Equal),
            ("~> 5.40", "5.99.1", true, Equal),
            ("~> 5.40", "5.39.9", false, Less),
            ("~> 5.40", "6.0.0", false, Greater),
            ("~> 5.40.1", "5.41.0", false, Greater),
            ("~> 5", "5.2.0", true, Equal),
            ("~> 5", "4.67.0", false, Less),
            (">= 3.5.0, < 4.0.0", "3.6.0", true, Equal),
            (">= 3.5.0, < 4.0.0", "4.0.0", false, Greater),
            (">=3.5,<4", "3.4.9", false, Less),
            ("4.67.0", "4.67.0", true, Equal),
            ("= 4.67", "4.67.0", true, Equal),
            ("4.67.0", "4.66.0", false, Less),
            ("4.67.0", "4.68.0", false, Greater),
            ("!= 4.67.0", "4.67.0", false, Equal),
            ("> 4, != 5.1.0", "5.1.0", false, Equal),
            ("", "1.0.0", true, Equal),
            (">= 6.0.0-beta1", "6.0.0-beta2", true, Equal),
            ("< 6.0.0", "6.0.0-beta1", true, Equal),
            (">= 6.0.0", "6.0.0-beta1", true, Equal),
            ("6.0.0-beta1", "6.0.0-beta1", true, Equal),
            ("6.0.0", "6.0.0+linux", true, Equal),
        ] {
            let read = VersionConstraint::parse(constraint).expect("a constraint");
            let version = Version::parse(version).expect("a version");
            assert_eq!(read.admits(&version), admitted, "{constraint} {version:?}");
            assert_eq!(read.compare(&version), lies, "{constraint} {version:?}");
        }
    }

    #[test]
    fn what_is_no_version_is_none() {
        for text in ["", "x", "1.2.3.4", "1..2", "99999999999999999999", "-1"] {
            assert_eq!(Version::parse(text), None, "{text}");
            assert_eq!(VersionConstraint::parse(&format!(">= {text}")), None, "{text}");
        }
    }
}
