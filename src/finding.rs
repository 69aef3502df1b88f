//! What plangate says: findings, what it could not decide, and what it covered.

use arcstr::ArcStr;

use crate::eval::Problem;
use crate::source::Location;

mod attribute;
mod fingerprint;
mod order;
mod standing;
mod style;

pub(crate) use attribute::without_indexes;
pub use fingerprint::Fingerprint;
pub use order::settle;
pub use style::message_style;

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

impl Severity {
    /// Its name, in the configuration, on the command line and in reports.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
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
    /// Where it is written, if that is in another repository: it stands at the call that leads there instead.
    pub written: Option<Location>,
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
    /// The rule that sees the same thing at the same place, and need not say it again.
    pub stands_for: Option<&'static str>,
}

impl Finding {
    /// A finding that is mended at `primary`. The message is one line, lower case, without a full stop; see
    /// [`message_style`]. Never write a secret into it.
    #[must_use]
    pub fn new(
        rule: impl Into<ArcStr>,
        severity: Severity,
        primary: Location,
        message: impl Into<String>,
    ) -> Self {
        Self { primary: Some(primary), ..Self::nowhere(rule, severity, message) }
    }

    /// A finding for which no file is to blame.
    #[must_use]
    pub fn nowhere(rule: impl Into<ArcStr>, severity: Severity, message: impl Into<String>) -> Self {
        Self {
            rule: rule.into(),
            severity,
            message: style::one_line(message.into()),
            help: None,
            primary: None,
            written: None,
            primary_label: String::new(),
            labels: Vec::new(),
            places: Vec::new(),
            attribute: None,
            facts: Vec::new(),
            status: Status::New,
            stands_for: None,
        }
    }

    /// A finding that says what the evaluator met.
    #[must_use]
    pub fn from_problem(rule: impl Into<ArcStr>, severity: Severity, problem: &Problem) -> Self {
        let mut finding = Self::nowhere(rule, severity, problem.message.as_str());
        finding.primary = problem.location;
        finding.help = problem.help.clone();
        for (location, text) in &problem.labels {
            finding = finding.with_label(*location, text.as_str());
        }
        finding
    }

    /// Makes it stand in files only: of what `given` says is no place in one, the first place behind it in the story is
    /// the primary location, and says what was given by `name`. Without such a place, that is `subject`.
    pub(crate) fn stand_in_files<'n>(
        &mut self,
        given: impl Fn(Location) -> bool,
        name: impl Fn(Location) -> &'n str,
        subject: Option<Location>,
    ) {
        self.labels.retain(|label| !given(label.location));
        let Some(text) = self.primary.filter(|&at| given(at)) else { return };
        let first = (!self.labels.is_empty()).then(|| self.labels.remove(0).location);
        self.primary = first.or(subject);
        let by = format!("given by `{}`", name(text));
        self.primary_label = match self.primary_label.as_str() {
            "" => by,
            label => format!("{label}, {by}"),
        };
    }

    /// Makes it stand where the texts are written that its places are generated with.
    pub(crate) fn stand_where_written(&mut self, written: impl Fn(Location) -> Location) {
        self.primary = self.primary.map(&written);
        for label in &mut self.labels {
            label.location = written(label.location);
        }
        self.labels.retain(|label| Some(label.location) != self.primary);
    }

    /// Makes it stand at the call that leads to the other repository in which it is written.
    pub(crate) fn stand_at_call(&mut self, call: Location) {
        let Some(written) = self.primary.replace(call) else { return };
        self.written = Some(written);
        let message = match std::mem::replace(&mut self.primary_label, "by this module".to_owned()) {
            label if label.is_empty() => "here".to_owned(),
            label => label,
        };
        self.labels.retain(|label| label.location != call);
        self.labels.insert(0, Label { location: written, message });
    }

    /// With what stands at the primary location. There is one such text: a second call replaces the first.
    #[must_use]
    pub fn with_primary_label(mut self, text: impl Into<String>) -> Self {
        self.primary_label = style::one_line(text.into());
        self
    }

    /// With one more place that tells the story; those of the primary location and repeats are left out.
    #[must_use]
    pub fn with_label(mut self, location: Location, text: impl Into<String>) -> Self {
        let label = Label { location, message: style::one_line(text.into()) };
        if self.primary != Some(location) && !self.labels.contains(&label) {
            self.labels.push(label);
        }
        self
    }

    /// With what to do about it.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// With one more thing that it is about.
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        if let Err(index) = self.places.binary_search(&place) {
            self.places.insert(index, place);
        }
        self
    }

    /// With the attribute that it is about; indexes and keys in brackets are taken away.
    #[must_use]
    pub fn with_attribute(mut self, path: &str) -> Self {
        self.attribute = Some(attribute::without_indexes(path));
        self
    }

    /// With one more fact that makes it another finding when it changes. Never a secret.
    #[must_use]
    pub fn with_fact(mut self, fact: impl Into<String>) -> Self {
        let fact = fact.into();
        if let Err(index) = self.facts.binary_search(&fact) {
            self.facts.insert(index, fact);
        }
        self
    }

    /// At least as severe as this, whatever the configuration says of its rule.
    #[must_use]
    pub fn at_least(mut self, severity: Severity) -> Self {
        self.severity = self.severity.max(severity);
        self
    }

    /// In the place of what that rule says at the same location.
    #[must_use]
    pub fn standing_for(mut self, rule: &'static str) -> Self {
        self.stands_for = Some(rule);
        self
    }

    /// What it is about, the first place where there are several.
    #[must_use]
    pub fn place(&self) -> &Place {
        self.places.first().unwrap_or(&Place::NOWHERE)
    }

    /// In how many places it stands: at least one.
    #[must_use]
    pub fn place_count(&self) -> usize {
        self.places.len().max(1)
    }
}

