//! `plangate graph`: what hangs on what, and what a changed file can reach.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

use crate::blessed::project;
use crate::cli::{Tree, json};

const MODULE: &str = "variable \"name\" {\n  default = \"\"\n}\noutput \"name\" {\n  value = aws_vpc.this.id\n}\n\
                      resource \"aws_vpc\" \"this\" {\n  tags = { name = var.name }\n}\n";

fn unit(module: &str, more: &str) -> String {
    format!("terraform {{\n  source = \"${{get_repo_root()}}//modules/{module}\"\n}}\n{more}")
}

fn dependency(label: &str, path: &str) -> String {
    format!("dependency \"{label}\" {{\n  config_path = \"{path}\"\n}}\n")
}

/// One unit, stack or root for each way in which a file can reach something.
fn tree() -> Tree {
    let include = "include \"env\" {\n  path   = find_in_parent_folders(\"env.hcl\")\n  expose = true\n}\n";
    let read = "locals {\n  all = read_terragrunt_config(find_in_parent_folders(\"all.hcl\"))\n}\n";
    let looks = "inputs = { name = find_in_parent_folders(\"marker\", \"none\") }\n";
    let texts = "inputs = { name = \"${file(\"name.txt\")}${fileexists(\"other.txt\")}\" }\n";
    let files = "terraform {\n  source = \"../../modules/plain\"\n  extra_arguments \"vars\" {\n    commands = [\"plan\"]\n    \
                 required_var_files = [\"${get_terragrunt_dir()}/../common.tfvars\"]\n    \
                 optional_var_files = [\"${get_terragrunt_dir()}/more.tfvars\"]\n  }\n}\n";
    let uses = "inputs = { name = dependency.a.outputs.name }\n";
    Tree::new(&[
        ("modules/plain/main.tf", MODULE),
        ("modules/outer/main.tf", "module \"inner\" {\n  source = \"../inner\"\n}\n"),
        (
            "modules/inner/main.tf",
            "resource \"aws_eip\" \"this\" {\n  tags = { t = file(\"${path.module}/t.txt\") }\n}\n",
        ),
        ("modules/inner/t.txt", "text"),
        ("modules/broken/main.tf", "module \"lost\" {\n  source = \"../lost\"\n}\n"),
        ("env.hcl", "locals {\n  env = \"top\"\n}\n"),
        ("live/all.hcl", "locals {\n  a = 1\n}\n"),
        ("live/common.tfvars", "name = \"x\"\n"),
        ("live/included/terragrunt.hcl", &unit("plain", include)),
        ("live/reading/terragrunt.hcl", &unit("plain", read)),
        ("live/looking/terragrunt.hcl", &unit("plain", looks)),
        ("live/texts/terragrunt.hcl", &unit("plain", texts)),
        ("live/texts/name.txt", "name"),
        ("live/files/terragrunt.hcl", files),
        ("live/calling/terragrunt.hcl", &unit("outer", "")),
        ("live/broken/terragrunt.hcl", &unit("broken", "")),
        ("live/first/terragrunt.hcl", &unit("plain", &(dependency("a", "../included") + uses))),
        ("live/second/terragrunt.hcl", &unit("plain", "dependencies {\n  paths = [\"../first\"]\n}\n")),
        ("live/orphan/terragrunt.hcl", &unit("plain", &dependency("a", "../gone"))),
        ("catalog/unit/terragrunt.hcl", &unit("plain", "inputs = { name = try(values.name, \"\") }\n")),
        (
            "catalog/stack/terragrunt.stack.hcl",
            "unit \"u\" {\n  source = \"${get_repo_root()}/catalog/unit\"\n  path = \"u\"\n}\n",
        ),
        (
            "live/stack/terragrunt.stack.hcl",
            "locals {\n  name = file(\"stack.txt\")\n}\nunit \"one\" {\n  source = \"../../catalog/unit\"\n  path = \"one\"\n  \
             values = { name = local.name }\n}\nstack \"two\" {\n  source = \"../../catalog/stack\"\n  path = \"two\"\n}\n",
        ),
        ("live/stack/stack.txt", "x"),
        ("live/user/terragrunt.hcl", &unit("plain", &dependency("s", "../stack"))),
        (
            "roots/a/main.tf",
            "terraform {\n  backend \"s3\" {\n    bucket = \"b\"\n    key = \"a\"\n  }\n}\nmodule \"m\" {\n  source = \"../../modules/inner\"\n}\noutput \"x\" {\n  value = 1\n}\n",
        ),
        (
            "roots/b/main.tf",
            "terraform {\n  backend \"s3\" {\n    bucket = \"b\"\n    key = \"b\"\n  }\n}\ndata \"terraform_remote_state\" \"a\" {\n  backend = \"s3\"\n  config = {\n    bucket = \"b\"\n    key = \"a\"\n  }\n}\n",
        ),
        ("roots/c/main.tf", "terraform {\n  backend \"local\" {}\n}\nresource \"aws_vpc\" \"c\" {}\n"),
    ])
}

