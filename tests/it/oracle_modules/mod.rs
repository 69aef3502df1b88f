//! Whole modules against what Terraform itself said about them: see `fixtures/oracle/modules/README.md`.

mod compare;
mod rejected;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use plangate::model::{Model, Root};
use plangate::source::{Disk, Repository, Walk, Workspace};
use plangate::terraform::{Input, Settings, load};
use serde_json::Value as Json;

/// Cases that are knowingly not met, each with its reason.
const UNMET: &[(&str, &str)] = &[];

fn cases() -> Vec<PathBuf> {
    let all = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/oracle/modules");
    let mut cases: Vec<PathBuf> = std::fs::read_dir(all)
        .expect("the oracle is there")
        .map(|entry| entry.expect("readable").path())
        .filter(|path| path.is_dir())
        .collect();
    cases.sort();
    cases
}

/// The tree of a case, evaluated, and its root.
fn evaluated(case: &Path, expected: &Json) -> Model {
    let top = std::fs::canonicalize(case).expect("the case is there");
    let repository = Repository { root: top.clone(), marked: false };
    let disk = Disk::new(top.clone());
    let walked = Walk { no_ignore: true, ..Walk::default() }.run(&repository, &disk, &[top]);
    let workspace = Workspace::over(repository, Arc::new(disk), walked.files);
    let root = expected["root"].as_str().unwrap_or("").to_owned();
    let mut settings = Settings { named_roots: vec![root], ..Settings::default() };
    let inputs = &expected["inputs"];
    settings.workspace = Some(inputs["workspace"].as_str().unwrap_or("default").to_owned());
    for (name, value) in inputs["env"].as_object().into_iter().flatten() {
        let name = name.strip_prefix("TF_VAR_").expect("a variable").to_owned();
        settings.environment.push((name, value.as_str().expect("text").to_owned()));
    }
    let mut arguments = inputs["args"].as_array().into_iter().flatten().filter_map(Json::as_str);
    while let Some(argument) = arguments.next() {
        let (flag, value) = match argument.split_once('=') {
            Some((flag, value)) => (flag, value),
            None => (argument, arguments.next().expect("a value follows")),
        };
        settings.arguments.push(match flag {
            "-var" => {
                let (name, text) = value.split_once('=').expect("name=value");
                Input::Value { name: name.to_owned(), text: text.to_owned() }
            }
            "-var-file" => Input::File(value.to_owned()),
            other => panic!("unknown argument {other}"),
        });
    }
    load(&workspace, &settings)
}

fn root<'m>(model: &'m Model, expected: &Json) -> Option<&'m Root> {
    let scope = expected["root"].as_str().unwrap_or(".");
    model.roots.iter().find(|root| root.scope == scope)
}

/// What disagrees in one case.
fn disagreements(name: &str, case: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(case.join("expected.json")).expect("an expectation");
    let expected: Json = serde_json::from_str(&text).expect("JSON");
    let model = evaluated(case, &expected);
    if expected["ok"] == Json::Bool(false) {
        return rejected::disagreements(&model, &expected);
    }
    match root(&model, &expected) {
        Some(root) => compare::disagreements(name, &model, root, &expected),
        None => vec!["there is no such root".to_owned()],
    }
}

#[test]
fn every_case_agrees() {
    let only = std::env::var("PLANGATE_CASE").ok();
    let cases = cases();
    let (mut report, mut met) = (String::new(), 0);
    for case in &cases {
        let name = case.file_name().and_then(|name| name.to_str()).expect("a name");
        if only.as_deref().is_some_and(|only| only != name) {
            continue;
        }
        let found = disagreements(name, case);
        let unmet = UNMET.iter().any(|(known, _)| *known == name);
        match (found.is_empty(), unmet) {
            (true, false) => met += 1,
            (true, true) => report.push_str(&format!("{name}: is listed as unmet, but agrees\n")),
            (false, true) => {}
            (false, false) => report.push_str(&format!("{name}:\n  {}\n", found.join("\n  "))),
        }
    }
    assert!(report.is_empty(), "{met} of {} cases agree; these do not:\n{report}", cases.len());
    assert!(only.is_some() || cases.len() == 112, "a case is missing");
}
