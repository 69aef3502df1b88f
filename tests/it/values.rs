//! Values that are given beside the tree: what fits nothing is an error of whoever gives it, not of the tree.

use crate::cli::{Ran, Tree, ran};

const ROOT: &str = "variable \"region\" {\n  type = string\n}\nvariable \"cidrs\" {\n  type    = list(string)\n  default = []\n}\n\
    variable \"keys\" {\n  type      = list(string)\n  default   = []\n  sensitive = true\n}\n\
    variable \"size\" {\n  type     = number\n  default  = 1\n  nullable = false\n}\n";

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn refused(ran: &Ran, wanted: &[&str]) {
    assert_eq!(ran.code, 2, "{}{}", ran.out, ran.error);
    assert_eq!(ran.out, "");
    for text in wanted {
        assert!(one_line(&ran.error).contains(text), "{text}: {}", ran.error);
    }
}

#[test]
fn a_variable_that_no_root_has_is_refused() {
    let tree = Tree::new(&[("a/main.tf", ROOT), ("b/main.tf", "variable \"zone\" {}\n")]);
    let said = ["plangate: `--var regoin`: no root module has this variable", "help: did you mean `region`?"];
    refused(&tree.run(&["lint", "--var", "regoin=x"]), &said);
    refused(&tree.run(&["show", "--var", "regoin=x"]), &said);
    refused(&tree.run(&["eval", "--dir", "a", "--var", "regoin=x", "1"]), &said);
    refused(&tree.run(&["lint", "b", "--var", "region=x"]), &["`--var region`: no root module has"]);
    assert_ne!(tree.run(&["lint", "--var", "region=x", "--var", "zone=y"]).code, 2);
    let environment = ran(tree.command(&["lint"]).env("TF_VAR_regoin", "x"), b"");
    assert_ne!(environment.code, 2, "{}", environment.error);
    assert_eq!(environment.error, "");
    // Where there is nothing to judge, that is what is said.
    tree.write("empty/notes.txt", b"");
    assert_eq!(tree.run(&["lint", "empty", "--var", "x=1"]).code, 3);
}

#[test]
fn a_value_that_the_variable_cannot_take_is_refused() {
    let strict = "variable \"count_of\" {\n  type     = number\n  nullable = false\n}\n";
    let tree = Tree::new(&[("main.tf", &format!("{ROOT}{strict}"))]);
    for (value, said) in [
        ("cidrs=[1,", "`--var cidrs`: a variable of this type needs an expression:"),
        ("cidrs=10.0.0.0/8", "`--var cidrs`: a variable of this type needs an expression:"),
        ("cidrs={ a = 1 }", "`--var cidrs`: the variable `cidrs` cannot take this value:"),
        ("cidrs=upper(\"x\")", "`--var cidrs`: "),
        ("count_of=null", "`--var count_of`: the variable `count_of` must not be null"),
        ("size=[]", "`--var size`: the variable `size` cannot take this value:"),
    ] {
        for command in ["lint", "show"] {
            refused(&tree.run(&[command, "--var", value]), &[said, "help: "]);
        }
    }
    let broken = tree.run(&["lint", "--var", "cidrs=[1,"]);
    assert!(broken.error.contains("--var 'cidrs=[\"a\", \"b\"]'"), "{}", broken.error);
    for value in ["keys=[hunter2,", "keys=hunter2", "keys={ hunter2 = 1 }"] {
        let ran = tree.run(&["lint", "--var", value]);
        refused(&ran, &["`--var keys`: the value does not fit the variable's type"]);
        assert!(!ran.error.contains("hunter2"), "{}", ran.error);
    }
    for value in ["cidrs=[\"10.0.0.0/8\"]", "size=2", "region=[1,"] {
        let ran = tree.run(&["lint", "--rule", "invalid-expression", "--var", value]);
        assert_eq!(ran.code, 0, "{value}: {}{}", ran.out, ran.error);
    }
}

#[test]
fn a_file_of_values_that_exists_nowhere_is_an_error_at_its_place() {
    let config = "var_files = [\"common.tfvars\"]\n\npaths \"live/**\" {\n  var_files = [\"prod.tfvras\", \"prod.tfvars\"]\n}\n\n\
                  variant \"staging\" {\n  var_files = [\"env/stagin.tfvars\"]\n}\n";
    let tree = Tree::new(&[
        ("plangate.hcl", config),
        ("common.tfvars", ""),
        ("live/a/main.tf", ROOT),
        ("live/a/prod.tfvars", "region = \"a\"\n"),
        ("live/b/main.tf", ROOT),
        ("modules/x/main.tf", ROOT),
        ("modules/x/env/staging.tfvars", ""),
    ]);
    for paths in [&["lint"][..], &["lint", "live"], &["show", "live/b"], &["lint", "live/a/main.tf"]] {
        let ran = tree.run(paths);
        refused(
            &ran,
            &["there is no file `prod.tfvras`", "plangate.hcl:4:16", "did you mean `prod.tfvars`?"],
        );
        refused(&ran, &["there is no file `env/stagin.tfvars`", "did you mean `env/staging.tfvars`?"]);
        // One that only some of the roots have is meant for those.
        assert!(!ran.error.contains("`prod.tfvars`  ") && !ran.error.contains("no file `prod.tfvars`"));
    }
    let good = config.replace("\"prod.tfvras\", ", "").replace("stagin.", "staging.");
    tree.write("plangate.hcl", good.as_bytes());
    for paths in [&["lint"][..], &["lint", "live"], &["lint", "live/b"], &["lint", "modules/x/main.tf"]] {
        let ran = tree.run(paths);
        assert_ne!(ran.code, 2, "{paths:?}: {}", ran.error);
        assert_eq!(ran.error, "", "{paths:?}");
    }
    // A configuration speaks of what lies below it.
    tree.write("modules/plangate.hcl", b"var_files = [\"prod.tfvars\"]\n");
    let said = ["there is no file `prod.tfvars`", "modules/plangate.hcl:1:14"];
    refused(&tree.run(&["lint", "modules"]), &said);
    tree.write("modules/plangate.hcl", b"var_files = [\"../../outside.tfvars\"]\n");
    refused(&tree.run(&["lint", "modules"]), &["there is no file `../../outside.tfvars`"]);
}
