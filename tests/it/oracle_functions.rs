//! What Terraform's expressions return, as `terraform console` printed it: see `fixtures/oracle/functions/README.md`.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use plangate::eval::{Access, Evaluator, Failed, Log, Problem, Reference, Resolved, Scope, World};
use plangate::model::ProblemKind;
use plangate::source::{FileId, Walk, Workspace};
use plangate::syntax::parse_expression;
use plangate::terraform;
use plangate::value::{Kind, Value};
use serde_json::Value as Json;

/// Cases that are knowingly not met, by their text, and why.
const UNMET: &[(&str, &str)] = &[
    ("null && true", NEWER),
    ("true || null", NEWER),
    ("null || true", NEWER),
    ("false && null", NEWER),
    ("true || (\"x\" + 1)", NEWER),
    ("false && [][0]", NEWER),
    ("provider::aws::arn_parse(\"x\")", "a provider's function is taken to exist, and its result is unknown"),
    ("urldecode(\"a%20b\")", OPENTOFU),
    ("cidrcontains(\"10.0.0.0/8\", \"10.0.0.1\")", OPENTOFU),
];

const NEWER: &str = "from Terraform 1.12 on, one side of && and || may decide alone";
const OPENTOFU: &str = "a function of OpenTofu, which plangate reads too";

#[test]
fn every_case_is_met() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/oracle/functions");
    let cases = fs::read_to_string(folder.join("cases.jsonl")).unwrap();
    let mut wrong = String::new();
    let (mut met, mut count) = (0, 0);
    for line in cases.lines() {
        let case: Json = serde_json::from_str(line).unwrap();
        let text = case["expr"].as_str().or(case["hcl"].as_str()).unwrap();
        let known = UNMET.iter().find(|(unmet, _)| *unmet == text);
        count += 1;
        match (judge(&folder, &case, text), known) {
            (Ok(()), None) => met += 1,
            (Err(_), Some(_)) => {}
            (Ok(()), Some((_, reason))) => {
                writeln!(wrong, "{text}\n    is met now, though: {reason}").unwrap()
            }
            (Err(why), None) => {
                writeln!(wrong, "{}: {text}\n    {why}", case["group"].as_str().unwrap_or_default()).unwrap();
            }
        }
    }
    if let Some(report) = std::env::var_os("ORACLE_REPORT") {
        fs::write(report, &wrong).unwrap();
    }
    assert!(wrong.is_empty(), "{met} of {count} met\n{wrong}");
}

fn judge(folder: &Path, case: &Json, text: &str) -> Result<(), String> {
    let result = match case.get("expr") {
        Some(_) => Console { folder }.value(text),
        None => local_v(text),
    };
    let value = match (result, case["ok"].as_bool().expect("each case says whether it is ok")) {
        (Ok(value), true) => value,
        (Err(_), false) => return Ok(()),
        (Ok(value), false) => {
            return Err(format!("should be an error ({}), is {}", case["error"], show(&value)));
        }
        (Err(error), true) => return Err(format!("should be {}, is an error: {error}", case["json"])),
    };
    let flag = |name: &str| case.get(name).and_then(Json::as_bool).unwrap_or(false);
    let marks = value.marks_within();
    let sensitive = match (value.meta().sensitive(), marks.sensitive()) {
        (true, _) => Some("whole"),
        (false, true) => Some("inside"),
        _ => None,
    };
    check("sensitive", &case.get("sensitive").and_then(Json::as_str), &sensitive)?;
    check("ephemeral", &flag("ephemeral"), &marks.ephemeral())?;
    check("unknown", &flag("unknown"), &!value.is_wholly_known())?;
    if let Some(ty) = case.get("type").and_then(Json::as_str) {
        check("type", &ty, &value.ty().indented().as_str())?;
    }
    if let Some(text) = case.get("json_text").and_then(Json::as_str) {
        check("text", &Some(text), &value.to_json().as_deref())?;
    } else if let Some(text) = case.get("console").and_then(Json::as_str) {
        let Kind::Number(number) = value.kind() else { return Err(format!("should be {text}")) };
        check("text", &text, &number.to_string().as_str())?;
    } else if let Some(json) = case.get("json") {
        let found =
            value.to_json().map(|text| serde_json::from_str::<Json>(&text).expect("our JSON is JSON"));
        check("value", &Some(comparable(json)), &found.as_ref().map(comparable))?;
    }
    Ok(())
}

