use std::collections::BTreeMap;

use serde::Serialize;

use crate::finding::{Finding, Fingerprint};
use crate::source::{FileId, Location, SourceFile, Sources, Span};

/// The sources as a report may show them: every character of a secret is a `*`.
///
/// Reports read text through this alone, because the line beside an excerpt may hold a password too. Columns and line
/// breaks stay, so that places mean the same in both.
#[derive(Debug)]
pub struct Masked<'a> {
    sources: &'a Sources,
    /// Sorted, without overlaps.
    secrets: BTreeMap<FileId, Vec<Span>>,
}

/// A location in lines and columns, both from 1; columns in code points, the end exclusive.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Region<'a> {
    /// Relative to the repository's root, with `/`.
    pub file: &'a str,
    /// Line of the first character.
    pub line: u32,
    /// Column of the first character.
    pub column: u32,
    /// Line of the end.
    pub end_line: u32,
    /// Column of the end.
    pub end_column: u32,
}

impl<'a> Masked<'a> {
    /// These sources, with the characters of `secrets` masked.
    #[must_use]
    pub fn new(sources: &'a Sources, secrets: &[Location]) -> Self {
        let mut by_file: BTreeMap<FileId, Vec<Span>> = BTreeMap::new();
        for secret in secrets.iter().filter(|secret| !secret.span.is_empty()) {
            by_file.entry(secret.file).or_default().push(secret.span);
        }
        for spans in by_file.values_mut() {
            spans.sort_unstable();
            spans.dedup_by(|next, last| {
                let overlap = next.start <= last.end;
                if overlap {
                    last.end = last.end.max(next.end);
                }
                overlap
            });
        }
        Self { sources, secrets: by_file }
    }

    /// The path of a file, relative to the repository's root.
    #[must_use]
    pub fn path(&self, file: FileId) -> &'a str {
        &self.file(file).path
    }

    /// Whether nothing of a file can be shown: it is empty, or a plan, whose text means nothing to people.
    #[must_use]
    pub fn is_empty(&self, file: FileId) -> bool {
        self.file(file).text.is_empty()
    }

    /// Where a location stands.
    #[must_use]
    pub fn region(&self, location: Location) -> Region<'a> {
        let file = self.file(location.file);
        let start = file.line_column(location.span.start);
        let end = file.line_column(location.span.end.max(location.span.start));
        Region {
            file: &file.path,
            line: start.line,
            column: start.column,
            end_line: end.line,
            end_column: end.column,
        }
    }

    /// What a finding is about, in words; a plan of which nothing but its file is known is not named beside that file.
    pub fn places<'f>(&self, finding: &'f Finding) -> impl Iterator<Item = String> + 'f
    where
        'a: 'f,
    {
        let file = finding.primary.map(|location| self.file(location.file).path.as_str());
        finding.places.iter().filter_map(move |place| match place.module.as_deref() {
            module if module.is_some() && module == file => place.subject(),
            _ => place.describe(),
        })
    }

    /// The fingerprint of a finding; see [`Finding::fingerprint`].
    #[must_use]
    pub fn fingerprint(&self, finding: &Finding) -> Fingerprint {
        finding.fingerprint(self.sources)
    }

    /// The bytes of a line, counted from 1, without its line ending and without a byte-order mark.
    #[must_use]
    pub fn line(&self, file: FileId, line: u32) -> Option<Span> {
        let file = self.file(file);
        let starts = file.line_starts();
        let index = line.checked_sub(1)? as usize;
        let start = *starts.get(index)?;
        let end = starts.get(index + 1).copied().unwrap_or(file.text.len() as u32);
        let text = file.slice(Span::new(start, end));
        let bom = if start == 0 && text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        let text_end = text.trim_end_matches(['\n', '\r']).len().max(bom);
        Some(Span::new(start + bom as u32, start + text_end as u32))
    }

    /// How many lines a file has; a text that ends with a line break has an empty one behind it.
    #[must_use]
    pub fn line_count(&self, file: FileId) -> u32 {
        self.file(file).line_starts().len() as u32
    }

    /// The characters of a span and their offsets in the file, secrets masked.
    pub fn chars(&self, file: FileId, span: Span) -> impl Iterator<Item = (u32, char)> + '_ {
        let text = &*self.file(file).text;
        let start = text.floor_char_boundary(span.start as usize);
        let end = text.ceil_char_boundary(span.end as usize).max(start);
        let secrets = self.secrets.get(&file).map_or(&[][..], Vec::as_slice);
        text.get(start..end).unwrap_or("").char_indices().map(move |(at, char)| {
            let at = (start + at) as u32;
            let end = at + char.len_utf8() as u32;
            let next = secrets.partition_point(|secret| secret.end <= at);
            let secret = secrets.get(next).is_some_and(|secret| secret.start < end);
            (at, if secret && !matches!(char, '\n' | '\r') { '*' } else { char })
        })
    }

    /// The text at a location, secrets masked.
    #[must_use]
    pub fn text(&self, location: Location) -> String {
        self.chars(location.file, location.span).map(|(_, char)| char).collect()
    }

    fn file(&self, id: FileId) -> &'a SourceFile {
        self.sources.get(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with<T>(text: &str, secrets: &[(u32, u32)], test: impl Fn(&Masked<'_>, FileId) -> T) -> T {
        let mut sources = Sources::default();
        let file = sources.add(SourceFile::new("a.tf", None, text.into()));
        let secrets: Vec<_> =
            secrets.iter().map(|&(start, end)| Location::new(file, Span::new(start, end))).collect();
        test(&Masked::new(&sources, &secrets), file)
    }

    fn whole(text: &str, secrets: &[(u32, u32)]) -> String {
        with(text, secrets, |masked, file| masked.text(Location::new(file, Span::new(0, text.len() as u32))))
    }

    #[test]
    fn secrets_become_stars_and_line_breaks_stay() {
        assert_eq!(whole("a = \"pass\r\nword\" # ä", &[(5, 15)]), "a = \"****\r\n****\" # ä");
    }

    #[test]
    fn overlapping_and_touching_secrets() {
        assert_eq!(whole("0123456789", &[(6, 8), (1, 4), (2, 3), (3, 5), (5, 6)]), "0*******89");
    }

    #[test]
    fn a_part_of_a_character_masks_all_of_it() {
        assert_eq!(whole("aäb", &[(2, 3)]), "a*b");
        assert_eq!(whole("a€b", &[(0, 2)]), "**b");
    }

    #[test]
    fn spans_beyond_the_text_do_no_harm() {
        assert_eq!(whole("ab", &[(1, 900)]), "a*");
        with("ab", &[], |masked, file| {
            assert_eq!(masked.text(Location::new(file, Span::new(1, 900))), "b");
            assert_eq!(masked.text(Location::new(file, Span::new(800, 900))), "");
        });
    }

    #[test]
    fn lines_are_without_endings_and_mark() {
        with("\u{feff}a\r\nbc\rd\n\n", &[], |masked, file| {
            let lines: Vec<_> = (1..=masked.line_count(file))
                .map(|line| masked.line(file, line).map(|span| masked.text(Location::new(file, span))))
                .collect();
            assert_eq!(lines, ["a", "bc", "d", "", ""].map(|line| Some(line.to_owned())));
            assert_eq!(masked.line(file, 0), None);
            assert_eq!(masked.line(file, 6), None);
        });
    }
}
