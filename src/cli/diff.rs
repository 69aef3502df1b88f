//! What has changed between two states of the tree.

mod human;
mod json;
mod markdown;

use std::mem::ManuallyDrop;
use std::path::PathBuf;
use std::sync::Arc;

use arcstr::ArcStr;

use super::arguments::Paths;
use super::lint::current_directory;
use super::plans::Plans;
use super::progress::Progress;
use super::values::Values;
use super::{Context, Failure, environment};
use crate::change::Change;
use crate::comparison::compare;
use crate::exit::Exit;
use crate::rules::Concealed;
use crate::source::{Commit, History, NoCommit, ReadError, Reader, Repository};
use crate::{Loaded, Request};

/// The name of the state that lies on disk.
const WORKTREE: &str = "worktree";

/// The arguments of `plangate diff`.
#[derive(Debug, clap::Args)]
pub(super) struct Diff {
    #[command(flatten)]
    paths: Paths,
    /// What to compare with: a branch, a tag or a commit; the commit at which the two ways parted counts. `origin/HEAD` if
    /// not given; of a merge commit, what it was merged into
    #[arg(long, value_name = "REF")]
    base: Option<String>,
    /// What is compared: a branch, a tag or a commit, or `worktree` for what lies on disk
    #[arg(long, value_name = "REF", default_value = "HEAD")]
    head: String,
    /// How to write it
    #[arg(long, short, value_enum, default_value_t, value_name = "FORMAT")]
    format: DiffFormat,
    #[command(flatten)]
    pub(super) values: Values,
}

/// How a change is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, clap::ValueEnum)]
pub(super) enum DiffFormat {
    /// For people
    #[default]
    Human,
    /// One JSON document
    Json,
    /// For a comment or a summary of a job
    Markdown,
}

/// A change, and what it lies between.
struct Told<'a> {
    change: &'a Change,
    base: &'a Commit,
    /// `None` for what lies on disk.
    head: Option<&'a Commit>,
}

impl Diff {
    pub(super) fn run(&self, context: &Context) -> Result<Exit, Failure> {
        let asked = self.paths.asked(&Plans::default())?;
        if !asked.plans.is_empty() {
            return Err(Failure::Usage("a plan is no state of the tree".to_owned()));
        }
        let current = current_directory()?;
        let repository = Repository::around(&current, &[])
            .map_err(|(path, error)| Failure::Path(path.display().to_string(), error))?;
        let history = History::open(&repository.root).map_err(no_commit)?;
        let (base, head) = self.sides(&history).map_err(no_commit)?;
        let before = history.files(&base).map_err(no_commit)?;
        let after = head.as_ref().map(|head| history.files(head)).transpose().map_err(no_commit)?;
        let side = |tree: Option<Arc<dyn Reader>>| -> Result<Request, Failure> {
            let mut walk = self.paths.walk();
            // Files that git does not know are left out on both sides, or on neither.
            walk.tracked = after.is_some();
            Ok(Request {
                current: current.clone(),
                paths: asked.paths.clone(),
                // What is a root must not hang on how much is looked at.
                named_are_roots: false,
                walk,
                tree,
                // What is compared must not decide how.
                settings: Some(before.clone()),
                config: self.paths.config.clone(),
                arguments: self.values.inputs()?,
                environment: environment::variables(),
                process: environment::process(),
                workspace: self.values.workspace.clone(),
                ..Request::default()
            })
        };
        let progress = Progress::start(!context.quiet);
        let changed =
            head.as_ref().map(|head| history.changed(&base, head)).transpose().map_err(no_commit)?;
        let changed = changed.map(|paths| paths.into_iter().map(ArcStr::from).collect::<Vec<ArcStr>>());
        let (earlier, later) = (side(Some(before.clone()))?, side(after.clone())?);
        let compared = compare(&earlier, &later, changed.as_deref(), &mut |stage| progress.stage(stage))?;
        // The process ends soon, and takes back at once what would be given back piece by piece.
        let compared = ManuallyDrop::new(compared);
        drop(progress);
        known(&asked.paths, before.as_ref(), &compared.head)?;
        let told = Told { change: &compared.change, base: &base, head: head.as_ref() };
        let mut text = String::new();
        match self.format {
            DiffFormat::Human => human::write(&told, &mut text),
            DiffFormat::Json => json::write(&told, &mut text),
            DiffFormat::Markdown => markdown::write(&told, &mut text),
        }
        // Keys and addresses may hold a secret of either side.
        for Loaded { model, .. } in compared.base.iter().chain([&compared.head]) {
            let concealed = Concealed::with_values(model, &model.sensitive_literals());
            text = concealed.masked(&text).into_owned();
        }
        let print = |out: &mut dyn std::io::Write| out.write_all(text.as_bytes());
        context.screen.print(print).map_err(|error| Failure::Write("-".to_owned(), error))?;
        Ok(Exit::Clean)
    }

    /// What is compared with what.
    fn sides(&self, history: &History) -> Result<(Commit, Option<Commit>), NoCommit> {
        let head = history.commit(if self.head == WORKTREE { "HEAD" } else { &self.head })?;
        let on_disk = self.head == WORKTREE;
        let base = match &self.base {
            Some(base) => history.fork(&history.commit(base)?, &head)?,
            None => match history.merged_into(&head).filter(|_| !on_disk) {
                Some(parent) => parent,
                None => history.fork(&history.upstream()?, &head)?,
            },
        };
        Ok((base, Some(head).filter(|_| !on_disk)))
    }
}

/// A path that neither side has is a mistake.
fn known(paths: &[PathBuf], base: &dyn Reader, head: &Loaded) -> Result<(), Failure> {
    for path in paths {
        let absolute = std::path::absolute(path).ok();
        let inside = absolute.and_then(|path| head.workspace.repository.relative(&path).ok());
        let is_there = |path: &String| base.kind(path).is_ok() || head.workspace.reader().kind(path).is_ok();
        if !inside.as_ref().is_none_or(is_there) {
            return Err(Failure::Path(path.display().to_string(), ReadError::Missing));
        }
    }
    Ok(())
}

fn no_commit(why: NoCommit) -> Failure {
    Failure::Help(why.to_string(), why.help().to_owned())
}
