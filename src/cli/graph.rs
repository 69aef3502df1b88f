//! What hangs on what, and what a changed file can reach.

mod dot;
mod human;
mod json;
mod mermaid;

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

use arcstr::ArcStr;

use super::arguments::{Paths, listed};
use super::lint::current_directory;
use super::plans::Plans;
use super::progress::Progress;
use super::values::Values;
use super::{Context, Failure, environment};
use crate::exit::Exit;
use crate::graph::{self, Affected, Node};
use crate::rules::Concealed;
use crate::source::Repository;
use crate::{Loaded, Request};

/// The arguments of `plangate graph`.
#[derive(Debug, clap::Args)]
pub(super) struct Graph {
    #[command(flatten)]
    paths: Paths,
    /// How to write it
    #[arg(long, short, value_enum, default_value_t, value_name = "FORMAT")]
    format: GraphFormat,
    /// Show resources and what they refer to, also in other units, instead of units
    #[arg(long)]
    resources: bool,
    /// Show only those units, and roots that no unit runs, that these files can reach: through includes, files that are read,
    /// values for variables, modules, stacks and dependencies. A file may be gone, or have been added; a directory stands for
    /// all in it; `-` reads a list of paths from standard input
    #[arg(long, value_name = "PATH", num_args = 1..)]
    affected_by: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) values: Values,
}

/// How a graph is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, clap::ValueEnum)]
pub(super) enum GraphFormat {
    /// For people
    #[default]
    Human,
    /// For Graphviz
    Dot,
    /// For Mermaid, which Markdown can hold
    Mermaid,
    /// One JSON document
    Json,
}

/// A graph, and how much of the tree it is.
struct Drawing<'a> {
    graph: &'a graph::Graph,
    affected: Option<&'a Affected>,
    /// How many units and roots there are.
    all: usize,
}

impl Graph {
    pub(super) fn run(&self, context: &Context) -> Result<Exit, Failure> {
        let changed = listed(&self.affected_by)?;
        let asked = self.paths.asked(&Plans::default())?;
        if !asked.plans.is_empty() {
            return Err(Failure::Usage("a plan says nothing of what hangs on what".to_owned()));
        }
        let request = Request {
            current: current_directory()?,
            paths: asked.paths,
            walk: self.paths.walk(),
            config: self.paths.config.clone(),
            arguments: self.values.inputs()?,
            environment: environment::variables(),
            process: environment::process(),
            workspace: self.values.workspace.clone(),
            ..Request::default()
        };
        let progress = Progress::start(!context.quiet);
        let loaded = crate::load(&request, &mut |stage| progress.stage(stage))?;
        drop(progress);
        let affected = match self.affected_by.is_empty() {
            true => None,
            false => Some(affected(&loaded, &request.current, &changed)?),
        };
        let model = &loaded.model;
        let whole = if self.resources { graph::resources(model) } else { graph::units(model) };
        let kept = affected.as_ref().map(|affected| whole.only(|node| is_kept(affected, node)));
        let units = model.units.iter().filter(|unit| unit.asked).count();
        let roots = model.roots.iter().filter(|root| root.unit.is_none()).map(|root| &root.scope);
        let all = units + roots.collect::<BTreeSet<_>>().len();
        let drawing = Drawing { graph: kept.as_ref().unwrap_or(&whole), affected: affected.as_ref(), all };
        let mut text = String::new();
        match self.format {
            GraphFormat::Human => human::write(&drawing, &mut text),
            GraphFormat::Dot => dot::write(drawing.graph, &mut text),
            GraphFormat::Mermaid => mermaid::write(drawing.graph, &mut text),
            GraphFormat::Json => json::write(&drawing, &mut text),
        }
        // Names of directories may hold a secret, too.
        let concealed = Concealed::with_values(model, &model.sensitive_literals());
        let print = |out: &mut dyn std::io::Write| out.write_all(concealed.masked(&text).as_bytes());
        context.screen.print(print).map_err(|error| Failure::Write("-".to_owned(), error))?;
        if all == 0 {
            let help =
                "name files or directories with Terraform or Terragrunt files that no ignore file leaves out";
            Failure::Help("nothing was inspected".to_owned(), help.to_owned()).print(&context.screen);
            return Ok(Exit::NothingInspected);
        }
        Ok(Exit::Clean)
    }
}

fn is_kept(affected: &Affected, node: &Node) -> bool {
    let directory = node.directory.as_str();
    let at = affected.reached.binary_search_by(|reached| reached.directory.as_str().cmp(directory));
    at.ok().and_then(|at| affected.reached.get(at)).is_some_and(|reached| reached.asked)
}

/// What files can reach, as they were named: relative to where the program was started.
fn affected(loaded: &Loaded, current: &Path, paths: &[PathBuf]) -> Result<Affected, Failure> {
    let repository = &loaded.workspace.repository;
    let inside = paths.iter().map(|path| inside(repository, current, path));
    let inside: Result<Vec<ArcStr>, Failure> = inside.collect();
    Ok(Affected::by(&loaded.model, &inside?))
}

/// A path that need not exist as one of the repository.
fn inside(repository: &Repository, current: &Path, path: &Path) -> Result<ArcStr, Failure> {
    let current = std::fs::canonicalize(current).unwrap_or_else(|_| current.to_owned());
    let mut absolute = PathBuf::new();
    for part in current.join(path).components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                absolute.pop();
            }
            other => absolute.push(other),
        }
    }
    // Directories above the repository may be links; what is in it is named as it is.
    let found = repository.relative(&absolute).or_else(|error| {
        let mut above = absolute.ancestors().skip(1);
        let place = above.find_map(|above| {
            let rest = absolute.strip_prefix(above).ok()?;
            Some(std::fs::canonicalize(above).ok()?.join(rest))
        });
        place.map_or(Err(error), |place| repository.relative(&place))
    });
    found.map(ArcStr::from).map_err(|error| Failure::Path(path.display().to_string(), error))
}
