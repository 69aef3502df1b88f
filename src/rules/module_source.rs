//! Where modules come from: the addresses that `source` may hold, and how far each says which version is meant.

/// A module source.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Source<'a> {
    /// A directory, of this tree or of the machine; also what nothing can be fetched from.
    Local,
    /// `namespace/name/provider`, with or without a host: `version` says which.
    Registry,
    /// A repository. The name of its version as far as the source gives one.
    Repository { system: &'static str, parameter: &'static str, reference: Option<&'a str> },
    /// Something that is fetched whole.
    Archive {
        what: &'static str,
        /// The source names a version, in its path or with a parameter, or a checksum.
        pinned: bool,
    },
}

/// What kind of version a repository's reference names, as far as its text tells.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Reference {
    /// The hash of a commit, in full.
    Commit,
    /// A name with a version in it: such a tag does not move.
    Tag,
    /// Anything else.
    Branch,
}

const ARCHIVES: &[&str] = &[
    ".zip", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz", ".tar.zst", ".tzst", ".tar", ".gz",
    ".bz2", ".xz",
];

/// Reads a module source.
pub(super) fn read(text: &str) -> Source<'_> {
    let text = text.trim();
    if is_path(text) {
        return Source::Local;
    }
    if let Some((getter, address)) = forced(text) {
        return by_getter(getter, address);
    }
    match text.split_once("://") {
        Some(("oci", address)) => archive("image", address),
        Some(("git" | "ssh", address)) => git(address),
        Some(("hg", address)) => mercurial(address),
        Some(("s3" | "gcs" | "gs", address)) => archive("object", address),
        Some(("file", _)) => Source::Local,
        Some((_, address)) => web(address),
        None => by_shape(text),
    }
}

/// `git::https://…`: the way of fetching is written out.
fn forced(text: &str) -> Option<(&str, &str)> {
    let (getter, address) = text.split_once("::")?;
    getter.bytes().all(|byte| byte.is_ascii_alphanumeric()).then_some((getter, address))
}

fn by_getter<'a>(getter: &str, address: &'a str) -> Source<'a> {
    match getter {
        "git" => git(address),
        "hg" => mercurial(address),
        "file" => Source::Local,
        "s3" | "gcs" => archive("object", address),
        "oci" => archive("image", address),
        _ => archive("archive", address),
    }
}

/// What has neither scheme nor prefix.
fn by_shape(text: &str) -> Source<'_> {
    let host = text.split('/').next().unwrap_or(text);
    // `git@host:owner/repository.git`
    let remote = host.split_once('@').is_some_and(|(_, rest)| rest.contains(':'));
    let scp = text.split_once('@').is_some_and(|(user, rest)| !user.contains('/') && rest.contains(':'));
    if remote || scp || matches!(host, "github.com" | "gitlab.com" | "bitbucket.org") && host != text {
        return git(text);
    }
    if host.ends_with(".amazonaws.com") || (host == "www.googleapis.com" && text.contains("/storage/")) {
        return archive("object", text);
    }
    let (package, _) = package_of(text);
    let parts = package.split('/').count();
    if query(text).is_none() && (parts == 3 || (parts == 4 && host.contains(['.', ':']))) {
        return Source::Registry;
    }
    Source::Local
}

fn is_path(text: &str) -> bool {
    text == "."
        || text == ".."
        || text.starts_with("./")
        || text.starts_with("../")
        || text.starts_with(".\\")
        || text.starts_with("..\\")
        || text.starts_with('/')
        || text.as_bytes().get(1..3).is_some_and(|drive| drive == b":\\" || drive == b":/")
}

/// The address without the directory behind `//`, and that directory. The `//` of a scheme is none.
fn package_of(text: &str) -> (&str, &str) {
    let address = text.split(['?', '#']).next().unwrap_or(text);
    let from = address.find("://").map_or(0, |at| at + 3);
    match address.get(from..).and_then(|rest| rest.find("//")) {
        Some(at) => (address.get(..from + at).unwrap_or(address), address.get(from + at + 2..).unwrap_or("")),
        None => (address, ""),
    }
}

fn query(text: &str) -> Option<&str> {
    text.split_once('?').map(|(_, query)| query)
}

