//! How fast a whole tree is linted, cold and with every rule, beside what `hcl-edit` takes to walk, read and parse its
//! files on as many threads: `cargo bench --bench lint -- [DIR]`, by default over generated trees of 250, 500, 1,000 and
//! 2,000 module directories, which also shows how time grows.

#![allow(clippy::print_stdout, reason = "a benchmark prints")]

mod tree;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use ignore::{WalkBuilder, WalkState};
use plangate::Request;

/// How often each is run; both are run in turn, and the best round of each counts.
const ROUNDS: usize = 7;

fn main() -> Result<(), Box<dyn Error>> {
    let named: Vec<PathBuf> =
        std::env::args().skip(1).filter(|arg| !arg.starts_with("--")).map(PathBuf::from).collect();
    println!(
        "{:>8} {:>10} {:>10} {:>10} {:>10} {:>7}",
        "files", "resources", "findings", "lint", "hcl-edit", "ratio"
    );
    for dir in &named {
        measure(dir)?;
    }
    if named.is_empty() {
        for services in [62, 125, 250, 500] {
            let place = tempfile::tempdir()?;
            tree::write(place.path(), services)?;
            measure(place.path())?;
        }
    }
    Ok(())
}

fn measure(dir: &Path) -> Result<(), Box<dyn Error>> {
    let (mut ours, mut theirs) = (Duration::MAX, Duration::MAX);
    let mut counts = (0, 0, 0);
    for _ in 0..ROUNDS {
        let start = Instant::now();
        let request = Request { current: dir.to_owned(), ..Request::default() };
        let outcome = plangate::lint(&request, &mut |_| {}).map_err(|failure| format!("{failure:?}"))?;
        ours = ours.min(start.elapsed());
        counts = (outcome.coverage.files, outcome.coverage.resources, outcome.findings.len());
        drop(outcome);

        let start = Instant::now();
        parse_all(dir);
        theirs = theirs.min(start.elapsed());
    }
    let ratio = ours.as_secs_f64() / theirs.as_secs_f64();
    let (files, resources, findings) = counts;
    println!("{files:8} {resources:10} {findings:10} {ours:10.2?} {theirs:10.2?} {ratio:7.2}");
    Ok(())
}

/// What reading the same files costs a tool that does nothing else.
fn parse_all(dir: &Path) {
    WalkBuilder::new(dir).threads(rayon::current_num_threads()).build_parallel().run(|| {
        Box::new(|entry| {
            if let Ok(entry) = entry
                && is_native(entry.path())
                && let Ok(text) = std::fs::read_to_string(entry.path())
            {
                drop(std::hint::black_box(hcl_edit::parser::parse_body(&text)));
            }
            WalkState::Continue
        })
    });
}

fn is_native(path: &Path) -> bool {
    path.extension()
        .is_some_and(|extension| extension == "tf" || extension == "tofu" || extension == "tfvars")
}
