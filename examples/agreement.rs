//! Compares what the parser accepts with recorded verdicts: a file of lines `{"path": …, "ok": …}` or
//! `{"text": …, "ok": …}`. Prints every disagreement and the counts.

#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a tool for the parser's developers")]

use std::sync::Arc;

use plangate::source::FileId;
use plangate::syntax::{parse_expression, parse_hcl};

fn main() {
    let mut counts = [[0usize; 2]; 2];
    for list in std::env::args().skip(1) {
        for line in std::fs::read_to_string(&list).unwrap().lines() {
            let case: serde_json::Value = serde_json::from_str(line).unwrap();
            let text = match case["text"]
                .as_str()
                .or_else(|| case["hcl"].as_str())
                .or_else(|| case["expr"].as_str())
            {
                Some(text) => text.to_owned(),
                None => {
                    let path = case["path"].as_str().or_else(|| case["file"].as_str()).unwrap();
                    match std::fs::read(path).map(String::from_utf8) {
                        Ok(Ok(text)) => text,
                        _ => continue,
                    }
                }
            };
            let tree = if case["expr"].is_string() {
                parse_expression(FileId(0), Arc::from(text.as_str())).0
            } else {
                parse_hcl(FileId(0), Arc::from(text.as_str()))
            };
            // Their tool converts what it has parsed, and fails at some of it: that is no verdict on the syntax.
            let theirs = case["ok"].as_bool().unwrap() || case["kind"] == "convert";
            let ours = tree.errors.is_empty();
            counts[usize::from(ours)][usize::from(theirs)] += 1;
            if ours != theirs {
                let name = case["path"].as_str().or_else(|| case["file"].as_str()).or(Some(text.as_str()));
                let why = tree.errors.first().map_or(case["error"].as_str().unwrap_or(""), |e| &e.message);
                let at = tree.errors.first().map_or(0, |e| text[..e.span.start as usize].lines().count());
                println!("{} {ours}/{theirs} line {at}: {why}", name.unwrap_or("?"));
            }
        }
    }
    println!("both accept {}, both reject {}", counts[1][1], counts[0][0]);
    println!("only we accept {}, only they accept {}", counts[1][0], counts[0][1]);
}
