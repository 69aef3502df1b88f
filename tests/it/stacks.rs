//! Stacks: what they generate is there for the units that it is generated for.

use std::fs;

use plangate::{Outcome, Request, lint};

/// What is made of a tree of files in a repository of its own.
fn judged(files: &[(&str, &str)]) -> Outcome {
    let tree = tempfile::tempdir().expect("a directory");
    fs::create_dir(tree.path().join(".git")).expect("a repository");
    for (path, text) in files {
        let path = tree.path().join(path);
        fs::create_dir_all(path.parent().expect("a directory")).expect("created");
        fs::write(path, text).expect("written");
    }
    let request = Request { current: tree.path().to_owned(), ..Request::default() };
    lint(&request, &mut |_| {}).unwrap_or_else(|failure| panic!("{failure:?}"))
}

fn refusals(outcome: &Outcome) -> Vec<&str> {
    outcome.model.refusals.iter().map(|refusal| refusal.problem.message.as_str()).collect()
}

fn input(outcome: &Outcome, unit: &str, name: &str) -> Option<String> {
    let unit = outcome.model.unit(unit).expect("the unit");
    unit.inputs().and_then(|inputs| inputs.get(name)?.as_str()).map(str::to_owned)
}

#[test]
fn values_are_in_a_file_as_well() {
    let unit = "locals {\n  given = read_terragrunt_config(\"terragrunt.values.hcl\", { name = \"none\" })\n}\n\
                inputs = {\n  name = local.given.name\n}\n";
    let stack = |values: &str| {
        format!("unit \"app\" {{\n  source = \"../units/app\"\n  path = \"app\"\n{values}}}\n")
    };
    let outcome = judged(&[
        ("units/app/terragrunt.hcl", unit),
        ("units/app/terragrunt.values.hcl", "name = \"own\"\n"),
        ("one/terragrunt.stack.hcl", &stack("  values = {\n    name = \"given\"\n  }\n")),
        ("two/terragrunt.stack.hcl", &stack("")),
    ]);
    assert_eq!(refusals(&outcome), [""; 0]);
    assert_eq!(input(&outcome, "one/.terragrunt-stack/app", "name").as_deref(), Some("given"));
    assert_eq!(input(&outcome, "two/.terragrunt-stack/app", "name").as_deref(), Some("own"));
}

#[test]
fn what_lies_beside_its_stack_may_be_anything() {
    let stack =
        |more: &str| format!("unit \"notes\" {{\n  source = \"../notes\"\n  path = \"notes\"\n{more}}}\n");
    let outcome = judged(&[
        ("notes/notes.txt", "no unit\n"),
        ("beside/terragrunt.stack.hcl", &stack("  no_dot_terragrunt_stack = true\n")),
        ("unchecked/terragrunt.stack.hcl", &stack("  no_validation = true\n")),
    ]);
    assert_eq!(refusals(&outcome), [""; 0]);
    let outcome = judged(&[("notes/notes.txt", "no unit\n"), ("wrong/terragrunt.stack.hcl", &stack(""))]);
    assert_eq!(refusals(&outcome), ["\"../notes\" holds no `terragrunt.hcl`"]);
}

#[test]
fn a_file_beside_a_stack_adds_to_it() {
    let outcome = judged(&[
        ("units/app/terragrunt.hcl", "inputs = {\n  name = try(values.name, \"none\")\n}\n"),
        (
            "live/terragrunt.stack.hcl",
            "locals {\n  region = \"eu\"\n}\nunit \"keep\" {\n  source = \"../units/app\"\n  path = \"keep\"\n}\n\
             unit \"other\" {\n  source = \"../units/app\"\n  path = \"other\"\n}\n",
        ),
        (
            "live/terragrunt.autoinclude.stack.hcl",
            "unit \"extra\" {\n  source = \"../units/app\"\n  path = \"extra-${local.region}\"\n}\n\
             unit \"other\" {\n  source = \"../units/app\"\n  path = \"other\"\n  values = {\n    name = \"added\"\n  }\n}\n",
        ),
    ]);
    assert_eq!(refusals(&outcome), [""; 0]);
    let name = |unit: &str| input(&outcome, &format!("live/.terragrunt-stack/{unit}"), "name");
    assert_eq!(name("keep").as_deref(), Some("none"));
    assert_eq!(name("extra-eu").as_deref(), Some("none"));
    // Of one name, what is added counts.
    assert_eq!(name("other").as_deref(), Some("added"));
}

#[test]
fn mocks_of_a_stack_are_those_of_its_units() {
    let user = |mocks: &str| {
        format!(
            "dependency \"net\" {{\n  config_path = \"../net\"\n  mock_outputs = {mocks}\n}}\n\
                 inputs = {{\n  id = dependency.net.outputs.vpc.id\n}}\n"
        )
    };
    let outcome = judged(&[
        ("units/vpc/terragrunt.hcl", "inputs = {}\n"),
        ("net/terragrunt.stack.hcl", "unit \"vpc\" {\n  source = \"../units/vpc\"\n  path = \"vpc\"\n}\n"),
        ("right/terragrunt.hcl", &user("{ vpc = { id = \"mock\" } }")),
        ("wrong/terragrunt.hcl", &user("\"mock\"")),
    ]);
    assert_eq!(
        refusals(&outcome),
        ["outputs of a stack are those of its units: `mock_outputs` must be an object"]
    );
}

#[test]
fn a_dependency_that_stands_for_several_is_not_known() {
    let unit = "dependency \"d\" {\n  expansion {\n    for_each = toset([\"a\", \"b\"])\n  }\n  config_path = \"../${each.key}\"\n}\n\
                inputs = {\n  name = dependency.d[\"a\"].outputs.name\n}\n";
    let experiment = "terragrunt {\n  experiments = [\"block-iteration\"]\n}\n";
    let with = judged(&[("plangate.hcl", experiment), ("u/terragrunt.hcl", unit)]);
    assert_eq!(refusals(&with), [""; 0]);
    let inputs = with.model.unit("u").and_then(|unit| unit.inputs()).expect("inputs");
    assert!(inputs.get("name").is_some_and(|name| name.as_unknown().is_some()));
    let without = judged(&[("u/terragrunt.hcl", unit)]);
    assert_eq!(refusals(&without), ["`expansion` needs the experiment `block-iteration`"]);
}