fn parameter<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let mut pairs = query(text)?.split('&').filter_map(|pair| pair.split_once('='));
    pairs.find(|(key, value)| *key == name && !value.is_empty()).map(|(_, value)| value)
}

fn git(address: &str) -> Source<'_> {
    Source::Repository { system: "git", parameter: "ref", reference: parameter(address, "ref") }
}

fn mercurial(address: &str) -> Source<'_> {
    Source::Repository { system: "Mercurial", parameter: "rev", reference: parameter(address, "rev") }
}

/// A web address without prefix is an archive, or a page that says where the module is.
fn web(address: &str) -> Source<'_> {
    let (package, _) = package_of(address);
    let is_archive =
        ARCHIVES.iter().any(|ending| package.ends_with(ending)) || parameter(address, "archive").is_some();
    archive(if is_archive { "archive" } else { "web page" }, address)
}

fn archive<'a>(what: &'static str, address: &'a str) -> Source<'a> {
    let named = ["checksum", "version", "versionId", "digest", "tag"]
        .iter()
        .filter_map(|name| parameter(address, name))
        .any(|value| value != "latest");
    let (package, _) = package_of(address);
    // A directory of a bucket's path, or a file's name, says the version: the host's own name does not.
    let path = package.rsplit("://").next().unwrap_or(package);
    let path = path.split_once('/').map_or("", |(_, path)| path);
    let path = path.strip_prefix("storage/v1/").unwrap_or(path);
    let without_ending = ARCHIVES.iter().find_map(|ending| path.strip_suffix(ending)).unwrap_or(path);
    let mut names = without_ending.split('/');
    Source::Archive { what, pinned: named || names.any(|name| kind_of(name) != Reference::Branch) }
}

/// What kind of version a reference names.
pub(super) fn kind_of(reference: &str) -> Reference {
    if reference.starts_with("refs/heads/") {
        return Reference::Branch;
    }
    if is_commit(reference) {
        return Reference::Commit;
    }
    if reference.starts_with("refs/tags/") || names_version(reference) {
        return Reference::Tag;
    }
    Reference::Branch
}

