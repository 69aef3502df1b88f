use std::io::{IsTerminal as _, Write as _};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How long a run may last before it tells what it is at.
const PATIENCE: Duration = Duration::from_secs(1);
const TICK: Duration = Duration::from_millis(120);

/// A line on the terminal that says what is being done, for work over a second. It is gone when the work is.
pub(super) struct Progress {
    stages: Option<Sender<&'static str>>,
    thread: Option<JoinHandle<()>>,
}

impl Progress {
    /// Begins to watch, where standard error is a terminal and nothing speaks against it.
    pub(super) fn start(wanted: bool) -> Self {
        if !wanted || !std::io::stderr().is_terminal() {
            return Self { stages: None, thread: None };
        }
        let (stages, told) = channel();
        let thread = std::thread::Builder::new().name("progress".into()).spawn(move || {
            let started = Instant::now();
            let mut stage = "reading";
            let mut shown = false;
            loop {
                match told.recv_timeout(TICK) {
                    Ok(next) => stage = next,
                    Err(RecvTimeoutError::Disconnected) => break,
                    Err(RecvTimeoutError::Timeout) => {}
                }
                if started.elapsed() >= PATIENCE {
                    shown = true;
                    let seconds = started.elapsed().as_secs();
                    let _ = write!(std::io::stderr().lock(), "\r\x1b[K{stage}… {seconds} s");
                    let _ = std::io::stderr().lock().flush();
                }
            }
            if shown {
                let _ = write!(std::io::stderr().lock(), "\r\x1b[K");
            }
        });
        Self { stages: Some(stages), thread: thread.ok() }
    }

    /// Says what is being done from here on.
    pub(super) fn stage(&self, stage: &'static str) {
        if let Some(stages) = &self.stages {
            // The thread may be gone; then nobody looks.
            let _ = stages.send(stage);
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        drop(self.stages.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
