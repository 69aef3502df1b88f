use std::cell::OnceCell;
use std::fmt;
use std::sync::{Arc, OnceLock};

use arcstr::ArcStr;

use super::identity::Identities;
use super::json::Cursor;
use super::{Check, Configuration, Deferred, OutputChange, ResourceChange, Wanted, read};
use crate::model::RootId;
use crate::source::FileId;
use crate::value::{Identity, Step, Value};

/// What Terraform says it will do, or of a state: what is there.
pub struct Plan {
    /// The file, as it was named; `-` for standard input.
    pub file: ArcStr,
    /// Which of several documents in the file it is, from 1; 0 where it is the only one.
    pub document: u32,
    /// What its place says about the directory that it is a plan of.
    pub tie: Tie,
    /// The directory that stands before identities where they are shown elsewhere; the file until the plan is tied.
    pub scope: ArcStr,
    /// The root module that it is a plan of, once that is found.
    pub root: Option<RootId>,
    /// The directory that it is a plan of, relative to the repository, once that is known.
    pub directory: Option<ArcStr>,
    /// Its own file among the sources, once it is tied.
    pub source: Option<FileId>,
    /// Whether it says what will be, or what is.
    pub kind: PlanKind,
    /// The version of the format.
    pub format_version: FormatVersion,
    /// The version of Terraform or OpenTofu that made it.
    pub terraform_version: Option<ArcStr>,
    /// When it was made, as it says.
    pub timestamp: Option<ArcStr>,
    /// Planning ended in an error: what is said is true, but not all.
    pub errored: bool,
    /// Whether applying it will leave nothing to do; older formats do not say.
    pub complete: Option<bool>,
    /// Whether it can be applied; older formats do not say.
    pub applyable: Option<bool>,
    /// The values of the root module's variables, sorted by name. Those that are not known to be harmless are marked
    /// sensitive: the plan itself prints all in clear.
    pub variables: Vec<PlanVariable>,
    /// What becomes of each object, in the plan's order. Of a state, each object as it is.
    pub changes: Vec<ResourceChange>,
    /// What was changed outside of Terraform, as found while planning.
    pub drift: Vec<ResourceChange>,
    /// What is put off.
    pub deferred: Vec<Deferred>,
    /// What becomes of the root module's outputs, sorted by name.
    pub outputs: Vec<OutputChange>,
    /// What became of conditions, in the plan's order.
    pub checks: Vec<Check>,
    /// Attributes that the plan depends on, sorted.
    pub relevant_attributes: Vec<RelevantAttribute>,
    pub(super) text: Arc<String>,
    pub(super) parts: Parts,
}

/// Where in the text stands what is built when somebody asks.
#[derive(Clone, Debug, Default)]
pub(super) struct Parts {
    pub(super) configuration: std::ops::Range<u32>,
    pub(super) prior_state: std::ops::Range<u32>,
    /// Built once. It takes no lock of its own while it is built.
    pub(super) built: OnceLock<Arc<Configuration>>,
}

/// What a document says.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum PlanKind {
    /// What will be done.
    Plan,
    /// What is there.
    State,
}

/// What the place of a plan's file says about the directory that it is a plan of.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Tie {
    /// Nothing.
    None,
    /// It is this directory, as the user says; a path as seen from where the program was started.
    Directory(ArcStr),
    /// It is the unit at this path below the directory that Terragrunt ran in, wherever that is.
    Unit(ArcStr),
}

/// The version of a format.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct FormatVersion {
    /// Changes when old readers can no longer read it.
    pub major: u32,
    /// Changes when something is added.
    pub minor: u32,
}

/// The value of a variable of the root module.
#[derive(Clone, PartialEq, Debug)]
pub struct PlanVariable {
    /// Its name.
    pub name: ArcStr,
    /// Its value.
    pub value: Value,
}

/// An attribute that a plan depends on.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct RelevantAttribute {
    /// The resource, or the instance.
    pub resource: ArcStr,
    /// The way to the attribute; empty for all of it.
    pub path: Vec<Step>,
}

impl FormatVersion {
    /// The newest version that this reader knows.
    pub const NEWEST: Self = Self { major: 1, minor: 2 };

    /// The version that a text says: `1.2`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (major, minor) = text.split_once('.')?;
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok());
        Some(Self { major: digits(major)??, minor: digits(minor)?? })
    }
}

impl fmt::Display for FormatVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

impl fmt::Debug for Plan {
    /// What it is, never what it says: the text holds secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Plan {{ file: {:?}, kind: {:?}, changes: {} }}", self.file, self.kind, self.changes.len())
    }
}

impl Plan {
    /// How the file is told where it holds several documents: `plans.jsonl, document 3`.
    #[must_use]
    pub fn describe(&self) -> String {
        super::fault::describe(&self.file, self.document)
    }

    /// The attributes of an object before the change: an object, null where there was none. Sensitive values are marked.
    /// Built each time: keep it no longer than needed.
    #[must_use]
    pub fn before(&self, change: &ResourceChange) -> Value {
        change.sides.build_before()
    }

    /// The attributes of an object after the change: an object, null where none will be. Sensitive values are marked;
    /// what is not known says which value it is. Built each time: keep it no longer than needed.
    #[must_use]
    pub fn after(&self, change: &ResourceChange) -> Value {
        self.attributes_after(change, &Wanted::All)
    }

    /// The same, of these attributes alone.
    pub(super) fn attributes_after(&self, change: &ResourceChange, wanted: &Wanted) -> Value {
        let identities = OnceCell::new();
        change.sides.build_after(wanted, &mut |path, lone| {
            identities.get_or_init(|| Identities::of(self)).attribute(change, path, lone)
        })
    }

    /// Which value an attribute is a reference to, be its own value known; `None` if it is none.
    #[must_use]
    pub fn reference(&self, change: &ResourceChange, path: &[Step]) -> Option<Identity> {
        let identity = Identities::of(self).attribute(change, path, true);
        identity.exact().is_some_and(|exact| exact.address != change.address).then_some(identity)
    }

    /// The value of an output before the change, as for [`Plan::before`].
    #[must_use]
    pub fn output_before(&self, output: &OutputChange) -> Value {
        output.sides.build_before()
    }

    /// The value of an output after the change, as for [`Plan::after`].
    #[must_use]
    pub fn output_after(&self, output: &OutputChange) -> Value {
        output
            .sides
            .build_after(&Wanted::All, &mut |path, lone| Identities::of(self).output(output, path, lone))
    }

    /// What the plan keeps of the configuration; read when it is first asked for.
    #[must_use]
    pub fn configuration(&self) -> &Configuration {
        self.parts.built.get_or_init(|| {
            let place = &self.parts.configuration;
            let mut cursor = Cursor::at(&self.text, place.start as usize);
            let built = (!place.is_empty()).then(|| read::configuration(&mut cursor).ok());
            Arc::new(built.flatten().unwrap_or_default())
        })
    }
}
