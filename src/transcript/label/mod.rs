//! Which words before a colon are speakers: decided over the whole file, because one line alone cannot tell
//! `Dana: we can` from `Note: we can`.
//!
//! A label must look like a name (one to five capitalized words, `Last, First`, an address, `Speaker 1`), must not hold a
//! word that speech puts before a colon (`Note`, `First`, `Next steps`), and the file must bear it out: by using it again,
//! or, where most of the file is labelled, by naming the person elsewhere. A label that fails stays part of the words.
//!
//! Meeting tools write a label before every caption, whatever people call themselves (`dana.ruiz`, `Omar | Kestrel`): where
//! captions have so regular labels, what they look like does not matter.

mod shape;
mod words;

use std::collections::{HashMap, HashSet};

use self::shape::{Shape, is_entry, shape};
pub(super) use self::shape::{is_short, looks_like_name, split};

/// Gathers what a file says about its labels.
#[derive(Debug, Default)]
pub(super) struct Evidence<'t> {
    places: usize,
    labelled: usize,
    /// What captions begin with that is short enough for a label, a name or not.
    openings: HashMap<&'t str, usize>,
    seen: HashMap<&'t str, Seen>,
    mentioned: HashSet<&'t str>,
}

#[derive(Debug, Default)]
struct Seen {
    times: usize,
    after_open_line: usize,
}

impl<'t> Evidence<'t> {
    /// Adds a place where a label could stand: the start of a cue or line. `after_open_line` says that the line before
    /// looks wrapped, so this one may begin in the middle of a sentence.
    pub(super) fn place(&mut self, text: &'t str, after_open_line: bool) {
        self.places += 1;
        let candidate = split(text).filter(|(label, _)| shape(label).is_some());
        if let Some((label, _)) = candidate {
            self.labelled += 1;
            let seen = self.seen.entry(label).or_default();
            seen.times += 1;
            seen.after_open_line += usize::from(after_open_line);
        }
        self.words(candidate.map_or(text, |(_, rest)| rest));
    }

    /// Adds the start of a caption, with what could be its label and the words behind it.
    pub(super) fn start(&mut self, found: Option<(&'t str, &'t str)>) {
        self.places += 1;
        if let Some((label, _)) = found.filter(|(label, _)| is_short(label) && !label.split(' ').all(is_entry)) {
            *self.openings.entry(label).or_default() += 1;
        }
        if let Some((label, _)) = found.filter(|(label, _)| self.seen.contains_key(label) || looks_like_name(label)) {
            self.labelled += 1;
            self.again(label);
        }
    }

    /// Adds a label that may stand in the middle of a caption.
    pub(super) fn again(&mut self, label: &'t str) {
        if self.seen.contains_key(label) || looks_like_name(label) {
            self.seen.entry(label).or_default().times += 1;
        }
    }

    /// Adds the words that are also labels: all labels must be in.
    pub(super) fn mentions(&mut self, text: &'t str) {
        if self.seen.is_empty() {
            return;
        }
        // With its colon, so that a label itself is no mention.
        let words = text.split(|c: char| !c.is_alphanumeric() && !matches!(c, ':' | '：'));
        let words = words.filter(|word| word.chars().next().is_some_and(char::is_uppercase));
        self.mentioned.extend(words.filter(|word| self.seen.contains_key(word)));
    }

    /// Adds words that may name people.
    pub(super) fn words(&mut self, text: &'t str) {
        let words = text.split(|c: char| !c.is_alphanumeric());
        self.mentioned.extend(words.filter(|word| word.chars().next().is_some_and(char::is_uppercase)));
    }

    /// The labels the file bears out.
    pub(super) fn weigh(self) -> Labels {
        if self.is_regular() {
            return Labels {
                times: self.openings.iter().map(|(label, times)| ((*label).to_owned(), *times)).collect(),
            };
        }
        let mostly = self.labelled * 2 >= self.places;
        let accepted = self.seen.iter().filter(|(label, seen)| self.accepts(label, seen, mostly));
        Labels { times: accepted.map(|(label, seen)| ((*label).to_owned(), seen.times)).collect() }
    }

