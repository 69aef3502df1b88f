//! What the user says beside the tree: values for variables, variants, where remote modules lie.

use std::fmt;
use std::sync::Arc;

/// The settings of a run.
#[derive(Clone, Default)]
pub struct Settings {
    /// The workspace; not known if none is named, since configuration that asks for it is meant for several.
    pub workspace: Option<String>,
    /// The environment's `TF_VAR_name` variables, by name without the prefix.
    pub environment: Vec<(String, String)>,
    /// `--var` and `--var-file`, in the order given.
    pub arguments: Vec<Input>,
    /// Directories that were named on the command line, relative to the repository, the top as the empty path: these
    /// are roots, whoever calls them.
    pub named_roots: Vec<String>,
    /// What the configuration says about one directory (relative to the repository, the top as the empty path).
    pub per_root: Option<PerRoot>,
    /// Where modules lie that are not in the repository, in order: the first that fits.
    pub module_sources: Vec<ModuleSource>,
}

/// Asks the configuration about one directory.
pub type PerRoot = Arc<dyn Fn(&str) -> RootSettings + Send + Sync>;

/// What the configuration says about one directory.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct RootSettings {
    /// Values for its variables, in order; those on the command line win.
    pub inputs: Vec<Input>,
    /// It is evaluated once for each of these instead; their inputs come after `inputs`.
    pub variants: Vec<Variant>,
}

/// One evaluation of a root.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Variant {
    /// Its name.
    pub name: String,
    /// Values for variables, in order.
    pub inputs: Vec<Input>,
    /// The workspace, if it has one of its own.
    pub workspace: Option<String>,
}

/// A value, or a file of values, for variables.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Input {
    /// `name=text`
    Value {
        /// The variable's name.
        name: String,
        /// The text: an expression, or plain text where the variable wants a string.
        text: String,
    },
    /// A file of values, relative to the repository.
    File(String),
}

/// Where modules of a source lie.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ModuleSource {
    /// What the source address begins with; `{name}` stands for a part without `/`.
    pub pattern: String,
    /// Where it lies, relative to the repository; `{name}` stands for what the pattern's captured.
    pub place: String,
    /// It is a plain directory: whatever version it holds is taken for the one that is asked for.
    pub unversioned: bool,
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("workspace", &self.workspace)
            .field("arguments", &self.arguments)
            .field("named_roots", &self.named_roots)
            .field("module_sources", &self.module_sources)
            .finish_non_exhaustive()
    }
}

impl Settings {
    /// What the configuration says about a directory.
    #[must_use]
    pub fn root(&self, directory: &str) -> RootSettings {
        self.per_root.as_ref().map_or_else(RootSettings::default, |ask| ask(directory))
    }
}

impl ModuleSource {
    /// Where the source lies, if the pattern fits it: the place, and what of the source goes on behind the pattern.
    #[must_use]
    pub fn place_of<'s>(&self, source: &'s str) -> Option<(String, &'s str)> {
        let mut captures: Vec<(&str, &str)> = Vec::new();
        let (mut pattern, mut rest) = (self.pattern.as_str(), source);
        while let Some((before, after)) = pattern.split_once('{') {
            rest = rest.strip_prefix(before)?;
            let (name, behind) = after.split_once('}')?;
            let next = behind.split('{').next().unwrap_or("");
            let end =
                if next.is_empty() { rest.find(['/', '?']).unwrap_or(rest.len()) } else { rest.find(next)? };
            let (captured, left) = rest.split_at_checked(end)?;
            // A name is one directory, and none above.
            if captured.is_empty() || captured.contains('/') || matches!(captured, "." | "..") {
                return None;
            }
            captures.push((name, captured));
            (pattern, rest) = (behind, left);
        }
        rest = rest.strip_prefix(pattern)?;
        let mut place = self.place.clone();
        for (name, captured) in captures {
            place = place.replace(&format!("{{{name}}}"), captured);
        }
        Some((place, rest))
    }
}

#[cfg(test)]
mod tests {
    use super::ModuleSource;

    #[test]
    fn captures_fill_the_place() {
        let source = ModuleSource {
            pattern: "git::ssh://git@git.example.local/platform/{name}.git".into(),
            place: "../mirrors/{name}.git".into(),
            unversioned: false,
        };
        assert_eq!(
            source.place_of("git::ssh://git@git.example.local/platform/rds.git//db?ref=v1"),
            Some(("../mirrors/rds.git".into(), "//db?ref=v1"))
        );
        assert_eq!(source.place_of("git::ssh://git@git.example.local/other/rds.git"), None);
        assert_eq!(source.place_of("git::ssh://git@git.example.local/platform/a/b.git"), None);
        let open =
            ModuleSource { pattern: "git::x/{name}".into(), place: "../{name}".into(), unversioned: true };
        assert_eq!(open.place_of("git::x/..//etc"), None);
    }
}