fn document(tree: &Tree, arguments: &[&str]) -> Value {
    let ran = tree.run(&[&["graph", "--format", "json"], arguments].concat());
    assert_eq!(ran.code, 0, "{}", ran.error);
    let document = json(&ran.out);
    let schema = std::fs::read_to_string(project().join("docs/schema/graph.v1.json")).expect("the schema");
    let validator = jsonschema::validator_for(&json(&schema)).expect("a schema");
    let errors: Vec<String> = validator.iter_errors(&document).map(|error| error.to_string()).collect();
    assert_eq!(errors, Vec::<String>::new());
    document
}

fn texts(list: &Value, member: &str) -> BTreeSet<String> {
    let all = list.as_array().expect("a list").iter();
    all.filter_map(|one| one[member].as_str()).map(str::to_owned).collect()
}

fn affected(tree: &Tree, paths: &[&str]) -> BTreeSet<String> {
    texts(&document(tree, &[&["--affected-by"], paths].concat())["affected"], "path")
}

#[test]
fn a_changed_file_reaches_what_hangs_on_it() {
    let tree = tree();
    let one = ".terragrunt-stack/one";
    let two = ".terragrunt-stack/two/.terragrunt-stack/u";
    let (one, two) = (format!("live/stack/{one}"), format!("live/stack/{two}"));
    let nested = "catalog/stack/.terragrunt-stack/u";
    let stack: &[&str] = &[&one, &two, "live/user"];
    let chain: &[&str] = &["live/included", "live/first", "live/second"];
    let cases: &[(&str, &[&str])] = &[
        ("env.hcl", chain),
        ("live/all.hcl", &["live/reading"]),
        ("live/texts/name.txt", &["live/texts"]),
        ("live/common.tfvars", &["live/files"]),
        ("live/included/terragrunt.hcl", chain),
        ("live/first/terragrunt.hcl", &["live/first", "live/second"]),
        ("modules/outer/main.tf", &["live/calling"]),
        ("modules/inner/t.txt", &["live/calling", "roots/a", "roots/b"]),
        ("modules/inner/main.tf", &["live/calling", "roots/a", "roots/b"]),
        ("modules/inner", &["live/calling", "roots/a", "roots/b"]),
        ("roots/a/main.tf", &["roots/a", "roots/b"]),
        ("roots/b/main.tf", &["roots/b"]),
        ("live/stack/stack.txt", stack),
        ("live/stack/terragrunt.stack.hcl", stack),
        ("catalog/stack/terragrunt.stack.hcl", &[&two, nested, "live/user"]),
        ("catalog/unit/terragrunt.hcl", &["catalog/unit", nested, &one, &two, "live/user"]),
        // What is not there, and would be read if it were.
        ("live/env.hcl", chain),
        ("live/included/env.hcl", &[]),
        ("live/first/env.hcl", &[]),
        ("live/all.hcl.json", &[]),
        ("marker", &["live/looking"]),
        ("live/marker", &["live/looking"]),
        ("live/marker/within", &["live/looking"]),
        ("live/looking/marker", &[]),
        ("live/texts/other.txt", &["live/texts"]),
        ("live/files/more.tfvars", &["live/files"]),
        ("live/first/terragrunt.values.hcl", &["live/first", "live/second"]),
        ("live/first/terragrunt.autoinclude.hcl", &["live/first", "live/second"]),
        ("live/first/terragrunt.hcl.json", &["live/first", "live/second"]),
        ("terragrunt.values.hcl", chain),
        ("modules/inner/new.tf", &["live/calling", "roots/a", "roots/b"]),
        ("modules/inner/terraform.tfvars", &["live/calling", "roots/a", "roots/b"]),
        ("modules/inner/notes.txt", &[]),
        ("modules/lost/main.tf", &["live/broken"]),
        ("live/gone/terragrunt.hcl", &["live/orphan"]),
        ("live/stack/terragrunt.values.hcl", stack),
        // Nobody reads these.
        ("README.md", &[]),
        ("roots/c/terraform.tfstate", &[]),
        ("modules/unused/main.tf", &[]),
        (
            "live",
            &[
                "live/broken",
                "live/calling",
                "live/files",
                "live/first",
                "live/included",
                "live/looking",
                "live/orphan",
                "live/reading",
                "live/second",
                &one,
                &two,
                "live/texts",
                "live/user",
            ],
        ),
    ];
    for (path, expected) in cases {
        let expected: BTreeSet<String> = expected.iter().map(|&one| one.to_owned()).collect();
        assert_eq!(affected(&tree, &[path]), expected, "{path}");
    }
    let both = affected(&tree, &["live/all.hcl", "live/texts/name.txt"]);
    assert_eq!(both, BTreeSet::from(["live/reading".to_owned(), "live/texts".to_owned()]));
    let human = tree.run(&["graph", "--affected-by", "env.hcl"]).out;
    assert_eq!(
        human,
        "live/first: depends on live/included\nlive/included: env.hcl\nlive/second: depends on live/first\n\n3 of 18 units and roots\n"
    );
}

