//! Trees with something wrong in them somewhere: reading them ends, and says nothing twice.

use std::fs;
use std::path::{Path, PathBuf};

use plangate::source::{Walk, Workspace};
use plangate::terragrunt::{Outputs, Settings};
use plangate::{terraform, terragrunt};
use proptest::prelude::*;
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};

use super::tree::{copy, folder, names};

/// What is put in, beside cutting out and doubling.
const WORDS: &[&str] = &[
    "{",
    "}",
    "\"",
    "${",
    "(",
    "[",
    "=",
    "null",
    "local",
    "include.root",
    "dependency.vpc.outputs",
    "values",
    "\n",
    "<<EOT\n",
    "...",
    "[0]",
    "[*]",
    ".*",
    "true",
    "1 / 0",
    "\u{0}",
    "ż",
    "for",
    "path_relative_to_include()",
    "read_terragrunt_config(\"terragrunt.hcl\")",
    "find_in_parent_folders()",
    "get_original_terragrunt_dir()",
    "../../../..",
    "/",
    "merge_strategy = \"deep\"\n",
    "expose = true\n",
    "unit \"u\" {\n  source = \".\"\n  path = \"u\"\n}\n",
    "stack \"s\" {\n  source = \".\"\n  path = \"s\"\n}\n",
    "include \"x\" {\n  path = \"terragrunt.hcl\"\n}\n",
    "dependency \"d\" {\n  config_path = \".\"\n}\n",
    "locals {\n  a = local.b\n  b = local.a\n}\n",
];

fn files(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).expect("a directory").flatten() {
        let path = entry.path();
        if path.is_dir() {
            files(&path, found);
        } else {
            found.push(path);
        }
    }
}

/// A change to one of the files: which, where, what, how long.
type Change = (usize, usize, usize, usize);

fn mutate(text: &mut Vec<u8>, (_, at, what, length): Change) {
    let at = at % (text.len() + 1);
    let end = (at + length % 40).min(text.len());
    match what % (WORDS.len() + 2) {
        0 => drop(text.drain(at..end)),
        1 => {
            let doubled = text[at..end].to_vec();
            text.splice(at..at, doubled);
        }
        word => drop(text.splice(at..at, WORDS[word - 2].bytes())),
    }
}

#[test]
fn whatever_is_written_is_read_to_its_end() {
    let names = names();
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(160) };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let change = (any::<usize>(), any::<usize>(), any::<usize>(), any::<usize>());
    let strategy = (0..names.len(), prop::collection::vec(change, 1..5), any::<bool>());
    let result = runner.run(&strategy, |(case, changes, mocks)| {
        let place = tempfile::tempdir().expect("a directory");
        let top = place.path().canonicalize().expect("a path");
        copy(&folder().join("cases").join(&names[case]).join("tree"), &top);
        let mut all = Vec::new();
        files(&top, &mut all);
        all.sort();
        for change in changes {
            let Some(path) = all.get(change.0 % all.len().max(1)) else { continue };
            let mut text = fs::read(path).expect("a file");
            mutate(&mut text, change);
            fs::write(path, text).expect("written");
        }
        let walk = Walk { hidden: true, no_ignore: true, ..Walk::default() };
        let workspace = Workspace::open(&top, &[], &walk).expect("a workspace");
        let settings = Settings {
            outputs: if mocks { Outputs::Mocks } else { Outputs::Real },
            experiments: vec!["deep-merge".to_owned(), "block-iteration".to_owned()],
            ..Settings::default()
        };
        let of_modules = terraform::Settings::default();
        let mut loading = terraform::Loading::start(&workspace, &of_modules);
        let units = terragrunt::load(&workspace, &settings, loading.model());
        let model = loading.finish(&units);
        for refusal in &model.refusals {
            prop_assert!(!refusal.units.is_empty());
            let message = &refusal.problem.message;
            prop_assert!(!message.is_empty() && !message.ends_with('.'), "{message}");
        }
        for unit in &model.units {
            prop_assert!(unit.configuration.entries().is_some());
        }
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
}
