use std::io;

use super::bounds;

/// Why one file cannot be read. The rest of the tree goes on.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, thiserror::Error)]
pub enum ReadError {
    /// It is not there, or is no longer.
    #[error("does not exist")]
    Missing,
    /// It is a directory.
    #[error("is a directory")]
    Directory,
    /// It is not a directory.
    #[error("is not a directory")]
    NotDirectory,
    /// It is a pipe, a socket or a device, which is never opened: reading it might not end.
    #[error("is {0}, not a file")]
    Special(&'static str),
    /// It is larger than [`bounds::FILE_BYTES`].
    #[error("is larger than {} MB", bounds::FILE_BYTES / (1024 * 1024))]
    TooLarge,
    /// It is larger than [`bounds::PLAN_BYTES`].
    #[error("is larger than a plan of {} MB", bounds::PLAN_BYTES / (1024 * 1024))]
    PlanTooLarge,
    /// The user may not read it.
    #[error("may not be read: permission denied")]
    Denied,
    /// A symbolic link, or a path with `..`, that leads out of the repository.
    #[error("leads out of the repository")]
    Outside,
    /// Symbolic links that lead back to where they came from.
    #[error("is a symbolic link that leads back to itself")]
    Loop,
    /// A symbolic link to nothing.
    #[error("is a symbolic link to nothing")]
    Dangling,
    /// Another repository's place in a git tree: its files are not among this one's.
    #[error("lies in a git submodule, which is not read")]
    Submodule,
    /// What git LFS leaves in a repository in place of the file.
    #[error("is a git LFS pointer: the file itself is not in the repository")]
    Pointer,
    /// A git object that is not there.
    #[error("is not among the repository's objects: the clone is partial or damaged")]
    Object,
    /// The name is not UTF-8.
    #[error("has a name that is not UTF-8")]
    Name,
    /// The text is not UTF-8.
    #[error("is not UTF-8: byte 0x{byte:02x} at line {line}, byte {column} of the line")]
    NotUtf8 {
        /// How many good bytes stand before it.
        offset: u32,
        /// The first bad byte.
        byte: u8,
        /// Its line, from 1.
        line: u32,
        /// Its byte in the line, from 1.
        column: u32,
    },
    /// Whatever else the system says.
    #[error("cannot be read: {0}")]
    Io(String),
}

impl ReadError {
    pub(super) fn from_io(error: &io::Error) -> Self {
        // The standard library has no stable name for this one yet.
        const TOO_MANY_LINKS: i32 = if cfg!(target_os = "linux") { 40 } else { 62 };
        if cfg!(unix) && error.raw_os_error() == Some(TOO_MANY_LINKS) {
            return Self::Loop;
        }
        match error.kind() {
            io::ErrorKind::NotFound => Self::Missing,
            io::ErrorKind::PermissionDenied => Self::Denied,
            io::ErrorKind::IsADirectory => Self::Directory,
            io::ErrorKind::NotADirectory => Self::NotDirectory,
            // The kind alone: the system's own sentence differs between systems.
            kind => Self::Io(kind.to_string()),
        }
    }
}
