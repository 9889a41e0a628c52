//! A paragraph of a Word file, with what the file shows of it and what it does not.

use super::super::super::reading::one_line;
use super::numbering::Mark;
use super::styles::Role;

/// How much of what is left out the report shows.
const SHOWN_CHARS: usize = 120;

/// Why words of a paragraph are not shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Veil {
    Deleted,
    Hidden,
    Placeholder,
    FieldCode,
}

impl Veil {
    const fn reason(self) -> &'static str {
        match self {
            Self::Deleted => "deleted text (tracked change)",
            Self::Hidden => "hidden text",
            Self::Placeholder => "empty field of a form",
            Self::FieldCode => "code of a field",
        }
    }
}

/// A row of a table, and which of its cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cell {
    pub row: usize,
    pub column: usize,
}

#[derive(Debug, Default)]
pub(super) struct Paragraph {
    /// Its place among the paragraphs of the document, from 1; in a text box that of the paragraph the box hangs on.
    pub line: u32,
    /// The page it starts on, where Word wrote down where pages break.
    pub page: Option<u32>,
    pub role: Role,
    /// Its style hides its words, unless a run says otherwise.
    pub is_hidden: bool,
    /// What Word shows before it, and the list that counts it.
    pub mark: Option<Mark>,
    pub list: Option<String>,
    pub cell: Option<Cell>,
    /// The words that are shown; `\n` for a break within the paragraph.
    pub text: String,
    /// The words that are not, and why.
    pub veiled: Vec<(Veil, String)>,
}

impl Paragraph {
    /// Takes words in: to those that are shown, or to those that a veil hides.
    pub(super) fn say(&mut self, veil: Option<Veil>, words: &str) {
        let Some(veil) = veil else { return self.text.push_str(words) };
        match self.veiled.iter_mut().find(|(known, _)| *known == veil) {
            Some((_, text)) => text.push_str(words),
            None => self.veiled.push((veil, words.to_owned())),
        }
    }

    /// Whether it shows nothing because its words are deleted or hidden.
    pub(super) fn is_gone(&self) -> bool {
        self.text.trim().is_empty() && self.veils().next().is_some()
    }

    /// What the report says about words that are not shown.
    pub(super) fn veils(&self) -> impl Iterator<Item = String> {
        let all = self.veiled.iter().filter(|(_, text)| !text.trim().is_empty());
        all.map(|(veil, text)| format!("{}: `{}`", veil.reason(), shown(text)))
    }

    /// Goes on with the words of a paragraph whose end was deleted.
    pub(super) fn follow(self, before: Self) -> Self {
        Self { line: before.line, page: before.page, text: before.text, veiled: before.veiled, ..self }
    }
}

/// Words as the report shows them: one line, and not all of a long text.
pub(super) fn shown(text: &str) -> String {
    let line = one_line(text);
    let short: String = line.chars().take(SHOWN_CHARS).collect();
    if short.len() < line.len() { format!("{short}…") } else { short }
}
