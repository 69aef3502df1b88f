use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use super::Span;

/// Names one file of a run.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct FileId(pub u32);

/// A line and a column, both counted from 1; columns in Unicode code points.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct LineColumn {
    /// Line, from 1.
    pub line: u32,
    /// Column in code points, from 1.
    pub column: u32,
}

/// A file that was read: its place, its text, and where its lines begin.
#[derive(Debug)]
pub struct SourceFile {
    /// Relative to the repository's root, with `/`.
    pub path: String,
    /// Where it lies on disk; `None` for what has no file (standard input, the command line).
    pub absolute: Option<PathBuf>,
    /// The text, valid UTF-8 (a leading byte-order mark stays, so that offsets are the file's own).
    pub text: Arc<str>,
    lines: OnceLock<Vec<u32>>,
}

impl SourceFile {
    /// A file of this text.
    #[must_use]
    pub fn new(path: impl Into<String>, absolute: Option<PathBuf>, text: Arc<str>) -> Self {
        Self { path: path.into(), absolute, text, lines: OnceLock::new() }
    }

    /// Byte offsets at which lines begin. A line ends with `\n`, `\r\n` or a lone `\r`.
    pub fn line_starts(&self) -> &[u32] {
        self.lines.get_or_init(|| {
            let bytes = self.text.as_bytes();
            let mut starts = vec![0];
            for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
                if bytes[at] == b'\n' || bytes.get(at + 1) != Some(&b'\n') {
                    starts.push((at + 1) as u32);
                }
            }
            starts
        })
    }

    /// The line and column of a byte offset; past the end is the end. A leading byte-order mark takes no column.
    #[must_use]
    pub fn line_column(&self, offset: u32) -> LineColumn {
        let offset = (offset as usize).min(self.text.len());
        let starts = self.line_starts();
        let line = starts.partition_point(|&start| start as usize <= offset) - 1;
        let before = &self.text.as_bytes()[starts[line] as usize..offset];
        let before = if line == 0 { before.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(before) } else { before };
        // A code point begins at every byte that is no continuation byte.
        let column = before.iter().filter(|&&byte| (byte & 0xC0) != 0x80).count();
        LineColumn { line: line as u32 + 1, column: column as u32 + 1 }
    }

    /// The text that a span covers; empty where the span does not fit the text.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.start as usize..span.end as usize).unwrap_or("")
    }
}

/// Every file of a run, by id.
#[derive(Debug, Default)]
pub struct Sources {
    files: Vec<SourceFile>,
}

impl Sources {
    /// Makes room for so many more files.
    pub fn reserve(&mut self, files: usize) {
        self.files.reserve(files);
    }

    /// Adds a file and says its id.
    pub fn add(&mut self, file: SourceFile) -> FileId {
        let id = FileId(self.files.len() as u32);
        self.files.push(file);
        id
    }

    /// The file of that id.
    #[must_use]
    pub fn get(&self, id: FileId) -> &SourceFile {
        &self.files[id.0 as usize]
    }

    /// All files, in the order of their ids.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        self.files.iter().enumerate().map(|(index, file)| (FileId(index as u32), file))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(text: &str) -> Vec<(u32, u32)> {
        let file = SourceFile::new("a.tf", None, text.into());
        let offsets = text.char_indices().map(|(at, _)| at).chain([text.len()]);
        let places = offsets.map(|at| file.line_column(at as u32));
        places.map(|place| (place.line, place.column)).collect()
    }

    #[test]
    fn lines_end_in_three_ways_and_columns_are_code_points() {
        assert_eq!(places("é\r\nb\rc\n"), [(1, 1), (1, 2), (1, 3), (2, 1), (2, 2), (3, 1), (3, 2), (4, 1)]);
    }

    #[test]
    fn a_byte_order_mark_takes_no_column() {
        assert_eq!(places("\u{feff}a\nb"), [(1, 1), (1, 1), (1, 2), (2, 1), (2, 2)]);
    }
}
