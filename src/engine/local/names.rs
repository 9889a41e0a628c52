//! Names of people in text: capitalized words that are no others, and whether two spellings are one name.

use unicode_normalization::UnicodeNormalization;

use super::sentences::Sentence;
use super::titles::{self, bare};
use super::words::phrases;

phrases! {
    /// Capitalized words that are no names.
    NO_NAMES = "\
        i | the | a | and | but | so | we | you | he | she | it | they | that | this | if | in | on | at | my | \
        our | yes | no | okay | ok | yeah | well | right | what | who | when | how | january | february | march | \
        april | may | june | july | august | september | october | november | december | monday | tuesday | \
        wednesday | thursday | friday | saturday | sunday | new | north | south | east | west | order | form | \
        labor | day | master | agreement | thanks | hi | hello | dear | best | re | mr | mrs | ms | dr | not | all \
        | there | then | also | for | with | from | to | as | is | are | do | does | can | will | please | \
        customer | vendor | vp | it | cfo | ceo | cto | cio | coo | head | director | manager | chief \
        | street | road | avenue | lane | drive | park | plaza | square | inc | llc | ltd | gmbh | company | corp | group | hospital | \
        clinic | university | college | school | center | centre | county | city | financial | senior | junior | regional | operating | \
        executive | general | sales | technical | god | jesus | christ | google | microsoft | team | teams | excel";
}

/// Whether two spellings are one name: `Raúl` and `Raul`.
pub(super) fn same(left: &str, right: &str) -> bool {
    let plain =
        |name: &str| name.nfd().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
    plain(left) == plain(right)
}

/// Names that stand behind a word of place: nobody is met `at` a person.
pub(super) fn places(text: &str) -> Vec<&str> {
    let behind = |name: &&str| {
        let before = text.get(..name.as_ptr() as usize - text.as_ptr() as usize).unwrap_or_default();
        before
            .split_whitespace()
            .next_back()
            .is_some_and(|word| matches!(bare(word).as_str(), "at" | "in" | "near" | "into"))
    };
    full_names(text).into_iter().filter(behind).collect()
}

/// The first word of a name.
pub(super) fn first(name: &str) -> &str {
    name.split_whitespace().next().unwrap_or(name)
}

/// Pairs of capitalized words that are not the beginning of a sentence's other words.
pub(super) fn full_names(text: &str) -> Vec<&str> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut names = Vec::new();
    for pair in words.windows(2) {
        let [given, family] = pair else { continue };
        let closed = given.ends_with(|c: char| !c.is_alphanumeric());
        let family = without_genitive(family.trim_end_matches(|c: char| !c.is_alphanumeric()));
        if !closed && is_name(given) && is_name(family) {
            let start = given.as_ptr() as usize - text.as_ptr() as usize;
            let end = family.as_ptr() as usize - text.as_ptr() as usize + family.len();
            names.extend(text.get(start..end));
        }
    }
    names
}

/// Capitalized words inside a sentence that can be a name: "ask Joan".
pub(super) fn single_names(text: &str) -> Vec<&str> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let inside = words.windows(2).filter(|pair| !pair[0].ends_with(['.', '?', '!', ':'])).map(|pair| pair[1]);
    let bare = inside.map(|word| without_genitive(word.trim_matches(|c: char| !c.is_alphanumeric())));
    bare.filter(|word| word.chars().count() > 2 && is_name(word)).collect()
}

/// Whether the word can be a part of a person's name.
pub(super) fn is_name(word: &str) -> bool {
    let mut chars = word.chars();
    chars.next().is_some_and(char::is_uppercase)
        && chars.clone().next().is_some_and(char::is_lowercase)
        && chars.all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | '\u{2019}'))
        && !is_no_name(word)
}

/// `Ana` of `Ana's`.
fn without_genitive(word: &str) -> &str {
    word.trim_end_matches("'s").trim_end_matches("\u{2019}s")
}

/// Whether the clause says the person's full or first name.
pub(super) fn names(sentence: &Sentence<'_>, name: &str) -> bool {
    let first = first(name);
    sentence.text.contains(name)
        || first.chars().count() > 2 && sentence.words.contains(&first.to_lowercase()) && sentence.text.contains(first)
}

/// Whether a capitalized word is none of a name: a month, a title, a pronoun.
pub(super) fn is_no_name(word: &str) -> bool {
    let word = word.to_lowercase();
    NO_NAMES.has(&word) || titles::nouns().has(&word)
}
