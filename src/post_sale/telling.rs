//! What a clause tells of something that was promised, as far as its words tell it: done, not done, still open, agreed anew.
//!
//! Which promise it is about is told elsewhere. Questions, plans, hedges, hypotheses and jokes tell nothing.

use jiff::ToSpan as _;
use jiff::civil::Date;

use crate::engine::local::dates::named_days;
use crate::engine::local::modality::Modality;
use crate::engine::local::numbers::day_at;
use crate::engine::local::words::{Phrases, Words, phrases};

phrases! {
    /// Consent is no outcome, and another customer's deal is not this one.
    BESIDE = "that works | works for | another customer | other customer | other customers | one of our customers | some customers | other clients | \
        another client | last vendor | old vendor | previous vendor | another company";
    PLANS = "will | going to | next week | next month | next year | next time | tomorrow | planned | plan to | plans to | planning | about \
        to | want to | wants to | would like to | need to | needs to | let us | can you | could you | on track | stays | remains";
    DONE = "went live | gone live | go live was | went into production | are live | is live | was live | were live | been live | is done | \
        are done | was done | were done | got done | all done | been done | finished | is complete | was complete | completed | \
        delivered | arrived | showed up | turned up | shipped | migrated | imported | installed | set it up | set them up | \
        has set | have set | is set up | are set up | is in place | are in place | in place since | was running | were running | is \
        running | are running | been running | up and running | is working | are working | works | worked | signed off | \
        came on | came in on | came through | came yesterday | came only | only came | came over | got all | got it | \
        got them | got our | got ours | we got | have got | have it | have them | are here | are all in | was \
        sent | were sent | sent it | sent us | sent me | got sent | received | over to me | over to us | handed over | did \
        it | did the | did that | did this | did every | did all | we did | they did | have done | has done | has held | held | \
        answered | picked up | never missed | did not miss | as promised | as agreed | \
        has spoken | have spoken | spoke with | bought | paid | trained | stayed | was fixed | is fixed | \
        connected | is connected | was connected | rolled out | was switched on | is switched on | got into";
    /// These make a part of it, which is no outcome.
    PARTLY = "half | so far | almost | nearly | most of | some of | part of | partly | the rest | the others | the last | except | all but | \
        halfway | a few of | one of the | not all | to begin with";
    NEVER = "never happened | never got | never came | never arrived | never saw | never received | never showed | never did | never \
        went | never heard | never worked | never sent | never delivered | did not happen | did not come | did not get | did \
        not arrive | did not work | did not go live | has not happened | has never | have never | nobody picks up | nobody picked \
        up | nobody answers | nobody answered | nobody came | nobody called | no one came | no one picks up | no one answers | \
        does not work | do not work | is not working | are not working | was not delivered | were not delivered | was not done | were not done | \
        only got | got only | fell through | did not make it | did not hold | did not keep | was dropped | was cancelled";
    /// Open at this moment; whether that breaks anything depends on when it was due.
    OPEN = "still waiting | still wait | still missing | still not | still have not | still has not | still do not | still does not | \
        still no | still owe | still outstanding | overdue | waiting on | not yet | not there yet | have yet to | has yet to | is not done | are not done | \
        has not come | have not come | have not got | have not had | have not received | have not seen | has not arrived | have not arrived | is not \
        live | are not live";
    /// Held against what was said.
    SUPPOSED = "was supposed to | were supposed to | was meant to | were meant to | was promised | were promised | was to be | \
        was due | were due";
    AGREED = "we agreed | have agreed | had agreed | agreed to | agreed that | agreed on | settled on | we settled | both agreed | agreed \
        together | by mutual";
    CHANGED = "move* | instead | push* | postpone* | shift* | later | rather | drop* | swap* | change* | comes after | extend* | \
        reduce* | replace* | delay* | reschedule* | only | go to | without | split* | defer* | leave out | once";
    LATE = "late | later than | behind schedule | slipped | not until | too late | finally | overdue";
}

/// How many words before a cue a negation reaches.
const NEGATION: usize = 3;

