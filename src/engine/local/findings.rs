//! The attributes of a finding, read from its clause: what cannot be told stays absent.

use super::features::Features;
use super::metric::metric;
use super::modality::condition;
use super::numbers::{cardinal_at, day_at};
use super::sentences::Sentence;
use super::words::{Words, phrases};
use crate::domain::field::Field;
use crate::domain::finding::{
    Commitment, Competitor, Finding, History, Objection, Risk, Scope, SuccessCriteria, Technical, Timeline, WhyBought,
};
use crate::domain::transcript::Side;
use crate::reader::Judgement;

/// From this probability on the reader's answer counts more than the rules.
const SURE: f32 = 0.6;

/// From this probability on the duty is the other side's, though the speaker names nobody else: people mostly bind themselves.
const OTHER_SIDE: f32 = 0.85;

/// From this probability on a promise is heard as changing or taking back another: on the dev deals three in four of those that do lie
/// above it, and one in ten of the others.
const CHANGES: f32 = 0.35;

/// The finding of `field` that a clause makes.
pub(super) fn finding(field: Field, sentence: &Sentence<'_>, features: &Features, judgement: &Judgement) -> Finding {
    let words = &sentence.words;
    let due = || features.when.as_ref().map(super::dates::When::due);
    match field {
        Field::Commitment => Finding::Commitment(commitment(sentence, features, judgement)),
        Field::WhyBought => {
            Finding::WhyBought(WhyBought { kind: judgement.why_kind, still_urgent: still_urgent(words) })
        }
        Field::SuccessCriteria => {
            Finding::SuccessCriteria(SuccessCriteria { metric: metric(sentence.text, words), due: due() })
        }
        Field::Scope => Finding::Scope(Scope { in_scope: judgement.in_scope }),
        Field::Timeline => Finding::Timeline(Timeline { kind: judgement.timeline_kind, due: due() }),
        Field::Technical => Finding::Technical(Technical { kind: judgement.technical_kind }),
        Field::Objection => Finding::Objection(Objection { status: judgement.status.map(|status| status.is) }),
        Field::Competitor => Finding::Competitor(Competitor { name: alternative(sentence), reason: reason(sentence) }),
        Field::Risk => Finding::Risk(Risk { severity: judgement.severity, mitigation: None }),
        Field::Stakeholder | Field::Pricing | Field::Politics | Field::Relationship => Finding::bare(field),
    }
}

phrases! {
    /// Words that set a newer word against an older one.
    NEWER = "instead | rather than | new date | new number | new plan | no longer";
    WITHDRAWN = "\
        take that back | take it back | take back what | taking that back | no longer able | have to withdraw";
    BUILD = "\
        build it ourselves | build our own | built our own | building it ourselves | in house";
    NOTHING = "\
        do nothing | stay with spreadsheets | keep the spreadsheets";
    STILL = "\
        still | to this day | every day | every week | right now | keeps happening | again and again | gets worse";
    NO_LONGER = "\
        no longer | not anymore | is fixed | is solved | used to be | not urgent";
    REASON = "\
        because | too expensive | too slow | too complicated | too big | too small | could not | can not | did not | does not";
}

fn commitment(sentence: &Sentence<'_>, features: &Features, judgement: &Judgement) -> Commitment {
    let words = &sentence.words;
    let owed_by = owner(sentence, features, judgement);
    let owed_to = owed_by.map(|side| if side == Side::Vendor { Side::Customer } else { Side::Vendor });
    let read = judgement.strength.filter(|strength| strength.probability >= SURE).map(|strength| strength.is);
    let strength = read.unwrap_or_else(|| features.modality.strength());
    Commitment {
        owed_by,
        owed_to,
        strength: Some(strength),
        condition: features.modality.conditional.then(|| condition(sentence.text)).flatten().map(str::to_owned),
        due: features.when.as_ref().map(super::dates::When::due),
        category: judgement.category,
        history: history(words, judgement),
        superseded_by: None,
        contract: None,
    }
}

/// Whether the clause changes or takes back what was promised.
fn history(words: &Words, judgement: &Judgement) -> Option<History> {
    let heard =
        |history, needed| judgement.history.is_some_and(|told| told.is == history && told.probability >= needed);
    if words.any(&WITHDRAWN) || heard(History::Withdrawn, SURE) {
        return Some(History::Withdrawn);
    }
    // What half sounds like taking back changes something.
    let changes = heard(History::Changed, CHANGES) || heard(History::Withdrawn, CHANGES) || corrects(words);
    changes.then_some(History::Changed)
}

/// Whether the clause corrects something: "instead", "two, not three", "not the fifteenth".
fn corrects(words: &Words) -> bool {
    let list: Vec<&str> = words.iter().collect();
    let number = |rest: &[&str]| {
        let rest = if rest.first() == Some(&"the") { &rest[1..] } else { rest };
        cardinal_at(rest).is_some() || day_at(rest).is_some()
    };
    let denied = |at: &usize| list[*at] == "not" && number(&list[at + 1..]);
    // "Two, not three" has another number; "not a hundred percent sure" has none.
    let other = |at: usize| (0..at).chain(at + 3..list.len()).any(|place| number(&list[place..]));
    words.any(&NEWER) || (0..list.len()).find(denied).is_some_and(other)
}

/// Whose duty it is: as the reader understands the words, where it is known who speaks or where nobody does (notes tell who
/// owes what); nobody's where a speaker's side is not known.
fn owner(sentence: &Sentence<'_>, features: &Features, judgement: &Judgement) -> Option<Side> {
    let told = |needed| judgement.owed_by.filter(|owner| owner.probability >= needed).map(|owner| owner.is);
    if sentence.side == Side::Unknown {
        return if sentence.speaker.is_none() { told(OTHER_SIDE) } else { None };
    }
    let third_person = features.promise.is_some_and(|promise| promise.third_person);
    let needed = if third_person { SURE } else { OTHER_SIDE };
    told(needed).or_else(|| (!third_person).then_some(sentence.side))
}

/// Whether the clause says outright that the reason still holds, or that it does not.
fn still_urgent(words: &Words) -> Option<bool> {
    let over = words.any(&NO_LONGER);
    (over || words.any(&STILL)).then_some(!over)
}

/// Why an alternative was not chosen, as said: from the word that gives the reason to the next pause.
fn reason(sentence: &Sentence<'_>) -> Option<String> {
    let words: Vec<&str> = sentence.words.iter().collect();
    let start = (0..words.len()).find(|&at| REASON.length_at(&words[at..]).is_some())?;
    let start = start + usize::from(words.get(start) == Some(&"because"));
    let end = (start + 1..words.len()).find(|&end| sentence.words.pause_behind(sentence.text, end - 1))?;
    let said = sentence.words.as_said(sentence.text, start..end)?;
    (said.split_whitespace().count() > 1).then(|| said.to_owned())
}

/// `build`, `do nothing`, or the first capitalized word behind the beginning of the clause.
fn alternative(sentence: &Sentence<'_>) -> Option<String> {
    let words = &sentence.words;
    if words.any(&BUILD) {
        return Some("build".to_owned());
    }
    if words.any(&NOTHING) {
        return Some("do nothing".to_owned());
    }
    let names = sentence.text.split_whitespace().skip(1).filter(|word| word.chars().count() > 3);
    let bare = names.map(|word| word.trim_matches(|c: char| !c.is_alphanumeric())).find(|word| {
        let name = word.starts_with(char::is_uppercase) && word.chars().skip(1).any(char::is_lowercase);
        name && !word.contains('\'') && !super::names::is_no_name(word)
    });
    bare.map(str::to_owned)
}
