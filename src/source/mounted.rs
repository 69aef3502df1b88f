use std::path::PathBuf;
use std::sync::Arc;

use super::{Disk, Entry, EntryKind, ReadError, Reader};

/// A repository with directories beside it that the user's own configuration opens. Their paths begin with `..`, as
/// seen from the repository's top.
#[derive(Debug)]
pub struct Mounted {
    inner: Arc<dyn Reader>,
    places: Vec<(String, Disk)>,
}

impl Mounted {
    /// `inner` with these directories: the path that each is known by, and where it lies.
    #[must_use]
    pub fn new(inner: Arc<dyn Reader>, places: Vec<(String, Disk)>) -> Self {
        Self { inner, places }
    }

    /// Who reads a path, and what it is called there.
    fn reader<'a>(&'a self, path: &'a str) -> (&'a dyn Reader, &'a str) {
        for (place, disk) in &self.places {
            if let Some(rest) = path.strip_prefix(place.as_str())
                && (rest.is_empty() || rest.starts_with('/'))
            {
                return (disk, rest.trim_start_matches('/'));
            }
        }
        (self.inner.as_ref(), path)
    }
}

impl Reader for Mounted {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        let (reader, path) = self.reader(path);
        reader.read(path)
    }

    fn list(&self, directory: &str) -> Result<Arc<[Entry]>, ReadError> {
        let (reader, directory) = self.reader(directory);
        reader.list(directory)
    }

    fn kind(&self, path: &str) -> Result<EntryKind, ReadError> {
        let (reader, path) = self.reader(path);
        reader.kind(path)
    }

    fn absolute(&self, path: &str) -> Option<PathBuf> {
        let (reader, path) = self.reader(path);
        reader.absolute(path)
    }
}

/// A path as seen from a repository's top, which it may leave: `.` and `..` resolved as far as that goes. An absolute
/// one is turned into one that leads there.
#[must_use]
pub fn seen_from(top: &std::path::Path, path: &str) -> String {
    let absolute = path.starts_with('/');
    let names = |path: &str| -> Vec<String> {
        path.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect()
    };
    let home = names(&top.to_string_lossy());
    let mut parts = if absolute { Vec::new() } else { home.clone() };
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            name => parts.push(name.to_owned()),
        }
    }
    let shared = home.iter().zip(&parts).take_while(|(a, b)| a == b).count();
    let up = std::iter::repeat_n("..", home.len() - shared);
    up.chain(parts.iter().skip(shared).map(String::as_str)).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn paths_lead_out_of_the_top() {
        let top = Path::new("/home/me/infra");
        assert_eq!(seen_from(top, "modules/./x/../y"), "modules/y");
        assert_eq!(seen_from(top, "live/../../mirrors/rds"), "../mirrors/rds");
        assert_eq!(seen_from(top, "/srv/rds"), "../../../srv/rds");
        assert_eq!(seen_from(top, "/home/me/infra/a"), "a");
    }

    #[test]
    fn only_what_is_mounted_is_read() {
        let place = tempfile::tempdir().expect("a directory");
        let top = place.path().canonicalize().expect("a path");
        for directory in ["infra", "mirrors/rds", "private"] {
            std::fs::create_dir_all(top.join(directory)).expect("created");
            std::fs::write(top.join(directory).join("main.tf"), directory).expect("written");
        }
        let inner = Arc::new(Disk::new(top.join("infra")));
        let mounted = Mounted::new(inner, vec![("../mirrors".to_owned(), Disk::new(top.join("mirrors")))]);
        assert_eq!(mounted.read("main.tf"), Ok(b"infra".to_vec()));
        assert_eq!(mounted.read("../mirrors/rds/main.tf"), Ok(b"mirrors/rds".to_vec()));
        assert_eq!(mounted.read("../private/main.tf"), Err(ReadError::Outside));
        assert_eq!(mounted.read("../mirrors/../private/main.tf"), Err(ReadError::Outside));
    }
}
