//! Words of a text with their places, and the runs of words that no punctuation mark breaks.

use std::collections::HashMap;
use std::ops::Range;

/// A word and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    /// In lower case, with a straight apostrophe.
    pub(super) form: String,
    /// Its bytes in the text.
    pub(super) at: Range<usize>,
    /// Whether it begins with a capital letter.
    pub(super) is_capital: bool,
}

/// The runs of words of a text. A run ends at every mark but an apostrophe or a hyphen inside a word: nobody says a phrase
/// across the end of a sentence.
pub(super) fn runs(text: &str) -> Vec<Vec<Word>> {
    let (mut all, mut run, mut start) = (Vec::new(), Vec::new(), None);
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let joins = matches!(c, '\'' | '’' | '-') && start.is_some();
        let goes_on = chars.peek().is_some_and(|(_, next)| next.is_alphanumeric());
        if c.is_alphanumeric() || (joins && goes_on) {
            start.get_or_insert(at);
            continue;
        }
        run.extend(start.take().map(|start| word(text, start..at)));
        if !c.is_whitespace() {
            all.push(std::mem::take(&mut run));
        }
    }
    run.extend(start.map(|start| word(text, start..text.len())));
    all.push(run);
    all.retain(|run: &Vec<Word>| !run.is_empty());
    all
}

fn word(text: &str, at: Range<usize>) -> Word {
    let said = &text[at.clone()];
    let is_capital = said.chars().next().is_some_and(char::is_uppercase);
    Word { form: said.to_lowercase().replace('’', "'"), at, is_capital }
}

/// Words as numbers: runs of numbers are compared faster than runs of texts.
#[derive(Debug, Default)]
pub(super) struct Lexicon {
    ids: HashMap<String, u32>,
    words: Vec<String>,
}

impl Lexicon {
    /// The number of a word, from 0 in the order in which they come.
    pub(super) fn id(&mut self, form: &str) -> u32 {
        if let Some(id) = self.ids.get(form) {
            return *id;
        }
        let id = u32::try_from(self.words.len()).unwrap_or(u32::MAX);
        self.ids.insert(form.to_owned(), id);
        self.words.push(form.to_owned());
        id
    }

    /// The word with this number.
    pub(super) fn word(&self, id: u32) -> &str {
        usize::try_from(id).ok().and_then(|id| self.words.get(id)).map_or("", String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::runs;

    #[test]
    fn words_keep_their_places_and_marks_end_a_run() {
        let text = "It’s minus ten, per-room – Fenwick's ¡óla!";
        let forms: Vec<Vec<String>> =
            runs(text).into_iter().map(|run| run.into_iter().map(|word| word.form).collect()).collect();
        assert_eq!(forms, [vec!["it's", "minus", "ten"], vec!["per-room"], vec!["fenwick's"], vec!["óla"]]);
        for word in runs(text).into_iter().flatten() {
            assert_eq!(text[word.at.clone()].to_lowercase().replace('’', "'"), word.form);
        }
    }
}
