//! Version constraints of Terraform itself.

/// Whether any version of the last years satisfies a constraint; what cannot be read is given the benefit of the doubt.
pub(super) fn admits_current(constraint: &str) -> bool {
    let Some(clauses) = constraint.split(',').map(clause).collect::<Option<Vec<_>>>() else { return true };
    let named = clauses.iter().map(|(_, version, _)| *version).filter(|version| version[0] >= 1);
    let released = (0..=60).flat_map(|minor| (0..=30).map(move |patch| [1, minor, patch]));
    named.chain(released).any(|candidate| clauses.iter().all(|clause| satisfies(candidate, clause)))
}

type Clause = (&'static str, [u64; 3], usize);

fn clause(text: &str) -> Option<Clause> {
    let text = text.trim();
    let operators = ["~>", ">=", "<=", "!=", ">", "<", "="];
    let (operator, rest) = operators
        .into_iter()
        .find_map(|operator| text.strip_prefix(operator).map(|rest| (operator, rest)))
        .unwrap_or(("=", text));
    // What follows a dash names a version that was not released yet.
    let numbers = rest.trim().trim_start_matches('v').split(['-', '+']).next()?;
    let parts: Vec<u64> = numbers.split('.').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let at = |index: usize| parts.get(index).copied().unwrap_or(0);
    (1..=3).contains(&parts.len()).then(|| (operator, [at(0), at(1), at(2)], parts.len()))
}

fn satisfies(version: [u64; 3], (operator, wanted, parts): &Clause) -> bool {
    match *operator {
        "=" => version == *wanted,
        "!=" => version != *wanted,
        ">" => version > *wanted,
        ">=" => version >= *wanted,
        "<" => version < *wanted,
        "<=" => version <= *wanted,
        // Only the last part that is written may grow.
        _ => {
            let fixed = parts.saturating_sub(1).max(1);
            version >= *wanted && version.iter().zip(wanted).take(fixed).all(|(a, b)| a == b)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::admits_current;

    #[test]
    fn old_versions_are_told_from_current_ones() {
        for old in ["~> 0.13.0", "~> 0.14", "< 1.0", "0.12.31", ">= 0.12, < 0.15"] {
            assert!(!admits_current(old), "{old}");
        }
        for current in [">= 1.5, < 2.0", "~> 1.3", "~> 1.3.0", ">= 0.12", "1.11.4", "", "nonsense"] {
            assert!(admits_current(current), "{current}");
        }
    }
}
