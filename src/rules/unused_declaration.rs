//! Something is declared that nothing uses: a variable, a local value, a data source, a provider.
//!
//! Uses are counted over all files of the module: overrides, the JSON form and tests too. What only something unused
//! refers to is unused itself, and the finding says so. An output is a use, and so is a mention in `depends_on`.
//!
//! ## Why
//! Whoever reads a module believes that what is declared matters. A variable that nothing uses is set in vain, a data
//! source is read at every plan for nothing and fails for nothing.
//!
//! ## Example
//! ```hcl
//! variable "instance_type" {
//!   type = string
//! }
//!
//! resource "aws_instance" "web" {
//!   ami           = var.ami
//!   instance_type = "t3.micro"
//! }
//! ```
//!
//! ## Instead
//! ```hcl
//! variable "instance_type" {
//!   type = string
//! }
//!
//! resource "aws_instance" "web" {
//!   ami           = var.ami
//!   instance_type = var.instance_type
//! }
//! ```
//!
//! ## Not found
//! A data source with `depends_on` or conditions is there for its effect; so are `archive_file`, `external` and
//! `aws_lambda_invocation`. A variable whose validation looks at something else guards that; one that must be null, or
//! whose description says that it is deprecated, obsolete or no longer used, is there for its callers. A provider is used
//! by what modules that are called inherit; where one of these is not at hand, it may be. In the directory of a Terragrunt
//! unit whose module is elsewhere, that module may use anything.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::pattern::Glob;
use super::provider_use::{self, Use};
use super::reachability::{Declared, Reachability};
use super::{ModuleSubject, Rule, Sink, Verdict, unit};
use crate::finding::Place;
use crate::model::{Module, Named};
use crate::source::Location;

/// Something that can be unused.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Variable,
    Local,
    Data,
    Provider,
    RequiredProvider,
}

/// The rule's options.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct UnusedDeclaration {
    /// What to look at.
    kinds: Vec<Kind>,
    /// Names that may stay unused; `*` stands for anything.
    ignore: Vec<Glob>,
}

impl Default for UnusedDeclaration {
    fn default() -> Self {
        let kinds = vec![Kind::Variable, Kind::Local, Kind::Data, Kind::Provider, Kind::RequiredProvider];
        Self { kinds, ignore: Vec::new() }
    }
}

impl Rule for UnusedDeclaration {
    fn module(&self, subject: &ModuleSubject<'_>, sink: &mut Sink<'_>) -> Verdict {
        let mut reach = Reachability::of(subject.model, subject.module);
        if !reach.unused().is_empty() {
            if unit::is_overlay(subject.model, subject.module) {
                return Ok(());
            }
            reach.read_tests();
        }
        for declared in reach.unused() {
            self.report(subject, declared, reach.referrer(declared), sink);
        }
        if self.kinds.contains(&Kind::Provider) || self.kinds.contains(&Kind::RequiredProvider) {
            self.providers(subject, sink);
        }
        Ok(())
    }
}

impl UnusedDeclaration {
    fn wants(&self, kind: Kind, name: &str) -> bool {
        self.kinds.contains(&kind) && !self.ignore.iter().any(|glob| glob.matches(name))
    }

    fn report(
        &self,
        subject: &ModuleSubject<'_>,
        declared: Declared,
        by: Option<Declared>,
        sink: &mut Sink<'_>,
    ) {
        let module = subject.module;
        let Some((kind, address, named)) = described(module, declared) else { return };
        if !self.wants(kind, &named.name) || is_repeat(subject, kind, named) {
            return;
        }
        let by = by.and_then(|by| described(module, by));
        let message = match (&by, kind) {
            (Some((_, by, _)), _) => format!("`{address}` is used by `{by}` only, which nothing uses"),
            (None, Kind::Data) => format!("`{address}` is read, but nothing uses it"),
            (None, _) => format!("`{address}` is declared, but nothing uses it"),
        };
        let mut report =
            sink.report(named.location(), message).help("use it, or take it away").fact(address.clone());
        if let Some((_, _, by)) = by {
            report = report.label(by.location(), "used here, in vain");
        }
        if kind == Kind::Data {
            report.about(Place::in_module(module.dir.clone()).with_resource(address));
        }
    }

