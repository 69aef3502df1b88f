//! Where plans lie.

use std::path::Path;

use super::pattern::Pattern;
use super::{PlanContent, PlanFile, PlanPlace, head};
use crate::source::{FileKind, bounds, join};

/// What a plan is called in a directory that Terragrunt writes.
const WRITTEN: &str = "tfplan.json";

/// Directories that hold copies and caches.
const NEVER_ENTERED: [&str; 3] = [".git", ".terraform", ".terragrunt-cache"];

/// The files that an argument names: a file, a directory (every plan in it), `DIR=FILE`, a pattern. None at all if
/// nothing fits; one that cannot be read if it is no pattern either. Sorted. `looks` says from its beginning whether a file
/// holds a plan.
#[must_use]
pub fn plan_files(current: &Path, argument: &str, looks: &dyn Fn(&[u8]) -> bool) -> Vec<PlanFile> {
    let path = current.join(argument);
    if path.is_dir() {
        return in_directory(&path, argument, looks);
    }
    let one = |shown: &str, place| {
        let content = PlanContent::At(current.join(shown));
        vec![PlanFile { shown: shown.to_owned(), place, content }]
    };
    if path.exists() {
        return one(argument, PlanPlace::Anywhere);
    }
    if let Some((directory, file)) = argument.split_once('=') {
        let below = current.join(file);
        if below.is_dir() {
            let mut files = in_directory(&below, file, looks);
            for file in &mut files {
                if let PlanPlace::Below(unit) = &file.place {
                    file.place = PlanPlace::Directory(join(directory.trim_end_matches('/'), unit));
                }
            }
            return files;
        }
        return one(file, PlanPlace::Directory(directory.to_owned()));
    }
    if !Pattern::is_one(argument) {
        return one(argument, PlanPlace::Anywhere);
    }
    let Some(pattern) = Pattern::new(argument) else { return Vec::new() };
    let mut files = Vec::new();
    below(&current.join(&pattern.base), &pattern.base, 0, &mut |path, shown, _| {
        if let Some(directory) = pattern.directory(shown) {
            let place = directory.map_or(PlanPlace::Anywhere, PlanPlace::Directory);
            files.push(PlanFile {
                shown: shown.to_owned(),
                place,
                content: PlanContent::At(path.to_owned()),
            });
        }
    });
    files.sort();
    files
}

/// A file among the paths of a command that is none of the tree's own, and holds a plan.
#[must_use]
pub fn named_plan(current: &Path, path: &Path, looks: &dyn Fn(&[u8]) -> bool) -> Option<PlanFile> {
    let name = path.file_name()?.to_str()?;
    let place = current.join(path);
    if FileKind::of(name).is_some() || !place.is_file() {
        return None;
    }
    let head = head(&place).ok()?;
    // An empty file says nothing itself.
    let meant = head.is_empty() && name.contains("plan");
    let shown = path.to_string_lossy().into_owned();
    (meant || looks(&head)).then_some(PlanFile {
        shown,
        place: PlanPlace::Anywhere,
        content: PlanContent::At(place),
    })
}

/// Every plan in a directory, hidden directories included: Terragrunt writes those of stacks there.
fn in_directory(directory: &Path, shown: &str, looks: &dyn Fn(&[u8]) -> bool) -> Vec<PlanFile> {
    let top = shown.trim_end_matches('/');
    let mut files = Vec::new();
    below(directory, top, 0, &mut |path, shown, name| {
        // One of that name was to be a plan, whatever became of it; of others only what holds one is.
        if name == WRITTEN || head(path).is_ok_and(|head| looks(&head)) {
            let inside = shown.get(top.len()..).unwrap_or_default().trim_start_matches('/');
            let unit = inside.strip_suffix(name).unwrap_or_default().trim_end_matches('/');
            files.push(PlanFile {
                shown: shown.to_owned(),
                place: PlanPlace::Below(unit.to_owned()),
                content: PlanContent::At(path.to_owned()),
            });
        }
    });
    files.sort();
    files
}

/// Tells every file below a directory: where it lies, how it is shown, its name. Links to directories are not entered.
fn below(directory: &Path, shown: &str, depth: usize, tell: &mut dyn FnMut(&Path, &str, &str)) {
    if depth > bounds::PLAN_DEPTH {
        return;
    }
    // The current directory itself has no name of its own.
    let listed = if directory.as_os_str().is_empty() { Path::new(".") } else { directory };
    let Ok(entries) = std::fs::read_dir(listed) else { return };
    for entry in entries.flatten() {
        let Ok(name) = entry.file_name().into_string() else { continue };
        let Ok(kind) = entry.file_type() else { continue };
        let path = entry.path();
        let shown = if shown == "/" { format!("/{name}") } else { join(shown, &name) };
        if kind.is_dir() {
            if !NEVER_ENTERED.contains(&name.as_str()) {
                below(&path, &shown, depth + 1, tell);
            }
        } else if path.is_file() {
            tell(&path, &shown, &name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(argument: &str) -> Vec<(String, PlanPlace)> {
        let place = tempfile::tempdir().expect("a directory");
        for path in
            ["out/.terragrunt-stack/db/tfplan.json", "out/tfplan.json", "out/notes.json", "out/a/other.json"]
        {
            let path = place.path().join(path);
            std::fs::create_dir_all(path.parent().expect("a parent")).expect("created");
            std::fs::write(path, "{plan").expect("written");
        }
        std::fs::write(place.path().join("out/notes.json"), "{}").expect("written");
        let files = plan_files(place.path(), argument, &|head| head == b"{plan");
        files.into_iter().map(|file| (file.shown, file.place)).collect()
    }

    #[test]
    fn arguments_lead_to_files() {
        let below = |path: &str, unit: &str| (path.to_owned(), PlanPlace::Below(unit.to_owned()));
        let of = |path: &str, directory: &str| (path.to_owned(), PlanPlace::Directory(directory.to_owned()));
        assert_eq!(
            found("out"),
            [
                below("out/.terragrunt-stack/db/tfplan.json", ".terragrunt-stack/db"),
                below("out/a/other.json", "a"),
                below("out/tfplan.json", "")
            ]
        );
        assert_eq!(found("live=out/tfplan.json"), [of("out/tfplan.json", "live")]);
        assert_eq!(found("out/{dir}/other.json"), [of("out/a/other.json", "a")]);
        assert_eq!(found("out/tfplan.json"), [("out/tfplan.json".to_owned(), PlanPlace::Anywhere)]);
        assert_eq!(found("nowhere.json"), [("nowhere.json".to_owned(), PlanPlace::Anywhere)]);
        assert_eq!(found("nowhere/*.json"), []);
        assert_eq!(found("live=out").len(), 3);
        assert!(found("live=out").contains(&of("out/a/other.json", "live/a")));
    }
}
