//! A Terragrunt unit takes its module in a version that may change under it.
//!
//! A source in a repository needs a `ref` (`rev`) that names a tag or a commit, a registry's module one version, an archive a
//! version in its address or a checksum. Whether a name is a tag's or a branch's is judged by the name: one with a version in
//! it (`v1.2.0`, `vpc-2.1`, `2024-05-17`) is a tag's. Units and stacks that a stack takes from elsewhere are judged in the
//! same way.
//!
//! ## Why
//! Whoever may push to the other side changes what the next apply does here, without a commit in this repository and
//! without a review.
//!
//! ## Example
//! ```hcl
//! terraform {
//!   source = "git::https://git.example.com/platform/modules.git//service"
//! }
//! ```
//!
//! ## Instead
//! ```hcl
//! terraform {
//!   source = "git::https://git.example.com/platform/modules.git//service?ref=v2.4.1"
//! }
//! ```
//!
//! ## Not found
//! Local paths, and sources that are not known.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::finding::Place;
use crate::model::Model;
use crate::rules::module_source::{self, Reference, Source};
use crate::rules::{Rule, Sink, UnitSubject, Verdict};

/// The rule's options.
#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(in crate::rules) struct UnpinnedSource {
    /// Sources that may float: whatever begins so.
    trusted: Vec<String>,
}

impl Rule for UnpinnedSource {
    fn unit(&self, unit: &UnitSubject<'_>, sink: &mut Sink<'_>) -> Verdict {
        let Some(source) = unit.unit.source() else { return Ok(()) };
        if let Some((problem, help)) = source.as_str().and_then(|text| self.wrong(text)) {
            let at = unit.origin(source);
            sink.report(at, format!("the source {problem}")).help(help).fact("source");
        }
        Ok(())
    }

    fn model(&self, model: &Model, sink: &mut Sink<'_>) -> Verdict {
        for stack in &model.stacks {
            for (at, text) in &stack.unavailable {
                if let Some((problem, help)) = self.wrong(text) {
                    sink.report(*at, format!("what this takes {problem}"))
                        .help(help)
                        .about(Place::default().with_unit(stack.dir.clone()))
                        .fact("source");
                }
            }
        }
        Ok(())
    }
}

impl UnpinnedSource {
    /// What is wrong with a source, and what to do.
    fn wrong(&self, text: &str) -> Option<(String, String)> {
        if self.trusted.iter().any(|prefix| text.starts_with(prefix.as_str())) {
            return None;
        }
        if let Some(address) = text.strip_prefix("tfr://") {
            let query = address.split_once('?').map_or("", |(_, query)| query);
            let named =
                query.split('&').any(|pair| pair.strip_prefix("version=").is_some_and(|it| !it.is_empty()));
            let wrong = ("names no version of the registry's module", "add `?version=` with one version");
            return (!named).then(|| (wrong.0.to_owned(), wrong.1.to_owned()));
        }
        match module_source::read(text) {
            Source::Local | Source::Registry | Source::Archive { pinned: true, .. } => None,
            Source::Repository { system, parameter, reference: None } => Some((
                format!("follows the main branch of a {system} repository"),
                format!("add `?{parameter}=` with a tag or a commit"),
            )),
            Source::Repository { parameter, reference: Some(name), .. } => {
                (module_source::kind_of(name) == Reference::Branch).then(|| {
                    (
                        format!("follows `{name}`, which is no tag by its name"),
                        format!("let `{parameter}` name a tag with a version, or a commit"),
                    )
                })
            }
            Source::Archive { what, .. } => Some((
                format!("is an address of one {what} that names no version"),
                "put a version into the path, or add a checksum to the address".to_owned(),
            )),
        }
    }
}