#[test]
fn a_file_that_is_gone_reaches_what_hung_on_it() {
    let tree = tree();
    for path in [
        "env.hcl",
        "live/all.hcl",
        "live/texts/name.txt",
        "modules/inner/main.tf",
        "live/first/terragrunt.hcl",
    ] {
        std::fs::remove_file(tree.path(path)).expect("it was there");
    }
    let cases: &[(&str, &[&str])] = &[
        ("env.hcl", &["live/included"]),
        ("live/all.hcl", &["live/reading"]),
        ("live/texts/name.txt", &["live/texts"]),
        ("modules/inner/main.tf", &["live/calling", "roots/a", "roots/b"]),
        ("live/first/terragrunt.hcl", &["live/second"]),
    ];
    for (path, expected) in cases {
        let found = affected(&tree, &[path]);
        for unit in *expected {
            assert!(found.contains(*unit), "{path}: {found:?}");
        }
    }
}

#[test]
fn paths_are_relative_to_where_the_program_was_started() {
    let tree = tree();
    let run = |arguments: &[&str]| {
        let mut command = tree.command(&[&["graph", "--format", "json"], arguments].concat());
        command.current_dir(tree.path("live/texts"));
        crate::cli::ran(&mut command, b"name.txt\n../all.hcl\n")
    };
    let of = |ran: crate::cli::Ran| texts(&json(&ran.out)["affected"], "path");
    assert_eq!(of(run(&["--affected-by", "name.txt"])), BTreeSet::from(["live/texts".to_owned()]));
    // Only what was asked for is listed.
    assert_eq!(of(run(&["--affected-by", "../all.hcl"])), BTreeSet::new());
    let both = BTreeSet::from(["live/reading".to_owned(), "live/texts".to_owned()]);
    assert_eq!(of(run(&["../..", "--affected-by", "-"])), both);
    assert_eq!(run(&["--affected-by", "/etc/passwd"]).code, 2);
}

#[test]
fn units_hang_on_one_another() {
    let tree = tree();
    let document = document(&tree, &[]);
    let edges: BTreeSet<(String, String, String)> = document["edges"]
        .as_array()
        .expect("edges")
        .iter()
        .map(|edge| ["from", "to", "kind"].map(|name| edge[name].as_str().expect("a text").to_owned()).into())
        .collect();
    let expected = [
        ("live/first", "live/included", "outputs"),
        ("live/orphan", "live/gone", "outputs"),
        ("live/second", "live/first", "order"),
        ("live/user", "live/stack/.terragrunt-stack/one", "outputs"),
        ("live/user", "live/stack/.terragrunt-stack/two/.terragrunt-stack/u", "outputs"),
        ("roots/b", "roots/a", "state"),
    ];
    let expected = expected.map(|(from, to, kind)| (from.to_owned(), to.to_owned(), kind.to_owned()));
    assert_eq!(edges, BTreeSet::from(expected));
    let missing = document["nodes"].as_array().expect("nodes").iter().find(|node| node["kind"] == "missing");
    assert_eq!(missing.expect("one")["path"], "live/gone");
    // A part of it shows what it hangs on, too.
    let part = document_of(&tree, "live/second");
    assert_eq!(
        texts(&part["nodes"], "path"),
        BTreeSet::from(["live/first", "live/included", "live/second"].map(str::to_owned))
    );
}

