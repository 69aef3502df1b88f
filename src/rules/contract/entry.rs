use schemars::Schema;

use super::{Rule, RuleOptions};
use crate::config::{Setting, from_setting};
use crate::eval::Problem;
use crate::finding::Severity;
use crate::suggest::did_you_mean;

/// What the block of every rule may set.
const COMMON: [&str; 4] = ["enabled", "severity", "paths", "exclude"];

/// A hook of [`Rule`] that a rule overrides.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Hook {
    /// [`Rule::file`]
    File,
    /// [`Rule::module`]
    Module,
    /// [`Rule::instance`]
    Instance,
    /// [`Rule::resource`], for these types (all, if there are none); `aws_db_*` stands for all that begin so.
    Resource(&'static [&'static str]),
    /// [`Rule::root`]
    Root,
    /// [`Rule::unit`]
    Unit,
    /// [`Rule::plan`]
    Plan,
    /// [`Rule::model`]
    Model,
}

impl Hook {
    /// A number with one bit set, another for each hook, whatever the types.
    #[must_use]
    pub const fn bit(self) -> u8 {
        1 << match self {
            Self::File => 0,
            Self::Module => 1,
            Self::Instance => 2,
            Self::Resource(_) => 3,
            Self::Root => 4,
            Self::Unit => 5,
            Self::Plan => 6,
            Self::Model => 7,
        }
    }
}

/// A rule that exists: its line in the registry.
#[derive(Debug)]
pub struct RuleEntry {
    /// Its id, which is also its file's name.
    pub id: &'static str,
    /// How severe its findings are, unless the configuration says otherwise.
    pub severity: Severity,
    /// The hooks that it overrides.
    pub hooks: &'static [Hook],
    source: &'static str,
    schema: fn() -> Schema,
    build: fn(&Setting) -> Result<Box<dyn Rule>, Problem>,
}

/// The documentation of a rule, from the comment at the top of its file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Page {
    /// What it reports: the first paragraph.
    pub summary: String,
    /// All of it, as Markdown.
    pub text: String,
}

/// The documentation of an option, from the struct's field.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OptionDoc {
    /// Its name.
    pub name: String,
    /// Its type, in words.
    pub ty: String,
    /// Its default, as HCL.
    pub default: String,
    /// What it does.
    pub text: String,
}

impl RuleEntry {
    /// The rule `R`, whose file has this text.
    #[must_use]
    pub const fn new<R: RuleOptions>(
        id: &'static str,
        source: &'static str,
        severity: Severity,
        hooks: &'static [Hook],
    ) -> Self {
        Self { id, severity, hooks, source, schema: schema::<R>, build: build::<R> }
    }

    /// The rule with these options (a [`Setting`] that is a map).
    ///
    /// # Errors
    /// What is wrong with them, and where.
    pub fn configure(&self, options: &Setting) -> Result<Box<dyn Rule>, Problem> {
        (self.build)(options)
    }

    /// Its documentation.
    #[must_use]
    pub fn page(&self) -> Page {
        let lines = self.source.lines().map_while(|line| line.strip_prefix("//!"));
        let text: Vec<&str> = lines.map(|line| line.strip_prefix(' ').unwrap_or(line)).collect();
        let summary: Vec<&str> = text.iter().copied().take_while(|line| !line.is_empty()).collect();
        Page { summary: summary.join(" "), text: text.join("\n").trim_end().to_owned() }
    }

    /// The JSON Schema of its options.
    #[must_use]
    pub fn schema(&self) -> Schema {
        (self.schema)()
    }

    /// Its options, in the order of the struct's fields.
    #[must_use]
    pub fn options(&self) -> Vec<OptionDoc> {
        super::options::documented(&self.schema())
    }
}

fn schema<R: RuleOptions>() -> Schema {
    schemars::schema_for!(R)
}

fn build<R: RuleOptions>(options: &Setting) -> Result<Box<dyn Rule>, Problem> {
    let rule = from_setting::<R>(options).map_err(|mut problem| {
        // A slip in what every rule has ends among the rule's own options.
        let written =
            problem.message.strip_prefix("there is no option `").and_then(|rest| rest.strip_suffix('`'));
        if let Some(meant) = written.and_then(|written| did_you_mean(written, COMMON)) {
            problem.help = Some(meant);
        }
        problem
    })?;
    Ok(Box::new(rule))
}
