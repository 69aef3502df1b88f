//! Forms of the language that newer ones have replaced, and what to write instead.

use rustc_hash::FxHashSet;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::source::Span;
use crate::syntax::{Attribute, Block, ExprId, ExprKind, Item, Tree};

use super::written;

/// An old form.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Kind {
    /// `"${var.x}"`
    Interpolation,
    /// `{ "${var.x}" = 1 }`
    InterpolatedKey,
    /// `depends_on = ["aws_vpc.main"]`
    QuotedReference,
    /// `type = "string"`, which is refused by now
    QuotedType,
    /// `type = list`
    BareCollection,
    /// `aws_subnet.private.*.id`
    LegacySplat,
    /// `aws_subnet.private.0.id`
    LegacyIndex,
    /// `lookup(map, key)`
    Lookup,
    /// `provider "aws" { version = "~> 5.0" }`
    ProviderVersion,
    /// `required_providers { aws = "~> 5.0" }`
    ProviderRequirement,
}

impl Kind {
    /// Every one.
    pub(super) const ALL: [Self; 10] = [
        Self::Interpolation,
        Self::InterpolatedKey,
        Self::QuotedReference,
        Self::QuotedType,
        Self::BareCollection,
        Self::LegacySplat,
        Self::LegacyIndex,
        Self::Lookup,
        Self::ProviderVersion,
        Self::ProviderRequirement,
    ];

    /// Its name in the configuration.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Interpolation => "interpolation",
            Self::InterpolatedKey => "interpolated_key",
            Self::QuotedReference => "quoted_reference",
            Self::QuotedType => "quoted_type",
            Self::BareCollection => "bare_collection",
            Self::LegacySplat => "legacy_splat",
            Self::LegacyIndex => "legacy_index",
            Self::Lookup => "lookup",
            Self::ProviderVersion => "provider_version",
            Self::ProviderRequirement => "provider_requirement",
        }
    }

    /// What is wrong with it.
    pub(super) fn message(self) -> &'static str {
        match self {
            Self::Interpolation => "an expression alone needs no quotes around it",
            Self::InterpolatedKey => "a key that is an expression stands in parentheses, not in quotes",
            Self::QuotedReference => "a reference is written without quotes",
            Self::QuotedType => "a type is written without quotes",
            Self::BareCollection => "a collection's type says of what it is",
            Self::LegacySplat => "`.*` is the old form of `[*]`",
            Self::LegacyIndex => "an index stands in brackets",
            Self::Lookup => "`lookup` without a default is the old form of an index",
            Self::ProviderVersion => "the version of a provider is said in `required_providers`",
            Self::ProviderRequirement => "a required provider says where it comes from",
        }
    }

    /// Whether it is refused by now, and not merely old.
    pub(super) fn is_refused(self) -> bool {
        self == Self::QuotedType
    }

    /// What to do, where no replacement can be shown.
    pub(super) fn help(self) -> &'static str {
        match self {
            Self::Interpolation => "take away `\"${` and `}\"`",
            Self::InterpolatedKey => "write `(` for `\"${` and `)` for `}\"`",
            Self::QuotedReference | Self::QuotedType => "take away the quotes",
            Self::BareCollection => "write `list(string)` or `map(string)`, or whatever it is of",
            Self::LegacySplat => "write `[*]`",
            Self::LegacyIndex | Self::Lookup => "write the index in brackets",
            Self::ProviderVersion => "move it into `required_providers`, in a `terraform` block",
            Self::ProviderRequirement => "write `{ source = …, version = … }`",
        }
    }
}

/// An old form, found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Found {
    pub(super) kind: Kind,
    /// The bytes to be replaced.
    pub(super) span: Span,
    /// What to write instead, where it is short and shows no text.
    pub(super) replacement: Option<String>,
}

/// The old forms of a file, in the order of the text; `module` says that it is configuration, `json` that it is written
/// in the JSON form.
pub(super) fn in_file(tree: &Tree, module: bool, json: bool) -> Vec<Found> {
    let mut search = Search { tree, json, found: Vec::new() };
    search.file(module);
    let mut found = search.found;
    found.sort_by_key(|found| (found.span.start, found.span.end, found.kind));
    found.dedup();
    found
}

struct Search<'t> {
    tree: &'t Tree,
    json: bool,
    found: Vec<Found>,
}

