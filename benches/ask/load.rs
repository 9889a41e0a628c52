//! A record of many chunks, behind a real socket.

use std::path::Path;

use baton::app::App;
use baton::ask::runs::{self, KeptRun};
use baton::domain::deal::{Account, Deal, DealState, DealTerms, Source, SourceState};
use baton::domain::field::Field;
use baton::domain::finding::Finding;
use baton::domain::ids::{AccountId, DealId, SourceId};
use baton::domain::item::ItemState;
use baton::domain::transcript::{SourceKind, Transcript};
use baton::engine::QuoteRole;
use baton::index::Point;
use baton::reader::NUMBERS;
use baton::store::items::Place;
use baton::store::{self, accounts, deals, items, sources, transcripts};
use baton::transcript::parse;
use rand::rngs::SmallRng;
use rand::{Rng as _, SeedableRng as _};
use uuid::Uuid;

use crate::pieces::Pieces;
use crate::record::{cite, item};
use crate::support::{self, Served};

/// Chunks of a call, and calls of a deal.
const CHUNKS: usize = 50;
const CALLS: usize = 4;
/// One word in so many is another one than in the piece.
const OTHER_WORD: usize = 6;
/// How far a vector is moved from that of its piece, per number; a vector has the length 1 and 384 numbers.
const MOVED: f32 = 0.03;
/// Findings of a call: questions of count and change are answered from them.
const FINDINGS: usize = 8;
/// Who speaks, in turn.
const SPEAKERS: [&str; 4] = ["Dana Ruiz", "Omar Haddad", "Priya Raman", "Callum Brandvold"];

/// Fills a record with `size` chunks and serves it.
pub(crate) async fn load(folder: &Path, size: usize, pieces: &Pieces) -> anyhow::Result<Served> {
    let app = support::open(folder).await?;
    let mut rng = SmallRng::seed_from_u64(7);
    for at in 0..size.div_ceil(CHUNKS * CALLS) {
        let deal = add_deal(&app, at).await?;
        let mut points = Vec::with_capacity(CHUNKS * CALLS);
        for call in 0..CALLS {
            let call = add_call(&app, &deal, call, pieces, &mut rng).await?;
            add_findings(&app, &deal, &call).await?;
            points.extend(call.points);
        }
        app.index.upsert(points).await?;
    }
    app.index.optimize().await?;
    support::serve(app).await
}

/// A call in the store, and its chunks for the index.
struct Call {
    source: Source,
    transcript: Transcript,
    points: Vec<Point>,
}

async fn add_deal(app: &App, at: usize) -> anyhow::Result<Deal> {
    let (tenant, now) = (app.home.clone(), app.clock.now());
    let account =
        Account { id: AccountId::generate(), tenant: tenant.clone(), name: format!("Account {at}"), created_at: now };
    let deal = Deal {
        id: DealId::generate(),
        tenant,
        account_id: account.id.clone(),
        name: format!("First year {at}"),
        state: DealState::InReview,
        owner: None,
        csm: None,
        terms: DealTerms::default(),
        revision: 1,
        created_at: now,
    };
    let mut tx = app.store.write().await?;
    accounts::insert(&mut tx, &account, None).await?;
    deals::insert(&mut tx, &deal).await?;
    tx.commit().await?;
    Ok(deal)
}

