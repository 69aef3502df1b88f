use rustc_hash::FxHashSet;
use smallvec::SmallVec;

use super::super::{InstanceSubject, RootSubject, sensitive_attributes};
use crate::model::{ExprAt, Given, InstanceId, Mode, Resource};
use crate::secret::Recogniser;
use crate::source::Location;
use crate::syntax::{ExprId, ExprKind, Tree};

/// How many expressions are looked at for one output: values go in circles, and through many modules.
const EXPRESSIONS: usize = 2_000;

/// Functions whose result says nothing, or too little, of their arguments.
const HIDING: &[&str] = &[
    "alltrue",
    "anytrue",
    "base64sha256",
    "base64sha512",
    "bcrypt",
    "can",
    "contains",
    "endswith",
    "fileexists",
    "issensitive",
    "keys",
    "length",
    "md5",
    "rsadecrypt",
    "sha1",
    "sha256",
    "sha512",
    "startswith",
    "uuidv5",
];

/// Something sensitive that an output shows.
pub(super) struct Exposed {
    /// What it is, in words.
    pub(super) source: String,
    /// Where it is referred to or written.
    pub(super) at: Option<Location>,
}

/// Follows values of a root module back to what they are made from.
pub(super) struct Flow<'f, 'm> {
    root: RootSubject<'m>,
    recogniser: Recogniser,
    attributes: &'f [String],
    seen: FxHashSet<(InstanceId, ExprAt, Path<'m>)>,
    left: usize,
    /// Somebody said `nonsensitive(…)`, or hid the value, on the way.
    pub(super) decided: bool,
}

/// An expression that may become part of the value.
struct Part<'m> {
    instance: InstanceSubject<'m>,
    at: ExprAt,
    /// The name that it is given to.
    name: &'m str,
    /// Which part of it is wanted.
    path: Path<'m>,
}

/// A step into a value.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
enum Step<'m> {
    /// `.name`
    Name(&'m str),
    /// `["key"]`
    Key(&'m str),
}

/// The steps to a part of a value; few are long.
type Path<'m> = SmallVec<[Step<'m>; 2]>;

impl<'f, 'm> Flow<'f, 'm> {
    pub(super) fn new(root: RootSubject<'m>, attributes: &'f [String]) -> Self {
        Self {
            root,
            recogniser: Recogniser::default(),
            attributes,
            seen: FxHashSet::default(),
            left: EXPRESSIONS,
            decided: false,
        }
    }

    /// The first sensitive thing that an expression of an instance shows.
    pub(super) fn exposed(
        &mut self,
        instance: InstanceSubject<'m>,
        at: ExprAt,
        name: &'m str,
    ) -> Option<Exposed> {
        let mut work = vec![Part { instance, at, name, path: Path::new() }];
        while let Some(part) = work.pop() {
            self.left = self.left.checked_sub(1)?;
            if !self.seen.insert((part.instance.id, part.at, part.path.clone())) {
                continue;
            }
            let mark = work.len();
            if let Some(exposed) = self.part(part, &mut work) {
                return Some(exposed);
            }
            if let Some(added) = work.get_mut(mark..) {
                added.reverse();
            }
        }
        None
    }

