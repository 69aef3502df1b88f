use std::io::Write as _;
use std::time::Instant;

/// What is being done, told on standard error as far as `-v` asks for it.
#[derive(Debug)]
pub(super) struct Log {
    level: u8,
    started: Instant,
}

impl Log {
    pub(super) fn new(level: u8) -> Self {
        Self { level, started: Instant::now() }
    }

    /// Tells one step, if it is asked for; from the second level on with the time since the start.
    pub(super) fn step(&self, text: impl FnOnce() -> String) {
        if self.level == 0 {
            return;
        }
        let time = match self.level {
            1 => String::new(),
            _ => format!("{:>7.1} ms  ", self.started.elapsed().as_secs_f64() * 1000.0),
        };
        // Where standard error is closed, there is nobody to tell.
        let _ = writeln!(std::io::stderr().lock(), "plangate: {time}{}", text());
    }
}
