# Rules about what an attacker could use.

rule "invalid-syntax" {}
rule "open-ingress" {}
rule "unpinned-module" {}
rule "unreadable-file" {}
