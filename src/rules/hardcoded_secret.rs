//! A password, key or token is written in plain text.
//!
//! It is known by the name that it is given to (`password`, `client_secret`, `api_key`), by its format (an AWS access
//! key, a GitHub token, a private key, the password of `postgres://user:password@host`) or by its randomness under a
//! name that hints at a secret. All of a tree is looked through: attributes, defaults of variables, files of variable
//! values, locals, environments of containers, scripts in heredocs, texts in Base64, comments, files that
//! `templatefile` and `file` read. Values are followed too: a literal that comes through locals and modules to
//! `password = …` is reported where it is written.
//!
//! Placeholders (`changeme`, `<password>`, `example`), references (an ARN, a path, `{{resolve:…}}`), hashes and public
//! keys are none. Whatever is recognised, reported or not, is masked in all that plangate prints.
//!
//! ## Why
//! Whoever can read the code knows the secret, and so does whoever can read any copy of it that there ever was: taking
//! it out again does not help, it has to be changed.
//!
//! ## Example
//! ```hcl
//! resource "aws_db_instance" "orders" {
//!   username = "orders"
//!   password = "tilth9-Garnet-x4VbRu"
//! }
//! ```
//!
//! ## Instead
//! ```hcl
//! resource "aws_db_instance" "orders" {
//!   username                    = "orders"
//!   manage_master_user_password = true
//! }
//! ```
//!
//! Where the provider keeps no secret of its own, read it from a store (`aws_secretsmanager_secret_version`, an
//! `ephemeral` block and a write-only argument), or declare a sensitive variable that whoever applies has to set.

use std::borrow::Cow;
use std::cell::{OnceCell, RefCell};
use std::sync::Arc;

use arcstr::ArcStr;
use rustc_hash::{FxHashMap, FxHashSet};

use super::{FileSubject, InstanceSubject, Looks, Report, ResourceSubject, RootSubject, Rule, Sink, Verdict};
use crate::finding::Place;
use crate::model::{ExprAt, File, Given, Model, StepKind};
use crate::secret::{NAME_KEYS, Recogniser, Secret, Suspicion, VALUE_KEYS, from_base64};
use crate::source::{FileId, Location, Span};
use crate::syntax::ExprKind;
use crate::value::{Kind, Map, Origin, Value};

/// The rule's options are what a recogniser can be told.
pub(super) use crate::secret::Options as HardcodedSecret;

const HELP: &str = "read it from a secrets store or have it passed in from outside, and change it: whoever could read the \
                    code knows it";

impl Rule for HardcodedSecret {
    /// Only where values were written, which a plan alone does not say.
    fn looks_at(&self, _: &str) -> Looks {
        Looks::Nothing
    }

    fn file(&self, file: &FileSubject<'_>, sink: &mut Sink<'_>) -> Verdict {
        let Some(tree) = file.tree() else {
            text(self, file, sink);
            return Ok(());
        };
        // What is generated is judged where it is written.
        if file.file.written.is_some() {
            return Ok(());
        }
        for secret in self.secrets(file, |recogniser| recogniser.in_tree(tree)).iter() {
            if secret.certain {
                tell(sink, file.at(secret.span), secret);
            }
        }
        Ok(())
    }

    fn root(&self, root: &RootSubject<'_>, sink: &mut Sink<'_>) -> Verdict {
        // Where values were written, a plan alone does not say.
        if root.model.module(root.root.module).files.is_empty() {
            return Ok(());
        }
        let recogniser = Recogniser::new(self);
        let search = Search {
            recogniser: &recogniser,
            root,
            suspicions: RefCell::default(),
            harmless: RefCell::default(),
            harmless_maps: RefCell::default(),
            shown: RefCell::default(),
            literals: OnceCell::new(),
            texts: OnceCell::new(),
        };
        for instance in root.instances() {
            search.variables(instance, sink);
            for resource in instance.resources() {
                search.resource(resource, sink);
            }
        }
        Ok(())
    }
}

impl HardcodedSecret {
    /// The secrets in a file. Without options they are those that reports mask, and are looked for once.
    fn secrets<'m>(
        &self,
        file: &FileSubject<'m>,
        find: impl FnOnce(&Recogniser) -> Vec<Secret>,
    ) -> Cow<'m, [Secret]> {
        if *self == Self::default() {
            file.model.secrets(file.id).into()
        } else {
            find(&Recogniser::new(self)).into()
        }
    }
}

