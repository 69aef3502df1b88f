//! A tree that Terraform plans.

use std::collections::{BTreeMap, BTreeSet};

use plangate::model::{Model, ProblemKind, ResourceInstance, Root, Verdict};
use plangate::value::{Kind, Type, Value};
use serde_json::{Map, Value as Json};

/// Outputs that Terraform 1.12 and later know, because `&&` and `||` look no further than they must: plangate follows
/// those.
const NEWER: &[(&str, &str)] = &[
    ("unknowns-conditions", "and_false_first"),
    ("unknowns-conditions", "and_false_last"),
    ("unknowns-conditions", "or_true_first"),
];

pub(super) fn disagreements(case: &str, model: &Model, root: &Root, expected: &Json) -> Vec<String> {
    let mut found = Vec::new();
    for problem in &model.problems {
        if !matches!(problem.kind, ProblemKind::Warning | ProblemKind::Check) {
            let place = problem.problem.location.map(|at| {
                let file = model.sources.get(at.file);
                format!("{}:{}", file.path, file.line_column(at.span.start).line)
            });
            found.push(format!("problem at {place:?}: {}", problem.problem.message));
        }
    }
    // A module's output that is declared sensitive is marked here, as the documentation has it.
    let more = expected["note"].as_str().is_some_and(|note| note.contains("more sensitive paths"));
    resources(root, expected, more, &mut found);
    outputs(case, model, root, expected, &mut found);
    checks(root, expected, &mut found);
    found
}

/// A value as JSON, and where in it something is not known or sensitive.
#[derive(Default)]
struct Shown {
    unknown: BTreeSet<String>,
    sensitive: BTreeSet<String>,
    sets: BTreeSet<String>,
}

impl Shown {
    fn json(&mut self, value: &Value, path: &str, hidden: bool) -> Option<Json> {
        let sensitive = value.meta().sensitive();
        if sensitive && !hidden {
            self.sensitive.insert(path.to_owned());
        }
        let hidden = hidden || sensitive;
        let step = |name: &str| format!("{path}/{}", name.replace('~', "~0").replace('/', "~1"));
        Some(match value.kind() {
            Kind::Unknown(_) => {
                self.unknown.insert(path.to_owned());
                return None;
            }
            Kind::Null(_) => Json::Null,
            Kind::Bool(value) => Json::Bool(*value),
            Kind::Number(_) => {
                let text = value.to_json().expect("a number");
                serde_json::from_str(&text).expect("a number")
            }
            Kind::String(text) => Json::String(text.to_string()),
            Kind::Set(set) => {
                self.sets.insert(path.to_owned());
                let (known, unknown): (Vec<&Value>, Vec<&Value>) =
                    set.values.iter().partition(|element| element.as_unknown().is_none());
                self.list(known.into_iter().chain(unknown), path, hidden)
            }
            Kind::List(list) => self.list(list.values.iter(), path, hidden),
            Kind::Tuple(values) => self.list(values.iter(), path, hidden),
            Kind::Map(_) | Kind::Object(_) => {
                let mut object = Map::new();
                for (name, element) in value.entries().unwrap_or_default() {
                    if let Some(element) = self.json(element, &step(name), hidden) {
                        object.insert(name.to_string(), element);
                    }
                }
                Json::Object(object)
            }
        })
    }

    fn list<'v>(&mut self, values: impl Iterator<Item = &'v Value>, path: &str, hidden: bool) -> Json {
        let elements = values.enumerate().map(|(index, element)| {
            self.json(element, &format!("{path}/{index}"), hidden).unwrap_or(Json::Null)
        });
        Json::Array(elements.collect())
    }
}

