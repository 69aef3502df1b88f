//! `csvdecode`.

use std::sync::Arc;

use arcstr::ArcStr;

use super::Wants::{Any, String as Text};
use super::arguments::{quoted, text};
use super::{Call, Fault, Function, Parameter, results};
use crate::value::{ObjectAttribute, Type, Value};

pub(super) const FUNCTIONS: &[Function] =
    &[Function::new("csvdecode", &[Parameter::new("str", Text)], Any, csvdecode)
        .returns(|_| Ok(Type::Dynamic))];

fn csvdecode(_: &mut Call<'_>, given: &[Value]) -> Result<Value, Fault> {
    let mut records = Records { rest: text(given, 0)?, line: 0 };
    let headers = records.next().transpose()?.ok_or_else(|| Fault::at(0, "has no line of column names"))?;
    let names: Vec<ArcStr> = headers.iter().map(|name| results::normalised(name)).collect();
    let mut sorted = names.clone();
    sorted.sort();
    if let Some([name, _]) = sorted.array_windows().find(|[a, b]| a == b) {
        return Err(Fault::at(0, "has two columns of one name").showing(quoted(name)));
    }
    let attribute = |name: &ArcStr| ObjectAttribute { name: name.clone(), ty: Type::String, optional: false };
    let element = Type::Object(Arc::new(sorted.iter().map(attribute).collect()));
    let mut rows = Vec::new();
    while let Some(fields) = records.next().transpose()? {
        if fields.len() != names.len() {
            let message = format!("line {} has {} fields, not {}", records.line, fields.len(), names.len());
            return Err(Fault::at(0, message));
        }
        let entries =
            names.iter().zip(&fields).map(|(name, field)| Ok((name.clone(), results::text(field)?)));
        rows.push(Value::object(entries.collect::<Result<_, Fault>>()?));
        results::within_elements(rows.len())?;
    }
    results::list(element, rows)
}

/// The records of a text; empty lines are none.
struct Records<'a> {
    rest: &'a str,
    /// The number of the line that was read last.
    line: usize,
}

impl<'a> Records<'a> {
    /// A line with its end, which is `\n` or, where it was `\r\n`, is made so.
    fn read_line(&mut self) -> Option<(&'a str, &'static str)> {
        if self.rest.is_empty() {
            return None;
        }
        self.line += 1;
        let Some(end) = self.rest.find('\n') else {
            // A carriage return at the very end counts as the end of the line, too.
            let line = self.rest.strip_suffix('\r').unwrap_or(self.rest);
            self.rest = "";
            return Some((line, ""));
        };
        let (line, rest) =
            (self.rest.get(..end).unwrap_or_default(), self.rest.get(end + 1..).unwrap_or_default());
        self.rest = rest;
        Some((line.strip_suffix('\r').unwrap_or(line), "\n"))
    }

    fn fault(&self, what: &str) -> Fault {
        Fault::at(0, format!("line {} {what}", self.line))
    }

    fn record(&mut self, line: &'a str, end: &'static str) -> Result<Vec<String>, Fault> {
        let mut fields = Vec::new();
        let (mut line, mut end) = (line, end);
        loop {
            let Some(quoted) = line.strip_prefix('"') else {
                let (field, rest) = match line.split_once(',') {
                    Some((field, rest)) => (field, Some(rest)),
                    None => (line, None),
                };
                if field.contains('"') {
                    return Err(self.fault("has a quote within a field that does not begin with one"));
                }
                fields.push(field.to_owned());
                match rest {
                    Some(rest) => line = rest,
                    None => return Ok(fields),
                }
                continue;
            };
            let mut field = String::new();
            line = quoted;
            loop {
                let Some((before, after)) = line.split_once('"') else {
                    field.push_str(line);
                    field.push_str(end);
                    let Some(next) = self.read_line() else {
                        return Err(self.fault("has a quoted field that is not closed"));
                    };
                    (line, end) = next;
                    continue;
                };
                field.push_str(before);
                if let Some(rest) = after.strip_prefix('"') {
                    field.push('"');
                    line = rest;
                } else {
                    line = after;
                    break;
                }
            }
            fields.push(field);
            if line.is_empty() {
                return Ok(fields);
            }
            match line.strip_prefix(',') {
                Some(rest) => line = rest,
                None => return Err(self.fault("has text behind the closing quote of a field")),
            }
        }
    }
}

impl Iterator for Records<'_> {
    type Item = Result<Vec<String>, Fault>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let (line, end) = self.read_line()?;
            if !line.is_empty() {
                return Some(self.record(line, end));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Result<Vec<Vec<String>>, Fault> {
        Records { rest: text, line: 0 }.collect()
    }

    #[test]
    fn quotes_hold_lines_and_commas() {
        let records = read("a,\"b\r\nc\",\"d\"\"e\"\r\n\n,").unwrap();
        assert_eq!(records, [vec!["a", "b\nc", "d\"e"], vec!["", ""]]);
    }

    #[test]
    fn stray_quotes_are_errors() {
        assert!(read("a\"b").is_err());
        assert!(read("\"a\"b").is_err());
        assert!(read("\"a").is_err());
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(rows in prop::collection::vec(prop::collection::vec("[a,\"\n é]{0,6}", 3), 1..6)) {
            let quote = |field: &String| format!("\"{}\"", field.replace('"', "\"\""));
            let lines: Vec<String> = rows.iter().map(|row| row.iter().map(quote).collect::<Vec<_>>().join(",")).collect();
            prop_assert_eq!(read(&lines.join("\n")).unwrap(), rows);
        }

        #[test]
        fn nothing_panics(text in "[a,\"\r\n]{0,30}") {
            let _ = read(&text);
        }
    }
}
