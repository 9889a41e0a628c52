//! Whether the quotes of a sentence say it, as far as code can tell.
//!
//! That the quotes stand in the record is [`crate::ground`]'s to say. Here it is looked whether the sentence holds what they do
//! not: a number, a date, a name, a denial, or nothing of theirs at all. No paraphrase is understood; what is in doubt is removed.

use std::collections::{BTreeSet, HashSet};

use unicode_segmentation::UnicodeSegmentation as _;

use crate::dna::english::English;
use crate::engine::local::numbers::{cardinal_at, day_at};
use crate::index::bm25::Bm25;

/// Why a sentence was removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Unsaid {
    /// It came without words to look for, or in a shape that cannot be read.
    NoQuote,
    /// One of its quotes is not in the record.
    Quote,
    /// It holds a number that its quotes do not.
    Number,
    /// It names a day or a month that its quotes do not.
    Date,
    /// It names somebody or something that its quotes do not.
    Name,
    /// It denies what its quotes say, or the other way round.
    Denial,
    /// It shares too few words with its quotes, or none.
    Unrelated,
    /// It holds an address that its quotes do not, or it is endless.
    Foreign,
}

impl Unsaid {
    /// The reason, for people.
    pub(super) const fn in_words(self) -> &'static str {
        match self {
            Self::NoQuote => "it cites no words",
            Self::Quote => "a quote is not in the record",
            Self::Number => "a number is not in its quotes",
            Self::Date => "a date is not in its quotes",
            Self::Name => "a name is not in its quotes",
            Self::Denial => "it says yes where its quotes say no, or no where they say yes",
            Self::Unrelated => "its quotes have too few of its words",
            Self::Foreign => "it holds an address, or has no end",
        }
    }
}

/// Characters of a sentence at most.
const LONGEST: usize = 600;
/// Of so many words that a sentence says beside the question, one at least is its quotes'.
const LEAST_SHARED: usize = 3;

/// Days, months and the like by their names. "May" and "March" are words of their own: written as names, they are checked as such.
const DATES: [&str; 23] = [
    "january",
    "february",
    "april",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "tomorrow",
    "yesterday",
    "tonight",
    "summer",
    "winter",
    "autumn",
];

/// Words of number that are none by themselves.
const SCALES: [&str; 8] = ["hundred", "thousand", "million", "billion", "dozen", "half", "quarter", "twice"];

/// Words that deny.
const DENIALS: [&str; 10] = ["not", "never", "no", "none", "nobody", "nothing", "neither", "nor", "without", "cannot"];

/// Beginnings of words that tell a denial in other words.
const DENYING: [&str; 30] = [
    "lack",
    "fail",
    "refus",
    "declin",
    "unable",
    "unlikely",
    "against",
    "worr",
    "concern",
    "doubt",
    "skeptic",
    "reject",
    "miss",
    "stop",
    "avoid",
    "los",
    "short",
    "hardly",
    "difficult",
    "only",
    "little",
    "instead",
    "rather",
    "until",
    "unless",
    "delay",
    "block",
    "postpon",
    "risk",
    "problem",
];

/// Endings of words that are no names, though a sentence begins with them.
const PLAIN_ENDINGS: [&str; 8] = ["ing", "ion", "ions", "ment", "ments", "ly", "ity", "ness"];

/// What a sentence may say: its quotes, who speaks them, and the question.
#[derive(Debug, Clone, Copy)]
pub(super) struct Said<'a> {
    pub(super) quotes: &'a [&'a str],
    pub(super) speakers: &'a [&'a str],
    pub(super) question: &'a str,
}

/// Why the sentence is not said by its quotes; none where nothing speaks against it.
pub(super) fn unsaid(bm25: &Bm25, sentence: &str, said: &Said<'_>) -> Option<Unsaid> {
    let quotes = said.quotes.join("\n");
    let all = format!("{quotes}\n{}\n{}", said.speakers.join("\n"), said.question);
    let checks: [(Unsaid, &dyn Fn() -> bool); 6] = [
        (Unsaid::Foreign, &|| is_foreign(sentence, &quotes)),
        (Unsaid::Number, &|| has_other_number(sentence, &quotes, said.question)),
        (Unsaid::Date, &|| has_other_date(sentence, &all)),
        (Unsaid::Name, &|| has_other_name(bm25, sentence, &all)),
        (Unsaid::Denial, &|| denies_otherwise(sentence, said.quotes)),
        (Unsaid::Unrelated, &|| is_unrelated(bm25, sentence, said)),
    ];
    checks.into_iter().find(|(_, fails)| fails()).map(|(why, _)| why)
}

