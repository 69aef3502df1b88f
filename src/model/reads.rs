use std::collections::BTreeSet;

use arcstr::ArcStr;

/// One thing that an evaluation looked at outside of its configuration. Paths are relative to the repository.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Read {
    /// The contents of a file.
    File(ArcStr),
    /// Whether there is a file: there is not.
    Absent(ArcStr),
    /// The files below a directory.
    Listing(ArcStr),
    /// What is called so in a directory or, nearest first, above it.
    Nearest {
        /// The name, or a path.
        name: ArcStr,
        /// The directory that the search starts from.
        from: ArcStr,
        /// What was found.
        found: Option<ArcStr>,
    },
    /// A variable of the environment.
    Environment(ArcStr),
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
        self.reads.contains(&Read::File(path.into()))
    }

    /// The files whose contents were looked at, sorted.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        self.reads.iter().filter_map(|read| match read {
            Read::File(path) => Some(path.as_str()),
            _ => None,
        })
    }
}
