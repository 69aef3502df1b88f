use super::Located;

/// An entry of `module_sources`: where modules whose source begins so lie on disk.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ModuleSource {
    /// How the source begins, with `{name}` for what may differ.
    pub pattern: Located<String>,
    /// Where it lies, with the same names; relative to [`ModuleSource::beside`].
    pub target: Located<String>,
    /// It is a plain directory: what lies there stands for every version.
    pub unversioned: bool,
    /// The directory of the configuration file that says so, relative to the repository's top.
    pub beside: String,
}

/// Where the module of a source lies.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MappedSource {
    /// The directory or repository, relative to the repository's top (it may lead out of it) or absolute.
    pub directory: String,
    /// The directory in it, behind `//` in the source; empty for its top.
    pub subdirectory: String,
    /// What the source asks for with `?ref=`.
    pub revision: Option<String>,
    /// What lies there stands for every version.
    pub unversioned: bool,
}

impl ModuleSource {
    /// Where the module of this source lies, if the entry speaks of it.
    #[must_use]
    pub fn map(&self, source: &str) -> Option<MappedSource> {
        let (address, query) = source.split_once('?').unwrap_or((source, ""));
        let revision = query.split('&').find_map(|pair| pair.strip_prefix("ref=")).map(str::to_owned);
        let (rest, captures) = capture(&self.pattern.value, address)?;
        if rest.split('/').any(|part| part == "..") {
            return None;
        }
        let rest = match rest {
            "" => "",
            rest => rest.strip_prefix("//").or_else(|| rest.strip_prefix('/')).or_else(|| {
                // A pattern that ends with a separator has taken it already.
                self.pattern.value.ends_with('/').then_some(rest)
            })?,
        };
        let mut target = self.target.value.clone();
        for (name, value) in captures {
            target = target.replace(&format!("{{{name}}}"), value);
        }
        let directory = if target.starts_with('/') || self.beside.is_empty() {
            target
        } else {
            format!("{}/{target}", self.beside)
        };
        Some(MappedSource {
            directory,
            subdirectory: rest.to_owned(),
            revision,
            unversioned: self.unversioned,
        })
    }

    /// How many letters of the source the pattern fixes: of several entries that fit, the most exact one counts.
    #[must_use]
    pub fn exactness(&self) -> usize {
        literals(&self.pattern.value).map(|(literal, _)| literal.len()).sum()
    }
}

/// The most exact of the entries that speak of a source; nearer files come first among equals.
#[must_use]
pub fn map_source(entries: &[ModuleSource], source: &str) -> Option<MappedSource> {
    let mut best: Option<(usize, MappedSource)> = None;
    for entry in entries {
        if let Some(mapped) = entry.map(source)
            && best.as_ref().is_none_or(|(exactness, _)| entry.exactness() > *exactness)
        {
            best = Some((entry.exactness(), mapped));
        }
    }
    best.map(|(_, mapped)| mapped)
}

/// The literal parts of a pattern, each with the name of the capture behind it.
fn literals(pattern: &str) -> impl Iterator<Item = (&str, Option<&str>)> {
    let mut rest = Some(pattern);
    std::iter::from_fn(move || {
        let text = rest?;
        let capture = text.split_once('{').and_then(|(literal, behind)| {
            let (name, behind) = behind.split_once('}')?;
            Some((literal, name, behind))
        });
        match capture {
            Some((literal, name, behind)) => {
                rest = Some(behind);
                Some((literal, Some(name)))
            }
            None => {
                rest = None;
                Some((text, None))
            }
        }
    })
}

/// Matches a pattern as a prefix: what is left, and what its names stand for. A name stands for at least one letter and no `/`.
fn capture<'s, 'p>(pattern: &'p str, text: &'s str) -> Option<(&'s str, Vec<(&'p str, &'s str)>)> {
    let mut rest = text;
    let mut captures = Vec::new();
    let mut parts = literals(pattern).peekable();
    while let Some((literal, name)) = parts.next() {
        rest = rest.strip_prefix(literal)?;
        let Some(name) = name else { continue };
        let segment = rest.find('/').unwrap_or(rest.len());
        // It ends where the literal behind it begins; where none follows, with the path's segment.
        let end = match parts.peek() {
            Some(("", None)) | None => segment,
            Some((next, _)) => rest.find(*next).filter(|&end| end <= segment)?,
        };
        if end == 0 {
            return None;
        }
        let (value, behind) = rest.split_at(end);
        // The source is the linted tree's word: it must not climb out of where the target points.
        if value == ".." || value == "." {
            return None;
        }
        captures.push((name, value));
        rest = behind;
    }
    Some((rest, captures))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(pattern: &str, target: &str) -> ModuleSource {
        ModuleSource {
            pattern: Located::unwritten(pattern.to_owned()),
            target: Located::unwritten(target.to_owned()),
            unversioned: false,
            beside: "infra".to_owned(),
        }
    }

    #[test]
    fn prefixes_with_captures_map_sources() {
        let platform = entry("git::ssh://git@git.example.local/platform/{name}.git", "../mirrors/{name}.git");
        let mapped = platform
            .map("git::ssh://git@git.example.local/platform/rds.git//modules/pg?ref=v1.2.3&depth=1")
            .unwrap();
        assert_eq!(
            mapped,
            MappedSource {
                directory: "infra/../mirrors/rds.git".into(),
                subdirectory: "modules/pg".into(),
                revision: Some("v1.2.3".into()),
                unversioned: false,
            }
        );
        assert_eq!(platform.map("git::ssh://git@git.example.local/other/rds.git"), None);
        assert_eq!(platform.map("git::ssh://git@git.example.local/platform/a/b.git"), None);
        assert_eq!(platform.map("git::ssh://git@git.example.local/platform/.git"), None);
        assert_eq!(platform.map("git::ssh://git@git.example.local/platform/...git"), None);
        assert_eq!(platform.map("git::ssh://git@git.example.local/platform/a.git//../b"), None);
        let registry = entry("example/{name}/{provider}", "/srv/{provider}/{name}");
        assert_eq!(registry.map("example/vpc/aws").unwrap().directory, "/srv/aws/vpc");
        assert_eq!(registry.map("example/vpc/aws//modules/a").unwrap().subdirectory, "modules/a");
        assert_eq!(entry("git::x/", "y").map("git::x/a.git").unwrap().subdirectory, "a.git");
    }

    #[test]
    fn the_most_exact_entry_counts() {
        let entries =
            [entry("example/{name}", "a"), entry("example/vpc", "b"), entry("example/v{rest}", "c")];
        assert_eq!(map_source(&entries, "example/vpc").unwrap().directory, "infra/b");
        assert_eq!(map_source(&entries, "example/vpn").unwrap().directory, "infra/c");
        assert_eq!(map_source(&entries, "other/vpn"), None);
    }
}
