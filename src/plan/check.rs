use arcstr::ArcStr;

/// What became of the conditions of one resource, output, variable or `check` block.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Check {
    /// What they are about, keys left out: `module.bucket.check.encrypted`.
    pub address: ArcStr,
    /// What it is: `resource`, `output_value`, `var`, `check`.
    pub kind: ArcStr,
    /// What became of all together.
    pub status: CheckStatus,
    /// What became of them in each instance.
    pub instances: Vec<CheckInstance>,
}

/// What became of the conditions of one instance.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CheckInstance {
    /// What they are about, keys included.
    pub address: ArcStr,
    /// What became of them.
    pub status: CheckStatus,
    /// The error messages of those that failed. Text of the tree: it may hold a secret.
    pub problems: Vec<ArcStr>,
}

/// What became of a condition.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum CheckStatus {
    /// It holds.
    Pass,
    /// It does not.
    Fail,
    /// It could not be evaluated.
    Error,
    /// It cannot be known before the plan is applied.
    Unknown,
}

impl CheckStatus {
    /// The status of that name; what no version that is known says is not known.
    #[must_use]
    pub fn of(word: &str) -> Self {
        match word {
            "pass" => Self::Pass,
            "fail" => Self::Fail,
            "error" => Self::Error,
            _ => Self::Unknown,
        }
    }
}
