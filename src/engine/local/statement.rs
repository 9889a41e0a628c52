//! A clause as a statement: short, third person, and never stronger than what was said.

use super::numbers::has_number;
use super::person::{Cast, capitalized, third_person};
use super::words::Words;
use crate::domain::transcript::{Participant, Side};

/// Connectives, which lead a clause with or without a comma.
const CONNECTIVES: &[&str] = &["and", "but", "so", "then", "also", "because", "'cause", "um", "uh", "yeah", "oh"];
/// Acknowledgements and fillers, which are only that when a mark follows.
const ACKNOWLEDGEMENTS: &[&str] = &[
    "yes",
    "okay",
    "ok",
    "well",
    "right",
    "like",
    "i mean",
    "you know",
    "no",
    "look",
    "sure",
    "great",
    "good",
    "fair",
    "now",
    "listen",
    "honestly",
    "perfect",
    "noted",
    "exactly",
    "absolutely",
    "hm",
    "hmm",
    "mhm",
    "alright",
    "all right",
    "fine",
    "interesting",
    "thanks",
    "thank you",
    "from me",
    "cool",
    "nice",
    "got it",
    "understood",
    "agreed",
];
const FILLERS: &[&str] = &[" um,", " uh,", " um ", " uh ", " er,", " you know,", " i mean,", " I mean,"];
/// What a speaker only hangs on.
const TAGS: &[&str] =
    &[", um", ", uh", ", yeah", ", right", ", okay", ", you know", ", sorry", ", i'm sorry", ", I'm sorry", ", I mean"];
/// The longest repetition that is a stutter, in words.
const MAX_STUTTER: usize = 5;

/// The clause in the third person where that can be done safely, else the clause behind its speaker's name.
pub(super) fn statement(clause: &str, speaker: Option<&Participant>, side: Side) -> String {
    let clause = tidy(clause);
    let name = speaker.and_then(|participant| participant.name.as_deref());
    let (us, you) = match side {
        Side::Vendor => (Some("the vendor"), Some("the customer")),
        Side::Customer => (Some("the customer"), Some("the vendor")),
        Side::Unknown => (None, None),
    };
    let cast = Cast { me: name.or(us), us, you };
    let label = || speaker.map(|speaker| speaker.label.as_str()).filter(|label| label.contains(char::is_alphabetic));
    match third_person(&clause, cast).filter(|told| !told.ends_with('?')) {
        Some(told) => sentence(&told),
        None => match name.or(us).or_else(label) {
            Some(speaker) => sentence(&format!("{}: {clause}", capitalized(speaker))),
            None => sentence(&clause),
        },
    }
}

/// Whether the text is nothing but words that acknowledge.
pub(super) fn acknowledges(text: &str) -> bool {
    let plain = text.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    plain
        .split([',', '.', '!', ' '])
        .filter(|word| !word.is_empty())
        .all(|word| matches!(word, "yeah" | "oh" | "so" | "and" | "um" | "uh") || ACKNOWLEDGEMENTS.contains(&word))
        || ACKNOWLEDGEMENTS.contains(&plain.as_str())
}

/// The text behind the connectives, acknowledgements and fillers that lead it.
pub(super) fn without_leads(text: &str) -> &str {
    let mut rest = text;
    loop {
        let loose = CONNECTIVES.iter().find_map(|lead| strip_lead(rest, lead, true));
        let shorter = loose.or_else(|| ACKNOWLEDGEMENTS.iter().find_map(|lead| strip_lead(rest, lead, false)));
        match shorter {
            Some(shorter) => rest = shorter,
            None => return rest,
        }
    }
}

/// `text` behind `lead`, where at least three words are left.
fn strip_lead<'a>(text: &'a str, lead: &str, loose: bool) -> Option<&'a str> {
    let head = text.get(..lead.len())?;
    let rest = text.get(lead.len()..)?;
    let bordered = rest.starts_with([',', '.', '!']) || loose && rest.starts_with(char::is_whitespace);
    let stripped = rest.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, ',' | '.' | '!'));
    let left = stripped.split_whitespace().count() > 2;
    (head.eq_ignore_ascii_case(lead) && bordered && left).then_some(stripped)
}