fn is_commit(reference: &str) -> bool {
    matches!(reference.len(), 40 | 64) && reference.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// `v1.2.3`, `vpc-2.0`, `release_14`, `2024-05-17`, an abbreviated hash.
fn names_version(reference: &str) -> bool {
    let words: Vec<&str> = reference.split(['-', '_', '/', '+', '@']).collect();
    is_short_hash(reference) || words.iter().any(|word| is_dotted(word)) || is_numbered(&words)
}

fn is_short_hash(reference: &str) -> bool {
    (7..40).contains(&reference.len())
        && reference.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
        && reference.bytes().any(|byte| byte.is_ascii_digit())
}

/// `1.2`, `v1.2.3`, `vpc1.2`
fn is_dotted(word: &str) -> bool {
    let mut parts = word.trim_start_matches(|c: char| !c.is_ascii_digit()).split('.');
    let mut number = || parts.next().is_some_and(|part| part.starts_with(|c: char| c.is_ascii_digit()));
    number() && number()
}

/// `v3`, `release-14`, `2024-05-17`. The number of a ticket is one too, but stands in the name of a branch.
fn is_numbered(words: &[&str]) -> bool {
    let is_number = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
    let Some((last, before)) = words.split_last() else { return false };
    match last.strip_prefix(['v', 'V']) {
        Some(rest) => is_number(rest),
        None => {
            let said =
                |word: &&str| is_number(word) || matches!(*word, "release" | "rel" | "version" | "tag");
            is_number(last) && before.iter().all(said)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(text: &str) -> String {
        match read(text) {
            Source::Local => "local".into(),
            Source::Registry => "registry".into(),
            Source::Repository { system, reference, .. } => {
                format!(
                    "{system} {}",
                    reference.map_or("floats".into(), |name| format!("{:?}", kind_of(name)))
                )
            }
            Source::Archive { what, pinned } => {
                format!("{what} {}", if pinned { "pinned" } else { "floats" })
            }
        }
    }

    #[test]
    fn sources_are_told_apart() {
        for (source, expected) in [
            ("./modules/vpc", "local"),
            ("../vpc", "local"),
            ("/srv/modules/vpc", "local"),
            ("file:///srv/modules/vpc", "local"),
            ("C:\\modules\\vpc", "local"),
            ("vpc", "local"),
            ("terraform-aws-modules/vpc/aws", "registry"),
            ("terraform-aws-modules/iam/aws//modules/iam-role", "registry"),
            ("app.terraform.io/example/vpc/aws", "registry"),
            ("localhost:8080/example/vpc/aws", "registry"),
            ("github.com/hashicorp/example", "git floats"),
            ("github.com/hashicorp/example?ref=v1.2.0", "git Tag"),
            ("git@github.com:hashicorp/example.git", "git floats"),
            ("git@github.com:hashicorp/example.git//modules/a?ref=v2", "git Tag"),
            ("org-123@github.com:hashicorp/example.git?ref=main", "git Branch"),
            ("bitbucket.org/hashicorp/terraform-consul-aws", "git floats"),
            ("git::https://example.com/vpc.git?ref=main", "git Branch"),
            ("git::https://example.com/vpc.git?depth=1&ref=1.4", "git Tag"),
            ("git::https://example.com/vpc.git?ref=51d462976d84fdea54b47d80dcabbf680badcdb8", "git Commit"),
            ("git::ssh://username@example.com/storage.git?ref=", "git floats"),
            ("git::username@example.com:storage.git", "git floats"),
            ("hg::http://example.com/vpc.hg", "Mercurial floats"),
            ("hg::http://example.com/vpc.hg?rev=v1.2.0", "Mercurial Tag"),
            ("https://example.com/vpc-module.zip", "archive floats"),
            ("https://example.com/vpc-module-1.2.3.zip", "archive pinned"),
            ("https://example.com/releases/v3.0.0/vpc.tar.gz//modules/x", "archive pinned"),
            (
                "https://example.com/vpc?archive=zip&checksum=md5:b7d96c89d09d9e204f5fedc4d5d55b21",
                "archive pinned",
            ),
            ("https://example.com/vpc-module?archive=zip", "archive floats"),
            ("https://example.com/vpc", "web page floats"),
            ("s3::https://s3-eu-west-1.amazonaws.com/modules/vpc.zip", "object floats"),
            ("s3::https://s3-eu-west-1.amazonaws.com/modules/vpc/1.4.0.zip", "object pinned"),
            ("s3-eu-west-1.amazonaws.com/modules/vpc.zip", "object floats"),
            ("gcs::https://www.googleapis.com/storage/v1/modules/foomodule.zip", "object floats"),
            ("oci://ghcr.io/example/vpc", "image floats"),
            ("oci://ghcr.io/example/vpc?tag=1.2.3", "image pinned"),
            ("oci://ghcr.io/example/vpc?tag=latest", "image floats"),
        ] {
            assert_eq!(shape(source), expected, "{source}");
        }
    }

    #[test]
    fn references_tell_what_they_name() {
        for (reference, expected) in [
            ("v1.2.3", Reference::Tag),
            ("1.0", Reference::Tag),
            ("v4", Reference::Tag),
            ("vpc-v0.1.2", Reference::Tag),
            ("modules/vpc/v1.2.0", Reference::Tag),
            ("release-14", Reference::Tag),
            ("2024-05-17", Reference::Tag),
            ("20240517", Reference::Tag),
            ("refs/tags/stable", Reference::Tag),
            ("a1b2c3d", Reference::Tag),
            ("51d462976d84fdea54b47d80dcabbf680badcdb8", Reference::Commit),
            ("main", Reference::Branch),
            ("master", Reference::Branch),
            ("HEAD", Reference::Branch),
            ("develop", Reference::Branch),
            ("stable", Reference::Branch),
            ("deadbeef-main", Reference::Branch),
            ("feature/JIRA-1234", Reference::Branch),
            ("JIRA-1234", Reference::Branch),
            ("refs/heads/v1.2.3", Reference::Branch),
        ] {
            assert_eq!(kind_of(reference), expected, "{reference}");
        }
    }
}
