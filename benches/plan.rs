//! How fast a large plan is linted with every rule, beside what `serde_json` takes to build one `Value` of the same file:
//! `cargo bench --bench plan -- [FILE]...`, by default over generated plans of 2,000 and 8,000 resources, which also shows
//! how time grows; `read` is the reading alone, `values` with every value of every change built. Each run has a process of its own, so that the peak of its memory is its own too.

#![allow(clippy::print_stdout, reason = "a benchmark prints")]

#[path = "plan/generate.rs"]
mod generate;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use plangate::Request;
use rayon::prelude::*;

/// How often each is run; both are run in turn, and the best round of each counts.
const ROUNDS: usize = 5;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    if let [what, file] = arguments.as_slice()
        && let Some(what) = what.strip_prefix("--run=")
    {
        return run(what, Path::new(file));
    }
    println!(
        "{:>10} {:>7} {:>10} {:>10} {:>10} {:>10} {:>10} {:>6} {:>10} {:>6}",
        "resources", "MB", "read", "values", "lint", "serde", "findings", "ratio", "peak MB", "peak"
    );
    for file in &arguments {
        measure(Path::new(file))?;
    }
    if arguments.is_empty() {
        let place = tempfile::tempdir()?;
        for resources in [2_000, 8_000] {
            let file = place.path().join("plan.json");
            generate::write(&file, resources)?;
            measure(&file)?;
        }
    }
    Ok(())
}

/// What one run says about itself.
#[derive(Clone, Copy)]
struct Run {
    time: Duration,
    peak: u64,
    counts: (usize, usize),
}

fn measure(file: &Path) -> Result<(), Box<dyn Error>> {
    let mut best: [Option<Run>; 4] = [None; 4];
    for _ in 0..ROUNDS {
        for (kept, what) in best.iter_mut().zip(["read", "values", "lint", "serde"]) {
            let run = child(what, file)?;
            let peak = kept.map_or(run.peak, |kept| kept.peak.max(run.peak));
            let time = kept.map_or(run.time, |kept| kept.time.min(run.time));
            *kept = Some(Run { time, peak, ..run });
        }
    }
    let [Some(read), Some(values), Some(lint), Some(serde)] = best else {
        return Err("nothing was run".into());
    };
    let size = std::fs::metadata(file)?.len();
    println!(
        "{:10} {:7} {:10.2?} {:10.2?} {:10.2?} {:10.2?} {:10} {:6.2} {:10} {:6.2}",
        lint.counts.0,
        size / 1_000_000,
        read.time,
        values.time,
        lint.time,
        serde.time,
        lint.counts.1,
        lint.time.as_secs_f64() / serde.time.as_secs_f64(),
        lint.peak / 1_000_000,
        lint.peak as f64 / size as f64,
    );
    Ok(())
}

/// Runs this program again, for one measurement.
fn child(what: &str, file: &Path) -> Result<Run, Box<dyn Error>> {
    let output = Command::new(std::env::current_exe()?).arg(format!("--run={what}")).arg(file).output()?;
    let text = String::from_utf8(output.stdout)?;
    let numbers: Vec<u64> = text.split_whitespace().map(str::parse).collect::<Result<_, _>>()?;
    let [nanoseconds, peak, changes, findings] = numbers.as_slice() else {
        return Err(format!("{what} failed: {text}{}", String::from_utf8_lossy(&output.stderr)).into());
    };
    Ok(Run {
        time: Duration::from_nanos(*nanoseconds),
        peak: *peak,
        counts: (*changes as usize, *findings as usize),
    })
}

fn run(what: &str, file: &Path) -> Result<(), Box<dyn Error>> {
    let start = Instant::now();
    let (time, changes, findings) = match what {
        "serde" => {
            let value: serde_json::Value = serde_json::from_slice(&std::fs::read(file)?)?;
            let time = start.elapsed();
            (time, value.as_object().map_or(0, serde_json::Map::len), 0)
        }
        "read" | "values" => {
            let named = file.to_str().ok_or("the path is UTF-8")?.to_owned();
            let plans = plangate::plan::load(Path::new("."), &[plangate::source::PlanArgument::Named(named)]);
            for plan in plans.plans.iter().filter(|_| what == "values") {
                plan.changes.par_iter().for_each(|change| {
                    std::hint::black_box((plan.before(change), plan.after(change)));
                });
            }
            let time = start.elapsed();
            (time, plans.plans.iter().map(|plan| plan.changes.len()).sum(), 0)
        }
        _ => {
            let current: PathBuf = std::env::current_dir()?;
            let request = Request { current, paths: vec![file.to_owned()], ..Request::default() };
            let outcome = plangate::lint(&request, &mut |_| {}).map_err(|failure| format!("{failure:?}"))?;
            let time = start.elapsed();
            let changes = outcome.plans.plans.iter().map(|plan| plan.changes.len()).sum();
            (time, changes, outcome.findings.len())
        }
    };
    println!("{} {} {changes} {findings}", time.as_nanos(), peak());
    Ok(())
}

/// The most memory that this process has held, in bytes; 0 where the system does not say.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes =
        line.and_then(|line| line.split_whitespace().next()).and_then(|number| number.parse().ok());
    kilobytes.unwrap_or(0u64) * 1024
}
