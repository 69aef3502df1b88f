//! From one block to the declaration that it is.

use arcstr::ArcStr;

use super::super::constant;
use super::super::literal;
use super::super::structure::wrong;
use super::super::vocabulary::RESERVED_VARIABLES;
use super::constraint::constraint;
use super::raw::{Raw, arguments_over, body, raw};
use crate::eval;
use crate::model::{
    Argument, Backend, BlockAt, Body, Call, Check, Condition, ExprAt, Import, Local, Mode, Model, Module,
    Moved, Named, Output, Problem, ProblemKind, Provider, Removed, RequiredProvider, RequiredVersion,
    Resource, Variable,
};
use crate::source::Location;
use crate::syntax::{ExprKind, Tree};
use crate::value::{Constraint, Value};

pub(super) struct Reading<'m> {
    pub(super) model: &'m Model,
    pub(super) module: Module,
    pub(super) problems: Vec<Problem>,
}

impl Reading<'_> {
    /// Takes one top-level block into the symbol table. What the language does not know was reported before.
    pub(super) fn block(&mut self, raw: Raw) {
        let labels = raw.labels.len();
        match (raw.kind.as_str(), labels) {
            ("variable", 1..) => self.variable(raw),
            ("locals", _) => self.locals(&raw),
            ("output", 1..) => self.output(raw),
            ("module", 1..) => self.call(raw),
            ("provider", 1..) => self.provider(raw),
            ("resource", 2..) => self.resource(Mode::Managed, raw, None),
            ("data", 2..) => self.resource(Mode::Data, raw, None),
            ("ephemeral", 2..) => self.resource(Mode::Ephemeral, raw, None),
            ("terraform", _) => self.terraform(&raw),
            ("check", 1..) => self.check(raw),
            ("moved", _) => {
                let (from, to) = (self.value(&raw.body, "from"), self.value(&raw.body, "to"));
                self.module.moved.push(Moved { block: raw.block, from, to });
            }
            ("removed", _) => {
                let from = self.value(&raw.body, "from");
                self.module.removed.push(Removed { block: raw.block, from });
            }
            ("import", _) => {
                let body = &raw.body;
                let (to, id) = (self.value(body, "to"), self.value(body, "id"));
                let for_each = self.value(body, "for_each");
                self.module.imports.push(Import { block: raw.block, to, id, for_each });
            }
            _ => {}
        }
    }

    fn tree(&self, at: ExprAt) -> Option<&Tree> {
        self.model.tree(at.file)
    }

    fn value(&self, body: &Body, name: &str) -> Option<ExprAt> {
        body.value(self.model, name)
    }

    fn flag(&self, body: &Body, name: &str) -> Option<bool> {
        let at = self.value(body, name)?;
        literal::boolean(self.tree(at)?, at.expr)
    }

    fn text(&self, at: Option<ExprAt>) -> Option<ArcStr> {
        let at = at?;
        literal::kept(self.tree(at)?, at.expr)
    }

    fn name_of(&self, argument: &Argument) -> ArcStr {
        self.model.tree(argument.file).map_or("", |tree| tree.name(argument.attribute.name)).into()
    }

    fn conditions(&self, body: &Body, kind: &str) -> Vec<Condition> {
        body.blocks_of(self.model, kind)
            .filter_map(|at| {
                let tree = self.model.tree(at.file)?;
                let inner = tree.block(at.block).body;
                let value = |name| {
                    tree.attribute(inner, name).map(|found| ExprAt { file: at.file, expr: found.value })
                };
                Some(Condition { block: at, condition: value("condition"), message: value("error_message") })
            })
            .collect()
    }

    fn variable(&mut self, raw: Raw) {
        if RESERVED_VARIABLES.contains(&raw.named.name.as_str()) {
            let message = format!("a variable cannot be named `{}`", raw.named.name);
            let help = "that name means something else in a module block".to_owned();
            self.problems.push(wrong(raw.named.file, raw.named.name_span, message, Some(help)));
        }
        let body = &raw.body;
        let constraint = self
            .value(body, "type")
            .and_then(|at| constraint(self.model.tree(at.file)?, at.expr, &mut self.problems));
        let default = self.value(body, "default");
        let nullable = self.flag(body, "nullable").unwrap_or(true);
        let default_value = default.and_then(|at| self.default_value(at, constraint.as_ref(), nullable));
        self.module.variables.push(Variable {
            constraint,
            default,
            default_value,
            nullable,
            sensitive: self.flag(body, "sensitive").unwrap_or(false),
            ephemeral: self.flag(body, "ephemeral").unwrap_or(false),
            validations: self.conditions(body, "validation"),
            named: raw.named,
            body: raw.body,
        });
    }

    /// A default is a constant, so it is evaluated once and for all.
    fn default_value(
        &mut self,
        at: ExprAt,
        constraint: Option<&Constraint>,
        nullable: bool,
    ) -> Option<Value> {
        let tree = self.model.tree(at.file)?;
        let any = Constraint::any();
        let outcome = constant::constrained(tree, at.expr, constraint.unwrap_or(&any));
        let problems = match outcome {
            Ok(value) if value.is_null() && !nullable => {
                let place = Location::new(at.file, tree.span(at.expr));
                vec![eval::Problem::new(place, "the default is null, but the variable is not nullable")]
            }
            Ok(value) => return Some(value),
            Err(problems) => problems,
        };
        self.problems.extend(problems.into_iter().map(|problem| Problem {
            kind: ProblemKind::Expression,
            problem,
            contexts: Vec::new(),
        }));
        None
    }

    fn locals(&mut self, raw: &Raw) {
        for argument in &raw.body.arguments {
            let span = argument.attribute.name.span;
            self.module.locals.push(Local {
                named: Named {
                    name: self.name_of(argument),
                    file: argument.file,
                    name_span: span,
                    header: span,
                },
                value: argument.value(),
            });
        }
    }

    fn output(&mut self, raw: Raw) {
        let body = &raw.body;
        self.module.outputs.push(Output {
            value: self.value(body, "value"),
            sensitive: self.flag(body, "sensitive").unwrap_or(false),
            ephemeral: self.flag(body, "ephemeral").unwrap_or(false),
            preconditions: self.conditions(body, "precondition"),
            named: raw.named,
            body: raw.body,
        });
    }

    fn call(&mut self, raw: Raw) {
        let body = &raw.body;
        let (source, version) = (self.value(body, "source"), self.value(body, "version"));
        self.module.calls.push(Call {
            source,
            source_text: self.text(source),
            source_inputs: Vec::new(),
            version,
            version_text: self.text(version),
            count: self.value(body, "count"),
            for_each: self.value(body, "for_each"),
            providers: self.value(body, "providers"),
            local: None,
            unavailable: None,
            fetched: None,
            named: raw.named,
            body: raw.body,
        });
    }

    fn provider(&mut self, raw: Raw) {
        let alias = self.value(&raw.body, "alias");
        self.module.providers.push(Provider {
            alias: self.text(alias),
            for_each: self.value(&raw.body, "for_each"),
            named: raw.named,
            body: raw.body,
        });
    }

    fn resource(&mut self, mode: Mode, mut raw: Raw, check: Option<u32>) {
        let Some(ty) = raw.labels.first().cloned() else { return };
        let type_span = self
            .model
            .tree(raw.block.file)
            .and_then(|tree| tree.labels(tree.block(raw.block.block)).first().map(|label| label.span))
            .unwrap_or(raw.named.name_span);
        self.escape(&mut raw.body);
        let body = &raw.body;
        let lifecycle = self.lifecycle(body);
        self.module.resources.push(Resource {
            mode,
            ty,
            type_span,
            count: self.value(body, "count"),
            for_each: self.value(body, "for_each"),
            provider: self.value(body, "provider"),
            preconditions: self.conditions(&lifecycle, "precondition"),
            postconditions: self.conditions(&lifecycle, "postcondition"),
            lifecycle,
            check,
            named: raw.named,
            body: raw.body,
        });
    }

    /// `lifecycle` blocks as one, argument by argument; conditions add up.
    fn lifecycle(&self, body: &Body) -> Body {
        let mut merged = Body::default();
        for at in body.blocks_of(self.model, "lifecycle") {
            let Some(tree) = self.model.tree(at.file) else { continue };
            let found = self::body(tree, at.block);
            for argument in found.arguments {
                arguments_over(self.model, &mut merged.arguments, argument);
            }
            merged.blocks.extend(found.blocks);
        }
        merged
    }

    /// What stands in `_ { … }` stands in the resource, whatever it is called.
    fn escape(&self, body: &mut Body) {
        let escapes: Vec<BlockAt> = body.blocks_of(self.model, "_").collect();
        for at in escapes {
            let Some(tree) = self.model.tree(at.file) else { continue };
            let inner = self::body(tree, at.block);
            body.arguments.extend(inner.arguments);
            body.blocks.extend(inner.blocks);
        }
    }

    fn check(&mut self, raw: Raw) {
        let index = self.module.checks.len() as u32;
        let nested: Vec<BlockAt> = raw.body.blocks_of(self.model, "data").collect();
        let asserts = self.conditions(&raw.body, "assert");
        self.module.checks.push(Check { named: raw.named, body: raw.body, asserts });
        for at in nested {
            let Some(tree) = self.model.tree(at.file) else { continue };
            let data = self::raw(tree, at.block);
            if data.labels.len() >= 2 {
                self.resource(Mode::Data, data, Some(index));
            }
        }
    }

    fn terraform(&mut self, raw: &Raw) {
        if let Some(at) = self.value(&raw.body, "required_version")
            && let Some(text) = self.text(Some(at))
        {
            self.module.required_versions.push(RequiredVersion { text, at });
        }
        for at in &raw.body.blocks {
            let Some(tree) = self.model.tree(at.file) else { continue };
            let block = tree.block(at.block);
            match tree.name(block.kind) {
                "required_providers" => {
                    for argument in self::body(tree, at.block).arguments {
                        self.required_provider(&argument);
                    }
                }
                "backend" => {
                    let ty = tree.label(block, 0).unwrap_or("").into();
                    self.module.backends.push(Backend { ty, block: *at });
                }
                "cloud" => self.module.backends.push(Backend { ty: "cloud".into(), block: *at }),
                _ => {}
            }
        }
    }

    fn required_provider(&mut self, argument: &Argument) {
        let at = argument.value();
        let Some(tree) = self.tree(at) else { return };
        let mut required = RequiredProvider {
            named: Named {
                name: self.name_of(argument),
                file: argument.file,
                name_span: argument.attribute.name.span,
                header: argument.attribute.name.span,
            },
            value: at,
            source: None,
            version: None,
            aliases: Vec::new(),
        };
        if let Some(version) = literal::kept(tree, at.expr) {
            required.version = Some((version, at));
        }
        for (name, value) in literal::entries(tree, at.expr) {
            match name.as_str() {
                "source" => required.source = literal::kept(tree, value),
                "version" => {
                    required.version = literal::kept(tree, value)
                        .map(|version| (version, ExprAt { file: at.file, expr: value }));
                }
                "configuration_aliases" => {
                    required.aliases = literal::elements(tree, value)
                        .unwrap_or_default()
                        .into_iter()
                        .filter_map(|alias| match tree.kind(alias) {
                            ExprKind::Attr { name, .. } => Some(tree.slice(name).into()),
                            _ => None,
                        })
                        .collect();
                }
                _ => {}
            }
        }
        // An override file's entry takes the place of the base's.
        let known =
            self.module.required_providers.iter_mut().find(|known| known.named.name == required.named.name);
        match known {
            Some(known) => *known = required,
            None => self.module.required_providers.push(required),
        }
    }
}
