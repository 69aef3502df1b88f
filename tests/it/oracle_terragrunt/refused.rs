//! Whether what Terragrunt refuses is refused, where it says.

use std::collections::BTreeSet;

use plangate::model::Unit;
use serde_json::Value as Json;

use super::tree::Case;

/// Why a unit is refused, and where.
pub(super) fn reasons(case: &Case, unit: &Unit) -> Vec<String> {
    let of = case.model.refusals.iter().filter(|refusal| refusal.units.contains(&unit.dir));
    let told = |refusal: &plangate::model::Refusal| {
        let place = refusal.problem.location.map(|at| case.place(at));
        let (file, line) = place.unwrap_or_default();
        format!("{file}:{line}: {}", refusal.problem.message)
    };
    of.map(told).collect()
}

/// The files that are a unit's configuration.
fn files(case: &Case, unit: &Unit) -> BTreeSet<String> {
    let mut files: BTreeSet<String> =
        unit.includes.iter().filter_map(|include| include.path.as_ref().map(ToString::to_string)).collect();
    files.insert(case.file(unit.file).to_owned());
    files
}

/// An output of a dependency without mocks is no mistake, but not known.
fn is_unknown_output(case: &Case, diagnostic: &Json) -> bool {
    let file = diagnostic["file"].as_str().unwrap_or_default();
    let line = diagnostic["line"].as_u64().unwrap_or_default() as usize;
    let text = std::fs::read_to_string(std::path::Path::new(&case.top).join(file)).unwrap_or_default();
    let line = text.lines().nth(line.saturating_sub(1)).unwrap_or_default();
    diagnostic["summary"] == "Unsupported attribute"
        && line.contains("dependency.")
        && line.contains(".outputs.")
        && text.contains("dependency \"vpc\"")
        && !text.contains("mock_outputs")
        && line.contains("dependency.vpc.")
}

pub(super) fn judge(case: &Case, path: &str, unit: &Unit, expected: &Json, found: &mut Vec<String>) {
    if expected["crash"].as_bool() == Some(true) {
        return;
    }
    let own = files(case, unit);
    let list = |json: &Json| json.as_array().cloned().unwrap_or_default();
    let names_own = |diagnostic: &Json| own.contains(diagnostic["file"].as_str().unwrap_or_default());
    let wrong = |diagnostic: &Json| !is_unknown_output(case, diagnostic);
    let bare = unit.includes.iter().any(|include| include.label.is_empty());
    let own_file = case.file(unit.file);
    let of_own = |diagnostic: &Json| diagnostic["file"] == own_file;
    let mut diagnostics: Vec<Json> =
        list(&expected["diagnostics"]).into_iter().filter(|diagnostic| wrong(diagnostic)).collect();
    diagnostics.extend(
        list(&expected["diagnostics_logged"])
            .into_iter()
            .filter(|diagnostic| names_own(diagnostic) && wrong(diagnostic)),
    );
    if !bare {
        diagnostics.extend(
            list(&case.expected["validate"])
                .into_iter()
                .filter(|diagnostic| of_own(diagnostic) && wrong(diagnostic)),
        );
    }
    let message = expected["message"].as_str().unwrap_or_default();
    let unsayable = message.contains("CtyJSONOutput")
        && list(&expected["diagnostics"]).iter().any(|diagnostic| !wrong(diagnostic));
    // What a circle's units use of one another follows from the circle.
    if message.starts_with("Found a dependency cycle") {
        diagnostics.clear();
    }
    let silent = expected["exit"].is_null();
    let refused = !diagnostics.is_empty() || silent || expected["render"].is_null() && !unsayable;
    // A mistake in a file that is only read is passed over by `render`, and told by `validate`.
    let told = list(&case.expected["validate"]);
    let told_elsewhere = |refusal: &plangate::model::Refusal| {
        refusal.problem.location.map(|at| case.place(at)).is_some_and(|(file, line)| {
            !own.contains(&file) && told.iter().any(|one| one["file"] == *file && one["line"] == line)
        })
    };
    let mut of_unit = case.model.refusals.iter().filter(|refusal| refusal.units.contains(&unit.dir));
    if unit.refused && !refused && of_unit.all(told_elsewhere) {
        return;
    }
    if unit.refused != refused {
        let reasons = reasons(case, unit);
        found
            .push(format!("{path}: refused is {}, should be {refused}: {reasons:?} {message}", unit.refused));
        return;
    }
    places(case, path, &Json::Array(diagnostics), found);
}

/// At each place there is an error, or it follows from another one.
pub(super) fn places(case: &Case, path: &str, diagnostics: &Json, found: &mut Vec<String>) {
    let own: BTreeSet<(String, u64)> = case
        .model
        .refusals
        .iter()
        .filter_map(|refusal| refusal.problem.location)
        .chain(case.model.problems.iter().filter_map(|problem| problem.problem.location))
        .map(|at| case.place(at))
        .collect();
    let all = diagnostics.as_array().cloned().unwrap_or_default();
    let place = |diagnostic: &Json| {
        let file = diagnostic["file"].as_str().unwrap_or_default().to_owned();
        (file, diagnostic["line"].as_u64().unwrap_or_default())
    };
    let any = all.iter().any(|diagnostic| own.contains(&place(diagnostic)));
    for diagnostic in &all {
        let at = place(diagnostic);
        let follows =
            diagnostic["summary"] == "Unsupported attribute" || diagnostic["summary"] == "Unknown variable";
        if !(own.contains(&at) || any && follows) {
            found.push(format!("{path}: no error at {}:{}: {}", at.0, at.1, diagnostic["detail"]));
        }
    }
}
