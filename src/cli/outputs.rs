use std::io::Write;
use std::path::{Path, PathBuf};

use clap::ArgMatches;

use super::failure::Failure;
use super::screen::Screen;
use crate::report::Format;

/// Where reports go. `--format` says how one is written; an `--output` behind it says where, else it is standard output.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Reports")]
pub(super) struct Outputs {
    /// How to write the report; may be given several times, each with an --output of its own
    #[arg(long, short, value_enum, value_name = "FORMAT")]
    format: Vec<Format>,
    /// Write the report of the --format before it to this file, `-` for standard output
    #[arg(long, short, value_name = "FILE")]
    output: Vec<PathBuf>,
    #[arg(skip)]
    positions: (Vec<usize>, Vec<usize>),
}

impl Outputs {
    /// Notes where on the command line the arguments stand: they belong together by their order.
    pub(super) fn take_order(&mut self, given: &ArgMatches) {
        let indices = |name: &str| given.indices_of(name).into_iter().flatten().collect();
        self.positions = (indices("format"), indices("output"));
    }

    /// Each report that is asked for, and the file it goes to (`None` for standard output).
    pub(super) fn reports(&self) -> Result<Vec<(Format, Option<&Path>)>, Failure> {
        let mut formats: Vec<(usize, Format)> =
            self.positions.0.iter().copied().zip(self.format.iter().copied()).collect();
        if formats.is_empty()
            || self.positions.1.iter().any(|output| *output < formats.first().map_or(0, |f| f.0))
        {
            formats.insert(0, (0, Format::Human));
        }
        let mut reports: Vec<(Format, Option<&Path>)> = Vec::new();
        let outputs: Vec<(usize, &PathBuf)> = self.positions.1.iter().copied().zip(&self.output).collect();
        for (index, (position, format)) in formats.iter().enumerate() {
            let next = formats.get(index + 1).map_or(usize::MAX, |next| next.0);
            let mut own =
                outputs.iter().filter(|(at, _)| at > position && *at < next).map(|(_, path)| path.as_path());
            let file = own.next().filter(|path| path.as_os_str() != "-");
            if let Some(second) = own.next() {
                let message = format!("`--output {}` has no `--format` of its own", second.display());
                return Err(Failure::Help(
                    message,
                    "write `--format FORMAT --output FILE` for each report".into(),
                ));
            }
            reports.push((*format, file));
        }
        if reports.iter().filter(|(_, file)| file.is_none()).count() > 1 {
            return Err(Failure::Help(
                "two reports cannot both go to standard output".to_owned(),
                "give all but one an `--output FILE`".to_owned(),
            ));
        }
        Ok(reports)
    }
}

/// Writes one report to its place.
pub(super) fn write(
    screen: &Screen,
    file: Option<&Path>,
    write: impl FnOnce(&mut dyn Write) -> std::io::Result<()>,
) -> Result<(), Failure> {
    match file {
        None => screen.print(write).map_err(|error| Failure::Write("-".to_owned(), error)),
        Some(path) => {
            let failed = |error| Failure::Write(path.display().to_string(), error);
            let mut out = std::io::BufWriter::new(std::fs::File::create(path).map_err(failed)?);
            write(&mut out).and_then(|()| out.flush()).map_err(failed)
        }
    }
}
