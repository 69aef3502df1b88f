use std::fmt;

use arcstr::ArcStr;

use crate::source::{FileId, Location};

/// A dependency lock file: which version of each provider a root module uses.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lock {
    /// The file; `None` if it cannot be read.
    pub file: Option<FileId>,
    /// The providers that it holds, in its order.
    pub providers: Vec<Locked>,
    /// Why it may hold more than that.
    pub fault: Option<String>,
}

/// A provider in a lock file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Locked {
    /// Its address.
    pub address: ProviderAddress,
    /// The header of its block.
    pub header: Location,
    /// Its version as written, and where; `None` if that is no plain text.
    pub version: Option<(ArcStr, Location)>,
}

/// The address of a provider: `registry.terraform.io/hashicorp/aws`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct ProviderAddress {
    host: String,
    namespace: String,
    name: String,
}

/// Where providers come from whose addresses do not say so: one for Terraform, one for OpenTofu. Both list the same
/// providers, and a tree is used with either.
const REGISTRIES: [&str; 2] = ["registry.terraform.io", "registry.opentofu.org"];

impl ProviderAddress {
    /// The provider that a `source`, or a local name without one, means; `None` for what is no address.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_lowercase();
        let parts: Vec<&str> = text.split('/').collect();
        let (host, namespace, name) = match parts.as_slice() {
            [name] => (REGISTRIES[0], "hashicorp", *name),
            [namespace, name] => (REGISTRIES[0], *namespace, *name),
            [host, namespace, name] if REGISTRIES.contains(host) => (REGISTRIES[0], *namespace, *name),
            [host, namespace, name] => (*host, *namespace, *name),
            _ => return None,
        };
        let named = [host, namespace, name].iter().all(|part| !part.is_empty());
        let owned = || Self { host: host.to_owned(), namespace: namespace.to_owned(), name: name.to_owned() };
        named.then(owned)
    }

    /// Whether it is part of the program itself: no lock file has it.
    #[must_use]
    pub fn is_built_in(&self) -> bool {
        self.host == "terraform.io" && self.namespace == "builtin"
    }
}

impl fmt::Display for ProviderAddress {
    /// As a `source` says it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.host != REGISTRIES[0] {
            write!(f, "{}/", self.host)?;
        }
        write!(f, "{}/{}", self.namespace, self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::ProviderAddress;

    #[test]
    fn one_provider_has_many_addresses() {
        let shown = |text: &str| ProviderAddress::parse(text).map(|address| address.to_string());
        for text in [
            "aws",
            "hashicorp/AWS",
            "registry.terraform.io/hashicorp/aws",
            "registry.opentofu.org/hashicorp/aws",
        ] {
            assert_eq!(shown(text).as_deref(), Some("hashicorp/aws"), "{text}");
        }
        assert_eq!(shown("tf.example.com/a/b").as_deref(), Some("tf.example.com/a/b"));
        for text in ["", "/", "a//b", "a/b/c/d"] {
            assert_eq!(shown(text), None, "{text}");
        }
        let built_in = ProviderAddress::parse("terraform.io/builtin/terraform");
        assert!(built_in.is_some_and(|address| address.is_built_in()));
    }
}
