//! The functions of the language: one file per family, each with a table of what it defines.
//!
//! A [`Function`] says what its parameters take, and [`call()`] does for all of them what is alike: the number of
//! arguments, conversion, nulls, marks, and what is not known. A function's own code sees only what its parameters
//! let through. Some forms are no functions of values but of expressions (`try`, `can`, `convert`): the evaluator has
//! those, and [`names`] lists them only so that a misspelt name finds them.

mod arguments;
mod call;
mod charset;
mod conversion;
mod csv;
mod encoding;
mod files;
mod format;
mod glob;
mod graphemes;
mod gzip;
mod hashing;
mod identifiers;
mod json;
mod letters;
mod machine;
mod mapping;
mod network;
mod numeric;
mod parameter;
mod paths;
mod regex;
mod results;
mod rsa;
mod search;
mod sequence;
mod set;
mod string;
mod templates;
mod time;
mod yaml;

#[cfg(test)]
mod tests;

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

pub use call::{Call, Fault, Template, Templates, Within, call};
pub use parameter::{Parameter, Wants};

use crate::value::{Type, Value};

/// A function of the language.
#[derive(Debug)]
pub struct Function {
    /// Its name.
    pub name: &'static str,
    /// What it must be given.
    pub parameters: &'static [Parameter],
    /// What it may be given any number of, behind those.
    pub variadic: Option<Parameter>,
    /// The type of its result.
    pub returns: Returns,
    /// Whether its result may be null.
    pub nullable: bool,
    /// What it does.
    pub apply: Apply,
}

/// What a function does.
#[derive(Clone, Copy, Debug)]
pub enum Apply {
    /// Its own code.
    Code(Code),
    /// What the dialect does that has it.
    Dialect,
}

/// The code of a function.
pub type Code = fn(&mut Call<'_>, &[Value]) -> Result<Value, Fault>;

/// The type of a function's result, as far as the arguments tell it; asked where an argument is not known.
#[derive(Clone, Copy, Debug)]
pub enum Returns {
    /// Always the same.
    Always(Wants),
    /// It hangs on the arguments, which may be wrong in a way that shows already.
    From(fn(&[Value]) -> Result<Type, Fault>),
}

impl Function {
    const fn new(name: &'static str, parameters: &'static [Parameter], returns: Wants, code: Code) -> Self {
        let apply = Apply::Code(code);
        Self { name, parameters, variadic: None, returns: Returns::Always(returns), nullable: false, apply }
    }

    /// A function that only a dialect has.
    #[must_use]
    pub const fn of_dialect(name: &'static str, parameters: &'static [Parameter], returns: Wants) -> Self {
        let (variadic, apply) = (None, Apply::Dialect);
        Self { name, parameters, variadic, returns: Returns::Always(returns), nullable: true, apply }
    }

    /// Any number of further arguments.
    #[must_use]
    pub const fn variadic(mut self, parameter: Parameter) -> Self {
        self.variadic = Some(parameter);
        self
    }

    /// The type of the result hangs on the arguments.
    const fn returns(mut self, from: fn(&[Value]) -> Result<Type, Fault>) -> Self {
        self.returns = Returns::From(from);
        self
    }

    /// The result may be null.
    const fn nullable(mut self) -> Self {
        self.nullable = true;
        self
    }

    /// What the argument of that number is for.
    #[must_use]
    pub fn parameter(&self, index: usize) -> Option<&Parameter> {
        self.parameters.get(index).or(self.variadic.as_ref())
    }
}

/// Forms that the evaluator has itself, because they look at expressions and not at values.
const FORMS: &[&str] = &["can", "convert", "try"];

/// The tables of all families.
const FAMILIES: &[&[Function]] = &[
    conversion::FUNCTIONS,
    csv::FUNCTIONS,
    encoding::FUNCTIONS,
    files::FUNCTIONS,
    format::FUNCTIONS,
    hashing::FUNCTIONS,
    identifiers::FUNCTIONS,
    json::FUNCTIONS,
    mapping::FUNCTIONS,
    network::FUNCTIONS,
    numeric::FUNCTIONS,
    paths::FUNCTIONS,
    regex::FUNCTIONS,
    rsa::FUNCTIONS,
    search::FUNCTIONS,
    sequence::FUNCTIONS,
    set::FUNCTIONS,
    string::FUNCTIONS,
    templates::FUNCTIONS,
    time::FUNCTIONS,
    yaml::FUNCTIONS,
];

static FUNCTIONS: LazyLock<FxHashMap<&'static str, &'static Function>> = LazyLock::new(|| {
    FAMILIES.iter().flat_map(|family| family.iter()).map(|function| (function.name, function)).collect()
});

/// The function of that name (without `core::`).
#[must_use]
pub fn lookup(name: &str) -> Option<&'static Function> {
    FUNCTIONS.get(name).copied()
}

/// The names of all functions and of `try`, `can` and `convert`, sorted.
#[must_use]
pub fn names() -> Vec<&'static str> {
    let mut names: Vec<_> = FUNCTIONS.keys().copied().chain(FORMS.iter().copied()).collect();
    names.sort_unstable();
    names
}
