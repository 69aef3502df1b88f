//! What is asked of a run, and why it may not even begin.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use crate::engine::RuleFilter;
use crate::eval::Problem;
use crate::plan::looks_like_a_plan;
use crate::source::{PlanArgument, ReadError, Reader, Sources, Walk, Workspace, named_plan};
use crate::terraform::Input;
use crate::triage::Date;

/// What to look at, with which values, by which rules.
#[derive(Clone)]
pub struct Request {
    /// Where relative paths begin.
    pub current: PathBuf,
    /// Files and directories, and files that hold plans; none is the current directory. Where all are plans, no source is
    /// looked at.
    pub paths: Vec<PathBuf>,
    /// Plans beside those among the paths.
    pub plans: Vec<PlanArgument>,
    /// Whether a directory that is named is a root even where others call it.
    pub named_are_roots: bool,
    /// How to walk them.
    pub walk: Walk,
    /// The state of the tree to look at, instead of what lies on disk: a commit.
    pub tree: Option<Arc<dyn Reader>>,
    /// Where the configuration is read, if elsewhere than in that tree.
    pub settings: Option<Arc<dyn Reader>>,
    /// A text that stands for a file, which is then all that is asked for.
    pub text: Option<(PathBuf, Vec<u8>)>,
    /// The one configuration file, instead of those that would be found.
    pub config: Option<PathBuf>,
    /// `--var` and `--var-file`, in their order; files as seen from `current`.
    pub arguments: Vec<Input>,
    /// The environment's values for variables.
    pub environment: Vec<(String, String)>,
    /// The whole environment: Terragrunt's files see of it what the configuration lets them.
    pub process: Vec<(String, String)>,
    /// The workspace.
    pub workspace: Option<String>,
    /// Which rules run.
    pub filter: RuleFilter,
    /// Whether comments suppress findings.
    pub ignore_comments: bool,
    /// Today, for suppressions that end.
    pub today: Date,
}

impl Default for Request {
    fn default() -> Self {
        Self {
            current: PathBuf::from("."),
            paths: Vec::new(),
            plans: Vec::new(),
            named_are_roots: true,
            walk: Walk::default(),
            tree: None,
            settings: None,
            text: None,
            config: None,
            arguments: Vec::new(),
            environment: Vec::new(),
            process: Vec::new(),
            workspace: None,
            filter: RuleFilter::default(),
            ignore_comments: true,
            today: Date::of(std::time::SystemTime::now()),
        }
    }
}

impl fmt::Debug for Request {
    /// What is asked for, never with which values: those of the environment may be secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Request {{ current: {:?}, paths: {:?} }}", self.current, self.paths)
    }
}

/// Why a run cannot begin.
#[derive(Debug)]
pub enum Failure {
    /// A path that was named cannot be read.
    Path(PathBuf, ReadError),
    /// A value on the command line fits nothing: what is wrong, and what to do.
    Argument(String, String),
    /// The configuration is wrong, in these places of these files.
    Configuration(Vec<Problem>, Box<Sources>),
}

impl Request {
    /// The paths that hold source, and all plans.
    fn sorted(&self) -> (Vec<PathBuf>, Vec<PlanArgument>) {
        let (mut paths, mut plans) = (Vec::new(), self.plans.clone());
        for path in &self.paths {
            match named_plan(&self.current, path, &looks_like_a_plan) {
                Some(plan) => plans.push(PlanArgument::Given(plan)),
                None => paths.push(path.clone()),
            }
        }
        (paths, plans)
    }

    /// Walks what is asked for, and says which plans are.
    ///
    /// # Errors
    /// A path that is not there.
    pub(crate) fn open(&self) -> Result<(Workspace, Vec<PlanArgument>), Failure> {
        let failed = |(path, error)| Failure::Path(path, error);
        let Some((path, bytes)) = &self.text else {
            let (paths, plans) = self.sorted();
            let workspace = if let Some(tree) = &self.tree {
                Workspace::of(&self.current, tree.clone(), &paths, &self.walk)
            } else if paths.is_empty() && !self.paths.is_empty() {
                Workspace::at(&self.current, &self.current)
            } else {
                Workspace::open(&self.current, &paths, &self.walk)
            };
            return Ok((workspace.map_err(failed)?, plans));
        };
        // The file itself need not exist yet, but its directory must.
        let absolute = self.current.join(path);
        let directory = absolute.parent().unwrap_or(&self.current).to_owned();
        let missing = || Failure::Path(path.clone(), ReadError::Missing);
        let directory = std::fs::canonicalize(directory).map_err(|_| missing())?;
        let name = absolute.file_name().ok_or_else(missing)?;
        let workspace = Workspace::at(&self.current, &directory).map_err(failed)?;
        let relative = workspace
            .repository
            .relative(&directory.join(name))
            .map_err(|error| failed((path.clone(), error)))?;
        Ok((workspace.with_text(&relative, bytes.clone()), self.plans.clone()))
    }
}
