//! One source of the record: its words, and how it was read.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Html;
use serde::Serialize;

use super::shell::{Failed, Place, Visitor, fragment};
use super::words::day;
use crate::access::{Act, Sight};
use crate::app::App;
use crate::domain::deal::{Source, SourceState};
use crate::domain::ids::SourceId;
use crate::domain::transcript::{Side, Transcript, Turn};
use crate::error::Error;
use crate::http::extract::Path;
use crate::render::view::{in_words, moment};
use crate::store::{accounts, deals, transcripts};

/// Pieces that were left out, as many as are listed.
const DROPPED_SHOWN: usize = 50;

#[derive(Serialize)]
struct SourcePage {
    source: SourceView,
    report: Option<ReportView>,
    turns: Vec<TurnLine>,
}

#[derive(Serialize)]
struct SourceView {
    id: String,
    deal_id: String,
    account: String,
    deal: String,
    name: String,
    about: String,
    state: SourceState,
    state_label: &'static str,
    error: Option<String>,
    replaces: Option<String>,
    replaced_by: Option<String>,
}

#[derive(Serialize)]
struct ReportView {
    summary: String,
    facts: Vec<Fact>,
    people: Vec<PersonView>,
    warnings: Vec<String>,
    dropped: Vec<DroppedView>,
    dropped_more: usize,
}

#[derive(Serialize)]
struct Fact {
    label: &'static str,
    value: String,
}

#[derive(Serialize)]
struct PersonView {
    name: String,
    side: Side,
    side_label: &'static str,
    detail: Option<String>,
    reason: Option<String>,
}

#[derive(Serialize)]
struct DroppedView {
    line: u32,
    reason: String,
}

#[derive(Serialize)]
struct TurnLine {
    index: u32,
    speaker: Option<String>,
    when: String,
    side: Side,
    text: String,
}

#[derive(Serialize)]
struct TurnsFragment {
    source: TurnsOf,
    turns: Vec<TurnLine>,
}

#[derive(Serialize)]
struct TurnsOf {
    id: String,
    name: String,
}

pub(super) async fn page(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(id): Path<SourceId>,
) -> Result<Html<String>, Failed> {
    let caller = &visitor.caller;
    let mut conn = app.store.snapshot().await.map_err(Error::from)?;
    let source = caller.source(&mut conn, &id, Act::SeeDeal).await?;
    let deal = deals::find(&mut conn, &caller.tenant, &source.deal_id).await.map_err(Error::from)?;
    let deal = deal.ok_or_else(|| Error::not_found("source", &id))?;
    let account = accounts::find(&mut conn, &caller.tenant, &Sight::All, &deal.account_id).await;
    let transcript = transcripts::find(&mut conn, &id).await.map_err(Error::from)?;
    let title = source.name.clone();
    let page = SourcePage {
        report: transcript.as_ref().map(report),
        turns: transcript.as_ref().map(turn_lines).unwrap_or_default(),
        source: SourceView {
            id: id.to_string(),
            deal_id: deal.id.to_string(),
            account: account.map_err(Error::from)?.map(|account| account.name).unwrap_or_default(),
            deal: deal.name,
            about: about(&source, transcript.as_ref()),
            state: source.state,
            state_label: source_state(source.state),
            error: source.error,
            replaces: source.replaces.map(|id| id.to_string()),
            replaced_by: source.replaced_by.map(|id| id.to_string()),
            name: source.name,
        },
    };
    Ok(visitor.page("pages/source.html", &title, Place::Deals(None), page)?)
}

/// The turns alone, for the review's pane.
pub(super) async fn turns(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(id): Path<SourceId>,
) -> Result<Html<String>, Failed> {
    let mut conn = app.store.snapshot().await.map_err(Error::from)?;
    let source = visitor.caller.source(&mut conn, &id, Act::SeeDeal).await?;
    let transcript = transcripts::find(&mut conn, &id).await.map_err(Error::from)?;
    let turns = transcript.as_ref().map(turn_lines).unwrap_or_default();
    let source = TurnsOf { id: source.id.to_string(), name: source.name };
    Ok(fragment("pages/turns.html", &TurnsFragment { source, turns })?)
}

fn turn_lines(transcript: &Transcript) -> Vec<TurnLine> {
    let line = |turn: &Turn| TurnLine {
        index: turn.index,
        speaker: transcript.speaker_name(turn).map(str::to_owned),
        when: moment(turn.start_ms, turn.precision, turn.index),
        side: transcript.side(turn),
        text: turn.text.clone(),
    };
    transcript.turns.iter().map(line).collect()
}

/// The state in words.
pub(super) const fn source_state(state: SourceState) -> &'static str {
    match state {
        SourceState::Queued => "waiting to be read",
        SourceState::Ready => "ready",
        SourceState::Failed => "could not be read",
        SourceState::Replaced => "replaced by a corrected version",
    }
}

/// `Call transcript, Teams VTT, 30 min, 20 May 2026`.
fn about(source: &Source, transcript: Option<&Transcript>) -> String {
    let mut parts = Vec::new();
    parts.extend(source.kind.map(|kind| in_words(&word(&kind))));
    parts.extend(source.format.map(|format| format.title().to_owned()));
    if let Some(transcript) = transcript {
        parts.extend(transcript.duration_ms.map(|ms| format!("{} min", (ms / 60_000).max(1))));
        parts.extend(transcript.started_at.map(day));
    }
    parts.join(", ")
}

fn report(transcript: &Transcript) -> ReportView {
    let report = &transcript.report;
    let dropped = report
        .dropped
        .iter()
        .take(DROPPED_SHOWN)
        .map(|piece| DroppedView { line: piece.line, reason: piece.reason.clone() });
    let people = transcript.participants.iter().map(|person| PersonView {
        name: person.name.clone().unwrap_or_else(|| person.label.clone()),
        side: person.side,
        side_label: person.side.as_str(),
        detail: person.title.clone().or_else(|| person.email.clone()),
        reason: person.side_reason.clone(),
    });
    let left_out = match report.dropped.len() {
        0 => String::new(),
        1 => ", 1 piece left out".to_owned(),
        n => format!(", {n} pieces left out"),
    };
    ReportView {
        summary: format!("{} turns{left_out}", transcript.turns.len()),
        facts: vec![
            Fact { label: "Format", value: transcript.format.title().to_owned() },
            Fact { label: "Cues", value: report.cues.to_string() },
        ],
        people: people.collect(),
        warnings: report.warnings.clone(),
        dropped: dropped.collect(),
        dropped_more: report.dropped.len().saturating_sub(DROPPED_SHOWN),
    }
}

/// The word of a closed vocabulary.
pub(super) fn word<T: Serialize>(value: &T) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}
