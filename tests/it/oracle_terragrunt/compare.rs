//! Whether a tree comes to what Terragrunt said.

use std::collections::BTreeSet;

use plangate::model::Unit;
use plangate::value::{Kind, Value};
use serde_json::{Map, Value as Json};

use super::refused;
use super::tree::{Case, strings};

pub(super) fn disagreements(case: &Case, defaults: &Json) -> Vec<String> {
    let mut found = Vec::new();
    let units = case.expected["units"].as_object().cloned().unwrap_or_default();
    for (path, expected) in &units {
        let Some(unit) = case.unit(path) else {
            found.push(format!("{path}: there is no such unit"));
            continue;
        };
        // One that an earlier run generated is generated anew.
        if unit.stack.is_some() {
            continue;
        }
        refused::judge(case, path, unit, expected, &mut found);
        rendered(case, path, unit, &expected["render"], defaults, &mut found);
        if let Some(variant) = expected["variants"]["experiment"]["render"].as_object() {
            let model = case.with_experiment("deep-merge");
            let unit = model.unit(path).expect("the unit");
            let render = Json::Object(variant.clone());
            rendered(case, &format!("{path} (experiment)"), unit, &render, defaults, &mut found);
        }
    }
    discovered(case, &mut found);
    generated(case, defaults, &mut found);
    found
}

/// What a unit comes to is what `render` printed.
fn rendered(case: &Case, path: &str, unit: &Unit, render: &Json, defaults: &Json, found: &mut Vec<String>) {
    let Some(render) = render.as_object() else { return };
    let mut expected = defaults.as_object().cloned().unwrap_or_default();
    expected.extend(render.clone());
    for (key, wanted) in expected {
        let value = unit.configuration.get(&key);
        difference(case, &format!("{path}: {key}"), value, &wanted, found);
    }
}

/// What is unknown to us agrees with everything.
fn difference(case: &Case, at: &str, value: Option<&Value>, wanted: &Json, found: &mut Vec<String>) {
    let nothing = Value::null();
    let value = value.unwrap_or(&nothing);
    match (value.kind(), wanted) {
        (Kind::Unknown(_), _) => {}
        (Kind::Object(object), _) if object.rest.is_some() => {}
        (Kind::Map(_) | Kind::Object(_), Json::Object(entries)) => {
            let own = value.entries().unwrap_or_default();
            let names: BTreeSet<&str> =
                own.iter().map(|(name, _)| name.as_str()).chain(entries.keys().map(String::as_str)).collect();
            for name in names {
                let at = format!("{at}.{name}");
                match (value.get(name), entries.get(name)) {
                    (Some(value), Some(wanted)) => difference(case, &at, Some(value), wanted, found),
                    (Some(value), None) => found.push(format!("{at} is {}, and should not be", show(value))),
                    (None, _) => found.push(format!("{at} is not there")),
                }
            }
        }
        (Kind::List(_) | Kind::Set(_) | Kind::Tuple(_), Json::Array(elements)) => {
            let own = value.elements().unwrap_or_default();
            if own.len() == elements.len() {
                for (index, (value, wanted)) in own.iter().zip(elements).enumerate() {
                    difference(case, &format!("{at}[{index}]"), Some(value), wanted, found);
                }
            } else {
                found.push(format!("{at} is {}, should be {wanted}", show(value)));
            }
        }
        _ => {
            let text = value.to_json().unwrap_or_else(|| "unsayable".to_owned());
            let own: Json = serde_json::from_str(&text).unwrap_or_default();
            if !same(case, &own, wanted) {
                found.push(format!("{at} is {text}, should be {wanted}"));
            }
        }
    }
}

fn same(case: &Case, own: &Json, wanted: &Json) -> bool {
    match (own, wanted) {
        (Json::Number(a), Json::Number(b)) => a.as_f64() == b.as_f64(),
        (Json::String(a), Json::String(b)) => *a == b.replace("{ROOT}", &case.top),
        // An empty object is what null becomes of some attributes.
        (Json::Null, Json::Object(entries)) => entries.is_empty(),
        _ => own == wanted,
    }
}