/// Whether two values are the same, numbers as decimals, sets without order.
fn same(a: &Json, b: &Json, path: &str, sets: &BTreeSet<String>) -> bool {
    match (a, b) {
        (Json::Number(a), Json::Number(b)) => a.to_string() == b.to_string() || a.as_f64() == b.as_f64(),
        (Json::Array(a), Json::Array(b)) => {
            if sets.contains(path) {
                let sorted = |list: &[Json]| {
                    let mut texts: Vec<String> = list.iter().map(plain).collect();
                    texts.sort();
                    texts
                };
                return sorted(a) == sorted(b);
            }
            a.len() == b.len()
                && a.iter()
                    .zip(b)
                    .enumerate()
                    .all(|(index, (a, b))| same(a, b, &format!("{path}/{index}"), sets))
        }
        (Json::Object(a), Json::Object(b)) => {
            a.len() == b.len()
                && a.iter().all(|(name, a)| {
                    b.get(name)
                        .is_some_and(|b| same(a, b, &format!("{path}/{}", name.replace('/', "~1")), sets))
                })
        }
        _ => a == b,
    }
}

/// A text for comparing elements of sets: whole numbers and decimals alike.
fn plain(json: &Json) -> String {
    match json {
        Json::Number(number) => format!("{:?}", number.as_f64()),
        Json::Array(list) => format!("{:?}", list.iter().map(plain).collect::<Vec<_>>()),
        Json::Object(object) => {
            let sorted: BTreeMap<_, _> = object.iter().map(|(name, value)| (name, plain(value))).collect();
            format!("{sorted:?}")
        }
        other => other.to_string(),
    }
}

fn paths(json: &Json) -> BTreeSet<String> {
    json.as_array().into_iter().flatten().filter_map(Json::as_str).map(str::to_owned).collect()
}

fn resources(root: &Root, expected: &Json, more: bool, found: &mut Vec<String>) {
    let empty = Map::new();
    let expected = expected["resources"].as_object().unwrap_or(&empty);
    let actual: BTreeMap<&str, &ResourceInstance> = root
        .instances
        .iter()
        .flat_map(|instance| &instance.resources)
        .map(|resource| (resource.address.as_str(), &**resource))
        .collect();
    for address in expected.keys().filter(|address| !actual.contains_key(address.as_str())) {
        found.push(format!("{address} is missing"));
    }
    for (address, resource) in actual {
        match expected.get(address) {
            Some(expected) => entry(address, resource, expected, more, found),
            None => found.push(format!("{address} is not expected")),
        }
    }
}

fn entry(address: &str, resource: &ResourceInstance, expected: &Json, more: bool, found: &mut Vec<String>) {
    let mut shown = Shown::default();
    let mut actual = Map::new();
    for name in ["input", "triggers_replace"] {
        let value = resource.attributes.get(name).cloned().unwrap_or_else(Value::null);
        if let Some(json) = shown.json(&value, &format!("/{name}"), false)
            && (name == "input" || !json.is_null())
        {
            actual.insert(name.to_owned(), json);
        }
    }
    if let Some(id) = resource.attributes.get("id").and_then(Value::as_str) {
        actual.insert("id".to_owned(), Json::String(id.to_owned()));
    }
    let mut wanted = expected.as_object().cloned().unwrap_or_default();
    for name in ["unknown", "sensitive", "actions", "importing"] {
        wanted.remove(name);
    }
    if !same(&Json::Object(actual.clone()), &Json::Object(wanted.clone()), "", &shown.sets) {
        found.push(format!("{address}: {} instead of {}", Json::Object(actual), Json::Object(wanted)));
    }
    let unknown = paths(&expected["unknown"]);
    if shown.unknown != unknown {
        found.push(format!("{address}: unknown {:?} instead of {unknown:?}", shown.unknown));
    }
    let sensitive = paths(&expected["sensitive"]);
    let agrees =
        shown.sensitive == sensitive || more && sensitive.iter().all(|path| covered(path, &shown.sensitive));
    if !agrees {
        found.push(format!("{address}: sensitive {:?} instead of {sensitive:?}", shown.sensitive));
    }
}

