//! Functions that ask the machine, a program or a cloud: what they give is known only if the configuration says it.

use super::super::names::Names;
use super::{at_most, text};
use crate::eval::functions::Fault;
use crate::model::Read;
use crate::secret::Recogniser;
use crate::value::Value;

/// A text from outside: sensitive, if it looks like a secret under that name. No file shows it, so nothing else would hide it.
fn told(name: &str, text: &str) -> Value {
    let value = Value::text(text);
    let secret = Recogniser::default().in_value(name, text).iter().any(|secret| secret.certain);
    let meta = value.meta().with_sensitive(secret);
    value.with_meta(meta)
}

pub(super) fn environment(names: &Names<'_, '_, '_>, given: &[Value]) -> Result<Value, Fault> {
    at_most(given, 2)?;
    let name = text(given, 0).unwrap_or_default();
    if name.is_empty() {
        return Err(Fault::at(0, "must not be empty"));
    }
    let settings = names.evaluation.run.settings;
    names.evaluation.note(Read::Environment(name.into()));
    if let Some(value) = settings.environment.get(name) {
        return Ok(told(name, value));
    }
    if !settings.environment_is_complete {
        return Ok(names.unknown(format!("get_env({name:?})")));
    }
    match given.get(1) {
        Some(default) => Ok(default.clone()),
        None => Err(Fault::at(0, "names a variable that is not set").showing(format!("{name:?}"))),
    }
}

/// Words that say how the command is run, and are no part of it.
const FLAGS: &[&str] = &["--terragrunt-quiet", GLOBAL, NEVER];

/// What a command prints is kept for all units.
const GLOBAL: &str = "--terragrunt-global-cache";
/// What a command prints is not kept.
const NEVER: &str = "--terragrunt-no-cache";

pub(super) fn command(names: &Names<'_, '_, '_>, given: &[Value]) -> Result<Value, Fault> {
    let words: Vec<&str> = given.iter().filter_map(Value::as_str).collect();
    let flags = words.iter().take_while(|word| FLAGS.contains(word)).count();
    let (flags, words) = words.split_at(flags);
    if [GLOBAL, NEVER].iter().all(|flag| flags.contains(flag)) {
        return Err(Fault::new(format!("takes `{GLOBAL}` or `{NEVER}`, not both")));
    }
    if words.is_empty() {
        return Err(Fault::new("there is no command to run"));
    }
    match names.evaluation.run.settings.run_cmd.get(&words.join(" ")) {
        Some(output) => Ok(told("", output)),
        None => {
            let shown: Vec<String> = words.iter().map(|word| format!("{word:?}")).collect();
            Ok(names.unknown(format!("run_cmd({})", shown.join(", "))))
        }
    }
}

pub(super) fn platform(names: &Names<'_, '_, '_>) -> Value {
    match &names.evaluation.run.settings.platform {
        Some(platform) => Value::text(platform),
        None => names.unknown("get_platform()"),
    }
}

/// What only a run tells.
pub(super) fn unknown(names: &Names<'_, '_, '_>, function: &str, given: &[Value]) -> Value {
    let shown: Vec<String> = given.iter().filter_map(Value::as_str).map(|word| format!("{word:?}")).collect();
    let value = names.unknown(format!("{function}({})", shown.join(", ")));
    match function {
        "get_terraform_cli_args" => match value.as_unknown() {
            Some(unknown) => Value::unknown(crate::value::Unknown {
                ty: crate::value::Type::list(crate::value::Type::String),
                ..unknown.clone()
            }),
            None => value,
        },
        _ => value,
    }
}
