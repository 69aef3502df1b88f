/// Which members of a JSON object are blocks, for the JSON form, in which nothing else tells.
///
/// Whatever is not listed is an attribute. The rooms above own the tables: the syntax knows no block types.
#[derive(Debug)]
pub struct Schema {
    /// The block types of a body.
    pub blocks: &'static [BlockSchema],
}

/// One block type of a [`Schema`].
#[derive(Debug)]
pub struct BlockSchema {
    /// The type's name.
    pub kind: &'static str,
    /// How many labels it has.
    pub labels: usize,
    /// The blocks in its body.
    pub body: &'static Schema,
}

impl Schema {
    /// A body without blocks.
    pub const NONE: Self = Self { blocks: &[] };
}
