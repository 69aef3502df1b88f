use crate::config::UndecidedLevel;
use crate::exit::Exit;
use crate::finding::{Coverage, Finding, Severity, Status};

/// What decides how a run ends.
#[derive(Clone, Copy, Debug)]
pub struct Verdict {
    /// How bad a finding must be to count.
    pub threshold: Severity,
    /// What an undecided verdict counts for.
    pub undecided: UndecidedLevel,
}

impl Verdict {
    /// How a run without errors of its own ends. Findings that the change mended do not count.
    #[must_use]
    pub fn exit(self, findings: &[Finding], coverage: &Coverage) -> Exit {
        let mut exit = Exit::Clean;
        if coverage.files == 0 && coverage.plans == 0 {
            exit = exit.or(Exit::NothingInspected);
        }
        let mut counted = findings.iter().filter(|finding| finding.status != Status::Fixed);
        let found = counted.any(|finding| finding.severity >= self.threshold);
        let undecided = !coverage.undecided.is_empty()
            && severity(self.undecided).is_some_and(|severity| severity >= self.threshold);
        if found || undecided {
            exit = exit.or(Exit::Findings);
        }
        exit
    }
}

/// How bad an undecided verdict is.
const fn severity(undecided: UndecidedLevel) -> Option<Severity> {
    match undecided {
        UndecidedLevel::Ignore => None,
        UndecidedLevel::Warn => Some(Severity::Warning),
        UndecidedLevel::Error => Some(Severity::Error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Place, Undecided};

    fn coverage(files: usize, undecided: usize) -> Coverage {
        let one = Undecided {
            rule: "r".into(),
            place: Place::NOWHERE,
            location: None,
            unknown: "var.x".into(),
            reason: "because".into(),
        };
        Coverage { files, undecided: vec![one; undecided], ..Coverage::default() }
    }

    fn exit(found: &[Severity], threshold: Severity, undecided: UndecidedLevel, coverage: &Coverage) -> Exit {
        let findings: Vec<_> = found.iter().map(|&severity| Finding::nowhere("r", severity, "m")).collect();
        Verdict { threshold, undecided }.exit(&findings, coverage)
    }

    #[test]
    fn the_threshold_counts() {
        use Severity::{Error, Info, Warning};
        let policy = UndecidedLevel::Ignore;
        let read = coverage(1, 0);
        for (found, threshold, expected) in [
            (&[Error][..], Error, Exit::Findings),
            (&[Warning, Info], Error, Exit::Clean),
            (&[Warning], Warning, Exit::Findings),
            (&[Info], Info, Exit::Findings),
            (&[], Info, Exit::Clean),
        ] {
            assert_eq!(exit(found, threshold, policy, &read), expected, "{found:?} {threshold:?}");
        }
    }

    #[test]
    fn undecided_counts_as_configured() {
        use UndecidedLevel::{Error, Ignore, Warn};
        let read = coverage(1, 3);
        for (policy, threshold, expected) in [
            (Ignore, Severity::Info, Exit::Clean),
            (Warn, Severity::Error, Exit::Clean),
            (Warn, Severity::Warning, Exit::Findings),
            (Error, Severity::Error, Exit::Findings),
        ] {
            assert_eq!(exit(&[], threshold, policy, &read), expected, "{policy:?} {threshold:?}");
        }
    }

    #[test]
    fn nothing_inspected_is_worse_than_findings() {
        let nothing = coverage(0, 0);
        assert_eq!(
            exit(&[Severity::Error], Severity::Error, UndecidedLevel::Warn, &nothing),
            Exit::NothingInspected
        );
        let plan = Coverage { plans: 1, ..coverage(0, 0) };
        assert_eq!(exit(&[], Severity::Error, UndecidedLevel::Warn, &plan), Exit::Clean);
    }

    #[test]
    fn mended_findings_do_not_count() {
        let mut mended = Finding::nowhere("r", Severity::Error, "m");
        mended.status = Status::Fixed;
        let verdict = Verdict { threshold: Severity::Error, undecided: UndecidedLevel::Warn };
        assert_eq!(verdict.exit(&[mended], &coverage(1, 0)), Exit::Clean);
    }
}
