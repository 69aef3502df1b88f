use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use super::Located;

/// Patterns of paths, as a `paths` block or a rule's `exclude` gives them.
///
/// `*` stays within a name, `**` does not; a pattern without `/` but for its end fits at any depth, as in `.gitignore`.
/// All are relative to the directory of the file that gives them.
#[derive(Clone, Debug)]
pub struct Globs {
    /// The patterns as written.
    pub patterns: Vec<Located<String>>,
    set: GlobSet,
}

impl Globs {
    /// Compiles patterns that are relative to `directory` (empty for the repository's top).
    ///
    /// # Errors
    /// The index of the first that is no pattern, and why.
    pub fn new(directory: &str, patterns: Vec<Located<String>>) -> Result<Self, (usize, String)> {
        let mut set = GlobSetBuilder::new();
        for (index, pattern) in patterns.iter().enumerate() {
            let failed = |error: globset::Error| (index, error.kind().to_string());
            let absolute = anchored(directory, &pattern.value);
            set.add(GlobBuilder::new(&absolute).literal_separator(true).build().map_err(failed)?);
            // What a directory's name fits, all in it fits.
            let below = format!("{}/**", absolute.trim_end_matches('/'));
            set.add(GlobBuilder::new(&below).literal_separator(true).build().map_err(failed)?);
            if let Some(directory) = absolute.strip_suffix("/**") {
                set.add(GlobBuilder::new(directory).literal_separator(true).build().map_err(failed)?);
            }
        }
        let set = set.build().map_err(|error| (0, error.kind().to_string()))?;
        Ok(Self { patterns, set })
    }

    /// Whether one of them fits a path of the repository.
    #[must_use]
    pub fn fit(&self, path: &str) -> bool {
        self.set.is_match(path)
    }
}

fn anchored(directory: &str, pattern: &str) -> String {
    let pattern = pattern.strip_prefix("./").unwrap_or(pattern);
    let local = match pattern.strip_prefix('/') {
        Some(rooted) => rooted.to_owned(),
        None if pattern.trim_end_matches('/').contains('/') || pattern.starts_with("**") => {
            pattern.to_owned()
        }
        None => format!("**/{pattern}"),
    };
    if directory.is_empty() { local } else { format!("{}/{local}", globset::escape(directory)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_fit_as_in_ignore_files() {
        let table = [
            ("", "live/prod/**", "live/prod/main.tf", true),
            ("", "live/prod/**", "live/prod", true),
            ("", "live/prod", "live/prod/a/main.tf", true),
            ("", "live/*/main.tf", "live/prod/main.tf", true),
            ("", "live/*/main.tf", "live/prod/a/main.tf", false),
            ("", "*.tf", "a/b/main.tf", true),
            ("", "/main.tf", "a/main.tf", false),
            ("", "legacy/", "a/legacy/main.tf", true),
            ("live", "prod/**", "live/prod/main.tf", true),
            ("live", "prod/**", "prod/main.tf", false),
            ("a[1]", "x.tf", "a[1]/x.tf", true),
        ];
        for (directory, pattern, path, fits) in table {
            let globs = Globs::new(directory, vec![Located::unwritten(pattern.to_owned())]).unwrap();
            assert_eq!(globs.fit(path), fits, "{directory} {pattern} {path}");
        }
        assert!(Globs::new("", vec![Located::unwritten("a[".to_owned())]).is_err());
    }
}