fn is_foreign(sentence: &str, quotes: &str) -> bool {
    let leads_away = ["://", "www.", "mailto:"].iter().any(|mark| sentence.contains(mark) && !quotes.contains(mark));
    leads_away || sentence.chars().count() > LONGEST
}

/// Whether a number is not one of the quotes. One of the question's may stand beside theirs ("phase 2 begins on June 4"), never in
/// the place of theirs.
fn has_other_number(sentence: &str, quotes: &str, question: &str) -> bool {
    let (said, asked) = (numbers(quotes), numbers(question));
    let own: BTreeSet<String> = stated_numbers(sentence);
    let (theirs, other): (Vec<&String>, Vec<&String>) = own.iter().partition(|number| said.contains(*number));
    let borrowed = !other.is_empty() && other.iter().all(|number| asked.contains(*number));
    let replaces = !said.is_empty() && theirs.is_empty();
    !other.is_empty() && (!borrowed || replaces)
}

/// Every number that a text can be said to hold.
fn numbers(text: &str) -> BTreeSet<String> {
    let words = lower_words(text);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let mut found = stated_numbers(text);
    found.extend((0..words.len()).filter_map(|at| day_at(&words[at..])).map(|(day, _)| day.to_string()));
    found.extend((0..words.len()).filter_map(|at| cardinal_at(&words[at..])).map(|(number, _)| number.to_string()));
    found
}

/// The numbers that a sentence states: in digits, in words from two on, and from "fourth" on. "One" and "first" are as often no
/// numbers.
fn stated_numbers(text: &str) -> BTreeSet<String> {
    let words = lower_words(text);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let mut found = digits(text);
    let mut at = 0;
    while let Some(word) = words.get(at) {
        let rest = &words[at..];
        let in_letters = !word.starts_with(|c: char| c.is_ascii_digit());
        let cardinal = cardinal_at(rest).filter(|(number, _)| in_letters && *number > 1);
        let ordinal =
            day_at(rest).filter(|(day, _)| in_letters && *day > 3).map(|(day, taken)| (i32::from(day), taken));
        let number = cardinal.or(ordinal);
        found.extend(number.map(|(number, _)| number.to_string()));
        found.extend(SCALES.contains(word).then(|| (*word).to_owned()));
        at += number.map_or(1, |(_, taken)| taken);
    }
    found
}

