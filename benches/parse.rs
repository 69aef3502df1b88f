//! How fast files are parsed, ours beside `hcl-edit` in one run: `cargo bench --bench parse -- [DIR]...`, by default
//! over the repository's fixtures; `--ours` leaves the comparison out.

#![allow(clippy::print_stdout, reason = "a benchmark prints")]

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use plangate::source::FileId;
use plangate::syntax::parse_hcl;

/// How often everything is parsed; the best round counts.
const ROUNDS: usize = 9;

fn collect(dir: &Path, files: &mut Vec<Arc<str>>) {
    let Ok(entries) = std::fs::read_dir(dir) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => collect(&path, files),
            Ok(kind) if kind.is_file() && is_native(&path) => {
                if let Ok(text) = std::fs::read_to_string(&path) {
                    files.push(Arc::from(text));
                }
            }
            _ => {}
        }
    }
}

fn is_native(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "tf" || extension == "hcl" || extension == "tfvars")
}

/// The best time of some rounds, and how many files one of them accepted.
fn best(files: &[Arc<str>], mut accepts: impl FnMut(&Arc<str>) -> bool) -> (Duration, usize) {
    let mut best = Duration::MAX;
    let mut accepted = 0;
    for _ in 0..ROUNDS {
        let start = Instant::now();
        accepted = files.iter().filter(|file| accepts(file)).count();
        best = best.min(start.elapsed());
    }
    (best, accepted)
}

fn main() {
    let mut dirs: Vec<PathBuf> =
        std::env::args().skip(1).filter(|arg| !arg.starts_with("--")).map(PathBuf::from).collect();
    if dirs.is_empty() {
        dirs.push(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures"));
    }
    let mut files = Vec::new();
    for dir in &dirs {
        collect(dir, &mut files);
    }
    let bytes: usize = files.iter().map(|file| file.len()).sum();
    println!("{} files, {:.1} MB", files.len(), bytes as f64 / 1e6);
    let rate = |time: Duration| bytes as f64 / 1e6 / time.as_secs_f64();
    let (ours, accepted) =
        best(&files, |file| black_box(parse_hcl(FileId(0), file.clone())).errors.is_empty());
    println!("plangate  {:8.1} MB/s, {accepted} files accepted", rate(ours));
    if std::env::args().any(|arg| arg == "--ours") {
        return;
    }
    let (theirs, accepted) = best(&files, |file| black_box(hcl_edit::parser::parse_body(file)).is_ok());
    println!("hcl-edit  {:8.1} MB/s, {accepted} files accepted", rate(theirs));
    println!("ratio     {:8.1}", theirs.as_secs_f64() / ours.as_secs_f64());
}
