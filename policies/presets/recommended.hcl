# What holds where a configuration extends nothing: problems that nearly every team wants to know of.

rule "deprecated-syntax" {}
rule "duplicate-declaration" {}
rule "expired-suppression" {}
rule "failed-check" {}
rule "failed-condition" {}
rule "hardcoded-secret" {}
rule "invalid-expression" {}
rule "invalid-module-call" {}
rule "invalid-reference" {}
rule "invalid-syntax" {}
rule "malformed-suppression" {}
rule "misnamed-suppression" {}
rule "missing-dns-alias" {}
rule "missing-required-version" {}
rule "moved-target-missing" {}
rule "obsolete-required-version" {}
rule "open-ingress" {}
rule "sensitive-output" {}
rule "undeclared-value" {}
rule "unexplained-suppression" {}
rule "unpinned-module" {}
rule "unpinned-provider" {}
rule "unreadable-file" {}
rule "untyped-variable" {}
rule "unused-declaration" {}
rule "unused-suppression" {}
