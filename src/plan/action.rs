use std::fmt;

use arcstr::ArcStr;

/// What will be done to an object.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Action {
    /// Nothing.
    NoOp,
    /// It is made.
    Create,
    /// A data source is read at apply.
    Read,
    /// It is changed where it is.
    Update,
    /// It is destroyed.
    Delete,
    /// It is replaced: first destroyed, then made again.
    DeleteThenCreate,
    /// It is replaced: first made again, then the old one destroyed.
    CreateThenDelete,
    /// It is left running, and Terraform knows of it no more.
    Forget,
    /// It is made again, and the old one is left running.
    CreateThenForget,
    /// An ephemeral resource is opened.
    Open,
    /// What no version that is known says; the words as the plan has them.
    Other(Box<[ArcStr]>),
}

impl Action {
    /// The action that a plan says with these words.
    #[must_use]
    pub fn of(words: &[&str]) -> Self {
        match words {
            ["no-op"] => Self::NoOp,
            ["create"] => Self::Create,
            ["read"] => Self::Read,
            ["update"] => Self::Update,
            ["delete"] => Self::Delete,
            ["delete", "create"] => Self::DeleteThenCreate,
            ["create", "delete"] => Self::CreateThenDelete,
            ["forget"] => Self::Forget,
            ["create", "forget"] => Self::CreateThenForget,
            ["open"] => Self::Open,
            words => Self::Other(words.iter().map(|&word| word.into()).collect()),
        }
    }

    /// The words as a plan has them: `["delete", "create"]`.
    #[must_use]
    pub fn words(&self) -> Vec<&str> {
        match self {
            Self::NoOp => vec!["no-op"],
            Self::Create => vec!["create"],
            Self::Read => vec!["read"],
            Self::Update => vec!["update"],
            Self::Delete => vec!["delete"],
            Self::DeleteThenCreate => vec!["delete", "create"],
            Self::CreateThenDelete => vec!["create", "delete"],
            Self::Forget => vec!["forget"],
            Self::CreateThenForget => vec!["create", "forget"],
            Self::Open => vec!["open"],
            Self::Other(words) => words.iter().map(ArcStr::as_str).collect(),
        }
    }

    /// Whether an object that is there is destroyed, be it to be made again.
    #[must_use]
    pub fn destroys(&self) -> bool {
        match self {
            Self::Delete | Self::DeleteThenCreate | Self::CreateThenDelete => true,
            // A word that is known counts, whatever stands beside it.
            Self::Other(words) => words.iter().any(|word| word == "delete"),
            _ => false,
        }
    }

    /// Whether an object is made that was not there, be it in place of another.
    #[must_use]
    pub fn creates(&self) -> bool {
        match self {
            Self::Create | Self::DeleteThenCreate | Self::CreateThenDelete | Self::CreateThenForget => true,
            Self::Other(words) => words.iter().any(|word| word == "create"),
            _ => false,
        }
    }

    /// Whether an object is replaced: another one will be there after.
    #[must_use]
    pub fn replaces(&self) -> bool {
        self.destroys() && self.creates()
    }

    /// Whether an object is left running without Terraform knowing of it.
    #[must_use]
    pub fn forgets(&self) -> bool {
        match self {
            Self::Forget | Self::CreateThenForget => true,
            Self::Other(words) => words.iter().any(|word| word == "forget"),
            _ => false,
        }
    }

    /// Whether something of the world is changed: reading and doing nothing is no change.
    #[must_use]
    pub fn changes(&self) -> bool {
        !matches!(self, Self::NoOp | Self::Read | Self::Open)
    }
}

impl fmt::Display for Action {
    /// `create`, `delete+create`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words().join("+"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_lead_to_actions_and_back() {
        for words in [
            &["no-op"][..],
            &["create"],
            &["read"],
            &["update"],
            &["delete"],
            &["delete", "create"],
            &["create", "delete"],
            &["forget"],
            &["create", "forget"],
            &["open"],
            &["renew", "close"],
            &[],
        ] {
            assert_eq!(Action::of(words).words(), words);
        }
    }

    #[test]
    fn what_is_not_known_still_says_what_it_says() {
        let action = Action::of(&["update", "delete"]);
        assert!(action.destroys() && !action.creates() && action.changes());
        assert_eq!(action.to_string(), "update+delete");
    }
}
