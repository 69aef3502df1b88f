//! Files that are generated for a unit, or lie beside it, are a part of the module that it runs.

use std::collections::BTreeSet;

use plangate::{Outcome, Request, lint};

use crate::cli::Tree;

fn judged(tree: &Tree) -> Outcome {
    let request = Request { current: tree.path(""), ..Request::default() };
    lint(&request, &mut |_| {}).unwrap_or_else(|failure| panic!("{failure:?}"))
}

/// The addresses of a unit's resources.
fn resources(outcome: &Outcome, unit: &str) -> BTreeSet<String> {
    let root = outcome.model.unit(unit).and_then(|unit| unit.root).expect("it is evaluated");
    let instances = outcome.model.root(root).instances.iter();
    instances.flat_map(|instance| &instance.resources).map(|one| one.address.to_string()).collect()
}

fn variable(outcome: &Outcome, unit: &str, name: &str) -> Option<String> {
    let root = outcome.model.root(outcome.model.unit(unit)?.root?);
    let at = outcome.model.module(root.module).variable(name)?;
    root.instances[0].variables[at].to_json()
}

/// The findings of a rule: the file, and the text that it points at.
fn found(outcome: &Outcome, rule: &str) -> BTreeSet<(String, String)> {
    let of_rule = outcome.findings.iter().filter(|finding| finding.rule == rule);
    let told = of_rule.map(|finding| {
        let at = finding.primary.expect("a place");
        let source = outcome.model.sources.get(at.file);
        (source.path.clone(), source.slice(at.span).trim().to_owned())
    });
    told.collect()
}

fn generate(label: &str, path: &str, if_exists: &str, contents: &str) -> String {
    format!(
        "generate \"{label}\" {{\n  path      = \"{path}\"\n  if_exists = \"{if_exists}\"\n  contents  = <<-EOT\n{contents}  EOT\n}}\n"
    )
}

const SOURCE: &str = "terraform {\n  source = \"../../m\"\n}\n";
const MODULE: &str =
    "variable \"a\" {\n  default = \"\"\n}\nresource \"aws_vpc\" \"own\" {\n  tags = { a = var.a }\n}\n";

#[test]
fn generated_declarations_count() {
    let contents = "    variable \"b\" {}\n    resource \"aws_eip\" \"made\" {\n      tags = { b = var.b, a = var.a, own = aws_vpc.own.id }\n    }\n";
    let unit = format!(
        "{SOURCE}{}inputs = {{\n  a = \"1\"\n  b = \"2\"\n}}\n",
        generate("more", "more.tf", "overwrite", contents)
    );
    let missing = format!("{SOURCE}{}", generate("more", "more.tf", "overwrite", contents));
    let tree = Tree::new(&[
        ("m/main.tf", MODULE),
        ("live/with/terragrunt.hcl", &unit),
        ("live/without/terragrunt.hcl", SOURCE),
        ("live/missing/terragrunt.hcl", &missing),
    ]);
    let outcome = judged(&tree);
    assert_eq!(resources(&outcome, "live/with"), ["aws_eip.made", "aws_vpc.own"].map(str::to_owned).into());
    assert_eq!(resources(&outcome, "live/without"), ["aws_vpc.own"].map(str::to_owned).into());
    assert_eq!(variable(&outcome, "live/with", "b").as_deref(), Some("\"2\""));
    for rule in ["invalid-reference", "undeclared-input", "invalid-expression", "invalid-syntax"] {
        assert_eq!(found(&outcome, rule), BTreeSet::new(), "{rule}");
    }
    let missing: Vec<_> = outcome.findings.iter().filter(|finding| finding.rule == "missing-input").collect();
    assert_eq!(missing.len(), 1, "{missing:?}");
    assert_eq!(missing[0].places[0].unit.as_deref(), Some("live/missing"));
}

