//! `plangate` lints Terraform and Terragrunt trees and gates plans in pull requests.
//!
//! Data flows one way, through the rooms in this order; a lower room never imports an upper one.

pub mod suggest;
pub mod exit;
pub mod source;
pub mod syntax;
pub mod secret;
pub mod value;
pub mod eval;
pub mod finding;
pub mod config;
pub mod model;
pub mod terraform;
pub mod terragrunt;
pub mod plan;
pub mod graph;
pub mod change;
pub mod rules;
pub mod engine;
pub mod triage;
pub mod report;
pub mod catalog;
pub mod comparison;
mod inputs;
mod outcome;
mod request;
pub mod cli;

use std::path::Path;

pub use outcome::Outcome;
pub use request::{Failure, Request};

use config::Config;
use engine::{Selection, Unreadable};
use inputs::Inputs;
use model::Model;
use plan::Plans;
use source::{Disk, Reader, Repository, Workspace};

/// Where the project lives.
pub const HOMEPAGE: &str = env!("CARGO_PKG_REPOSITORY");

/// A tree that was read and evaluated.
#[derive(Debug)]
pub struct Loaded {
    /// The repository, and what was asked for of it.
    pub workspace: Workspace,
    /// The configuration that holds in it.
    pub config: Config,
    /// Everything that was read and evaluated.
    pub model: Model,
    /// The plans that were read.
    pub plans: Plans,
}

/// Reads and evaluates what is asked for; `stage` is told what is being done.
///
/// # Errors
/// A path that cannot be read, or a configuration that is wrong.
pub fn load(request: &Request, stage: &mut dyn FnMut(&'static str)) -> Result<Loaded, Failure> {
    stage("reading");
    let (workspace, plans) = request.open()?;
    let here = workspace.repository.relative(&request.current).unwrap_or_default();
    let mut directories = workspace.directories();
    if directories.is_empty() {
        // Plans alone are judged by what holds where the program was started.
        directories.push(&here);
    }
    let mut plans = plan::load(&request.current, &plans);
    let given = request.config.as_deref();
    let told = request.settings.clone().unwrap_or_else(|| workspace.reader().clone());
    let mut config = configure(&workspace.repository, told.as_ref(), &request.current, given, directories)?;
    let Inputs { settings, workspace, unfound, terragrunt } = inputs::settings(request, &config, workspace)?;
    config.problems.extend(unfound.problems(request, &workspace));
    let mut config = checked(config)?;
    stage("evaluating");
    let mut loading = terraform::Loading::start(&workspace, &settings);
    let units = terragrunt::load(&workspace, &terragrunt, loading.model());
    let current = std::fs::canonicalize(&request.current).unwrap_or_else(|_| request.current.clone());
    let made = plans.made(loading.model(), &workspace.repository, &current);
    loading.evaluate_as(made);
    let mut model = loading.finish(&units);
    inputs::given::check(&settings.arguments, &model)?;
    // Modules that were not asked for may have settings of their own.
    config.look_in(told.as_ref(), model.modules.iter().map(|module| module.dir.as_str()));
    let config = checked(config)?;
    plans.tie(&mut model, &workspace.repository, &current);
    plans.fuse(&mut model);
    for directory in plans.plans.iter().filter_map(|plan| plan.directory.as_deref()) {
        terraform::read_lock(&workspace, &mut model, directory);
    }
    Ok(Loaded { workspace, config, model, plans })
}

/// Judges what is asked for.
///
/// # Errors
/// A path that cannot be read, or a configuration that is wrong.
pub fn lint(request: &Request, stage: &mut dyn FnMut(&'static str)) -> Result<Outcome, Failure> {
    let Loaded { workspace, config, mut model, plans } = load(request, stage)?;
    stage("checking");
    plans.stand_alone(&mut model, engine::looking_at(&config, &request.filter));
    let mut coverage = outcome::coverage(&workspace, &model, &plans);
    let unreadable = Unreadable::note(&workspace, &mut model);
    let selection = Selection::new(&workspace, &unreadable);
    let judged = match engine::judge(&model, &plans, &config, &selection, &request.filter) {
        Ok(judged) => judged,
        Err(problems) => return Err(Failure::Configuration(problems, Box::new(config.sources))),
    };
    coverage.rules = judged.rules;
    coverage.undecided = judged.undecided;
    let (mut findings, mut suppressed) = if request.ignore_comments {
        let triaged = outcome::triage(request, &config, &model, judged.findings, &coverage);
        (triaged.findings, triaged.suppressed)
    } else {
        (judged.findings, Vec::new())
    };
    let secrets = outcome::conceal(&model, &plans, &mut findings, &mut suppressed, &mut coverage);
    Ok(Outcome { findings, suppressed, coverage, model, plans, config, secrets })
}

/// Finds and reads the configuration that holds for these directories.
///
/// # Errors
/// A file that was named and cannot be read, or what is wrong with the configuration.
pub fn configure<'d>(
    repository: &Repository,
    reader: &dyn Reader,
    current: &Path,
    given: Option<&Path>,
    directories: impl IntoIterator<Item = &'d str>,
) -> Result<Config, Failure> {
    let mut config = Config::default();
    if let Some(path) = given {
        let failed = |error| Failure::Path(path.to_owned(), error);
        let absolute =
            std::fs::canonicalize(current.join(path)).map_err(|_| failed(source::ReadError::Missing))?;
        // A configuration that the user names may lie anywhere.
        match repository.relative(&absolute) {
            Ok(relative) => config.use_file(reader, &relative).map_err(failed)?,
            Err(_) => {
                let (parent, name) = (absolute.parent(), absolute.file_name().and_then(|name| name.to_str()));
                let (Some(parent), Some(name)) = (parent, name) else {
                    return Err(failed(source::ReadError::Name));
                };
                config.use_file(&Disk::new(parent.to_owned()), name).map_err(failed)?;
            }
        }
    }
    config.look_in(reader, directories);
    checked(config)
}

fn checked(mut config: Config) -> Result<Config, Failure> {
    let unfit = rules::check(&config);
    config.problems.extend(unfit);
    if config.problems.is_empty() {
        return Ok(config);
    }
    Err(Failure::Configuration(config.problems, Box::new(config.sources)))
}
