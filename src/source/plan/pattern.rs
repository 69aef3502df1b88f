use globset::GlobBuilder;
use regex::bytes::Regex;

/// What stands for the directory that a plan is of.
const DIRECTORY: &str = "{dir}";

/// Stands in its place while a pattern is compiled; no path holds it.
const HELD: &str = "\u{1}dir\u{1}";

/// A pattern of paths, in which `{dir}` says which directory a plan is of.
#[derive(Debug)]
pub(super) struct Pattern {
    fits: Regex,
    /// The directory above all that can fit, as written.
    pub(super) base: String,
}

impl Pattern {
    /// Compiles a pattern; `None` if it is none.
    pub(super) fn new(text: &str) -> Option<Self> {
        let text = text.strip_prefix("./").unwrap_or(text);
        let glob = GlobBuilder::new(&text.replace(DIRECTORY, HELD)).literal_separator(true).build().ok()?;
        let mut regex = glob.regex().to_owned();
        let held = regex::escape(HELD);
        // The first says it; a second only stands for some directories.
        regex = regex.replacen(&held, "(?P<dir>.+)", 1).replace(&held, ".+");
        let fixed = text.split(['*', '?', '[', '{']).next().unwrap_or_default();
        let base = match fixed.rfind('/') {
            Some(0) => "/",
            Some(at) => fixed.get(..at).unwrap_or_default(),
            None => "",
        };
        Some(Self { fits: Regex::new(&regex).ok()?, base: base.to_owned() })
    }

    /// Whether a text could be meant as a pattern.
    pub(super) fn is_one(text: &str) -> bool {
        text.contains(['*', '?', '[', '{'])
    }

    /// The directory that a path is of, if the path fits: `None` within where the pattern does not say.
    pub(super) fn directory(&self, path: &str) -> Option<Option<String>> {
        let found = self.fits.captures(path.as_bytes())?;
        let directory = found.name("dir").and_then(|found| std::str::from_utf8(found.as_bytes()).ok());
        Some(directory.map(str::to_owned))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_say_directories() {
        let table: &[(&str, &str, Option<Option<&str>>)] = &[
            ("plans/{dir}/tfplan.json", "plans/live/qa/db/tfplan.json", Some(Some("live/qa/db"))),
            ("{dir}/plan.json", "live/plan.json", Some(Some("live"))),
            ("plans/*.json", "plans/a.json", Some(None)),
            ("plans/*.json", "plans/a/b.json", None),
            ("plans/**/*.json", "plans/a/b.json", Some(None)),
            ("./{dir}/*.json", "a/b.json", Some(Some("a"))),
            ("{dir}.json", "a/b.json", Some(Some("a/b"))),
            ("plans/{a,b}.json", "plans/b.json", Some(None)),
        ];
        for (pattern, path, expected) in table {
            let found = Pattern::new(pattern).unwrap().directory(path);
            assert_eq!(found.as_ref().map(|found| found.as_deref()), *expected, "{pattern} {path}");
        }
        assert_eq!(Pattern::new("plans/x/{dir}/y.json").unwrap().base, "plans/x");
        assert_eq!(Pattern::new("*.json").unwrap().base, "");
        assert_eq!(Pattern::new("/tmp/*.json").unwrap().base, "/tmp");
        assert!(Pattern::new("a[").is_none());
    }
}
