use clap::ArgMatches;

use super::failure::Failure;
use crate::terraform::Input;

/// Values for the variables of root modules.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Values")]
pub(super) struct Values {
    /// A value for a variable of root modules; may be given several times
    #[arg(long = "var", value_name = "NAME=VALUE")]
    var: Vec<String>,
    /// A file with values for variables; may be given several times, mixed with --var: later wins
    #[arg(long = "var-file", value_name = "FILE")]
    var_file: Vec<String>,
    /// The workspace that `terraform.workspace` names
    #[arg(long, value_name = "NAME")]
    pub(super) workspace: Option<String>,
    /// Both, in the order given.
    #[arg(skip)]
    ordered: Vec<Given>,
}

#[derive(Clone, Debug)]
enum Given {
    Var(String),
    File(String),
}

impl Values {
    /// Notes in which order the two kinds of arguments were given: the later one wins.
    pub(super) fn take_order(&mut self, given: &ArgMatches) {
        let indices = |name: &str| given.indices_of(name).into_iter().flatten().collect::<Vec<_>>();
        let vars = indices("var").into_iter().zip(self.var.iter().cloned().map(Given::Var));
        let files = indices("var_file").into_iter().zip(self.var_file.iter().cloned().map(Given::File));
        let mut all: Vec<(usize, Given)> = vars.chain(files).collect();
        all.sort_by_key(|(index, _)| *index);
        self.ordered = all.into_iter().map(|(_, given)| given).collect();
    }

    /// The values, files as the paths that were given.
    pub(super) fn inputs(&self) -> Result<Vec<Input>, Failure> {
        let input = |given: &Given| match given {
            Given::File(path) => Ok(Input::File(path.clone())),
            Given::Var(text) => match text.split_once('=') {
                Some((name, value)) if !name.trim().is_empty() => {
                    Ok(Input::Value { name: name.trim().to_owned(), text: value.to_owned() })
                }
                _ => Err(Failure::Help(
                    format!("`--var {}` gives no value", text.split('=').next().unwrap_or_default()),
                    "write `--var name=value`".to_owned(),
                )),
            },
        };
        self.ordered.iter().map(input).collect()
    }
}
