//! What Terraform's expressions return, as `terraform console` printed it: see `fixtures/oracle/functions/README.md`.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use plangate::eval::{Access, Evaluator, Failed, Log, Problem, Reference, Resolved, Scope, World};
use plangate::source::FileId;
use plangate::syntax::{ExprId, Tree, parse_expression, parse_hcl};
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
    let result = if case.get("expr").is_some() {
        let (tree, expr) = parse_expression(FileId(0), Arc::from(text));
        Module::new(folder, tree).value(expr)
    } else {
        let module = Module::new(folder, parse_hcl(FileId(0), Arc::from(text)));
        match module.locals.get("v").copied() {
            Some(expr) => module.value(expr),
            None => Err("there is no local.v".to_owned()),
        }
    };
    let value = match (result, case["ok"].as_bool().unwrap()) {
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
        let found = value.to_json().map(|text| serde_json::from_str::<Json>(&text).unwrap());
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

/// A module of one file: its locals, each evaluated once.
struct Module {
    folder: PathBuf,
    tree: Tree,
    locals: HashMap<String, ExprId>,
    variables: HashMap<String, Value>,
    values: RefCell<HashMap<String, Option<Value>>>,
}

impl Module {
    fn new(folder: &Path, tree: Tree) -> Self {
        let mut locals = HashMap::new();
        let mut variables = HashMap::new();
        for block in tree.blocks_of(tree.root, "locals") {
            for attribute in tree.attributes(block.body) {
                locals.insert(tree.name(attribute.name).to_owned(), attribute.value);
            }
        }
        let mut module = Self {
            folder: folder.to_owned(),
            tree,
            locals,
            variables: HashMap::new(),
            values: RefCell::default(),
        };
        for block in module.tree.blocks_of(module.tree.root, "variable") {
            let value = |name: &str| {
                let attribute = module.tree.attribute(block.body, name)?;
                let mut log = Log::default();
                Evaluator::new(&module.tree, &module, &mut log).evaluate(attribute.value, None).ok()
            };
            let is = |name: &str| value(name).and_then(|value| value.as_bool()).unwrap_or(false);
            let default = value("default").unwrap_or_else(Value::null);
            let meta = default.meta().with_sensitive(is("sensitive")).with_ephemeral(is("ephemeral"));
            let name = module.tree.label(block, 0).unwrap_or_default().to_owned();
            variables.insert(name, default.with_meta(meta));
        }
        module.variables = variables;
        module
    }

    fn value(&self, expr: ExprId) -> Result<Value, String> {
        if let Some(error) = self.tree.errors.first() {
            return Err(error.message.clone());
        }
        let mut log = Log::default();
        self.check(expr, &mut log);
        let result = match log.problems.is_empty() {
            true => Evaluator::new(&self.tree, self, &mut log).evaluate(expr, None),
            false => Err(Failed),
        };
        match result {
            Ok(value) if log.problems.is_empty() => Ok(value),
            Ok(_) => Err(format!("has a value and problems: {:?}", log.problems)),
            Err(Failed) => Err(log.problems.first().map_or("unsaid", |problem| &problem.message).to_owned()),
        }
    }

    /// Undeclared names are errors wherever they stand.
    fn check(&self, expr: ExprId, log: &mut Log) {
        let tree = &self.tree;
        for reference in tree.references(expr) {
            let step = reference.steps.first().map(|step| match step.kind {
                plangate::syntax::StepKind::Attr(name) => tree.slice(name),
                plangate::syntax::StepKind::Index(_) => "",
            });
            let declared = match (tree.slice(reference.root), step) {
                ("local", Some(name)) => self.locals.contains_key(name),
                ("var", Some(name)) => self.variables.contains_key(name),
                ("path", Some(name)) => ["module", "root", "cwd"].contains(&name),
                ("terraform", Some(name)) => name == "workspace",
                _ => false,
            };
            if !declared {
                let location = plangate::source::Location::new(tree.file, reference.span);
                log.report(Problem::new(
                    location,
                    format!("`{}` is not declared", tree.slice(reference.span)),
                ));
            }
        }
    }

    fn local(&self, name: &str, log: &mut Log) -> Result<Value, Failed> {
        if let Some(value) = self.values.borrow().get(name) {
            return value.clone().ok_or(Failed);
        }
        // What asks for itself meets this.
        self.values.borrow_mut().insert(name.to_owned(), None);
        let expr = self.locals.get(name).ok_or(Failed)?;
        let value = Evaluator::new(&self.tree, self, log).evaluate(*expr, None)?;
        self.values.borrow_mut().insert(name.to_owned(), Some(value.clone()));
        Ok(value)
    }
}

impl Scope for Module {
    fn resolve(&self, reference: &Reference<'_>, log: &mut Log) -> Result<Resolved, Failed> {
        let value = match (reference.root, reference.steps.first()) {
            ("local", Some(Access::Attr(name, _))) => self.local(name, log)?,
            ("var", Some(Access::Attr(name, _))) => self.variables.get(*name).cloned().ok_or(Failed)?,
            ("path", Some(_)) => Value::string("."),
            ("terraform", Some(_)) => Value::string("default"),
            _ => return Err(log.report(Problem::new(reference.location, "not declared"))),
        };
        Ok(Resolved { value, consumed: 1 })
    }

    fn world(&self) -> &dyn World {
        self
    }
}

impl World for Module {
    fn base(&self) -> &Path {
        &self.folder
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
