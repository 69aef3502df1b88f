//! Breaking blocks of a tree leaves what is said of the others as it is.
//!
//! Whatever blocks are broken, however many and in whatever way: each yields a syntax error of its own, outside of them
//! nothing is found that was not found before, and nothing is lost but what hangs on a broken block.

mod dependence;
mod ways;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use plangate::finding::Finding;
use plangate::source::{FileId, Location};
use plangate::syntax::parse_hcl;
use plangate::triage::Date;
use plangate::{Outcome, Request, lint};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::blessed::project;
use dependence::Dependence;
use ways::{Edit, WAYS};

/// A top-level block of a file.
#[derive(Clone, Debug)]
struct Block {
    path: String,
    range: Range<usize>,
}

/// A repository of its own, that can be broken and mended.
struct Trees {
    directory: tempfile::TempDir,
    /// The module files, whole.
    files: BTreeMap<String, String>,
    blocks: Vec<Block>,
    whole: BTreeSet<Said>,
    /// The places that tell the story of a finding.
    told: BTreeMap<Said, Vec<(String, usize)>>,
    dependence: Dependence,
}

/// A finding: its rule, where it stands in the whole files, and its message.
type Said = (String, String, usize, String);

fn copy(from: &Path, to: &Path, prefix: &str, files: &mut BTreeMap<String, String>) {
    fs::create_dir_all(to).expect("a directory");
    for entry in fs::read_dir(from).expect("a fixture").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let (path, shown) = (to.join(&name), format!("{prefix}/{name}"));
        // Every rule of the preset is to look.
        if name == "plangate.hcl" {
            continue;
        }
        if entry.path().is_dir() {
            copy(&entry.path(), &path, &shown, files);
            continue;
        }
        fs::copy(entry.path(), &path).expect("a file");
        if name.ends_with(".tf") {
            files.extend(fs::read_to_string(&path).ok().map(|text| (shown, text)));
        }
    }
}

impl Trees {
    /// The shop with its mistakes and the bad trees of the rules, of which those stay whole that are broken already.
    fn new() -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        fs::create_dir(directory.path().join(".git")).expect("a repository");
        let mut files = BTreeMap::new();
        for tree in ["shop/as-is", "rules"] {
            let from = project().join("fixtures").join(tree);
            copy(&from, &directory.path().join(tree), tree, &mut files);
        }
        files.retain(|_, text| !text.contains("plangate:ignore") && whole(text));
        let mut blocks = Vec::new();
        for (path, text) in &files {
            let tree = parse_hcl(FileId(0), Arc::from(text.as_str()));
            let found = tree.blocks(tree.root).map(|block| Block {
                path: path.clone(),
                range: block.span.start as usize..block.span.end as usize,
            });
            blocks.extend(found.filter(|block| text[block.range.clone()].lines().count() > 2));
        }
        let mut trees = Self {
            directory,
            files,
            blocks,
            whole: BTreeSet::new(),
            told: BTreeMap::new(),
            dependence: Dependence::default(),
        };
        trees.dependence = Dependence::of(&trees.files);
        let outcome = trees.judge();
        trees.whole = said(&outcome, &Broken::default()).0;
        trees.told = told(&outcome);
        trees
    }

    fn judge(&self) -> Outcome {
        let request = Request {
            current: self.directory.path().to_owned(),
            today: Date::new(2026, 1, 31).expect("a day"),
            ..Request::default()
        };
        lint(&request, &mut |_| {}).unwrap_or_else(|failure| panic!("the tree cannot be judged: {failure:?}"))
    }

    fn write(&self, path: &str, text: &str) {
        fs::write(self.directory.path().join(path), text).expect("a file");
    }

    /// What choices stand for: blocks, none twice, each with an edit that breaks it.
    fn broken(&self, choices: &[(usize, usize, usize)]) -> Broken {
        let mut broken = Broken::default();
        for &(block, way, pick) in choices {
            let at = block % self.blocks.len();
            let block = &self.blocks[at];
            let text = &self.files[&block.path][block.range.clone()];
            let (name, edit) = (0..WAYS.len())
                .find_map(|next| {
                    let (name, way) = WAYS[(way + next) % WAYS.len()];
                    let edit = way(text, pick)?;
                    let mut broken = text.to_owned();
                    broken.replace_range(edit.range.clone(), &edit.text);
                    (!whole(&broken)).then_some((name, edit))
                })
                .expect("a block that has a brace can be broken");
            let of_file = broken.files.entry(block.path.clone()).or_default();
            if of_file.iter().all(|other| other.block != block.range) {
                of_file.push(Breakage { name, block: block.range.clone(), edit });
            }
        }
        broken.files.values_mut().for_each(|of_file| of_file.sort_by_key(|one| one.block.start));
        broken
    }

    fn check(&self, broken: &Broken) -> Result<(), String> {
        for (path, of_file) in &broken.files {
            self.write(path, &broken_text(&self.files[path], of_file));
        }
        let outcome = self.judge();
        for path in broken.files.keys() {
            self.write(path, &self.files[path]);
        }
        let (outside, errors) = said(&outcome, broken);
        let hanging = self.dependence.hanging_on(broken.blocks());
        let mut problems = String::new();
        for (path, of_file) in &broken.files {
            for one in of_file {
                let own = errors.iter().any(|(file, at)| file == path && one.covers(*at));
                if !own {
                    let _ = writeln!(problems, "no error: {path}, {}", one.name);
                }
            }
        }
        // This one stands where a provider is first used, which may be what is broken.
        let moved = |new: &Said| {
            new.0 == "unpinned-provider"
                && self.whole.iter().any(|said| (&said.0, &said.3) == (&new.0, &new.3))
        };
        // A condition that fails has the words of its message from a block that may be broken.
        let shortened = |new: &Said| {
            self.whole.iter().any(|said| {
                (&said.0, &said.1, said.2) == (&new.0, &new.1, new.2) && said.3.starts_with(&new.3)
            })
        };
        for new in outside.difference(&self.whole).filter(|new| !moved(new) && !shortened(new)) {
            let _ = writeln!(problems, "new: {new:?} at line {}", self.line(new));
        }
        let lost = self.whole.difference(&outside);
        let excused = |said: &Said| {
            let story = self.told.get(said).into_iter().flatten();
            broken.holds(&said.1, said.2)
                || hanging.holds(said)
                || story.clone().any(|(path, at)| broken.holds(path, *at) || hanging.holds_place(path, *at))
        };
        for lost in lost.filter(|said| !excused(said)) {
            let _ = writeln!(problems, "lost: {lost:?} at line {}", self.line(lost));
        }
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }

    fn line(&self, said: &Said) -> usize {
        self.files.get(&said.1).map_or(0, |text| text[..said.2].matches('\n').count() + 1)
    }
}

