//! Parse, chunk, embed and index one source, then have its deal drafted.

use uuid::Uuid;

use super::JobError;
use crate::app::{App, Progress, Stage};
use crate::ask::runs::KeptRun;
use crate::chunk::{Budget, Chunk, chunk_turns};
use crate::domain::deal::{Deal, Source};
use crate::domain::ids::SourceId;
use crate::domain::transcript::Transcript;
use crate::embed::Embedder;
use crate::error::Error;
use crate::index::{Point, VectorIndex};
use crate::intake::replace::{earlier_version, replace};
use crate::store::jobs::{self, Job, LeasedJob};
use crate::store::{Conn, StoreError, deals, runs, sources, transcripts};
use crate::transcript::parse_within;

pub(super) async fn run(app: &App, job: &LeasedJob, id: &SourceId) -> Result<(), JobError> {
    let (source, deal, bytes) = load(app, job, id).await?;
    app.progress(Progress::stage(&source, Stage::Parsing));
    let (name, limits) = (source.name.clone(), app.settings.import.limits());
    let transcript = app
        .blocking(move || parse_within(&name, &bytes, &limits))
        .await?
        .map_err(|error| JobError::Fail(error.to_string()))?;
    let chunks = index_transcript(app.embedder.as_ref(), app.index.as_ref(), &deal, &source, &transcript, |stage| {
        app.progress(Progress::stage(&source, stage));
    })
    .await?;
    let runs = app.asker.runs_of(&transcript).await.map_err(|error| JobError::Fail(error.to_string()))?;
    let replaced = keep(app, job, &source, &transcript, &runs).await?;
    if let Some(earlier) = replaced {
        app.index.delete_source(&source.tenant, &earlier).await.map_err(Error::from)?;
    }
    app.progress(Progress::stage(&source, Stage::Ready));
    tracing::info!(turns = transcript.turns.len(), chunks, "source ingested");
    Ok(())
}

async fn load(app: &App, job: &LeasedJob, id: &SourceId) -> Result<(Source, Deal, Vec<u8>), JobError> {
    let mut conn = app.store.read().await?;
    let gone = || JobError::Fail(format!("source {id} is gone"));
    let source = sources::find(&mut conn, &job.tenant, id).await?.ok_or_else(gone)?;
    let deal = deals::find(&mut conn, &job.tenant, &source.deal_id).await?.ok_or_else(gone)?;
    let bytes = sources::content(&mut conn, id).await?.ok_or_else(gone)?;
    Ok((source, deal, bytes))
}

/// Puts a source's chunks into the index, in place of those it had, and says how many they are.
pub async fn index_transcript(
    embedder: &dyn Embedder,
    index: &dyn VectorIndex,
    deal: &Deal,
    source: &Source,
    transcript: &Transcript,
    on_stage: impl Fn(Stage),
) -> Result<usize, Error> {
    let chunks = chunk_turns(transcript, Budget::default());
    on_stage(Stage::Embedding);
    let texts: Vec<&str> = chunks.iter().map(|chunk| chunk.text.as_str()).collect();
    let vectors = embedder.embed(&texts).await?;
    on_stage(Stage::Indexing);
    let count = chunks.len();
    let points = chunks.into_iter().zip(vectors).map(|(chunk, vector)| to_point(deal, source, chunk, vector)).collect();
    index.delete_source(&source.tenant, &source.id).await?;
    index.upsert(points).await?;
    Ok(count)
}

fn to_point(deal: &Deal, source: &Source, chunk: Chunk, vector: Vec<f32>) -> Point {
    let name = format!("{}\u{1f}{}", source.id, chunk.ordinal);
    Point {
        id: Uuid::new_v5(&Uuid::NAMESPACE_OID, name.as_bytes()),
        tenant: source.tenant.clone(),
        account: deal.account_id.clone(),
        deal: deal.id.clone(),
        source: source.id.clone(),
        turns: chunk.turns,
        text: chunk.text,
        vector,
    }
}

/// The turns, the source's state, the next job and this one's end: all or nothing. Gives the source whose place it took.
async fn keep(
    app: &App,
    job: &LeasedJob,
    source: &Source,
    transcript: &Transcript,
    runs: &[KeptRun],
) -> Result<Option<SourceId>, JobError> {
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    transcripts::replace(&mut tx, &source.id, transcript).await?;
    runs::replace(&mut tx, &source.id, runs).await?;
    sources::set_ready(&mut tx, &source.id, transcript).await?;
    let earlier = earlier_version(&mut tx, source, transcript).await?;
    if let Some((earlier, before)) = &earlier {
        replace(&mut tx, (earlier, before), (source, transcript), now).await?;
    }
    let draft = Job::DraftDeal { deal: source.deal_id.clone() };
    jobs::enqueue(&mut tx, &job.tenant, Some(&source.deal_id), &draft, now).await?;
    jobs::enqueue(&mut tx, &job.tenant, None, &Job::OptimizeIndex, now + super::optimize_index::DELAY).await?;
    if !jobs::finish(&mut tx, job, now).await? {
        return Err(JobError::LeaseLost);
    }
    tx.commit().await?;
    Ok(earlier.map(|(earlier, _)| earlier.id))
}

/// Records on the source itself that it cannot be used.
pub(super) async fn given_up(conn: &mut Conn, source: &SourceId, reason: &str) -> Result<(), StoreError> {
    sources::set_failed(conn, source, reason).await
}
