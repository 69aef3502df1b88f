//! What plangate says: findings, what it could not decide, and what it covered.

use arcstr::ArcStr;

use crate::source::Location;

/// How bad a finding is.
#[derive(
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Debug,
    serde::Serialize,
    serde::Deserialize,
    clap::ValueEnum,
)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Should be mended.
    Warning,
    /// Must be mended.
    Error,
}

/// Whether a finding was there before the change under judgement.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// The change brought it, or nothing is known of a change.
    New,
    /// It was there before.
    Existing,
    /// The change mended it.
    Fixed,
}

/// Something wrong: one rule, one primary location, one set of material facts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// Id of the rule.
    pub rule: ArcStr,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong: lower case, no full stop.
    pub message: String,
    /// How to mend it.
    pub help: Option<String>,
    /// Where it is mended; `None` only where no file is to blame.
    pub primary: Option<Location>,
    /// What stands at the primary location, in the excerpt (may be empty).
    pub primary_label: String,
    /// The places that tell the story, in its order: set here, passed here, used here.
    pub labels: Vec<Label>,
    /// What it is about: at least one, sorted, without repeats.
    pub places: Vec<Place>,
    /// Path of the attribute it is about, without indexes: `ingress.cidr_blocks`.
    pub attribute: Option<String>,
    /// Facts that make it another finding when they change (`22-22 0.0.0.0/0`), sorted. Never a secret.
    pub facts: Vec<String>,
    /// Whether it is new.
    pub status: Status,
}

/// A place beside the primary one.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Label {
    /// Where.
    pub location: Location,
    /// What stands there.
    pub message: String,
}

/// What a finding is about.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Default, serde::Serialize)]
pub struct Place {
    /// Terragrunt unit: its directory relative to the repository.
    pub unit: Option<ArcStr>,
    /// Directory of the root module or the module, relative to the repository.
    pub module: Option<ArcStr>,
    /// Whole address of the resource instance.
    pub resource: Option<ArcStr>,
}

/// A rule could not decide, because something is not known.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Undecided {
    /// Id of the rule.
    pub rule: ArcStr,
    /// What it is about.
    pub place: Place,
    /// Where the unknown is used.
    pub location: Option<Location>,
    /// Which value is not known, as it prints.
    pub unknown: String,
    /// Why, in words that group well: `module git::…/rds.git is not available`.
    pub reason: String,
}

/// What was not read, and why.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Skipped {
    /// Relative to the repository's root.
    pub path: String,
    /// Why, in plain words.
    pub reason: String,
}

/// What a run looked at. Nothing at all is an error of its own.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Coverage {
    /// Files read.
    pub files: usize,
    /// Module instances evaluated.
    pub modules: usize,
    /// Terragrunt units evaluated.
    pub units: usize,
    /// Resource instances evaluated.
    pub resources: usize,
    /// Plans read.
    pub plans: usize,
    /// Rules that ran.
    pub rules: usize,
    /// What could not be decided, sorted.
    pub undecided: Vec<Undecided>,
    /// What was not read, sorted.
    pub skipped: Vec<Skipped>,
}
