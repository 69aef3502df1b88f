use clap::CommandFactory as _;

use super::{Cli, Context, Failure};
use crate::exit::Exit;

/// The arguments of `plangate completions`.
#[derive(Debug, clap::Args)]
pub(super) struct Completions {
    /// The shell
    #[arg(value_enum)]
    shell: clap_complete::Shell,
}

impl Completions {
    pub(super) fn run(&self, context: &Context) -> Result<Exit, Failure> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "plangate", &mut script);
        context
            .screen
            .print(|out| out.write_all(&script))
            .map_err(|error| Failure::Write("-".into(), error))?;
        Ok(Exit::Clean)
    }
}
