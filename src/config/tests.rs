use std::fs;

use super::*;
use crate::finding::Severity;
use crate::source::Disk;

struct Tree {
    directory: tempfile::TempDir,
    disk: Disk,
}

impl Tree {
    fn new(files: &[(&str, &str)]) -> Self {
        let directory = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = directory.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let disk = Disk::new(fs::canonicalize(directory.path()).unwrap());
        Self { directory, disk }
    }

    fn config(&self, directories: &[&str]) -> Config {
        assert!(self.directory.path().exists());
        let mut config = Config::default();
        config.look_in(&self.disk, directories.iter().copied());
        config
    }

    fn good(&self, directories: &[&str]) -> Config {
        let config = self.config(directories);
        assert_eq!(told(&config), "");
        config
    }
}

/// Problems as a table: place, message, help.
fn told(config: &Config) -> String {
    let mut lines = Vec::new();
    for problem in &config.problems {
        let place = problem.location.map_or_else(String::new, |location| {
            let file = config.sources.get(location.file);
            let at = file.line_column(location.span.start);
            format!(
                "{}:{}:{} `{}` ",
                file.path,
                at.line,
                at.column,
                file.slice(location.span).replace('\n', "⏎")
            )
        });
        let help = problem.help.as_ref().map_or_else(String::new, |help| format!(" [{help}]"));
        lines.push(format!("{place}{}{help}", problem.message));
    }
    lines.join("\n")
}

#[test]
fn what_terragrunt_would_know_is_laid_over_one_another() {
    let tree = Tree::new(&[
        (
            "plangate.hcl",
            "terragrunt {\n  env = { A = \"1\", B = 2 }\n  run_cmd = { \"git describe\" = \"v1\" }\n  experiments = [\"x\"]\n}",
        ),
        ("live/plangate.hcl", "terragrunt {\n  env = { A = \"3\" }\n  features = { on = true }\n}"),
    ]);
    let settings = tree.good(&["live"]).settings("live");
    let given = &settings.terragrunt;
    let text = |name: &str| given.env.iter().find(|(known, _)| known == name).map(|(_, text)| text.as_str());
    assert_eq!((text("A"), text("B")), (Some("3"), Some("2")));
    assert_eq!(given.features.first().map(|(_, text)| text.as_str()), Some("true"));
    assert_eq!(given.run_cmd.len(), 1);
    assert!(told(&one("terragrunt { command = \"x\" }")).contains("there is no setting `command` here"));
}

fn one(text: &str) -> Config {
    Tree::new(&[("plangate.hcl", text)]).config(&[])
}

#[test]
fn every_mistake_is_told_at_its_place() {
    let table: &[&str] = &[
        "treshold = \"error\"",
        "threshold = \"fatal\"",
        "threshold = 1",
        "threshold = error",
        "threshold = \"${x}\"",
        "root = \"yes\"",
        "root = true\nroot = false",
        "extends = \"recommended\"",
        "extends = [\"recomended\"]",
        "extends = [\"nothing\"]",
        "extends = [\"./nothing.hcl\"]",
        "extends = [\"../../outside.hcl\"]",
        "extends = [\"./plangate.hcl\"]",
        "undecided = \"never\"",
        "rule {}",
        "rule \"a\" \"b\" {}",
        "rule \"x\" { severity = \"high\" }",
        "rule \"x\" { enabled = 1 }",
        "rule \"x\" { exclude = \"legacy\" }",
        "rule \"x\" { exclude = [\"a[\"] }",
        "rule = \"x\"",
        "rules \"x\" {}",
        "paths \"live/**\" {\n  root = true\n}",
        "paths \"live/**\" {\n  paths \"x\" {}\n}",
        "paths \"live/{\" {}",
        "threshold { }",
        "var_files = [\"a.tfvars\", 1]",
        "variables = [1]",
        "variant \"prod\" { vars = {} }",
        "module_sources = { \"git::x\" = 1 }",
        "module_sources = { \"git::x\" = { path = \"../x\", unversiond = true } }",
        "module_sources = { \"git::{a}\" = \"../{b}\" }",
        "rule \"x\" {\n  companion \"a\" {}\n  companion \"a\" {}\n}",
        "rule \"x\" {\n  companion \"a\" {}\n  companion {}\n}",
        "rule \"x\" { severity = }",
    ];
    let shown: Vec<String> = table
        .iter()
        .map(|text| format!("{text}\n  => {}", told(&one(text)).replace('\n', "\n     ")))
        .collect();
    insta::assert_snapshot!(shown.join("\n\n"));
}

