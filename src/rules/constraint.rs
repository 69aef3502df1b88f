//! Version constraints: how much they leave open.

/// How many versions a constraint lets in.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Width {
    /// One.
    Exact,
    /// Those up to some version.
    Bounded,
    /// All that are still to come.
    Open,
}

/// How many versions of a module `constraint` (`>= 1.2, < 2.0`) lets in. What cannot be read is somebody else's finding:
/// it counts as exact.
pub(super) fn width(constraint: &str) -> Width {
    constraint.split(',').map(|term| width_of_term(term, false)).min().unwrap_or(Width::Open)
}

/// The same for a provider: `~> 5` means another thing there.
pub(super) fn provider_width(constraint: &str) -> Width {
    constraint.split(',').map(|term| width_of_term(term, true)).min().unwrap_or(Width::Open)
}

fn width_of_term(term: &str, provider: bool) -> Width {
    let term = term.trim();
    let number = term.trim_start_matches(['=', '!', '<', '>', '~']);
    match &term[..term.len() - number.len()] {
        "" if number.is_empty() => Width::Open,
        "<" | "<=" => Width::Bounded,
        // Only the last part that is written may grow. Of modules, `~> 5` lets in every version to come; of providers,
        // those of the major version.
        "~>" if number.contains('.') || provider => Width::Bounded,
        "~>" | ">" | ">=" | "!=" => Width::Open,
        _ => Width::Exact,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_narrowest_term_decides() {
        for (constraint, expected) in [
            ("1.2.3", Width::Exact),
            ("= 1.2.3", Width::Exact),
            ("~> 1.2", Width::Bounded),
            ("~> 1", Width::Open),
            (">= 1.2", Width::Open),
            ("> 1.2, != 1.4", Width::Open),
            (">= 1.2, < 2", Width::Bounded),
            (">=1.2,<=2.0.0", Width::Bounded),
            (">= 1.0, 1.4.2", Width::Exact),
            ("", Width::Open),
        ] {
            assert_eq!(width(constraint), expected, "{constraint}");
        }
        assert_eq!(provider_width("~> 5"), Width::Bounded);
        assert_eq!(provider_width(">= 5"), Width::Open);
    }
}