/// Looks through a text that the configuration reads.
fn text(options: &HardcodedSecret, file: &FileSubject<'_>, sink: &mut Sink<'_>) {
    let secrets = options.secrets(file, |recogniser| recogniser.in_text(&file.source.text));
    let mut secrets = secrets.iter().filter(|secret| secret.certain).peekable();
    if secrets.peek().is_none() {
        return;
    }
    let model = file.model;
    let readers: Vec<Place> = model
        .roots()
        .filter(|(_, root)| root.reads.holds_file(&file.source.path))
        .map(|(id, root)| RootSubject { model, id, root }.place())
        .collect();
    for secret in secrets {
        let report = tell(sink, file.at(secret.span), secret);
        readers.iter().cloned().fold(report, Report::about);
    }
}

fn tell<'s>(sink: &'s mut Sink<'_>, at: Location, secret: &Secret) -> Report<'s> {
    let report = sink.report(at, secret.sign.message()).help(HELP).fact(secret.sign.fact());
    match secret.sign.name() {
        Some(name) => report.attribute(name),
        None => report,
    }
}

/// Where a value is used, and what a finding about it says it is about.
struct Use {
    expression: Option<ExprAt>,
    place: Place,
}

/// Looks through the values of one root module.
struct Search<'s, 'm> {
    recogniser: &'s Recogniser,
    root: &'s RootSubject<'m>,
    /// What names say of their values, by the place and the length of their texts: few texts hold nearly all names.
    suspicions: RefCell<FxHashMap<(*const u8, usize), Suspicion>>,
    /// Texts under names that are no secrets: the instances of a resource hold the same ones over and over.
    harmless: RefCell<FxHashSet<(&'m str, &'m str)>>,
    /// Maps in which nothing was found, by their addresses: most tags are those of the whole root.
    harmless_maps: RefCell<FxHashSet<*const Map>>,
    /// Texts that stand in a file as they are, and where.
    shown: RefCell<FxHashSet<(Origin, &'m str)>>,
    /// Where texts of the root were written.
    literals: OnceCell<Vec<(&'m str, Origin)>>,
    /// The texts that the root read.
    texts: OnceCell<Vec<Text<'m>>>,
}

/// A text that a root read, and the secrets that are seen in it.
struct Text<'m> {
    id: FileId,
    text: &'m str,
    secrets: Vec<&'m str>,
}

impl<'m> Search<'_, 'm> {
    fn variables(&self, instance: InstanceSubject<'m>, sink: &mut Sink<'_>) {
        let declared = instance.module.variables.iter();
        for ((variable, value), given) in
            declared.zip(&instance.instance.variables).zip(&instance.instance.given)
        {
            let name = variable.named.name.as_str();
            // What has no telling name is looked at where it is used.
            if value.as_str().is_some() && self.suspicion(name) > Suspicion::Hint {
                let used = || Use {
                    expression: match given {
                        Given::Expression(at) => Some(*at),
                        _ => None,
                    },
                    place: self.root.model.place(self.root.id, instance.id, None),
                };
                self.value(name, value, instance, &used, sink);
            }
        }
    }

    fn resource(&self, resource: ResourceSubject<'m>, sink: &mut Sink<'_>) {
        for (name, value) in resource.resource.as_written().attributes.entries().unwrap_or_default() {
            let used = || Use { expression: resource.written(name), place: resource.place() };
            self.value(name, value, resource.instance, &used, sink);
        }
    }

    fn suspicion(&self, name: &'m str) -> Suspicion {
        let text = (name.as_ptr(), name.len());
        *self.suspicions.borrow_mut().entry(text).or_insert_with(|| self.recogniser.suspicion(name))
    }

