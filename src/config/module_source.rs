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

impl ModuleSource {
    /// Where it lies, relative to the repository's top (it may lead out of it) or absolute; names still in it.
    #[must_use]
    pub fn place(&self) -> String {
        let target = &self.target.value;
        if target.starts_with('/') || self.beside.is_empty() {
            target.clone()
        } else {
            format!("{}/{target}", self.beside)
        }
    }

    /// How many letters of the source the pattern fixes: of several entries that fit, the most exact one counts.
    #[must_use]
    pub fn exactness(&self) -> usize {
        let mut letters = 0;
        let mut inside = false;
        for character in self.pattern.value.chars() {
            match character {
                '{' => inside = true,
                '}' => inside = false,
                _ if !inside => letters += 1,
                _ => {}
            }
        }
        letters
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_as_seen_from_the_file() {
        let entry = |target: &str| ModuleSource {
            pattern: Located::unwritten("git::ssh://git@git.example.local/{name}.git".to_owned()),
            target: Located::unwritten(target.to_owned()),
            unversioned: false,
            beside: "infra".to_owned(),
        };
        assert_eq!(entry("../mirrors/{name}.git").place(), "infra/../mirrors/{name}.git");
        assert_eq!(entry("/srv/{name}").place(), "/srv/{name}");
        assert_eq!(entry("x").exactness(), "git::ssh://git@git.example.local/.git".len());
    }
}
