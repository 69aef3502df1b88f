//! `plangate diff`: what has changed between two states of a tree.

use std::path::{Path, PathBuf};
use std::process::Command;

use gix::ObjectId;
use serde_json::{Value, json};

use crate::blessed::project;
use crate::cli::{Ran, ran};
use crate::git::{Content, Git};

const DATABASE: &str = "variable \"size\" {\n  default = \"small\"\n}\nvariable \"tags\" {\n  type    = map(string)\n  default = {}\n}\n\
                        resource \"aws_db_instance\" \"this\" {\n  instance_class = \"db.${var.size}\"\n  tags           = var.tags\n}\n\
                        output \"address\" {\n  value = aws_db_instance.this.address\n}\n";
const DNS: &str = "variable \"target\" {}\nresource \"aws_route53_record\" \"this\" {\n  name    = \"db\"\n  records = [var.target]\n}\n";
const ROOT: &str = "remote_state {\n  backend = \"s3\"\n  config = {\n    bucket = \"state\"\n    key    = \"${path_relative_to_include()}/tofu.tfstate\"\n  }\n}\n";
const INCLUDE: &str = "include \"root\" {\n  path = find_in_parent_folders(\"root.hcl\")\n}\n";

fn unit(module: &str, more: &str) -> String {
    format!("{INCLUDE}terraform {{\n  source = \"${{get_repo_root()}}//modules/{module}\"\n}}\n{more}")
}

fn uses(path: &str) -> String {
    let inputs = "inputs = { target = dependency.database.outputs.address }\n";
    unit("dns", &format!("dependency \"database\" {{\n  config_path = \"{path}\"\n}}\n{inputs}"))
}

/// A small tree: two databases, one with an alias, and a root that no unit runs.
struct State(Vec<(String, String)>);

impl State {
    fn new() -> Self {
        let mut state = Self(Vec::new());
        state.put("root.hcl", ROOT);
        state.put("modules/database/main.tf", DATABASE);
        state.put("modules/dns/main.tf", DNS);
        state.put("live/bob/database/terragrunt.hcl", &unit("database", "inputs = { size = \"large\" }\n"));
        state.put("live/bob/dns/terragrunt.hcl", &uses("../database"));
        state.put("live/eve/database/terragrunt.hcl", &unit("database", ""));
        state.put("network/main.tf", "resource \"aws_vpc\" \"main\" {\n  cidr_block = \"10.0.0.0/16\"\n}\n");
        state
    }

    fn put(&mut self, path: &str, text: &str) {
        self.take(path);
        self.0.push((path.to_owned(), text.to_owned()));
    }

    fn take(&mut self, path: &str) -> String {
        match self.0.iter().position(|(known, _)| known == path) {
            Some(at) => self.0.remove(at).1,
            None => String::new(),
        }
    }

    fn edit(&mut self, path: &str, from: &str, to: &str) {
        let text = self.take(path);
        assert!(text.contains(from), "{path} holds no {from}");
        self.put(path, &text.replace(from, to));
    }

    fn with(change: impl FnOnce(&mut Self)) -> Self {
        let mut state = Self::new();
        change(&mut state);
        state
    }

    fn contents(&self) -> Vec<(&str, Content<'_>)> {
        self.0.iter().map(|(path, text)| (path.as_str(), Content::Text(text))).collect()
    }
}

struct Repository {
    directory: tempfile::TempDir,
    git: Git,
}

impl Repository {
    fn new() -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let git = Git::with_work_tree(directory.path());
        Self { directory, git }
    }

    fn commit(&self, parents: &[ObjectId], state: &State) -> ObjectId {
        self.git.commit_on(parents, &state.contents())
    }

    /// Lets `main` be one commit and the branch that is checked out another.
    fn branches(&self, main: ObjectId, topic: ObjectId) {
        self.git.reference("refs/heads/main", main);
        self.git.reference("refs/heads/topic", topic);
        self.git.write("HEAD", "ref: refs/heads/topic\n");
    }

    /// Writes a state to where it lies on disk.
    fn check_out(&self, state: &State) {
        for (path, text) in &state.0 {
            let path: PathBuf = self.directory.path().join(path);
            std::fs::create_dir_all(path.parent().expect("a parent")).expect("a directory");
            std::fs::write(path, text).expect("written");
        }
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        let mut command = Command::new(env!("CARGO_BIN_EXE_plangate"));
        command.arg("diff").args(arguments).current_dir(self.directory.path()).env_clear();
        ran(command.env("COLUMNS", "100"), b"")
    }

    fn change(&self, arguments: &[&str]) -> Value {
        let ran = self.run(&[&["--format", "json"], arguments].concat());
        assert_eq!(ran.code, 0, "{}", ran.error);
        let document: Value = crate::cli::json(&ran.out);
        let schema = std::fs::read_to_string(project().join("docs/schema/diff.v1.json")).expect("the schema");
        let validator = jsonschema::validator_for(&crate::cli::json(&schema)).expect("a schema");
        let errors: Vec<String> = validator.iter_errors(&document).map(|error| error.to_string()).collect();
        assert_eq!(errors, Vec::<String>::new());
        document["change"].clone()
    }
}

