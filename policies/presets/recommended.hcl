# What holds where a configuration extends nothing: problems that nearly every team wants to know of.

rule "missing-required-version" {}
rule "unreadable-file" {}
