//! A tree, copied to a place of its own and evaluated.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use plangate::model::{Model, Unit};
use plangate::source::{FileId, Location, Walk, Workspace};
use plangate::terragrunt::{Outputs, Settings};
use plangate::{terraform, terragrunt};
use serde_json::Value as Json;

use crate::blessed::project;

pub(super) fn folder() -> PathBuf {
    project().join("fixtures/oracle/terragrunt")
}

/// The names of all cases, sorted.
pub(super) fn names() -> Vec<String> {
    let entries = fs::read_dir(folder().join("cases")).expect("the cases").flatten();
    let mut names: Vec<String> =
        entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// A case, evaluated.
pub(super) struct Case {
    pub(super) expected: Json,
    pub(super) case: Json,
    pub(super) model: Model,
    /// The tree's top on disk.
    pub(super) top: String,
    workspace: Workspace,
    _place: tempfile::TempDir,
}

impl Case {
    pub(super) fn open(name: &str) -> Self {
        let from = folder().join("cases").join(name);
        let text = fs::read_to_string(from.join("case.json")).expect("a case");
        let json: Json = serde_json::from_str(&text).expect("JSON");
        let (case, expected) = (json["case"].clone(), json["expected"].clone());
        let place = tempfile::tempdir().expect("a directory");
        let top = place.path().canonicalize().expect("a path").join("tree");
        copy(&from.join("tree"), &top);
        if case["git"] == true {
            fs::create_dir(top.join(".git")).expect("created");
        }
        for dir in strings(&case["git_dirs"]) {
            fs::create_dir(top.join(dir).join(".git")).expect("created");
        }
        let walk = Walk { hidden: true, no_ignore: true, ..Walk::default() };
        let workspace = Workspace::open(&top, &[], &walk).expect("a workspace");
        let model = load(&workspace, &settings(&case));
        let top = top.to_string_lossy().into_owned();
        Self { expected, case, model, top, workspace, _place: place }
    }

    /// The same with an experiment switched on.
    pub(super) fn with_experiment(&self, name: &str) -> Model {
        let mut settings = settings(&self.case);
        settings.experiments.push(name.to_owned());
        load(&self.workspace, &settings)
    }

    /// The file and line of a place.
    pub(super) fn place(&self, at: Location) -> (String, u64) {
        let file = self.model.sources.get(at.file);
        (file.path.clone(), u64::from(file.line_column(at.span.start).line))
    }

    pub(super) fn file(&self, id: FileId) -> &str {
        &self.model.sources.get(id).path
    }

    /// The unit in a directory, or the one of a file that was named.
    pub(super) fn unit(&self, path: &str) -> Option<&Unit> {
        let dir = path.strip_suffix("/terragrunt.hcl.json").unwrap_or(path);
        self.model.unit(dir)
    }
}

fn load(workspace: &Workspace, settings: &Settings) -> Model {
    let mut model = terraform::load(workspace, &terraform::Settings::default());
    terragrunt::load(workspace, settings, &mut model);
    model
}

fn settings(case: &Json) -> Settings {
    let mut settings = Settings {
        environment_is_complete: true,
        platform: Some("linux".to_owned()),
        outputs: Outputs::Mocks,
        configurations: strings(&case["configs"]),
        ..Settings::default()
    };
    let env = case["env"].as_object().cloned().unwrap_or_default();
    for (name, value) in env {
        settings.environment.insert(name, value.as_str().unwrap_or_default().to_owned());
    }
    let mut features: Vec<String> = Vec::new();
    if let Some(given) = settings.environment.get("TG_FEATURE") {
        features.extend(given.split(',').map(str::to_owned));
    }
    let args = [strings(&case["args"]), strings(&case["stack_args"])].concat();
    for pair in args.chunks(2) {
        match pair {
            [flag, value] if flag == "--feature" => features.push(value.clone()),
            [flag, value] if flag == "--experiment" => settings.experiments.push(value.clone()),
            other => panic!("an unknown argument: {other:?}"),
        }
    }
    let pairs = features.iter().filter_map(|feature| feature.split_once('='));
    settings.features = pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    settings.run_cmd = BTreeMap::new();
    settings
}

pub(super) fn strings(json: &Json) -> Vec<String> {
    let all = json.as_array().cloned().unwrap_or_default();
    all.iter().filter_map(|text| text.as_str().map(str::to_owned)).collect()
}

pub(super) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("created");
    for entry in fs::read_dir(from).expect("a directory").flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), &target).expect("copied");
        }
    }
}
