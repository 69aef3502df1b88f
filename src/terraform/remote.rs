//! What the source of a remote module says of the place, the directory and the revision that are meant.

use crate::source::Wanted;

/// A remote source, taken apart where the configuration's pattern ends.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Remote<'s> {
    /// The repository's address, for people: without directory and parameters.
    pub(super) address: &'s str,
    /// What of the address goes on behind the pattern.
    pub(super) rest: &'s str,
    /// The directory behind `//`.
    pub(super) directory: &'s str,
    /// `ref=`, decoded.
    pub(super) reference: Option<String>,
}

impl<'s> Remote<'s> {
    /// Takes a source apart; `rest` is its end, which the pattern left over.
    pub(super) fn new(source: &'s str, rest: &'s str) -> Self {
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (before, directory) = path.split_once("//").unwrap_or((path, ""));
        let address = source.strip_suffix(rest).map_or(source.len(), str::len) + before.len();
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        let reference =
            pairs.filter(|(key, value)| *key == "ref" && !value.is_empty()).map(|(_, it)| it).next();
        Self {
            address: source.get(..address).unwrap_or(source).trim_end_matches('/'),
            rest: before.trim_matches('/'),
            directory: directory.trim_matches('/'),
            reference: reference.map(decoded),
        }
    }

    /// The revision that is meant; `version` is what the call says beside the source.
    ///
    /// # Errors
    /// Why that is none in particular.
    pub(super) fn wanted<'w>(&'w self, version: Option<&'w str>) -> Result<Wanted<'w>, String> {
        if let Some(reference) = &self.reference {
            return Ok(Wanted::Ref(reference));
        }
        let named = version.map(str::trim);
        if !is_registry(self.address) {
            return Ok(Wanted::Default);
        }
        let Some(named) = named else { return Err("the call names no version".to_owned()) };
        match exact(named) {
            Some(version) => Ok(Wanted::Version(version)),
            None => Err(format!("`{named}` is not one version")),
        }
    }
}

/// `namespace/name/provider`, with or without a host: the address of a registry, which has versions instead of refs.
fn is_registry(address: &str) -> bool {
    let parts: Vec<&str> = address.split('/').collect();
    let plain = !address.contains(['@', ':']) || parts.len() == 4;
    let host = parts.first().copied().unwrap_or_default();
    plain
        && !address.contains("::")
        && !address.contains("://")
        && (parts.len() == 3 && !host.contains('.') || parts.len() == 4 && host.contains(['.', ':']))
        && !matches!(host, "github.com" | "gitlab.com" | "bitbucket.org")
}

/// The one version that a constraint allows: `1.2.3`, `= 1.2.3`.
fn exact(constraint: &str) -> Option<&str> {
    let version = constraint.strip_prefix('=').unwrap_or(constraint).trim();
    let numbers = version.split(['-', '+']).next().unwrap_or_default();
    let whole = numbers.split('.').count() == 3
        && numbers.split('.').all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'+');
    (whole && version.bytes().all(fits)).then_some(version)
}

/// A parameter's text, as a browser would read it.
pub(super) fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        let digit = |at: usize| after.get(at).and_then(|&byte| char::from(byte).to_digit(16));
        match (first, digit(0), digit(1)) {
            (b'%', Some(high), Some(low)) => {
                bytes.push((high * 16 + low) as u8);
                rest = after.get(2..).unwrap_or_default();
            }
            (b'+', ..) => bytes.push(b' '),
            _ => bytes.push(*first),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_are_taken_apart() {
        let source =
            "git::https://git.example.local/platform/rds.git//modules/aurora?depth=1&ref=release%2F1";
        for (rest, behind) in [
            ("//modules/aurora?depth=1&ref=release%2F1", ""),
            ("rds.git//modules/aurora?depth=1&ref=release%2F1", "rds.git"),
        ] {
            let remote = Remote::new(source, rest);
            assert_eq!(remote.address, "git::https://git.example.local/platform/rds.git");
            assert_eq!((remote.rest, remote.directory), (behind, "modules/aurora"));
            assert_eq!(remote.wanted(Some("1.0.0")), Ok(Wanted::Ref("release/1")));
        }
        let bare = Remote::new("github.com/example/rds", "");
        assert_eq!((bare.address, bare.wanted(None)), ("github.com/example/rds", Ok(Wanted::Default)));
    }

    #[test]
    fn registries_have_versions() {
        let wanted = |source: &str, version: Option<&str>| {
            Remote::new(source, "").wanted(version).map(|wanted| match wanted {
                Wanted::Version(version) => version.to_owned(),
                other => format!("{other:?}"),
            })
        };
        let registry = "terraform-aws-modules/rds/aws";
        assert_eq!(wanted(registry, Some("6.1.0")), Ok("6.1.0".to_owned()));
        assert_eq!(wanted(registry, Some("= 6.1.0-rc.1")), Ok("6.1.0-rc.1".to_owned()));
        assert_eq!(wanted("app.example.local/platform/rds/aws", Some("6.1.0")), Ok("6.1.0".to_owned()));
        for range in ["~> 6.0", ">= 6.1.0", "6.1", "6.1.0, 6.2.0", "../6.1.0", "= 6.1.0/../x", ""] {
            assert!(wanted(registry, Some(range)).is_err(), "{range}");
        }
        assert!(wanted(registry, None).is_err());
        let directory =
            Remote::new("terraform-aws-modules/rds/aws//modules/db_instance", "//modules/db_instance");
        assert_eq!(
            (directory.address, directory.wanted(Some("6.1.0"))),
            (registry, Ok(Wanted::Version("6.1.0")))
        );
    }
}
