use std::io::Read as _;
use std::path::PathBuf;

use super::failure::Failure;
use super::plans::{self, Plans};
use crate::plan::looks_like_a_plan;
use crate::source::{PlanArgument, PlanPlace, Walk, bounds as source_bounds};

/// Which files to look at.
#[derive(Clone, Debug, Default, clap::Args)]
pub(super) struct Paths {
    /// Files and directories, and files that hold plans as JSON; `-` reads a list of them from standard input, one per line
    /// or separated by NUL bytes, or a plan itself; the current directory if none is given
    #[arg(value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,
    /// Enter hidden directories too
    #[arg(long, help_heading = "Files")]
    hidden: bool,
    /// Do not honour .gitignore and .plangateignore
    #[arg(long, help_heading = "Files")]
    no_ignore: bool,
    /// Use this configuration file instead of those found beside and above the paths
    #[arg(long, value_name = "FILE", help_heading = "Files")]
    pub(super) config: Option<PathBuf>,
}

impl Paths {
    /// How to walk.
    pub(super) fn walk(&self) -> Walk {
        Walk { hidden: self.hidden, no_ignore: self.no_ignore, tracked: false }
    }

    /// The paths, with a list on standard input read, and the plans that are named beside them.
    pub(super) fn asked(&self, plans: &Plans) -> Result<Asked, Failure> {
        let mut asked = Asked { paths: Vec::new(), plans: plans.given()? };
        if plans.takes_standard_input() && self.paths.iter().any(|path| path.as_os_str() == "-") {
            return Err(Failure::Usage("standard input is both a plan and a list of paths".to_owned()));
        }
        let paths = &mut asked.paths;
        for path in &self.paths {
            if path.as_os_str() == "-" {
                let bytes = input(source_bounds::PLAN_BYTES)?;
                if looks_like_a_plan(&bytes) {
                    asked.plans.push(plans::given("-", PlanPlace::Anywhere, bytes));
                    continue;
                }
                if bytes.len() as u64 > source_bounds::FILE_BYTES {
                    return Err(Failure::Usage("standard input lists too many paths".to_owned()));
                }
                paths.extend(list(&bytes)?);
                if paths.is_empty() {
                    return Err(Failure::Nothing("standard input lists no paths".to_owned()));
                }
            } else {
                paths.push(path.clone());
            }
        }
        Ok(asked)
    }
}

/// What is asked for by paths and plans.
pub(super) struct Asked {
    pub(super) paths: Vec<PathBuf>,
    pub(super) plans: Vec<PlanArgument>,
}

/// Paths, with a list of them on standard input read where one is `-`.
pub(super) fn listed(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut all = Vec::new();
    for path in paths {
        if path.as_os_str() == "-" {
            all.extend(list(&standard_input()?)?);
        } else {
            all.push(path.clone());
        }
    }
    Ok(all)
}

/// All of standard input, within the bound of a file.
pub(super) fn standard_input() -> Result<Vec<u8>, Failure> {
    input(source_bounds::FILE_BYTES)
}

/// All of standard input, within a bound.
pub(super) fn input(most: u64) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let read = std::io::stdin().lock().take(most + 1).read_to_end(&mut bytes);
    match read {
        Ok(_) if bytes.len() as u64 > most => {
            Err(Failure::Usage("standard input is larger than a file may be".to_owned()))
        }
        Ok(_) => Ok(bytes),
        Err(error) => Err(Failure::Usage(format!("cannot read standard input: {}", error.kind()))),
    }
}

fn list(bytes: &[u8]) -> Result<Vec<PathBuf>, Failure> {
    let separator = if bytes.contains(&0) { 0 } else { b'\n' };
    let mut paths = Vec::new();
    for line in bytes.split(|&byte| byte == separator) {
        let line = if separator == 0 { line } else { line.strip_suffix(b"\r").unwrap_or(line) };
        if line.is_empty() {
            continue;
        }
        if paths.len() == source_bounds::LISTED_PATHS {
            return Err(Failure::Usage("standard input lists too many paths".to_owned()));
        }
        let text = std::str::from_utf8(line)
            .map_err(|_| Failure::Usage("standard input lists a path that is not UTF-8".to_owned()))?;
        paths.push(PathBuf::from(text));
    }
    Ok(paths)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_separated_by_lines_or_nul() {
        let paths = |bytes: &[u8]| list(bytes).map(|paths| paths.len()).map_err(|_| ());
        assert_eq!(paths(b"a.tf\nb c.tf\r\n\n"), Ok(2));
        assert_eq!(list(b"a\nb\0c\0").unwrap(), [PathBuf::from("a\nb"), PathBuf::from("c")]);
        assert_eq!(paths(b""), Ok(0));
        assert_eq!(paths(b"\xff"), Err(()));
    }
}