impl<'t> Search<'t> {
    fn file(&mut self, module: bool) {
        let tree = self.tree;
        // Most files have no old form at all, and looking through the nodes as they lie there is quick.
        let any = (0..tree.expr_count()).any(|expr| self.may_be_old(ExprId(expr)));
        let mut bodies = if any { vec![tree.root] } else { Vec::new() };
        while let Some(body) = bodies.pop() {
            for item in tree.items(body) {
                match item {
                    Item::Attribute(attribute) => self.expression(attribute.value),
                    Item::Block(block) => bodies.push(tree.block(*block).body),
                }
            }
        }
        if module {
            for block in tree.blocks(tree.root) {
                self.block(block);
            }
        }
    }

    fn may_be_old(&self, expr: ExprId) -> bool {
        match self.tree.kind(expr) {
            ExprKind::Interpolation(_) => !self.json,
            ExprKind::Splat { legacy, .. } | ExprKind::Index { legacy, .. } => legacy,
            ExprKind::Call { name, expand: false, .. } => self.tree.slice(name) == "lookup",
            _ => false,
        }
    }

    fn push(&mut self, kind: Kind, span: Span, replacement: impl Into<Option<String>>) {
        // What is long does not fit into a sentence, and quoted text might be a secret.
        let replacement =
            replacement.into().filter(|text| text.len() <= 60 && !text.contains(['"', '\n', '\r', '`']));
        self.found.push(Found { kind, span, replacement });
    }

    fn block(&mut self, block: &Block) {
        let tree = self.tree;
        match tree.name(block.kind) {
            "variable" => {
                if let Some(ty) = tree.attribute(block.body, "type") {
                    self.ty(ty.value);
                }
            }
            "resource" | "data" | "ephemeral" | "output" | "module" => self.references(block),
            "check" => tree.blocks_of(block.body, "data").for_each(|data| self.references(data)),
            "provider" => {
                if let Some(version) = tree.attribute(block.body, "version") {
                    self.push(Kind::ProviderVersion, version.span, None);
                }
            }
            "terraform" => {
                for required in tree.blocks_of(block.body, "required_providers") {
                    for entry in tree.attributes(required.body) {
                        if let Some(version) = tree.plain_text(entry.value) {
                            let name = tree.name(entry.name);
                            // Those of the registry's own namespace, which is what the old form means.
                            let text =
                                format!("{{ source = \"hashicorp/{name}\", version = \"{version}\" }}");
                            let (kind, span) = (Kind::ProviderRequirement, tree.span(entry.value));
                            self.found.push(Found { kind, span, replacement: Some(text) });
                        }
                    }
                }
            }
            _ => {}
        }
    }

    /// Arguments whose values are references.
    fn references(&mut self, block: &Block) {
        if self.json {
            return;
        }
        let tree = self.tree;
        for argument in tree.attributes(block.body) {
            match tree.name(argument.name) {
                "depends_on" => self.quoted(argument),
                "provider" if tree.name(block.kind) != "module" => self.quoted(argument),
                "providers" if tree.name(block.kind) == "module" => self.providers(argument),
                _ => {}
            }
        }
        for lifecycle in tree.blocks_of(block.body, "lifecycle") {
            for argument in tree.attributes(lifecycle.body) {
                if matches!(tree.name(argument.name), "ignore_changes" | "replace_triggered_by") {
                    self.quoted(argument);
                }
            }
        }
    }

    fn quoted(&mut self, argument: Attribute) {
        let tree = self.tree;
        // An old way of saying all of them.
        let elements = written::elements(tree, argument.value);
        if let [all] = elements.as_slice()
            && tree.name(argument.name) == "ignore_changes"
            && tree.plain_text(*all) == Some("*")
        {
            return self.push(Kind::QuotedReference, tree.span(argument.value), "all".to_owned());
        }
        for element in elements {
            self.unquote(element);
        }
    }

    fn providers(&mut self, argument: Attribute) {
        if let ExprKind::Object(list) = self.tree.kind(argument.value) {
            for (key, value) in self.tree.pairs(list) {
                self.unquote(key);
                self.unquote(value);
            }
        }
    }

    fn unquote(&mut self, expr: ExprId) {
        if let Some(text) = self.tree.plain_text(expr) {
            let text = text.to_owned();
            self.push(Kind::QuotedReference, self.tree.span(expr), text);
        }
    }