/// Two states as the base and the head of a change.
fn between(base: &State, head: &State) -> Repository {
    let repository = Repository::new();
    let main = repository.commit(&[], base);
    let topic = repository.commit(&[main], head);
    repository.branches(main, topic);
    repository
}

/// What becomes of units and of resources, each in one line.
fn told(change: &Value) -> Vec<String> {
    let lines = |list: &str, name: &dyn Fn(&Value) -> String| -> Vec<String> {
        let all = change[list].as_array().expect("a list");
        all.iter()
            .map(|it| {
                let attributes: Vec<&str> =
                    it["attributes"].as_array().expect("a list").iter().filter_map(Value::as_str).collect();
                let from = it["from"].as_str().map(|from| format!(" from {from}")).unwrap_or_default();
                format!(
                    "{} {}{from} {}",
                    it["action"].as_str().unwrap_or("?"),
                    name(it),
                    attributes.join(" ")
                )
                .trim_end()
                .to_owned()
            })
            .collect()
    };
    let text = |it: &Value, member: &str| it[member].as_str().unwrap_or("?").to_owned();
    let mut all = lines("units", &|it| text(it, "path"));
    all.extend(lines("resources", &|it| format!("{}//{}", text(it, "unit"), text(it, "address"))));
    assert_eq!(change["unread"], json!([]));
    all
}

#[test]
fn a_tree_and_itself_are_the_same() {
    let repository = between(&State::new(), &State::new());
    let change = repository.change(&["--base", "main"]);
    assert_eq!(change, json!({ "units": [], "resources": [], "files": [], "unread": [] }));
}

#[test]
fn what_is_said_is_what_the_change_comes_to() {
    type Edit = fn(&mut State);
    let cases: &[(&str, Edit, &[&str])] = &[
        (
            "comments, formatting, names of files and of locals",
            |state| {
                state.edit(
                    "modules/database/main.tf",
                    "variable \"size\" {\n",
                    "# How large.\nvariable \"size\" {\n\n",
                );
                let text = state.take("modules/dns/main.tf");
                state.put("modules/dns/records.tf", &text.replace("  records = [", "  records=["));
                state.edit(
                    "live/bob/database/terragrunt.hcl",
                    "inputs = { size = \"large\" }",
                    "locals {\n  s = \"large\"\n}\ninputs = {\n  size = local.s\n}",
                );
            },
            &[],
        ),
        (
            "a module's directory",
            |state| {
                let text = state.take("modules/dns/main.tf");
                state.put("modules/alias/main.tf", &text);
                state.edit("live/bob/dns/terragrunt.hcl", "modules/dns", "modules/alias");
            },
            &[],
        ),
        (
            "an input",
            |state| state.edit("live/bob/database/terragrunt.hcl", "large", "huge"),
            &[
                "altered live/bob/database inputs.size",
                "altered live/bob/database//aws_db_instance.this instance_class",
            ],
        ),
        (
            "a module, through all units that run it",
            |state| state.edit("modules/database/main.tf", "\"db.${var.size}\"", "\"db.m5.${var.size}\""),
            &[
                "altered live/bob/database",
                "altered live/eve/database",
                "altered live/bob/database//aws_db_instance.this instance_class",
                "altered live/eve/database//aws_db_instance.this instance_class",
            ],
        ),
        (
            "one key of a map",
            |state| {
                state.edit(
                    "live/bob/database/terragrunt.hcl",
                    "size = \"large\"",
                    "size = \"large\"\n  tags = { \"cost/center\" = \"7\" }",
                );
            },
            &[
                "altered live/bob/database inputs.tags",
                "altered live/bob/database//aws_db_instance.this tags[\"cost/center\"]",
            ],
        ),
        (
            "a new unit",
            |state| state.put("live/eve/dns/terragrunt.hcl", &uses("../database")),
            &["added live/eve/dns", "added live/eve/dns//aws_route53_record.this"],
        ),
        (
            "a unit that is gone",
            |state| drop(state.take("live/bob/dns/terragrunt.hcl")),
            // Nobody runs the module any more, which makes nothing of it.
            &["removed live/bob/dns", "removed live/bob/dns//aws_route53_record.this"],
        ),
        (
            "a unit at another place, and who depends on it",
            |state| {
                let text = state.take("live/bob/database/terragrunt.hcl");
                state.put("live/bob/store/terragrunt.hcl", &text);
                state.edit("live/bob/dns/terragrunt.hcl", "../database", "../store");
            },
            &[
                "altered live/bob/dns dependency.database.config_path",
                "moved live/bob/store from live/bob/database remote_state.config.key",
            ],
        ),
        (
            "a resource under another name, said to be moved",
            |state| {
                state.edit("network/main.tf", "\"main\"", "\"core\"");
                let text = state.take("network/main.tf");
                state.put(
                    "network/main.tf",
                    &format!("{text}moved {{\n  from = aws_vpc.main\n  to   = aws_vpc.core\n}}\n"),
                );
            },
            &["altered network", "moved network//aws_vpc.core from aws_vpc.main"],
        ),
        (
            "a resource under another name, and nothing said",
            |state| state.edit("network/main.tf", "\"main\"", "\"core\""),
            &["altered network", "added network//aws_vpc.core", "removed network//aws_vpc.main"],
        ),
        (
            "how many there are",
            |state| state.edit("network/main.tf", "{\n", "{\n  for_each = toset([\"a\"])\n"),
            &["altered network", "removed network//aws_vpc.main", "added network//aws_vpc.main[\"a\"]"],
        ),
        (
            "the key of the state",
            |state| state.edit("root.hcl", "tofu.tfstate", "terraform.tfstate"),
            &[
                "altered live/bob/database remote_state.config.key",
                "altered live/bob/dns remote_state.config.key",
                "altered live/eve/database remote_state.config.key",
            ],
        ),
    ];
    for (what, edit, expected) in cases {
        let (base, head) = (State::new(), State::with(edit));
        let repository = between(&base, &head);
        let change = repository.change(&["--base", "main"]);
        assert_eq!(told(&change), *expected, "{what}");
        // Of what lies on disk it is not known beforehand which files have changed: all is read, and comes to the same.
        repository.check_out(&head);
        let all = repository.change(&["--base", "main", "--head", "worktree"]);
        assert_eq!(all, change, "{what}");
    }
}

