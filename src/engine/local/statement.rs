//! A clause as a statement: short, third person, and never stronger than what was said.

use crate::domain::transcript::{Participant, Side};

const LEADS: &[&str] = &[
    "and", "but", "so", "yeah", "yes", "okay", "ok", "well", "right", "um", "uh", "like", "i mean", "you know", "no",
    "oh", "look", "sure", "great", "now", "then", "also", "because", "'cause", "listen", "honestly", "perfect",
];
const FILLERS: &[&str] = &[" um,", " uh,", " um ", " uh ", " er,", " you know,", " i mean,", " I mean,"];
/// First-person openings that can be put into the third person without touching the verb.
const OPENINGS: &[(&str, &str)] = &[
    ("i'll ", "will "),
    ("we'll ", "will "),
    ("i will ", "will "),
    ("we will ", "will "),
    ("i'm going to ", "is going to "),
    ("we're going to ", "is going to "),
    ("i can ", "can "),
    ("we can ", "can "),
    ("i should ", "should "),
    ("we should ", "should "),
    ("i can't ", "can't "),
    ("we can't ", "can't "),
    ("we won't ", "won't "),
    ("i won't ", "won't "),
    ("we're ", "is "),
    ("i'm ", "is "),
];

/// The clause in the third person where that can be done safely, else the clause behind its speaker's name.
pub(super) fn statement(clause: &str, speaker: Option<&Participant>, side: Side) -> String {
    let clause = tidy(clause);
    let subject = match side {
        Side::Vendor => Some("The vendor"),
        Side::Customer => Some("The customer"),
        Side::Unknown => speaker.and_then(|participant| participant.name.as_deref()),
    };
    let Some(subject) = subject else { return sentence(&clause) };
    match third_person(&clause, subject) {
        Some(rewritten) => sentence(&rewritten),
        None => sentence(&format!(
            "{}: {clause}",
            speaker.and_then(|participant| participant.name.as_deref()).unwrap_or(subject)
        )),
    }
}

/// The clause without leading connectives and fillers, its spaces single.
fn tidy(clause: &str) -> String {
    let mut text = clause.split_whitespace().collect::<Vec<_>>().join(" ");
    for filler in FILLERS {
        text = text.replace(filler, " ");
    }
    let mut rest = text.as_str();
    while let Some(shorter) = LEADS.iter().find_map(|lead| strip_lead(rest, lead)) {
        rest = shorter;
    }
    rest.to_owned()
}

fn strip_lead<'a>(text: &'a str, lead: &str) -> Option<&'a str> {
    let head = text.get(..lead.len())?;
    let rest = text.get(lead.len()..)?;
    let bordered = rest.starts_with([',', ' ', '.', '!']);
    let stripped = rest.trim_start_matches([',', ' ', '.', '!']);
    (head.eq_ignore_ascii_case(lead) && bordered && stripped.split(' ').count() > 2).then_some(stripped)
}

/// `we'll …` as `the vendor will …`; only where no other first or second person is left that would change its meaning.
fn third_person(clause: &str, subject: &str) -> Option<String> {
    let plain = clause.replace('\u{2019}', "'");
    let (opening, verb) = OPENINGS
        .iter()
        .find(|(opening, _)| plain.get(..opening.len()).is_some_and(|head| head.eq_ignore_ascii_case(opening)))?;
    let rest = plain.get(opening.len()..)?;
    let other = if subject == "The vendor" { "the customer" } else { "the vendor" };
    let words: Vec<&str> = rest.split(' ').collect();
    if !is_safe(&words) {
        return None;
    }
    let words: Vec<String> = words.into_iter().map(|word| replace_person(word, subject, other)).collect();
    Some(format!("{subject} {verb}{}", words.join(" ")))
}

/// Words whose person cannot be changed without changing a verb beside them.
const FIXED: &[&str] = &[
    "i",
    "we",
    "i'm",
    "we're",
    "i'll",
    "we'll",
    "i've",
    "we've",
    "i'd",
    "we'd",
    "you're",
    "you'll",
    "you've",
    "you'd",
    "mine",
    "ours",
    "yours",
    "myself",
    "ourselves",
    "yourself",
    "yourselves",
];
/// Verbs that show by their form that `you` is their subject.
const YOUR_VERBS: &[&str] =
    &["have", "don't", "do", "are", "aren't", "were", "need", "want", "get", "know", "see", "go", "say", "like"];

/// Whether `you` and `me` can be replaced and every verb still fits.
fn is_safe(words: &[&str]) -> bool {
    let fixed = words.iter().any(|word| FIXED.contains(&bare(word).as_str()));
    let governed = words.windows(2).any(|pair| bare(pair[0]) == "you" && YOUR_VERBS.contains(&bare(pair[1]).as_str()));
    !fixed && !governed
}

fn bare(word: &str) -> String {
    word.trim_matches(|c: char| !c.is_alphanumeric() && c != '\'').to_lowercase()
}

fn replace_person(word: &str, subject: &str, other: &str) -> String {
    let (own, core) = (subject.to_lowercase(), bare(word));
    let own = if subject.starts_with("The ") { own } else { subject.to_owned() };
    let new = match core.as_str() {
        "you" => other.to_owned(),
        "your" => format!("{other}'s"),
        "our" | "my" => format!("{own}'s"),
        "us" | "me" => own,
        _ => return word.to_owned(),
    };
    let tail = word.trim_end_matches(|c: char| !c.is_alphanumeric()).len();
    format!("{new}{}", word.get(tail..).unwrap_or_default())
}

/// With a capital at the start and a full stop at the end.
fn sentence(text: &str) -> String {
    let text = text.trim().trim_end_matches([',', ';', ':', '-', '\u{2014}', '\u{2013}']);
    let mut chars = text.chars();
    let mut done: String = chars.next().map(|c| c.to_uppercase().collect::<String>()).unwrap_or_default();
    done.push_str(chars.as_str());
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
        assert_eq!(
            statement("And, uh, we'll have your scheduler live by 14 June", None, Side::Vendor),
            "The vendor will have the customer's scheduler live by 14 June."
        );
        assert_eq!(
            statement("Okay. I should get you the list.", None, Side::Customer),
            "The customer should get the vendor the list."
        );
    }

    #[test]
    fn what_cannot_be_rewritten_safely_stays_as_said() {
        let text = "We were down for two days";
        assert_eq!(statement(text, None, Side::Unknown), "We were down for two days.");
        assert_eq!(statement(text, None, Side::Customer), "The customer: We were down for two days.");
        assert_eq!(
            statement("We'll ship it once you've paid.", None, Side::Vendor),
            "The vendor: We'll ship it once you've paid."
        );
    }
}
