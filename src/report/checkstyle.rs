//! Checkstyle's XML: findings by file.

use std::io::{self, Write};

use super::xml::{declaration, escape};
use super::{Options, Report};

pub(super) fn write(report: &Report<'_>, out: &mut dyn Write, options: &Options) -> io::Result<()> {
    declaration(out)?;
    writeln!(out, "<checkstyle version=\"10.0\">")?;
    let by_file =
        report.shown(options).chunk_by(|a, b| a.primary.map(|at| at.file) == b.primary.map(|at| at.file));
    for findings in by_file {
        let file = findings.first().and_then(|finding| finding.primary).map(|location| location.file);
        // What no file is to blame for stands at the top of the tree.
        let path = file.map_or(".", |file| report.sources.path(file));
        writeln!(out, "  <file name=\"{}\">", escape(path))?;
        for finding in findings {
            let region = finding.primary.map(|location| report.sources.region(location));
            let severity = finding.severity.word();
            writeln!(
                out,
                "    <error line=\"{}\" column=\"{}\" severity=\"{severity}\" message=\"{}\" source=\"plangate.{}\"/>",
                region.map_or(1, |region| region.line),
                region.map_or(1, |region| region.column),
                escape(&finding.message),
                escape(&finding.rule),
            )?;
        }
        writeln!(out, "  </file>")?;
    }
    writeln!(out, "</checkstyle>")
}
