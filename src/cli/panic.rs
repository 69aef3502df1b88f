use std::io::Write as _;

use crate::exit::Exit;

/// Ends the process with a clear message when something that must not happen does. The panic's own text is not shown: it
/// may hold a value of the tree.
pub(super) fn install() {
    std::panic::set_hook(Box::new(|info| {
        let place = info.location().map_or_else(
            || "an unknown place".to_owned(),
            |location| format!("{}:{}", location.file(), location.line()),
        );
        let mut out = std::io::stderr().lock();
        let _ = writeln!(
            out,
            "plangate: internal error at {place}\n  \
             this is a mistake in plangate {}, not in your files; nothing was judged\n  \
             please report it at {}/issues with this line",
            env!("CARGO_PKG_VERSION"),
            crate::HOMEPAGE,
        );
        let _ = out.flush();
        std::process::exit(Exit::Failed.code().into());
    }));
}
