# Every rule there is.

rule "missing-required-version" {}
rule "unreadable-file" {}
