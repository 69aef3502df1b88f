//! The functions that only Terragrunt has, and which of the language's it knows.

mod commands;
mod data;
mod outside;
mod paths;
mod read;

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::names::Names;
use crate::eval::functions::{self, Call, Fault, Function, Parameter, Wants};
use crate::value::Value;

const TEXT: Wants = Wants::String;
const TEXTS: Wants = Wants::List(&Wants::String);
const LABEL: Parameter = Parameter::new("label", TEXT);
const PATH: Parameter = Parameter::new("path", TEXT);

/// Functions of the language that are younger than the version that Terragrunt has.
const YOUNGER: &[&str] = &[
    "base64gunzip",
    "cidrcontains",
    "convert",
    "ephemeralasnull",
    "issensitive",
    "plantimestamp",
    "templatestring",
    "urldecode",
];

/// Terragrunt's own.
static OWN: &[Function] = &[
    Function::of_dialect(
        "constraint_check",
        &[Parameter::new("version", TEXT), Parameter::new("constraint", TEXT)],
        Wants::Bool,
    ),
    Function::of_dialect("deep_merge", &[], Wants::Any).variadic(Parameter::new("maps", Wants::Any).null()),
    Function::of_dialect("find_in_parent_folders", &[], TEXT).variadic(Parameter::new("name", TEXT)),
    Function::of_dialect("get_aws_account_alias", &[], TEXT),
    Function::of_dialect("get_aws_account_id", &[], TEXT),
    Function::of_dialect("get_aws_caller_identity_arn", &[], TEXT),
    Function::of_dialect("get_aws_caller_identity_user_id", &[], TEXT),
    Function::of_dialect("get_default_retryable_errors", &[], TEXTS),
    Function::of_dialect("get_env", &[Parameter::new("name", TEXT)], TEXT)
        .variadic(Parameter::new("default", TEXT)),
    Function::of_dialect("get_original_terragrunt_dir", &[], TEXT),
    Function::of_dialect("get_parent_terragrunt_dir", &[], TEXT).variadic(LABEL),
    Function::of_dialect("get_path_from_repo_root", &[], TEXT),
    Function::of_dialect("get_path_to_repo_root", &[], TEXT),
    Function::of_dialect("get_platform", &[], TEXT),
    Function::of_dialect("get_repo_root", &[], TEXT),
    Function::of_dialect("get_terraform_cli_args", &[], TEXTS),
    Function::of_dialect("get_terraform_command", &[], TEXT),
    Function::of_dialect("get_terraform_commands_that_need_input", &[], TEXTS),
    Function::of_dialect("get_terraform_commands_that_need_locking", &[], TEXTS),
    Function::of_dialect("get_terraform_commands_that_need_parallelism", &[], TEXTS),
    Function::of_dialect("get_terraform_commands_that_need_vars", &[], TEXTS),
    Function::of_dialect("get_terragrunt_dir", &[], TEXT),
    Function::of_dialect("get_terragrunt_source_cli_flag", &[], TEXT),
    Function::of_dialect("get_working_dir", &[], TEXT),
    Function::of_dialect("mark_as_read", &[PATH], TEXT),
    Function::of_dialect("mark_glob_as_read", &[Parameter::new("pattern", TEXT)], TEXTS),
    Function::of_dialect("path_relative_from_include", &[], TEXT).variadic(LABEL),
    Function::of_dialect("path_relative_to_include", &[], TEXT).variadic(LABEL),
    Function::of_dialect("read_terragrunt_config", &[PATH], Wants::Any)
        .variadic(Parameter::new("default", Wants::Any)),
    Function::of_dialect("read_tfvars_file", &[PATH], TEXT),
    Function::of_dialect("run_cmd", &[], TEXT).variadic(Parameter::new("words", TEXT)),
    Function::of_dialect("sops_decrypt_file", &[PATH], TEXT),
];

static BY_NAME: LazyLock<FxHashMap<&'static str, &'static Function>> =
    LazyLock::new(|| OWN.iter().map(|function| (function.name, function)).collect());

/// The function of that name.
pub(super) fn lookup(name: &str) -> Option<&'static Function> {
    match BY_NAME.get(name) {
        Some(function) => Some(function),
        None if YOUNGER.contains(&name) => None,
        None => functions::lookup(name),
    }
}

/// The names of all functions.
pub(super) fn names() -> Vec<&'static str> {
    let known = functions::names().into_iter().filter(|name| !YOUNGER.contains(name));
    known.chain(OWN.iter().map(|function| function.name)).collect()
}

/// Calls one of Terragrunt's own.
pub(super) fn call(
    names: &Names<'_, '_, '_>,
    function: &str,
    given: &[Value],
    call: &mut Call<'_>,
) -> Result<Value, Fault> {
    match function {
        "find_in_parent_folders" => paths::find_in_parent_folders(names, given),
        "path_relative_to_include" => paths::relative_to_include(names, given),
        "path_relative_from_include" => paths::relative_from_include(names, given),
        "get_parent_terragrunt_dir" => paths::parent_dir(names, given),
        "get_terragrunt_dir" => Ok(paths::dir(names)),
        "get_original_terragrunt_dir" => Ok(paths::original_dir(names)),
        "get_working_dir" => Ok(paths::working_dir(names)),
        "get_repo_root" => paths::repo_root(names),
        "get_path_from_repo_root" => paths::from_repo_root(names),
        "get_path_to_repo_root" => paths::to_repo_root(names),
        "read_terragrunt_config" => read::config(names, given, call),
        "read_tfvars_file" => read::variables(names, given),
        "mark_as_read" => read::mark(names, given),
        "mark_glob_as_read" => read::mark_glob(names, given),
        "constraint_check" => data::constraint_check(given),
        "deep_merge" => data::deep_merge(names, given),
        "get_env" => outside::environment(names, given),
        "run_cmd" => outside::command(names, given),
        "get_platform" => Ok(outside::platform(names)),
        "get_terraform_commands_that_need_input" => Ok(commands::list(commands::INPUT)),
        "get_terraform_commands_that_need_locking" => Ok(commands::list(commands::LOCKING)),
        "get_terraform_commands_that_need_parallelism" => Ok(commands::list(commands::PARALLELISM)),
        "get_terraform_commands_that_need_vars" => Ok(commands::list(commands::VARS)),
        "get_default_retryable_errors" => Ok(commands::list(commands::RETRYABLE)),
        other => Ok(outside::unknown(names, other, given)),
    }
}

/// The text that argument is, if it is given.
fn text(given: &[Value], index: usize) -> Option<&str> {
    given.get(index).and_then(Value::as_str)
}

/// No more than so many arguments are given.
fn at_most(given: &[Value], most: usize) -> Result<(), Fault> {
    if given.len() <= most {
        return Ok(());
    }
    Err(Fault::at(most, format!("is one more than the {most} that there may be")))
}
