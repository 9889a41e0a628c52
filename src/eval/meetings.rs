//! Retrieval on labelled meetings in the form of `QMSum` (Zhong and others, 2021): one meeting a line, questions with the turns that
//! answer them.

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use anyhow::Context as _;
use serde::{Deserialize, Serialize};

use crate::ask::memory::MemoryRecord;
use crate::domain::transcript::{Said, Side, SourceKind, Transcript, Turn};
use crate::draft::DealSource;
use crate::embed::Embedder;
use crate::index::Hit;
use crate::retrieve::{Passage, ranked};

/// Words of evidence that count.
const WORDS: usize = 1_500;

#[derive(Deserialize)]
struct Meeting {
    #[serde(rename = "meeting_id")]
    id: String,
    turns: Vec<(String, String)>,
    queries: Vec<Asked>,
}

#[derive(Deserialize)]
struct Asked {
    query: String,
    spans: Vec<(u32, u32)>,
}

/// How well one way of retrieving does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Found {
    /// The mean share of the labelled turns that stand in the passages that fit whole into the first 1,500 words of evidence.
    pub in_words: f64,
    /// The mean reciprocal rank of the first passage with a labelled turn.
    pub reciprocal_rank: f64,
}

/// What each step of the retrieval adds.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Steps {
    /// Meetings.
    pub meetings: usize,
    /// Questions.
    pub questions: usize,
    /// Chunks by their vectors alone.
    pub dense: Found,
    /// Chunks by vectors and words, fused.
    pub fused: Found,
    /// The same, each chunk with a share of its neighbours' scores.
    pub neighbours: Found,
    /// Those widened to exchanges: what the product reads.
    pub passages: Found,
}

/// Indexes every meeting of the file by itself and asks its questions.
///
/// # Errors
///
/// Where the file cannot be read, or the index or the embedder fails.
pub async fn meetings(path: &Path, embedder: &dyn Embedder) -> anyhow::Result<Steps> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read `{}`", path.display()))?;
    let mut steps = Steps::default();
    for (number, line) in text.lines().enumerate() {
        let meeting: Meeting = serde_json::from_str(line)
            .with_context(|| format!("`{}` line {}: no labelled meeting", path.display(), number + 1))?;
        let transcript = transcript(&meeting.turns);
        let source = DealSource { id: None, name: meeting.id, transcript };
        let sources = [source];
        let record = MemoryRecord::index(&sources, embedder).await?;
        let turns = &sources[0].transcript.turns;
        for asked in &meeting.queries {
            steps.add(&record, embedder, asked, turns).await?;
        }
        steps.meetings += 1;
    }
    let questions = steps.questions.max(1) as f64;
    for found in [&mut steps.dense, &mut steps.fused, &mut steps.neighbours, &mut steps.passages] {
        found.in_words /= questions;
        found.reciprocal_rank /= questions;
    }
    Ok(steps)
}

impl Steps {
    async fn add(
        &mut self,
        record: &MemoryRecord<'_>,
        embedder: &dyn Embedder,
        asked: &Asked,
        turns: &[Turn],
    ) -> anyhow::Result<()> {
        let right: HashSet<u32> = asked.spans.iter().flat_map(|(first, last)| *first..=*last).collect();
        let spans = |hits: &[Hit]| hits.iter().map(|hit| (*hit.turns.start(), *hit.turns.end())).collect::<Vec<_>>();
        let vector = embedder.embed(&[&asked.query]).await?.pop().unwrap_or_default();
        self.questions += 1;
        // A question without a word has no BM25 ranking.
        self.dense.add(&spans(&record.hits("", vector.clone()).await?), turns, &right);
        let hits = record.hits(&asked.query, vector).await?;
        self.fused.add(&spans(&hits), turns, &right);
        let hits = ranked(hits);
        self.neighbours.add(&spans(&hits), turns, &right);
        let passages = record.passages(&hits);
        let spans: Vec<_> = passages.iter().map(|Passage { turns, .. }| (*turns.start(), *turns.end())).collect();
        self.passages.add(&spans, turns, &right);
        Ok(())
    }
}

impl Found {
    fn add(&mut self, spans: &[(u32, u32)], turns: &[Turn], right: &HashSet<u32>) {
        let rank = spans.iter().position(|(first, last)| (*first..=*last).any(|turn| right.contains(&turn)));
        self.reciprocal_rank += rank.map_or(0.0, |rank| 1.0 / (rank as f64 + 1.0));
        let mut read: HashSet<u32> = HashSet::new();
        let mut words = 0;
        for (first, last) in spans {
            let new: Vec<u32> = (*first..=*last).filter(|turn| !read.contains(turn)).collect();
            words += new.iter().map(|turn| turns[*turn as usize].text.split_whitespace().count()).sum::<usize>();
            if words > WORDS {
                break;
            }
            read.extend(new);
        }
        self.in_words += read.intersection(right).count() as f64 / right.len().max(1) as f64;
    }
}

/// The turns as a call whose speakers nobody knows more of.
fn transcript(said: &[(String, String)]) -> Transcript {
    let said: Vec<Said<'_>> = said.iter().map(|(by, words)| Said { by, side: Side::Unknown, words }).collect();
    Transcript::of_words(SourceKind::CallTranscript, &said)
}
