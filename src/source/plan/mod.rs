//! Files that hold plans: found where the user says, wherever that is, and read within a bound of their own.

mod find;
mod pattern;

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use super::reader::entry_kind;
use super::{EntryKind, ReadError, bounds};

pub use find::{named_plan, plan_files};

/// How much of a plan's file is read at once.
const PIECE: u64 = 1 << 20;

/// A plan that is asked for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum PlanArgument {
    /// By `FILE`, `DIR`, `GLOB` (in which `{dir}` says which directory a plan is of) or `DIR=FILE`.
    Named(String),
    /// By its content, which came by another way than a file.
    Given(PlanFile),
}

/// A file that was named as a plan.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct PlanFile {
    /// How it is told: the way it was named.
    pub shown: String,
    /// What its place says.
    pub place: PlanPlace,
    /// What it holds.
    pub content: PlanContent,
}

/// What the place of a plan's file says about the directory that it is a plan of.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum PlanPlace {
    /// Nothing.
    Anywhere,
    /// It is this directory, as the user says: as seen from where the program was started.
    Directory(String),
    /// It is the unit of this path below the directory that its tool ran in; empty for that directory itself.
    Below(String),
}

/// What a plan's file holds.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum PlanContent {
    /// What lies there.
    At(PathBuf),
    /// These bytes.
    Bytes(Vec<u8>),
}

impl std::fmt::Debug for PlanContent {
    /// Where it lies, never what it says.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::At(path) => write!(f, "At({})", path.display()),
            Self::Bytes(bytes) => write!(f, "Bytes({})", bytes.len()),
        }
    }
}

impl PlanContent {
    /// The file that it lies in.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::At(path) => Some(path),
            Self::Bytes(_) => None,
        }
    }

    /// The bytes, within the bound of a plan. While they are read, `shorten` may take from them what is not needed, so
    /// that it never weighs on the memory; it sees all that was kept so far, and says whether to read on.
    ///
    /// # Errors
    /// Why they cannot be had.
    pub fn read(self, shorten: &mut dyn FnMut(&mut Vec<u8>) -> bool) -> Result<Vec<u8>, ReadError> {
        let path = match self {
            Self::Bytes(bytes) => return Ok(bytes),
            Self::At(path) => path,
        };
        let (mut file, size) = open(&path)?;
        if size > bounds::PLAN_BYTES {
            return Err(ReadError::PlanTooLarge);
        }
        let mut bytes = Vec::with_capacity(size as usize + 1);
        let mut left = bounds::PLAN_BYTES + 1;
        loop {
            let piece = file.by_ref().take(left.min(PIECE)).read_to_end(&mut bytes);
            let read = piece.map_err(|error| ReadError::from_io(&error))? as u64;
            if read == 0 {
                break;
            }
            left -= read;
            if !shorten(&mut bytes) {
                break;
            }
        }
        if left == 0 { Err(ReadError::PlanTooLarge) } else { Ok(bytes) }
    }
}

/// A regular file, opened, and its size.
fn open(path: &Path) -> Result<(File, u64), ReadError> {
    let failed = |error: std::io::Error| ReadError::from_io(&error);
    let metadata = std::fs::metadata(path).map_err(failed)?;
    if entry_kind(metadata.file_type())? == EntryKind::Directory {
        return Err(ReadError::Directory);
    }
    Ok((File::open(path).map_err(failed)?, metadata.len()))
}

/// The beginning of a file: as much as tells what it is.
fn head(path: &Path) -> Result<Vec<u8>, ReadError> {
    let mut bytes = Vec::new();
    let (file, _) = open(path)?;
    file.take(bounds::PLAN_HEAD_BYTES).read_to_end(&mut bytes).map_err(|error| ReadError::from_io(&error))?;
    Ok(bytes)
}