#[test]
fn a_module_that_is_not_at_hand_is_what_it_is_given() {
    let call = |reference: &str, size: &str| {
        let source = format!("git::https://git.example.local/rds.git?ref={reference}");
        State::with(|state| {
            state.put(
                "network/rds.tf",
                &format!("module \"rds\" {{\n  source = \"{source}\"\n  size   = \"{size}\"\n}}\n"),
            );
        })
    };
    for (base, head, expected) in [
        (call("v1", "s"), call("v1", "s"), &[][..]),
        (call("v1", "s"), call("v2", "s"), &["altered network", "altered network//module.rds source"]),
        (call("v1", "s"), call("v1", "m"), &["altered network", "altered network//module.rds size"]),
        (State::new(), call("v1", "m"), &["altered network", "added network//module.rds"]),
    ] {
        assert_eq!(told(&between(&base, &head).change(&["--base", "main"])), expected);
    }
}

#[test]
fn what_others_merged_meanwhile_is_no_part_of_the_change() {
    let repository = Repository::new();
    let fork = repository.commit(&[], &State::new());
    let others = State::with(|state| state.edit("network/main.tf", "10.0.0.0/16", "10.1.0.0/16"));
    let own = State::with(|state| state.edit("live/bob/database/terragrunt.hcl", "large", "huge"));
    let both = State::with(|state| {
        state.edit("network/main.tf", "10.0.0.0/16", "10.1.0.0/16");
        state.edit("live/bob/database/terragrunt.hcl", "large", "huge");
    });
    let main = repository.commit(&[fork], &others);
    let topic = repository.commit(&[fork], &own);
    let merged = repository.commit(&[main, topic], &both);
    let expected = [
        "altered live/bob/database inputs.size",
        "altered live/bob/database//aws_db_instance.this instance_class",
    ];
    repository.branches(main, topic);
    assert_eq!(told(&repository.change(&["--base", "main"])), expected, "from where the ways parted");
    repository.branches(main, merged);
    assert_eq!(told(&repository.change(&[])), expected, "a merge, from what it was merged into");
    assert_eq!(told(&repository.change(&["--base", "main"])), expected, "a merge, from the tip");
    repository.git.reference("refs/remotes/origin/main", main);
    repository.git.write("refs/remotes/origin/HEAD", "ref: refs/remotes/origin/main\n");
    repository.branches(main, topic);
    assert_eq!(told(&repository.change(&[])), expected, "from the remote's own branch");
    assert_eq!(told(&repository.change(&["--base", "main", "network"])), Vec::<String>::new(), "of a part");
    let hash = topic.to_string();
    assert_eq!(told(&repository.change(&["--base", "main", "--head", &hash[..9]])), expected, "by its hash");
}

