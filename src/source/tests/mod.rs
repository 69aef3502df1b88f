use std::fs;
use std::path::{Path, PathBuf};

use super::*;

mod ignored;

struct Tree {
    directory: tempfile::TempDir,
}

impl Tree {
    fn new(files: &[(&str, &[u8])]) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let tree = Self { directory };
        fs::create_dir(tree.at("repo")).unwrap();
        fs::create_dir(tree.at("repo/.git")).unwrap();
        for (path, bytes) in files {
            let path = tree.at("repo").join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
        tree
    }

    fn at(&self, path: &str) -> PathBuf {
        fs::canonicalize(self.directory.path()).unwrap().join(path)
    }

    fn open(&self, paths: &[&str], walk: &Walk) -> Workspace {
        let paths: Vec<PathBuf> = paths.iter().map(PathBuf::from).collect();
        Workspace::open(&self.at("repo"), &paths, walk).unwrap()
    }

    fn walk(&self, walk: &Walk) -> (Vec<String>, Vec<String>) {
        shown(&self.open(&[], walk))
    }
}

fn shown(workspace: &Workspace) -> (Vec<String>, Vec<String>) {
    let files = workspace.files.iter().map(|found| found.path.clone()).collect();
    let skipped = workspace.skipped.iter().map(|(path, error)| format!("{path} {error}")).collect();
    (files, skipped)
}

#[test]
fn ignore_files_and_caches_are_honoured() {
    let tree = Tree::new(&[
        ("main.tf", b""),
        ("README.md", b""),
        (".gitignore", b"generated/\n"),
        (".plangateignore", b"vendor/\n"),
        ("generated/a.tf", b""),
        ("vendor/a.tf", b""),
        (".hidden/a.tf", b""),
        ("x/.terraform/modules/m/main.tf", b""),
        ("x/.terragrunt-cache/main.tf", b""),
        ("x/main.tf", b""),
    ]);
    assert_eq!(tree.walk(&Walk::default()).0, ["main.tf", "x/main.tf"]);
    let all = Walk { hidden: true, no_ignore: true, ..Walk::default() };
    assert_eq!(tree.walk(&all).0, [".hidden/a.tf", "generated/a.tf", "main.tf", "vendor/a.tf", "x/main.tf"]);
    // What is named is taken.
    assert_eq!(
        shown(&tree.open(&["generated/a.tf", "x", "x"], &Walk::default())).0,
        ["generated/a.tf", "x/main.tf"]
    );
}

#[test]
fn the_repository_is_found_from_anywhere_in_it() {
    let tree = Tree::new(&[("a/b/main.tf", b""), ("c/main.tf", b"")]);
    let current = tree.at("repo/a/b");
    let workspace = Workspace::open(&current, &[PathBuf::from("../../c")], &Walk::default()).unwrap();
    assert_eq!(workspace.repository, Repository { root: tree.at("repo"), marked: true });
    assert_eq!(shown(&workspace).0, ["c/main.tf"]);

    fs::remove_dir(tree.at("repo/.git")).unwrap();
    let workspace = Workspace::open(&current, &["../../c".into(), ".".into()], &Walk::default()).unwrap();
    assert_eq!(workspace.repository, Repository { root: tree.at("repo"), marked: false });

    let missing = Workspace::open(&current, &["nowhere".into()], &Walk::default()).unwrap_err();
    assert_eq!(missing, ("nowhere".into(), ReadError::Missing));
}

#[test]
fn opentofu_shadows_terraform_in_a_module() {
    let tree =
        Tree::new(&[("m/main.tf", b""), ("m/main.tofu", b""), ("m/other.tf", b""), ("m/notes.txt", b"")]);
    let files = tree.open(&[], &Walk::default()).module_files("m").unwrap();
    let files: Vec<(&str, bool)> = files.iter().map(|file| (file.path.as_str(), file.shadowed)).collect();
    assert_eq!(files, [("m/main.tf", true), ("m/main.tofu", false), ("m/other.tf", false)]);
}

