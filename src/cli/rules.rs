use super::{Context, Failure};
use crate::catalog;
use crate::exit::Exit;

/// The arguments of `plangate rules`.
#[derive(Debug, clap::Args)]
pub(super) struct Rules {
    /// How to write the table
    #[arg(long, short, value_enum, default_value_t, value_name = "FORMAT")]
    format: TableFormat,
}

/// How a table is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, clap::ValueEnum)]
pub(super) enum TableFormat {
    /// For people
    #[default]
    Human,
    /// One JSON document
    Json,
}

impl Rules {
    pub(super) fn run(&self, context: &Context) -> Result<Exit, Failure> {
        let text = match self.format {
            TableFormat::Human => table(context.screen.width),
            TableFormat::Json => json(),
        };
        context
            .screen
            .print(|out| out.write_all(text.as_bytes()))
            .map_err(|error| Failure::Write("-".into(), error))?;
        Ok(Exit::Clean)
    }
}

fn table(width: usize) -> String {
    let rules = catalog::all();
    let longest = rules.iter().map(|rule| rule.id.len()).max().unwrap_or(0);
    let indent = longest + 2 + "warning".len() + 2;
    let mut text = String::new();
    for rule in &rules {
        let severity = catalog::severity_word(rule.severity);
        let lines = wrapped(&rule.summary, width.saturating_sub(indent).max(30));
        let mut lines = lines.iter();
        let first = lines.next().map_or("", String::as_str);
        text.push_str(&format!("{:longest$}  {severity:7}  {first}\n", rule.id));
        for line in lines {
            text.push_str(&format!("{:indent$}{line}\n", ""));
        }
    }
    text.push_str(&format!("\n{} rules; `plangate explain RULE` prints the page of one\n", rules.len()));
    text
}

fn json() -> String {
    let rules: Vec<serde_json::Value> = catalog::all()
        .iter()
        .map(|rule| {
            serde_json::json!({
                "id": rule.id.as_str(),
                "severity": rule.severity,
                "summary": rule.summary,
                "docs_url": rule.docs_url,
                "presets": catalog::presets_of(&rule.id),
            })
        })
        .collect();
    let document = serde_json::json!({ "version": 1, "rules": rules });
    format!("{document:#}\n")
}

/// The words of a text on lines of at most so many columns.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        let columns = |text: &str| unicode_width::UnicodeWidthStr::width(text);
        match lines.last_mut() {
            Some(line) if columns(line) + 1 + columns(word) <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}
