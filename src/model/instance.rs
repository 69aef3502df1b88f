use std::fmt;
use std::sync::Arc;

use arcstr::ArcStr;

use super::{BlockAt, ExprAt, Mode, Model, ModuleId, ReadSet};
use crate::source::Location;
use crate::value::{Identity, Value};

/// Names one evaluated root of a run.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct RootId(pub u32);

/// Names one module instance of a [`Root`]; 0 is the root module's own.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct InstanceId(pub u32);

/// A root module, evaluated with one set of inputs.
#[derive(Clone, Debug)]
pub struct Root {
    /// The root module.
    pub module: ModuleId,
    /// Its directory: the scope of the identities that it makes.
    pub scope: ArcStr,
    /// The Terragrunt unit that it is evaluated as.
    pub unit: Option<ArcStr>,
    /// The variant that it is evaluated under.
    pub variant: Option<ArcStr>,
    /// The module instances: the root's own first, callers before those they call.
    pub instances: Vec<ModuleInstance>,
    /// Why values are not known, by the address of what they come from.
    pub reasons: Vec<(ArcStr, String)>,
    /// What of it was not evaluated, because it is more than plangate looks at; sorted by place.
    pub beyond: Vec<Beyond>,
    /// What its evaluation read beside its configuration.
    pub reads: ReadSet,
    /// The roots whose states it looks at, sorted.
    pub states: Vec<RootId>,
}

/// Instances of one declaration that were not evaluated, because there are too many of them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Beyond {
    /// The header of the declaration.
    pub at: Location,
    /// What they are instances of: the first address, without keys of its own.
    pub address: ArcStr,
    /// How many they are.
    pub instances: usize,
    /// Which bound it was, in words that group well.
    pub reason: String,
}

/// One instance of a module.
#[derive(Clone, Debug)]
pub struct ModuleInstance {
    /// The module.
    pub module: ModuleId,
    /// `module.a["k"].module.b`; empty for the root module.
    pub address: ArcStr,
    /// Who calls it, and by which of its calls (an index of [`super::Module::calls`]); `None` for the root module.
    pub caller: Option<(InstanceId, u32)>,
    /// Its own key among the call's instances.
    pub key: Key,
    /// It, or one that it lies in, stands for instances whose number is not known.
    pub symbolic: bool,
    /// `each.value`, if its call has `for_each`.
    pub each_value: Option<Value>,
    /// The value of each of [`super::Module::variables`].
    pub variables: Vec<Value>,
    /// Where each of [`super::Module::variables`] has its value from.
    pub given: Vec<Given>,
    /// The value of each of [`super::Module::locals`].
    pub locals: Vec<Value>,
    /// The value of each of [`super::Module::outputs`].
    pub outputs: Vec<OutputValue>,
    /// What became of each of [`super::Module::calls`].
    pub calls: Vec<CallInstance>,
    /// The resource instances, in the order of their declarations, then keys.
    pub resources: Vec<Arc<ResourceInstance>>,
    /// What became of the conditions that it states.
    pub conditions: Vec<ConditionInstance>,
}

/// What became of a condition.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Verdict {
    /// It holds.
    Pass,
    /// It does not.
    Fail,
    /// It hangs on something that is not known, or is in error.
    Unknown,
}

/// A condition, evaluated.
#[derive(Clone, PartialEq, Debug)]
pub struct ConditionInstance {
    /// The address of what it is about: `module.a.check.healthy`, `var.port`, `output.id`, `aws_instance.web[0]`.
    pub address: ArcStr,
    /// The block: `validation`, `precondition`, `postcondition`, `assert`.
    pub block: BlockAt,
    /// What became of it.
    pub verdict: Verdict,
    /// Its `error_message`, where it fails and the message is known and not sensitive.
    pub message: Option<ArcStr>,
}

/// Where a variable has its value from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Given {
    /// From an expression: an argument of the call, an entry of a file with variable values.
    Expression(ExprAt),
    /// From the command line, the environment or the configuration: a text that has a file of its own in the run.
    Outside(ExprAt),
    /// From its own `default`.
    Default,
    /// From nowhere: its value is not known.
    Missing,
}

/// The value of an output.
#[derive(Clone, PartialEq, Debug)]
pub struct OutputValue {
    /// The value.
    pub value: Value,
    /// Whether it is declared sensitive.
    pub sensitive: bool,
}

