//! The built program, run as a user runs it, in an environment of its own.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

pub(crate) struct Tree {
    directory: tempfile::TempDir,
}

pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) error: String,
}

impl Tree {
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        fs::create_dir(directory.path().join(".git")).expect("a repository");
        let tree = Self { directory };
        for (path, text) in files {
            tree.write(path, text.as_bytes());
        }
        tree
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.directory.path().join(path)
    }

    pub(crate) fn write(&self, path: &str, bytes: &[u8]) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a directory");
        fs::write(path, bytes).expect("a file");
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_plangate"));
        command.args(arguments).current_dir(self.directory.path()).env_clear().env("COLUMNS", "100");
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        self.run_with(arguments, b"")
    }

    fn run_with(&self, arguments: &[&str], input: &[u8]) -> Ran {
        ran(&mut self.command(arguments), input)
    }
}

pub(crate) fn ran(command: &mut Command, input: &[u8]) -> Ran {
    let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut child = child.expect("the program starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    // The program need not read it.
    let _ = stdin.write_all(input);
    drop(stdin);
    let output = child.wait_with_output().expect("the program ends");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("output is UTF-8");
    Ran { code: output.status.code().unwrap_or(-1), out: text(output.stdout), error: text(output.stderr) }
}

pub(crate) fn json(text: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

const GOOD: &str = "terraform {\n  required_version = \">= 1.6\"\n}\n";
const BAD: &str = "terraform {\n}\n";

fn only(paths: &[&'static str]) -> Vec<&'static str> {
    [&["lint", "--rule", "missing-required-version"], paths].concat()
}

#[test]
fn exit_codes_are_as_the_table_says() {
    let tree = Tree::new(&[("good/main.tf", GOOD), ("bad/main.tf", BAD), ("empty/notes.txt", "")]);
    let table: &[(&[&str], i32)] = &[
        (&["good"], 0),
        (&["bad"], 0),
        (&["bad", "--fail-on", "warning"], 1),
        (&["good", "--fail-on", "info"], 0),
        (&["empty"], 3),
        (&["nowhere"], 2),
        (&["--no-such-flag"], 2),
        (&["good", "--var", "novalue"], 2),
        (&["good", "--var-file", "nowhere.tfvars"], 2),
        (&["good", "--skip-rule", "no-such-rule"], 2),
        (&["good", "--config", "nowhere.hcl"], 2),
    ];
    for (arguments, code) in table {
        let ran = tree.run(&[&["lint", "--rule", "missing-required-version"], *arguments].concat());
        assert_eq!(ran.code, *code, "{arguments:?}\n{}\n{}", ran.out, ran.error);
    }
    assert_eq!(tree.run(&["--help"]).code, 0);
    assert_eq!(tree.run(&["--version"]).out.trim(), format!("plangate {}", env!("CARGO_PKG_VERSION")));
    assert_eq!(tree.run(&[]).code, 2);
}

#[test]
fn of_two_exit_codes_the_first_that_applies_counts() {
    let tree = Tree::new(&[("bad/main.tf", BAD), ("empty/notes.txt", "")]);
    fs::create_dir_all(tree.path("unread/odd.tf")).expect("a directory");
    let table: &[(&[&str], i32)] = &[
        (&["empty", "--config", "nowhere.hcl"], 2),
        (&["bad", "--fail-on", "warning", "--output", "nowhere/report.txt"], 2),
        (&["unread"], 3),
        (&["unread", "bad", "--fail-on", "warning"], 1),
        (&["empty", "bad"], 0),
    ];
    for (arguments, code) in table {
        let rules = ["lint", "--rule", "missing-required-version", "--rule", "unreadable-file"];
        let ran = tree.run(&[&rules, *arguments].concat());
        assert_eq!(ran.code, *code, "{arguments:?}\n{}\n{}", ran.out, ran.error);
    }
}

#[test]
fn an_expression_may_begin_with_a_minus() {
    let tree = Tree::new(&[]);
    let ran = tree.run(&["eval", "-7/2", "-(1 + 1)", "--format", "json", "-3"]);
    let answers: Vec<_> = ran.out.lines().map(|line| json(line)["json"].clone()).collect();
    assert_eq!(
        answers,
        [serde_json::json!(-3.5), serde_json::json!(-2), serde_json::json!(-3)],
        "{}",
        ran.error
    );
}

#[test]
fn what_is_evaluated_in_a_module_shows_no_secret() {
    let secret = format!("AKIA{}", "Q3EGRMVLC4XW7TPB");
    let main = format!("locals {{\n  key = \"{secret}\"\n  password = \"Tr0ub4dor-and-3\"\n}}\n");
    let tree = Tree::new(&[("main.tf", main.as_str())]);
    let expressions = ["local.key", "[upper(local.password), local.password]", "tonumber(local.password)"];
    for format in ["human", "json"] {
        let ran = tree.run(&[&["eval", "--dir", ".", "--format", format], &expressions[..]].concat());
        let all = ran.out + &ran.error;
        assert!(!all.contains(&secret) && !all.contains("Tr0ub4dor"), "{all}");
        assert!(all.contains("redacted"), "{all}");
    }
    assert!(tree.run(&["eval", "--dir", ".", "--reveal", "local.key"]).out.contains(&secret));
}

#[test]
fn a_configuration_error_points_at_its_place() {
    let tree = Tree::new(&[
        ("main.tf", GOOD),
        ("plangate.hcl", "rule \"missing-requird-version\" {\n  severty = \"error\"\n}\n"),
    ]);
    let ran = tree.run(&["lint"]);
    assert_eq!(ran.code, 2);
    assert_eq!(ran.out, "");
    insta::assert_snapshot!(ran.error);
    let narrated = tree.run(&["lint", "--narrated"]);
    assert!(narrated.error.contains("did you mean `missing-required-version`?"), "{}", narrated.error);
    assert!(!narrated.error.contains('│'));
}

#[test]
fn paths_come_from_standard_input() {
    let tree = Tree::new(&[("a/main.tf", BAD), ("b b/main.tf", BAD), ("c/main.tf", BAD)]);
    for list in ["a\nb b/main.tf\n", "a\0b b/main.tf\0", "a\r\nb b/main.tf"] {
        let ran = tree.run_with(&only(&["-", "--format", "json"]), list.as_bytes());
        let files: Vec<String> = json(&ran.out)["findings"]
            .as_array()
            .expect("findings")
            .iter()
            .map(|finding| finding["location"]["file"].as_str().expect("a file").to_owned())
            .collect();
        assert_eq!(files, ["a/main.tf", "b b/main.tf"]);
    }
    let empty = tree.run_with(&only(&["-"]), b"");
    assert_eq!((empty.code, empty.error.as_str()), (3, "plangate: standard input lists no paths\n"));
}

#[test]
fn an_editor_shows_what_is_not_saved() {
    let tree = Tree::new(&[("m/main.tf", GOOD), ("m/other.tf", "variable \"x\" {}\n")]);
    let ran = tree.run_with(&only(&["--stdin-filename", "m/main.tf", "--format", "json"]), BAD.as_bytes());
    assert_eq!(json(&ran.out)["findings"][0]["location"]["file"], "m/main.tf", "{}", ran.error);
    assert_eq!(json(&ran.out)["coverage"]["files"], 1);
    let saved = tree.run_with(&only(&["--stdin-filename", "m/main.tf", "--format", "json"]), GOOD.as_bytes());
    assert_eq!(json(&saved.out)["findings"], serde_json::json!([]));
}

#[test]
fn reports_go_where_they_are_sent() {
    let tree = Tree::new(&[("main.tf", BAD)]);
    let ran = tree.run(&only(&[
        "--format",
        "json",
        "--output",
        "out.json",
        "--format",
        "tap",
        "-f",
        "sarif",
        "-o",
        "out.sarif",
    ]));
    assert_eq!(ran.code, 0, "{}", ran.error);
    assert!(ran.out.starts_with("TAP version 14"), "{}", ran.out);
    let file = |path: &str| fs::read_to_string(tree.path(path)).expect("a report");
    assert_eq!(json(&file("out.json"))["version"], 1);
    assert_eq!(json(&file("out.sarif"))["version"], "2.1.0");
    let ran = tree.run(&only(&["--output", "out.txt"]));
    assert_eq!(ran.out, "");
    assert!(file("out.txt").contains("missing-required-version"));
    assert_eq!(tree.run(&only(&["--format", "json", "--format", "tap"])).code, 2);
    assert_eq!(tree.run(&only(&["--format", "json", "-o", "a", "-o", "b"])).code, 2);
    assert_eq!(tree.run(&only(&["--format", "json", "-o", "nowhere/a"])).code, 2);
}

#[test]
fn unreadable_files_are_findings_and_the_rest_goes_on() {
    let tree = Tree::new(&[("good/main.tf", GOOD), ("bad/main.tf", BAD)]);
    fs::create_dir(tree.path("good/odd.tf")).expect("a directory");
    tree.write("good/latin.tf", b"# caf\xe9\n");
    let ran = tree.run(&["lint", "--format", "json"]);
    assert_eq!(ran.code, 1, "{}", ran.error);
    let report = json(&ran.out);
    let told: Vec<(&str, &str)> = report["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .map(|finding| {
            (finding["location"]["file"].as_str().unwrap_or(""), finding["rule"].as_str().unwrap_or(""))
        })
        .collect();
    assert!(told.contains(&("good/odd.tf", "unreadable-file")), "{told:?}");
    assert!(told.contains(&("bad/main.tf", "missing-required-version")), "{told:?}");
    assert_eq!(report["coverage"]["skipped"][0]["path"], "good/odd.tf");
}

#[test]
fn a_closed_pipe_is_quiet() {
    let tree = Tree::new(&[]);
    for index in 0..200 {
        tree.write(&format!("m{index}/main.tf"), BAD.as_bytes());
    }
    let mut child = tree
        .command(&["lint"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("the program ends");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn colour_is_for_those_who_want_it() {
    let tree = Tree::new(&[("main.tf", BAD)]);
    let coloured = |arguments: &[&str]| tree.run(&[&only(&[])[..], arguments].concat()).out.contains('\x1b');
    assert!(!coloured(&[]));
    assert!(coloured(&["--color", "always"]));
    assert!(!coloured(&["--color", "never"]));
}

#[test]
fn effective_settings_are_shown_as_a_configuration() {
    let config = "threshold = \"warning\"\nrule \"missing-required-version\" {\n  exclude = [\"legacy/\"]\n}\npaths \"live/**\" {\n  variables = { size = 3 }\n  rule \"missing-required-version\" { severity = \"error\" }\n}\nvariant \"prod\" { var_files = [\"prod.tfvars\"] }\n";
    let tree = Tree::new(&[("plangate.hcl", config), ("live/main.tf", GOOD)]);
    let ran = tree.run(&["lint", "--print-config", "live"]);
    assert_eq!(ran.code, 0, "{}", ran.error);
    // Presets grow with every rule: what they say is not this test's business.
    let own: Vec<&str> = ran
        .out
        .split("\nrule ")
        .filter(|part| !part.contains("# preset") || part.contains("plangate.hcl"))
        .collect();
    insta::assert_snapshot!(own.join("\nrule "));
    // What is shown is a configuration, which means the same.
    let again = Tree::new(&[("plangate.hcl", &ran.out), ("live/main.tf", GOOD)]);
    let shown = again.run(&["lint", "--print-config", "live"]);
    assert_eq!(shown.code, 0, "{}", shown.error);
    let bare = |text: &str| {
        text.lines()
            .map(|line| line.split(" # ").next().unwrap_or("").trim_end().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(bare(&shown.out), bare(&ran.out));
}

#[test]
fn init_writes_a_configuration_that_fits() {
    let tree = Tree::new(&[
        (
            "live/prod/main.tf",
            "module \"db\" {\n  source = \"git::ssh://git@git.example.local/platform/rds.git?ref=v1\"\n}\n",
        ),
        ("app/main.tf", GOOD),
        ("app/env/staging.tfvars", ""),
        ("app/env/prod.tfvars", ""),
    ]);
    let ran = tree.run(&["init"]);
    assert_eq!(ran.code, 0, "{}", ran.error);
    let text = fs::read_to_string(tree.path("plangate.hcl")).expect("the file");
    insta::assert_snapshot!(text);
    assert_eq!(tree.run(&["lint", "--rule", "missing-required-version"]).error, "");
    assert_eq!(tree.run(&["init"]).code, 2);
    assert_eq!(tree.run(&["init", "--force"]).code, 0);
    // With every comment that is a setting taken for one, it is valid too.
    let offered: Vec<&str> = text
        .lines()
        .map(|line| line.strip_prefix("# ").filter(|rest| rest.contains(['{', '}', '='])).unwrap_or(line))
        .collect();
    tree.write("plangate.hcl", offered.join("\n").as_bytes());
    assert_eq!(tree.run(&["lint", "--rule", "missing-required-version"]).error, "");
}

#[test]
fn expressions_are_evaluated_everywhere() {
    let module = "variable \"name\" {\n  default = \"shop\"\n}\nlocals {\n  full = \"${var.name}-db\"\n}\n";
    let tree = Tree::new(&[("m/main.tf", module), ("text.txt", "hello")]);
    assert_eq!(
        tree.run(&["eval", "1 + 1", "upper(\"a\")", "file(\"text.txt\")"]).out,
        "2\n\"A\"\n\"hello\"\n"
    );
    assert_eq!(tree.run(&["eval", "--dir", "m", "local.full"]).out, "\"shop-db\"\n");
    assert_eq!(tree.run(&["eval", "--dir", "m", "--var", "name=x", "local.full"]).out, "\"x-db\"\n");
    assert_eq!(tree.run_with(&["eval"], b"1\n\n[for x in [1, 2] : x * 2]\n").out, "1\n[2,4]\n");
    let failed = tree.run(&["eval", "local.full", "1"]);
    assert_eq!((failed.code, failed.out.lines().count()), (1, 2));
    let lines = concat!(
        "{\"expr\": \"local.a\", \"config\": \"locals {\\n a = 1/3\\n}\"}\n",
        "{\"expr\": \"sensitive(\\\"x\\\")\"}\n",
        "{\"expr\": \"{a = sensitive(1)}\"}\n",
        "{\"expr\": \"timestamp()\"}\n",
        "{\"expr\": \"5/0\"}\n",
        "{\"expr\": \"local.b\", \"config\": \"locals {\\n a = 1\\n}\"}\n",
        "not json\n",
        "{\"expr\": \"{a = tolist([1])}\"}\n",
    );
    let ran = tree.run_with(&["eval", "--jsonl", "--format", "json"], lines.as_bytes());
    assert_eq!(ran.code, 0, "{}", ran.error);
    insta::assert_snapshot!(ran.out);
    assert_eq!(tree.run(&["eval", "-1"]).out, "-1\n");
    let revealed = tree.run(&["eval", "--format", "json", "--reveal", "sensitive(\"x\")"]);
    assert_eq!(json(&revealed.out)["json"], "x");
}

#[test]
fn the_model_is_shown_without_secrets() {
    let root = "variable \"password\" {\n  default   = \"hunter2\"\n  sensitive = true\n}\nmodule \"db\" {\n  source = \"./db\"\n  tags   = { \"$odd\" = 1 }\n}\nresource \"aws_thing\" \"x\" {\n  password = var.password\n  address  = module.db.address\n}\noutput \"password\" {\n  value     = var.password\n  sensitive = true\n}\n";
    let module = "variable \"tags\" {}\nresource \"aws_db_instance\" \"this\" {\n  tags = var.tags\n}\noutput \"address\" {\n  value = aws_db_instance.this.address\n}\n";
    let tree = Tree::new(&[("main.tf", root), ("db/main.tf", module)]);
    let ran = tree.run(&["show", "--format", "json"]);
    assert_eq!(ran.code, 0, "{}", ran.error);
    assert!(!ran.out.contains("hunter2"));
    insta::assert_snapshot!(ran.out);
    let human = tree.run(&["show"]);
    assert!(!human.out.contains("hunter2"));
    insta::assert_snapshot!(human.out);
    assert_eq!(Tree::new(&[]).run(&["show"]).code, 3);
}

#[test]
fn rules_are_listed_and_explained() {
    let tree = Tree::new(&[]);
    let table = tree.run(&["rules"]);
    assert!(table.out.contains("missing-required-version"));
    let page = tree.run(&["explain", "missing-required-version"]);
    assert!(page.out.starts_with("# missing-required-version\n"), "{}", page.out);
    let unknown = tree.run(&["explain", "missing-required-versions"]);
    assert_eq!(unknown.code, 2);
    assert!(unknown.error.contains("did you mean `missing-required-version`?"), "{}", unknown.error);
    let document = json(&tree.run(&["rules", "--format", "json"]).out);
    assert_eq!(document["version"], 1);
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        assert!(tree.run(&["completions", shell]).out.contains("plangate"));
    }
}

#[test]
fn outside_of_a_repository_paths_are_relative_to_where_one_stands() {
    let tree = Tree::new(&[("a/main.tf", BAD)]);
    fs::remove_dir(tree.path(".git")).expect("no repository");
    let report = json(&tree.run(&only(&["--format", "json", "a"])).out);
    assert_eq!(report["findings"][0]["location"]["file"], "a/main.tf");
    assert!(Path::new(env!("CARGO_BIN_EXE_plangate")).exists());
}

#[test]
fn a_file_of_values_is_judged_by_the_module_that_takes_them() {
    let module = r#"
variable "sources" {
  type = list(string)
}

resource "aws_security_group" "db" {
  ingress {
    from_port   = 5432
    to_port     = 5432
    protocol    = "tcp"
    cidr_blocks = var.sources
  }
}
"#;
    let tree = Tree::new(&[("main.tf", module), ("terraform.tfvars", "sources = [\"0.0.0.0/0\"]\n")]);
    let ran = tree.run(&["lint", "--rule", "open-ingress", "--format", "json", "terraform.tfvars"]);
    let report = json(&ran.out);
    assert_eq!(ran.code, 1, "{}", ran.error);
    assert_eq!(report["findings"].as_array().map(Vec::len), Some(1));
    assert_eq!(report["findings"][0]["location"]["file"], "terraform.tfvars");
}

#[test]
fn what_arguments_open_stands_where_the_tree_uses_it() {
    let group = "variable \"cidr\" {\n  type = string\n}\nresource \"aws_security_group\" \"a\" {\n  ingress {\n    \
                 from_port = 22\n    to_port = 22\n    protocol = \"tcp\"\n    cidr_blocks = [var.cidr]\n  }\n}\n";
    let tree = Tree::new(&[("live/main.tf", group)]);
    let arguments = ["lint", "--rule", "open-ingress", "--format", "json", "live"];
    let by_argument = tree.run(&[&arguments[..], &["--var", "cidr=0.0.0.0/0"]].concat());
    let by_environment = ran(tree.command(&arguments).env("TF_VAR_cidr", "0.0.0.0/0"), b"");
    let outside = Tree::new(&[("open.tfvars", "cidr = \"0.0.0.0/0\"\n")]);
    let file = outside.path("open.tfvars");
    let by_file = tree.run(&[&arguments[..], &["--var-file", file.to_str().expect("a path")]].concat());
    for ran in [by_argument, by_environment, by_file] {
        assert_eq!(ran.code, 1, "{}", ran.error);
        let report: serde_json::Value = serde_json::from_str(&ran.out).expect("JSON");
        let finding = &report["findings"][0];
        assert_eq!(finding["location"]["file"], "live/main.tf");
        assert_eq!(finding["location"]["line"], 9);
        for label in finding["labels"].as_array().expect("labels") {
            assert_eq!(label["location"]["file"], "live/main.tf");
        }
    }
    let shown = tree.run(&["lint", "--rule", "open-ingress", "--var", "cidr=0.0.0.0/0", "live"]);
    assert!(shown.out.contains("lets in 0.0.0.0/0, given by `--var cidr`"), "{}", shown.out);
    tree.write("plangate.hcl", b"variables = { cidr = \"0.0.0.0/0\" }\n");
    let shown = tree.run(&["lint", "--rule", "open-ingress", "live"]);
    assert!(shown.out.contains("given by `variables of plangate.hcl: cidr`"), "{}", shown.out);
    tree.write("plangate.hcl", b"rule \"open-ingress\" {\n  sevrity = \"info\"\n}\n");
    let slip = tree.run(&["lint", "live"]);
    assert_eq!(slip.code, 2);
    assert!(slip.error.contains("did you mean `severity`?"), "{}", slip.error);
}
