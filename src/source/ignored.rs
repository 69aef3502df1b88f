use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use super::{Entry, EntryKind, Reader, join};

/// The name of the file that lists what this program alone shall not look at.
const OWN_NAME: &str = ".plangateignore";

/// What the ignore files of a directory, and of those above it, leave out; what a repository leaves out holds for a
/// clone of another that lies in it, too. A setting of one person's machine is none of
/// them: it must not decide what a gate sees.
#[derive(Debug)]
pub(super) struct Ignored {
    above: Option<Arc<Self>>,
    own: Option<Gitignore>,
    git: Option<Gitignore>,
    /// What git's own directory lists.
    exclude: Option<Gitignore>,
}

impl Ignored {
    /// What is left out of a directory with these entries; what is left out `above` it still is. Of what is `tracked`, git
    /// leaves nothing out.
    pub(super) fn in_directory(
        reader: &dyn Reader,
        directory: &str,
        entries: &[Entry],
        above: Option<Arc<Self>>,
        tracked: bool,
    ) -> Option<Arc<Self>> {
        let find = |name: &str| {
            let at = entries.binary_search_by(|entry| entry.name.as_str().cmp(name)).ok()?;
            entries.get(at)
        };
        let of_git = |name: &str| if tracked { None } else { find(name) };
        let (own, git, repository) = (find(OWN_NAME), of_git(".gitignore"), of_git(".git"));
        if own.or(git).or(repository).is_none() {
            return above;
        }
        let read = |path: String| reader.read(&path).ok().and_then(|bytes| patterns(directory, &bytes));
        Some(Arc::new(Self {
            own: own.and_then(|entry| read(join(directory, &entry.name))),
            git: git.and_then(|entry| read(join(directory, &entry.name))),
            exclude: repository.and_then(|entry| match entry.kind {
                Ok(EntryKind::Directory) => read(join(directory, ".git/info/exclude")),
                _ => patterns(directory, &fs::read(shared_exclude(&reader.absolute(directory)?)?).ok()?),
            }),
            above,
        }))
    }

    /// What is left out of the top, and of the directories on the way to `directory`, as seen from it.
    pub(super) fn above(reader: &dyn Reader, directory: &str, tracked: bool) -> Option<Arc<Self>> {
        if directory.is_empty() {
            return None;
        }
        let ends = directory.match_indices('/').map(|(at, _)| at);
        [0].into_iter().chain(ends).fold(None, |above, end| {
            let directory = directory.get(..end).unwrap_or_default();
            let entries = reader.list(directory).unwrap_or_default();
            Self::in_directory(reader, directory, &entries, above, tracked)
        })
    }

    /// Whether a path is left out (`Some(true)`) or explicitly not (`Some(false)`). Of one kind of file, the nearest with
    /// a word on it counts.
    pub(super) fn verdict(&self, path: &str, is_directory: bool) -> Option<bool> {
        let (mut own, mut git, mut exclude) = (None, None, None);
        let mut level = Some(self);
        while let Some(ignored) = level {
            let says = |patterns: &Option<Gitignore>| {
                patterns.as_ref().and_then(|patterns| match patterns.matched(path, is_directory) {
                    Match::None => None,
                    Match::Ignore(_) => Some(true),
                    Match::Whitelist(_) => Some(false),
                })
            };
            own = own.or_else(|| says(&ignored.own));
            git = git.or_else(|| says(&ignored.git));
            exclude = exclude.or_else(|| says(&ignored.exclude));
            level = ignored.above.as_deref();
        }
        own.or(git).or(exclude)
    }
}

/// The patterns in the text of an ignore file. A pattern that it gets wrong is git's business, not ours.
fn patterns(directory: &str, bytes: &[u8]) -> Option<Gitignore> {
    let text = String::from_utf8_lossy(bytes);
    let mut builder = GitignoreBuilder::new(directory);
    for line in text.trim_start_matches('\u{feff}').lines() {
        let _ = builder.add_line(None, line);
    }
    builder.build().ok().filter(|patterns| !patterns.is_empty())
}

/// Where a work tree whose `.git` is a file has the list that it shares with its repository.
fn shared_exclude(work_tree: &Path) -> Option<PathBuf> {
    let text = fs::read_to_string(work_tree.join(".git")).ok()?;
    let git = work_tree.join(text.strip_prefix("gitdir:")?.trim());
    let common = match fs::read_to_string(git.join("commondir")) {
        Ok(common) => git.join(common.trim()),
        Err(_) => git,
    };
    Some(common.join("info/exclude"))
}
