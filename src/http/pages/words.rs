//! Times, states and choices in the words of the pages.

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use crate::domain::deal::DealState;
use crate::domain::field::Field;
use crate::domain::handover::Milestone;
use crate::domain::ids::UserId;
use crate::domain::user::{Role, User, UserKind, UserState};

/// A clock that runs, or has stopped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Deadline {
    /// The step.
    pub(super) label: String,
    /// `due in 5 h`, `overdue 2 days`.
    pub(super) clock: String,
    /// `ok`, `soon`, `late` or `done`.
    pub(super) tone: &'static str,
}

/// The clock of a milestone at `now`.
pub(super) fn deadline(milestone: &Milestone, now: Timestamp) -> Deadline {
    let label = milestone.label.clone();
    if milestone.done_at.is_some() {
        return Deadline { label, clock: "done".to_owned(), tone: "done" };
    }
    let left = milestone.due_at.duration_since(now);
    let (clock, tone) = match left {
        left if left.is_negative() => (format!("overdue {}", span(left.abs())), "late"),
        left if now >= milestone.remind_at => (format!("due in {}", span(left)), "soon"),
        left => (format!("due in {}", span(left)), "ok"),
    };
    Deadline { label, clock, tone }
}

/// A length of time in one unit.
fn span(duration: SignedDuration) -> String {
    let hours = duration.as_hours();
    match hours {
        0 => format!("{} min", duration.as_mins().max(1)),
        1..48 => format!("{hours} h"),
        _ => format!("{} days", hours / 24),
    }
}

/// `2 June 2026`.
pub(super) fn day(at: Timestamp) -> String {
    at.strftime("%-d %B %Y").to_string()
}

/// `2 June 2026, 14:10 UTC`.
pub(super) fn moment_of(at: Timestamp) -> String {
    at.strftime("%-d %B %Y, %H:%M UTC").to_string()
}

/// Hours as `24 h` or `7 days`.
pub(super) fn hours_in_words(hours: u32) -> String {
    if hours >= 48 && hours.is_multiple_of(24) { format!("{} days", hours / 24) } else { format!("{hours} h") }
}

/// The state in words.
pub(super) const fn state_label(state: DealState) -> &'static str {
    match state {
        DealState::Collecting => "collecting",
        DealState::Drafted => "drafted",
        DealState::InReview => "in review",
        DealState::Finalized => "finalized",
        DealState::Accepted => "accepted",
        DealState::Returned => "returned",
    }
}

/// Every state, in the order of a handoff's life.
pub(super) const STATES: [DealState; 6] = [
    DealState::Collecting,
    DealState::Drafted,
    DealState::InReview,
    DealState::Finalized,
    DealState::Accepted,
    DealState::Returned,
];

/// One choice of a select.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Choice {
    /// What is sent.
    pub(super) value: String,
    /// What is read.
    pub(super) label: String,
}

impl Choice {
    /// A value that is read as it is sent.
    pub(super) fn plain(value: &str) -> Self {
        Self { value: value.to_owned(), label: value.to_owned() }
    }
}

/// The active people of some roles as choices.
pub(super) fn people(users: &[User], roles: &[Role]) -> Vec<Choice> {
    let can =
        |user: &&User| user.kind == UserKind::Person && user.state == UserState::Active && roles.contains(&user.role);
    users.iter().filter(can).map(|user| Choice { value: user.id.to_string(), label: user.name.clone() }).collect()
}

/// The name of a user among `users`.
pub(super) fn name_of(users: &[User], id: Option<&UserId>) -> Option<String> {
    let id = id?;
    users.iter().find(|user| user.id == *id).map(|user| user.name.clone())
}

/// A field with its heading.
#[derive(Debug, Clone, Serialize)]
pub(super) struct FieldChoice {
    /// The field's word.
    pub(super) field: &'static str,
    /// Its heading.
    pub(super) heading: &'static str,
}

/// Fields as choices.
pub(super) fn fields(sees_sensitive: bool) -> Vec<FieldChoice> {
    let shown = Field::ALL.into_iter().filter(|field| sees_sensitive || !field.is_sensitive());
    shown.map(|field| FieldChoice { field: field.as_str(), heading: field.heading() }).collect()
}

/// A segment of the team's policies and deals as a choice.
pub(super) fn segments(mut found: Vec<String>) -> Vec<Choice> {
    found.sort_by_key(|segment| segment.to_lowercase());
    found.dedup_by_key(|segment| segment.to_lowercase());
    found.iter().map(|segment| Choice::plain(segment)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::policy::Step;

    #[test]
    fn a_clock_says_what_is_left_and_how_near_it_is() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let milestone = |done: Option<Timestamp>| Milestone {
            step: Step::Document,
            label: "Document".to_owned(),
            remind_at: at("2026-03-02T18:00:00Z"),
            due_at: at("2026-03-03T00:00:00Z"),
            done_at: done,
            done_by: None,
        };
        let clock = |now: &str| {
            let deadline = deadline(&milestone(None), at(now));
            (deadline.clock, deadline.tone)
        };
        assert_eq!(clock("2026-03-02T10:00:00Z"), ("due in 14 h".to_owned(), "ok"));
        assert_eq!(clock("2026-03-02T23:30:00Z"), ("due in 30 min".to_owned(), "soon"));
        assert_eq!(clock("2026-03-05T01:00:00Z"), ("overdue 2 days".to_owned(), "late"));
        assert_eq!(deadline(&milestone(Some(at("2026-03-02T00:00:00Z"))), at("2026-04-02T00:00:00Z")).tone, "done");
    }
}
