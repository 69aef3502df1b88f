//! The one table of exit codes.

/// How a run ends. Where several apply, the first in the order of [`Exit::ALL`] does.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[repr(u8)]
pub enum Exit {
    /// Nothing at or above the threshold.
    Clean = 0,
    /// Findings at or above the threshold.
    Findings = 1,
    /// A usage, configuration or internal error.
    Failed = 2,
    /// Nothing was inspected.
    NothingInspected = 3,
    /// The gate is closed for another reason than a finding.
    Gate = 4,
}

impl Exit {
    /// All of them, the first that applies first.
    pub const ALL: [Self; 5] =
        [Self::Failed, Self::NothingInspected, Self::Findings, Self::Gate, Self::Clean];

    /// The number that the process ends with.
    #[must_use]
    pub const fn code(self) -> u8 {
        self as u8
    }

    /// What it means, for `--help` and the docs.
    #[must_use]
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Clean => "nothing at or above the threshold",
            Self::Findings => "findings at or above the threshold",
            Self::Failed => "a usage, configuration or internal error",
            Self::NothingInspected => "nothing was inspected",
            Self::Gate => "the gate is closed for another reason than a finding",
        }
    }

    /// The one that counts of two.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        let first = Self::ALL.into_iter().find(|&exit| exit == self || exit == other);
        first.unwrap_or(Self::Failed)
    }
}

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

#[cfg(test)]
mod tests {
    use super::Exit;

    #[test]
    fn codes_are_promised() {
        let mut codes = Exit::ALL.map(|exit| (exit.code(), exit));
        codes.sort_unstable_by_key(|&(code, _)| code);
        let expected = [Exit::Clean, Exit::Findings, Exit::Failed, Exit::NothingInspected, Exit::Gate];
        assert_eq!(codes, [0, 1, 2, 3, 4].map(|code| (code, expected[code as usize])));
    }

    #[test]
    fn the_docs_have_the_same_table() {
        let docs = include_str!("../docs/exit-codes.md");
        let rows: Vec<&str> = docs.lines().filter(|line| line.starts_with("| ")).skip(2).collect();
        let mut expected = Exit::ALL.map(|exit| format!("| {} | {} |", exit.code(), exit.meaning()));
        expected.sort_unstable();
        assert_eq!(rows, expected);
        let order = Exit::ALL.map(|exit| exit.code().to_string()).join(", ");
        assert!(docs.contains(&format!("the first of {order} that applies")));
    }

    #[test]
    fn the_first_that_applies_counts() {
        assert_eq!(Exit::Clean.or(Exit::Findings), Exit::Findings);
        assert_eq!(Exit::NothingInspected.or(Exit::Findings), Exit::NothingInspected);
        assert_eq!(Exit::NothingInspected.or(Exit::Failed), Exit::Failed);
        assert_eq!(Exit::Gate.or(Exit::Findings), Exit::Findings);
    }
}
