//! The lines of source that a finding's story needs, from as many files as it has.
//!
//! miette draws from one text, so the lines are put together into one: part after part, a part being neighbouring
//! lines of one file. Line numbers and file names are the true ones. In the text secrets are masked, characters that act
//! on terminals are visible, and long lines are cut to the window around their labels.

use miette::{LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::super::visible::{Shown, deceives, visible};
use super::super::{Masked, Options};
use super::wrap::wrap;
use crate::finding::Finding;
use crate::source::{FileId, Location, Span};

/// Lines shown above and below a label; what the handlers ask for.
const CONTEXT: u32 = 1;
/// A label over more lines than that is shown at its first line.
const LONGEST: u32 = 6;
/// Labels beside the primary one.
pub(super) const LABELS: usize = 8;
const TAB: usize = 4;
/// So many bytes before and behind the labels of a line are looked at.
const FAR: u32 = 4096;

/// A text of parts, and the labels in it by their offset.
#[derive(Debug, Default)]
pub(super) struct Excerpt {
    text: String,
    parts: Vec<Part>,
    pub(super) labels: Vec<LabeledSpan>,
    /// For each label its offset and its true column.
    columns: Vec<(usize, u32)>,
    /// For the narrator, who takes a last line break for the end of everything and tells there what comes behind it.
    open_ended: bool,
}

/// Neighbouring lines of one file.
#[derive(Debug)]
struct Part {
    name: String,
    rows: Vec<Row>,
}

/// One line: its number, and where it stands in the text of the excerpt (its line ending included).
#[derive(Debug)]
struct Row {
    number: u32,
    start: usize,
    end: usize,
    /// Where the characters of the file stand in the excerpt, in order; the line's end is the last.
    places: Vec<(u32, usize)>,
    /// How wide what stands before a place is, is found from the text; this is the whole.
    gutter: usize,
}

/// A label before it has a place in the excerpt.
struct Mark<'a> {
    file: FileId,
    span: Span,
    first: u32,
    last: u32,
    column: u32,
    text: &'a str,
    primary: bool,
}

impl<'a> Mark<'a> {
    fn new(sources: &Masked<'_>, location: Location, text: &'a str, primary: bool) -> Self {
        let region = sources.region(location);
        let mut last = region.end_line;
        // A span that takes its line break along ends on its own line.
        if last > region.line && region.end_column == 1 {
            last -= 1;
        }
        if last - region.line >= LONGEST {
            last = region.line;
        }
        let end = sources.line(location.file, last).map_or(location.span.end, |line| line.end);
        let span = Span::new(location.span.start, location.span.end.min(end).max(location.span.start));
        Self { file: location.file, span, first: region.line, last, column: region.column, text, primary }
    }

    /// The lines that it needs; blank ones at their ends say nothing.
    fn window(&self, sources: &Masked<'_>) -> (u32, u32) {
        let blank = |line: u32| {
            let span = sources.line(self.file, line);
            span.is_none_or(|span| sources.chars(self.file, span).all(|(_, char)| char.is_whitespace()))
        };
        let above = (self.first.saturating_sub(CONTEXT)..self.first).find(|&line| !blank(line));
        let below = (self.last + 1..=self.last + CONTEXT).rev().find(|&line| !blank(line));
        (above.unwrap_or(self.first), below.unwrap_or(self.last))
    }
}

impl Excerpt {
    /// The excerpt for a finding: its primary location first, then its labels in their order.
    pub(super) fn of(sources: &Masked<'_>, finding: &Finding, width: usize, options: &Options) -> Self {
        let shown = |location: &Location| !sources.is_empty(location.file);
        let primary = finding
            .primary
            .filter(shown)
            .map(|location| Mark::new(sources, location, &finding.primary_label, true));
        let labels = finding.labels.iter().filter(|label| shown(&label.location)).take(LABELS);
        let labels = labels.map(|label| Mark::new(sources, label.location, &label.message, false));
        let marks: Vec<_> = primary.into_iter().chain(labels).collect();
        let mut excerpt = Self { open_ended: options.narrated, ..Self::default() };
        for (file, first, last) in windows(sources, &marks) {
            let gutter = last.to_string().len() + 5;
            let cut = Cut { width: width.saturating_sub(gutter).max(20), unicode: options.unicode };
            let rows = (first..=last).map(|number| excerpt.row(sources, file, number, &marks, &cut, gutter));
            let rows = rows.collect();
            excerpt.parts.push(Part { name: visible(sources.path(file)).into_owned(), rows });
            let inside =
                marks.iter().filter(|mark| mark.file == file && first <= mark.first && mark.last <= last);
            for mark in inside {
                excerpt.label(mark, width);
            }
        }
        excerpt.labels.sort_by_key(LabeledSpan::offset);
        excerpt
    }

