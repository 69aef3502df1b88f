//! A module is called in a version that may change under the caller.
//!
//! A module from a registry needs a `version` with an upper bound; one from a repository a `ref` (`rev`) that names a
//! tag or a commit; an archive a version in its address, or a checksum. Whether a name is a tag's or a branch's is
//! judged by the name: one with a version in it (`v1.2.0`, `vpc-2.1`, `2024-05-17`) is a tag's.
//!
//! ## Why
//! Whoever may push to the other side changes what the next apply does here, without a commit in this repository and
//! without a review. Two people who plan the same commit see two plans.
//!
//! ## Example
//! ```hcl
//! module "vpc" {
//!   source = "git::https://git.example.com/platform/vpc.git?ref=main"
//! }
//!
//! module "cluster" {
//!   source = "terraform-aws-modules/eks/aws"
//! }
//! ```
//!
//! ## Instead
//! ```hcl
//! module "vpc" {
//!   source = "git::https://git.example.com/platform/vpc.git?ref=v2.4.1"
//! }
//!
//! module "cluster" {
//!   source  = "terraform-aws-modules/eks/aws"
//!   version = "~> 20.8"
//! }
//! ```
//!
//! ## Not found
//! Local paths. Sources that are not written out, but put together from variables.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::constraint::{Width, width};
use super::module_source::{self, Reference, Source};
use super::{ModuleSubject, Rule, Sink, Verdict};
use crate::model::{Call, Model};
use crate::source::Location;

/// What a repository's reference must be.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Require {
    /// A tag, or a commit.
    #[default]
    Tag,
    /// The whole hash of a commit: tags can be moved.
    Commit,
}

/// The rule's options.
#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct UnpinnedModule {
    /// Sources that may float: whatever begins so.
    trusted: Vec<String>,
    /// What `ref` must name: a `tag` (or a commit), or a `commit`.
    require: Require,
    /// Whether a registry's module needs one exact version.
    exact: bool,
}

impl Rule for UnpinnedModule {
    fn module(&self, subject: &ModuleSubject<'_>, sink: &mut Sink<'_>) -> Verdict {
        for call in &subject.module.calls {
            self.judge(subject.model, call, sink);
        }
        Ok(())
    }
}

impl UnpinnedModule {
    fn judge(&self, model: &Model, call: &Call, sink: &mut Sink<'_>) {
        let (Some(at), Some(text)) = (call.source, call.source_text.as_deref()) else { return };
        if self.trusted.iter().any(|prefix| text.starts_with(prefix.as_str())) {
            return;
        }
        let at = model.location(at);
        match module_source::read(text) {
            Source::Local | Source::Archive { pinned: true, .. } => {}
            Source::Registry => self.registry(model, call, at, sink),
            Source::Repository { system, parameter, reference } => {
                let (problem, help) = match reference {
                    None => (
                        format!("follows the main branch of a {system} repository"),
                        format!("add `?{parameter}=` with a tag or a commit"),
                    ),
                    Some(name) => match (module_source::kind_of(name), self.require) {
                        (Reference::Commit, _) | (Reference::Tag, Require::Tag) => return,
                        (Reference::Branch, _) => (
                            format!("follows `{name}`, which is no tag by its name"),
                            format!("let `{parameter}` name a tag with a version, or a commit"),
                        ),
                        (Reference::Tag, Require::Commit) => (
                            format!("is pinned to `{name}`, which can be moved"),
                            format!("let `{parameter}` name a commit, by its whole hash"),
                        ),
                    },
                };
                tell(sink, call, at, &problem, help);
            }
            Source::Archive { what, .. } => {
                let help = match what {
                    "web page" => "name what the page leads to, with its version",
                    "image" => "add `?tag=` with a version, or `?digest=`",
                    _ => "put a version into the path, or add `checksum=` to the address",
                };
                let article = if what == "web page" { "a" } else { "an" };
                let problem = format!("comes from {article} {what} whose address names no version");
                tell(sink, call, at, &problem, help.into());
            }
        }
    }

    fn registry(&self, model: &Model, call: &Call, at: Location, sink: &mut Sink<'_>) {
        let Some(version) = call.version else {
            return tell(sink, call, at, "takes the newest version there is", "add a `version`".into());
        };
        // One that is put together is not known here.
        let Some(text) = call.version_text.as_deref() else { return };
        let at = model.location(version);
        match width(text) {
            Width::Exact => {}
            Width::Bounded if !self.exact => {}
            Width::Bounded => {
                let problem = format!("takes any version in `{text}`");
                tell(sink, call, at, &problem, "name one version".into());
            }
            Width::Open => {
                let problem = format!("takes every version to come that `{text}` lets in");
                let help = if self.exact { "name one version" } else { "add an upper bound, as in `~> 2.1`" };
                tell(sink, call, at, &problem, help.into());
            }
        }
    }
}

fn tell(sink: &mut Sink<'_>, call: &Call, at: Location, problem: &str, help: String) {
    let name = &call.named.name;
    sink.report(at, format!("the module `{name}` {problem}"))
        .help(help)
        .label(call.named.location(), "called here")
        .fact(format!("module {name}"));
}