/// What is broken, by file, in the order of the text.
#[derive(Default, Debug)]
struct Broken {
    files: BTreeMap<String, Vec<Breakage>>,
}

#[derive(Debug)]
struct Breakage {
    name: &'static str,
    block: Range<usize>,
    edit: Edit,
}

impl Breakage {
    /// Whether a place of the whole file belongs to the block, or to the blanks behind it.
    fn covers(&self, at: usize) -> bool {
        (self.block.start..=self.block.end + 1).contains(&at)
    }
}

impl Broken {
    fn blocks(&self) -> impl Iterator<Item = (&str, Range<usize>)> {
        self.files
            .iter()
            .flat_map(|(path, of_file)| of_file.iter().map(|one| (path.as_str(), one.block.clone())))
    }

    fn holds(&self, path: &str, at: usize) -> bool {
        self.files.get(path).is_some_and(|of_file| of_file.iter().any(|one| one.covers(at)))
    }

    /// Where a place of a broken file stood when it was whole.
    fn before(&self, path: &str, at: usize) -> usize {
        let mut shift = 0isize;
        for one in self.files.get(path).into_iter().flatten() {
            let start = one.block.start.saturating_add_signed(shift) + one.edit.range.start;
            if at < start {
                break;
            }
            if at < start + one.edit.text.len() {
                return one.block.start + one.edit.range.start;
            }
            shift += one.edit.text.len() as isize - one.edit.range.len() as isize;
        }
        at.saturating_add_signed(-shift)
    }
}

fn whole(text: &str) -> bool {
    parse_hcl(FileId(0), Arc::from(text)).errors.is_empty()
}

fn broken_text(text: &str, of_file: &[Breakage]) -> String {
    let mut broken = text.to_owned();
    for one in of_file.iter().rev() {
        let start = one.block.start;
        broken.replace_range(start + one.edit.range.start..start + one.edit.range.end, &one.edit.text);
    }
    broken
}

/// The findings outside of what is broken, and the places of syntax errors; all as in the whole files.
fn said(outcome: &Outcome, broken: &Broken) -> (BTreeSet<Said>, Vec<(String, usize)>) {
    let place = |at: Location| {
        let path = outcome.model.sources.get(at.file).path.clone();
        let before = broken.before(&path, at.span.start as usize);
        (path, before)
    };
    let (mut outside, mut errors) = (BTreeSet::new(), Vec::new());
    for finding in &outcome.findings {
        let Some((path, at)) = finding.primary.map(place) else { continue };
        if broken.holds(&path, at) {
            if finding.rule == "invalid-syntax" {
                errors.push((path, at));
            }
        } else {
            outside.insert((finding.rule.to_string(), path, at, finding.message.clone()));
        }
    }
    (outside, errors)
}

/// The other places of each finding.
fn told(outcome: &Outcome) -> BTreeMap<Said, Vec<(String, usize)>> {
    let place = |at: Location| (outcome.model.sources.get(at.file).path.clone(), at.span.start as usize);
    let of = |finding: &Finding| {
        let (path, at) = place(finding.primary?);
        let said = (finding.rule.to_string(), path, at, finding.message.clone());
        Some((said, finding.labels.iter().map(|label| place(label.location)).collect()))
    };
    outcome.findings.iter().filter_map(of).collect()
}

#[test]
fn breaking_blocks_changes_nothing_elsewhere() {
    let trees = Trees::new();
    assert!(trees.blocks.len() > 200 && trees.whole.len() > 200, "there is something to break");
    let config = Config { failure_persistence: None, ..Config::with_cases(40) };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let choice = (any::<usize>(), 0..WAYS.len(), 0usize..40);
    let choices = prop::collection::vec(choice, 1..6);
    let result = runner.run(&choices, |choices| {
        let broken = trees.broken(&choices);
        trees.check(&broken).map_err(|problems| TestCaseError::fail(format!("{problems}{broken:#?}")))
    });
    if let Err(error) = result {
        panic!("{error}");
    }
}

#[test]
fn every_way_of_breaking_a_block_is_told() {
    let trees = Trees::new();
    let mut problems = String::new();
    for way in 0..WAYS.len() {
        let broken = trees.broken(&[(way * 9, way, way)]);
        if let Err(found) = trees.check(&broken) {
            let _ = write!(problems, "{broken:?}\n{found}");
        }
    }
    assert!(problems.is_empty(), "{problems}");
}
