//! From bodies as they are written to their values.

use arcstr::ArcStr;

use super::config::Config;
use super::evaluation::Evaluation;
use super::schema::{Body, Field, GENERATE, Phase, REMOTE_STATE, STATE_FILE};
use super::section::{Block, Section};
use crate::eval::Problem;
use crate::eval::functions::Wants;
use crate::source::Location;
use crate::syntax::{BodyId, ExprId, ExprKind};
use crate::value::{Exact, Identity, Kind, Step, Unknown, Value, convert};

/// Blocks that have a time of their own.
const APART: &[&str] = &["include", "locals", "dependency", "feature", "catalog"];

impl<'m> Evaluation<'_, 'm> {
    /// A body, evaluated.
    pub(super) fn body(&self, config: &Config, body: BodyId, schema: &Body) -> Section {
        let mut section = self.fields(config, body, schema, Phase::Late);
        let tree = &config.document.tree;
        for block in tree.blocks(body) {
            let Some(kind) = schema.kind(tree.name(block.kind)).filter(|kind| !APART.contains(&kind.name))
            else {
                continue;
            };
            // The second of what there may be one of only was told.
            if kind.once && section.block(kind.name).is_some() {
                continue;
            }
            let label = tree.label(block, 0).unwrap_or_default();
            let inner = block.body;
            let block = Block {
                kind: kind.name,
                label: label.into(),
                header: config.document.at(block.header),
                section: self.body(config, block.body, kind.body),
            };
            self.judge(config, Some(inner), &block);
            section.blocks.push(block);
        }
        self.attribute_forms(config, body, schema, &mut section);
        section
    }

    /// The attributes of a body. `latest` is when it is: nothing that comes later is known.
    pub(super) fn fields(&self, config: &Config, body: BodyId, schema: &Body, latest: Phase) -> Section {
        let tree = &config.document.tree;
        let mut section = Section::default();
        for attribute in tree.attributes(body) {
            let Some(field) = schema.field(tree.name(attribute.name)) else { continue };
            // Twice in one body is an error of the syntax: the first counts.
            if section.get(field.name).is_some() {
                continue;
            }
            let phase = field.phase.min(latest);
            let value = match field.name {
                "inputs" => self.inputs(config, attribute.value),
                _ => self.value(config, attribute.value, phase),
            };
            let place = config.document.at(tree.span(attribute.value));
            let failed = || Some(self.failed(field.name));
            let Some(value) = value.and_then(|value| self.fitting(field, &value, place)).or_else(failed)
            else {
                continue;
            };
            self.judge_nulls(field, &value, place);
            if !value.is_null() {
                section.fields.push((field.name, value));
            }
        }
        section
    }

    /// What needs a text, a number or a truth takes no null for it, nor among several.
    fn judge_nulls(&self, field: &Field, value: &Value, place: Location) {
        let scalar = matches!(field.wants, Wants::String | Wants::Number | Wants::Bool);
        // A dependency that leads to null leads nowhere, and is let pass.
        if value.is_null() && field.required && scalar && field.name != "config_path" {
            self.wrong(place, format!("`{}` must not be null", field.name));
        }
        let several = matches!(field.wants, Wants::List(_)) || field.name == "env_vars";
        if several && value.children().any(Value::is_null) {
            self.wrong(place, format!("nothing in `{}` may be null", field.name));
        }
    }

    /// What stands for a value that could not be evaluated.
    fn failed(&self, name: &str) -> Value {
        self.unknown(name)
    }

    fn fitting(&self, field: &Field, value: &Value, place: Location) -> Option<Value> {
        match convert(value, &field.wants.ty()) {
            Ok(value) => Some(value),
            Err(error) => {
                self.wrong(place, format!("`{}`: {error}", field.name));
                None
            }
        }
    }

    /// `inputs`: where it is written out, what fails in it is not known and the rest is.
    fn inputs(&self, config: &Config, expr: ExprId) -> Option<Value> {
        let tree = &config.document.tree;
        let place = config.document.at(tree.span(expr));
        let ExprKind::Object(pairs) = tree.kind(expr) else {
            let value = self.value(config, expr, Phase::Late)?;
            let is_object = value.entries().is_some() || value.is_null() || value.as_unknown().is_some();
            if !is_object {
                self.wrong(place, "`inputs` must be an object");
                return None;
            }
            return Some(value);
        };
        let mut entries: Vec<(ArcStr, Value)> = Vec::with_capacity(tree.pairs(pairs).len());
        let mut whole = true;
        for (key, value) in tree.pairs(pairs) {
            let name = match tree.kind(key) {
                ExprKind::Key => Some(Value::text(tree.slice(tree.span(key)))),
                _ => self.value(config, key, Phase::Late),
            };
            let value = self.value(config, value, Phase::Late);
            let name = name.and_then(|name| match convert(&name, &crate::value::Type::String) {
                Ok(name) => Some(name),
                Err(error) => {
                    self.wrong(config.document.at(tree.span(key)), format!("the key: {error}"));
                    None
                }
            });
            let Some(name) = name.as_ref().and_then(Value::as_str) else {
                whole = false;
                continue;
            };
            let value = value.unwrap_or_else(|| {
                let exact = Exact::new(self.scope(), "inputs").step(Step::Attr(name.into()));
                Value::unknown(Unknown::new(Identity::Exact(exact.into())))
            });
            entries.push((crate::value::name(name), value));
        }
        let object = if whole {
            Value::object(entries)
        } else {
            // Which input it is that has no name is not known: it may be any.
            Value::open_object(entries, Exact::new(self.scope(), "inputs").into())
        };
        let origin = crate::value::Origin::new(tree.origin_base.saturating_add(expr.0));
        Some(object.with_origin(origin))
    }

    /// `generate` and `remote_state` may be attributes.
    fn attribute_forms(&self, config: &Config, body: BodyId, schema: &Body, section: &mut Section) {
        let tree = &config.document.tree;
        for (name, kind) in [("generate", &GENERATE), ("remote_state", &REMOTE_STATE)] {
            if schema.kind(name).is_none() {
                continue;
            }
            let (Some(value), Some(attribute)) = (section.remove(name), tree.attribute(body, name)) else {
                continue;
            };
            let header = config.document.at(attribute.name.span);
            let Some(entries) = value.entries() else {
                if value.as_unknown().is_none() {
                    self.wrong(header, format!("`{name}` must be an object"));
                }
                continue;
            };
            let blocks = if name == "generate" {
                let all = entries.iter();
                all.map(|(label, value)| self.object(value, kind, "generate", label, header)).collect()
            } else {
                vec![self.object(&value, kind, "remote_state", &ArcStr::new(), header)]
            };
            for block in &blocks {
                self.judge(config, None, block);
            }
            section.blocks.extend(blocks);
        }
    }

    /// An object as the block that it stands for.
    fn object(
        &self,
        value: &Value,
        schema: &Body,
        kind: &'static str,
        label: &ArcStr,
        header: Location,
    ) -> Block {
        let mut section = Section::default();
        for field in schema.fields {
            match value.get(field.name) {
                Some(found) if !found.is_null() => {
                    if let Some(found) = self.fitting(field, found, header) {
                        section.fields.push((field.name, found));
                    }
                }
                _ if field.required && value.as_unknown().is_none() => {
                    self.wrong(header, format!("`{kind}` needs the attribute `{}`", field.name));
                }
                _ => {}
            }
        }
        Block { kind, label: label.clone(), header, section }
    }

    /// What types alone do not tell.
    fn judge(&self, config: &Config, body: Option<BodyId>, block: &Block) {
        let tree = &config.document.tree;
        let place = |name: &str| {
            let attribute = body.and_then(|body| tree.attribute(body, name));
            attribute.map_or(block.header, |attribute| config.document.at(tree.span(attribute.value)))
        };
        match block.kind {
            "remote_state" => {
                if block.section.get("backend").and_then(Value::as_str) == Some("") {
                    self.wrong(place("backend"), "`backend` must not be empty");
                }
                if let Some(config) = block.section.get("config")
                    && config.entries().is_none()
                    && config.as_unknown().is_none()
                {
                    self.wrong(place("config"), "`config` must be an object");
                }
                let file = block.section.get("generate");
                let missing = file.filter(|file| file.as_unknown().is_none()).map(|file| {
                    let of = |field: &&Field| file.get(field.name).is_none_or(Value::is_null);
                    STATE_FILE.fields.iter().filter(of).map(|field| field.name).collect::<Vec<_>>()
                });
                for name in missing.unwrap_or_default() {
                    self.wrong(place("generate"), format!("`generate` needs the attribute `{name}`"));
                }
            }
            "before_hook" | "after_hook" | "error_hook" => {
                let written = body.is_some_and(|body| tree.attribute(body, "execute").is_some());
                let idle = match block.section.get("execute").map(Value::kind) {
                    None => written,
                    Some(Kind::List(words)) => words.values.iter().all(|word| word.as_str() == Some("")),
                    Some(_) => false,
                };
                if idle {
                    self.wrong(place("execute"), "there is nothing to execute");
                }
            }
            "terraform"
                if block.section.get("version").is_some()
                    && !self.run.settings.has_experiment("version-attribute") =>
            {
                let problem =
                    Problem::new(place("version"), "`version` needs the experiment `version-attribute`");
                self.report([problem.with_help("put the version into `source`")]);
            }
            "generate" => {
                let known = |name: &str, words: &[&str]| match block.section.get(name).and_then(Value::as_str)
                {
                    Some(word) if !words.contains(&word) => {
                        let message = format!("`{name}` must be one of {}", words.join(", "));
                        self.wrong(place(name), message);
                    }
                    _ => {}
                };
                known("if_exists", &["error", "skip", "overwrite", "overwrite_terragrunt"]);
                known("if_disabled", &["skip", "remove", "remove_terragrunt"]);
                if block.section.get("mutable").is_some_and(|mutable| !mutable.is_null())
                    && !self.run.settings.has_experiment("mutable-generate")
                {
                    self.wrong(place("mutable"), "`mutable` needs the experiment `mutable-generate`");
                }
            }
            _ => {}
        }
    }
}