#[test]
fn findings_stand_where_the_contents_are_written() {
    let wrong = "    resource \"aws_security_group\" \"open\" {\n      ingress {\n        from_port   = 22\n        to_port     = 22\n        \
                 protocol    = \"tcp\"\n        cidr_blocks = [\"0.0.0.0/0\"]\n      }\n      name = var.nobody\n    }\n";
    let root = generate("wrong", "wrong.tf", "overwrite", wrong)
        + &generate("broken", "broken.tf", "overwrite", "    resource \"aws_vpc\" {{\n");
    let unit = format!("{SOURCE}include \"root\" {{\n  path = find_in_parent_folders(\"root.hcl\")\n}}\n");
    let tree = Tree::new(&[
        ("m/main.tf", MODULE),
        ("root.hcl", &root),
        ("live/one/terragrunt.hcl", &unit),
        ("live/two/terragrunt.hcl", &unit),
    ]);
    let outcome = judged(&tree);
    let at = |text: &str| BTreeSet::from([("root.hcl".to_owned(), text.to_owned())]);
    assert_eq!(found(&outcome, "open-ingress"), at("cidr_blocks = [\"0.0.0.0/0\"]"));
    assert_eq!(found(&outcome, "invalid-reference"), at("name = var.nobody"));
    assert!(!found(&outcome, "invalid-syntax").is_empty());
    assert!(found(&outcome, "invalid-syntax").iter().all(|(file, _)| file == "root.hcl"));
    let finding =
        outcome.findings.iter().find(|finding| finding.rule == "open-ingress").expect("it is found");
    let units: Vec<_> = finding.places.iter().filter_map(|place| place.unit.as_deref()).collect();
    assert_eq!(units, ["live/one", "live/two"]);
    assert!(tree.run(&["lint", "--rule", "open-ingress"]).out.contains("root.hcl:"), "it is shown there");
}

#[test]
fn what_exists_is_replaced_or_kept() {
    let contents = "    resource \"aws_eip\" \"made\" {}\n";
    let signed = "# Generated by Terragrunt. Sig: nIlQXj57tbuaRZEa\nresource \"aws_vpc\" \"own\" {}\n";
    let unit = |path: &str, how: &str| {
        format!("terraform {{\n  source = \"../../{path}\"\n}}\n{}", generate("g", "main.tf", how, contents))
    };
    let disabled =
        unit("m", "overwrite").replace("  path ", "  disable = true\n  if_disabled = \"remove\"\n  path ");
    let tree = Tree::new(&[
        ("m/main.tf", "resource \"aws_vpc\" \"own\" {}\n"),
        ("m/other.tf", "resource \"aws_sns_topic\" \"t\" {}\n"),
        ("signed/main.tf", signed),
        ("live/overwrite/terragrunt.hcl", &unit("m", "overwrite")),
        ("live/skip/terragrunt.hcl", &unit("m", "skip")),
        ("live/unsigned/terragrunt.hcl", &unit("m", "overwrite_terragrunt")),
        ("live/signed/terragrunt.hcl", &unit("signed", "overwrite_terragrunt")),
        (
            "live/disabled/terragrunt.hcl",
            &unit("m", "overwrite").replace("  path ", "  disable = true\n  path "),
        ),
        ("live/removed/terragrunt.hcl", &disabled),
        ("live/elsewhere/terragrunt.hcl", &unit("m", "overwrite").replace("main.tf", "sub/main.tf")),
        ("live/alone/terragrunt.hcl", &generate("g", "main.tf", "overwrite", contents)),
    ]);
    let outcome = judged(&tree);
    let (own, made, topic) = ("aws_vpc.own", "aws_eip.made", "aws_sns_topic.t");
    let cases: &[(&str, &[&str])] = &[
        ("overwrite", &[made, topic]),
        ("skip", &[own, topic]),
        ("unsigned", &[own, topic]),
        ("signed", &[made]),
        ("disabled", &[own, topic]),
        ("removed", &[topic]),
        ("elsewhere", &[own, topic]),
        ("alone", &[made]),
    ];
    for (unit, expected) in cases {
        let expected: BTreeSet<String> = expected.iter().map(|&one| one.to_owned()).collect();
        assert_eq!(resources(&outcome, &format!("live/{unit}")), expected, "{unit}");
    }
}