/// What became of a call in one instance of the calling module.
#[derive(Clone, PartialEq, Debug)]
pub struct CallInstance {
    /// What it calls.
    pub target: Target,
    /// The instances of what it calls, in the order of their keys; none of a module that is not at hand.
    pub instances: Vec<InstanceId>,
    /// The addresses of all instances, whether or not the module is at hand, in the same order.
    pub addresses: Vec<ArcStr>,
    /// Their number is not known: the one instance stands for all.
    pub symbolic: bool,
    /// What a module that is not at hand is given: the values of its arguments, of all its instances.
    pub handed: Vec<Value>,
}

/// What a call calls.
#[derive(Clone, PartialEq, Debug)]
pub enum Target {
    /// A module that was read.
    Module(ModuleId),
    /// A module that is not at hand, and why: `module git::…/rds.git is not available`. Its outputs are unknown.
    Opaque(String),
    /// Nothing: the call is in error.
    Invalid,
}

/// The key of an instance.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Key {
    /// There is only one.
    None,
    /// `[0]`
    Count(u64),
    /// `["key"]`
    Each(ArcStr),
    /// `[*]`: it stands for instances whose keys are not known.
    Any,
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => Ok(()),
            Self::Count(index) => write!(f, "[{index}]"),
            Self::Each(key) if !key.bytes().any(|byte| b"$%\"\\\n\r\t".contains(&byte)) => {
                f.write_str("[\"")?;
                f.write_str(key)?;
                f.write_str("\"]")
            }
            Self::Each(key) => {
                f.write_str("[\"")?;
                let mut characters = key.chars().peekable();
                while let Some(character) = characters.next() {
                    match character {
                        // As in any text of the language, what would begin a sequence is doubled.
                        '$' | '%' if characters.peek() == Some(&'{') => write!(f, "{character}{character}")?,
                        '"' => f.write_str("\\\"")?,
                        '\\' => f.write_str("\\\\")?,
                        '\n' => f.write_str("\\n")?,
                        '\r' => f.write_str("\\r")?,
                        '\t' => f.write_str("\\t")?,
                        other => write!(f, "{other}")?,
                    }
                }
                f.write_str("\"]")
            }
            Self::Any => f.write_str("[*]"),
        }
    }
}

/// One instance of a resource, data source or ephemeral resource.
#[derive(Debug)]
pub struct ResourceInstance {
    /// Its declaration, as an index of [`super::Module::resources`].
    pub declaration: u32,
    /// The whole address, keys included: `module.db["a"].aws_db_instance.this[0]`.
    pub address: ArcStr,
    /// Which of the three.
    pub mode: Mode,
    /// Its type.
    pub ty: ArcStr,
    /// Its name.
    pub name: ArcStr,
    /// Its key.
    pub key: Key,
    /// It, or the module instance it lies in, stands for instances whose number is not known.
    pub symbolic: bool,
    /// `each.value`, if it has `for_each`.
    pub each_value: Option<Value>,
    /// Its attributes, an object: those written, and nested blocks as tuples of objects by block type. An attribute
    /// that is not written is absent to [`Value::get`], and unknown with identity to expressions (the object's `rest`).
    pub attributes: Value,
    /// What attributes are references to although a plan knows their values: by name, `alias.name` in a block.
    pub references: Vec<(ArcStr, Identity)>,
    /// Its nested blocks, in the order of the text, `dynamic` ones expanded. The n-th of one kind is the n-th element of
    /// the attribute of that name.
    pub blocks: Vec<BlockInstance>,
    /// What the source alone makes of it, where a plan's values have taken their place.
    pub unplanned: Option<Arc<ResourceInstance>>,
}

impl ResourceInstance {
    /// It as the source alone makes it: for what is judged by what stands in files.
    #[must_use]
    pub fn as_written(&self) -> &Self {
        self.unplanned.as_deref().unwrap_or(self)
    }
}

/// A nested block of a resource instance.
#[derive(Clone, PartialEq, Debug)]
pub struct BlockInstance {
    /// Its type (for a `dynamic` block, the type of what it makes).
    pub kind: ArcStr,
    /// Where it is written (for a `dynamic` block, the whole of it).
    pub block: BlockAt,
    /// Made by a `dynamic` block.
    pub dynamic: bool,
    /// It stands for blocks whose number is not known.
    pub symbolic: bool,
    /// The blocks in it.
    pub blocks: Vec<BlockInstance>,
}

impl BlockInstance {
    /// The expression of its argument of that name.
    #[must_use]
    pub fn written(&self, model: &Model, name: &str) -> Option<ExprAt> {
        let tree = model.tree(self.block.file)?;
        let block = tree.block(self.block.block);
        let content = tree.blocks_of(block.body, "content").next();
        let body = if self.dynamic { content?.body } else { block.body };
        let attribute = tree.attribute(body, name)?;
        Some(ExprAt { file: self.block.file, expr: attribute.value })
    }
}
