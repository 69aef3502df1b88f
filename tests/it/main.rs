//! Integration tests, one module for each topic.

#![expect(clippy::expect_used, clippy::panic, reason = "a test that cannot go on says why")]

mod oracle_functions;
mod oracle_modules;
