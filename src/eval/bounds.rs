//! How far an evaluation may grow. What goes beyond is an error, so that no tree, however it is written, can take
//! all memory or never end.

/// Bytes of one text.
pub(crate) const TEXT_BYTES: usize = 64 << 20;
/// Elements of one collection that a function makes.
pub(crate) const COLLECTION_ELEMENTS: usize = 1 << 20;
/// How deep values may nest when they are decoded or encoded.
pub(crate) const VALUE_DEPTH: usize = 512;
/// Nodes that one YAML document may expand to, aliases included.
pub(crate) const YAML_NODES: usize = 1 << 20;
/// Bytes that the program of one regular expression may take.
pub(crate) const PATTERN_BYTES: usize = 10 << 20;
/// How often a counted repetition of a regular expression may repeat, nested ones multiplied.
pub(crate) const PATTERN_REPEAT: u32 = 1000;
/// What the loops and calls of one expression may cost: a pass [`PASS`], a call about what it is given.
pub(crate) const WORK: usize = 1 << 26;
/// What a pass of a loop costs.
pub(crate) const PASS: usize = 1 << 6;
/// Values within one value, counted as if nothing were shared.
pub(crate) const VALUE_NODES: usize = 1 << 22;
/// Bytes of what is known of the beginning of an unknown text.
pub(crate) const PREFIX_BYTES: usize = 128;
