//! Functions of their arguments alone.

use super::super::merge;
use super::super::names::Names;
use crate::eval::functions::Fault;
use crate::value::Value;

pub(super) fn deep_merge(names: &Names<'_, '_, '_>, given: &[Value]) -> Result<Value, Fault> {
    if !names.evaluation.run.settings.has_experiment("deep-merge") {
        return Err(Fault::new("needs the experiment `deep-merge`"));
    }
    merge::deep_all(given).map_err(|_| Fault::new("a list stands over what is none"))
}

pub(super) fn constraint_check(given: &[Value]) -> Result<Value, Fault> {
    let version = given.first().and_then(Value::as_str).unwrap_or_default();
    let constraint = given.get(1).and_then(Value::as_str).unwrap_or_default();
    let version = Version::parse(version).ok_or_else(|| Fault::at(0, "is no version"))?;
    let malformed = || Fault::at(1, "is no version constraint");
    for clause in constraint.split(',') {
        if !fits(&version, clause.trim()).ok_or_else(malformed)? {
            return Ok(Value::bool(false));
        }
    }
    Ok(Value::bool(true))
}

/// `1.2.3-beta1`: its numbers, how many were written, and what follows the dash.
#[derive(PartialEq, Eq, Debug)]
struct Version<'t> {
    numbers: [u64; 3],
    written: usize,
    before: &'t str,
}

impl<'t> Version<'t> {
    fn parse(text: &'t str) -> Option<Self> {
        let text = text.trim().trim_start_matches('v');
        let text = text.split('+').next()?;
        let (numbers, before) = text.split_once('-').unwrap_or((text, ""));
        let parts: Vec<u64> = numbers.split('.').map(|part| part.parse().ok()).collect::<Option<_>>()?;
        let at = |index: usize| parts.get(index).copied().unwrap_or(0);
        (1..=3).contains(&parts.len()).then(|| Self {
            numbers: [at(0), at(1), at(2)],
            written: parts.len(),
            before,
        })
    }

    /// What is not released yet comes before what is.
    fn order(&self, other: &Self) -> std::cmp::Ordering {
        let released = |version: &Self| version.before.is_empty();
        self.numbers
            .cmp(&other.numbers)
            .then(released(self).cmp(&released(other)))
            .then_with(|| prerelease(self.before, other.before))
    }
}

/// By its parts, numbers as such.
fn prerelease(one: &str, other: &str) -> std::cmp::Ordering {
    let parts = |text: &str| -> Vec<(Option<u64>, String)> {
        text.split('.').map(|part| (part.parse().ok(), part.to_owned())).collect()
    };
    parts(one).cmp(&parts(other))
}

fn fits(version: &Version<'_>, clause: &str) -> Option<bool> {
    let operators = ["~>", ">=", "<=", "!=", ">", "<", "="];
    let split = operators.into_iter().find_map(|word| clause.strip_prefix(word).map(|rest| (word, rest)));
    let (operator, rest) = split.unwrap_or(("=", clause));
    let wanted = Version::parse(rest)?;
    let order = version.order(&wanted);
    // A version that is not released is meant only by a constraint that names one of the same numbers.
    let meant = version.before.is_empty() || !wanted.before.is_empty() && version.numbers == wanted.numbers;
    Some(match operator {
        "=" => order.is_eq(),
        "!=" => order.is_ne(),
        ">" => meant && order.is_gt(),
        ">=" => meant && order.is_ge(),
        "<" => meant && order.is_lt(),
        "<=" => meant && order.is_le(),
        // Only the last part that is written may grow.
        _ => {
            let fixed = wanted.written.saturating_sub(1).max(1);
            let same = version.numbers.iter().zip(&wanted.numbers).take(fixed).all(|(a, b)| a == b);
            meant && order.is_ge() && same
        }
    })
}

#[cfg(test)]
mod tests {
    use super::{Version, fits};

    #[test]
    fn versions_fit_constraints() {
        for (version, clause, fit) in [
            ("1.5.0", ">= 1.0", true),
            ("1.5.0", "< 2.0", true),
            ("1.5.0-beta1", ">= 1.0", false),
            ("1.5.0-beta1", ">= 1.5.0-alpha", true),
            ("1.5.7", "~> 1.5.0", true),
            ("1.6.0", "~> 1.5.0", false),
            ("v2.1", "= 2.1.0", true),
            ("2.1", "!= 2.1", false),
        ] {
            let version = Version::parse(version).expect("a version");
            assert_eq!(fits(&version, clause), Some(fit), "{version:?} {clause}");
        }
        assert_eq!(fits(&Version::parse("1.0").expect("a version"), ">= x"), None);
    }
}
