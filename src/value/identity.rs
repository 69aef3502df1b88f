use std::fmt;
use std::sync::Arc;

use arcstr::ArcStr;

/// Which value an unknown value is.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Identity {
    /// This very one: wherever it shows up again, it is the same.
    Exact(Arc<Exact>),
    /// Computed from these (sorted, without repeats); equal to nothing, not even to itself.
    Derived(Arc<[Arc<Exact>]>),
}

/// One value of a root module or Terragrunt unit.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Exact {
    /// Directory of the root module or unit, relative to the repository, `.` for its top.
    pub scope: ArcStr,
    /// The innermost absolute address: `module.db.aws_db_instance.this`, `var.name`, `timestamp()`.
    pub address: ArcStr,
    /// The steps behind it: `.address`, `.ingress[0]`.
    pub path: Vec<Step>,
}

/// A step into a value.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Step {
    /// `.name`
    Attr(ArcStr),
    /// `[0]`
    Index(u64),
    /// `["key"]`
    Key(ArcStr),
    /// `[*]`: an element, but it is not known which.
    Any,
}

impl Exact {
    /// The value at `address`.
    #[must_use]
    pub fn new(scope: impl Into<ArcStr>, address: impl Into<ArcStr>) -> Self {
        Self { scope: scope.into(), address: address.into(), path: Vec::new() }
    }

    /// The value one step further in.
    #[must_use]
    pub fn step(&self, step: Step) -> Self {
        let mut path = Vec::with_capacity(self.path.len() + 1);
        path.extend_from_slice(&self.path);
        path.push(step);
        Self { scope: self.scope.clone(), address: self.address.clone(), path }
    }

    /// Whether it is one value, and not one of several of which it is not known which.
    #[must_use]
    pub fn is_single(&self) -> bool {
        !self.path.contains(&Step::Any) && !self.address.contains("[*]")
    }

    /// How it prints in the root or unit `scope`: without the prefix there, with it elsewhere.
    #[must_use]
    pub fn display_in(&self, scope: &str) -> String {
        if self.scope == scope { self.to_string() } else { format!("{}//{self}", self.scope) }
    }
}

impl fmt::Display for Exact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.address)?;
        self.path.iter().try_for_each(|step| step.fmt(f))
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Attr(name) => write!(f, ".{name}"),
            Self::Index(index) => write!(f, "[{index}]"),
            Self::Key(key) => write!(f, "[{:?}]", key.as_str()),
            Self::Any => f.write_str("[*]"),
        }
    }
}

impl Identity {
    /// What is computed from all of these.
    #[must_use]
    pub fn derived<'a>(from: impl IntoIterator<Item = &'a Self>) -> Self {
        let mut sources: Vec<Arc<Exact>> = Vec::new();
        for identity in from {
            match identity {
                Self::Exact(exact) => sources.push(exact.clone()),
                Self::Derived(exacts) => sources.extend(exacts.iter().cloned()),
            }
        }
        sources.sort();
        sources.dedup();
        Self::Derived(sources.into())
    }

    /// Whether both are known to be the same value.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Exact(a), Self::Exact(b)) => a == b && a.is_single(),
            _ => false,
        }
    }

    /// The value it is, if it is not derived.
    #[must_use]
    pub fn exact(&self) -> Option<&Arc<Exact>> {
        match self {
            Self::Exact(exact) => Some(exact),
            Self::Derived(_) => None,
        }
    }
}
