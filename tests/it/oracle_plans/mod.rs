//! Plans that Terraform itself made: see `fixtures/oracle/plans/README.md`.

mod fusion;
mod identity;
mod verdicts;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use plangate::plan::{Plan, PlanFault, Plans, ResourceChange, Tie, load};
use plangate::source::PlanArgument;
use serde_json::Value as Json;

pub(crate) fn cases() -> Vec<PathBuf> {
    let all = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/oracle/plans");
    let mut cases: Vec<PathBuf> = std::fs::read_dir(all)
        .expect("the oracle is there")
        .map(|entry| entry.expect("readable").path())
        .filter(|path| path.is_dir())
        .collect();
    cases.sort();
    cases
}

fn json(path: &Path) -> Json {
    let text = std::fs::read_to_string(path).expect("a file of the case");
    serde_json::from_str(&text).expect("JSON")
}

fn read(case: &Path) -> Plans {
    let name = if case.join("json-out").is_dir() { "json-out" } else { "plan.json" };
    load(case, &[PlanArgument::Named(name.to_owned())])
}

/// How a case says what becomes of an object.
fn said(change: &ResourceChange) -> String {
    let mut words = vec![change.action.to_string()];
    words.extend(change.previous_address.iter().map(|address| format!("was {address}")));
    words.extend(change.importing.iter().map(|_| "import".to_owned()));
    words.extend(change.action_reason.iter().map(ToString::to_string));
    words.join(", ")
}

fn counted<'p>(changes: impl Iterator<Item = &'p ResourceChange>) -> Json {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for change in changes {
        *counts.entry(change.action.to_string()).or_default() += 1;
    }
    serde_json::to_value(counts).expect("JSON")
}

fn mapped<'p>(pairs: impl Iterator<Item = (String, String)> + 'p) -> Json {
    Json::Object(pairs.map(|(key, value)| (key, Json::String(value))).collect())
}

#[test]
fn plans_say_what_the_cases_say() {
    for case in cases() {
        let expected = json(&case.join("case.json"));
        let plans = read(&case);
        let name = &expected["name"];
        assert_eq!(counted(plans.plans.iter().flat_map(|plan| &plan.changes)), expected["actions"], "{name}");
        if let Some(units) = expected["units"].as_object() {
            let found = plans.plans.iter().map(|plan| match &plan.tie {
                Tie::Unit(unit) => (unit.to_string(), counted(plan.changes.iter())),
                other => panic!("{name}: {other:?}"),
            });
            assert_eq!(&found.collect::<serde_json::Map<String, Json>>(), units, "{name}");
            continue;
        }
        let [plan] = plans.plans.as_slice() else { panic!("{name}: one plan") };
        one(name, plan, &expected);
        let errored = plans.problems.iter().any(|problem| problem.fault == PlanFault::Errored);
        assert_eq!(errored, plan.errored, "{name}");
        assert_eq!(plans.problems.len(), usize::from(errored), "{name}: {:?}", plans.problems);
    }
}

fn one(name: &Json, plan: &Plan, expected: &Json) {
    let changes = mapped(plan.changes.iter().map(|change| (change.describe(), said(change))));
    assert_eq!(changes, expected["changes"], "{name}");
    assert_eq!(plan.changes.len(), expected["changes"].as_object().map_or(0, serde_json::Map::len), "{name}");
    let drift = mapped(plan.drift.iter().map(|change| (change.describe(), change.action.to_string())));
    assert_eq!(drift, expected["drift"], "{name}");
    let outputs =
        mapped(plan.outputs.iter().map(|output| (output.name.to_string(), output.action.to_string())));
    assert_eq!(outputs, expected["outputs"], "{name}");
    let deferred = mapped(
        plan.deferred.iter().map(|deferred| (deferred.change.describe(), deferred.reason.to_string())),
    );
    let none = serde_json::json!({});
    assert_eq!(&deferred, expected.get("deferred").unwrap_or(&none), "{name}");
    assert_eq!(Json::Bool(plan.errored), expected["errored"], "{name}");
    assert_eq!(plan.complete.map(Json::Bool).as_ref(), expected.get("complete"), "{name}");
    assert_eq!(plan.applyable.map(Json::Bool).as_ref(), expected.get("applyable"), "{name}");
}

/// Every value that is built says what the plan's text says, but for what is not known.
#[test]
fn values_are_read_without_loss() {
    for case in cases() {
        let plans = read(&case);
        for plan in &plans.plans {
            let text = std::fs::read_to_string(case.join(&*plan.file)).expect("the plan");
            let document: Json = serde_json::from_str(&text).expect("JSON");
            let listed = |name: &str| document[name].as_array().cloned().unwrap_or_default();
            let pairs = plan.changes.iter().zip(listed("resource_changes"));
            for (change, raw) in pairs.chain(plan.drift.iter().zip(listed("resource_drift"))) {
                let about = format!("{} {}", plan.file, change.describe());
                assert_eq!(raw["address"], change.address.as_str(), "{about}");
                let raw = &raw["change"];
                same(&about, &plan.before(change), &raw["before"], &Json::Null, &raw["before_sensitive"]);
                same(
                    &about,
                    &plan.after(change),
                    &raw["after"],
                    &raw["after_unknown"],
                    &raw["after_sensitive"],
                );
            }
        }
    }
}

/// Compares a value with the text and its masks, which a reader of another make reads.
fn same(about: &str, value: &plangate::value::Value, raw: &Json, unknown: &Json, sensitive: &Json) {
    if *sensitive == Json::Bool(true) {
        assert!(value.meta().sensitive(), "{about} is not masked");
    }
    if *unknown == Json::Bool(true) {
        assert!(value.as_unknown().is_some(), "{about} is known");
        return;
    }
    let holds_unknown = unknown.to_string().contains("true");
    match raw {
        Json::Object(members) => {
            for (key, raw) in members {
                let inner = value.get(key).unwrap_or_else(|| panic!("{about}.{key} is missing"));
                same(&format!("{about}.{key}"), inner, raw, &unknown[key], &sensitive[key]);
            }
            let entries = value.entries().expect("an object");
            for (key, inner) in entries.iter().filter(|(key, _)| !members.contains_key(key.as_str())) {
                assert!(unknown[key.as_str()].to_string().contains("true"), "{about}.{key} is nowhere");
                same(&format!("{about}.{key}"), inner, &Json::Null, &unknown[key.as_str()], &Json::Null);
            }
        }
        Json::Array(elements) => {
            let values = value.elements().unwrap_or_else(|| panic!("{about} is no list"));
            assert_eq!(values.len(), elements.len(), "{about}");
            for (index, (inner, raw)) in values.iter().zip(elements).enumerate() {
                same(&format!("{about}[{index}]"), inner, raw, &unknown[index], &sensitive[index]);
            }
        }
        Json::Null if holds_unknown => assert!(!value.is_null(), "{about}"),
        Json::Null => assert!(value.is_null(), "{about}"),
        Json::String(text) => assert_eq!(value.as_str(), Some(text.as_str()), "{about}"),
        Json::Bool(truth) => assert_eq!(value.as_bool(), Some(*truth), "{about}"),
        Json::Number(number) => {
            let text = value.to_json().expect("a number");
            // The other reader keeps 64 bits; those of long numbers are compared as text elsewhere.
            assert_eq!(text.parse::<f64>().ok(), number.as_f64(), "{about}");
        }
    }
}