#[test]
fn files_beside_a_unit_are_laid_over_its_module() {
    let tree = Tree::new(&[
        ("m/main.tf", MODULE),
        ("m/extra.tf", "resource \"aws_sns_topic\" \"of_module\" {}\n"),
        ("live/a/terragrunt.hcl", SOURCE),
        (
            "live/a/extra.tf",
            "resource \"aws_eip\" \"of_unit\" {\n  vpc = aws_vpc.own.id\n  tags = { a = var.a }\n}\n",
        ),
        ("live/a/x.auto.tfvars", "a = \"beside\"\n"),
        ("live/a/y_override.tf", "resource \"aws_vpc\" \"own\" {\n  tags = {}\n}\n"),
        ("live/b/terragrunt.hcl", SOURCE),
        ("live/b/terraform.tfvars", "a = \"b\"\n"),
        ("live/own/terragrunt.hcl", "inputs = { a = \"x\" }\n"),
        ("live/own/main.tf", MODULE),
    ]);
    let outcome = judged(&tree);
    assert_eq!(resources(&outcome, "live/a"), ["aws_eip.of_unit", "aws_vpc.own"].map(str::to_owned).into());
    assert_eq!(
        resources(&outcome, "live/b"),
        ["aws_sns_topic.of_module", "aws_vpc.own"].map(str::to_owned).into()
    );
    let values =
        ["live/a", "live/b", "live/own"].map(|unit| variable(&outcome, unit, "a").unwrap_or_default());
    assert_eq!(values, ["\"beside\"", "\"b\"", "\"x\""]);
    // What lies beside a unit is no module by itself.
    assert_eq!(found(&outcome, "invalid-reference"), BTreeSet::new());
    assert!(outcome.model.roots.iter().all(|root| root.unit.is_some()), "only units are evaluated");
}

#[test]
fn providers_and_backends_alone_make_no_other_module() {
    let units: Vec<(String, String)> = (0..20)
        .map(|index| {
            let contents = format!("    provider \"aws\" {{\n      region = \"r-{index}\"\n    }}\n");
            let state = format!(
                "remote_state {{\n  backend = \"s3\"\n  generate = {{\n    path = \"backend.tf\"\n    if_exists = \"overwrite\"\n  }}\n  \
                 config = {{\n    bucket = \"b\"\n    key = \"k{index}\"\n  }}\n}}\n"
            );
            let text = format!("{SOURCE}{state}{}", generate("p", "provider.tf", "overwrite", &contents));
            (format!("live/u{index}/terragrunt.hcl"), text)
        })
        .collect();
    let reader = "data \"terraform_remote_state\" \"u\" {\n  backend = \"s3\"\n  config = {\n    bucket = \"b\"\n    key = \"k7\"\n  }\n}\n\
                  output \"x\" {\n  value = data.terraform_remote_state.u.outputs.name\n}\n";
    let module = format!("{MODULE}output \"name\" {{\n  value = aws_vpc.own.id\n}}\n");
    let mut files = vec![("m/main.tf", module.as_str()), ("root/main.tf", reader)];
    files.extend(units.iter().map(|(path, text)| (path.as_str(), text.as_str())));
    let outcome = judged(&Tree::new(&files));
    assert!(outcome.model.modules.iter().all(|module| module.layered.is_none()));
    // The state of a unit is where its configuration says.
    let (_, root) = outcome.model.roots().find(|(_, root)| root.scope == "root").expect("the reader");
    let read = root.instances[0].outputs[0].value.as_unknown().expect("not known").identity.clone();
    assert_eq!(read.exact().expect("one value").display_in("root"), "live/u7//aws_vpc.own.id");
}

#[test]
fn a_variable_that_only_a_generated_file_uses_is_used() {
    let contents = "    provider \"aws\" {\n      region = var.region\n    }\n";
    let root = generate("p", "provider.tf", "overwrite", contents);
    let include = "include \"root\" {\n  path = find_in_parent_folders(\"root.hcl\")\n}\n";
    let unit = format!("{SOURCE}{include}inputs = {{ region = \"x\" }}\n");
    let module =
        "variable \"region\" {}\nvariable \"idle\" {\n  default = 1\n}\nresource \"aws_vpc\" \"own\" {}\n";
    let tree = Tree::new(&[
        ("root.hcl", &root),
        ("m/main.tf", module),
        ("live/a/terragrunt.hcl", &unit),
        ("live/b/terragrunt.hcl", &unit),
    ]);
    let outcome = judged(&tree);
    let unused: Vec<&str> = outcome
        .findings
        .iter()
        .filter(|finding| finding.rule == "unused-declaration")
        .map(|finding| finding.message.as_str())
        .collect();
    assert_eq!(unused, ["`var.idle` is declared, but nothing uses it"]);
    assert_eq!(outcome.model.modules.iter().filter(|module| module.layered.is_some()).count(), 1);
}

