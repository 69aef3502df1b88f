//! The command `plangate`.

use std::process::ExitCode;

use mimalloc::MiMalloc;

/// Evaluation makes and drops small values on every thread, which the C library's allocator is slow at.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    plangate::cli::main().into()
}
