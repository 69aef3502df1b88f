//! Files to plans.

use std::cmp::Reverse;
use std::path::Path;
use std::sync::Arc;

use arcstr::ArcStr;
use rayon::prelude::*;

use super::spare::Spare;
use super::{FormatVersion, Plan, PlanFault, PlanProblem, Plans, Tie, looks_like_a_plan, read, recognise};
use crate::source::{PlanArgument, PlanContent, PlanFile, PlanPlace, ReadError, plan_files};

/// Reads all plans that are asked for; relative paths are as seen from `current`. A file that is bad is a problem of
/// that file alone.
#[must_use]
pub fn load(current: &Path, arguments: &[PlanArgument]) -> Plans {
    let mut plans = Plans::default();
    let mut files = Vec::new();
    for argument in arguments {
        match argument {
            PlanArgument::Given(file) => files.push(file.clone()),
            PlanArgument::Named(name) => {
                let found = plan_files(current, name, &looks_like_a_plan);
                if found.is_empty() {
                    plans.problems.extend(failed(&name.as_str().into(), 0, PlanFault::NoPlans).problems);
                }
                files.extend(found);
            }
        }
    }
    // Of a file that was named twice, the place that says more counts.
    files.sort_by(|a, b| (&a.content, Reverse(&a.place)).cmp(&(&b.content, Reverse(&b.place))));
    files.dedup_by(|later, earlier| later.content == earlier.content);
    let one = |file: PlanFile| {
        let name = ArcStr::from(file.shown);
        let tie = tie(file.place);
        let Some(path) = file.content.path().map(Path::to_owned) else {
            return content(&name, &tie, file.content.read(&mut |_| true));
        };
        for mut spare in [Spare::all(), Spare::certain()] {
            let read = PlanContent::At(path.clone()).read(&mut |read| spare.leave_out(read));
            if spare.has_missed() {
                continue;
            }
            let plans = content(&name, &tie, read);
            let right =
                plans.problems.is_empty() && plans.plans.first().is_some_and(|plan| spare.is_of(plan));
            if right || !spare.is_left_out() {
                return plans;
            }
        }
        // What is wrong is told by its place in the whole file.
        content(&name, &tie, file.content.read(&mut |_| true))
    };
    let all: Vec<Plans> = files.into_par_iter().map(one).collect();
    for found in all {
        plans.plans.extend(found.plans);
        plans.problems.extend(found.problems);
    }
    plans.plans.sort_by(|a, b| (&a.file, a.document).cmp(&(&b.file, b.document)));
    plans.problems.sort_by(|a, b| (&a.file, a.document).cmp(&(&b.file, b.document)));
    plans
}

fn content(file: &ArcStr, tie: &Tie, read: Result<Vec<u8>, ReadError>) -> Plans {
    match read {
        Ok(bytes) => parse(file, tie, bytes),
        Err(error) => failed(file, 0, PlanFault::Unreadable(error)),
    }
}

/// Reads the plans that the bytes of one file hold.
#[must_use]
pub fn parse(file: &ArcStr, tie: &Tie, bytes: Vec<u8>) -> Plans {
    let text = match recognise::text(bytes) {
        Ok(text) => Arc::new(text),
        Err(fault) => return failed(file, 0, fault),
    };
    let documents = read::documents(file, &text);
    let several = documents.len() > 1;
    let mut plans = Plans::default();
    for (index, document) in documents.into_iter().enumerate() {
        let number = if several { index as u32 + 1 } else { 0 };
        match document {
            Ok(plan) => {
                let notes = notes(&plan);
                plans.problems.extend(notes.map(|fault| problem(file, number, fault)));
                plans.plans.push(Plan { document: number, tie: tie.clone(), ..plan });
            }
            Err(fault) => plans.problems.push(problem(file, number, fault)),
        }
    }
    plans
}

/// What must be known of a plan that was read.
fn notes(plan: &Plan) -> impl Iterator<Item = PlanFault> {
    let newer = plan.format_version > FormatVersion::NEWEST;
    let newer = newer.then_some(PlanFault::NewerVersion(plan.format_version));
    newer.into_iter().chain(plan.errored.then_some(PlanFault::Errored))
}

fn tie(place: PlanPlace) -> Tie {
    match place {
        PlanPlace::Anywhere => Tie::None,
        PlanPlace::Directory(directory) => Tie::Directory(directory.into()),
        PlanPlace::Below(path) => Tie::Unit(path.into()),
    }
}

fn problem(file: &ArcStr, document: u32, fault: PlanFault) -> PlanProblem {
    PlanProblem { file: file.clone(), document, fault }
}

fn failed(file: &ArcStr, document: u32, fault: PlanFault) -> Plans {
    Plans { plans: Vec::new(), problems: vec![problem(file, document, fault)] }
}