#[test]
fn what_lies_on_disk_is_a_state_too() {
    let repository = Repository::new();
    let main = repository.commit(&[], &State::new());
    repository.branches(main, main);
    let head = State::with(|state| {
        state.edit("live/bob/database/terragrunt.hcl", "large", "huge");
        state.put(".gitignore", "scratch/\n");
        state.put("scratch/main.tf", "resource \"aws_vpc\" \"mine\" {}\n");
    });
    repository.check_out(&head);
    let expected = [
        "altered live/bob/database inputs.size",
        "altered live/bob/database//aws_db_instance.this instance_class",
    ];
    assert_eq!(told(&repository.change(&["--base", "main", "--head", "worktree"])), expected);
}

#[test]
fn tracked_files_count_whatever_git_is_told_to_ignore() {
    let head = State::with(|state| {
        state.put(".gitignore", "hidden/\n");
        state.put("hidden/main.tf", "resource \"aws_vpc\" \"secret\" {}\n");
    });
    let change = between(&State::new(), &head).change(&["--base", "main"]);
    assert_eq!(told(&change), ["added hidden", "added hidden//aws_vpc.secret"]);
}

#[test]
fn what_cannot_be_compared_says_what_to_do() {
    let repository = between(&State::new(), &State::new());
    for (arguments, expected) in [
        (&[][..], "there is no `origin/HEAD`"),
        (&["--base", "nowhere"], "there is no commit `nowhere`"),
        (&["--base", "main", "--head", "main:root.hcl"], "there is no commit `main:root.hcl`"),
        (&["--base", "main", "no/such/place"], "`no/such/place`"),
    ] {
        let ran = repository.run(arguments);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{arguments:?}");
        assert!(ran.error.contains(expected), "{}", ran.error);
    }
    let alone = repository.commit(&[], &State::with(|state| state.put("more.hcl", "")));
    repository.git.reference("refs/heads/alone", alone);
    let ran = repository.run(&["--base", "alone"]);
    assert!(ran.error.contains("`alone` and `HEAD` have no commit in common\n"), "{}", ran.error);
    repository.git.write("shallow", &format!("{alone}\n"));
    let ran = repository.run(&["--base", "alone"]);
    assert!(ran.error.contains("in common in this shallow clone"), "{}", ran.error);
    assert!(ran.error.contains("git fetch --unshallow"), "{}", ran.error);
    let nowhere = tempfile::tempdir().expect("a directory");
    let mut command = Command::new(env!("CARGO_BIN_EXE_plangate"));
    let ran = crate::cli::ran(command.args(["diff", "--base", "main"]).current_dir(nowhere.path()), b"");
    assert_eq!(ran.code, 2);
    assert!(ran.error.contains("there is no git repository"), "{}", ran.error);
}

#[test]
fn a_copy_that_somebody_committed_is_not_what_it_says() {
    let remote = |state: &mut State| {
        let source = "terraform {\n  source = \"git::https://git.example.local/rds.git//x?ref=v1\"\n}\n";
        state.put("live/bob/rds/terragrunt.hcl", source);
        let call = "module \"rds\" {\n  source = \"git::https://git.example.local/rds.git?ref=v1\"\n}\n";
        state.put("network/rds.tf", call);
    };
    let head = State::with(|state| {
        remote(state);
        state.put("live/bob/rds/.terragrunt-cache/place/source/x/main.tf", DATABASE);
        state.put("network/.terraform/modules/rds/main.tf", DATABASE);
        let listed = json!({ "Modules": [{ "Key": "rds", "Dir": ".terraform/modules/rds", "Source": "git::https://git.example.local/rds.git?ref=v1" }] });
        state.put("network/.terraform/modules/modules.json", &listed.to_string());
    });
    let repository = between(&State::with(remote), &head);
    assert_eq!(told(&repository.change(&["--base", "main"])), Vec::<String>::new());
    let all = Repository::new();
    let nothing = all.commit(&[], &State(Vec::new()));
    let topic = all.commit(&[nothing], &head);
    all.branches(nothing, topic);
    let added = told(&all.change(&["--base", "main"]));
    assert!(added.contains(&"added network//module.rds".to_owned()), "{added:?}");
    assert!(!added.iter().any(|line| line.contains("live/bob/rds//")), "{added:?}");
}