fn document_of(tree: &Tree, path: &str) -> Value {
    document(tree, &[path])
}

#[test]
fn resources_refer_to_one_another_across_modules_and_units() {
    let tree = Tree::new(&[
        (
            "net/main.tf",
            "resource \"aws_vpc\" \"this\" {}\nresource \"aws_eip\" \"loose\" {}\noutput \"id\" {\n  value = aws_vpc.this.id\n}\n\
             output \"fixed\" {\n  value = \"x\"\n}\n",
        ),
        (
            "app/main.tf",
            "variable \"vpc\" {}\nvariable \"fixed\" {}\nlocals {\n  vpc = \"v-${var.vpc}\"\n}\n\
             module \"lb\" {\n  for_each = toset([\"a\", \"b\"])\n  source = \"./lb\"\n  vpc = local.vpc\n}\n\
             module \"far\" {\n  source = \"git::https://git.example.local/x.git\"\n  id = aws_ecs_service.this.id\n}\n\
             resource \"aws_ecs_service\" \"this\" {\n  count = 2\n  lb = [for m in module.lb : m.arn]\n  name = var.fixed\n}\n\
             data \"aws_ami\" \"this\" {\n  depends_on = [module.lb]\n}\nresource \"aws_x\" \"y\" {\n  z = module.far.z\n}\n",
        ),
        (
            "app/lb/main.tf",
            "variable \"vpc\" {}\nresource \"aws_lb\" \"this\" {\n  subnet = var.vpc\n}\noutput \"arn\" {\n  value = aws_lb.this.arn\n}\n",
        ),
        ("live/net/terragrunt.hcl", "terraform {\n  source = \"../../net\"\n}\n"),
        (
            "live/app/terragrunt.hcl",
            "terraform {\n  source = \"../../app\"\n}\ndependency \"net\" {\n  config_path = \"../net\"\n}\n\
             inputs = {\n  vpc = dependency.net.outputs.id\n  fixed = dependency.net.outputs.fixed\n}\n",
        ),
    ]);
    let document = document(&tree, &["--resources", "live"]);
    let edges: BTreeSet<(String, String)> = document["edges"]
        .as_array()
        .expect("edges")
        .iter()
        .map(|edge| ["from", "to"].map(|name| edge[name].as_str().expect("a text").to_owned()).into())
        .collect();
    let app = |address: &str| format!("live/app//{address}");
    let expected = [
        (app("module.lb.aws_lb.this"), "live/net//aws_vpc.this".to_owned()),
        (app("aws_ecs_service.this"), app("module.lb.aws_lb.this")),
        (app("data.aws_ami.this"), app("module.lb.aws_lb.this")),
        (app("module.far"), app("aws_ecs_service.this")),
        (app("aws_x.y"), app("module.far")),
    ];
    assert_eq!(edges, BTreeSet::from(expected));
    insta::assert_snapshot!(tree.run(&["graph", "--resources", "live"]).out);
    insta::assert_snapshot!(tree.run(&["graph", "--resources", "live", "--format", "dot"]).out);
}

#[test]
fn circles_are_shown() {
    let on = |other: &str| format!("dependency \"x\" {{\n  config_path = \"../{other}\"\n}}\n");
    let tree = Tree::new(&[
        ("live/a/terragrunt.hcl", &on("b")),
        ("live/b/terragrunt.hcl", &on("c")),
        ("live/c/terragrunt.hcl", &on("a")),
        ("live/d/terragrunt.hcl", &on("a")),
    ]);
    assert_eq!(document(&tree, &[])["cycles"], serde_json::json!([["live/a", "live/b", "live/c"]]));
    for format in ["human", "dot", "mermaid"] {
        insta::assert_snapshot!(format!("circle-{format}"), tree.run(&["graph", "--format", format]).out);
    }
    let all = ["live/a", "live/b", "live/c", "live/d"].map(str::to_owned);
    assert_eq!(affected(&tree, &["live/c/terragrunt.hcl"]), BTreeSet::from(all));
}

