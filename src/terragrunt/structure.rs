//! Whether blocks, labels and attributes are those that Terragrunt knows.

use rustc_hash::FxHashSet;

use super::schema::{Body, Kind, Label};
use crate::eval::Problem;
use crate::source::{Location, Span};
use crate::suggest::did_you_mean;
use crate::syntax::{Block, BodyId, StepKind, Tree};

/// Checks a body and all that is known below it.
pub(super) fn check(tree: &Tree, body: BodyId, schema: &Body) -> Vec<Problem> {
    let strict = schema.field("inputs").is_some();
    let mut structure = Structure { tree, strict, problems: Vec::new() };
    structure.body(body, schema, None);
    structure.problems
}

struct Structure<'t> {
    tree: &'t Tree,
    /// What is wrong among locals is wrong wherever they are used.
    strict: bool,
    problems: Vec<Problem>,
}

impl Structure<'_> {
    fn wrong(&mut self, span: Span, message: String, help: Option<String>) {
        let problem = Problem::new(Location::new(self.tree.file, span), message);
        self.problems.push(Problem { help, ..problem });
    }

    fn body(&mut self, body: BodyId, schema: &Body, owner: Option<&Block>) {
        let tree = self.tree;
        let place = match owner {
            Some(block) => format!("in `{}`", tree.name(block.kind)),
            None => "at the top of the file".to_owned(),
        };
        let names = || {
            let fields = schema.fields.iter().map(|field| field.name);
            fields.chain(schema.blocks.iter().map(|kind| kind.name))
        };
        for attribute in tree.attributes(body).filter(|_| !schema.open) {
            let name = tree.name(attribute.name);
            if schema.field(name).is_some() {
                continue;
            }
            let (message, help) = match schema.kind(name) {
                Some(_) => (
                    format!("`{name}` is a block, not an attribute"),
                    Some(format!("write `{name} {{ … }}`, without `=`")),
                ),
                None => (
                    format!("no attribute `{name}` is expected {place}"),
                    successor(name).map(str::to_owned).or_else(|| did_you_mean(name, names())),
                ),
            };
            self.wrong(attribute.name.span, message, help);
        }
        let mut first: Vec<(&str, Span)> = Vec::new();
        for block in tree.blocks(body) {
            let name = tree.name(block.kind);
            let Some(kind) = schema.kind(name) else {
                if !schema.open {
                    let (message, help) = match schema.field(name) {
                        Some(_) => (
                            format!("`{name}` is an attribute, not a block"),
                            Some(format!("write `{name} = …`")),
                        ),
                        None => {
                            (format!("no block `{name}` is expected {place}"), did_you_mean(name, names()))
                        }
                    };
                    self.wrong(block.kind.span, message, help);
                }
                continue;
            };
            match first.iter().find(|(known, _)| *known == kind.name) {
                Some((_, at)) if kind.once => {
                    let message = format!("there may be one `{name}` block only");
                    let problem = Problem::new(Location::new(tree.file, block.header), message)
                        .with_label(Location::new(tree.file, *at), "the first is here");
                    self.problems.push(problem);
                }
                _ => first.push((kind.name, block.header)),
            }
            self.labels(block, kind);
            self.body(block.body, kind.body, Some(block));
            match kind.name {
                "locals" if owner.is_none() => self.locals(block),
                "terraform" if owner.is_none() => self.source(block),
                _ => {}
            }
        }
        let Some(owner) = owner else {
            self.generated(body, schema);
            return;
        };
        // What a syntax error has swallowed is not missing.
        if tree.errors.iter().any(|error| owner.span.contains(Span::at(error.span.start))) {
            return;
        }
        for field in schema.fields.iter().filter(|field| field.required) {
            if tree.attribute(body, field.name).is_none() {
                let message = format!("`{}` needs the attribute `{}`", tree.name(owner.kind), field.name);
                self.wrong(owner.header, message, None);
            }
        }
    }

    /// Locals refer to one another by name, and to those only that there are.
    fn locals(&mut self, block: &Block) {
        if !self.strict {
            return;
        }
        let tree = self.tree;
        let declared: FxHashSet<&str> =
            tree.attributes(block.body).map(|local| tree.name(local.name)).collect();
        for attribute in tree.attributes(block.body) {
            for reference in tree.references(attribute.value) {
                if tree.slice(reference.root) != "local" {
                    continue;
                }
                let name = match reference.steps.first().map(|step| step.kind) {
                    Some(StepKind::Attr(name)) => tree.slice(name),
                    _ => {
                        let message = "a local value refers to others by name: `local.name`".to_owned();
                        self.wrong(reference.span, message, None);
                        continue;
                    }
                };
                if !declared.contains(name) {
                    let names = tree.attributes(block.body).map(|other| tree.name(other.name));
                    let help = did_you_mean(name, names);
                    self.wrong(reference.span, format!("there is no local value `{name}`"), help);
                }
            }
        }
    }

    /// Of one label there may be one file to generate.
    fn generated(&mut self, body: BodyId, schema: &Body) {
        let tree = self.tree;
        if schema.kind("generate").is_none() {
            return;
        }
        let mut first: Vec<(&str, Span)> = Vec::new();
        for block in tree.blocks_of(body, "generate") {
            let Some(label) = tree.label(block, 0) else { continue };
            match first.iter().find(|(known, _)| *known == label) {
                Some((_, at)) => {
                    let message = format!("`generate` has the label `{label}` twice");
                    let problem = Problem::new(Location::new(tree.file, block.header), message)
                        .with_label(Location::new(tree.file, *at), "the other is here");
                    self.problems.push(problem);
                }
                None => first.push((label, block.header)),
            }
        }
    }

    /// Where a module comes from is read before any output is known.
    fn source(&mut self, block: &Block) {
        let tree = self.tree;
        let Some(source) = tree.attribute(block.body, "source") else { return };
        for reference in tree.references(source.value) {
            if tree.slice(reference.root) == "dependency" {
                self.wrong(reference.span, "`source` cannot hang on a dependency".to_owned(), None);
            }
        }
    }

    fn labels(&mut self, block: &Block, kind: &Kind) {
        let labels = self.tree.labels(block);
        let most = usize::from(kind.label != Label::None);
        if let Some(extra) = labels.get(most) {
            let message = match most {
                0 => format!("`{}` has no label", kind.name),
                _ => format!("`{}` has one label only", kind.name),
            };
            self.wrong(extra.span, message, None);
        } else if labels.is_empty() && kind.label == Label::One {
            let message = format!("`{}` needs a label", kind.name);
            self.wrong(block.header, message, Some(format!("write `{} \"name\" {{ … }}`", kind.name)));
        }
    }
}

/// What became of attributes of the 0.x series.
fn successor(name: &str) -> Option<&'static str> {
    match name {
        "skip" => Some("`skip` became the block `exclude`, with `if` and `actions`"),
        "retryable_errors" | "retry_max_attempts" | "retry_sleep_interval_sec" => {
            Some("retries are set in a block `errors`, with `retry` blocks in it")
        }
        _ => None,
    }
}
