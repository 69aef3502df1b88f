# Rules about how a tree reads, and stays easy to change.

rule "missing-required-version" {}
