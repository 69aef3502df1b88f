//! A file that should be checked cannot be read: it is not UTF-8, too large, a pipe, a link that leads out of the
//! repository, or the permission is missing.
//!
//! ## Why
//! What cannot be read is not checked. A gate that passes over it in silence would be open to whoever makes a file
//! unreadable.
//!
//! ## Example
//! ```text
//! main.tf -> /etc/shared/main.tf
//! ```
//!
//! ## Instead
//! ```text
//! main.tf
//! ```

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{FileSubject, Rule, Sink, Verdict};
use crate::source::Span;

/// The rule's options.
#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct UnreadableFile {}

impl Rule for UnreadableFile {
    fn file(&self, subject: &FileSubject<'_>, sink: &mut Sink<'_>) -> Verdict {
        if let Some(error) = subject.error {
            sink.report(subject.at(Span::at(0)), format!("the file {error}"))
                .help("mend it, or leave it out with a line in `.plangateignore`");
        }
        Ok(())
    }
}
