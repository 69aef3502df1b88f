use std::io::Write as _;
use std::path::PathBuf;

use super::lint::current_directory;
use super::{Context, Failure};
use crate::exit::Exit;
use crate::source::{SETTINGS_NAME, Walk, Workspace};

mod survey;
mod text;

/// The arguments of `plangate init`.
#[derive(Debug, clap::Args)]
pub(super) struct Init {
    /// The directory that gets the file; the current one if not given
    #[arg(value_name = "DIR")]
    directory: Option<PathBuf>,
    /// Print the file instead of writing it
    #[arg(long)]
    stdout: bool,
    /// Write over a file that is there
    #[arg(long, conflicts_with = "stdout")]
    force: bool,
}

impl Init {
    pub(super) fn run(&self, context: &Context) -> Result<Exit, Failure> {
        let current = current_directory()?;
        let directory = self.directory.clone().unwrap_or_else(|| PathBuf::from("."));
        let workspace = Workspace::open(&current, std::slice::from_ref(&directory), &Walk::default())
            .map_err(|(path, error)| Failure::Path(path.display().to_string(), error))?;
        let absolute = std::fs::canonicalize(current.join(&directory))
            .map_err(|_| Failure::Path(directory.display().to_string(), crate::source::ReadError::Missing))?;
        if !absolute.is_dir() {
            return Err(Failure::Path(
                directory.display().to_string(),
                crate::source::ReadError::NotDirectory,
            ));
        }
        let top = workspace.repository.relative(&absolute).unwrap_or_default();
        let survey = survey::Survey::of(&workspace, &top);
        let text = text::write(&survey);
        let failed = |error| Failure::Write(SETTINGS_NAME.to_owned(), error);
        if self.stdout {
            context.screen.print(|out| out.write_all(text.as_bytes())).map_err(failed)?;
            return Ok(Exit::Clean);
        }
        let path = absolute.join(SETTINGS_NAME);
        let mut options = std::fs::OpenOptions::new();
        options.write(true).truncate(true).create(self.force).create_new(!self.force);
        let mut file = match options.open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
                return Err(Failure::Help(
                    format!("there is a `{SETTINGS_NAME}` already"),
                    "`--stdout` prints what would be written, `--force` writes over it".to_owned(),
                ));
            }
            Err(error) => return Err(failed(error)),
        };
        file.write_all(text.as_bytes()).map_err(failed)?;
        if !context.quiet {
            let told = format!("wrote {SETTINGS_NAME}: {}\n", survey.in_words());
            context.screen.print(|out| out.write_all(told.as_bytes())).map_err(failed)?;
        }
        Ok(Exit::Clean)
    }
}
