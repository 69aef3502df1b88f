//! A plan of the real Terraform, with its built-in provider alone: every kind of action, modules in modules, keys.
//! `fixtures/plans/recorded/record.sh` records it.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

fn place() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/plans/recorded")
}

fn run(directory: &Path, arguments: &[&str]) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_plangate"))
        .args(arguments)
        .current_dir(directory)
        .env_clear()
        .output()
        .expect("the program runs");
    serde_json::from_slice(&output.stdout).expect("JSON")
}

#[test]
fn what_terraform_plans_is_read_without_loss() {
    let document = run(&place(), &["show", "after", "--plan", "plan.json", "--format", "json"]);
    let [plan] = document["plans"].as_array().expect("plans").as_slice() else { panic!("one plan") };
    assert_eq!((&plan["complete"], &plan["errored"]), (&Value::Bool(true), &Value::Bool(false)));
    let told = plan["changes"].as_array().expect("changes").iter().map(|change| {
        let text = |name: &str| change[name].as_str().unwrap_or("-").to_owned();
        let actions: Vec<&str> =
            change["actions"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let location = &change["location"];
        let line = location["line"].as_u64().map_or("-".to_owned(), |line| line.to_string());
        format!("{} | {} | {} | {line}", text("address"), actions.join(","), text("action_reason"))
    });
    let expected = [
        "module.queue[\"orders\"].module.topic.terraform_data.this | no-op | - | 5",
        "module.queue[\"returns\"].module.topic.terraform_data.this | delete | delete_because_no_module | -",
        "module.queue[\"stock\"].module.topic.terraform_data.this | create | - | 5",
        "terraform_data.changed | update | - | 5",
        "terraform_data.counted[0] | no-op | - | 51",
        "terraform_data.counted[1] | delete | delete_because_count_index | 51",
        "terraform_data.created | create | - | 9",
        "terraform_data.forgotten | forget | delete_because_no_resource_config | -",
        "terraform_data.imported | no-op | - | 49",
        "terraform_data.kept | no-op | - | 1",
        "terraform_data.new_name | no-op | - | 40",
        "terraform_data.removed | delete | delete_because_no_resource_config | -",
        "terraform_data.replaced | delete,create | replace_because_cannot_update | 13",
        "terraform_data.replaced_first_made | create,delete | replace_because_cannot_update | 17",
        "terraform_data.tainted | delete,create | replace_because_tainted | 25",
    ];
    let mut told: Vec<String> = told.collect();
    told.sort();
    assert_eq!(told, expected);
    let moved = plan["changes"].as_array().expect("changes").iter();
    let moved: Vec<_> = moved.filter_map(|change| change["previous_address"].as_str()).collect();
    assert_eq!(moved, ["terraform_data.old_name"]);
}

#[test]
fn what_terraform_plans_is_judged() {
    let elsewhere = tempfile::tempdir().expect("a directory");
    let plan = place().join("plan.json");
    let plan = plan.to_str().expect("a path");
    let with_source = &["missing-required-version", "forgotten-resource", "failed-check"][..];
    let alone = &["failed-check", "forgotten-resource"][..];
    for (directory, expected) in [(place().join("after"), with_source), (elsewhere.path().to_owned(), alone)]
    {
        let document = run(&directory, &["lint", "--plan", plan, "--format", "json"]);
        let findings = document["findings"].as_array().expect("findings").iter();
        let rules: Vec<&str> = findings.filter_map(|finding| finding["rule"].as_str()).collect();
        assert_eq!(rules, expected);
        assert_eq!(document["coverage"]["undecided"].as_array().map(Vec::len), Some(0));
    }
}
