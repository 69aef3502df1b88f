# Every rule there is.

rule "expired-suppression" {}
rule "malformed-suppression" {}
rule "misnamed-suppression" {}
rule "missing-required-version" {}
rule "unexplained-suppression" {}
rule "unreadable-file" {}
rule "unused-suppression" {}
