//! The words of a clause in one spelling, so that a cue is written once: lower case, contractions written out, fillers
//! gone, stutters collapsed; and the phrases that are looked for in them.

use std::collections::HashMap;
use std::ops::Range;

/// Normalized words, and where in the text each of them stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Words {
    list: Vec<String>,
    /// Byte ranges of the text, one for every word.
    spans: Vec<Range<usize>>,
}

/// A list of phrases, written `one phrase | another | prefix*`: a star lets the last word go on.
#[derive(Debug)]
pub(crate) struct Phrases {
    /// Phrases by their first word.
    closed: HashMap<&'static str, Vec<Phrase>>,
    /// Phrases of one word that may go on.
    prefixes: Vec<&'static str>,
}

#[derive(Debug)]
struct Phrase {
    rest: Vec<&'static str>,
    open: bool,
}

/// A list of phrases that is read once.
macro_rules! phrases {
    ($($(#[$doc:meta])* $name:ident = $list:literal;)+) => {
        $($(#[$doc])* static $name: std::sync::LazyLock<$crate::engine::local::words::Phrases> =
            std::sync::LazyLock::new(|| $crate::engine::local::words::Phrases::of($list));)+
    };
}
pub(crate) use phrases;

const FILLERS: &[&str] = &["um", "uh", "uhm", "er", "erm", "hmm", "mm", "ah", "eh"];

impl Words {
    pub(crate) fn of(text: &str) -> Self {
        let mut words = Self::default();
        for (raw, span) in split(text) {
            for word in expand(&raw) {
                let stutter = words.list.last().is_some_and(|last| last == word);
                if !(word.is_empty() || stutter || FILLERS.contains(&word)) {
                    words.list.push(word.to_owned());
                    words.spans.push(span.clone());
                }
            }
        }
        words
    }

    /// The words at `range` in the spelling of `text`, the text they were read from.
    pub(super) fn as_said<'t>(&self, text: &'t str, range: Range<usize>) -> Option<&'t str> {
        let spans = self.spans.get(range)?;
        text.get(spans.first()?.start..spans.last()?.end)
    }

    /// Whether a comma, a full stop or another mark stands in `text` between the word at `at` and the next one.
    pub(super) fn pause_behind(&self, text: &str, at: usize) -> bool {
        let between = || text.get(self.spans.get(at)?.end..self.spans.get(at + 1)?.start);
        between().is_none_or(|gap| gap.contains(|c: char| !c.is_whitespace() && c != '-'))
    }

    pub(crate) const fn len(&self) -> usize {
        self.list.len()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        self.list.iter().map(String::as_str)
    }

    /// Whether the word occurs.
    pub(super) fn contains(&self, word: &str) -> bool {
        self.list.iter().any(|own| own == word)
    }

    /// Whether any of the phrases occurs.
    pub(crate) fn any(&self, phrases: &Phrases) -> bool {
        (0..self.list.len()).any(|at| phrases.begin(&self.list[at..]))
    }

    /// Whether the clause begins with one of the phrases.
    pub(super) fn starts_with(&self, phrases: &Phrases) -> bool {
        phrases.begin(&self.list)
    }
}

impl Phrases {
    pub(crate) fn of(list: &'static str) -> Self {
        let mut phrases = Self { closed: HashMap::new(), prefixes: Vec::new() };
        for phrase in list.split('|').map(str::trim).filter(|phrase| !phrase.is_empty()) {
            let (stem, open) = phrase.strip_suffix('*').map_or((phrase, false), |stem| (stem, true));
            let mut words = stem.split_ascii_whitespace();
            let Some(first) = words.next() else { continue };
            let rest: Vec<_> = words.collect();
            if rest.is_empty() && open {
                phrases.prefixes.push(first);
            } else {
                phrases.closed.entry(first).or_default().push(Phrase { rest, open });
            }
        }
        phrases
    }

    /// Lists with what each of them means.
    pub(super) fn table<T: Copy>(rows: &[(T, &'static str)]) -> Vec<(T, Self)> {
        rows.iter().map(|&(meaning, list)| (meaning, Self::of(list))).collect()
    }

    /// Whether a phrase stands at the beginning of `words`.
    fn begin<W: AsRef<str>>(&self, words: &[W]) -> bool {
        self.length_at(words).is_some()
    }

    /// How many words the longest phrase takes that stands at the beginning of `words`.
    pub(crate) fn length_at<W: AsRef<str>>(&self, words: &[W]) -> Option<usize> {
        let (first, rest) = words.split_first()?;
        let first = first.as_ref();
        let longer = self.closed.get(first).into_iter().flatten().filter(|phrase| phrase.goes_on(rest));
        let longest = longer.map(|phrase| 1 + phrase.rest.len()).max();
        longest.or_else(|| self.prefixes.iter().any(|prefix| first.starts_with(prefix)).then_some(1))
    }

    /// Whether the word alone is one of the phrases.
    pub(crate) fn has(&self, word: &str) -> bool {
        self.length_at(&[word]).is_some()
    }
}

impl Phrase {
    fn goes_on<W: AsRef<str>>(&self, words: &[W]) -> bool {
        let Some(words) = words.get(..self.rest.len()) else { return false };
        let Some((last, inner)) = self.rest.split_last() else { return true };
        words.iter().zip(inner).all(|(word, own)| word.as_ref() == *own)
            && words
                .last()
                .is_some_and(|word| if self.open { word.as_ref().starts_with(last) } else { word.as_ref() == *last })
    }
}

/// Runs of letters, digits and inner apostrophes with their byte ranges; a point or comma between digits stays.
fn split(text: &str) -> Vec<(String, Range<usize>)> {
    let mut words: Vec<(String, Range<usize>)> = Vec::new();
    let mut open = false;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let last = words.last().filter(|_| open).and_then(|(word, _)| word.chars().next_back());
        let number = last.is_some_and(|d| d.is_ascii_digit()) && chars.peek().is_some_and(|(_, d)| d.is_ascii_digit());
        let piece = match c {
            '\u{2019}' | '\u{2018}' | '\'' => "'".to_owned(),
            '.' | ',' | ':' if number => c.to_string(),
            c if c.is_alphanumeric() => c.to_lowercase().collect(),
            _ => {
                open = false;
                words.extend(sign(c).map(|word| (word.to_owned(), at..at + c.len_utf8())));
                continue;
            }
        };
        if !open {
            words.push((String::new(), at..at));
            open = true;
        }
        if let Some((word, span)) = words.last_mut() {
            word.push_str(&piece);
            span.end = at + c.len_utf8();
        }
    }
    words.retain(|(word, _)| !word.trim_matches('\'').is_empty());
    words
}

/// Signs that are read as words.
const fn sign(c: char) -> Option<&'static str> {
    match c {
        '%' => Some("percent"),
        '$' => Some("dollar"),
        '\u{20AC}' => Some("euro"),
        '\u{A3}' => Some("pound"),
        _ => None,
    }
}

/// Contractions as the words they stand for.
fn expand(word: &str) -> Vec<&str> {
    let word = word.trim_matches('\'');
    match word {
        "won't" => return vec!["will", "not"],
        "can't" | "cannot" => return vec!["can", "not"],
        "gonna" => return vec!["going", "to"],
        "wanna" => return vec!["want", "to"],
        "let's" => return vec!["let", "us"],
        "cause" => return vec!["because"],
        _ => {}
    }
    for (ending, long) in
        [("n't", "not"), ("'ll", "will"), ("'re", "are"), ("'ve", "have"), ("'m", "am"), ("'d", "would")]
    {
        if let Some(stem) = word.strip_suffix(ending) {
            return vec![stem, long];
        }
    }
    match word.strip_suffix("'s") {
        Some(stem @ ("it" | "that" | "he" | "she" | "there" | "what" | "here" | "who")) => vec![stem, "is"],
        _ => vec![word],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_written_in_one_way() {
        let words = Words::of("We\u{2019}ll, uh, we'll have it \u{2013} for, for $1,200 (10%) gonna!");
        let list: Vec<_> = words.iter().collect();
        assert_eq!(
            list,
            ["we", "will", "we", "will", "have", "it", "for", "dollar", "1,200", "10", "percent", "going", "to"]
        );
    }

    #[test]
    fn a_word_knows_how_it_was_said() {
        let text = "We\u{2019}ll, uh, pay $1,200 on July thirty-first, maybe";
        let words = Words::of(text);
        assert_eq!(words.as_said(text, 6..9), Some("July thirty-first"));
        assert_eq!(words.as_said(text, 3..5), Some("$1,200"));
        assert_eq!(words.as_said(text, 9..11), None);
        assert!(words.pause_behind(text, 8) && !words.pause_behind(text, 6));
    }

    #[test]
    fn phrases_are_found_with_their_borders() {
        let words = Words::of("Our integration isn't ready");
        for (list, found) in [
            ("integrat*", true),
            ("is not", true),
            ("nothing | our integr*", true),
            ("integrat", false),
            ("ration", false),
            ("is not ready yet", false),
        ] {
            assert_eq!(words.any(&Phrases::of(list)), found, "{list}");
        }
        assert!(words.starts_with(&Phrases::of("our")) && !words.starts_with(&Phrases::of("integrat*")));
    }
}
