//! `lint --print-config`: the settings that hold for one path, as a configuration file that would give them.

use std::path::Path;

use super::{Context, Failure, lint::current_directory};
use crate::config::{
    Config, Entry, Globs, Located, RuleSettings, Setting, SettingKind, Settings, Terragrunt, VarFile,
    Variable, key, quoted,
};
use crate::exit::Exit;
use crate::source::{Disk, Repository, split};

pub(super) fn run(context: &Context, path: &Path, config: Option<&Path>) -> Result<Exit, Failure> {
    let current = current_directory()?;
    let failed = |(path, error): (std::path::PathBuf, _)| Failure::Path(path.display().to_string(), error);
    let repository = Repository::around(&current, &[path.to_owned()]).map_err(failed)?;
    let absolute = std::fs::canonicalize(current.join(path))
        .map_err(|_| Failure::Path(path.display().to_string(), crate::source::ReadError::Missing))?;
    let relative =
        repository.relative(&absolute).map_err(|error| Failure::Path(path.display().to_string(), error))?;
    let directory = if absolute.is_dir() { relative.as_str() } else { split(&relative).0 };
    let disk = Disk::new(repository.root.clone());
    let config = crate::configure(&repository, &disk, &current, config, [directory])?;
    let text = hcl(&config, &relative);
    context
        .screen
        .print(|out| out.write_all(text.as_bytes()))
        .map_err(|error| Failure::Write("-".into(), error))?;
    Ok(Exit::Clean)
}

/// The settings as HCL, each with a comment that says where it comes from.
fn hcl(config: &Config, path: &str) -> String {
    let settings = config.settings(path);
    let shown = if path.is_empty() { "." } else { path };
    let mut text = Writer { text: format!("# The settings that hold for {shown}\n\n"), config };
    text.text.push_str("root    = true\nextends = []\n\n");
    text.lines(
        0,
        &[
            (
                "threshold",
                quoted(crate::catalog::severity_word(settings.threshold.value)),
                config.provenance(&settings.threshold),
            ),
            ("undecided", quoted(undecided_word(&settings)), config.provenance(&settings.undecided)),
        ],
    );
    text.values(0, &settings.variables, &settings.var_files);
    for variant in &settings.variants {
        text.text.push_str(&format!(
            "\nvariant {} {{ # {}\n",
            quoted(&variant.name.value),
            config.provenance(&variant.name)
        ));
        if let Some(workspace) = &variant.workspace {
            text.lines(1, &[("workspace", quoted(&workspace.value), config.provenance(workspace))]);
        }
        text.values(1, &variant.variables, &variant.var_files);
        text.text.push_str("}\n");
    }
    text.module_sources(&settings);
    text.terragrunt(&settings.terragrunt);
    for (id, rule) in &settings.rules {
        text.rule(id, rule);
    }
    text.text
}

fn undecided_word(settings: &Settings) -> &'static str {
    match settings.undecided.value {
        crate::config::UndecidedLevel::Ignore => "ignore",
        crate::config::UndecidedLevel::Warn => "warn",
        crate::config::UndecidedLevel::Error => "error",
    }
}

struct Writer<'a> {
    text: String,
    config: &'a Config,
}

