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