/// The numbers in digits: `2,500` and `2500` are one, `48k` is `48000`, `14th` is `14`.
fn digits(text: &str) -> BTreeSet<String> {
    let chars: Vec<char> = text.chars().collect();
    let (mut found, mut at) = (BTreeSet::new(), 0);
    while at < chars.len() {
        if !chars[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let mut number = String::new();
        while let Some(c) = chars.get(at) {
            let goes_on = chars.get(at + 1).is_some_and(char::is_ascii_digit);
            match c {
                c if c.is_ascii_digit() => number.push(*c),
                ',' if goes_on => {}
                '.' if goes_on => number.push('.'),
                _ => break,
            }
            at += 1;
        }
        let thousands =
            matches!(chars.get(at), Some('k' | 'K')) && !chars.get(at + 1).is_some_and(|c| c.is_alphanumeric());
        let whole =
            if number.contains('.') { number.trim_end_matches('0').trim_end_matches('.') } else { number.as_str() };
        let whole = whole.trim_start_matches('0');
        let whole = if whole.is_empty() { "0" } else { whole };
        found.insert(if thousands { format!("{whole}000") } else { whole.to_owned() });
    }
    found
}

fn has_other_date(sentence: &str, all: &str) -> bool {
    let said = lower_words(all);
    // "Sept" and "September" are one.
    let is_said = |name: &str| {
        said.iter().any(|word| word.len() >= 3 && (name.starts_with(word.as_str()) || word.starts_with(name)))
    };
    lower_words(sentence).iter().any(|word| DATES.contains(&word.as_str()) && !is_said(word))
}

/// Whether a word that is written as a name stands nowhere in what is said. The first word of a sentence is written so anyhow: it
/// passes where it is an ordinary one.
fn has_other_name(bm25: &Bm25, sentence: &str, all: &str) -> bool {
    let said: HashSet<String> = lower_words(all).into_iter().map(|word| bare(&word)).collect();
    let is_date = |short: &str| {
        short.len() >= 3 && said.iter().any(|word| DATES.contains(&word.as_str()) && word.starts_with(short))
    };
    let stems = terms(bm25, all);
    sentence.unicode_word_indices().any(|(at, word)| {
        let lower = bare(&word.to_lowercase().replace('\u{2019}', "'"));
        let is_named = word.chars().any(char::is_uppercase) && lower != "i" && !lower.starts_with("i'");
        if !is_named || said.contains(&lower) || is_date(&lower) {
            return false;
        }
        let begins = sentence[..at].trim_end_matches(|c: char| !c.is_alphanumeric() && !".!?".contains(c));
        let begins = begins.is_empty() || begins.ends_with(['.', '!', '?']);
        let simple = word.chars().skip(1).all(|c| !c.is_uppercase());
        !(begins && simple && is_plain(&lower, bm25, &stems))
    })
}

/// Whether a word is ordinary, or a form of one that was said.
fn is_plain(word: &str, bm25: &Bm25, said: &HashSet<u32>) -> bool {
    let own = terms(bm25, word);
    let is_form = !own.is_empty() && own.is_subset(said);
    is_form || !English::get().has_content(word) || PLAIN_ENDINGS.iter().any(|ending| word.ends_with(ending))
}

/// Whether the sentence denies and no quote does, or all quotes deny and the sentence does not, in no words.
fn denies_otherwise(sentence: &str, quotes: &[&str]) -> bool {
    let denies = |text: &str| {
        let words = lower_words(text);
        words.iter().any(|word| DENIALS.contains(&word.as_str()) || word.ends_with("n't"))
    };
    let in_other_words =
        |text: &str| lower_words(text).iter().any(|word| DENYING.iter().any(|beginning| word.starts_with(beginning)));
    match (denies(sentence), quotes.iter().any(|quote| denies(quote))) {
        (true, false) => !quotes.iter().any(|quote| in_other_words(quote)),
        (false, true) => quotes.iter().all(|quote| denies(quote)) && !in_other_words(sentence),
        _ => false,
    }
}

/// Whether the sentence is about something else: of what it says beside the question, its quotes have less than a third. One that
/// says nothing beside it ("Yes, they signed") shares a word with its quotes, or they have none.
fn is_unrelated(bm25: &Bm25, sentence: &str, said: &Said<'_>) -> bool {
    let (own, quoted) = (terms(bm25, sentence), terms(bm25, &said.quotes.join("\n")));
    let known = terms(bm25, &format!("{}\n{}", said.speakers.join("\n"), said.question));
    let news: HashSet<u32> = own.difference(&known).copied().collect();
    if news.is_empty() {
        return own.is_disjoint(&quoted) && !quoted.is_empty();
    }
    let shared = news.intersection(&quoted).count();
    shared == 0 || shared * LEAST_SHARED < news.len()
}

fn terms(bm25: &Bm25, text: &str) -> HashSet<u32> {
    bm25.question(text).into_iter().flat_map(|vector| vector.indices).collect()
}

fn lower_words(text: &str) -> Vec<String> {
    text.unicode_words().map(|word| word.to_lowercase().replace('\u{2019}', "'")).collect()
}

/// `dana` of `dana's`.
fn bare(word: &str) -> String {
    word.strip_suffix("'s").unwrap_or(word).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn why(sentence: &str, quotes: &[&str], question: &str) -> Option<Unsaid> {
        let said = Said { quotes, speakers: &["Dana Ruiz"], question };
        unsaid(&Bm25::new().unwrap(), sentence, &said)
    }

    #[test]
    fn what_the_quotes_say_in_other_words_stands() {
        for (sentence, quotes) in [
            (
                "The scheduler will be live at all six sites by June 14.",
                &["We will have the scheduler live at all six sites by June 14"][..],
            ),
            ("Dana says the scheduler goes live on the 14th of June.", &["live by June 14"]),
            (
                "They lost 40 pallets because the freezer's failure went unseen.",
                &["We lost forty pallets because nobody saw the freezer fail"],
            ),
            ("The price is $48,000 a year, and it should hold.", &["it's 48k a year", "that price should hold"]),
            ("Training is not included.", &["training isn't part of it"]),
            ("Migrating the data worries them.", &["what worries me is the data migration"]),
            ("I'm told the rollout begins in Sept.", &["the rollout begins in September"]),
        ] {
            assert_eq!(why(sentence, quotes, "What then?"), None, "{sentence}");
        }
    }

    #[test]
    fn a_number_a_date_or_a_name_of_its_own_is_unsaid() {
        let quotes = &["We will have the scheduler live at all six sites by June 14"][..];
        for (sentence, expected) in [
            ("The scheduler will be live at all seven sites.", Unsaid::Number),
            ("The scheduler will be live at 6 sites by June 15.", Unsaid::Number),
            ("The scheduler will be live by June 14, 2026.", Unsaid::Number),
            ("The scheduler will be live at a hundred sites.", Unsaid::Number),
            ("The scheduler will be live by july 14.", Unsaid::Date),
            ("The scheduler will be live by 14 May.", Unsaid::Name),
            ("The scheduler, says Omar, will be live.", Unsaid::Name),
            ("Omar promises that the scheduler will be live.", Unsaid::Name),
            ("The scheduler and the SAP sync will be live.", Unsaid::Name),
        ] {
            assert_eq!(why(sentence, quotes, "When is it live?"), Some(expected), "{sentence}");
        }
    }

    #[test]
    fn a_number_of_the_question_may_stand_beside_the_quotes_and_not_in_their_place() {
        let asked = "Do they get 500 seats in phase 2?";
        assert_eq!(why("Phase 2 has 300 seats.", &["it's 300 seats"], asked), None);
        assert_eq!(why("They get 500 seats.", &["it's 300 seats"], asked), Some(Unsaid::Number));
    }

    #[test]
    fn yes_for_no_and_words_about_something_else_are_unsaid() {
        assert_eq!(why("They will sign in June.", &["we won't sign in June"], "?"), Some(Unsaid::Denial));
        assert_eq!(why("They will not sign in June.", &["we will sign in June"], "?"), Some(Unsaid::Denial));
        assert_eq!(why("They refuse to sign in June.", &["we won't sign in June"], "?"), None);
        assert_eq!(why("The roof leaks.", &["we will sign in June"], "?"), Some(Unsaid::Unrelated));
        assert_eq!(
            why("All rules are lifted, so they pay later.", &["so everything is free"], "?"),
            Some(Unsaid::Unrelated)
        );
        assert_eq!(why("They will sign.", &["the roof leaks"], "Will they sign?"), Some(Unsaid::Unrelated));
        assert_eq!(why("Yes, they will sign.", &["Yes."], "Will they sign?"), None);
        assert_eq!(why("They will sign, see https://x.example.", &["we will sign"], "?"), Some(Unsaid::Foreign));
    }

    #[test]
    fn numbers_are_told_from_their_value() {
        let found = |text: &str| numbers(text).into_iter().collect::<Vec<_>>().join(" ");
        assert_eq!(found("2,500 seats at 48k, 3.50 each, by the 4th"), "2500 3.5 4 48000");
        assert_eq!(found("twenty six sites, the second half"), "2 26 6 half");
        assert_eq!(stated_numbers("the one and the first and the third"), BTreeSet::new());
        assert_eq!(stated_numbers("on the fifteenth"), BTreeSet::from(["15".to_owned()]));
    }
}