#[test]
fn a_downloaded_module_is_read() {
    let source = "git::https://git.example.local/platform/vpc.git//modules/net?ref=v1.0.0";
    let unit =
        |source: &str| format!("terraform {{\n  source = \"{source}\"\n}}\ninputs = {{ a = \"x\" }}\n");
    // Hashes of the address and of the queries `ref=v1.0.0` and `ref=v2.0.0`.
    let (address, one, two) =
        ("kaJHny7kxr0yD5bKMAWz9kfXm28", "0HJELeKZvPl8o-_CCnQT4zRYMhU", "4vWFnsKT_f-kiIxSjPzmgm-z9gI");
    let file = |unit: &str, place: &str, name: &str, rest: &str| {
        format!("live/{unit}/.terragrunt-cache/{place}/{name}/{rest}")
    };
    let of = |name: &str| {
        format!("variable \"a\" {{}}\nresource \"aws_vpc\" \"{name}\" {{\n  tags = {{ a = var.a }}\n}}\n")
    };
    let other = of("other");
    let net = of("net");
    let files = [
        ("live/hashed/terragrunt.hcl".to_owned(), unit(source)),
        (file("hashed", "w", address, ".terragrunt-source-version"), one.to_owned()),
        (file("hashed", "w", address, "modules/net/main.tf"), net.clone()),
        (file("hashed", "w", "other", "modules/net/main.tf"), other.clone()),
        ("live/stale/terragrunt.hcl".to_owned(), unit(source)),
        (file("stale", "w", address, ".terragrunt-source-version"), two.to_owned()),
        (file("stale", "w", address, "modules/net/main.tf"), net.clone()),
        (
            "live/short/terragrunt.hcl".to_owned(),
            unit("git@git.example.local:platform/vpc.git//modules/net?ref=v1.0.0"),
        ),
        (file("short", "w", "h", ".terragrunt-source-version"), one.to_owned()),
        (file("short", "w", "h", "modules/net/main.tf"), net.clone()),
        (file("short", "w", "i", ".terragrunt-source-version"), two.to_owned()),
        (file("short", "w", "i", "modules/net/main.tf"), other.clone()),
        ("live/many/terragrunt.hcl".to_owned(), unit("github.com/platform/vpc//modules/net?ref=v1.0.0")),
        (file("many", "w", "h", "modules/net/main.tf"), net.clone()),
        (file("many", "w", "i", "modules/net/main.tf"), other.clone()),
        ("live/none/terragrunt.hcl".to_owned(), unit(source)),
    ];
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let outcome = judged(&Tree::new(&files));
    for unit in ["live/hashed", "live/short"] {
        assert_eq!(resources(&outcome, unit), ["aws_vpc.net".to_owned()].into(), "{unit}");
        assert_eq!(variable(&outcome, unit, "a").as_deref(), Some("\"x\""));
    }
    let reason =
        |unit: &str| outcome.model.unit(unit).and_then(|unit| unit.unavailable.clone()).unwrap_or_default();
    assert_eq!(
        reason("live/stale"),
        "module git::https://git.example.local/platform/vpc.git//modules/net is not available"
    );
    assert_eq!(reason("live/none"), reason("live/stale"));
    assert!(
        reason("live/many").ends_with("`.terragrunt-cache` holds several that may be meant"),
        "{}",
        reason("live/many")
    );
}

#[test]
fn what_is_wrong_in_a_downloaded_module_stands_at_the_source() {
    let open = "resource \"aws_security_group\" \"open\" {\n  ingress {\n    from_port = 22\n    to_port = 22\n    protocol = \"tcp\"\n    \
                cidr_blocks = [\"0.0.0.0/0\"]\n  }\n}\nvariable \"unused\" {\n  default = 1\n}\n";
    let tree = Tree::new(&[
        ("live/a/terragrunt.hcl", "terraform {\n  source = \"tfr:///platform/sg/aws?version=1.0.0\"\n}\n"),
        ("live/a/.terragrunt-cache/w/h/main.tf", open),
    ]);
    let outcome = judged(&tree);
    let source = ("live/a/terragrunt.hcl".to_owned(), "\"tfr:///platform/sg/aws?version=1.0.0\"".to_owned());
    assert_eq!(found(&outcome, "open-ingress"), BTreeSet::from([source]));
    // Whoever lints this tree cannot mend what is another's.
    assert_eq!(found(&outcome, "unused-declaration"), BTreeSet::new());
}
