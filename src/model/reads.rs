use std::collections::BTreeSet;

/// One thing that an evaluation looked at outside of its configuration.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Read {
    /// The contents of a file, relative to the repository.
    File(String),
    /// Whether there is a file, relative to the repository: there is not.
    Absent(String),
    /// The files below a directory, relative to the repository.
    Listing(String),
    /// A variable of the environment.
    Environment(String),
}

/// All that an evaluation looked at. If it is the same the next time, so is the result.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct ReadSet {
    /// The reads, sorted.
    pub reads: BTreeSet<Read>,
}

impl ReadSet {
    /// Whether the contents of a file are among it.
    #[must_use]
    pub fn holds_file(&self, path: &str) -> bool {
        self.reads.contains(&Read::File(path.to_owned()))
    }

    /// The files whose contents were looked at, sorted.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        self.reads.iter().filter_map(|read| match read {
            Read::File(path) => Some(path.as_str()),
            _ => None,
        })
    }
}