#[test]
fn hostile_names_stay_in_their_quotes() {
    let name = "a\"]; evil -> b; \u{1b}[31m\u{202e}%%{x}%%\n--> \\N";
    let tree = Tree::new(&[(&format!("{name}/terragrunt.hcl"), "inputs = {}\n")]);
    for format in ["human", "dot", "mermaid"] {
        let out = tree.run(&["graph", "--format", format]).out;
        assert!(!out.contains('\u{1b}') && !out.contains('\u{202e}'), "{out:?}");
        insta::assert_snapshot!(format!("hostile-{format}"), out);
    }
    let document = document(&tree, &["--affected-by", &format!("{name}/terragrunt.hcl")]);
    assert_eq!(document["affected"][0]["path"], name);
}

#[test]
fn the_graph_is_the_same_every_time() {
    let top = project().join("fixtures/units");
    let run = |jobs: &str, arguments: &[&str]| {
        let program = env!("CARGO_BIN_EXE_plangate");
        let output = std::process::Command::new(program)
            .args([&["graph", "--jobs", jobs], arguments].concat())
            .current_dir(&top)
            .output()
            .expect("it runs");
        String::from_utf8(output.stdout).expect("text")
    };
    for arguments in [&["--format", "json"][..], &["--resources"], &["--format", "dot", "--resources"]] {
        let first = run("1", arguments);
        assert!(first.contains("alias-found/live/bob/dns"), "{first}");
        assert_eq!(first, run("4", arguments));
    }
    let file = "alias-found/modules/database/main.tf";
    assert!(Path::new(&top).join(file).exists());
    let reached = run("2", &["--affected-by", file]);
    for unit in [
        "bob/database:",
        "bob/dns: depends on",
        "stack/.terragrunt-stack/database:",
        "stack/.terragrunt-stack/dns:",
    ] {
        assert!(reached.contains(&format!("alias-found/live/{unit}")), "{reached}");
    }
    assert!(!reached.contains("alias-missing"), "{reached}");
}

#[test]
fn where_nothing_is_nothing_is_shown() {
    assert_eq!(Tree::new(&[("notes.txt", "")]).run(&["graph"]).code, 3);
    let help = Tree::new(&[]).run(&["graph", "--help"]);
    assert!(help.out.contains("--affected-by"), "{}", help.out);
}

#[test]
fn a_part_of_the_tree_is_evaluated_as_in_the_whole() {
    let tree = tree();
    let shown = |path: &str| json(&tree.run(&["show", "--format", "json", path]).out);
    let whole = shown(".");
    let of = |document: &Value, kind: &str, member: &str| -> std::collections::BTreeMap<String, Value> {
        let all = document[kind].as_array().expect("a list").iter();
        all.filter_map(|one| Some((one[member].as_str()?.to_owned(), one.clone()))).collect()
    };
    let (units, modules) = (of(&whole, "units", "path"), of(&whole, "modules", "unit"));
    let parts =
        ["live/first", "live/second", "live/user", "live/stack", "live/orphan", "live/included", "catalog"];
    for part in parts {
        let document = shown(part);
        let own = of(&document, "units", "path");
        assert!(!own.is_empty(), "{part}");
        for (path, unit) in own {
            assert_eq!(Some(&unit), units.get(&path), "{part}: {path}");
        }
        // What it hangs on is evaluated with it.
        let evaluated = of(&document, "modules", "unit");
        for (unit, module) in &evaluated {
            assert_eq!(Some(module), modules.get(unit), "{part}: {unit}");
        }
        let needed: &[&str] = match part {
            "live/second" => &["live/second", "live/first", "live/included"],
            "live/included" => &["live/included", "live/first"],
            _ => &[],
        };
        for unit in needed {
            assert!(evaluated.contains_key(*unit), "{part}: {unit}");
        }
    }
}
