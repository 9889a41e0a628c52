//! What reading a call is of all that its upload costs before it can be searched: reading, cutting, encoding, indexing.

#[path = "../pipeline/call.rs"]
mod call;

use std::time::Instant;

use anyhow::Context as _;
use baton::chunk::{Budget, chunk_turns};
use baton::domain::ids::{AccountId, DealId, SourceId, TenantId};
use baton::embed::minilm::{DIMENSION, MODEL, MiniLm};
use baton::index::edge::EdgeIndex;
use baton::index::{Point, VectorIndex as _, VectorSpace};
use baton::transcript::parse;
use uuid::Uuid;

use self::call::{WORDS, hour_long_call};
use super::measure::{median, ms};

const RUNS: usize = 3;
const MAX_SHARE: f64 = 0.02;

/// Takes in an hour-long call some times, prints the shares, and says whether the bar is met.
pub(crate) async fn measure() -> anyhow::Result<bool> {
    let call = hour_long_call()?;
    let folder = tempfile::tempdir()?;
    let encoder = MiniLm::load()?;
    let index = EdgeIndex::open(folder.path(), VectorSpace { model: MODEL.to_owned(), dimension: DIMENSION }).await?;
    ingest(&call, &encoder, &index).await.context("the first call, which warms everything up")?;
    let mut runs = Vec::new();
    for _ in 0..RUNS {
        runs.push(ingest(&call, &encoder, &index).await?);
    }
    let stage = |at: usize| median(runs.iter().map(|run| run[at]).collect());
    let [parse, chunk, embed, store] = [0, 1, 2, 3].map(stage);
    let share = parse / (parse + chunk + embed + store);
    println!(
        "\nan hour of {WORDS} words: parse {parse:.1} ms, chunk {chunk:.1} ms, embed {embed:.1} ms, index {store:.1} ms"
    );
    let met = share < MAX_SHARE;
    let word = if met { "met" } else { "MISSED" };
    println!("bar {word}: reading is {:.2}% of it, limit {}%", 100.0 * share, 100.0 * MAX_SHARE);
    Ok(met)
}

/// Milliseconds of reading, cutting, encoding and indexing.
async fn ingest(call: &[u8], encoder: &MiniLm, index: &EdgeIndex) -> anyhow::Result<[f64; 4]> {
    encoder.forget();
    let (tenant, account, deal) = (TenantId::generate(), AccountId::generate(), DealId::generate());
    let source = SourceId::generate();
    let mut laps = [0.0; 4];
    let started = Instant::now();
    let transcript = parse("call.vtt", call)?;
    laps[0] = ms(started.elapsed());
    let chunks = chunk_turns(&transcript, Budget::default());
    laps[1] = ms(started.elapsed()) - laps[0];
    let texts: Vec<&str> = chunks.iter().map(|chunk| chunk.text.as_str()).collect();
    let vectors = encoder.embed_blocking(&texts)?;
    laps[2] = ms(started.elapsed()) - laps[0] - laps[1];
    let point = |(chunk, vector): (baton::chunk::Chunk, Vec<f32>)| Point {
        id: Uuid::now_v7(),
        tenant: tenant.clone(),
        account: account.clone(),
        deal: deal.clone(),
        source: source.clone(),
        turns: chunk.turns,
        text: chunk.text,
        vector,
    };
    index.upsert(chunks.into_iter().zip(vectors).map(point).collect()).await?;
    laps[3] = ms(started.elapsed()) - laps[0] - laps[1] - laps[2];
    Ok(laps)
}
