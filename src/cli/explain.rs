use super::{Context, Failure};
use crate::catalog;
use crate::exit::Exit;
use crate::rules;

/// The arguments of `plangate explain`.
#[derive(Debug, clap::Args)]
pub(super) struct Explain {
    /// The rule's id; `plangate rules` lists them
    rule: String,
}

impl Explain {
    pub(super) fn run(&self, context: &Context) -> Result<Exit, Failure> {
        let Some(page) = catalog::page(&self.rule) else {
            let message = format!("there is no rule `{}`", self.rule);
            return Err(Failure::Help(message, rules::suggestion(&self.rule)));
        };
        context
            .screen
            .print(|out| out.write_all(page.as_bytes()))
            .map_err(|error| Failure::Write("-".into(), error))?;
        Ok(Exit::Clean)
    }
}