fn show(value: &Value) -> String {
    value.to_json().unwrap_or_else(|| format!("{value:?}"))
}

/// Units, stacks, includes and dependencies are those that `find` lists.
fn discovered(case: &Case, found: &mut Vec<String>) {
    let Some(listed) = case.expected["find"].as_array() else { return };
    let text = |json: &Json| json.as_str().unwrap_or_default().to_owned();
    for one in listed {
        let path = text(&one["path"]);
        if one["type"] == "stack" {
            if !case.model.stacks.iter().any(|stack| stack.dir == path) {
                found.push(format!("find: there is no stack {path}"));
            }
            continue;
        }
        let Some(unit) = case.model.unit(&path) else {
            found.push(format!("find: there is no unit {path}"));
            continue;
        };
        let plain = |path: &str| path.strip_suffix("/terragrunt.hcl").unwrap_or(path).to_owned();
        let wanted: BTreeSet<String> = strings(&one["dependencies"]).iter().map(|path| plain(path)).collect();
        let own: BTreeSet<String> = unit.after.iter().map(ToString::to_string).collect();
        // Of what cannot be read, `find` lists what it could.
        let agrees =
            if unit.refused { own.is_subset(&wanted) || wanted.is_subset(&own) } else { own == wanted };
        if !agrees {
            found.push(format!("find: {path} depends on {own:?}, should on {wanted:?}"));
        }
        let includes = one["include"].as_object().cloned().unwrap_or_default();
        let own: Map<String, Json> = unit
            .includes
            .iter()
            .map(|include| {
                let path = include.path.as_ref().map_or("", |path| path.as_str());
                (include.label.to_string(), Json::String(path.to_owned()))
            })
            .collect();
        if own != includes && !unit.refused {
            found.push(format!("find: {path} includes {own:?}, should {includes:?}"));
        }
    }
}

/// What stacks would generate is what `stack generate` made.
fn generated(case: &Case, defaults: &Json, found: &mut Vec<String>) {
    let started = case.expected["stack_generated"].as_object().cloned().unwrap_or_default();
    for (start, expected) in &started {
        let inside = |dir: &str| {
            start == "."
                || dir == start
                || dir.strip_prefix(start.as_str()).is_some_and(|rest| rest.starts_with('/'))
        };
        if expected["exit"] != 0 {
            let refused = case.model.stacks.iter().any(|stack| stack.refused && inside(&stack.dir));
            let both = case.model.refusals.iter().any(|refusal| {
                refusal
                    .units
                    .iter()
                    .any(|unit| inside(unit) && case.model.stacks.iter().any(|stack| stack.dir == *unit))
            });
            if !refused && !both {
                found.push(format!("stack {start}: should be refused"));
            }
            refused::places(case, &format!("stack {start}"), &expected["diagnostics"], found);
            continue;
        }
        if let Some(stack) = case.model.stacks.iter().find(|stack| stack.refused && inside(&stack.dir)) {
            let of = case.model.refusals.iter().filter(|refusal| refusal.units.contains(&stack.dir));
            let why: Vec<&str> = of.map(|refusal| refusal.problem.message.as_str()).collect();
            found.push(format!("stack {start}: {} is refused: {why:?}", stack.dir));
        }
        let wanted = expected["units"].as_object().cloned().unwrap_or_default();
        let own: BTreeSet<&str> = case
            .model
            .units
            .iter()
            .filter(|unit| unit.stack.is_some() && inside(&unit.dir))
            .map(|unit| unit.dir.as_str())
            .collect();
        for unit in own.iter().filter(|unit| !wanted.contains_key(**unit)) {
            found.push(format!("stack {start}: {unit} should not be generated"));
        }
        for (path, expected) in &wanted {
            let Some(unit) = case.model.unit(path).filter(|unit| unit.stack.is_some()) else {
                found.push(format!("stack {start}: {path} is not generated"));
                continue;
            };
            let is_refused = expected["render"].is_null();
            if unit.refused != is_refused {
                let why = refused::reasons(case, unit);
                found.push(format!("stack {start}: {path}: refused is {}: {why:?}", unit.refused));
            }
            rendered(case, path, unit, &expected["render"], defaults, found);
        }
    }
}