    /// Whether practically all captions begin with a label, and the labels come back.
    fn is_regular(&self) -> bool {
        const FEWEST: usize = 6;
        let labelled: usize = self.openings.values().sum();
        labelled >= FEWEST && labelled * 20 >= self.places * 19 && self.openings.len() * 3 <= labelled * 2
    }

    fn accepts(&self, label: &str, seen: &Seen, mostly: bool) -> bool {
        let clean = seen.times - seen.after_open_line;
        match shape(label) {
            Some(Shape::Certain) => true,
            Some(Shape::FullName) => seen.times >= 2 || (mostly && clean > 0),
            Some(Shape::OneWord) => {
                seen.times >= 3 || (mostly && clean > 0 && (seen.times == 2 || self.mentioned.contains(label)))
            }
            Some(Shape::SmallWord) => mostly && clean >= 2,
            None => false,
        }
    }
}

/// The labels of a file, with how often each occurs.
#[derive(Debug, Default)]
pub(super) struct Labels {
    times: HashMap<String, usize>,
}

impl Labels {
    /// Splits a line into speaker and words, where it starts with one of the labels.
    pub(super) fn split<'t>(&self, text: &'t str) -> Option<(&'t str, &'t str)> {
        split(text).filter(|(label, _)| self.has(label))
    }

    /// Whether this is one of the labels.
    pub(super) fn has(&self, label: &str) -> bool {
        self.times.contains_key(label)
    }

    /// Keeps the labels that the test keeps.
    pub(super) fn retain(&mut self, keep: impl Fn(&str) -> bool) {
        self.times.retain(|label, _| keep(label));
    }

    /// How many different labels there are.
    pub(super) fn len(&self) -> usize {
        self.times.len()
    }

    /// How many lines or cues they start.
    pub(super) fn total(&self) -> usize {
        self.times.values().sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepted(lines: &[&str], line: &str) -> Option<String> {
        let mut evidence = Evidence::default();
        for line in lines {
            evidence.place(line, false);
        }
        evidence.weigh().split(line).map(|(label, _)| label.to_owned())
    }

    #[test]
    fn a_colon_inside_speech_makes_no_speaker() {
        let call = ["Dana Ruiz: Hi.", "Omar Haddad: Hi.", "Dana Ruiz: So.", "Omar Haddad: Well."];
        for line in [
            "Note: finance closes on the 30th.",
            "So two things: first, pricing.",
            "https://example.com: it is there",
            "9:30 works",
            "Next Steps: we send it",
            "Bottom Line: yes",
            "Kestrel: the third site",
            "the plan: go",
        ] {
            let lines: Vec<&str> = call.iter().copied().chain([line]).collect();
            assert_eq!(accepted(&lines, line), None, "{line}");
        }
    }

    #[test]
    fn a_label_needs_the_file_to_bear_it_out() {
        let cases: &[(&[&str], &str, bool)] = &[
            (&["Dana Ruiz: Hi.", "Omar Haddad: Hi.", "Dana Ruiz: So."], "Omar Haddad: Hi.", true),
            (&["one", "two", "three", "Omar Haddad: Hi."], "Omar Haddad: Hi.", false),
            (&["Dana: Hi Omar.", "Omar: Hi.", "Dana: So."], "Omar: Hi.", true),
            (&["Dana: Hi.", "Kestrel: Hi.", "Dana: So."], "Kestrel: Hi.", false),
            (&["x", "y", "Speaker 1: Hi."], "Speaker 1: Hi.", true),
            (&["x", "y", "omar@acme.example: Hi."], "omar@acme.example: Hi.", true),
            (&["Haddad, Omar [EXT]: a", "Haddad, Omar [EXT]: b"], "Haddad, Omar [EXT]: a", true),
            (&["Bj\u{f6}rn's iPhone 14: a", "Bj\u{f6}rn's iPhone 14: b"], "Bj\u{f6}rn's iPhone 14: a", true),
            (&["Conf Room 3.02: a", "Conf Room 3.02: b"], "Conf Room 3.02: a", true),
            (&["Room 4: a", "Room 4: b", "Phase Two 2: c"], "Room 4: a", false),
            (&["Ludwig van der Rohe: a", "Ludwig van der Rohe: b"], "Ludwig van der Rohe: a", true),
        ];
        for (lines, line, expected) in cases {
            assert_eq!(accepted(lines, line).is_some(), *expected, "{line}");
        }
    }
}
