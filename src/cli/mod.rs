//! The command line: one file per command. Thin: it parses, calls the library, prints.

mod arguments;
mod completions;
mod diff;
mod environment;
mod eval;
mod explain;
mod failure;
mod graph;
mod init;
mod lint;
mod log;
mod outputs;
mod panic;
mod plans;
mod print_config;
mod progress;
mod rules;
mod screen;
mod show;
mod show_plans;
mod show_units;
mod shown;
mod values;

use std::ffi::OsString;

use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

use crate::exit::Exit;
use failure::Failure;
use log::Log;
use screen::{ColorWhen, Screen};

/// A linter and plan gate for Terraform and Terragrunt
///
/// plangate reads a tree, evaluates every module in every root that uses it, and reports what is wrong at the line that
/// caused it. Nothing of the tree is run, nothing is downloaded.
#[derive(Debug, Parser)]
#[command(name = "plangate", version, max_term_width = 100, after_help = exit_codes(), propagate_version = true)]
#[command(disable_help_subcommand = true)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

/// Arguments of every command.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Everywhere")]
struct Global {
    /// Whether to use colours; `auto` asks the terminal and NO_COLOR
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN")]
    color: ColorWhen,
    /// Write for a screen reader: no drawing
    #[arg(long, global = true)]
    narrated: bool,
    /// How many threads work; as many as there are processors if not given
    #[arg(long, short, global = true, value_name = "COUNT")]
    jobs: Option<std::num::NonZeroUsize>,
    /// Say what is being done, on standard error; twice: with times
    #[arg(long, short, global = true, action = clap::ArgAction::Count)]
    verbose: u8,
    /// Say nothing but results
    #[arg(long, short, global = true, conflicts_with = "verbose")]
    quiet: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Report what is wrong
    Lint(Box<lint::Lint>),
    /// Show what plangate sees: the evaluated modules and the plans
    Show(show::Show),
    /// Show what hangs on what: units, or resources; and what a changed file can reach
    Graph(graph::Graph),
    /// Show what has changed between two states of the tree: units and resources, as they are evaluated
    Diff(Box<diff::Diff>),
    /// Evaluate expressions
    Eval(eval::Eval),
    /// List the rules
    Rules(rules::Rules),
    /// Print the page of a rule
    Explain(explain::Explain),
    /// Write a commented plangate.hcl that fits the tree
    Init(init::Init),
    /// Print a script that completes arguments in a shell
    Completions(completions::Completions),
}

/// What every command is given.
struct Context {
    screen: Screen,
    log: Log,
    quiet: bool,
}

/// Runs the program with the arguments of the process.
#[must_use]
pub fn main() -> Exit {
    panic::install();
    run(eval::negative_expressions(std::env::args_os().collect()))
}

fn run(arguments: impl IntoIterator<Item = OsString>) -> Exit {
    let matches = match Cli::command().try_get_matches_from(arguments) {
        Ok(matches) => matches,
        Err(error) => return usage(&error),
    };
    let mut cli = match Cli::from_arg_matches(&matches) {
        Ok(cli) => cli,
        Err(error) => return usage(&error),
    };
    if let (Command::Lint(lint), Some(("lint", given))) = (&mut cli.command, matches.subcommand()) {
        lint.take_order(given);
    }
    if let Some((_, given)) = matches.subcommand() {
        cli.command.take_value_order(given);
    }
    let screen = Screen::new(cli.global.color, cli.global.narrated);
    let context = Context { screen, log: Log::new(cli.global.verbose), quiet: cli.global.quiet };
    let threads = cli.global.jobs.map_or(0, std::num::NonZeroUsize::get);
    let result = match crate::terraform::pool(threads) {
        Ok(pool) => pool.install(|| cli.command.run(&context)),
        Err(error) => Err(Failure::Usage(format!("cannot start {threads} threads: {error}"))),
    };
    result.unwrap_or_else(|failure| {
        failure.print(&context.screen);
        failure.exit()
    })
}

impl Command {
    /// What no derived struct knows: in which order `--var` and `--var-file` were mixed.
    fn take_value_order(&mut self, given: &clap::ArgMatches) {
        match self {
            Self::Lint(lint) => lint.values.take_order(given),
            Self::Show(show) => show.values.take_order(given),
            Self::Graph(graph) => graph.values.take_order(given),
            Self::Diff(diff) => diff.values.take_order(given),
            Self::Eval(eval) => eval.values.take_order(given),
            Self::Rules(_) | Self::Explain(_) | Self::Init(_) | Self::Completions(_) => {}
        }
    }

    fn run(&self, context: &Context) -> Result<Exit, Failure> {
        match self {
            Self::Lint(command) => command.run(context),
            Self::Show(command) => command.run(context),
            Self::Graph(command) => command.run(context),
            Self::Diff(command) => command.run(context),
            Self::Eval(command) => command.run(context),
            Self::Rules(command) => command.run(context),
            Self::Explain(command) => command.run(context),
            Self::Init(command) => command.run(context),
            Self::Completions(command) => command.run(context),
        }
    }
}

fn usage(error: &clap::Error) -> Exit {
    // A closed pipe is no error of the usage.
    let _ = error.print();
    if error.use_stderr() { Exit::Failed } else { Exit::Clean }
}

fn exit_codes() -> String {
    let mut table = Exit::ALL;
    table.sort_by_key(|exit| exit.code());
    let rows: Vec<String> =
        table.iter().map(|exit| format!("  {}  {}", exit.code(), exit.meaning())).collect();
    format!("Exit codes:\n{}", rows.join("\n"))
}

/// The help text of the program or of one of its commands, as the docs show it.
#[must_use]
pub fn help(command: Option<&str>) -> Option<String> {
    let mut cli = Cli::command().term_width(100);
    let mut target = match command {
        None => cli,
        Some(name) => {
            cli.build();
            cli.find_subcommand(name)?.clone().term_width(100)
        }
    };
    Some(target.render_long_help().to_string())
}

/// The names of the commands.
#[must_use]
pub fn commands() -> Vec<String> {
    Cli::command().get_subcommands().map(|command| command.get_name().to_owned()).collect()
}