/// What a clause tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Telling {
    /// It was done; `late` where the words say that it was late.
    Done {
        /// Whether the words themselves say so.
        late: bool,
    },
    /// It was not done.
    NotDone,
    /// It is not done now; `held` where the words hold it against what was said.
    Open {
        /// Whether the words say that it should be done by now.
        held: bool,
    },
    /// Both sides agreed on something else.
    Agreed,
}

/// What the clause `text`, whose words are `words`, tells; nothing where it only asks, plans, hedges or jokes.
pub(super) fn telling(text: &str, words: &Words) -> Option<Telling> {
    let modality = Modality::of(text, words);
    let idle =
        modality.question || modality.hypothetical || modality.conditional || modality.hedged || modality.roadmap;
    if idle || modality.is_void() || words.any(&BESIDE) {
        return None;
    }
    if words.any(&AGREED) && words.any(&CHANGED) && !words.any(&NEVER) {
        return Some(Telling::Agreed);
    }
    if words.any(&NEVER) {
        return Some(Telling::NotDone);
    }
    let held = words.any(&SUPPOSED);
    if held || words.any(&OPEN) {
        return Some(Telling::Open { held: held || !words.iter().any(|word| word == "yet") });
    }
    if words.any(&PARTLY) {
        return None;
    }
    let mut told = text.split([',', ';', ':', '\u{2014}', '\u{2013}']).filter_map(part);
    let first = told.next()?;
    match told.fold(first, |all, more| if all == Part::Not { all } else { more }) {
        Part::Done => Some(Telling::Done { late: words.any(&LATE) }),
        Part::Not => Some(Telling::Open { held: false }),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Done,
    Not,
}

/// What one part of a clause tells: "I'll give you that" takes nothing back from what stands before the comma.
fn part(text: &str) -> Option<Part> {
    let words = Words::of(text);
    let list: Vec<&str> = words.iter().collect();
    if words.any(&PLANS) {
        return None;
    }
    let at = place_of(&DONE, &list)?;
    let before = &list[at.saturating_sub(NEGATION)..at];
    Some(if before.iter().any(|word| matches!(*word, "not" | "no" | "nobody" | "nothing" | "never")) {
        Part::Not
    } else {
        Part::Done
    })
}

fn place_of(phrases: &Phrases, words: &[&str]) -> Option<usize> {
    (0..words.len()).find(|&at| phrases.length_at(&words[at..]).is_some())
}

/// The days on which something was done by what a clause says: named by month, `yesterday`, or as a bare `the fifteenth` of the
/// month it was said in. What is over lies in the past: a day without a year is the last one of its name.
pub(super) fn days_told(words: &Words, said_on: Option<Date>) -> Vec<Date> {
    let named = named_days(words, said_on);
    let list: Vec<&str> = words.iter().collect();
    let mut days: Vec<Date> = named.iter().filter_map(|(_, day)| *day).collect();
    let Some(today) = said_on else { return days };
    for day in &mut days {
        let last_year = day.checked_sub(1.year()).unwrap_or(*day);
        if *day > today && last_year <= today {
            *day = last_year;
        }
    }
    for (at, word) in list.iter().enumerate() {
        let known = named.iter().any(|(range, _)| range.start <= at + 1 && at < range.end);
        match *word {
            "yesterday" => days.extend(today.checked_sub(1.days()).ok()),
            "today" => days.push(today),
            "the" if !known => days.extend(bare_day(&list[at + 1..], today)),
            _ => {}
        }
    }
    days
}

/// `the fifteenth`, said in the same month and no earlier than that day.
fn bare_day(words: &[&str], today: Date) -> Option<Date> {
    // Below ten it may count anything: "the second week", "the third time".
    let (day, _) = day_at(words).filter(|(day, _)| *day >= 10)?;
    let day = Date::new(today.year(), today.month(), day).ok()?;
    (day <= today).then_some(day)
}

/// The day that something is moved away from: `from October fifth to the nineteenth`, `instead of June first`.
pub(super) fn day_left(words: &Words, said_on: Option<Date>) -> Option<Date> {
    let list: Vec<&str> = words.iter().collect();
    let left = |at: usize| matches!(list[..at], [.., "from"] | [.., "from", "the"] | [.., "instead", "of"]);
    named_days(words, said_on).into_iter().find(|(range, _)| left(range.start)).and_then(|(_, day)| day)
}
