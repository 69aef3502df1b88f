# The everyday commands. CI calls the same ones.

# List them
default:
    @just --list

# All that must hold before a change lands
ci:
    .ci/run

# Run the tests, all or those whose names match
test *names:
    cargo test {{names}}

# Look for mistakes without running anything
check:
    cargo fmt --check
    cargo clippy --all-targets -- -D warnings

# Format the code
fmt:
    cargo fmt

# Write again what is rendered from the code: docs, schemas, help, snapshots
bless:
    PLANGATE_BLESS=1 INSTA_UPDATE=always cargo test --test it
    INSTA_UPDATE=always cargo test --lib

# Lint a tree
lint *arguments:
    cargo run --release -- lint {{arguments}}

# Measure
bench *names:
    cargo bench {{names}}

# Check licences, advisories and duplicates of dependencies
deny:
    cargo deny check
