//! What ignore files leave out, held against what the crate that knows git's rules makes of the same tree.

use std::collections::BTreeSet;

use ignore::WalkBuilder;
use proptest::prelude::*;

use super::*;

/// What the crate's own walk finds.
fn reference(root: &Path, below: &str) -> BTreeSet<String> {
    let walk = WalkBuilder::new(root.join(below))
        .ignore(false)
        .git_global(false)
        .require_git(false)
        .add_custom_ignore_filename(".plangateignore")
        .filter_entry(|entry| entry.file_name() != ".git")
        .build();
    let files = walk.filter_map(Result::ok).filter(|entry| entry.file_type().unwrap().is_file());
    let paths = files.map(|entry| entry.path().strip_prefix(root).unwrap().to_str().unwrap().to_owned());
    paths.filter(|path| FileKind::of(split(path).1).is_some()).collect()
}

const DIRECTORIES: [&str; 7] = ["", "a", "a/b", "a/b/c", "b", ".h", "a/.h"];
const NAMES: [&str; 4] = ["main.tf", "x.tf", "b", "notes.txt"];
const LINES: [&str; 22] = [
    "*.tf",
    "!main.tf",
    "x.tf",
    "/x.tf",
    "a/",
    "/a",
    "b",
    "b/",
    "!b/",
    "a/b",
    "a/**",
    "**/c",
    "**/x.tf",
    "a/*/x.tf",
    "!.h",
    "!a/.h/",
    ".h/main.tf",
    "# x.tf",
    "x.tf ",
    "\\!x.tf",
    "[xy].tf",
    "{",
];

fn ignore_file() -> impl Strategy<Value = (usize, bool, Vec<usize>)> {
    (0..DIRECTORIES.len(), any::<bool>(), prop::collection::vec(0..LINES.len(), 1..5))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn ignore_files_mean_what_they_mean_to_git(
        ignore_files in prop::collection::vec(ignore_file(), 0..5),
        exclude in prop::collection::vec(0..LINES.len(), 0..3),
        nested in prop::option::of(1..DIRECTORIES.len()),
        below in 0..DIRECTORIES.len(),
    ) {
        let tree = Tree::new(&[]);
        let root = tree.at("repo");
        let text = |lines: &[usize]| lines.iter().map(|&line| format!("{}\n", LINES[line])).collect::<String>();
        for directory in DIRECTORIES {
            fs::create_dir_all(root.join(directory)).unwrap();
            for name in NAMES {
                let file = root.join(directory).join(name);
                if !DIRECTORIES.contains(&join(directory, name).as_str()) {
                    fs::write(file, "").unwrap();
                }
            }
        }
        for (directory, own, lines) in &ignore_files {
            let name = if *own { ".plangateignore" } else { ".gitignore" };
            fs::write(root.join(DIRECTORIES[*directory]).join(name), text(lines)).unwrap();
        }
        fs::create_dir(root.join(".git/info")).unwrap();
        fs::write(root.join(".git/info/exclude"), text(&exclude)).unwrap();
        if let Some(nested) = nested {
            fs::create_dir(root.join(DIRECTORIES[nested]).join(".git")).unwrap();
        }
        let repository = Repository { root: root.clone(), marked: true };
        let disk = Disk::new(root.clone());
        let walked = Walk::default().run(&repository, &disk, &[root.join(DIRECTORIES[below])]);
        let found: BTreeSet<String> = walked.files.into_iter().map(|found| found.path).collect();
        prop_assert_eq!(found, reference(&root, DIRECTORIES[below]));
    }
}

#[test]
fn a_work_tree_shares_the_list_of_its_repository() {
    let tree = Tree::new(&[("main.tf", b""), ("scratch/a.tf", b"")]);
    fs::remove_dir(tree.at("repo/.git")).unwrap();
    fs::write(tree.at("repo/.git"), "gitdir: ../main/.git/worktrees/repo\n").unwrap();
    fs::create_dir_all(tree.at("main/.git/worktrees/repo")).unwrap();
    fs::create_dir_all(tree.at("main/.git/info")).unwrap();
    fs::write(tree.at("main/.git/worktrees/repo/commondir"), "../..\n").unwrap();
    fs::write(tree.at("main/.git/info/exclude"), "scratch\n").unwrap();
    assert_eq!(tree.walk(&Walk::default()).0, ["main.tf"]);
}