/// A call of pieces one after the other, with its chunks.
async fn add_call(app: &App, deal: &Deal, at: usize, pieces: &Pieces, rng: &mut SmallRng) -> anyhow::Result<Call> {
    let (mut text, mut chunks, mut about, mut turn) = (String::new(), Vec::new(), Vec::new(), 0);
    for _ in 0..CHUNKS {
        let piece = &pieces.chunks[rng.random_range(0..pieces.chunks.len())];
        let (first, mut own) = (turn, String::new());
        for (said, clauses) in &piece.turns {
            about.push(clauses.as_slice());
            let said = reworded(said, pieces, rng);
            let speaker = SPEAKERS[turn as usize % SPEAKERS.len()];
            let line = format!("{speaker}: {said}\n");
            text.push_str(&line);
            own.push_str(&line);
            turn += 1;
        }
        chunks.push((first..=turn - 1, own, moved(&piece.vector, rng)));
    }
    let source = Source {
        id: SourceId::generate(),
        tenant: deal.tenant.clone(),
        deal_id: deal.id.clone(),
        name: format!("{at}-call.txt"),
        content_hash: format!("{}{at}", deal.id),
        size_bytes: i64::try_from(text.len())?,
        state: SourceState::Ready,
        kind: Some(SourceKind::CallTranscript),
        format: None,
        error: None,
        replaces: None,
        replaced_by: None,
        created_at: app.clock.now(),
    };
    let mut tx = app.store.write().await?;
    sources::insert(&mut tx, &source, b"").await?;
    let transcript = parse(&source.name, text.as_bytes())?;
    transcripts::replace(&mut tx, &source.id, &transcript).await?;
    store::runs::replace(&mut tx, &source.id, &runs_of(&transcript, &about)?).await?;
    sources::set_ready(&mut tx, &source.id, &transcript).await?;
    tx.commit().await?;
    let point = |(turns, text, vector)| Point {
        id: Uuid::now_v7(),
        tenant: deal.tenant.clone(),
        account: deal.account_id.clone(),
        deal: deal.id.clone(),
        source: source.id.clone(),
        turns,
        text,
        vector,
    };
    let points = chunks.into_iter().map(point).collect();
    Ok(Call { source, transcript, points })
}

/// The runs of a call, each clause about what that of the piece is about which stands in its place.
fn runs_of(transcript: &Transcript, about: &[&[Vec<f32>]]) -> anyhow::Result<Vec<KeptRun>> {
    let mut kept = runs::of(transcript)?;
    let (mut before, mut place) = (None, 0);
    for clause in kept.iter_mut().flat_map(|run| &mut run.clauses) {
        place = if before.replace(clause.turn) == Some(clause.turn) { place + 1 } else { 0 };
        let own = about[clause.turn as usize];
        // Words that were changed may end a clause elsewhere.
        clause.vector = own.get(place).or(own.last()).cloned().or_else(|| Some(vec![0.0; NUMBERS]));
    }
    Ok(kept)
}

/// What was found in a call.
async fn add_findings(app: &App, deal: &Deal, call: &Call) -> anyhow::Result<()> {
    let mut tx = app.store.write().await?;
    for (n, field) in (0..FINDINGS).zip([Field::Commitment, Field::Risk, Field::Timeline, Field::Scope].iter().cycle())
    {
        let cited = cite(&call.source, &call.transcript, n * 3, QuoteRole::Support)?;
        let statement = format!("What was said: {}", cited.quote());
        let item = item(Finding::bare(*field), statement, ItemState::Approved, vec![cited]);
        let place = Place { position: i64::try_from(n)?, revision: 1 };
        items::insert(&mut tx, &deal.tenant, &deal.id, &item, place, app.clock.now()).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// The words with some of them replaced.
fn reworded(said: &str, pieces: &Pieces, rng: &mut SmallRng) -> String {
    let mut words: Vec<&str> = Vec::new();
    for word in said.split_whitespace() {
        let other = rng.random_range(0..OTHER_WORD) == 0;
        words.push(if other { &pieces.words[rng.random_range(0..pieces.words.len())] } else { word });
    }
    words.join(" ").replace(':', "")
}

fn moved(vector: &[f32], rng: &mut SmallRng) -> Vec<f32> {
    let moved: Vec<f32> = vector.iter().map(|number| number + rng.random_range(-MOVED..MOVED)).collect();
    let length = moved.iter().map(|number| number * number).sum::<f32>().sqrt();
    moved.into_iter().map(|number| number / length).collect()
}
