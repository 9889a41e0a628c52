//! What holds for every call and every document in every format: what was written is what is read, word for word, with who said
//! it and when; and a file in the wrong suffix is known by its content.

pub(crate) mod call;
mod chat;
pub(crate) mod documents;
pub(crate) mod lines;
mod recognizers;
mod recorders;

use baton::domain::transcript::{Format, Transcript, Turn};
use baton::transcript::parse;
use proptest::prelude::*;

use self::call::{Call, call};

/// A format: how it writes a call, and what of it can be read again.
pub(crate) struct Shape {
    pub(crate) name: &'static str,
    format: Format,
    voices: Voices,
    times: Times,
    pub(crate) write: fn(&Call) -> Vec<u8>,
}

/// What a format tells about who speaks.
enum Voices {
    Named,
    /// A label for each voice.
    Labels(fn(usize) -> String),
    Nobody,
}

/// What a format tells about the time of a turn.
#[derive(Clone, Copy)]
enum Times {
    Known {
        /// What the times are cut down to.
        unit_ms: i64,
        /// Every word has its times; otherwise every piece that was written has.
        per_word: bool,
        /// The ends are told too.
        ends: bool,
        /// Moments of a day: the first words are at 0.
        from_first: bool,
    },
    Nothing,
}

const EXACT: Times = Times::Known { unit_ms: 1, per_word: false, ends: true, from_first: false };
const WORDS: Times = Times::Known { unit_ms: 1, per_word: true, ends: true, from_first: false };
const STARTS: Times = Times::Known { unit_ms: 1, per_word: false, ends: false, from_first: false };
const SECOND: Times = Times::Known { unit_ms: 1000, per_word: false, ends: false, from_first: false };
const SINCE_FIRST: Times = Times::Known { unit_ms: 1, per_word: false, ends: true, from_first: true };

fn seconds(ms: i64) -> f64 {
    ms as f64 / 1000.0
}

/// Every word with its speaker.
type Word = (Option<String>, String);

pub(crate) fn written(shape: &Shape, call: &Call) -> Vec<Word> {
    let label = |who: usize| match shape.voices {
        Voices::Named => Some(call.names[who].to_owned()),
        Voices::Labels(label) => Some(label(who)),
        Voices::Nobody => None,
    };
    call.said.iter().flat_map(|said| said.words.iter().map(move |word| (label(said.who), word.clone()))).collect()
}

pub(crate) fn read(transcript: &Transcript) -> Vec<Word> {
    let of_turn = |turn: &Turn| {
        let speaker = turn.speaker.clone();
        turn.text.split(' ').map(|word| (speaker.clone(), word.to_owned())).collect::<Vec<_>>()
    };
    transcript.turns.iter().flat_map(of_turn).collect()
}

/// When a word begins and ends, as far as the format tells.
#[derive(Clone, Copy)]
struct Span {
    start_ms: Option<i64>,
    end_ms: Option<i64>,
}

/// The times of every word; where a piece has only times of its own, those of its first and last word.
fn spans(call: &Call, unit_ms: i64, per_word: bool) -> Vec<Span> {
    let of_piece = |said: &call::Said| {
        let last = said.words.len() - 1;
        let span = |(at, word): (usize, call::Spoken<'_>)| Span {
            start_ms: (per_word || at == 0).then_some(word.start_ms / unit_ms * unit_ms),
            end_ms: (per_word || at == last).then_some(word.end_ms),
        };
        said.spoken().enumerate().map(span).collect::<Vec<_>>()
    };
    call.said.iter().flat_map(of_piece).collect()
}

/// The times of every turn are those of its first and last word, and no piece is cut in two.
fn times_are_those_written(shape: &Shape, transcript: &Transcript, call: &Call) -> Result<(), TestCaseError> {
    let Times::Known { unit_ms, per_word, ends, from_first } = shape.times else { return Ok(()) };
    let spans = spans(call, unit_ms, per_word);
    let zero = if from_first { call.said[0].start_ms } else { 0 };
    let mut words = spans.iter();
    for turn in &transcript.turns {
        let inside: Vec<Span> = words.by_ref().take(turn.text.split(' ').count()).copied().collect();
        let (first, last) = (inside.first().unwrap(), inside.last().unwrap());
        prop_assert_eq!(turn.start_ms.map(|ms| ms + zero), first.start_ms, "{}", shape.name);
        if ends {
            prop_assert_eq!(turn.end_ms.map(|ms| ms + zero), last.end_ms, "{}", shape.name);
        }
        let pieces = inside.iter().filter(|span| span.start_ms.is_some()).count();
        prop_assert!(turn.cues.len() <= pieces, "{}: more cues than pieces", shape.name);
        prop_assert!(per_word || turn.cues.len() == pieces, "{}: {:?}", shape.name, turn.cues);
    }
    Ok(())
}

fn survives(shapes: &[Shape], call: &Call) -> Result<(), TestCaseError> {
    for shape in shapes {
        let file = (shape.write)(call);
        let shown = || String::from_utf8_lossy(&file).into_owned();
        let transcript = parse("upload", &file)
            .map_err(|error| TestCaseError::fail(format!("{}: {error}\n{}", shape.name, shown())))?;
        prop_assert_eq!(transcript.format, shape.format, "{}:\n{}", shape.name, shown());
        prop_assert_eq!(read(&transcript), written(shape, call), "{}:\n{}", shape.name, shown());
        times_are_those_written(shape, &transcript, call)?;
    }
    Ok(())
}

proptest! {
    // Each case is some sixty files.
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn captions_and_lines(call in call()) {
        survives(lines::SHAPES, &call)?;
    }

    #[test]
    fn json_of_recorders(call in call()) {
        survives(recorders::SHAPES, &call)?;
    }

    #[test]
    fn json_of_recognizers(call in call()) {
        survives(recognizers::SHAPES, &call)?;
    }

    #[test]
    fn chats_and_transcripts_of_meetings(call in call()) {
        survives(chat::SHAPES, &call)?;
    }

    #[test]
    fn notes_and_mails(call in call()) {
        survives(documents::NOTES, &documents::prose(&call))?;
        survives(documents::MAILS, &documents::prose(&call))?;
        survives(documents::MAILBOX, &call)?;
    }

    #[test]
    fn contracts_and_what_is_printed(call in call()) {
        survives(documents::PLAIN, &documents::plain(&call))?;
        survives(documents::CONTRACTS, &documents::clauses(&call))?;
    }
}
