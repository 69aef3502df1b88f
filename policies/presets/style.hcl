# Rules about how a tree reads, and stays easy to change.

rule "deprecated-syntax" {}
rule "inconsistent-naming" {}
rule "misplaced-declaration" {}
rule "missing-required-version" {}
rule "undocumented-variable" {}
rule "unreachable-instance" {}
rule "untyped-variable" {}
rule "unused-declaration" {}
