/// What holds where a configuration extends nothing.
pub(super) const DEFAULT: &str = "recommended";

/// The presets that are part of the program: name and text. They are read by the same code as a user's file.
pub const PRESETS: &[(&str, &str)] = &[
    ("all", include_str!("../../policies/presets/all.hcl")),
    ("recommended", include_str!("../../policies/presets/recommended.hcl")),
    ("security", include_str!("../../policies/presets/security.hcl")),
    ("style", include_str!("../../policies/presets/style.hcl")),
];
