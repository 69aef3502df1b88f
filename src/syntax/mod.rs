//! Text to tree: HCL's native syntax, its templates and its JSON form, all into one compact [`Tree`].
//!
//! The parser is resilient: it reports every error of a file and keeps what stands around them.

mod assembly;
mod collection;
mod damage;
mod expression;
mod heredoc;
mod json;
mod lexer;
mod mistakes;
mod native;
mod parser;
mod places;
mod recovery;
mod schema;
mod structure;
mod template;
#[cfg(test)]
mod tests;
mod traversal;
mod tree;

pub use json::{parse_json, parse_json_values};
pub use lexer::is_identifier;
pub use native::{parse_expression, parse_hcl, parse_template};
pub use parser::{MAX_HEIGHT, MAX_NESTING};
pub use schema::{BlockSchema, Schema};
pub use traversal::{References, Step, StepKind, Steps, Traversal};
pub use tree::{
    Attribute, BinaryOp, Block, BlockId, Body, BodyId, Comment, Expr, ExprId, ExprKind, For, Item, Label,
    List, Name, SyntaxError, Text, Tree, UnaryOp,
};
