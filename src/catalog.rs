//! The rules as reports and docs show them.

use crate::config::PRESETS;
use crate::finding::Severity;
use crate::report::RuleInfo;
use crate::rules::{self, OptionDoc, RULES, RuleEntry};

/// All rules, sorted by id.
#[must_use]
pub fn all() -> Vec<RuleInfo> {
    RULES.iter().map(info).collect()
}

/// The presets that speak of a rule.
#[must_use]
pub fn presets_of(id: &str) -> Vec<&'static str> {
    let header = format!("rule \"{id}\"");
    let speaks = |text: &str| text.lines().any(|line| line.starts_with(&header));
    PRESETS.iter().filter(|(_, text)| speaks(text)).map(|(name, _)| *name).collect()
}

/// The page of a rule, as Markdown: what `explain` prints and what the docs hold.
#[must_use]
pub fn page(id: &str) -> Option<String> {
    let rule = rules::find(id)?;
    let mut text = format!("# {id}\n\n{}\n\n## Settings\n", rule.page().text);
    text.push_str(&format!(
        "Severity: {}, unless the configuration says otherwise.\n",
        severity_word(rule.severity)
    ));
    let presets = presets_of(id);
    if !presets.is_empty() {
        text.push_str(&format!("Presets: {}.\n", presets.join(", ")));
    }
    let options = rule.options();
    if !options.is_empty() {
        text.push_str("\n| option | type | default | |\n| --- | --- | --- | --- |\n");
        for option in &options {
            text.push_str(&row(option));
        }
    }
    Some(text)
}

/// A severity as it is written.
#[must_use]
pub fn severity_word(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "info",
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}

fn info(rule: &RuleEntry) -> RuleInfo {
    let page = rule.page();
    RuleInfo {
        id: rule.id.into(),
        severity: rule.severity,
        summary: page.summary,
        page: page.text,
        docs_url: Some(format!("{}/blob/main/docs/rules/{}.md", crate::HOMEPAGE, rule.id)),
        tags: presets_of(rule.id)
            .into_iter()
            .filter(|preset| *preset == "security" || *preset == "style")
            .map(str::to_owned)
            .collect(),
    }
}

fn row(option: &OptionDoc) -> String {
    let cell = |text: &str| text.replace('|', "\\|");
    let OptionDoc { name, ty, default, text } = option;
    format!("| `{name}` | {} | `{}` | {} |\n", cell(ty), cell(default), cell(text))
}
