use std::mem::ManuallyDrop;
use std::path::PathBuf;
use std::time::Instant;

use clap::ArgMatches;

use super::arguments::{Paths, standard_input};
use super::outputs::{self, Outputs};
use super::plans::{self, Plans};
use super::progress::Progress;
use super::values::Values;
use super::{Context, Failure, environment, print_config};
use crate::config::UndecidedLevel;
use crate::engine::RuleFilter;
use crate::exit::Exit;
use crate::finding::Severity;
use crate::report::{Masked, Options, Report};
use crate::triage::Date;
use crate::{Request, catalog, rules};

/// The arguments of `plangate lint`.
#[derive(Debug, clap::Args)]
pub(super) struct Lint {
    #[command(flatten)]
    paths: Paths,
    #[command(flatten)]
    plans: Plans,
    #[command(flatten)]
    outputs: Outputs,
    /// How severe a finding must be to make the exit code 1; `threshold` of the configuration if not given
    #[arg(long, value_enum, value_name = "SEVERITY")]
    fail_on: Option<Severity>,
    /// What becomes of what cannot be decided; `undecided` of the configuration if not given
    #[arg(long, value_enum, value_name = "LEVEL")]
    undecided: Option<UndecidedLevel>,
    /// List everything that could not be decided
    #[arg(long, help_heading = "Reports")]
    show_undecided: bool,
    /// Show so many findings at most; the summary still counts all
    #[arg(long, value_name = "COUNT", help_heading = "Reports")]
    max_findings: Option<usize>,
    /// Run only this rule, wherever it is not excluded; may be given several times
    #[arg(long = "rule", value_name = "RULE", help_heading = "Rules")]
    rules: Vec<String>,
    /// Do not run this rule; may be given several times
    #[arg(long = "skip-rule", value_name = "RULE", help_heading = "Rules")]
    skip_rules: Vec<String>,
    /// Do not honour `plangate:ignore` comments
    #[arg(long, help_heading = "Rules")]
    no_ignore_comments: bool,
    /// Take standard input for the text of this file, and report on it alone: for editors
    #[arg(long, value_name = "PATH", help_heading = "Files", conflicts_with = "paths")]
    stdin_filename: Option<PathBuf>,
    /// Show the settings that hold for this path, and where each comes from
    #[arg(long, value_name = "PATH", conflicts_with_all = ["paths", "stdin_filename"])]
    print_config: Option<PathBuf>,
    #[command(flatten)]
    pub(super) values: Values,
}

impl Lint {
    /// Notes which `--output` stands behind which `--format`.
    pub(super) fn take_order(&mut self, given: &ArgMatches) {
        self.outputs.take_order(given);
    }

    pub(super) fn run(&self, context: &Context) -> Result<Exit, Failure> {
        if let Some(path) = &self.print_config {
            return print_config::run(context, path, self.paths.config.as_deref());
        }
        let started = Instant::now();
        let reports = self.outputs.reports()?;
        let request = self.request()?;
        let progress = Progress::start(!context.quiet);
        // The program ends with this: giving all of it back piece by piece would only take time.
        let outcome = ManuallyDrop::new(crate::lint(&request, &mut |stage| {
            progress.stage(stage);
            context.log.step(|| stage.to_owned());
        })?);
        drop(progress);
        plans::tell(&outcome.plans, &context.screen);

        let masked = Masked::new(&outcome.model.sources, &outcome.secrets);
        let rules = catalog::all();
        let report = Report {
            findings: &outcome.findings,
            suppressed: &outcome.suppressed,
            coverage: &outcome.coverage,
            elapsed: started.elapsed(),
            sources: &masked,
            rules: &rules,
        };
        for (format, file) in reports {
            let to_file = file.is_some();
            let options = Options {
                color: context.screen.color && !to_file,
                links: context.screen.links && !to_file,
                width: context.screen.width,
                unicode: context.screen.unicode,
                narrated: context.screen.narrated,
                show_undecided: self.show_undecided,
                max_findings: self.max_findings,
            };
            outputs::write(&context.screen, file, |out| {
                crate::report::write(&report, format, out, &options)
            })?;
        }
        let exit = outcome.exit(self.fail_on, self.undecided);
        context.log.step(|| format!("done: exit code {}", exit.code()));
        if exit == Exit::NothingInspected {
            return Ok(nothing(context));
        }
        Ok(exit)
    }

    fn request(&self) -> Result<Request, Failure> {
        for id in self.rules.iter().chain(&self.skip_rules) {
            if rules::find(id).is_none() {
                return Err(Failure::Help(format!("there is no rule `{id}`"), rules::suggestion(id)));
            }
        }
        let text = match &self.stdin_filename {
            Some(path) if !self.plans.takes_standard_input() => Some((path.clone(), standard_input()?)),
            Some(_) => {
                return Err(Failure::Usage("standard input is both a plan and a file's text".to_owned()));
            }
            None => None,
        };
        let asked = self.paths.asked(&self.plans)?;
        Ok(Request {
            current: current_directory()?,
            paths: asked.paths,
            plans: asked.plans,
            walk: self.paths.walk(),
            text,
            config: self.paths.config.clone(),
            arguments: self.values.inputs()?,
            environment: environment::variables(),
            process: environment::process(),
            workspace: self.values.workspace.clone(),
            filter: RuleFilter { only: self.rules.clone(), skip: self.skip_rules.clone() },
            ignore_comments: !self.no_ignore_comments,
            today: Date::of(std::time::SystemTime::now()),
            ..Request::default()
        })
    }
}

/// Where the program was started.
pub(super) fn current_directory() -> Result<PathBuf, Failure> {
    std::env::current_dir()
        .map_err(|error| Failure::Usage(format!("cannot find the current directory: {}", error.kind())))
}

/// Says that a check of nothing is no check.
fn nothing(context: &Context) -> Exit {
    Failure::Help(
        "nothing was inspected".to_owned(),
        "name files or directories with Terraform files that no ignore file leaves out".to_owned(),
    )
    .print(&context.screen);
    Exit::NothingInspected
}
