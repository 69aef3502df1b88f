use std::collections::{BTreeMap, BTreeSet};

use crate::source::{FileId, FileKind, VariablesKind, Workspace, is_json, split};
use crate::syntax::{ExprKind, Tree, parse_hcl};

/// What a tree holds that a configuration would speak of.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Survey {
    /// How many directories hold modules.
    pub(super) modules: usize,
    /// Where modules that are not in the tree come from, as patterns: how many calls use each.
    pub(super) sources: BTreeMap<String, usize>,
    /// Files with values for one environment each, as seen from the root modules that have them: by name.
    pub(super) variants: BTreeMap<String, String>,
    /// Directories of environments that matter most.
    pub(super) production: BTreeSet<String>,
    /// Whether there are Terragrunt units.
    pub(super) terragrunt: bool,
}

impl Survey {
    /// Looks at everything below `top`.
    pub(super) fn of(workspace: &Workspace, top: &str) -> Self {
        let mut survey = Self::default();
        let mut modules = BTreeSet::new();
        let mut variants: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for found in &workspace.files {
            let (directory, name) = split(&found.path);
            match found.kind {
                FileKind::Module => {
                    modules.insert(directory);
                    if !is_json(name) {
                        survey.read_sources(workspace, &found.path);
                    }
                }
                FileKind::Variables(VariablesKind::Named) => {
                    let environment = name.split('.').next().unwrap_or(name);
                    variants.entry(environment.to_owned()).or_default().insert(found.path.clone());
                }
                FileKind::Terragrunt => survey.terragrunt |= name == "terragrunt.hcl",
                _ => {}
            }
        }
        survey.modules = modules.len();
        survey.variants = variants
            .iter()
            .filter_map(|(name, paths)| Some((name.clone(), from_root(&modules, paths.first()?)?)))
            .collect();
        for directory in &modules {
            survey.production.extend(production(directory.strip_prefix(top).unwrap_or(directory)));
        }
        survey
    }

    fn read_sources(&mut self, workspace: &Workspace, path: &str) {
        let Ok(source) = workspace.read(path) else { return };
        let tree = parse_hcl(FileId(0), source.text);
        for block in tree.blocks_of(tree.root, "module") {
            let pattern = tree
                .attribute(block.body, "source")
                .and_then(|source| pattern(literal(&tree, source.value)?));
            if let Some(pattern) = pattern {
                *self.sources.entry(pattern).or_default() += 1;
            }
        }
    }

    /// What was found, in one line.
    pub(super) fn in_words(&self) -> String {
        let count = |count: usize, one: &str| match count {
            1 => format!("1 {one}"),
            many => format!("{many} {one}s"),
        };
        format!(
            "{}, {} of modules elsewhere, {}",
            count(self.modules, "module"),
            count(self.sources.len(), "source"),
            count(self.variants.len(), "variant"),
        )
    }
}

fn literal(tree: &Tree, expr: crate::syntax::ExprId) -> Option<&str> {
    match tree.kind(expr) {
        ExprKind::String(text) => Some(tree.text(text)),
        _ => None,
    }
}

/// A source that is not in the tree, with `{name}` for the part that tells its modules apart.
fn pattern(source: &str) -> Option<String> {
    if source.starts_with("./") || source.starts_with("../") || source == "." || source == ".." {
        return None;
    }
    let address = source.split('?').next().unwrap_or(source);
    // `//` begins a directory in the source, but not behind a scheme.
    let after_scheme = address.find("://").map_or(0, |at| at + 3);
    let (head, tail) = address.split_at_checked(after_scheme)?;
    let tail = tail.split("//").next().unwrap_or(tail);
    let parts: Vec<&str> = tail.split('/').collect();
    let remote = head.contains("://") || source.contains("::") || source.contains('@');
    match parts.as_slice() {
        // A registry's modules have three parts, or four with the registry's host.
        [namespace, _, provider] if !remote && !namespace.contains('.') => {
            Some(format!("{namespace}/{{name}}/{provider}"))
        }
        [host, namespace, _, provider] if !remote => Some(format!("{host}/{namespace}/{{name}}/{provider}")),
        [before @ .., last] if !before.is_empty() => {
            let suffix = if last.ends_with(".git") { ".git" } else { "" };
            Some(format!("{head}{}/{{name}}{suffix}", before.join("/")))
        }
        _ => None,
    }
}

/// A file of values as seen from the nearest module above it: where `-var-file` is given from.
fn from_root(modules: &BTreeSet<&str>, path: &str) -> Option<String> {
    let mut above = split(path).0;
    loop {
        if modules.contains(above) {
            return Some(path.strip_prefix(above)?.trim_start_matches('/').to_owned());
        }
        if above.is_empty() {
            return None;
        }
        above = split(above).0;
    }
}

/// The part of a path up to a directory that is named like what customers use.
fn production(directory: &str) -> Option<String> {
    let directory = directory.trim_start_matches('/');
    let mut end = 0;
    for part in directory.split('/') {
        end += part.len();
        if matches!(part, "prod" | "production" | "prd" | "live-prod") {
            return directory.get(..end).map(str::to_owned);
        }
        end += 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_become_patterns() {
        let table = [
            ("../modules/x", None),
            ("terraform-aws-modules/vpc/aws", Some("terraform-aws-modules/{name}/aws")),
            ("terraform-aws-modules/vpc/aws//modules/endpoints", Some("terraform-aws-modules/{name}/aws")),
            ("app.example.com/acme/vpc/aws", Some("app.example.com/acme/{name}/aws")),
            (
                "git::ssh://git@git.example.local/platform/rds.git//pg?ref=v1",
                Some("git::ssh://git@git.example.local/platform/{name}.git"),
            ),
            ("git::https://example.com/vpc.git?ref=v1", Some("git::https://example.com/{name}.git")),
            ("git@example.com:acme/vpc.git", Some("git@example.com:acme/{name}.git")),
            ("github.com/acme/vpc", Some("github.com/acme/{name}")),
        ];
        for (source, expected) in table {
            assert_eq!(pattern(source).as_deref(), expected, "{source}");
        }
    }

    #[test]
    fn value_files_are_seen_from_their_module() {
        let modules = BTreeSet::from(["live/shop", "live"]);
        assert_eq!(from_root(&modules, "live/shop/env/prod.tfvars").as_deref(), Some("env/prod.tfvars"));
        assert_eq!(from_root(&modules, "prod.tfvars"), None);
        assert_eq!(production("live/prod/eu"), Some("live/prod".to_owned()));
        assert_eq!(production("modules/product"), None);
    }
}
