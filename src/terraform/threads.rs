//! Threads with room for long chains of references, which are followed by recursion.

use std::cell::Cell;

use rayon::{ThreadPool, ThreadPoolBuildError, ThreadPoolBuilder};

use super::bounds;

thread_local! {
    /// Whether this thread has that room.
    static ROOMY: Cell<bool> = const { Cell::new(false) };
}

/// So many threads with room to evaluate; 0 is one for each processor.
///
/// # Errors
/// That the system grants no such threads.
pub fn pool(threads: usize) -> Result<ThreadPool, ThreadPoolBuildError> {
    ThreadPoolBuilder::new()
        .num_threads(threads)
        .stack_size(bounds::STACK_BYTES)
        .start_handler(|_| ROOMY.set(true))
        .build()
}

/// Does this work on threads with room: these, if they have it.
pub(crate) fn with_room<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    if ROOMY.get() {
        return work();
    }
    match pool(rayon::current_num_threads()) {
        Ok(pool) => pool.install(work),
        // No threads to be had: the stack of this one must do.
        Err(_) => work(),
    }
}