/// The clause without leads, fillers, stutters and the number of a list, its spaces single.
fn tidy(clause: &str) -> String {
    let mut text = clause.split_whitespace().collect::<Vec<_>>().join(" ");
    for filler in FILLERS {
        text = text.replace(filler, " ");
    }
    let text = without_stutters(without_leads(without_list_number(&text)));
    // "Me, I want" says who twice.
    let text = text
        .strip_prefix("me, ")
        .or(text.strip_prefix("Me, "))
        .filter(|rest| rest.starts_with("I ") || rest.starts_with("I'"))
        .unwrap_or(&text);
    let ended = text.trim_end_matches(['.', ' ']);
    let tag = TAGS.iter().find_map(|tag| ended.strip_suffix(tag));
    tag.map_or(text, |text| text.trim_end_matches(',')).to_owned()
}

/// `4. We will …` without the `4.`; a clause of a contract keeps its number.
fn without_list_number(text: &str) -> &str {
    let digits = text.chars().take_while(char::is_ascii_digit).count();
    let rest = text.get(digits..).filter(|_| (1..3).contains(&digits));
    rest.and_then(|rest| rest.strip_prefix(". ").or_else(|| rest.strip_prefix(") "))).unwrap_or(text)
}

/// `that's the thing that, that's the thing that bugs me` with the thing once; repeated numbers stay.
fn without_stutters(text: &str) -> String {
    let mut words: Vec<&str> = text.split_whitespace().collect();
    let mut at = 0;
    while at < words.len() {
        match (1..=MAX_STUTTER).rev().find(|&length| is_stutter(&words, at, length)) {
            Some(length) => drop(words.drain(at..at + length)),
            None => at += 1,
        }
    }
    words.join(" ")
}

fn is_stutter(words: &[&str], at: usize, length: usize) -> bool {
    let (Some(first), Some(again)) = (words.get(at..at + length), words.get(at + length..at + 2 * length)) else {
        return false;
    };
    let bare = |word: &&str| word.trim_end_matches(',').to_lowercase();
    first.last().is_some_and(|last| last.ends_with(','))
        && first.iter().map(bare).eq(again.iter().map(bare))
        && !has_number(&Words::of(&first.join(" ")))
}

/// With a capital at the start and a full stop at the end.
fn sentence(text: &str) -> String {
    let text = text.trim().trim_end_matches([',', ';', ':', '-', '\u{2014}', '\u{2013}']);
    let mut done = capitalized(text);
    if !done.ends_with(['.', '!', '?']) {
        done.push('.');
    }
    done
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn promises_are_put_into_the_third_person_with_their_numbers() {
        for (said, side, told) in [
            (
                "And, uh, we'll have your scheduler live by 14 June",
                Side::Vendor,
                "The vendor will have the customer's scheduler live by 14 June.",
            ),
            ("Okay. I should get you the list.", Side::Customer, "The customer should get the vendor the list."),
            ("We'll ship it once you've paid.", Side::Vendor, "The vendor will ship it once the customer has paid."),
            ("4. We will waive the fee.", Side::Vendor, "The vendor will waive the fee."),
            ("No, no. All nine clinics will be live by June.", Side::Vendor, "All nine clinics will be live by June."),
        ] {
            assert_eq!(statement(said, None, side), told);
        }
    }

    #[test]
    fn what_cannot_be_rewritten_safely_stays_as_said() {
        assert_eq!(statement("We were down for two days", None, Side::Unknown), "We were down for two days.");
        assert_eq!(
            statement("We grow twelve percent a year", None, Side::Customer),
            "The customer: We grow twelve percent a year."
        );
        assert_eq!(statement("No fee for the second import.", None, Side::Vendor), "No fee for the second import.");
    }

    #[test]
    fn stutters_and_tags_go_and_hedges_stay() {
        for (said, told) in [
            ("The, um, the penalty from, from Tarrant, yeah.", "The penalty from Tarrant."),
            ("That's the thing that, that's the thing that broke, um.", "That's the thing that broke."),
            ("It costs five, five percent, I guess.", "It costs five, five percent, I guess."),
            ("Licenses move from Q1 to Q2, I'm sorry.", "Licenses move from Q1 to Q2."),
            ("Me, they want at six.", "Me, they want at six."),
        ] {
            assert_eq!(statement(said, None, Side::Unknown), told);
        }
    }

    #[test]
    fn acknowledgements_are_known() {
        for (text, only) in [("Yeah. Okay.", true), ("Good.", true), ("Got it.", true), ("Good day.", false)] {
            assert_eq!(acknowledges(text), only, "{text}");
        }
    }
}
