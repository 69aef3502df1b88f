# Rules about what an attacker could use.

rule "hardcoded-secret" {}
rule "invalid-syntax" {}
rule "open-ingress" {}
rule "sensitive-in-plan" {}
rule "sensitive-output" {}
rule "unpinned-module" {}
rule "unreadable-file" {}
