//! The command `plangate`.

use std::process::ExitCode;

fn main() -> ExitCode {
    plangate::cli::main().into()
}
