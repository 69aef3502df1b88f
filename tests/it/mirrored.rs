//! Findings in modules of other repositories.

use crate::cli::json;
use crate::mirrors::{Platform, call};

const GROUP: &str = "variable \"password\" {\n  type    = string\n  default = null\n}\n\
    resource \"aws_security_group\" \"this\" {\n  description = \"hunter2-Xk9fQz7Lp2Vw\"\n  ingress {\n    from_port   = 22\n    to_port     = 22\n    \
    protocol    = \"tcp\"\n    cidr_blocks = [\"0.0.0.0/0\"]\n  }\n}\n\
    resource \"aws_security_group\" \"other\" {\n  ingress {\n    from_port   = 22\n    to_port     = 22\n    \
    protocol    = \"tcp\"\n    cidr_blocks = [\"0.0.0.0/0\"]\n  }\n}\n\
    resource \"aws_db_instance\" \"this\" {\n  identifier = \"x\"\n  password   = \"hunter2-Xk9fQz7Lp2Vw\"\n}\n";

const FILE: &str = "../mirrors/net.git@v1/modules/group/main.tf";

fn platform() -> Platform {
    let place = Platform::new(&call("a", "net.git?ref=v1"));
    let git = place.bare("net");
    let wrapper = "module \"group\" {\n  source = \"./modules/group\"\n}\n";
    git.reference("refs/tags/v1", git.texts(&[("main.tf", wrapper), ("modules/group/main.tf", GROUP)]));
    place
}

#[test]
fn findings_stand_at_the_call_and_show_the_revision() {
    let place = platform();
    let ran = place.run(&["lint", "--rule", "open-ingress", "--format", "json"]);
    assert_eq!(ran.code, 1, "{}{}", ran.out, ran.error);
    let report = json(&ran.out);
    let findings = report["findings"].as_array().expect("findings");
    // Two mistakes of one module stay two, though one call leads to both.
    assert_eq!(findings.len(), 2, "{report}");
    let mut lines = Vec::new();
    for finding in findings {
        let at = &finding["location"];
        assert_eq!((&at["file"], &at["line"]), (&"live/main.tf".into(), &2.into()), "{finding}");
        let first = &finding["labels"][0]["location"];
        assert_eq!(first["file"], FILE, "{finding}");
        lines.push(first["line"].as_u64().expect("a line"));
    }
    lines.sort_unstable();
    assert_eq!(lines, [11, 19]);
    let ran = place.run(&["lint", "--rule", "open-ingress"]);
    assert!(ran.out.contains(&format!("{FILE}:11")) && ran.out.contains("0.0.0.0/0"), "{}", ran.out);
    // There it can be suppressed, too.
    let main = "# plangate:ignore[open-ingress] the next release closes it\n".to_owned()
        + &call("a", "net.git?ref=v1");
    place.0.write("infra/live/main.tf", main.as_bytes());
    let ran = place.run(&["lint", "--rule", "open-ingress", "--format", "json"]);
    assert_eq!(json(&ran.out)["findings"], serde_json::json!([]), "{}", ran.out);
    // A tree of which nothing that calls the module was asked for says nothing of it.
    place.0.write("infra/other/main.tf", b"");
    let ran = place.run(&["lint", "--rule", "open-ingress", "--format", "json", "other"]);
    assert_eq!(json(&ran.out)["findings"], serde_json::json!([]));
}

#[test]
fn secrets_of_a_revision_are_masked() {
    let place = platform();
    for format in ["human", "json", "jsonl", "sarif", "markdown", "github", "gitlab"] {
        for rules in [&[][..], &["--rule", "hardcoded-secret"], &["--rule", "open-ingress"]] {
            let ran = place.run(&[&["lint", "--format", format], rules].concat());
            assert!(!ran.out.contains("hunter2"), "{format}: {}", ran.out);
        }
    }
    let shown = place.run(&["show"]);
    assert!(!shown.out.contains("hunter2"), "{}", shown.out);
    // The call at which the finding stands is no secret.
    let ran = place.run(&["lint", "--rule", "hardcoded-secret"]);
    assert!(
        ran.out.is_empty() || !ran.out.contains("live/main.tf") || ran.out.contains("net.git?ref=v1"),
        "{}",
        ran.out
    );
}

#[test]
fn what_this_tree_hands_over_is_found_where_it_is_written() {
    let main = call("a", "net.git?ref=v1").replace("}\n", "  cidr = \"0.0.0.0/0\"\n}\n");
    let place = Platform::new(&main);
    let git = place.bare("net");
    let group = "variable \"cidr\" {}\nresource \"aws_security_group\" \"this\" {\n  ingress {\n    from_port   = 22\n    \
                 to_port     = 22\n    protocol    = \"tcp\"\n    cidr_blocks = [var.cidr]\n  }\n}\n";
    git.reference("refs/tags/v1", git.texts(&[("main.tf", group)]));
    let ran = place.run(&["lint", "--rule", "open-ingress", "--format", "json"]);
    let finding = json(&ran.out)["findings"][0].clone();
    assert_eq!(
        (&finding["location"]["file"], &finding["location"]["line"]),
        (&"live/main.tf".into(), &3.into()),
        "{finding}"
    );
}
