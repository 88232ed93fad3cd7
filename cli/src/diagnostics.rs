//! Drawing: errors on paper, with the source they are about. The only file that knows `annotate-snippets`.
//!
//! Only the lines concerned are handed over, and long ones are cut, so that a thousand errors in a huge file cost a
//! thousand times a line. Colours are for terminals.

use crate::output;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use std::ops::Range;

/// Bytes of source shown on either side of a place.
const MAX_CONTEXT_BYTES: usize = 2000;

/// What there is to draw.
#[derive(Debug, Default)]
pub(crate) struct Drawing<'a> {
    /// The first line, after `error:`.
    pub(crate) title: String,
    /// A name for this kind of error.
    pub(crate) tag: Option<&'static str>,
    /// Only a warning.
    pub(crate) is_warning: bool,
    /// The file.
    pub(crate) file: Option<&'a str>,
    /// Where in it.
    pub(crate) place: Option<Place<'a>>,
    /// What is said below, one line each.
    pub(crate) notes: Vec<String>,
    /// What to write instead.
    pub(crate) help: Option<&'a str>,
}

/// A place in a text.
#[derive(Clone, Debug)]
pub(crate) struct Place<'a> {
    /// All of the text.
    pub(crate) text: &'a str,
    /// The bytes concerned.
    pub(crate) span: Range<usize>,
    /// Line of the first of them, from 1.
    pub(crate) line: u32,
    /// Its character within the line, from 1.
    pub(crate) column: u32,
    /// What to write next to them.
    pub(crate) label: Option<String>,
}

impl Drawing<'_> {
    /// An error without a place.
    pub(crate) fn error(title: impl Into<String>) -> Self {
        Drawing { title: title.into(), ..Drawing::default() }
    }

    /// A warning without a place.
    pub(crate) fn warning(title: impl Into<String>) -> Self {
        Drawing { title: title.into(), is_warning: true, ..Drawing::default() }
    }
}

/// Draws them one below the other, for standard error.
pub(crate) fn draw(drawings: &[Drawing<'_>]) -> String {
    let renderer = if output::errors_in_colour() { Renderer::styled() } else { Renderer::plain() };
    let drawn: Vec<String> = drawings.iter().map(|drawing| renderer.render(&[group(drawing)])).collect();
    drawn.join("\n\n")
}

fn group<'a>(drawing: &'a Drawing<'a>) -> Group<'a> {
    let level = if drawing.is_warning { Level::WARNING } else { Level::ERROR };
    let mut title = level.primary_title(&*drawing.title);
    if let Some(tag) = drawing.tag {
        title = title.id(tag);
    }
    let mut group = Group::with_title(title);
    match (&drawing.file, &drawing.place) {
        (Some(file), Some(place)) => {
            group = located(group, file, place);
        }
        (Some(file), None) => group = group.element(Origin::path(*file)),
        (None, _) => {}
    }
    let notes = drawing.notes.iter().map(|note| Level::NOTE.message(&**note));
    let help = drawing.help.map(|help| Level::HELP.message(help));
    group.elements(notes).elements(help)
}

/// Adds the line of a place. If its start is cut off, its column has to be told.
fn located<'a>(group: Group<'a>, file: &'a str, place: &'a Place<'a>) -> Group<'a> {
    let shown = around(place.text, &place.span);
    let is_whole = shown.start == 0 || place.text.as_bytes()[shown.start - 1] == b'\n';
    let end = place.span.end.min(shown.end);
    let span = place.span.start - shown.start..end - shown.start;
    let mark = AnnotationKind::Primary.span(span).label(place.label.as_deref());
    let snippet = Snippet::source(&place.text[shown]).line_start(place.line as usize).annotation(mark);
    if is_whole {
        return group.element(snippet.path(file));
    }
    group.element(Origin::path(file).line(place.line as usize).char_column(place.column as usize)).element(snippet)
}

/// The lines of a span, as much of them as anybody wants to see.
fn around(text: &str, span: &Range<usize>) -> Range<usize> {
    let earliest = text.floor_char_boundary(span.start.saturating_sub(MAX_CONTEXT_BYTES));
    let latest = text.ceil_char_boundary(text.len().min(span.start.saturating_add(MAX_CONTEXT_BYTES)));
    let start = text[earliest..span.start].rfind('\n').map_or(earliest, |at| earliest + at + 1);
    let from = span.end.clamp(span.start, latest);
    let from = text.floor_char_boundary(from);
    let end = text[from..latest].find('\n').map_or(latest, |at| from + at);
    start..end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_shown_with_its_line_only() {
        let text = "one\ntwo three\nfour";
        assert_eq!(&text[around(text, &(8..13))], "two three");
        assert_eq!(&text[around(text, &(18..18))], "four");
        assert_eq!(&text[around(text, &(0..0))], "one");
    }

    #[test]
    fn long_lines_are_cut_between_characters() {
        let text = "ä".repeat(10_000);
        let shown = around(&text, &(10_000..10_002));
        assert!(shown.len() <= 2 * MAX_CONTEXT_BYTES + 8);
        assert!(text[shown].chars().all(|c| c == 'ä'));
    }

    #[test]
    fn places_and_advice_are_drawn() {
        let text = "module \"x\"\nfunc oops {\n";
        let place = Place { text, span: 16..20, line: 2, column: 6, label: Some("here".to_string()) };
        let drawing = Drawing {
            file: Some("x.rga"),
            place: Some(place),
            tag: Some("V-REG"),
            help: Some("write `%oops`"),
            ..Drawing::error("functions have a name with `%`")
        };
        let drawn = draw(&[drawing]);
        assert!(drawn.starts_with("error[V-REG]: functions have a name with `%`\n --> x.rga:2:6\n"), "{drawn}");
        assert!(drawn.contains("2 | func oops {\n  |      ^^^^ here\n"), "{drawn}");
        assert!(drawn.ends_with("help: write `%oops`"), "{drawn}");
    }
}
