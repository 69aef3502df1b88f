use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use super::reader::entry_kind;
use super::{EntryKind, ReadError, bounds};

/// A file that was named as a plan, wherever it lies: the user's own arguments may lead anywhere.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct PlanFile {
    /// How it is told: the way it was named.
    pub shown: String,
    /// Where it lies.
    pub path: PathBuf,
    /// What its place says.
    pub place: PlanPlace,
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
#[derive(Clone, Debug)]
pub struct PlanBytes {
    /// How the file is told.
    pub shown: String,
    /// What its place says.
    pub place: PlanPlace,
    /// The bytes, or why there are none.
    pub bytes: Result<Vec<u8>, ReadError>,
}

impl PlanFile {
    /// Reads it, within the bound of a plan.
    #[must_use]
    pub fn read(self) -> PlanBytes {
        let bytes = bytes(&self.path);
        PlanBytes { shown: self.shown, place: self.place, bytes }
    }
}

fn bytes(path: &Path) -> Result<Vec<u8>, ReadError> {
    let failed = |error: std::io::Error| ReadError::from_io(&error);
    let metadata = std::fs::metadata(path).map_err(failed)?;
    if entry_kind(metadata.file_type())? == EntryKind::Directory {
        return Err(ReadError::Directory);
    }
    if metadata.len() > bounds::PLAN_BYTES {
        return Err(ReadError::PlanTooLarge);
    }
    let file = File::open(path).map_err(failed)?;
    let mut bytes = Vec::with_capacity(metadata.len() as usize + 1);
    file.take(bounds::PLAN_BYTES + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > bounds::PLAN_BYTES { Err(ReadError::PlanTooLarge) } else { Ok(bytes) }
}