    /// Adds a line of the file.
    fn row(
        &mut self,
        sources: &Masked<'_>,
        file: FileId,
        number: u32,
        marks: &[Mark<'_>],
        cut: &Cut,
        gutter: usize,
    ) -> Row {
        let line = sources.line(file, number).unwrap_or_default();
        let here =
            marks.iter().filter(|mark| mark.file == file && mark.first <= number && number <= mark.last);
        let focus = here.map(|mark| {
            Span::new(mark.span.start.clamp(line.start, line.end), mark.span.end.clamp(line.start, line.end))
        });
        let focus = focus.reduce(Span::to);
        let start = self.text.len();
        let mut places = cut.line(sources, file, line, focus, &mut self.text);
        places.push((line.end, self.text.len()));
        self.text.push('\n');
        Row { number, start, end: self.text.len(), places, gutter }
    }

    /// Adds a label to the part that was added last.
    fn label(&mut self, mark: &Mark<'_>, width: usize) {
        let Some(part) = self.parts.last() else { return };
        let row = |number: u32| part.rows.iter().find(|row| row.number == number);
        let (Some(first), Some(last)) = (row(mark.first), row(mark.last)) else { return };
        let start = first.place(mark.span.start);
        let end = last.place(mark.span.end).max(start);
        let before = self.text.get(first.start..start).map_or(0, display_width);
        let under = self.text.get(start..end).map_or(0, display_width);
        // The narrator says a label in one sentence.
        let room = match self.open_ended {
            true => usize::MAX,
            false => width.saturating_sub(first.gutter + before + under / 2 + 4).max(24),
        };
        let text = (!mark.text.is_empty()).then(|| wrap(&visible(mark.text), room).join("\n"));
        let span = SourceSpan::new(start.into(), end - start);
        self.columns.push((start, mark.column));
        self.labels.push(if mark.primary {
            LabeledSpan::new_primary_with_span(text, span)
        } else {
            LabeledSpan::new_with_span(text, span)
        });
    }
}

/// Files and lines, each line once: the windows of the marks, those that touch joined.
fn windows(sources: &Masked<'_>, marks: &[Mark<'_>]) -> Vec<(FileId, u32, u32)> {
    let mut windows: Vec<(FileId, u32, u32)> = Vec::new();
    for mark in marks {
        let (mut first, mut last) = mark.window(sources);
        let mut at = windows.len();
        // What is joined may come to touch another one.
        while let Some(index) = windows
            .iter()
            .position(|&(file, from, to)| file == mark.file && from <= last + 1 && first <= to + 1)
        {
            let (_, from, to) = windows.remove(index);
            (first, last) = (first.min(from), last.max(to));
            at = at.min(index);
        }
        windows.insert(at.min(windows.len()), (mark.file, first, last));
    }
    windows
}

impl Row {
    /// Where an offset of the file stands; one that was cut away stands where the cut is.
    fn place(&self, offset: u32) -> usize {
        let index = self.places.partition_point(|&(at, _)| at < offset);
        self.places.get(index).or(self.places.last()).map_or(self.start, |&(_, place)| place)
    }
}

/// How lines are cut.
struct Cut {
    width: usize,
    unicode: bool,
}

