use super::body::{BodyReader, label, text};
use super::literal::at;
use super::{
    Entry, Globs, Layer, LayerOrigin, Located, ModuleSource, RuleBlock, Scope, Setting, SettingKind,
    Terragrunt, VarFile, Variable, Variant,
};
use crate::eval::Problem;
use crate::source::split;
use crate::syntax::{Block, BodyId, Tree};

/// Reads one file of configuration. Whatever is wrong is a problem; the rest is read all the same, so that one run shows
/// all mistakes.
pub(super) fn layer(tree: &Tree, origin: LayerOrigin, problems: &mut Vec<Problem>) -> Layer {
    for error in &tree.errors {
        let mut problem = Problem::new(at(tree, error.span), error.message.as_str());
        problem.help.clone_from(&error.help);
        problem.labels.extend(error.labels.iter().map(|(span, text)| (at(tree, *span), text.clone())));
        problems.push(problem);
    }
    let directory = match &origin {
        LayerOrigin::Preset(_) => String::new(),
        LayerOrigin::File(path) => split(path).0.to_owned(),
    };
    let reader = Reader { tree, directory };
    let mut body = BodyReader::new(tree, tree.root, problems);
    let root = body.get("root", problems).is_some_and(|root: Located<bool>| root.value);
    let extends = body.texts("extends", problems);
    let mut somewhere = Vec::new();
    let everywhere = reader.scope(&mut body, problems);
    for block in body.blocks("paths") {
        let globs = label(tree, block, "live/prod/**", problems)
            .and_then(|pattern| reader.globs(vec![pattern], problems));
        let mut inner = BodyReader::new(tree, block.body, problems);
        let scope = reader.scope(&mut inner, problems);
        inner.finish(problems);
        if let Some(globs) = globs {
            somewhere.push((globs, scope));
        }
    }
    body.finish(problems);
    Layer { origin, root, extends, everywhere, somewhere }
}

struct Reader<'t> {
    tree: &'t Tree,
    directory: String,
}

