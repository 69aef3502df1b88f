use std::io::{IsTerminal as _, Write};

/// When to use colours.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, clap::ValueEnum)]
pub(super) enum ColorWhen {
    /// Where a terminal reads, and NO_COLOR does not forbid it
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// What standard output can show.
#[derive(Clone, Debug)]
pub(super) struct Screen {
    /// Colours.
    pub(super) color: bool,
    /// Colours on standard error.
    pub(super) error_color: bool,
    /// Links that can be clicked.
    pub(super) links: bool,
    /// Columns.
    pub(super) width: usize,
    /// Drawing characters beyond ASCII.
    pub(super) unicode: bool,
    /// A screen reader reads.
    pub(super) narrated: bool,
}

/// Columns where nothing tells how many there are: a log in a browser.
const WIDTH: usize = 100;

impl Screen {
    pub(super) fn new(when: ColorWhen, narrated: bool) -> Self {
        let auto = |choice: anstream::ColorChoice| choice != anstream::ColorChoice::Never;
        let (color, error_color) = match when {
            ColorWhen::Always => (true, true),
            ColorWhen::Never => (false, false),
            ColorWhen::Auto => (
                auto(anstream::AutoStream::choice(&std::io::stdout())),
                auto(anstream::AutoStream::choice(&std::io::stderr())),
            ),
        };
        let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
        let width = columns.or_else(|| terminal_size::terminal_size().map(|(width, _)| usize::from(width.0)));
        Self {
            color,
            error_color,
            links: color && supports_hyperlinks::on(supports_hyperlinks::Stream::Stdout),
            width: width.unwrap_or(WIDTH).max(20),
            unicode: !std::io::stdout().is_terminal()
                || supports_unicode::on(supports_unicode::Stream::Stdout),
            // The variable that miette and its kin look at.
            narrated: narrated || std::env::var_os("NO_GRAPHICS").is_some_and(|value| value != "0"),
        }
    }

    /// Writes to standard output. That nobody reads any more is no error.
    pub(super) fn print(
        &self,
        write: impl FnOnce(&mut dyn Write) -> std::io::Result<()>,
    ) -> std::io::Result<()> {
        let mut out = std::io::BufWriter::new(std::io::stdout().lock());
        let result = write(&mut out).and_then(|()| out.flush());
        match result {
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
            other => other,
        }
    }
}
