//! Turns to chunks: what is embedded and indexed.
//!
//! A chunk holds whole turns under a token budget; only a turn that alone is over the budget is cut, at word boundaries.
//! Consecutive chunks share their edge: a question at the end of one chunk is repeated at the start of the next, so that a
//! reply is found together with what it replies to.

use std::ops::RangeInclusive;
use std::sync::OnceLock;

use tiktoken_rs::CoreBPE;
use unicode_segmentation::UnicodeSegmentation;

use crate::domain::transcript::{Transcript, Turn};

/// Tokens and overlap of a chunk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// Tokens in a chunk at most, in `cl100k_base`. The encoder reads 256 tokens of its own vocabulary, which are about as
    /// many; 200 leaves room for the speakers' names and for words it cuts finer.
    pub max_tokens: usize,
    /// Tokens of the previous chunk's last turns that are repeated, at most.
    pub overlap_tokens: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self { max_tokens: 200, overlap_tokens: 40 }
    }
}

/// A passage of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chunk {
    /// Place among the source's chunks, from 0.
    pub ordinal: u32,
    /// First and last turn.
    pub turns: RangeInclusive<u32>,
    /// `Name: words` lines.
    pub text: String,
    /// Tokens of `text` in `cl100k_base`, as counted line by line.
    pub tokens: usize,
}

/// One line of a chunk: a turn, or a part of a turn that is too long.
struct Line {
    turn: u32,
    text: String,
    tokens: usize,
}

/// Cuts a transcript into chunks. Every word of every turn is in at least one of them.
#[must_use]
pub fn chunk_turns(transcript: &Transcript, budget: Budget) -> Vec<Chunk> {
    let lines: Vec<Line> = transcript.turns.iter().flat_map(|turn| lines_of(turn, budget.max_tokens)).collect();
    let mut chunks = Vec::new();
    let mut start = 0;
    while start < lines.len() {
        let end = fill(&lines, start, budget.max_tokens);
        chunks.push(to_chunk(&lines[start..end], chunks.len()));
        start = if end == lines.len() { end } else { overlap_start(&lines, start, end, budget) };
    }
    chunks
}

/// The end of the chunk that begins at `start`: as many lines as the budget holds, and always one.
fn fill(lines: &[Line], start: usize, max_tokens: usize) -> usize {
    let mut tokens = 0;
    let fits = |line: &&Line| {
        tokens += line.tokens;
        tokens <= max_tokens
    };
    start + lines[start..].iter().take_while(fits).count().max(1)
}

/// Where the next chunk begins: back by the overlap, but only if the line after it still fits, so that every chunk goes on.
fn overlap_start(lines: &[Line], start: usize, end: usize, budget: Budget) -> usize {
    let room = budget.overlap_tokens.min(budget.max_tokens.saturating_sub(lines[end].tokens));
    let mut tokens = 0;
    let fits = |line: &&Line| {
        tokens += line.tokens;
        tokens <= room
    };
    let repeated = lines[start + 1..end].iter().rev().take_while(fits).count();
    end - repeated
}

fn to_chunk(lines: &[Line], ordinal: usize) -> Chunk {
    let (first, last) = (lines.first().map_or(0, |l| l.turn), lines.last().map_or(0, |l| l.turn));
    let text: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
    Chunk {
        ordinal: u32::try_from(ordinal).unwrap_or(u32::MAX),
        turns: first..=last,
        text: text.join("\n"),
        tokens: lines.iter().map(|line| line.tokens).sum(),
    }
}

fn lines_of(turn: &Turn, max_tokens: usize) -> Vec<Line> {
    let label = turn.speaker.as_ref().map(|speaker| format!("{speaker}: ")).unwrap_or_default();
    let whole = Line::new(turn.index, format!("{label}{}", turn.text));
    if whole.tokens <= max_tokens {
        return vec![whole];
    }
    let label_tokens = count_tokens(&label);
    let label = if label_tokens * 2 > max_tokens { String::new() } else { label };
    let room = max_tokens.saturating_sub(count_tokens(&label)).max(1);
    cut(&turn.text, room).into_iter().map(|part| Line::new(turn.index, format!("{label}{part}"))).collect()
}

