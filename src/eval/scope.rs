use std::sync::Arc;

use arcstr::ArcStr;

use super::functions::{Call, Fault, Function};
use super::{Failed, Log};
use crate::source::{Location, Span};
use crate::value::Value;

/// What names mean where an expression stands.
pub trait Scope {
    /// The value of a reference, as far as the scope is concerned: it consumes as many steps as it understands
    /// (`var.x` one, `aws_instance.web[0].id` three) and leaves the rest to the evaluator.
    ///
    /// # Errors
    /// [`Failed`] if the name is not declared or its value could not be evaluated; the log says why (once: a
    /// declaration that failed stays silent at its other uses).
    fn resolve(&self, reference: &Reference<'_>, log: &mut Log) -> Result<Resolved, Failed>;

    /// What functions see of the world.
    fn world(&self) -> &dyn World;

    /// The directory of the root module or unit, as identities say it.
    fn directory(&self) -> ArcStr {
        arcstr::literal!(".")
    }

    /// The dialect that the expression is written in, if it has functions of its own.
    fn dialect(&self) -> Option<&dyn Dialect> {
        None
    }
}

/// Which functions there are in a dialect of the language, and what those do that only it has.
pub trait Dialect {
    /// The function of that name, as it is written.
    fn function(&self, name: &str) -> Option<&'static Function>;

    /// Whether a form is known that looks like a call: `try`, `can`, `convert`.
    fn has_form(&self, name: &str) -> bool;

    /// The names of all its functions, for who misspells one.
    fn names(&self) -> Vec<&'static str>;

    /// Calls one of its own functions, with arguments that fit its parameters.
    ///
    /// # Errors
    /// Why it cannot do what it is asked.
    fn call(&self, function: &'static Function, given: &[Value], call: &mut Call<'_>)
    -> Result<Value, Fault>;
}

/// A name and the steps behind it, up to the first that is no plain access.
#[derive(Debug)]
pub struct Reference<'a> {
    /// The name it begins with: `var`, `local`, `module`, `aws_instance`.
    pub root: &'a str,
    /// The steps behind it.
    pub steps: &'a [Access<'a>],
    /// Where the whole stands.
    pub location: Location,
}

/// A step of a [`Reference`].
#[derive(Debug)]
pub enum Access<'a> {
    /// `.name`, and where the name stands.
    Attr(&'a str, Span),
    /// `[key]`, evaluated, and where the brackets stand.
    Index(Value, Span),
}

/// What a scope made of a reference.
#[derive(Debug)]
pub struct Resolved {
    /// The value.
    pub value: Value,
    /// How many steps it took.
    pub consumed: usize,
}

/// A variable of a `for`, an iterator of a `dynamic` block: names that hide the scope's, innermost first.
#[derive(Debug)]
pub struct Frame<'a> {
    /// The name.
    pub name: &'a str,
    /// Its value.
    pub value: &'a Value,
    /// The frames around it.
    pub parent: Option<&'a Frame<'a>>,
}

/// What functions may see outside of their arguments: files below the repository, and the clock nobody may ask.
pub trait World {
    /// The directory against which relative paths of `file()` and its kin resolve, as an absolute path.
    fn base(&self) -> &std::path::Path;

    /// Whether a path, not yet cleaned, leads out of another repository that it goes through.
    fn leaves(&self, _path: &std::path::Path) -> bool {
        false
    }

    /// Whether a file that could not be read is there for those who run the configuration, and only not for us; `what`
    /// is what the unknown text will be called.
    fn is_elsewhere(&self, _path: &std::path::Path, _what: &str) -> bool {
        false
    }

    /// The bytes of a file.
    ///
    /// # Errors
    /// A sentence that says why it cannot be read: absent, a directory, too large, outside of the repository.
    fn read(&self, path: &std::path::Path) -> Result<Arc<[u8]>, String>;

    /// Whether there is a regular file.
    ///
    /// # Errors
    /// A sentence, if it is something that is neither a file nor absent, or outside of the repository.
    fn is_file(&self, path: &std::path::Path) -> Result<bool, String>;

    /// All regular files below a directory, relative to it with `/`, sorted: what `fileset` matches against. What is
    /// absent or no directory has none below it.
    ///
    /// # Errors
    /// A sentence that says why it cannot be listed.
    fn files_below(&self, directory: &std::path::Path) -> Result<Vec<String>, String>;
}