#[test]
fn text_that_is_not_utf8_is_told_with_its_place() {
    let tree = Tree::new(&[
        ("bad.tf", b"ok = 1\nx = \"\xff\"\n"),
        ("nul.tf", b"a\0b"),
        ("bom.tf", "\u{feff}a".as_bytes()),
    ]);
    let workspace = tree.open(&[], &Walk::default());
    let error = workspace.read("bad.tf").unwrap_err();
    assert_eq!(error, ReadError::NotUtf8 { offset: 12, byte: 0xff, line: 2, column: 6 });
    assert_eq!(error.to_string(), "is not UTF-8: byte 0xff at line 2, byte 6 of the line");
    assert_eq!(&*workspace.read("nul.tf").unwrap().text, "a\0b");
    assert_eq!(&*workspace.read("bom.tf").unwrap().text, "\u{feff}a");
}

#[test]
fn what_vanished_or_is_no_file_is_an_error_on_that_path_alone() {
    let tree = Tree::new(&[("gone.tf", b""), ("dir.tf/x.tf", b"")]);
    let workspace = tree.open(&[], &Walk::default());
    assert_eq!(
        shown(&workspace),
        (vec!["dir.tf/x.tf".into(), "gone.tf".into()], vec!["dir.tf is a directory".into()])
    );
    fs::remove_file(tree.at("repo/gone.tf")).unwrap();
    assert_eq!(workspace.read("gone.tf").unwrap_err(), ReadError::Missing);
    assert_eq!(workspace.read("dir.tf").unwrap_err(), ReadError::Directory);
    assert_eq!(workspace.read("dir.tf/x.tf/y").unwrap_err(), ReadError::NotDirectory);
    assert_eq!(workspace.read("../outside.tf").unwrap_err(), ReadError::Outside);
}

#[test]
fn a_file_beyond_the_bound_is_not_read() {
    let tree = Tree::new(&[("huge.tf", b"")]);
    fs::File::options()
        .write(true)
        .open(tree.at("repo/huge.tf"))
        .unwrap()
        .set_len(bounds::FILE_BYTES + 1)
        .unwrap();
    let error = tree.open(&[], &Walk::default()).read("huge.tf").unwrap_err();
    assert_eq!(error.to_string(), "is larger than 100 MB");
}

#[test]
fn an_overlay_shows_what_is_not_saved_yet() {
    let tree = Tree::new(&[("m/main.tf", b"old"), ("m/other.tf", b"other")]);
    let workspace = tree.open(&["m"], &Walk::default()).with_text("m/new.tf", b"new".to_vec());
    assert_eq!(shown(&workspace).0, ["m/new.tf"]);
    let names: Vec<String> = workspace.module_files("m").unwrap().into_iter().map(|file| file.path).collect();
    assert_eq!(names, ["m/main.tf", "m/new.tf", "m/other.tf"]);
    assert_eq!(&*workspace.read("m/new.tf").unwrap().text, "new");
    assert_eq!(&*workspace.read("m/other.tf").unwrap().text, "other");
}