impl Writer<'_> {
    /// Attributes with their comments, both aligned.
    fn lines(&mut self, depth: usize, lines: &[(&str, String, String)]) {
        let names = lines.iter().map(|(name, ..)| name.chars().count()).max().unwrap_or(0);
        let values =
            lines.iter().filter(|(_, value, _)| value.len() < 60).map(|(_, value, _)| value.chars().count());
        let values = values.max().unwrap_or(0);
        for (name, value, from) in lines {
            let indent = "  ".repeat(depth);
            self.text.push_str(&format!("{indent}{name:names$} = {value:values$} # {from}\n"));
        }
    }

    fn values(&mut self, depth: usize, variables: &[Variable], var_files: &[VarFile]) {
        let indent = "  ".repeat(depth);
        if !variables.is_empty() {
            self.text.push_str(&format!("{}{indent}variables = {{\n", gap(depth)));
            let lines: Vec<(String, String, String)> = variables
                .iter()
                .map(|variable| {
                    let from = self.config.provenance(&Located::new((), variable.name_location));
                    (key(&variable.name), variable.value.to_hcl(), from)
                })
                .collect();
            let lines: Vec<(&str, String, String)> = lines
                .iter()
                .map(|(name, value, from)| (name.as_str(), value.clone(), from.clone()))
                .collect();
            self.lines(depth + 1, &lines);
            self.text.push_str(&format!("{indent}}}\n"));
        }
        if !var_files.is_empty() {
            self.text.push_str(&format!("{}{indent}var_files = [\n", gap(depth)));
            for file in var_files {
                let from = self.config.provenance(&file.path);
                self.text.push_str(&format!("{indent}  {}, # {from}\n", quoted(&file.path.value)));
            }
            self.text.push_str(&format!("{indent}]\n"));
        }
    }

    fn module_sources(&mut self, settings: &Settings) {
        if settings.module_sources.is_empty() {
            return;
        }
        self.text.push_str("\nmodule_sources = {\n");
        for source in &settings.module_sources {
            let target = quoted(&source.target.value);
            let target = if source.unversioned {
                format!("{{ path = {target}, unversioned = true }}")
            } else {
                target
            };
            let from = self.config.provenance(&source.pattern);
            self.text.push_str(&format!("  {} = {target} # {from}\n", quoted(&source.pattern.value)));
        }
        self.text.push_str("}\n");
    }

    fn terragrunt(&mut self, given: &Terragrunt) {
        if *given == Terragrunt::default() {
            return;
        }
        self.text.push_str("\nterragrunt {\n");
        for (name, pairs) in [("env", &given.env), ("features", &given.features), ("run_cmd", &given.run_cmd)]
        {
            if !pairs.is_empty() {
                let pair = |(name, text): &(arcstr::ArcStr, String)| {
                    format!("    {} = {}\n", crate::config::key(name), quoted(text))
                };
                let lines: String = pairs.iter().map(pair).collect();
                self.text.push_str(&format!("  {name} = {{\n{lines}  }}\n"));
            }
        }
        for (name, texts) in [("env_allowed", &given.env_allowed), ("experiments", &given.experiments)] {
            if !texts.is_empty() {
                let all: Vec<String> = texts.iter().map(|text| quoted(&text.value)).collect();
                let from = texts.first().map(|text| self.config.provenance(text)).unwrap_or_default();
                self.text.push_str(&format!("  {name} = [{}] # {from}\n", all.join(", ")));
            }
        }
        self.text.push_str("}\n");
    }

    fn rule(&mut self, id: &str, rule: &RuleSettings) {
        self.text.push_str(&format!("\nrule {} {{\n", quoted(id)));
        let mut lines: Vec<(&str, String, String)> =
            vec![("enabled", rule.enabled.value.to_string(), self.config.provenance(&rule.enabled))];
        if let Some(severity) = &rule.severity {
            let from = self.config.provenance(severity);
            lines.push(("severity", quoted(crate::catalog::severity_word(severity.value)), from));
        }
        for (name, globs) in [("paths", &rule.paths), ("exclude", &rule.exclude)] {
            let Some(globs) = globs else { continue };
            lines.push((name, patterns(globs), self.globs_from(globs)));
        }
        let (plain, blocks): (Vec<&Entry>, Vec<&Entry>) =
            rule.options.entries().iter().partition(|entry| !is_block(&entry.value));
        for option in plain {
            let from = self.config.provenance(&Located::new((), option.key_location));
            lines.push((&option.key, option.value.to_hcl(), from));
        }
        self.lines(1, &lines);
        for block in blocks {
            self.block(&block.key, &block.value);
        }
        self.text.push_str("}\n");
    }

    fn globs_from(&self, globs: &Globs) -> String {
        let first = globs.patterns.first().map(|pattern| Located::new((), pattern.location));
        self.config.provenance(&first.unwrap_or(Located::unwritten(())))
    }

    /// Blocks of a rule: a list of maps, or a map of maps by label.
    fn block(&mut self, name: &str, value: &Setting) {
        let bodies: Vec<(Option<&str>, &Setting)> = match &value.kind {
            SettingKind::List(bodies) => bodies.iter().map(|body| (None, body)).collect(),
            SettingKind::Map(entries) => {
                entries.iter().map(|entry| (Some(entry.key.as_str()), &entry.value)).collect()
            }
            _ => Vec::new(),
        };
        for (label, body) in bodies {
            let label = label.map(|label| format!("{} ", quoted(label))).unwrap_or_default();
            let from = self.config.provenance(&Located::new((), body.location));
            self.text.push_str(&format!("\n  {name} {label}{{ # {from}\n"));
            for entry in body.entries() {
                self.text.push_str(&format!("    {} = {}\n", entry.key, entry.value.to_hcl()));
            }
            self.text.push_str("  }\n");
        }
    }
}

/// Whether an option was written as blocks: only those are maps of maps, or lists of maps.
fn is_block(setting: &Setting) -> bool {
    let is_map = |setting: &Setting| matches!(setting.kind, SettingKind::Map(_));
    match &setting.kind {
        SettingKind::List(elements) => !elements.is_empty() && elements.iter().all(is_map),
        SettingKind::Map(entries) => !entries.is_empty() && entries.iter().all(|entry| is_map(&entry.value)),
        _ => false,
    }
}

/// What stands apart at the top of the file stands close in a block.
fn gap(depth: usize) -> &'static str {
    if depth == 0 { "\n" } else { "" }
}

fn patterns(globs: &Globs) -> String {
    let patterns: Vec<String> = globs.patterns.iter().map(|pattern| quoted(&pattern.value)).collect();
    format!("[{}]", patterns.join(", "))
}
