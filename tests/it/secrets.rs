//! Secrets are found, and nothing of them is in any output.

use std::path::{Path, PathBuf};
use std::process::Command;

const FORMATS: &[&str] =
    &["human", "json", "jsonl", "sarif", "github", "gitlab", "junit", "checkstyle", "markdown", "tap"];

fn fixtures(rule: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/rules").join(rule)
}

/// Everything that the program says, on both of its outputs.
fn said(directory: &Path, arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_plangate"))
        .current_dir(directory)
        .env_clear()
        .args(arguments)
        .output()
        .expect("the program runs");
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

#[test]
fn options_of_the_rule_are_heeded() {
    let tree = tempfile::tempdir().expect("a directory");
    let write = |name: &str, text: &str| std::fs::write(tree.path().join(name), text).expect("a file");
    write(
        "main.tf",
        "locals {\n  door_pin = \"7731\"\n  password = \"dev-Kx81mQ\"\n  legacy_password = \"Kx81mQzz\"\n}\n",
    );
    let count = || {
        let text = said(tree.path(), &["lint", "--rule", "hardcoded-secret", "--format", "checkstyle", "."]);
        text.matches("<error").count()
    };
    assert_eq!(count(), 2);
    let rule =
        |options: &str| write("plangate.hcl", &format!("rule \"hardcoded-secret\" {{\n  {options}\n}}\n"));
    rule("names = [\"*_pin\"]");
    assert_eq!(count(), 3);
    rule("ignored_names = [\"legacy_*\"]");
    assert_eq!(count(), 1);
    rule("placeholders = [\"^dev-\"]");
    assert_eq!(count(), 1);
    rule("placeholders = [\"(\"]");
    let text = said(tree.path(), &["lint", "."]);
    assert!(text.contains("is no regular expression"), "{text}");
}

/// A tree with a secret in each place that somebody could think of. Each holds the word SENTINEL, or is an encoding of it.
const TREE: &[(&str, &str)] = &[
    (
        "main.tf",
        r#"
terraform {
  required_version = ">= 1.6"
}

variable "login" {
  type      = object({ user = string, word = string })
  sensitive = true
}

variable "plain" {
  type    = number
  default = 1
}

variable "unused_password" {
  default = "SENTINEL-a-1x9"
}

# password = "SENTINEL-b-2x9"
locals {
  innocent = "SENTINEL-c-3x9"
  address  = "postgres://app:SENTINEL-d-4x9@db.internal/app"
  encoded  = base64encode("export PASSWORD=SENTINEL-c-3x9 # and more of the like")
  words    = { (local.innocent) = 1 }
  broken   = "SENTINEL-c-3x9" + 1
  again    = "and once more SENTINEL-a-1x9"
}

resource "aws_db_instance" "x" {
  identifier = "x"
  password   = local.innocent
  username   = var.login.word
  timeouts   = undeclared.thing
}

resource "aws_instance" "x" {
  user_data = <<-EOT
    #!/bin/sh
    mysql --user x --password SENTINEL-e-5x9
    export URL=${local.address}
  EOT
}

resource "aws_security_group" "x" {
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"] # token = "SENTINEL-f-6x9"
  }
}

module "child" {
  source   = "./child"
  password = "SENTINEL-g-7x9"
  unknown  = local.innocent
  count    = local.innocent
}

output "shown" {
  value = local.address
}

output "word" {
  value = var.login.word
}

# plangate:ignore[hardcoded-secret] it is SENTINEL-a-1x9
locals {
  token = "SENTINEL-h-8x9-aa77"
}
"#,
    ),
    (
        "child/main.tf",
        "variable \"password\" {}\n\noutput \"password\" {\n  value = \"x ${var.password}\"\n}\n",
    ),
    (
        "script.tf",
        "resource \"aws_instance\" \"y\" {\n  user_data = templatefile(\"y.tftpl\", { id = aws_instance.x.id })\n}\n",
    ),
    ("y.tftpl", "export ID=${id}\nexport DB_PASSWORD=SENTINEL-l-1x2\n"),
    ("terraform.tfvars", "login = { user = \"u\", word = \"SENTINEL-i-9x9\" }\nplain = \"SENTINEL-i-9x9\"\n"),
    ("prod.tfvars.json", "{\"db_password\": \"SENTINEL-j-1x0\"}"),
    ("broken.tf", "resource \"a\" \"b\" {\n  password = \"SENTINEL-k-1x1\"\n  name = }\n"),
];

#[test]
fn nothing_of_a_secret_is_in_any_output() {
    let tree = tempfile::tempdir().expect("a directory");
    for (name, text) in TREE {
        let path = tree.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("a directory");
        std::fs::write(path, text).expect("a file");
    }
    std::fs::write(tree.path().join("plangate.hcl"), "root    = true\nextends = [\"all\"]\n")
        .expect("a file");
    let runs = FORMATS
        .iter()
        .map(|format| vec!["lint", "-vv", "--show-undecided", "--format", *format, "."])
        .chain([
            vec!["lint", "-vv", "--no-ignore-comments", "."],
            vec!["lint", "--rule", "missing-required-version", "."],
        ])
        .chain([vec!["show", "--format", "json", "."], vec!["show", "."]]);
    for arguments in runs {
        let text = said(tree.path(), &arguments);
        assert!(text.len() > 20, "{arguments:?} says something");
        if let Some(at) = text.find("SENTINEL") {
            let before = text.get(..at).unwrap_or_default().lines().next_back().unwrap_or_default();
            panic!("{arguments:?} shows a secret behind `{before}`");
        }
        for encoded in ["U0VOVElORUw", "NFTlRJTkVM", "TRU5USU5FT"] {
            assert!(!text.contains(encoded), "{arguments:?} shows a secret in Base64");
        }
    }
}

#[test]
fn show_says_which_rule_took_a_value_away() {
    let text = said(&fixtures("hardcoded-secret").join("bad"), &["show", "--format", "json", "."]);
    assert!(text.contains("\"$redacted\": \"hardcoded-secret\""), "{text}");
}
