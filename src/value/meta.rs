/// The place of the expression that a value was written by, as one number.
///
/// Every expression of every file of a run has its own: a tree's expressions follow its `origin_base`. A value keeps
/// the origin of the literal it comes from, through variables, locals, outputs and merges; what lies between the
/// literal and its use is found again, by following references, when a finding is built.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Debug)]
pub struct Origin(u32);

impl Origin {
    /// Nowhere: a value that no file wrote.
    pub const NONE: Self = Self(0);
    const MAX: u32 = (1 << 30) - 1;

    /// The origin of that number; nowhere if there are too many.
    #[must_use]
    pub const fn new(number: u32) -> Self {
        if number > Self::MAX { Self::NONE } else { Self(number) }
    }

    /// Its number, 0 for nowhere.
    #[must_use]
    pub const fn number(self) -> u32 {
        self.0
    }
}

/// Marks and origin of a value.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Meta(u32);

impl Meta {
    const SENSITIVE: u32 = 1 << 31;
    const EPHEMERAL: u32 = 1 << 30;
    const MARKS: u32 = Self::SENSITIVE | Self::EPHEMERAL;

    /// Where the value was written.
    #[must_use]
    pub const fn origin(self) -> Origin {
        Origin(self.0 & !Self::MARKS)
    }

    /// The same marks, another origin.
    #[must_use]
    pub const fn with_origin(self, origin: Origin) -> Self {
        Self(self.0 & Self::MARKS | origin.0)
    }

    /// Whether the value is marked sensitive.
    #[must_use]
    pub const fn sensitive(self) -> bool {
        self.0 & Self::SENSITIVE != 0
    }

    /// Whether the value is marked ephemeral.
    #[must_use]
    pub const fn ephemeral(self) -> bool {
        self.0 & Self::EPHEMERAL != 0
    }

    /// With or without the mark.
    #[must_use]
    pub const fn with_sensitive(self, on: bool) -> Self {
        Self(if on { self.0 | Self::SENSITIVE } else { self.0 & !Self::SENSITIVE })
    }

    /// With or without the mark.
    #[must_use]
    pub const fn with_ephemeral(self, on: bool) -> Self {
        Self(if on { self.0 | Self::EPHEMERAL } else { self.0 & !Self::EPHEMERAL })
    }

    /// This origin, with the marks of both.
    #[must_use]
    pub const fn with_marks_of(self, other: Self) -> Self {
        Self(self.0 | other.0 & Self::MARKS)
    }
}