#[test]
fn nearer_files_win_and_root_stops() {
    let tree = Tree::new(&[
        ("plangate.hcl", "threshold = \"warning\"\nrule \"a\" {\n  severity = \"info\"\n  x = 1\n  y = 1\n}"),
        ("live/plangate.hcl", "rule \"a\" {\n  x = 2\n}"),
        ("live/prod/plangate.hcl", "rule \"a\" { enabled = false }"),
        ("alone/plangate.hcl", "root = true\nextends = []"),
    ]);
    let config = tree.good(&["live/prod/db", "alone", "other"]);
    let option = |path: &str, name: &str| {
        let settings = config.settings(path);
        let rule = settings.rules.get("a").cloned()?;
        let entry = rule.options.entries().iter().find(|entry| entry.key == name).cloned()?;
        from_setting::<i64>(&entry.value).ok()
    };
    assert_eq!((option("other/main.tf", "x"), option("other/main.tf", "y")), (Some(1), Some(1)));
    assert_eq!((option("live/main.tf", "x"), option("live/main.tf", "y")), (Some(2), Some(1)));
    let prod = config.settings("live/prod/db/main.tf");
    assert!(!prod.rules["a"].enabled.value);
    assert_eq!(prod.rules["a"].severity.map(|severity| severity.value), Some(Severity::Info));
    assert_eq!(prod.threshold.value, Severity::Warning);
    assert_eq!(config.provenance(&prod.rules["a"].enabled), "live/prod/plangate.hcl:1");
    assert_eq!(config.provenance(&prod.threshold), "plangate.hcl:1");
    let alone = config.settings("alone/main.tf");
    assert!(alone.rules.is_empty());
    assert_eq!(alone.threshold.value, Severity::Error);
}

#[test]
fn presets_hold_unless_an_empty_list_switches_them_off() {
    let recommended = Config::built_in().settings("x.tf").rules.keys().cloned().collect::<Vec<_>>();
    assert!(!recommended.is_empty());
    let tree = Tree::new(&[
        ("a/plangate.hcl", "rule \"mine\" {}"),
        ("b/plangate.hcl", "extends = []\nrule \"mine\" {}"),
    ]);
    let config = tree.good(&["a", "b"]);
    assert_eq!(config.settings("a/x.tf").rules.len(), recommended.len() + 1);
    assert_eq!(config.settings("b/x.tf").rules.keys().map(AsRef::as_ref).collect::<Vec<&str>>(), ["mine"]);
}

#[test]
fn a_file_extends_others_and_wins_over_them() {
    let tree = Tree::new(&[
        ("plangate.hcl", "extends = [\"./shared/base.hcl\"]\nthreshold = \"info\""),
        (
            "shared/base.hcl",
            "extends = [\"./more.hcl\", \"style\"]\nthreshold = \"warning\"\nundecided = \"error\"",
        ),
        ("shared/more.hcl", "undecided = \"ignore\"\nrule \"more\" {}"),
    ]);
    let settings = tree.good(&[]).settings("main.tf");
    assert_eq!(settings.threshold.value, Severity::Info);
    assert_eq!(settings.undecided.value, UndecidedLevel::Error);
    assert!(settings.rules.contains_key("more"));
}

#[test]
fn circles_of_extensions_are_told() {
    let tree = Tree::new(&[
        ("plangate.hcl", "extends = [\"./a.hcl\"]"),
        ("a.hcl", "extends = [\"./plangate.hcl\"]"),
    ]);
    assert!(told(&tree.config(&[])).contains("this file extends itself"));
}