impl Reader<'_> {
    fn scope(&self, body: &mut BodyReader<'_>, problems: &mut Vec<Problem>) -> Scope {
        let rules = body.blocks("rule").into_iter().filter_map(|block| self.rule(block, problems)).collect();
        let variants = body.blocks("variant").into_iter().filter_map(|block| self.variant(block, problems));
        let variants = variants.collect();
        let mut terragrunt = Terragrunt::default();
        for block in body.blocks("terragrunt") {
            terragrunt.apply(&Terragrunt::read(self.tree, block, problems));
        }
        Scope {
            threshold: body.get("threshold", problems),
            undecided: body.get("undecided", problems),
            rules,
            variables: variables(body, problems),
            var_files: self.var_files(body, problems),
            variants,
            module_sources: self.module_sources(body, problems),
            terragrunt,
        }
    }

    fn rule(&self, block: &Block, problems: &mut Vec<Problem>) -> Option<RuleBlock> {
        let id = label(self.tree, block, "open-ingress", problems);
        let mut body = BodyReader::new(self.tree, block.body, problems);
        let enabled = body.get("enabled", problems);
        let severity = body.get("severity", problems);
        let mut globs = |name| {
            let patterns = body.texts(name, problems)?;
            self.globs(patterns, problems)
        };
        let (paths, exclude) = (globs("paths"), globs("exclude"));
        let options = body.into_options(problems);
        let id = id.map(|id| Located::new(id.value.into(), id.location))?;
        Some(RuleBlock { id, enabled, severity, paths, exclude, options })
    }

    fn variant(&self, block: &Block, problems: &mut Vec<Problem>) -> Option<Variant> {
        let name = label(self.tree, block, "prod", problems);
        let variant = self.variant_body(block.body, problems);
        let name = name.map(|name| Located::new(name.value.into(), name.location))?;
        Some(Variant { name, ..variant })
    }

    fn variant_body(&self, body: BodyId, problems: &mut Vec<Problem>) -> Variant {
        let mut body = BodyReader::new(self.tree, body, problems);
        let workspace: Option<Located<String>> = body.get("workspace", problems);
        let variant = Variant {
            name: Located::unwritten("".into()),
            variables: variables(&mut body, problems),
            var_files: self.var_files(&mut body, problems),
            workspace: workspace.map(|name| Located::new(name.value.into(), name.location)),
        };
        body.finish(problems);
        variant
    }

    fn var_files(&self, body: &mut BodyReader<'_>, problems: &mut Vec<Problem>) -> Vec<VarFile> {
        let files = body.texts("var_files", problems).unwrap_or_default();
        files.into_iter().map(|path| VarFile { path, beside: self.directory.clone() }).collect()
    }

    fn globs(&self, patterns: Vec<Located<String>>, problems: &mut Vec<Problem>) -> Option<Globs> {
        let locations: Vec<_> = patterns.iter().map(|pattern| pattern.location).collect();
        match Globs::new(&self.directory, patterns) {
            Ok(globs) => Some(globs),
            Err((index, reason)) => {
                if let Some(location) = locations.get(index).copied().flatten() {
                    problems.push(Problem::new(location, format!("this is no path pattern: {reason}")));
                }
                None
            }
        }
    }

    fn module_sources(&self, body: &mut BodyReader<'_>, problems: &mut Vec<Problem>) -> Vec<ModuleSource> {
        let Some(entry) = body.take("module_sources") else { return Vec::new() };
        let entries = map_entries(&entry, problems);
        entries.iter().filter_map(|entry| self.module_source(entry, problems)).collect()
    }

    fn module_source(&self, entry: &Entry, problems: &mut Vec<Problem>) -> Option<ModuleSource> {
        let (target, unversioned) = match &entry.value.kind {
            SettingKind::Map(_) => {
                let form: ModuleSourceForm =
                    super::from_setting(&entry.value).map_err(|problem| problems.push(problem)).ok()?;
                let path = entry.value.entries().iter().find(|inner| inner.key == "path");
                let location = path.and_then(|path| path.value.location).or(entry.value.location);
                (Located::new(form.path, location), form.unversioned)
            }
            _ => (text(&entry.value, problems)?, false),
        };
        for name in captures(&target.value) {
            if !captures(&entry.key).any(|other| other == name) {
                let problem = target.location.map(|location| {
                    let message = format!("`{{{name}}}` is not captured by the source on the left");
                    Problem::new(location, message)
                });
                problems.extend(problem);
                return None;
            }
        }
        let pattern = Located::new(entry.key.to_string(), entry.key_location);
        Some(ModuleSource { pattern, target, unversioned, beside: self.directory.clone() })
    }
}

/// The object form of an entry of `module_sources`.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct ModuleSourceForm {
    path: String,
    #[serde(default)]
    unversioned: bool,
}

fn captures(text: &str) -> impl Iterator<Item = &str> {
    text.split('{').skip(1).filter_map(|part| part.split_once('}').map(|(name, _)| name))
}

fn variables(body: &mut BodyReader<'_>, problems: &mut Vec<Problem>) -> Vec<Variable> {
    let Some(entry) = body.take("variables") else { return Vec::new() };
    let variable = |entry: &Entry| Variable {
        name: entry.key.clone(),
        name_location: entry.key_location,
        value: entry.value.clone(),
    };
    map_entries(&entry, problems).iter().map(variable).collect()
}

fn map_entries<'e>(entry: &'e Entry, problems: &mut Vec<Problem>) -> &'e [Entry] {
    let Setting { kind, location } = &entry.value;
    match (kind, location) {
        (SettingKind::Map(entries), _) => return entries,
        (_, Some(location)) => {
            let message = format!("expected a map, found {}", entry.value.words());
            problems.push(Problem::new(*location, message));
        }
        _ => {}
    }
    &[]
}