impl Cut {
    /// Writes a line and says where its characters stand.
    fn line(
        &self,
        sources: &Masked<'_>,
        file: FileId,
        line: Span,
        focus: Option<Span>,
        text: &mut String,
    ) -> Vec<(u32, usize)> {
        // A line may be the whole of a huge file: what lies far from the labels is not looked at.
        let begin = focus.map_or(line.start, |focus| focus.start.saturating_sub(FAR).max(line.start));
        let end =
            line.end.min(focus.map_or(begin, |focus| focus.end.min(begin + 2 * FAR)).saturating_add(FAR));
        let mut column = 0;
        let chars = sources.chars(file, Span::new(begin, end)).map(|(at, char)| {
            let before = column;
            column += char_width(char, column);
            (at, char, before, column)
        });
        let chars: Vec<_> = chars.collect();
        let whole = chars.last().map_or(0, |&(.., after)| after);
        let ellipsis = if self.unicode { "…" } else { "..." };
        let (from, to) = if whole <= self.width { (0, whole) } else { self.window(&chars, focus) };
        let mut places = Vec::with_capacity(chars.len().min(self.width) + 2);
        if from > 0 || begin > line.start {
            text.push_str(ellipsis);
        }
        for &(at, char, before, after) in &chars {
            if from <= before && after <= to {
                places.push((at, text.len()));
                if char == '\t' { text.push('\t') } else { Shown(char).push_to(text) }
            }
        }
        if to < whole || end < line.end {
            text.push_str(ellipsis);
        }
        places
    }

    /// The columns to show of a line that is too long: its beginning if that holds the focus, else the focus with a
    /// quarter of the width before it.
    fn window(&self, chars: &[(u32, char, usize, usize)], focus: Option<Span>) -> (usize, usize) {
        let room = self.width.saturating_sub(6).max(1);
        let Some(focus) = focus else { return (0, room) };
        let column = |offset: u32| {
            let index = chars.partition_point(|&(at, ..)| at < offset);
            chars
                .get(index)
                .map_or_else(|| chars.last().map_or(0, |&(.., after)| after), |&(_, _, before, _)| before)
        };
        let (start, end) = (column(focus.start), column(focus.end));
        if end <= room {
            return (0, room);
        }
        let lead = (room / 4).max(room.saturating_sub(end - start) / 2);
        let from = start.saturating_sub(lead.min(room.saturating_sub(1)));
        (from, from + room)
    }
}

fn char_width(char: char, column: usize) -> usize {
    match char {
        '\t' => TAB - column % TAB,
        char if deceives(char) => char.escape_unicode().count(),
        char => char.width().unwrap_or(0),
    }
}

fn display_width(text: &str) -> usize {
    text.width() + text.matches('\t').count() * (TAB - 1)
}

impl SourceCode for Excerpt {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        self.contents(span, before, after)
            .map(|contents| Box::new(contents) as _)
            .ok_or(MietteError::OutOfBounds)
    }
}

impl Excerpt {
    /// Lines of one part. A span over two parts has none, which keeps the handlers from joining them.
    fn contents(&self, span: &SourceSpan, before: usize, after: usize) -> Option<MietteSpanContents<'_>> {
        let (start, end) = (span.offset(), span.offset() + span.len());
        let holds = |part: &&Part| {
            part.rows.first().is_some_and(|row| row.start <= start)
                && part.rows.last().is_some_and(|row| end < row.end || (end == row.end && start < end))
        };
        let part = self.parts.iter().find(holds)?;
        let first = part.rows.iter().position(|row| start < row.end)?;
        let last = part.rows.iter().position(|row| end < row.end).unwrap_or(part.rows.len() - 1);
        let from = part.rows.get(first.saturating_sub(before))?;
        let to = part.rows.get((last + after).min(part.rows.len() - 1))?;
        // Without context the handlers ask for the place of the label itself.
        let lone = before == 0 && after == 0;
        let column = self.columns.iter().find(|&&(at, _)| at == start).map_or(1, |&(_, column)| column);
        let (begin, column) = if lone { (start, column as usize - 1) } else { (from.start, 0) };
        let end = if self.open_ended { to.end - 1 } else { to.end };
        Some(MietteSpanContents::new_named(
            part.name.clone(),
            self.text.get(begin..end)?.as_bytes(),
            SourceSpan::new(begin.into(), end - begin),
            from.number as usize - 1,
            column,
            (to.number - from.number) as usize + 1,
        ))
    }
}