#[test]
fn paths_override_for_a_part_of_the_tree() {
    let text = r#"
        rule "open-ingress" {
          severity = "warning"
          exclude  = ["legacy/"]
        }
        paths "live/prod/**" {
          variables = { environment = "prod" }
          var_files = ["prod.tfvars"]
          rule "open-ingress" { severity = "error" }
        }
        variant "staging" { var_files = ["env/staging.tfvars"] }
        variant "prod" {
          workspace = "prod"
          variables = { size = 3 }
        }
    "#;
    let tree = Tree::new(&[("plangate.hcl", text), ("prod.tfvars", ""), ("live/prod/db/prod.tfvars", "")]);
    let config = tree.good(&[]);
    let prod = config.settings("live/prod/db");
    assert_eq!(prod.rules["open-ingress"].severity.map(|severity| severity.value), Some(Severity::Error));
    assert_eq!(prod.variables[0].name, "environment");
    assert_eq!(
        prod.var_files[0].find(&tree.disk, "live/prod/db").as_deref(),
        Some("live/prod/db/prod.tfvars")
    );
    assert_eq!(prod.var_files[0].find(&tree.disk, "live/prod/web").as_deref(), Some("prod.tfvars"));
    let qa = config.settings("live/qa");
    assert_eq!(qa.rules["open-ingress"].severity.map(|severity| severity.value), Some(Severity::Warning));
    assert!(qa.var_files.is_empty());
    assert!(qa.rules["open-ingress"].covers("live/qa/main.tf"));
    assert!(!qa.rules["open-ingress"].covers("legacy/old/main.tf"));
    let names: Vec<&str> = qa.variants.iter().map(|variant| variant.name.value.as_str()).collect();
    assert_eq!(names, ["staging", "prod"]);
    assert_eq!(qa.variants[1].workspace.as_ref().map(|name| name.value.as_str()), Some("prod"));
    // The same settings are the same object: rules are configured once for them.
    assert!(std::sync::Arc::ptr_eq(&qa, &config.settings("modules/x/main.tf")));
}

#[derive(Debug, PartialEq, serde::Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
struct Options {
    by: By,
    max: u16,
    ratio: f64,
    path: Option<String>,
    companion: std::collections::BTreeMap<String, Companion>,
}

#[derive(Debug, PartialEq, serde::Deserialize, Default)]
#[serde(rename_all = "lowercase")]
enum By {
    #[default]
    Unit,
    Resource,
}

#[derive(Debug, PartialEq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Companion {
    with: Vec<String>,
    within: Option<String>,
}

fn options(text: &str) -> Result<Options, String> {
    let mut config = one(&format!("rule \"x\" {{\n{text}\n}}"));
    assert_eq!(told(&config), "");
    let options = config.settings("x.tf").rules["x"].options.clone();
    from_setting(&options).map_err(|problem| {
        config.problems.push(problem);
        told(&config)
    })
}

#[test]
fn a_struct_is_its_options() {
    let text = "by = \"resource\"\nmax = 1\nratio = 0.5\npath = null\ncompanion \"aws_db_instance\" {\n  with = [\"a\", \"b*\"]\n}\ncompanion \"other\" {\n with = []\n within = \"service\" \n}";
    let read = options(text).unwrap();
    assert_eq!((&read.by, read.max, read.ratio), (&By::Resource, 1, 0.5));
    assert_eq!(read.companion.keys().collect::<Vec<_>>(), ["aws_db_instance", "other"]);
    assert_eq!(read.companion["other"].within.as_deref(), Some("service"));
    assert_eq!(options("").unwrap(), Options::default());
}

#[test]
fn options_that_do_not_fit_are_told_at_their_place() {
    let table = [
        "by = \"untis\"",
        "by = 3",
        "max = \"1\"",
        "max = -1",
        "max = 70000",
        "max = 1.5",
        "ratio = \"half\"",
        "path = [\"a\"]",
        "pth = \"a\"",
        "zzz = 1",
        "companion = 3",
        "companion \"a\" {\n  with = [\"a\", 1]\n}",
        "companion \"a\" {\n  wiht = []\n}",
        "companion \"a\" {}",
        "companion {\n  with = []\n}",
    ];
    let shown: Vec<String> =
        table.iter().map(|text| format!("{text}\n  => {}", options(text).unwrap_err())).collect();
    insta::assert_snapshot!(shown.join("\n\n"));
}

#[test]
fn a_configuration_that_cannot_be_read_is_no_empty_one() {
    let tree = Tree::new(&[("plangate.hcl", "")]);
    fs::write(tree.directory.path().join("plangate.hcl"), b"\xff").unwrap();
    assert_eq!(
        told(&tree.config(&[])),
        "`plangate.hcl` is not UTF-8: byte 0xff at line 1, byte 1 of the line"
    );
}
