//! Text to tree: HCL's native syntax, its templates and its JSON form, all into one compact [`Tree`].
//!
//! The parser is resilient: it reports every error of a file and keeps what stands around them.

mod schema;
mod tree;

pub use schema::{BlockSchema, Schema};
pub use tree::{
    Attribute, BinaryOp, Block, BlockId, Body, BodyId, Comment, Expr, ExprId, ExprKind, For, Item, Label,
    List, Name, SyntaxError, Text, Tree, UnaryOp,
};