    fn part(&mut self, part: Part<'m>, work: &mut Vec<Part<'m>>) -> Option<Exposed> {
        let tree = self.root.model.tree(part.at.file)?;
        let Part { instance, at, name, path } = part;
        let mut named = |expr: ExprId, name: &'m str, path: &[Step<'m>]| {
            let at = ExprAt { expr, ..at };
            work.push(Part { instance, at, name, path: Path::from_slice(path) });
        };
        let mut push = |expr: ExprId, path: &[Step<'m>]| named(expr, name, path);
        match tree.kind(at.expr) {
            ExprKind::Name | ExprKind::Attr { .. } | ExprKind::Index { .. } | ExprKind::Splat { .. } => {
                if let Some((root, mut steps)) = reference(tree, at.expr) {
                    steps.extend(path);
                    return self.reference(instance, root, &steps, self.root.model.location(at), work);
                }
            }
            ExprKind::String(text) => return self.literal(name, tree.text(text), at),
            ExprKind::JsonString { template, .. } => push(template, &path),
            ExprKind::Template(parts) => {
                let written = self.recogniser.in_text(tree.slice(tree.span(at.expr)));
                if written.iter().any(|secret| secret.certain) {
                    return Some(self.written(at));
                }
                tree.list(parts)
                    .filter(|&part| !matches!(tree.kind(part), ExprKind::String(_)))
                    .for_each(|part| push(part, &[]));
            }
            ExprKind::Object(pairs) => {
                for (key, value) in tree.pairs(pairs) {
                    let key = key_text(tree, key);
                    let rest = match (path.split_first(), key) {
                        (Some((wanted, _)), Some(key)) if key != wanted.text() => continue,
                        (Some((_, rest)), _) => rest,
                        (None, _) => &[],
                    };
                    named(value, key.unwrap_or(name), rest);
                }
            }
            ExprKind::Call { name: function, args, .. } => {
                let function = tree.slice(function);
                let function = function.strip_prefix("core::").unwrap_or(function);
                if function == "nonsensitive" || HIDING.contains(&function) {
                    self.decided = true;
                    return None;
                }
                let keeps_path =
                    matches!(function, "merge" | "try" | "coalesce" | "sensitive" | "tomap" | "one");
                for arg in tree.list(args) {
                    push(arg, if keeps_path { &path } else { &[] });
                }
            }
            ExprKind::Conditional { then, otherwise, .. } => {
                push(then, &path);
                push(otherwise, &path);
            }
            ExprKind::For(index) | ExprKind::TemplateFor(index) => push(tree.for_expr(index).value, &[]),
            ExprKind::TemplateIf { then, otherwise, .. } => {
                push(then, &[]);
                push(otherwise, &[]);
            }
            ExprKind::Unary { .. } | ExprKind::Binary { .. } => self.decided = true,
            _ => {
                tree.each_child(at.expr, |child| push(child, &path));
            }
        }
        None
    }

    fn literal(&self, name: &str, text: &str, at: ExprAt) -> Option<Exposed> {
        let secrets = self.recogniser.in_value(name, text);
        secrets.iter().any(|secret| secret.certain).then(|| self.written(at))
    }

    fn written(&self, at: ExprAt) -> Exposed {
        Exposed {
            source: "a secret that is written in plain text".to_owned(),
            at: Some(self.root.model.location(at)),
        }
    }

