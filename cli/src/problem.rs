//! Problems: all that can be wrong with a file, as data. `--json` prints them, [`draw`] draws them.

use crate::diagnostics::{Drawing, Place, draw};
use serde::Serialize;
use std::ops::Range;

/// One thing wrong with a file.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Problem {
    /// The file.
    pub(crate) file: String,
    /// Line, from 1, in a file with lines.
    pub(crate) line: Option<u32>,
    /// Character within the line, from 1.
    pub(crate) column: Option<u32>,
    /// The broken promise of the verifier.
    pub(crate) tag: Option<&'static str>,
    /// What is true and should not be.
    pub(crate) message: String,
    /// The function.
    pub(crate) function: Option<String>,
    /// The word of its code.
    pub(crate) word: Option<u32>,
    /// The bytes of the text.
    #[serde(skip)]
    pub(crate) span: Option<Range<usize>>,
    /// Where it is, for files without lines.
    #[serde(skip)]
    pub(crate) note: Option<String>,
    /// What to write instead.
    #[serde(skip)]
    pub(crate) help: Option<String>,
}

/// A file with all that is wrong with it.
#[derive(Debug)]
pub(crate) struct Rejection {
    /// At least one.
    pub(crate) problems: Vec<Problem>,
    /// The text that spans are about.
    pub(crate) text: Option<String>,
}

impl Rejection {
    /// A file with one thing wrong with all of it.
    pub(crate) fn whole(file: &str, message: impl Into<String>) -> Rejection {
        let problem = Problem { file: file.to_string(), message: message.into(), ..Problem::default() };
        Rejection { problems: vec![problem], text: None }
    }

    /// For people.
    pub(crate) fn draw(&self) -> String {
        let drawings: Vec<Drawing<'_>> = self.problems.iter().map(|problem| self.drawing(problem)).collect();
        draw(&drawings)
    }

    fn drawing<'a>(&'a self, problem: &'a Problem) -> Drawing<'a> {
        Drawing {
            tag: problem.tag,
            file: Some(&problem.file),
            place: self.place(problem),
            notes: problem.note.iter().cloned().collect(),
            help: problem.help.as_deref(),
            ..Drawing::error(&problem.message)
        }
    }

    fn place<'a>(&'a self, problem: &'a Problem) -> Option<Place<'a>> {
        let (text, span) = (self.text.as_deref()?, problem.span.clone()?);
        Some(Place { text, span, line: problem.line?, column: problem.column?, label: None })
    }
}