/// Whether a path, or something it lies in, is among these.
fn covered(path: &str, among: &BTreeSet<String>) -> bool {
    among.iter().any(|known| {
        path.strip_prefix(known.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    })
}

fn outputs(case: &str, model: &Model, root: &Root, expected: &Json, found: &mut Vec<String>) {
    let empty = Map::new();
    let expected = expected["outputs"].as_object().unwrap_or(&empty);
    let module = model.module(root.module);
    let top = &root.instances[0];
    let actual: BTreeMap<&str, usize> =
        module.outputs.iter().enumerate().map(|(index, it)| (it.named.name.as_str(), index)).collect();
    if !actual.keys().copied().eq(expected.keys().map(String::as_str)) {
        found.push(format!("outputs {:?} instead of {:?}", actual.keys(), expected.keys()));
        return;
    }
    for (name, index) in actual {
        let output = &top.outputs[index];
        if NEWER.contains(&(case, name)) {
            continue;
        }
        let wanted = &expected[name];
        if Json::Bool(output.sensitive) != wanted["sensitive"] {
            found.push(format!("output {name}: sensitive is {}", output.sensitive));
        }
        let mut shown = Shown::default();
        let json = shown.json(&output.value, "", false);
        let whole = wanted["unknown"] == Json::Bool(true);
        match json {
            None if whole => {}
            None => found.push(format!("output {name}: unknown instead of {}", wanted["value"])),
            Some(json) if whole => found.push(format!("output {name}: {json} instead of unknown")),
            Some(json) => {
                if !same(&json, &wanted["value"], "", &shown.sets) {
                    found.push(format!("output {name}: {json} instead of {}", wanted["value"]));
                }
                let unknown = paths(&wanted["unknown"]);
                if shown.unknown != unknown {
                    found.push(format!("output {name}: unknown {:?} instead of {unknown:?}", shown.unknown));
                }
                // What a null's type was is not recorded.
                let ty = if output.value.is_null() { Type::Dynamic } else { output.value.ty() };
                let ty = type_json(&ty);
                if wanted.get("type").is_some_and(|wanted| *wanted != ty) {
                    found.push(format!("output {name}: type {ty} instead of {}", wanted["type"]));
                }
            }
        }
    }
}

fn type_json(ty: &Type) -> Json {
    let of = |name: &str, inner: Json| Json::Array(vec![Json::String(name.to_owned()), inner]);
    match ty {
        Type::Dynamic => Json::String("dynamic".to_owned()),
        Type::Bool => Json::String("bool".to_owned()),
        Type::Number => Json::String("number".to_owned()),
        Type::String => Json::String("string".to_owned()),
        Type::List(element) => of("list", type_json(element)),
        Type::Set(element) => of("set", type_json(element)),
        Type::Map(element) => of("map", type_json(element)),
        Type::Tuple(elements) => of("tuple", Json::Array(elements.iter().map(type_json).collect())),
        Type::Object(attributes) => of(
            "object",
            Json::Object(attributes.iter().map(|it| (it.name.to_string(), type_json(&it.ty))).collect()),
        ),
    }
}

fn checks(root: &Root, expected: &Json, found: &mut Vec<String>) {
    let mut actual: BTreeMap<String, (Verdict, Vec<String>)> = BTreeMap::new();
    for condition in root.instances.iter().flat_map(|instance| &instance.conditions) {
        let known = actual.entry(condition.address.to_string()).or_insert((Verdict::Pass, Vec::new()));
        let rank = |verdict: Verdict| match verdict {
            Verdict::Pass => 0,
            Verdict::Unknown => 1,
            Verdict::Fail => 2,
        };
        if rank(condition.verdict) > rank(known.0) {
            known.0 = condition.verdict;
        }
        known.1.extend(condition.message.as_ref().map(ToString::to_string));
    }
    let empty = Map::new();
    for (address, wanted) in expected["checks"].as_object().unwrap_or(&empty) {
        let Some((verdict, problems)) = actual.get(address) else {
            found.push(format!("{address} is not checked"));
            continue;
        };
        let status = match verdict {
            Verdict::Pass => "pass",
            Verdict::Fail => "fail",
            Verdict::Unknown => "unknown",
        };
        if wanted["status"] != status {
            found.push(format!("{address}: {status} instead of {}", wanted["status"]));
        }
        let wanted: Vec<&str> =
            wanted["problems"].as_array().into_iter().flatten().filter_map(Json::as_str).collect();
        if *problems != wanted {
            found.push(format!("{address}: {problems:?} instead of {wanted:?}"));
        }
    }
}
