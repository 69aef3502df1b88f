//! What a plan keeps of the configuration: which expressions refer to what. Constants are not kept.

use arcstr::ArcStr;
use rustc_hash::FxHashMap;

/// The configuration, as far as a plan has it: no `dynamic` blocks, `check` blocks and ephemeral resources.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Configuration {
    /// The providers that are configured, by their key: `aws`, `module.db:aws.dns`.
    pub providers: FxHashMap<ArcStr, ConfiguredProvider>,
    /// The root module.
    pub root: ConfiguredModule,
}

/// A provider's configuration.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct ConfiguredProvider {
    /// Its local name: `aws`.
    pub name: ArcStr,
    /// Its address: `registry.terraform.io/hashicorp/aws`.
    pub full_name: Option<ArcStr>,
    /// Its alias.
    pub alias: Option<ArcStr>,
    /// The module that configures it, without keys: `module.db`.
    pub module: Option<ArcStr>,
    /// The versions that are allowed: `~> 5.0`.
    pub version_constraint: Option<ArcStr>,
}

/// A module.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct ConfiguredModule {
    /// Its resources and data sources, by address within the module: `data.aws_region.here`.
    pub resources: FxHashMap<ArcStr, ConfiguredResource>,
    /// Its calls of other modules, by name.
    pub calls: FxHashMap<ArcStr, ConfiguredCall>,
    /// Its outputs, by name.
    pub outputs: FxHashMap<ArcStr, ConfiguredOutput>,
    /// Its variables, by name.
    pub variables: FxHashMap<ArcStr, ConfiguredVariable>,
}

/// A resource.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct ConfiguredResource {
    /// The key of its provider among [`Configuration::providers`].
    pub provider: Option<ArcStr>,
    /// Its arguments and nested blocks.
    pub expressions: Expressions,
    /// What its `for_each` refers to.
    pub for_each: Option<Vec<ArcStr>>,
    /// What its `count` refers to.
    pub count: Option<Vec<ArcStr>>,
    /// What it depends on beside what it refers to.
    pub depends_on: Vec<ArcStr>,
}

/// A call of a module.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct ConfiguredCall {
    /// Its `source`, as written.
    pub source: Option<ArcStr>,
    /// Its `version`, as written.
    pub version_constraint: Option<ArcStr>,
    /// Its arguments.
    pub expressions: Expressions,
    /// What its `for_each` refers to.
    pub for_each: Option<Vec<ArcStr>>,
    /// What its `count` refers to.
    pub count: Option<Vec<ArcStr>>,
    /// What it depends on beside what it refers to.
    pub depends_on: Vec<ArcStr>,
    /// The module that it calls.
    pub module: ConfiguredModule,
}

/// An output.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct ConfiguredOutput {
    /// Its value.
    pub expression: Expressions,
    /// Whether it is declared sensitive.
    pub sensitive: bool,
}

/// A variable.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ConfiguredVariable {
    /// Whether it is declared sensitive.
    pub sensitive: bool,
    /// Whether it has a default.
    pub has_default: bool,
}

/// What an argument's expression, or all of a body, refers to.
#[derive(Clone, PartialEq, Debug, Default)]
pub enum Expressions {
    /// Nothing: a constant, or something that a plan does not say.
    #[default]
    Constant,
    /// One expression: what it refers to, as written, each prefix too (`a.b.c`, `a.b`).
    References(Vec<ArcStr>),
    /// A body: its arguments and nested blocks, sorted by name.
    Body(Vec<(ArcStr, Expressions)>),
    /// Nested blocks of one type, in the order of the text.
    Blocks(Vec<Expressions>),
}

impl Expressions {
    /// The argument or the blocks of that name, of a body.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Self> {
        let Self::Body(entries) = self else { return None };
        let at = entries.binary_search_by(|(key, _)| key.as_str().cmp(name)).ok()?;
        entries.get(at).map(|(_, expressions)| expressions)
    }

    /// Whether nothing is known of a body.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Constant)
    }

    /// What it refers to, if it is one expression.
    #[must_use]
    pub fn references(&self) -> &[ArcStr] {
        match self {
            Self::References(references) => references,
            _ => &[],
        }
    }
}
