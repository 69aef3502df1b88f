//! Files that units include, and by whom.

use std::collections::BTreeMap;

use crate::model::{Model, Unit, UnitInclude};
use crate::source::FileId;

/// One use of an included file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Use<'m> {
    pub(super) unit: &'m Unit,
    pub(super) include: &'m UnitInclude,
}

/// The files that units include, each with its uses, in the order of the units.
pub(super) fn files(model: &Model) -> BTreeMap<FileId, Vec<Use<'_>>> {
    let mut files: BTreeMap<FileId, Vec<Use<'_>>> = BTreeMap::new();
    for unit in &model.units {
        for include in &unit.includes {
            if let Some(file) = include.file {
                files.entry(file).or_default().push(Use { unit, include });
            }
        }
    }
    files
}