/// Cuts a text at word boundaries into parts of about `max_tokens`; a single word that is longer stays whole.
fn cut(text: &str, max_tokens: usize) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut tokens) = (0, 0);
    for (at, word) in text.split_word_bound_indices() {
        let word_tokens = count_tokens(word);
        if tokens > 0 && tokens + word_tokens > max_tokens {
            parts.push(text[start..at].trim());
            (start, tokens) = (at, 0);
        }
        tokens += word_tokens;
    }
    parts.push(text[start..].trim());
    parts.retain(|part| !part.is_empty());
    parts
}

impl Line {
    fn new(turn: u32, text: String) -> Self {
        let tokens = count_tokens(&text);
        Self { turn, text, tokens }
    }
}

/// Tokens of `text` in OpenAI's `cl100k_base`, the vocabulary that both Baton's budgets and embedding servers count in.
#[must_use]
pub fn count_tokens(text: &str) -> usize {
    static CL100K: OnceLock<Option<CoreBPE>> = OnceLock::new();
    match CL100K.get_or_init(|| tiktoken_rs::cl100k_base().ok()) {
        Some(bpe) => bpe.encode_ordinary(text).len(),
        // The vocabulary is compiled in, so this is never reached; four characters a token is OpenAI's own rule of thumb.
        None => text.chars().count().div_ceil(4),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::transcript::{Format, ParseReport, Precision, SourceKind};

    fn transcript(texts: &[String]) -> Transcript {
        let turn = |(index, text): (u32, &String)| Turn {
            index,
            speaker: Some(if index % 2 == 0 { "Dana Ruiz" } else { "Omar" }.to_owned()),
            start_ms: None,
            end_ms: None,
            precision: Precision::None,
            text: text.clone(),
            cues: Vec::new(),
        };
        Transcript {
            schema: String::new(),
            format: Format::NameText,
            kind: SourceKind::CallTranscript,
            title: None,
            started_at: None,
            duration_ms: None,
            participants: Vec::new(),
            turns: (0..).zip(texts).map(turn).collect(),
            report: ParseReport::default(),
        }
    }

    #[test]
    fn chunks_hold_whole_turns_and_repeat_their_edge() {
        let texts: Vec<String> =
            (0..30).map(|n| format!("turn number {n} says a few words about the rollout")).collect();
        let chunks = chunk_turns(&transcript(&texts), Budget { max_tokens: 60, overlap_tokens: 20 });
        assert!(chunks.len() > 5);
        for pair in chunks.windows(2) {
            assert!(pair[0].tokens <= 60);
            assert_eq!(pair[1].turns.start(), pair[0].turns.end(), "one turn of overlap fits into 20 tokens");
        }
        assert!(chunks[0].text.starts_with("Dana Ruiz: turn number 0"));
    }

    #[test]
    fn only_a_turn_that_alone_is_too_long_is_cut() {
        let long = "we will migrate the archive ".repeat(60);
        let chunks = chunk_turns(&transcript(&["hello".into(), long, "bye".into()]), Budget::default());
        assert!(chunks.iter().filter(|c| c.turns.contains(&1)).count() >= 2);
        assert!(chunks.iter().all(|c| c.tokens <= Budget::default().max_tokens + 2));
    }

    proptest! {
        #[test]
        fn every_word_is_in_a_chunk_and_budgets_hold(
            texts in prop::collection::vec("[a-zé 🎉,.]{0,300}", 0..12),
            max_tokens in 1_usize..80,
            overlap_tokens in 0_usize..100,
        ) {
            let chunks = chunk_turns(&transcript(&texts), Budget { max_tokens, overlap_tokens });
            for (index, text) in (0..).zip(&texts) {
                let held: String = chunks.iter().filter(|c| c.turns.contains(&index)).map(|c| c.text.as_str()).collect();
                for word in text.unicode_words() {
                    prop_assert!(held.contains(word));
                }
            }
            let ordinals: Vec<u32> = chunks.iter().map(|c| c.ordinal).collect();
            prop_assert_eq!(ordinals, (0..u32::try_from(chunks.len()).unwrap()).collect::<Vec<_>>());
        }
    }
}
