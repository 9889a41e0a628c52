//! Turns to clauses that can be quoted: sentences, and pieces of sentences that run on.

use unicode_segmentation::UnicodeSegmentation;

use super::words::Words;
use crate::domain::transcript::{Participant, Side, SourceKind, Transcript, Turn};
use crate::reader::Heard;

/// Nobody reads a quote of more words.
pub(crate) const MAX_WORDS: usize = 40;
/// Below this a clause says nothing without its neighbour.
pub(crate) const MIN_WORDS: usize = 4;

/// A clause of one turn, verbatim.
#[derive(Debug, Clone)]
pub(crate) struct Sentence<'a> {
    /// The turn's own index.
    pub turn: u32,
    /// The clause, as the file has it.
    pub text: &'a str,
    /// Its words, normalized.
    pub words: Words,
    /// Who says it.
    pub speaker: Option<&'a Participant>,
    /// Which company that person belongs to, as far as the record or else the words tell.
    pub side: Side,
}

impl Sentence<'_> {
    /// The side that the record itself gives the speaker: what is only told from the words is not stated.
    pub(super) fn recorded_side(&self) -> Side {
        self.speaker.map_or(Side::Unknown, |speaker| speaker.side)
    }
}

/// Every clause of the source as the finder hears it, in order.
pub(crate) fn heard(transcript: &Transcript) -> Vec<Heard<'_>> {
    let mut all = Vec::new();
    for turn in &transcript.turns {
        let person = transcript.participant(turn);
        let speaker = person.map(|person| person.name.as_deref().unwrap_or(&person.label));
        let side = transcript.side(turn);
        let clauses = clauses(&turn.text, is_written(transcript)).into_iter();
        all.extend(clauses.map(|text| Heard { turn: turn.index, text, speaker, side }));
    }
    all
}

/// Every clause of the source, in order.
pub(crate) fn sentences(transcript: &Transcript) -> Vec<Sentence<'_>> {
    transcript.turns.iter().flat_map(|turn| of_turn(transcript, turn)).collect()
}

fn of_turn<'a>(transcript: &'a Transcript, turn: &'a Turn) -> Vec<Sentence<'a>> {
    let (speaker, side) = (transcript.participant(turn), transcript.side(turn));
    clauses(&turn.text, is_written(transcript))
        .into_iter()
        .map(|text| Sentence { turn: turn.index, text, words: Words::of(text), speaker, side })
        .collect()
}

/// Whether lines mean something.
const fn is_written(transcript: &Transcript) -> bool {
    !matches!(transcript.kind, SourceKind::CallTranscript | SourceKind::Chat)
}

/// In order: lines (of what was written), sentences, short ones joined to their neighbour, long ones cut.
pub(crate) fn clauses(text: &str, written: bool) -> Vec<&str> {
    let lines: Vec<&str> = if written { text.split("\n\n").collect() } else { vec![text] };
    let joined = lines.into_iter().flat_map(|line| join_short(line, whole_sentences(line)));
    joined.flat_map(cut_long).map(trim).filter(|clause| !clause.is_empty()).collect()
}

fn trim(clause: &str) -> &str {
    clause.trim_matches(|c: char| c.is_whitespace() || matches!(c, '|' | '*' | '#' | '>' | '\u{2022}'))
}

/// Unicode's sentences, but none ends behind an abbreviation.
pub(crate) fn whole_sentences(text: &str) -> Vec<&str> {
    let mut sentences = Vec::new();
    let mut start = 0;
    for (at, piece) in text.split_sentence_bound_indices() {
        let end = at + piece.len();
        if !ends_in_abbreviation(piece) || end == text.len() {
            sentences.extend(text.get(start..end));
            start = end;
        }
    }
    sentences
}

fn ends_in_abbreviation(piece: &str) -> bool {
    let last = piece.split_whitespace().next_back().unwrap_or_default();
    let stem = last.trim_end_matches('.').to_lowercase();
    last.ends_with('.')
        && (matches!(
            stem.as_str(),
            "mr" | "mrs"
                | "ms"
                | "dr"
                | "st"
                | "inc"
                | "ltd"
                | "co"
                | "vs"
                | "approx"
                | "jr"
                | "sr"
                | "prof"
                | "e.g"
                | "i.e"
        ) || stem.chars().count() == 1)
}

/// A fragment joins what follows it, or what precedes it at the end of the text.
fn join_short<'a>(text: &'a str, sentences: Vec<&'a str>) -> Vec<&'a str> {
    let mut joined: Vec<&str> = Vec::new();
    let mut held: Option<&str> = None;
    for sentence in sentences {
        let piece = held.take().map_or(sentence, |before| span(text, before, sentence));
        if word_count(piece) < MIN_WORDS && !piece.trim_end().ends_with('?') {
            held = Some(piece);
        } else {
            joined.push(piece);
        }
    }
    match (held, joined.pop()) {
        (Some(rest), Some(last)) if word_count(last) + word_count(rest) <= MAX_WORDS => {
            joined.push(span(text, last, rest));
        }
        (rest, last) => joined.extend(last.into_iter().chain(rest)),
    }
    joined
}

/// The stretch of `text` from the start of one of its slices to the end of a later one.
fn span<'a>(text: &'a str, first: &'a str, last: &'a str) -> &'a str {
    let offset = |slice: &str| (slice.as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
    text.get(offset(first)..offset(last) + last.len()).unwrap_or(last)
}

pub(crate) fn word_count(text: &str) -> usize {
    text.split_whitespace().count()
}

/// Cuts a sentence that runs on behind the last comma that leaves a quotable piece, else behind the last word that does.
fn cut_long(sentence: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = sentence;
    while rest.split_whitespace().nth(MAX_WORDS).is_some() {
        let (piece, tail) = rest.split_at(cut(rest));
        pieces.push(piece);
        rest = tail;
    }
    pieces.push(rest);
    pieces
}

/// A byte position inside `text`, behind at most [`MAX_WORDS`] and at least half as many words; never 0.
fn cut(text: &str) -> usize {
    let mut hard = text.len();
    let mut soft = None;
    for (count, word) in text.split_whitespace().enumerate() {
        let end = word.as_ptr() as usize - text.as_ptr() as usize + word.len();
        if count + 1 > MAX_WORDS {
            break;
        }
        hard = end;
        if count + 1 >= MAX_WORDS / 3 && word.ends_with([',', ';', ':', '\u{2014}', '\u{2013}']) {
            soft = Some(end);
        }
    }
    soft.unwrap_or(hard)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn sentences_are_split_and_fragments_joined() {
        assert_eq!(
            clauses("We met Dr. Ortiz. Okay. So we'll go live in June! Right?", false),
            ["We met Dr. Ortiz.", "Okay. So we'll go live in June!", "Right?"]
        );
    }

    #[test]
    fn a_run_on_is_cut_at_a_comma() {
        let text = format!("{}end, {}stop", "word ".repeat(20), "more ".repeat(30));
        let pieces = clauses(&text, false);
        assert!(pieces[0].ends_with("end,") && pieces.len() == 2, "{pieces:?}");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]
        #[test]
        fn every_clause_is_a_verbatim_piece_of_its_turn(text in "(\\PC{0,12}[ ,.?!\n|]{0,2}){0,60}", written: bool) {
            for clause in clauses(&text, written) {
                prop_assert!(text.contains(clause));
                prop_assert!(word_count(clause) <= MAX_WORDS + MIN_WORDS);
            }
        }
    }
}
