//! The pictures of a deal, with the same as a table.

use serde::Serialize;

use crate::domain::deal::{Source, SourceState};
use crate::domain::transcript::{SourceKind, Transcript};
use crate::draft::leading_number;
use crate::error::Error;
use crate::pictures::{self, Call, CoveredSource, Picture, Reading};
use crate::review::CurrentDraft;
use crate::store::{Conn, transcripts};

/// A picture for the page.
#[derive(Serialize)]
pub(super) struct PictureView {
    id: &'static str,
    title: String,
    svg: String,
    caption: String,
    table: TableView,
}

#[derive(Serialize)]
struct TableView {
    head: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl PictureView {
    pub(super) fn of(id: &'static str, picture: Picture) -> Self {
        let table = TableView { head: picture.header, rows: picture.rows };
        Self { id, title: picture.title, svg: picture.svg, caption: picture.summary, table }
    }
}

/// Promises over the calls, who stands where, and who was heard.
pub(super) async fn pictures(
    conn: &mut Conn,
    current: &CurrentDraft,
    sources: &[Source],
) -> Result<Vec<PictureView>, Error> {
    let mut read: Vec<(String, Transcript)> = Vec::new();
    for source in sources.iter().filter(|source| source.state == SourceState::Ready) {
        if let Some(transcript) = transcripts::find(conn, &source.id).await? {
            read.push((source.name.clone(), transcript));
        }
    }
    let borrowed: Vec<(String, &Transcript)> = read.iter().map(|(name, t)| (name.clone(), t)).collect();
    let items = &current.document.items;
    let heard = pictures::heard(&borrowed);
    let covered: Vec<CoveredSource> = sources.iter().map(|source| covered(source, &read)).collect();
    let people = pictures::covered_people(items, &heard);
    let drawn = [
        ("promises", pictures::promises(items, &calls(&read))),
        ("stakeholders", pictures::stakeholders(items, &heard)),
        ("coverage", pictures::coverage(&covered, &people)),
    ];
    Ok(drawn.into_iter().filter_map(|(id, picture)| Some(PictureView::of(id, picture?))).collect())
}

/// What was said somewhere, in its order; a contract says nothing.
fn calls(read: &[(String, Transcript)]) -> Vec<Call> {
    let spoken = read.iter().filter(|(_, t)| !matches!(t.kind, SourceKind::Contract));
    let mut calls: Vec<Call> = spoken
        .map(|(name, transcript)| Call {
            source: name.clone(),
            label: label(name),
            on: transcript.started_at.map(|at| at.to_zoned(jiff::tz::TimeZone::UTC).date()),
        })
        .collect();
    // As the engine orders them: by day where every file says it, else by the numbers that the names begin with.
    let all_dated = calls.iter().all(|call| call.on.is_some());
    calls.sort_by_key(|call| {
        let number = leading_number(&call.source).filter(|_| !all_dated).unwrap_or(u32::MAX);
        (number, call.on.is_none(), call.on, call.source.clone())
    });
    calls
}

fn covered(source: &Source, read: &[(String, Transcript)]) -> CoveredSource {
    let transcript = read.iter().find(|(name, _)| *name == source.name).map(|(_, transcript)| transcript);
    CoveredSource {
        source: source.name.clone(),
        label: label(&source.name),
        kind: source.kind,
        on: transcript.and_then(|t| t.started_at).map(|at| at.to_zoned(jiff::tz::TimeZone::UTC).date()),
        reading: match (source.state, &source.error) {
            (SourceState::Ready | SourceState::Replaced, _) => Reading::Read,
            (SourceState::Queued, _) => Reading::Waiting,
            (SourceState::Failed, error) => Reading::Failed(error.clone().unwrap_or_default()),
        },
    }
}

/// `03-negotiation.vtt` as `03-negotiation`.
fn label(name: &str) -> String {
    name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_owned()
}
