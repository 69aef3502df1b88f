# Rules about what an attacker could use.

rule "unreadable-file" {}
