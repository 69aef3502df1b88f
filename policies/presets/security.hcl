# Rules about what an attacker could use.

rule "open-ingress" {}
rule "unreadable-file" {}