    fn ty(&mut self, ty: ExprId) {
        let tree = self.tree;
        // Whatever is broken there is told as such.
        if tree.is_damaged(tree.span(ty)) {
            return;
        }
        if let Some(text) = tree.plain_text(ty) {
            let text = text.trim();
            let element = matches!(text, "list" | "map").then(|| format!("{text}(string)"));
            if !self.json {
                self.push(Kind::QuotedType, tree.span(ty), element.unwrap_or_else(|| text.to_owned()));
            } else if element.is_some() {
                self.push(Kind::BareCollection, tree.span(ty), element);
            }
            return;
        }
        let mut called: Vec<Span> = Vec::new();
        let mut bare: Vec<Span> = Vec::new();
        tree.walk(ty, &mut |expr| match tree.kind(expr) {
            ExprKind::Call { name, .. } => called.push(name),
            ExprKind::Name if matches!(tree.slice(tree.span(expr)), "list" | "map" | "set") => {
                bare.push(tree.span(expr));
            }
            _ => {}
        });
        for span in bare.into_iter().filter(|span| !called.contains(span)) {
            self.push(Kind::BareCollection, span, format!("{}(any)", tree.slice(span)));
        }
    }

    fn expression(&mut self, expr: ExprId) {
        let tree = self.tree;
        let mut keys: FxHashSet<ExprId> = FxHashSet::default();
        // What an operator, an attribute or an index takes from: a longer expression needs parentheses there.
        let mut operands: FxHashSet<ExprId> = FxHashSet::default();
        tree.walk(expr, &mut |expr| match tree.kind(expr) {
            ExprKind::Object(list) => keys.extend(tree.pairs(list).map(|(key, _)| key)),
            ExprKind::Interpolation(inner) if !self.json && tree.slice(tree.span(expr)).starts_with('"') => {
                let text = tree.slice(tree.span(inner));
                if keys.contains(&expr) {
                    self.push(Kind::InterpolatedKey, tree.span(expr), format!("({text})"));
                } else if operands.contains(&expr) && is_compound(tree, inner) {
                    self.push(Kind::Interpolation, tree.span(expr), format!("({text})"));
                } else {
                    self.push(Kind::Interpolation, tree.span(expr), text.to_owned());
                }
            }
            ExprKind::Unary { operand, .. } => drop(operands.insert(operand)),
            ExprKind::Binary { left, right, .. } => operands.extend([left, right]),
            ExprKind::Conditional { condition, then, otherwise } => {
                operands.extend([condition, then, otherwise]);
            }
            ExprKind::Attr { base, .. } | ExprKind::Index { base, legacy: false, .. } => {
                operands.insert(base);
            }
            ExprKind::Splat { legacy: true, base, .. } => self.splat(expr, base, operands.contains(&expr)),
            ExprKind::Index { legacy: true, base, key } => {
                let (base, key) = (tree.span(base), tree.span(key));
                self.push(Kind::LegacyIndex, Span::new(base.end, key.end), format!("[{}]", tree.slice(key)));
            }
            ExprKind::Call { name, args, expand: false } if tree.slice(name) == "lookup" => {
                let args: Vec<ExprId> = tree.list(args).collect();
                if let [map, key] = args.as_slice() {
                    let (map, key) = (tree.slice(tree.span(*map)), tree.slice(tree.span(*key)));
                    self.push(Kind::Lookup, tree.span(expr), format!("{map}[{key}]"));
                }
            }
            _ => {}
        });
    }

    /// An index behind an old splat takes from its result, behind a new one from each element.
    fn splat(&mut self, splat: ExprId, base: ExprId, indexed: bool) {
        let tree = self.tree;
        let (whole, base) = (tree.span(splat), tree.span(base));
        let rest = tree.slice(Span::new(base.end, whole.end));
        let star = rest.find('*').map_or(base.end, |at| base.end + at as u32 + 1);
        let followed =
            tree.source.get(whole.end as usize..).is_some_and(|after| after.starts_with(['[', '.']));
        if indexed && followed {
            let text = format!("({}[*]{})", tree.slice(base), tree.slice(Span::new(star, whole.end)));
            self.push(Kind::LegacySplat, whole, text);
        } else {
            self.push(Kind::LegacySplat, Span::new(base.end, star), "[*]".to_owned());
        }
    }
}

/// Whether an operator beside it would tear it apart.
fn is_compound(tree: &Tree, expr: ExprId) -> bool {
    matches!(tree.kind(expr), ExprKind::Unary { .. } | ExprKind::Binary { .. } | ExprKind::Conditional { .. })
}
