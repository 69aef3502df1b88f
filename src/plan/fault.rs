use arcstr::ArcStr;

use super::{FormatVersion, JsonError};
use crate::source::ReadError;

/// Something about a plan that must be known before its verdict counts. It never holds text of the plan.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PlanProblem {
    /// The file, as it was named; `-` for standard input.
    pub file: ArcStr,
    /// Which of several documents in the file, from 1; 0 where there is only one.
    pub document: u32,
    /// What is wrong.
    pub fault: PlanFault,
}

impl PlanProblem {
    /// How the file is told where it holds several documents: `plans.jsonl, document 3`.
    #[must_use]
    pub fn describe(&self) -> String {
        describe(&self.file, self.document)
    }
}

pub(super) fn describe(file: &str, document: u32) -> String {
    match document {
        0 => file.to_owned(),
        number => format!("{file}, document {number}"),
    }
}

/// What can be wrong with a file that should be a plan.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum PlanFault {
    /// It cannot be read.
    #[error("{0}")]
    Unreadable(ReadError),
    /// It holds nothing.
    #[error("is empty")]
    Empty,
    /// It is compressed, and what comes out is larger than is taken in.
    #[error("decompresses to more than {} MB, or more than {}-fold", .bytes >> 20, crate::source::bounds::PLAN_RATIO)]
    Bomb {
        /// How many bytes would be taken in.
        bytes: u64,
    },
    /// It is compressed, and its data is damaged.
    #[error("is damaged: its {0} data cannot be decompressed")]
    Damaged(&'static str),
    /// The text is not Unicode.
    #[error("is not {encoding}: byte {at} is wrong")]
    Encoding {
        /// What it was taken for.
        encoding: &'static str,
        /// The place of the first bad byte.
        at: usize,
    },
    /// The text ends too soon.
    #[error("is truncated: {0}")]
    Truncated(JsonError),
    /// The text is not JSON.
    #[error("is not JSON: {0}")]
    NotJson(JsonError),
    /// What Terraform prints for people.
    #[error("is a plan as Terraform prints it for people, not JSON")]
    Text,
    /// The file that `terraform plan -out` writes.
    #[error("is a plan as `terraform plan -out` writes it, which only Terraform itself can read")]
    Binary,
    /// What the wrapper of a GitHub Action makes of the output.
    #[error("begins with the line that the wrapper of `setup-terraform` writes before the output")]
    Wrapped,
    /// JSON, but of something else.
    #[error("is JSON, but neither a plan nor a state: {0}")]
    NotAPlan(&'static str),
    /// A part of the plan has another form than any version gives it.
    #[error("is no plan of a known form: {0}")]
    Malformed(JsonError),
    /// A format of which nothing is known.
    #[error("has format version {0}, which this program does not know")]
    UnknownVersion(FormatVersion),
    /// A format that has more than is known.
    #[error("has format version {0}, newer than {newest}: what it adds is not looked at", newest = FormatVersion::NEWEST)]
    NewerVersion(FormatVersion),
    /// Planning ended in an error.
    #[error("is the plan of a run that ended in an error: it does not say all that would be done")]
    Errored,
    /// What it configures fits several directories.
    #[error("fits several directories ({}), and is judged without their source", .0.join(", "))]
    Ambiguous(Vec<String>),
    /// A directory or a pattern that no plan lies at.
    #[error("holds no plan")]
    NoPlans,
}

impl PlanFault {
    /// Whether no verdict can rest on it. The others are said and do no more.
    #[must_use]
    pub fn is_fatal(&self) -> bool {
        !matches!(self, Self::NewerVersion(_) | Self::Ambiguous(_))
    }

    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> Option<&'static str> {
        Some(match self {
            Self::Text | Self::Binary => {
                "write the plan as JSON: `terraform plan -out=FILE`, then `terraform show -json FILE > plan.json`"
            }
            Self::Empty | Self::Truncated(_) => {
                "see whether the command that wrote it failed: `terraform show -json FILE` writes nothing then"
            }
            Self::NotAPlan(_) | Self::NotJson(_) | Self::Malformed(_) => {
                "give a plan as `terraform show -json FILE` or `tofu show -json FILE` writes it"
            }
            Self::Wrapped => {
                "set `terraform_wrapper: false` for `hashicorp/setup-terraform`, or call `terraform-bin show -json FILE`"
            }
            Self::Errored => "mend what Terraform reports, and plan again",
            Self::Ambiguous(_) => "say which one it is of: `--plan DIRECTORY=FILE`",
            Self::NoPlans => "see whether `--json-out-dir` or the redirection wrote there",
            _ => return None,
        })
    }
}
