use arcstr::ArcStr;

use super::body::BodyReader;
use super::{Located, Setting, SettingKind};
use crate::eval::Problem;
use crate::syntax::{Block, Tree};

/// `terragrunt { … }`: what only a run of Terragrunt would know.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Terragrunt {
    /// `env`: variables of the environment.
    pub env: Vec<(ArcStr, String)>,
    /// `env_allowed`: variables that are read from the environment of this program.
    pub env_allowed: Vec<Located<String>>,
    /// `features`: flags that are overridden.
    pub features: Vec<(ArcStr, String)>,
    /// `run_cmd`: what commands print, by the command and its arguments with spaces between them.
    pub run_cmd: Vec<(ArcStr, String)>,
    /// `experiments` that are enabled.
    pub experiments: Vec<Located<String>>,
}

impl Terragrunt {
    /// Reads the block.
    pub(super) fn read(tree: &Tree, block: &Block, problems: &mut Vec<Problem>) -> Self {
        if let Some(label) = tree.labels(block).first() {
            let at = super::literal::at(tree, label.span);
            problems.push(Problem::new(at, "a `terragrunt` block has no label"));
        }
        let mut body = BodyReader::new(tree, block.body, problems);
        let read = Self {
            env: texts(&mut body, "env", problems),
            env_allowed: body.texts("env_allowed", problems).unwrap_or_default(),
            features: texts(&mut body, "features", problems),
            run_cmd: texts(&mut body, "run_cmd", problems),
            experiments: body.texts("experiments", problems).unwrap_or_default(),
        };
        body.finish(problems);
        read
    }

    /// Lays what another says over it.
    pub fn apply(&mut self, other: &Self) {
        let over = |known: &mut Vec<(ArcStr, String)>, others: &[(ArcStr, String)]| {
            known.retain(|(name, _)| !others.iter().any(|(other, _)| other == name));
            known.extend(others.iter().cloned());
        };
        over(&mut self.env, &other.env);
        over(&mut self.features, &other.features);
        over(&mut self.run_cmd, &other.run_cmd);
        let add = |known: &mut Vec<Located<String>>, others: &[Located<String>]| {
            let new = others.iter().filter(|other| !known.iter().any(|known| known.value == other.value));
            let new: Vec<Located<String>> = new.cloned().collect();
            known.extend(new);
        };
        add(&mut self.env_allowed, &other.env_allowed);
        add(&mut self.experiments, &other.experiments);
    }
}

/// A map of texts: what is no text is taken as it is written.
fn texts(
    body: &mut BodyReader<'_>,
    name: &'static str,
    problems: &mut Vec<Problem>,
) -> Vec<(ArcStr, String)> {
    let Some(entry) = body.take(name) else { return Vec::new() };
    if !matches!(entry.value.kind, SettingKind::Map(_))
        && let Some(location) = entry.value.location
    {
        let message = format!("expected a map, found {}", entry.value.words());
        problems.push(Problem::new(location, message));
    }
    let text = |setting: &Setting| match &setting.kind {
        SettingKind::String(text) => text.to_string(),
        _ => setting.to_hcl(),
    };
    entry.value.entries().iter().map(|entry| (entry.key.clone(), text(&entry.value))).collect()
}