    fn providers(&self, subject: &ModuleSubject<'_>, sink: &mut Sink<'_>) {
        let &ModuleSubject { model, module } = subject;
        if module.providers.is_empty() && module.required_providers.is_empty() {
            return;
        }
        // A file of provider blocks alone is shared by copies or links of it.
        if module.resources.is_empty() && module.calls.is_empty() {
            return;
        }
        let called = provider_use::called(model, module);
        let uses = provider_use::of_module(model, module);
        let below: Vec<Use> =
            called.modules.iter().flat_map(|&id| provider_use::of_module(model, model.module(id))).collect();
        let required_below = |name: &str| {
            let mut required = called.modules.iter().flat_map(|&id| &model.module(id).required_providers);
            required.any(|required| required.named.name == name)
        };
        let inherited = |name: &str| called.more || below.iter().any(|used| used.name == name);
        for provider in &module.providers {
            let name = provider.named.name.as_str();
            let alias = provider.alias.as_deref();
            let unused = !uses.iter().any(|used| used.name == name && used.alias.as_deref() == alias)
                && (alias.is_some() || !inherited(name))
                && !provider_use::may_use(model, module, name)
                && !self.named_in_tests(subject, name);
            let address = alias.map_or_else(|| name.to_owned(), |alias| format!("{name}.{alias}"));
            if unused && self.wants(Kind::Provider, alias.unwrap_or(name)) {
                let message = format!("the provider `{address}` is configured, but nothing uses it");
                tell(sink, provider.named.location(), message, format!("provider {address}"));
            }
        }
        for required in &module.required_providers {
            let name = required.named.name.as_str();
            let unused = !uses.iter().any(|used| used.name == name)
                && !module.providers.iter().any(|provider| provider.named.name == name)
                && !inherited(name)
                && !required_below(name)
                && !provider_use::is_told(model, module, name)
                && !provider_use::may_use(model, module, name)
                && required.aliases.is_empty();
            if unused && self.wants(Kind::RequiredProvider, name) {
                let message = format!("the provider `{name}` is required, but nothing uses it");
                tell(sink, required.named.location(), message, format!("required provider {name}"));
            }
        }
    }

    /// Whether a test may hand the provider to what it runs.
    fn named_in_tests(&self, subject: &ModuleSubject<'_>, name: &str) -> bool {
        let tests = super::reachability::tests(subject.model, subject.module);
        tests.into_iter().any(|tree| tree.source.contains(&format!("{name}.")))
    }
}

/// Whether something damaged declares the same name before: what is told of that one, is not told again here.
fn is_repeat(subject: &ModuleSubject<'_>, kind: Kind, named: &Named) -> bool {
    let name = named.name.as_str();
    let is_part = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '-');
    let begins =
        |line: &str| line.trim_start().strip_prefix(name).is_some_and(|rest| !rest.starts_with(is_part));
    let declares = |text: &str| match kind {
        Kind::Local => text.starts_with("locals") && text.lines().any(begins),
        Kind::Variable => text.starts_with("variable") && text.contains(&format!("\"{name}\"")),
        Kind::Data => text.starts_with("data") && text.contains(&format!("\"{name}\"")),
        Kind::Provider | Kind::RequiredProvider => false,
    };
    let before = subject.trees().take_while(|tree| tree.file != named.file);
    if before.flat_map(|tree| tree.damaged_text()).any(declares) {
        return true;
    }
    let own = subject.trees().filter(|tree| tree.file == named.file);
    let mut damaged =
        own.flat_map(|tree| tree.damage().into_iter().map(|span| (span.start, tree.slice(span))));
    damaged.any(|(start, text)| start < named.header.start && declares(text))
}

fn tell(sink: &mut Sink<'_>, at: Location, message: String, fact: String) {
    sink.report(at, message).help("use it, or take it away").fact(fact);
}

/// What is declared: its kind, how it is referred to, and where it stands.
fn described(module: &Module, declared: Declared) -> Option<(Kind, String, &Named)> {
    Some(match declared {
        Declared::Variable(index) => {
            let named = &module.variables.get(index)?.named;
            (Kind::Variable, format!("var.{}", named.name), named)
        }
        Declared::Local(index) => {
            let named = &module.locals.get(index)?.named;
            (Kind::Local, format!("local.{}", named.name), named)
        }
        Declared::Data(index) => {
            let data = module.resources.get(index)?;
            (Kind::Data, data.address(), &data.named)
        }
    })
}
