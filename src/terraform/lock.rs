use crate::model::{Lock, Locked, Model, ProviderAddress};
use crate::source::{FileId, FileKind, LOCK_NAME, Location, ReadError, Workspace, join};
use crate::syntax::{Block, Tree, parse_hcl};

use super::load::path_of;

/// Reads the dependency lock file of a directory into the model, if there is one and it was not read yet. No walk finds
/// it: its name begins with a dot.
pub fn read_lock(workspace: &Workspace, model: &mut Model, directory: &str) {
    if model.locks.contains_key(directory) {
        return;
    }
    let unread = |error: ReadError| Lock {
        file: None,
        providers: Vec::new(),
        fault: Some(format!("the lock file of `{directory}` {error}")),
    };
    let lock = match workspace.read(&join(path_of(directory), LOCK_NAME)) {
        Err(ReadError::Missing) => return,
        Err(error) => unread(error),
        Ok(source) => {
            let tree = parse_hcl(FileId(0), source.text.clone());
            let file = model.add_read(source, FileKind::Lock, tree);
            match model.tree(file) {
                Some(tree) => lock(tree, directory),
                None => return,
            }
        }
    };
    model.locks.insert(directory.into(), lock);
}

fn lock(tree: &Tree, directory: &str) -> Lock {
    let broken = !tree.errors.is_empty();
    Lock {
        file: Some(tree.file),
        providers: tree.blocks_of(tree.root, "provider").filter_map(|block| locked(tree, block)).collect(),
        fault: broken.then(|| format!("the lock file of `{directory}` cannot be read to the end")),
    }
}

fn locked(tree: &Tree, block: &Block) -> Option<Locked> {
    let version = tree.attribute(block.body, "version").and_then(|version| {
        let at = Location::new(tree.file, tree.span(version.value));
        Some((tree.plain_text(version.value)?.into(), at))
    });
    Some(Locked {
        address: ProviderAddress::parse(tree.label(block, 0)?)?,
        header: Location::new(tree.file, block.header),
        version,
    })
}