impl Place {
    /// No unit, no module, no resource.
    pub const NOWHERE: Self = Self { unit: None, module: None, resource: None, attribute: None };

    /// A module, by its directory.
    #[must_use]
    pub fn in_module(directory: impl Into<ArcStr>) -> Self {
        Self { module: Some(directory.into()), ..Self::NOWHERE }
    }

    /// This place, of a resource instance.
    #[must_use]
    pub fn with_resource(mut self, address: impl Into<ArcStr>) -> Self {
        self.resource = Some(address.into());
        self
    }

    /// This place, at a value of the resource: `ingress[1].cidr_blocks[0]`.
    #[must_use]
    pub fn with_attribute(mut self, path: impl Into<ArcStr>) -> Self {
        self.attribute = Some(path.into());
        self
    }

    /// This place, in a Terragrunt unit.
    #[must_use]
    pub fn with_unit(mut self, directory: impl Into<ArcStr>) -> Self {
        self.unit = Some(directory.into());
        self
    }

    /// The resource, with the value in it: `module.x.aws_security_group.this["a"].ingress[1].cidr_blocks[0]`.
    #[must_use]
    pub fn subject(&self) -> Option<String> {
        let resource = self.resource.as_deref()?;
        Some(match &self.attribute {
            Some(path) => format!("{resource}.{path}"),
            None => resource.to_owned(),
        })
    }

    /// How it reads where a location says the file already: `module.db.aws_db_instance.this (live/prod)`. Nothing where
    /// there is neither resource nor unit.
    #[must_use]
    pub fn describe(&self) -> Option<String> {
        let scope = self.unit.as_deref().or(self.module.as_deref()).filter(|&scope| scope != ".");
        match (self.subject(), scope) {
            (Some(subject), Some(scope)) => Some(format!("{subject} ({scope})")),
            (Some(subject), None) => Some(subject),
            (None, _) => self.unit.as_deref().map(str::to_owned),
        }
    }
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
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Default)]
pub struct Place {
    /// Terragrunt unit: its directory relative to the repository.
    pub unit: Option<ArcStr>,
    /// Directory of the root module it was seen in, or of the module where it needs no evaluation; relative to the
    /// repository.
    pub module: Option<ArcStr>,
    /// Whole address of the resource instance, or of the module instance.
    pub resource: Option<ArcStr>,
    /// Path of the value in the resource, with indexes, where no source shows which one it is. It tells no two findings
    /// apart in another revision: indexes move.
    pub attribute: Option<ArcStr>,
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
