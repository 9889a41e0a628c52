//! The `baton.answer/1` document.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::ids::{ItemId, SourceId};
use crate::engine::{EngineIdentity, Usage};
use crate::ground::Citation;

/// The name and version of the document that [`AnswerDocument`] serializes to.
pub const ANSWER_SCHEMA: &str = "baton.answer/1";

/// Stands between the lines of an answer and those that answer far less likely.
const ASIDE: &str = "May answer it, too:";

/// What an answer is made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// Items of the draft or the review: counted, listed or set against each other.
    Items,
    /// Words of the record, as they stand.
    Record,
    /// Nothing: it is not in the record.
    Nothing,
}

/// One line of an answer with what it rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Line {
    /// The line.
    pub text: String,
    /// The citations it rests on, by their number: 1 is the first of [`AnswerDocument::citations`].
    pub citations: Vec<usize>,
    /// The item it states, where it states one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<ItemId>,
    /// Whether it answers far less likely than others do: pages fold such lines, and [`AnswerDocument::answer`] sets them off.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub aside: bool,
}

/// A passage that was read for the answer.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Evidence {
    /// The source's id, where it is kept in the store.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_id: Option<SourceId>,
    /// The source's name.
    pub source: String,
    /// First and last turn.
    pub turns: [u32; 2],
    /// How well it fits; only its order means something.
    pub score: f32,
}

/// What was looked through.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Searched {
    /// Sources within reach.
    pub sources: u64,
    /// Their turns.
    pub turns: u64,
}

/// What a model had to do with an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Wording {
    /// The engine that was asked.
    pub engine: EngineIdentity,
    /// What it cost.
    pub usage: Usage,
    /// Sentences that were removed because the words they cite do not say them.
    pub removed: usize,
    /// Why they were removed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<&'static str>,
    /// Why the answer is not in the model's words, where it is not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// An answer as others read it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct AnswerDocument {
    /// Always [`ANSWER_SCHEMA`].
    pub schema: &'static str,
    /// The question, as asked.
    pub question: String,
    /// Whether the record answers it.
    pub answered: bool,
    /// The answer: its lines, each with the numbers of its citations in brackets, and behind "May answer it, too:" those set aside; or
    /// that it is not in the record.
    pub answer: String,
    /// What the answer is made from.
    pub basis: Basis,
    /// The answer line by line; none where the record does not answer.
    pub lines: Vec<Line>,
    /// The words it rests on.
    pub citations: Vec<Citation>,
    /// What was read for it, best first.
    pub evidence: Vec<Evidence>,
    /// What was looked through; none where that is the asker's alone to know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub searched: Option<Searched>,
    /// Where the record has gaps that may be why: sources that could not be read, people who are never heard.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
    /// What a model had to do with it; none where none was asked, and every word is the record's or the findings'.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wording: Option<Wording>,
}

/// An answer as it comes about: lines with their citations, numbered in the order in which they are first used.
#[derive(Debug, Default)]
pub(super) struct Composed {
    pub(super) lines: Vec<Line>,
    pub(super) citations: Vec<Citation>,
}

impl Composed {
    /// Adds a line that rests on `citations`; words that are cited already keep their number.
    pub(super) fn line(&mut self, text: String, citations: impl IntoIterator<Item = Citation>, item: Option<ItemId>) {
        let numbers = citations.into_iter().map(|citation| self.number(citation)).collect();
        self.lines.push(Line { text, citations: numbers, item, aside: false });
    }

    /// Sets the lines from `first` on aside.
    pub(super) fn set_aside(&mut self, first: usize) {
        self.lines.iter_mut().skip(first).for_each(|line| line.aside = true);
    }

    /// Whether these words are cited already.
    pub(super) fn cites(&self, citation: &Citation) -> bool {
        self.known(citation).is_some()
    }

    fn known(&self, citation: &Citation) -> Option<usize> {
        self.citations.iter().position(|known| known.overlaps(citation) && known.quote() == citation.quote())
    }

    fn number(&mut self, citation: Citation) -> usize {
        if let Some(known) = self.known(&citation) {
            return known + 1;
        }
        self.citations.push(citation);
        self.citations.len()
    }

    /// The lines as one text; those set aside behind a line that says so.
    pub(super) fn text(&self) -> String {
        let line = |line: &Line| {
            let numbered = |text: String, number: &usize| format!("{text} [{number}]");
            line.citations.iter().fold(line.text.clone(), numbered)
        };
        let mut lines: Vec<String> = self.lines.iter().map(line).collect();
        if let Some(first) = self.lines.iter().position(|line| line.aside).filter(|first| *first > 0) {
            lines.insert(first, ASIDE.to_owned());
        }
        lines.join("\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_answers_less_likely_stands_behind_a_line_that_says_so() {
        let text = |first: usize| {
            let mut composed = Composed::default();
            for line in ["They go live in June.", "June is busy."] {
                composed.line(line.to_owned(), None, None);
            }
            composed.set_aside(first);
            composed.text()
        };
        assert_eq!(text(2), "They go live in June.\nJune is busy.");
        assert_eq!(text(1), "They go live in June.\nMay answer it, too:\nJune is busy.");
    }
}
