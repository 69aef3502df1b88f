//! Which values a plan does not know, by its configuration alone and by the source: they never contradict each other.

use std::path::Path;
use std::sync::Arc;

use plangate::model::Model;
use plangate::plan::Plan;
use plangate::source::{Disk, Repository, Walk, Workspace};
use plangate::terraform::{Input, Settings};
use plangate::value::{Exact, Kind, Value};

use super::{cases, json, read};

/// The root module of a case, below its tree.
fn root_of(expected: &serde_json::Value) -> String {
    let dir = expected["plan"]["dir"].as_str().unwrap_or("tree");
    dir.split_once('/').map_or("", |(_, below)| below).to_owned()
}

/// The source of a case, evaluated with the variables that the plan was made with.
pub(super) fn evaluated(case: &Path, expected: &serde_json::Value) -> Model {
    let step = &expected["plan"];
    let top = case.join(step["dir"].as_str().unwrap_or("tree").split('/').next().unwrap_or_default());
    let top = std::fs::canonicalize(top).expect("the tree is there");
    let repository = Repository { root: top.clone(), marked: false };
    let disk = Disk::new(top.clone());
    let walked = Walk { no_ignore: true, ..Walk::default() }.run(&repository, &disk, &[top]);
    let workspace = Workspace::over(repository, Arc::new(disk), walked.files);
    let mut settings = Settings { named_roots: vec![root_of(expected)], ..Settings::default() };
    settings.workspace = Some("default".to_owned());
    for argument in step["args"].as_array().into_iter().flatten().filter_map(serde_json::Value::as_str) {
        if let Some((name, text)) = argument.strip_prefix("--var=").and_then(|given| given.split_once('=')) {
            settings.arguments.push(Input::Value { name: name.to_owned(), text: text.to_owned() });
        } else if let Some(file) = argument.strip_prefix("--var-file=") {
            settings.arguments.push(Input::File(file.to_owned()));
        }
    }
    plangate::terraform::load(&workspace, &settings)
}

/// What was compared: how many values both know to be the same one, and what they contradict each other in.
#[derive(Default)]
struct Compared {
    same: usize,
    contradictions: Vec<String>,
}

fn exact(value: &Value) -> Option<&Exact> {
    let exact = value.as_unknown()?.identity.exact()?;
    exact.is_single().then_some(exact)
}

impl Compared {
    fn value(&mut self, about: &str, plan: &Value, source: &Value) {
        if let Some(ours) = exact(plan) {
            // A set is not known as a whole where an element is not.
            let source = match source.elements() {
                Some([only]) => only,
                _ => source,
            };
            match exact(source) {
                Some(theirs) if (&ours.address, &ours.path) == (&theirs.address, &theirs.path) => {
                    self.same += 1
                }
                Some(theirs) => {
                    self.contradictions.push(format!("{about}: {ours} by the plan, {theirs} by the source"))
                }
                None => {}
            }
            return;
        }
        for (name, inner) in plan.entries().unwrap_or_default() {
            if let Some(source) = source.get(name) {
                self.value(&format!("{about}.{name}"), inner, source);
            }
        }
        if let (Some(plan), Some(source)) = (plan.elements(), source.elements())
            && plan.len() == source.len()
            && (plan.len() == 1 || !matches!(source[0].kind(), Kind::Object(_)))
        {
            for (index, (inner, source)) in plan.iter().zip(source).enumerate() {
                self.value(&format!("{about}[{index}]"), inner, source);
            }
        }
    }

    fn plan(&mut self, name: &str, plan: &Plan, model: &Model) {
        let root = model.roots.iter().find(|root| root.scope == plan.scope).expect("a root");
        let resources = || root.instances.iter().flat_map(|instance| &instance.resources);
        for change in plan.changes.iter().filter(|change| !change.is_deposed()) {
            if let Some(found) = resources().find(|found| found.address == change.address) {
                self.value(&format!("{name}: {}", change.address), &plan.after(change), &found.attributes);
            }
        }
    }
}

#[test]
fn plan_and_source_mean_the_same_value() {
    let mut compared = Compared::default();
    for case in cases() {
        let expected = json(&case.join("case.json"));
        if expected.get("terragrunt").is_some() {
            continue;
        }
        let model = evaluated(&case, &expected);
        for mut plan in read(&case).plans {
            let root = root_of(&expected);
            plan.scope = if root.is_empty() { ".".into() } else { root.into() };
            compared.plan(expected["name"].as_str().unwrap_or_default(), &plan, &model);
        }
    }
    assert_eq!(compared.contradictions, Vec::<String>::new());
    assert!(compared.same > 60, "only {} values were found by both", compared.same);
}

/// What a plan alone says of its unknowns.
#[test]
fn references_lead_to_values() {
    let table: &[(&str, &str, &[&str], &str)] = &[
        (
            "identity-chain-on-update",
            "module.dns_a.aws_route53_record.this",
            &["records"],
            "module.a.aws_db_instance.this.address",
        ),
        (
            "identity-through-expansion",
            "aws_route53_record.lb[\"alice\"]",
            &["alias", "0", "name"],
            "aws_lb.lb[\"alice\"].dns_name",
        ),
        (
            "identity-through-expansion",
            "aws_route53_record.cache[\"bob\"]",
            &["records"],
            "aws_elasticache_replication_group.r[\"bob\"].primary_endpoint_address",
        ),
        ("identity-through-expansion", "aws_route53_record.first", &["records"], "derived"),
        ("identity-through-expansion", "aws_route53_record.chosen", &["records"], "derived"),
        (
            "identity-database-alias",
            "aws_ssm_parameter.bad",
            &["value"],
            "module.db.aws_db_instance.this.endpoint",
        ),
        ("identity-database-alias", "aws_ssm_parameter.good", &["value"], "derived"),
        (
            "identity-database-alias",
            "module.db.aws_db_instance.this",
            &["address"],
            "module.db.aws_db_instance.this.address",
        ),
    ];
    for (name, address, path, expected) in table {
        let case = cases().into_iter().find(|case| case.ends_with(name)).expect("the case");
        let plans = read(&case);
        let plan = &plans.plans[0];
        let change = plan.changes.iter().find(|change| change.address == *address).expect("the change");
        let after = plan.after(change);
        let found = path.iter().try_fold(&after, |value, step| match step.parse::<usize>() {
            Ok(index) => value.elements()?.get(index),
            Err(_) => value.get(step),
        });
        let unknown =
            found.and_then(Value::as_unknown).unwrap_or_else(|| panic!("{address} {path:?} is known"));
        let said = unknown.identity.exact().map_or_else(|| "derived".to_owned(), ToString::to_string);
        assert_eq!(said, *expected, "{name} {address} {path:?}");
    }
}
