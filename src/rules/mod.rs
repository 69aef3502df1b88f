//! The built-in rules: one file each, whose doc comment is its page; and the registry that lists them.