#[test]
fn paths_resolve_without_leaving_the_top() {
    assert_eq!(resolve("live/qa", "../../modules/db").as_deref(), Some("modules/db"));
    assert_eq!(resolve("", "./a/./b").as_deref(), Some("a/b"));
    assert_eq!(resolve("a", ".."), Some(String::new()));
    assert_eq!(resolve("a", "../.."), None);
    assert_eq!(resolve("a", "/etc"), None);
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;

    #[test]
    fn links_that_leave_or_loop_are_reported() {
        let tree = Tree::new(&[("a/main.tf", b"inside")]);
        fs::write(tree.at("outside.tf"), "secret").unwrap();
        fs::create_dir(tree.at("elsewhere")).unwrap();
        symlink("../../outside.tf", tree.at("repo/a/leaves.tf")).unwrap();
        symlink("../../elsewhere", tree.at("repo/a/elsewhere")).unwrap();
        symlink("loop.tf", tree.at("repo/a/loop.tf")).unwrap();
        symlink("..", tree.at("repo/a/up")).unwrap();
        symlink("nothing", tree.at("repo/a/dangling.tf")).unwrap();
        symlink("main.tf", tree.at("repo/a/linked.tf")).unwrap();
        let workspace = tree.open(&[], &Walk::default());
        let (files, skipped) = shown(&workspace);
        assert_eq!(files, ["a/linked.tf", "a/main.tf"]);
        assert_eq!(
            skipped,
            [
                "a/dangling.tf is a symbolic link to nothing",
                "a/elsewhere leads out of the repository",
                "a/leaves.tf leads out of the repository",
                "a/loop.tf is a symbolic link that leads back to itself",
            ]
        );
        assert_eq!(workspace.read("a/leaves.tf").unwrap_err(), ReadError::Outside);
        assert_eq!(workspace.read("a/elsewhere/x.tf").unwrap_err(), ReadError::Missing);
        assert_eq!(&*workspace.read("a/linked.tf").unwrap().text, "inside");
        // Asked for by name, a link is judged the same.
        assert_eq!(
            shown(&tree.open(&["a/leaves.tf"], &Walk::default())).1,
            ["a/leaves.tf leads out of the repository"]
        );
    }

    #[test]
    fn a_linked_directory_does_not_lead_out_behind_a_known_one() {
        let tree = Tree::new(&[("a/main.tf", b"")]);
        fs::create_dir(tree.at("elsewhere")).unwrap();
        fs::write(tree.at("elsewhere/x.tf"), "secret").unwrap();
        symlink("../../elsewhere", tree.at("repo/a/elsewhere")).unwrap();
        let workspace = tree.open(&[], &Walk::default());
        workspace.read("a/main.tf").unwrap();
        assert_eq!(workspace.read("a/elsewhere/x.tf").unwrap_err(), ReadError::Outside);
        assert_eq!(workspace.reader().list("a/elsewhere").unwrap_err(), ReadError::Outside);
    }

    #[test]
    fn pipes_and_sockets_are_never_opened() {
        let tree = Tree::new(&[("main.tf", b"")]);
        let made = std::process::Command::new("mkfifo").arg(tree.at("repo/pipe.tf")).status().unwrap();
        assert!(made.success());
        let _socket = std::os::unix::net::UnixListener::bind(tree.at("repo/socket.tf")).unwrap();
        let workspace = tree.open(&[], &Walk::default());
        let expected = ["pipe.tf is a named pipe, not a file", "socket.tf is a socket, not a file"];
        assert_eq!(shown(&workspace), (vec!["main.tf".into()], expected.map(String::from).to_vec()));
        assert_eq!(workspace.read("pipe.tf").unwrap_err(), ReadError::Special("a named pipe"));
        assert_eq!(shown(&tree.open(&["pipe.tf"], &Walk::default())).1, expected[..1]);
        assert!(matches!(Disk::new("/dev".into()).read("zero"), Err(ReadError::Special("a device"))));
    }

    #[test]
    fn what_may_not_be_read_is_told() {
        let tree = Tree::new(&[("main.tf", b""), ("locked.tf", b""), ("locked/a.tf", b"")]);
        let mode =
            |path: &str, mode| fs::set_permissions(tree.at(path), fs::Permissions::from_mode(mode)).unwrap();
        mode("repo/locked.tf", 0);
        mode("repo/locked", 0);
        let workspace = tree.open(&[], &Walk::default());
        let read = workspace.read("locked.tf");
        let skipped = shown(&workspace).1;
        mode("repo/locked", 0o755);
        // The superuser may read everything: there is nothing to tell then.
        if fs::read(tree.at("repo/locked.tf")).is_err() {
            assert_eq!(read.unwrap_err(), ReadError::Denied);
            assert_eq!(skipped, ["locked may not be read: permission denied"]);
        }
    }

    #[test]
    fn a_name_that_is_not_utf8_is_told() {
        use std::os::unix::ffi::OsStrExt as _;
        let tree = Tree::new(&[("main.tf", b"")]);
        fs::write(tree.at("repo").join(Path::new(std::ffi::OsStr::from_bytes(b"\xff.tf"))), "").unwrap();
        let skipped = tree.walk(&Walk::default()).1;
        assert_eq!(skipped.len(), 1);
        assert!(skipped[0].ends_with(".tf has a name that is not UTF-8"), "{skipped:?}");
    }
}
