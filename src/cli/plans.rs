use super::arguments::input;
use super::failure::Failure;
use super::screen::Screen;
use crate::plan;
use crate::report::visible;
use crate::source::{PlanArgument, PlanContent, PlanFile, PlanPlace, bounds};

/// Which plans to look at.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Plans")]
pub(super) struct Plans {
    /// A plan or state as `terraform show -json` writes it, compressed or not; may be given several times. A file; a
    /// directory that Terragrunt's --json-out-dir wrote; a pattern, in which `{dir}` says which directory a plan is of;
    /// `DIR=FILE`, which says so too; `-` for standard input
    #[arg(long = "plan", value_name = "PLAN")]
    plans: Vec<String>,
}

impl Plans {
    /// Whether one comes from standard input.
    pub(super) fn takes_standard_input(&self) -> bool {
        self.plans.iter().any(|plan| from_standard_input(plan).is_some())
    }

    /// The plans, with that on standard input read.
    pub(super) fn given(&self) -> Result<Vec<PlanArgument>, Failure> {
        let mut read = false;
        let one = |name: &String| match from_standard_input(name) {
            Some(_) if std::mem::replace(&mut read, true) => {
                Err(Failure::Usage("standard input is named twice".to_owned()))
            }
            Some(place) => Ok(given("-", place, input(bounds::PLAN_BYTES)?)),
            None => Ok(PlanArgument::Named(name.clone())),
        };
        self.plans.iter().map(one).collect()
    }
}

fn from_standard_input(name: &str) -> Option<PlanPlace> {
    if name == "-" {
        return Some(PlanPlace::Anywhere);
    }
    name.strip_suffix("=-").map(|directory| PlanPlace::Directory(directory.to_owned()))
}

/// A plan whose bytes are here.
pub(super) fn given(shown: &str, place: PlanPlace, bytes: Vec<u8>) -> PlanArgument {
    PlanArgument::Given(PlanFile { shown: shown.to_owned(), place, content: PlanContent::Bytes(bytes) })
}

/// Tells on standard error what is wrong with plans.
pub(super) fn tell(plans: &plan::Plans, screen: &Screen) {
    for problem in &plans.problems {
        let name = problem.describe();
        let name =
            if problem.file == "-" { "the plan on standard input".into() } else { format!("`{name}`") };
        let word = if problem.fault.is_fatal() { "" } else { "warning: " };
        let message = format!("{word}{} {}", visible(&name), problem.fault);
        match problem.fault.help() {
            Some(help) => Failure::Help(message, help.to_owned()).print(screen),
            None => Failure::Usage(message).print(screen),
        }
    }
}