    /// Looks through a value that is given to a name; whether there is nothing in it.
    fn value(
        &self,
        name: &'m str,
        value: &'m Value,
        instance: InstanceSubject<'m>,
        used: &dyn Fn() -> Use,
        sink: &mut Sink<'_>,
    ) -> bool {
        match value.kind() {
            Kind::String(text) => self.text(name, value, text, instance, used, sink),
            Kind::Map(map) => {
                let known = self.harmless_maps.borrow().contains(&Arc::as_ptr(map));
                let harmless = known || self.entries(&map.entries, instance, used, sink);
                if harmless && !known {
                    self.harmless_maps.borrow_mut().insert(Arc::as_ptr(map));
                }
                harmless
            }
            Kind::Object(object) => self.entries(&object.entries, instance, used, sink),
            _ => {
                let mut harmless = true;
                for element in value.children() {
                    harmless &= self.value(name, element, instance, used, sink);
                }
                harmless
            }
        }
    }

    fn entries(
        &self,
        entries: &'m [(ArcStr, Value)],
        instance: InstanceSubject<'m>,
        used: &dyn Fn() -> Use,
        sink: &mut Sink<'_>,
    ) -> bool {
        let is_value = |key: &str| VALUE_KEYS.contains(&key);
        // Providers take `{ name = "DB_PASSWORD", value = … }` as often as `DB_PASSWORD = …`.
        let named = if entries.iter().any(|(key, _)| is_value(key)) {
            let given = |name: &&str| entries.iter().find(|(key, _)| key == name).map(|(_, value)| value);
            NAME_KEYS.iter().find_map(given).and_then(Value::as_str)
        } else {
            None
        };
        let mut harmless = true;
        for (key, inner) in entries {
            let key = named.filter(|_| is_value(key)).unwrap_or(key);
            harmless &= self.value(key, inner, instance, used, sink);
        }
        harmless
    }

    fn text(
        &self,
        name: &'m str,
        value: &'m Value,
        text: &'m str,
        instance: InstanceSubject<'m>,
        used: &dyn Fn() -> Use,
        sink: &mut Sink<'_>,
    ) -> bool {
        // What a literal holds under a name that says nothing is found where it is written.
        if self.suspicion(name) == Suspicion::None && self.is_literal(value, text) {
            return true;
        }
        if self.harmless.borrow().contains(&(name, text)) {
            return true;
        }
        let mut secrets = self.recogniser.in_value(name, text);
        secrets.retain(|secret| secret.certain);
        if secrets.is_empty() {
            self.harmless.borrow_mut().insert((name, text));
            return true;
        }
        for secret in secrets {
            if let Some((at, origin)) = self.written(value, text, &secret) {
                self.report(at, origin, &secret, instance, &used(), sink);
            }
        }
        false
    }

    /// Whether a text is written in a file as it is, without anything that the file's text does not show.
    fn is_literal(&self, value: &Value, text: &'m str) -> bool {
        let origin = value.origin();
        if self.shown.borrow().contains(&(origin, text)) {
            return true;
        }
        let model = self.root.model;
        let Some(at) = model.expression(origin) else { return false };
        let Some(tree) = model.tree(at.file) else { return false };
        let given = model.files.get(at.file.0 as usize).is_none_or(File::is_given);
        let shown = matches!(tree.kind(at.expr), ExprKind::String(written)
            if !given && tree.text_span(written).is_some() && tree.text(written) == text);
        if shown {
            self.shown.borrow_mut().insert((origin, text));
        }
        shown
    }

    /// Where the secret in a text was written. `None` if no file wrote it, or if it stands there for all to see, and is
    /// found as it is written.
    fn written(&self, value: &Value, text: &str, secret: &Secret) -> Option<(Location, Origin)> {
        let model = self.root.model;
        let origin = value.origin();
        let at = model.expression(origin)?;
        if let Some(literal) = literal(model, at, text, secret.span) {
            return Some((literal, origin));
        }
        let secret_text = text.get(secret.span.start as usize..secret.span.end as usize)?;
        let tree = model.tree(at.file)?;
        // What a plan was made with, nobody wrote into the tree.
        let given = model.files.get(at.file.0 as usize).is_none_or(File::is_given);
        if given || tree.slice(tree.span(at.expr)).contains(secret_text) {
            return None;
        }
        // The text was put together: from what?
        let literals = self.literals.get_or_init(|| literals(self.root));
        let part = literals.iter().find_map(|&(text, origin)| {
            let start = text.find(secret_text)? as u32;
            let part = Span::new(start, start + secret_text.len() as u32);
            Some((literal(model, model.expression(origin)?, text, part)?, origin))
        });
        if part.is_some() {
            return part;
        }
        // It was read: its file shows it.
        let texts = self.texts.get_or_init(|| self.texts());
        if self.shown(texts, secret_text) {
            return None;
        }
        let file = texts.iter().find(|file| file.text.trim() == secret_text);
        let place = file.map(|file| {
            let start = (file.text.len() - file.text.trim_start().len()) as u32;
            Location::new(file.id, Span::new(start, start + secret_text.len() as u32))
        });
        Some((place.unwrap_or_else(|| model.location(at)), origin))
    }

