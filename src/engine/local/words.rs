//! The words of a clause in one spelling, so that a cue is written once: lower case, contractions written out, fillers
//! gone, stutters collapsed; and the phrases that are looked for in them.

use std::collections::HashMap;

/// Normalized words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Words(Vec<String>);

/// A list of phrases, written `one phrase | another | prefix*`: a star lets the last word go on.
#[derive(Debug)]
pub(super) struct Phrases {
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
pub(super) use phrases;

const FILLERS: &[&str] = &["um", "uh", "uhm", "er", "erm", "hmm", "mm", "ah", "eh"];

impl Words {
    pub(super) fn of(text: &str) -> Self {
        let mut words: Vec<String> = Vec::new();
        for raw in split(text) {
            for word in expand(&raw) {
                let stutter = words.last().is_some_and(|last| last == word);
                if !(word.is_empty() || stutter || FILLERS.contains(&word)) {
                    words.push(word.to_owned());
                }
            }
        }
        Self(words)
    }

    pub(super) const fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// Whether the word occurs.
    pub(super) fn contains(&self, word: &str) -> bool {
        self.0.iter().any(|own| own == word)
    }

    /// Whether any of the phrases occurs.
    pub(super) fn any(&self, phrases: &Phrases) -> bool {
        (0..self.0.len()).any(|at| phrases.begin(&self.0[at..]))
    }

    /// At how many words one of the phrases begins.
    pub(super) fn count(&self, phrases: &Phrases) -> usize {
        (0..self.0.len()).filter(|&at| phrases.begin(&self.0[at..])).count()
    }

    /// What the first list of the table means that has a phrase here.
    pub(super) fn first<T: Copy>(&self, table: &[(T, Phrases)]) -> Option<T> {
        table.iter().find(|(_, phrases)| self.any(phrases)).map(|(meaning, _)| *meaning)
    }

    /// Whether the clause begins with one of the phrases.
    pub(super) fn starts_with(&self, phrases: &Phrases) -> bool {
        phrases.begin(&self.0)
    }
}

impl Phrases {
    pub(super) fn of(list: &'static str) -> Self {
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
    pub(super) fn length_at<W: AsRef<str>>(&self, words: &[W]) -> Option<usize> {
        let (first, rest) = words.split_first()?;
        let first = first.as_ref();
        let longer = self.closed.get(first).into_iter().flatten().filter(|phrase| phrase.goes_on(rest));
        let longest = longer.map(|phrase| 1 + phrase.rest.len()).max();
        longest.or_else(|| self.prefixes.iter().any(|prefix| first.starts_with(prefix)).then_some(1))
    }

    /// Whether the word alone is one of the phrases.
    pub(super) fn has(&self, word: &str) -> bool {
        self.length_at(&[word]).is_some()
    }

    /// The phrases as written, without their stars.
    #[cfg(test)]
    pub(super) fn stems(&self) -> impl Iterator<Item = String> {
        let closed = self.closed.iter().flat_map(|(first, phrases)| {
            phrases.iter().map(move |phrase| [&[*first], phrase.rest.as_slice()].concat().join(" "))
        });
        closed.chain(self.prefixes.iter().map(|&prefix| prefix.to_owned()))
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

/// Runs of letters, digits and inner apostrophes; a point or comma between digits stays.
fn split(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let Some(word) = words.last_mut() else { break };
        let number = word.ends_with(|d: char| d.is_ascii_digit()) && chars.peek().is_some_and(char::is_ascii_digit);
        match c {
            '\u{2019}' | '\u{2018}' | '\'' => word.push('\''),
            '.' | ',' | ':' if number => word.push(c),
            c if c.is_alphanumeric() => word.extend(c.to_lowercase()),
            '%' => words.extend(["percent".to_owned(), String::new()]),
            '$' => words.extend(["dollar".to_owned(), String::new()]),
            '\u{20AC}' => words.extend(["euro".to_owned(), String::new()]),
            '\u{A3}' => words.extend(["pound".to_owned(), String::new()]),
            _ => words.push(String::new()),
        }
    }
    words.retain(|word| !word.trim_matches('\'').is_empty());
    words
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
        assert_eq!(words.count(&Phrases::of("our | ready | is")), 3);
    }
}