    fn reference(
        &mut self,
        instance: InstanceSubject<'m>,
        root: &'m str,
        steps: &[Step<'m>],
        location: Location,
        work: &mut Vec<Part<'m>>,
    ) -> Option<Exposed> {
        let module = instance.module;
        let (name, rest) = steps.split_first()?;
        let name = name.text();
        match root {
            "local" => {
                let local = module.locals.get(module.local(name)?)?;
                work.push(Part { instance, at: local.value, name, path: rest.into() });
                None
            }
            "var" => self.variable(instance, name, rest, location, work),
            "module" => {
                let (output, rest) = beyond_keys(rest).split_first()?;
                let output = output.text();
                let call = instance.instance.calls.get(module.call(name)?)?;
                let id = *call.instances.first()?;
                let callee = self.root.instances().nth(id.0 as usize)?;
                let declared = callee.module.outputs.get(callee.module.output(output)?)?;
                if declared.sensitive {
                    return Some(Exposed { source: format!("`module.{name}.{output}`"), at: Some(location) });
                }
                let at = declared.value?;
                work.push(Part { instance: callee, at, name: output, path: rest.into() });
                None
            }
            "data" => {
                let (resource, rest) = rest.split_first()?;
                self.attribute(instance, (Mode::Data, name, resource.text()), rest, location)
            }
            _ => self.attribute(instance, (Mode::Managed, root, name), rest, location),
        }
    }

    fn variable(
        &self,
        instance: InstanceSubject<'m>,
        name: &'m str,
        rest: &[Step<'m>],
        location: Location,
        work: &mut Vec<Part<'m>>,
    ) -> Option<Exposed> {
        let index = instance.module.variable(name)?;
        let variable = instance.module.variables.get(index)?;
        if variable.sensitive {
            return Some(Exposed { source: format!("the sensitive variable `{name}`"), at: Some(location) });
        }
        let at = match instance.instance.given.get(index)? {
            Given::Expression(at) => *at,
            Given::Default => variable.default?,
            Given::Outside(_) | Given::Missing => return None,
        };
        // An argument of a call is the caller's expression, whatever else is a constant.
        let caller = instance.instance.caller.and_then(|(id, _)| self.root.instances().nth(id.0 as usize));
        let instance = caller.unwrap_or(instance);
        work.push(Part { instance, at, name, path: rest.into() });
        None
    }

    /// Providers keep every parameter secret; what is written as `type = "String"` was not meant to be.
    fn is_plain_parameter(&self, declared: &Resource) -> bool {
        let Some(at) = declared.body.value(self.root.model, "type") else { return false };
        let Some(tree) = self.root.model.tree(at.file) else { return false };
        matches!(tree.kind(at.expr), ExprKind::String(text) if tree.text(text).starts_with("String"))
    }

    /// An attribute of a resource, or all of it, if no step leads into it.
    fn attribute(
        &self,
        instance: InstanceSubject<'m>,
        (mode, ty, name): (Mode, &str, &str),
        rest: &[Step<'m>],
        location: Location,
    ) -> Option<Exposed> {
        let declared = instance.module.resources.get(instance.module.resource(mode, ty, name)?)?;
        let address = format!("{}{ty}.{name}", mode.prefix());
        if ty == "aws_ssm_parameter" && self.is_plain_parameter(declared) {
            return None;
        }
        let own =
            |attribute: &str| self.attributes.iter().any(|own| own.split_once('.') == Some((ty, attribute)));
        let shown = |attribute: &str| {
            Some(Exposed { source: format!("`{address}.{attribute}`"), at: Some(location) })
        };
        match beyond_keys(rest).first().map(|step| step.text()) {
            Some(attribute) if sensitive_attributes::is_secret(ty, attribute) || own(attribute) => {
                shown(attribute)
            }
            Some(_) => None,
            // Of a whole resource, arguments count that are written, and what only its provider knows.
            None => {
                let made = ["random_", "tls_", "vault_", "sops_"].iter().any(|head| ty.starts_with(head));
                let all = sensitive_attributes::of(ty)
                    .iter()
                    .find(|attribute| made || declared.body.argument(self.root.model, attribute).is_some());
                all.and_then(|attribute| shown(attribute))
            }
        }
    }
}

impl<'m> Step<'m> {
    fn text(self) -> &'m str {
        let (Self::Name(text) | Self::Key(text)) = self;
        text
    }
}

/// The steps behind the keys of an instance.
fn beyond_keys<'s, 'm>(steps: &'s [Step<'m>]) -> &'s [Step<'m>] {
    let keys = steps.iter().take_while(|step| matches!(step, Step::Key(_))).count();
    steps.get(keys..).unwrap_or_default()
}

/// The name that a chain of steps begins with, and the names and text keys of the steps; numbers and splats say nothing.
fn reference(tree: &Tree, expr: ExprId) -> Option<(&str, Path<'_>)> {
    let mut steps = Path::new();
    let mut at = expr;
    loop {
        match tree.kind(at) {
            ExprKind::Name => {
                steps.reverse();
                return Some((tree.slice(tree.span(at)), steps));
            }
            ExprKind::Attr { base, name } => {
                steps.push(Step::Name(tree.slice(name)));
                at = base;
            }
            ExprKind::Index { base, key, .. } => {
                if let ExprKind::String(text) = tree.kind(key) {
                    steps.push(Step::Key(tree.text(text)));
                }
                at = base;
            }
            ExprKind::Splat { base, each, .. } => {
                // The steps behind the splat lead from its item.
                let mut inner = each;
                while let ExprKind::Attr { base, .. } | ExprKind::Index { base, .. } = tree.kind(inner) {
                    if let ExprKind::Attr { name, .. } = tree.kind(inner) {
                        steps.push(Step::Name(tree.slice(name)));
                    }
                    inner = base;
                }
                at = base;
            }
            ExprKind::Paren(inner) => at = inner,
            _ => return None,
        }
    }
}

fn key_text(tree: &Tree, key: ExprId) -> Option<&str> {
    match tree.kind(key) {
        ExprKind::Key => Some(tree.slice(tree.span(key))),
        ExprKind::String(text) | ExprKind::JsonString { text, .. } => Some(tree.text(text)),
        _ => None,
    }
}
