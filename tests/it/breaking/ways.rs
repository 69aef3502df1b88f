//! The ways in which people break a block.

use std::ops::Range;

/// What stands in the place of a part of a text.
#[derive(Clone, Debug)]
pub(super) struct Edit {
    pub(super) range: Range<usize>,
    pub(super) text: String,
}

/// Breaks the text of a block, `pick` choosing where; `None` where the block has nothing to break in that way.
pub(super) type Way = fn(&str, usize) -> Option<Edit>;

/// Each has a name, for what a failing test says.
pub(super) const WAYS: &[(&str, Way)] = &[
    ("missing closing brace", |block, _| cut(block.rfind('}')?, 1)),
    ("missing opening brace", |block, _| {
        // Without labels nothing says that a block begins.
        let brace = block.find('{')?;
        block[..brace].contains('"').then_some(())?;
        cut(brace, 1)
    }),
    ("second closing brace", |block, _| put(block.len(), "\n}")),
    ("missing closing quote", |block, pick| cut(string(block, pick)?.end - 1, 1)),
    ("missing opening quote", |block, pick| cut(string(block, pick)?.start, 1)),
    ("missing equals sign", |block, pick| cut(argument(block, pick)?.equals, 1)),
    ("colon", |block, pick| {
        let equals = argument(block, pick)?.equals;
        replace(equals..equals + 1, ":")
    }),
    ("missing value", |block, pick| {
        let string = string(block, pick)?;
        // Nothing could tell any more what was called, or referred to.
        let lost = block[line_of(block, string.start)].trim_start().starts_with("source")
            || block[string.clone()].contains("${");
        (!lost).then_some(())?;
        replace(string, "")
    }),
    ("missing operand", |block, pick| put(argument(block, pick)?.value.end, " +")),
    ("semicolon", |block, pick| put(argument(block, pick)?.value.end, ";")),
    ("comma behind an argument", |block, pick| put(argument(block, pick)?.value.end, ",")),
    ("second value", |block, pick| put(argument(block, pick)?.value.end, " 17")),
    ("smart quotes", |block, pick| quoted(block, pick, "“", "”")),
    ("single quotes", |block, pick| quoted(block, pick, "'", "'")),
    ("backquotes", |block, pick| quoted(block, pick, "`", "`")),
    ("bad escape", |block, pick| put(string(block, pick)?.start + 1, "\\d")),
    ("missing comma", |block, pick| {
        let found = block.match_indices(", ");
        let lists = found.filter(|&(at, _)| block[line_of(block, at)].contains('['));
        let lists: Vec<usize> = lists.map(|(at, _)| at).collect();
        cut(*lists.get(pick % lists.len().max(1))?, 1)
    }),
    ("missing bracket", |block, pick| bracket(block, pick, ']')),
    ("missing parenthesis", |block, pick| bracket(block, pick, ')')),
    ("missing brace of an interpolation", |block, pick| {
        let starts: Vec<usize> = block.match_indices("${").map(|(at, _)| at).collect();
        let start = *starts.get(pick % starts.len().max(1))?;
        let line = line_of(block, start);
        cut(start + block[start..line.end].find('}')?, 1)
    }),
    ("bracket that closes nothing", |block, pick| line(block, pick, "  ]")),
    ("heredoc without end", |block, pick| line(block, pick, "  broken = <<BROKEN\n    text")),
    ("comment without end", |block, pick| line(block, pick, "  /* broken")),
    ("list of YAML", |block, pick| line(block, pick, "  - broken")),
    ("argument of YAML", |block, pick| line(block, pick, "\tbroken: yes")),
    ("character that means nothing", |block, pick| line(block, pick, "  @broken")),
    ("conflict", |block, pick| {
        let value = argument(block, pick)?;
        let line = line_of(block, value.equals);
        let text = &block[line.clone()];
        replace(line, &format!("<<<<<<< HEAD\n{text}\n=======\n{text}\n>>>>>>> other"))
    }),
    ("conflict not begun", |block, pick| line(block, pick, "=======")),
];

struct Argument {
    equals: usize,
    value: Range<usize>,
}

fn put(at: usize, text: &str) -> Option<Edit> {
    replace(at..at, text)
}

fn cut(at: usize, length: usize) -> Option<Edit> {
    replace(at..at + length, "")
}

fn replace(range: Range<usize>, text: &str) -> Option<Edit> {
    Some(Edit { range, text: text.to_owned() })
}

fn quoted(block: &str, pick: usize, open: &str, close: &str) -> Option<Edit> {
    let range = string(block, pick)?;
    let inner = &block[range.start + 1..range.end - 1];
    replace(range.clone(), &format!("{open}{inner}{close}"))
}

/// The line that holds a byte, without its end.
fn line_of(text: &str, at: usize) -> Range<usize> {
    let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    start..text[at..].find('\n').map_or(text.len(), |length| at + length)
}

/// Puts a line behind one of the block's.
fn line(block: &str, pick: usize, text: &str) -> Option<Edit> {
    let value = argument(block, pick)?.value;
    put(line_of(block, value.end).end, &format!("\n{text}"))
}

/// Takes away a bracket that ends a line and is opened on it.
fn bracket(block: &str, pick: usize, close: char) -> Option<Edit> {
    let open = if close == ']' { '[' } else { '(' };
    let end = format!("{close}\n");
    let ends = block.match_indices(&end);
    let ends = ends.filter(|&(at, _)| block[line_of(block, at)].contains(open) && in_code(block, at));
    let ends: Vec<usize> = ends.map(|(at, _)| at).collect();
    cut(*ends.get(pick % ends.len().max(1))?, 1)
}

fn in_code(block: &str, at: usize) -> bool {
    !block[line_of(block, at).start..at].contains('#') && !in_heredoc(block, at)
}

/// Whether a heredoc was begun before a byte: what is broken in its text is text.
fn in_heredoc(block: &str, at: usize) -> bool {
    let Some(start) = block[..at].rfind("<<") else { return false };
    let marker: String =
        block[start + 2..].trim_start_matches('-').chars().take_while(|c| c.is_alphanumeric()).collect();
    let line = line_of(block, start);
    at > line.end && !block[line.end..at].lines().any(|line| line.trim() == marker)
}

/// An argument that has a line of its own.
fn argument(block: &str, pick: usize) -> Option<Argument> {
    let mut found = Vec::new();
    let mut start = 0;
    for line in block.split_inclusive('\n') {
        let text = line.trim_end();
        if let Some(at) = text.find(" = ").filter(|_| line.starts_with(' '))
            && text[..at].trim().chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
            && !text.ends_with(['{', '[', '(', '?', ','])
            && !text.contains("<<")
            && !text.contains('#')
            && !in_heredoc(block, start + at)
        {
            found.push(Argument { equals: start + at + 1, value: start + at + 3..start + text.len() });
        }
        start += line.len();
    }
    let count = found.len();
    (count > 0).then(|| found.swap_remove(pick % count))
}

/// A string that is all there is to an argument, with its quotes.
fn string(block: &str, pick: usize) -> Option<Range<usize>> {
    let found = (0..block.lines().count()).filter_map(|at| argument(block, pick + at));
    found.map(|argument| argument.value).find(|range| {
        let text = &block[range.clone()];
        text.len() > 2 && text.starts_with('"') && text.ends_with('"') && text.matches('"').count() == 2
    })
}
