//! What came after the handover: the checks of day 14 and day 30, and what the customer had to say again.

use jiff::Timestamp;
use serde::Serialize;

use super::words::{Deadline, day, deadline};
use crate::domain::deal::Deal;
use crate::domain::handover::{CheckIn, CheckInKind, Milestone};
use crate::domain::ids::DealId;
use crate::domain::policy::Step;
use crate::error::Error;
use crate::ground::Citation;
use crate::render::view::moment;
use crate::store::{Conn, handover, post_sale};

/// The pulse or the check-in.
#[derive(Serialize)]
pub(super) struct CheckInView {
    kind: CheckInKind,
    title: &'static str,
    deadline: Option<Deadline>,
    summary: Vec<Fact>,
}

/// A line of a check.
#[derive(Serialize)]
struct Fact {
    label: &'static str,
    value: String,
}

/// Questions that the customer had to answer again.
#[derive(Serialize)]
pub(super) struct RepeatsView {
    /// `2 of 22 questions`.
    summary: String,
    pairs: Vec<RepeatLine>,
}

#[derive(Serialize)]
struct RepeatLine {
    question: QuoteLine,
    answer: QuoteLine,
}

/// Words of the record, with the way to them.
#[derive(Serialize)]
struct QuoteLine {
    quote: String,
    speaker: Option<String>,
    source: String,
    when: String,
    url: Option<String>,
}

/// The pulse and the check-in, answered or not.
pub(super) async fn check_ins(
    conn: &mut Conn,
    deal: &Deal,
    steps: &[Milestone],
    now: Timestamp,
) -> Result<Vec<CheckInView>, Error> {
    let recorded = handover::check_ins(conn, &deal.id).await?;
    let kinds =
        [(CheckInKind::Pulse, Step::Pulse, "Day-14 pulse"), (CheckInKind::CheckIn, Step::CheckIn, "Day-30 check-in")];
    let view = |(kind, step, title): (CheckInKind, Step, &'static str)| {
        let clock = steps.iter().find(|milestone| milestone.step == step);
        CheckInView {
            kind,
            title,
            deadline: clock.map(|milestone| Deadline { label: String::new(), ..deadline(milestone, now) }),
            summary: recorded.iter().rfind(|check| check.kind == kind).map(facts).unwrap_or_default(),
        }
    };
    Ok(kinds.into_iter().map(view).collect())
}

fn facts(check: &CheckIn) -> Vec<Fact> {
    let mut facts = vec![
        Fact { label: "Said again", value: format!("{} times", check.repeats) },
        Fact {
            label: "Satisfaction",
            value: check.satisfaction.map_or_else(|| "not asked".to_owned(), |rating| format!("{rating} of 5")),
        },
        Fact { label: "Escalated", value: if check.escalated { "yes" } else { "no" }.to_owned() },
    ];
    facts.extend(check.note.clone().map(|value| Fact { label: "Surprises", value }));
    facts.push(Fact { label: "Recorded", value: format!("{}, {}", check.recorded_by, day(check.at)) });
    facts
}

/// What the customer had to say again; nothing before there is a source from after the sale.
pub(super) async fn repeats(conn: &mut Conn, deal: &DealId) -> Result<Option<RepeatsView>, Error> {
    let read = post_sale::repeats(conn, deal).await?;
    let questions = if read.questions == 1 { "question" } else { "questions" };
    let view = RepeatsView {
        summary: format!("{} of {} {questions}", read.repeats.len(), read.questions),
        pairs: read
            .repeats
            .iter()
            .map(|repeat| RepeatLine { question: quote_line(&repeat.question), answer: quote_line(&repeat.answer) })
            .collect(),
    };
    Ok((read.sources > 0).then_some(view))
}

fn quote_line(citation: &Citation) -> QuoteLine {
    QuoteLine {
        quote: citation.quote().to_owned(),
        speaker: citation.speaker().map(str::to_owned),
        source: citation.source().to_owned(),
        when: moment(citation.start_ms(), citation.precision(), citation.turn()),
        url: citation.source_id().map(|id| format!("/sources/{id}#t{}", citation.turn())),
    }
}
