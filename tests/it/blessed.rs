//! Files that are rendered from the code and compared; `PLANGATE_BLESS=1` rewrites them.

use std::path::{Path, PathBuf};

/// The top of the project.
pub(crate) fn project() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Compares a file (relative to the project) with what it should be, or rewrites it.
pub(crate) fn compare(path: impl AsRef<Path>, expected: &str) {
    let shown = path.as_ref().display().to_string();
    let path = project().join(path);
    if std::env::var_os("PLANGATE_BLESS").is_some_and(|value| value == "1") {
        if let Some(directory) = path.parent() {
            std::fs::create_dir_all(directory).expect("the directory can be made");
        }
        std::fs::write(&path, expected).expect("the file can be written");
        return;
    }
    let is = std::fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    if is == expected {
        return;
    }
    let line = is.lines().zip(expected.lines()).take_while(|(is, should)| is == should).count();
    let at = |text: &str| text.lines().nth(line).unwrap_or("(the end)").to_owned();
    panic!(
        "{shown} is not what the code renders; PLANGATE_BLESS=1 cargo test rewrites it\n  line {}\n  file: {}\n  code: {}\n\n{expected}",
        line + 1,
        at(&is),
        at(expected)
    );
}

/// Fails for files of a directory that nothing renders any more (or removes them).
pub(crate) fn nothing_else(directory: &str, extension: &str, expected: &[String]) {
    let bless = std::env::var_os("PLANGATE_BLESS").is_some_and(|value| value == "1");
    for entry in std::fs::read_dir(project().join(directory)).expect("the directory is there").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_ours = name.ends_with(extension) && !expected.contains(&name);
        if is_ours && bless {
            std::fs::remove_file(entry.path()).expect("the file can be removed");
        } else {
            assert!(!is_ours, "{directory}/{name} belongs to nothing");
        }
    }
}
