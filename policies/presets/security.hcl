# Rules about what an attacker could use.

rule "hardcoded-secret" {}
rule "invalid-syntax" {}
rule "open-ingress" {}
rule "sensitive-in-plan" {}
rule "sensitive-output" {}
rule "side-effect-in-parse" {}
rule "unpinned-module" {}
rule "unreadable-file" {}
