# Every rule there is.

rule "expired-suppression" {}
rule "malformed-suppression" {}
rule "misnamed-suppression" {}
rule "missing-dns-alias" {}
rule "missing-required-version" {}
rule "open-ingress" {}
rule "unexplained-suppression" {}
rule "unreadable-file" {}
rule "unused-suppression" {}
