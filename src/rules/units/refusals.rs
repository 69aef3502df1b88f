//! Why Terragrunt refuses units and stacks, as findings: each kind of reason has its rule.

use crate::finding::{Place, Severity};
use crate::model::{Model, Refusal, RefusalKind};
use crate::rules::{FileSubject, Report, Sink};

/// Reports the refusals of a kind in a file: errors, whatever else the rule tells.
pub(super) fn of_file(file: &FileSubject<'_>, kind: RefusalKind, sink: &mut Sink<'_>) {
    for refusal in file.model.refusals_in(file.id).filter(|refusal| refusal.kind == kind) {
        if let Some(report) = report(file.model, refusal, &|_| true, sink) {
            report.at_least(Severity::Error);
        }
    }
}

/// Reports a refusal as far as units are concerned that are meant to be run where they are, and that `concerns` says.
pub(super) fn report<'s>(
    model: &Model,
    refusal: &Refusal,
    concerns: &dyn Fn(&str) -> bool,
    sink: &'s mut Sink<'_>,
) -> Option<Report<'s>> {
    let units = refusal.units.iter().filter(|dir| !model.is_template(dir) && concerns(dir));
    let places: Vec<Place> = units.map(|dir| Place { unit: Some(dir.clone()), ..Place::default() }).collect();
    if places.is_empty() {
        return None;
    }
    let mut report = sink.report_problem(&refusal.problem);
    for place in places {
        report = report.about(place);
    }
    Some(report.fact(refusal.problem.message.clone()))
}