fn check<T: PartialEq + std::fmt::Debug>(what: &str, wanted: &T, found: &T) -> Result<(), String> {
    if wanted == found { Ok(()) } else { Err(format!("{what} should be {wanted:?}, is {found:?}")) }
}

/// Numbers as floats: `1` and `1.0` are one number.
fn comparable(json: &Json) -> Json {
    match json {
        Json::Number(number) => Json::from(number.as_f64()),
        Json::Array(values) => values.iter().map(comparable).collect(),
        Json::Object(entries) => entries
            .iter()
            .map(|(key, value)| (key.clone(), comparable(value)))
            .collect::<serde_json::Map<_, _>>()
            .into(),
        other => other.clone(),
    }
}

fn show(value: &Value) -> String {
    value.to_json().unwrap_or_else(|| format!("{value:?}"))
}

/// The value of `local.v` in a module of that text.
fn local_v(text: &str) -> Result<Value, String> {
    // A name that begins with a dot would be hidden.
    let folder = tempfile::Builder::new().prefix("case").tempdir().expect("a folder");
    fs::write(folder.path().join("main.tf"), text).expect("a file");
    let workspace = Workspace::open(folder.path(), &[], &Walk::default()).expect("a workspace");
    let settings =
        terraform::Settings { workspace: Some("default".to_owned()), ..terraform::Settings::default() };
    let model = terraform::load(&workspace, &settings);
    let grave = |kind| !matches!(kind, ProblemKind::Warning | ProblemKind::Check);
    if let Some(problem) = model.problems.iter().find(|problem| grave(problem.kind)) {
        return Err(problem.problem.message.clone());
    }
    if let Some(error) = model.files.iter().filter_map(|file| file.tree.as_ref()?.errors.first()).next() {
        return Err(error.message.clone());
    }
    let module = model.modules.first().ok_or("there is no module")?;
    let at = module.local("v").ok_or("there is no local.v")?;
    let root = model.roots.first().ok_or("there is no root")?;
    Ok(root.instances[0].locals[at].clone())
}

/// The console in an empty module.
struct Console<'a> {
    folder: &'a Path,
}

impl Console<'_> {
    fn value(&self, text: &str) -> Result<Value, String> {
        let (tree, expr) = parse_expression(FileId(0), Arc::from(text));
        if let Some(error) = tree.errors.first() {
            return Err(error.message.clone());
        }
        // Undeclared names are errors wherever they stand.
        for reference in tree.references(expr) {
            let root = tree.slice(reference.root);
            if !["path", "terraform"].contains(&root) || reference.steps.is_empty() {
                return Err(format!("`{}` is not declared", tree.slice(reference.span)));
            }
        }
        let mut log = Log::default();
        match Evaluator::new(&tree, self, &mut log).evaluate(expr, None) {
            Ok(value) if log.problems.is_empty() => Ok(value),
            Ok(_) => panic!("{text} has a value and problems: {:?}", log.problems),
            Err(Failed) => Err(log.problems.first().expect("what fails says why").message.clone()),
        }
    }
}

impl Scope for Console<'_> {
    fn resolve(&self, reference: &Reference<'_>, log: &mut Log) -> Result<Resolved, Failed> {
        let value = match (reference.root, reference.steps.first()) {
            ("path", Some(Access::Attr("module" | "root" | "cwd", _))) => Value::string("."),
            ("terraform", Some(Access::Attr("workspace", _))) => Value::string("default"),
            _ => return Err(log.report(Problem::new(reference.location, "there is no such name"))),
        };
        Ok(Resolved { value, consumed: 1 })
    }

    fn world(&self) -> &dyn World {
        self
    }
}

impl World for Console<'_> {
    fn base(&self) -> &Path {
        self.folder
    }

    fn read(&self, path: &Path) -> Result<Arc<[u8]>, String> {
        fs::read(path).map(Arc::from).map_err(|error| error.to_string())
    }

    fn is_file(&self, path: &Path) -> Result<bool, String> {
        match fs::metadata(path) {
            Ok(found) if found.is_dir() => Err("this is a directory".to_owned()),
            Ok(found) => Ok(found.is_file()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error.to_string()),
        }
    }

    fn files_below(&self, directory: &Path) -> Result<Vec<String>, String> {
        fn walk(directory: &Path, prefix: &str, found: &mut Vec<String>) {
            for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
                let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
                if entry.path().is_dir() {
                    walk(&entry.path(), &format!("{name}/"), found);
                } else {
                    found.push(name);
                }
            }
        }
        let mut found = Vec::new();
        walk(directory, "", &mut found);
        found.sort();
        Ok(found)
    }
}
