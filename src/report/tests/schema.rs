use std::sync::LazyLock;

use jsonschema::Validator;
use serde_json::Value;

use super::super::sample::shop;
use super::super::{Format, Options};

/// The published schema lets later releases add members; here nothing may be written that it does not describe.
static LINT: LazyLock<Validator> = LazyLock::new(|| {
    let mut schema: Value = serde_json::from_str(include_str!("../../../docs/schema/lint.v1.json")).unwrap();
    jsonschema::meta::validate(&schema).unwrap();
    close(&mut schema);
    jsonschema::validator_for(&schema).unwrap()
});

fn close(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            members.values_mut().for_each(close);
            if members.get("type").is_some_and(|ty| ty == "object") {
                members.insert("additionalProperties".into(), false.into());
            }
        }
        Value::Array(elements) => elements.iter_mut().for_each(close),
        _ => {}
    }
}

fn validator(schema: &str) -> Validator {
    let schema: Value = serde_json::from_str(schema).unwrap();
    jsonschema::meta::validate(&schema).unwrap();
    jsonschema::validator_for(&schema).unwrap()
}

fn valid(validator: &Validator, document: &Value) {
    let errors: Vec<_> =
        validator.iter_errors(document).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

/// Checks that a report is whole: that its reader gets it back, whatever stands in its texts.
pub(super) fn parses(format: Format, printed: &str) {
    match format {
        Format::Human => human(printed),
        Format::Json => valid(&LINT, &serde_json::from_str(printed).unwrap()),
        Format::Jsonl => jsonl(printed),
        Format::Sarif => sarif(&serde_json::from_str(printed).unwrap()),
        Format::Github => github(printed),
        Format::Gitlab => gitlab(&serde_json::from_str(printed).unwrap()),
        Format::Junit => junit(printed),
        Format::Checkstyle => checkstyle(printed),
        Format::Markdown => markdown(printed),
        Format::Tap => tap(printed),
    }
}

fn human(printed: &str) {
    for line in printed.lines() {
        let mut plain = String::new();
        let mut rest = line;
        // The sequences of our own: colours and links.
        while let Some((before, after)) = rest.split_once('\u{1b}') {
            plain.push_str(before);
            rest = match after.strip_prefix("]8;;") {
                Some(link) => link.split_once("\u{1b}\\").unwrap().1,
                None => after.strip_prefix('[').unwrap().split_once('m').unwrap().1,
            };
        }
        plain.push_str(rest);
        assert!(!plain.contains(|char: char| char.is_control() && char != '\t'), "{plain:?}");
        assert!(!plain.contains(['\u{202e}', '\u{2066}', '\u{200b}']), "{plain:?}");
        assert!(!plain.trim_start().starts_with("::") && !plain.contains("##["), "{plain:?}");
        assert!(line.contains('\u{1b}') || plain == plain.trim_end(), "{plain:?}");
    }
}

fn jsonl(printed: &str) {
    let lines: Vec<Value> = printed.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let (last, findings) = lines.split_last().unwrap();
    assert_eq!(last["type"], "summary");
    assert!(findings.iter().all(|line| line["type"] == "finding"));
    // Together they are the document of `json`.
    let without_type = |line: &Value| {
        let mut line = line.clone();
        line.as_object_mut().unwrap().remove("type");
        line
    };
    let mut document = without_type(last);
    document["findings"] = findings.iter().map(without_type).collect();
    valid(&LINT, &document);
}

fn sarif(document: &Value) {
    assert_eq!(document["version"], "2.1.0");
    let run = &document["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    for result in run["results"].as_array().unwrap() {
        let index = result["ruleIndex"].as_u64().unwrap() as usize;
        assert_eq!(rules[index]["id"], result["ruleId"]);
        let expected = if result["kind"] == "open" { &["none"][..] } else { &["note", "warning", "error"] };
        assert!(expected.contains(&result["level"].as_str().unwrap()));
        assert!(result["message"]["text"].is_string());
        let related = result["relatedLocations"].as_array().into_iter().flatten();
        for location in result["locations"].as_array().unwrap().iter().chain(related) {
            let Some(physical) = location.get("physicalLocation") else { continue };
            let uri = physical["artifactLocation"]["uri"].as_str().unwrap();
            assert!(
                uri.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~/%".contains(&byte)),
                "{uri}"
            );
            let number = |name: &str| physical["region"][name].as_u64().unwrap();
            let start = (number("startLine"), number("startColumn"));
            assert!((1, 1) <= start && start <= (number("endLine"), number("endColumn")));
        }
    }
}

fn github(printed: &str) {
    for line in printed.lines() {
        let command = ["::error ", "::warning ", "::notice "].iter().any(|command| line.starts_with(command));
        assert!(command || line.starts_with("- ") || line.ends_with("per step"), "{line:?}");
        assert!(!line.contains("##["), "{line:?}");
        if command {
            let (properties, _) = line[2..].split_once("::").unwrap();
            let (_, properties) = properties.split_once(' ').unwrap();
            for property in properties.split(',') {
                let (name, _) = property.split_once('=').unwrap();
                assert!(["file", "line", "endLine", "col", "endColumn", "title"].contains(&name), "{name}");
            }
        }
    }
}

fn gitlab(document: &Value) {
    let mut fingerprints = std::collections::BTreeSet::new();
    for issue in document.as_array().unwrap() {
        assert!(issue["location"]["path"].is_string() && issue["location"]["lines"]["begin"].is_u64());
        assert!(fingerprints.insert(issue["fingerprint"].as_str().unwrap()));
    }
}

fn junit(printed: &str) {
    let document = roxmltree::Document::parse(printed).unwrap();
    let all = |name: &str| document.descendants().filter(|node| node.has_tag_name(name)).count().to_string();
    let root = document.root_element();
    assert_eq!(root.attribute("tests").unwrap(), all("testcase"));
    assert_eq!(root.attribute("failures").unwrap(), all("failure"));
    assert_eq!(root.attribute("skipped").unwrap(), all("skipped"));
}

fn checkstyle(printed: &str) {
    let document = roxmltree::Document::parse(printed).unwrap();
    let names: Vec<_> =
        document.descendants().filter(roxmltree::Node::is_element).map(|node| node.tag_name()).collect();
    assert!(names.iter().all(|name| ["checkstyle", "file", "error"].contains(&name.name())));
}

fn markdown(printed: &str) {
    for line in printed.lines().filter(|line| line.starts_with('|')) {
        let cells = line.replace("\\|", "").matches('|').count();
        assert_eq!(cells, 5, "{line}");
        let line =
            line.replace("<br>", "").replace("<sub>", "").replace("</sub>", "").replace("<!-- -->", "");
        let line = line.replace("<code>", "").replace("</code>", "");
        assert!(!line.contains('<'), "{line}");
    }
}

fn tap(printed: &str) {
    let mut lines = printed.lines();
    assert_eq!(lines.next(), Some("TAP version 14"));
    let plan: usize = lines.next().unwrap().strip_prefix("1..").unwrap().parse().unwrap();
    let points: Vec<_> = lines.filter(|line| !line.starts_with("  ")).collect();
    assert_eq!(points.len(), plan);
    for (index, point) in points.iter().enumerate() {
        let rest = point.strip_prefix("not ").unwrap_or(point);
        assert!(rest.starts_with(&format!("ok {} - ", index + 1)), "{point}");
        let directive = point.replace("\\#", "").contains('#');
        assert!(!directive || !point.starts_with("not "), "{point}");
    }
}

#[test]
fn the_sample_is_valid_in_every_format() {
    for (format, options) in super::every_way() {
        parses(format, &shop().print(format, &options));
    }
}

#[test]
fn schemas_are_schemas_and_hold_what_they_say() {
    let show = validator(include_str!("../../../docs/schema/show.v1.json"));
    let eval = validator(include_str!("../../../docs/schema/eval.v1.json"));
    let values = serde_json::json!({
        "a": [1, null, {"$unknown": "derived", "from": ["var.x"]}],
        "b": {"$sensitive": true},
        "c": {"$$unknown": "data"},
    });
    let module = serde_json::json!({
        "dir": "live", "address": "", "unit": null, "variables": values, "locals": {}, "resources": [],
        "outputs": {"o": {"value": {"$redacted": "hardcoded-secret"}, "sensitive": true}}, "calls": [],
    });
    valid(&show, &serde_json::json!({"version": 1, "modules": [module], "units": []}));
    let leak =
        serde_json::json!({"version": 1, "modules": [{"variables": {"a": {"$other": 1}}}], "units": []});
    assert!(!show.is_valid(&leak));
    valid(&eval, &serde_json::json!({"ok": true, "json": [1], "type": "tuple([number])"}));
    valid(&eval, &serde_json::json!({"ok": false, "error": "no"}));
    assert!(!eval.is_valid(&serde_json::json!({"ok": true, "error": "no"})));
}

#[test]
fn another_shape_is_not_valid() {
    let mut document: Value = serde_json::from_str(&shop().print(Format::Json, &Options::default())).unwrap();
    document["findings"][0]["severity"] = "fatal".into();
    assert!(!LINT.is_valid(&document));
    document["findings"][0]["severity"] = "error".into();
    assert!(LINT.is_valid(&document));
    document["findings"][0]["undescribed"] = 1.into();
    assert!(!LINT.is_valid(&document));
}