    fn texts(&self) -> Vec<Text<'m>> {
        let files = self.root.model.texts_of(self.root.root);
        files
            .map(|(id, source)| {
                let secrets = self.recogniser.in_text(&source.text).into_iter();
                let secrets = secrets.filter(|secret| secret.certain).map(|secret| source.slice(secret.span));
                Text { id, text: &source.text, secrets: secrets.collect() }
            })
            .collect()
    }

    /// Whether a secret, or all that are in it in Base64, are found in texts that the root read.
    fn shown(&self, texts: &[Text<'_>], secret: &str) -> bool {
        let shows = |secret: &str| texts.iter().any(|text| text.secrets.contains(&secret));
        if shows(secret) {
            return true;
        }
        let Some(inner) = from_base64(secret) else { return false };
        let secrets = self.recogniser.in_text(&inner).into_iter().filter(|secret| secret.certain);
        let mut shown = secrets.map(|secret| {
            let Span { start, end } = secret.span;
            inner.get(start as usize..end as usize).is_some_and(shows)
        });
        shown.next().unwrap_or(false) && shown.all(|shown| shown)
    }

    fn report(
        &self,
        at: Location,
        origin: Origin,
        secret: &Secret,
        instance: InstanceSubject<'m>,
        used: &Use,
        sink: &mut Sink<'_>,
    ) {
        let model = self.root.model;
        let mut report = tell(sink, at, secret).about(used.place.clone());
        let Some(expression) = used.expression else { return };
        let mut told = FxHashSet::default();
        for step in model.story(self.root.id, instance.id, expression, origin) {
            let around = step.location.file == at.file && step.location.span.contains(at.span);
            if step.kind == StepKind::Set || around || !told.insert(step.location) {
                continue;
            }
            let text = if step.kind == StepKind::Passed { "passed here" } else { "used here" };
            report = report.label(step.location, text);
        }
    }
}

/// Where a part of a literal's text stands, if that is what stands at the expression.
fn literal(model: &Model, at: ExprAt, text: &str, part: Span) -> Option<Location> {
    let tree = model.tree(at.file)?;
    let mut expr = at.expr;
    while let ExprKind::Paren(inner) = tree.kind(expr) {
        expr = inner;
    }
    let written = match tree.kind(expr) {
        ExprKind::String(written) | ExprKind::JsonString { text: written, .. } => written,
        _ => return None,
    };
    if tree.text(written) != text {
        return None;
    }
    let span = match tree.text_span(written) {
        Some(place) => Span::new(place.start + part.start, place.start + part.end),
        // With escapes in it, the file's bytes are others than the text's.
        None => unquoted(tree.span(expr)),
    };
    Some(Location::new(at.file, span))
}

fn unquoted(span: Span) -> Span {
    if span.len() >= 2 { Span::new(span.start + 1, span.end - 1) } else { span }
}

/// The texts that variables and locals of a root hold, and where they were written.
fn literals<'m>(root: &RootSubject<'m>) -> Vec<(&'m str, Origin)> {
    fn collect<'m>(value: &'m Value, literals: &mut Vec<(&'m str, Origin)>) {
        match value.kind() {
            Kind::String(text) if value.origin() != Origin::NONE => literals.push((text, value.origin())),
            _ => value.children().for_each(|child| collect(child, literals)),
        }
    }
    let mut found = Vec::new();
    for instance in &root.root.instances {
        instance.variables.iter().chain(&instance.locals).for_each(|value| collect(value, &mut found));
    }
    found.sort_unstable_by_key(|&(text, origin)| (origin, text));
    found.dedup();
    found
}