#[test]
fn what_is_broken_may_have_changed_unseen() {
    let head = State::with(|state| state.edit("network/main.tf", "cidr_block =", "cidr_block"));
    let change = between(&State::new(), &head).change(&["--base", "main"]);
    let reason = "has syntax errors: what stands there is not compared";
    let expected = json!([{ "path": "network/main.tf", "side": "head", "reason": reason }]);
    assert_eq!(change["unread"], expected);
    let same = between(&head, &head).change(&["--base", "main"]);
    assert_eq!(same["unread"], json!([]), "what is broken as it was has not changed");
}

#[test]
fn no_value_is_shown_and_no_name_does_harm() {
    let with = |password: &str| {
        State::with(|state| {
            let name = "<img src=x>|`@team`\\u001b[31m";
            state.put(
                "network/main.tf",
                &format!("resource \"aws_db_instance\" \"a\" {{\n  password = \"{password}\"\n  tags = {{ \"{name}\" = \"{password}\" }}\n}}\n"),
            );
        })
    };
    let repository = between(&with("tilth9-Garnet-x4VbRu"), &with("quartz7-Willow-n2KdPz"));
    for format in ["human", "json", "markdown"] {
        let out = repository.run(&["--base", "main", "--format", format]).out;
        assert!(out.contains("password"), "{out}");
        for never in ["tilth9", "quartz7", "\u{1b}"] {
            assert!(!out.contains(never), "{format}: {out}");
        }
    }
    let markdown = repository.run(&["--base", "main", "--format", "markdown"]).out;
    assert!(!markdown.contains("<img") && !markdown.contains("@team"), "{markdown}");
}

#[test]
fn what_people_read() {
    let head = State::with(|state| {
        state.edit("live/bob/database/terragrunt.hcl", "large", "huge");
        let text = state.take("live/eve/database/terragrunt.hcl");
        state.put("live/eve/store/terragrunt.hcl", &text);
        state.put("live/eve/dns/terragrunt.hcl", &uses("../store"));
        state.take("network/main.tf");
    });
    let repository = between(&State::new(), &head);
    insta::assert_snapshot!("human", repository.run(&["--base", "main"]).out);
    insta::assert_snapshot!("markdown", repository.run(&["--base", "main", "--format", "markdown"]).out);
    insta::assert_snapshot!("same", repository.run(&["--base", "topic"]).out);
}

/// The files of a tree of the project.
fn fixture(path: &str) -> State {
    fn files(top: &Path, directory: &Path, state: &mut State) {
        for entry in std::fs::read_dir(directory).expect("a directory").flatten() {
            let path = entry.path();
            if path.is_dir() {
                files(top, &path, state);
            } else if let Ok(text) = std::fs::read_to_string(&path) {
                let inside = path.strip_prefix(top).expect("inside").to_string_lossy().replace('\\', "/");
                state.0.push((inside, text));
            }
        }
    }
    let mut state = State(Vec::new());
    let top = project().join(path);
    files(&top, &top, &mut state);
    state
}

#[test]
fn what_one_way_adds_the_other_removes() {
    for (one, other) in [
        ("fixtures/shop/as-is", "fixtures/shop/as-it-should-be"),
        ("fixtures/units/alias-found", "fixtures/units/alias-missing"),
    ] {
        let (one, other) = (fixture(one), fixture(other));
        assert_eq!(told(&between(&one, &one).change(&["--base", "main"])), Vec::<String>::new());
        let repository = between(&one, &other);
        let there = repository.change(&["--base", "main"]);
        repository.check_out(&other);
        assert_eq!(repository.change(&["--base", "main", "--head", "worktree"]), there, "read as a whole");
        let back = between(&other, &one).change(&["--base", "main"]);
        let places = |change: &Value, list: &str, action: &str| -> Vec<String> {
            let all = change[list].as_array().expect("a list").iter().filter(|it| it["action"] == action);
            let mut all: Vec<String> = all
                .map(|it| format!("{} {}", it["unit"], it.get("address").unwrap_or(&it["path"])))
                .collect();
            all.sort();
            all
        };
        for list in ["units", "resources"] {
            assert_eq!(places(&there, list, "added"), places(&back, list, "removed"));
            assert_eq!(places(&there, list, "removed"), places(&back, list, "added"));
            assert_eq!(places(&there, list, "altered"), places(&back, list, "altered"));
        }
        assert!(!there["resources"].as_array().expect("a list").is_empty());
    }
}
