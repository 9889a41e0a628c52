//! Captions: `WebVTT` (<https://www.w3.org/TR/webvtt1/>), `SubRip` and `SubViewer`, by whatever tool.
//!
//! `syntax` tells the three apart, `scanner` cuts the file into captions, `pieces` takes the markup away (`tags`, and the
//! `metadata` of Teams), `rolling` the lines that are shown twice, and `labels` finds the speakers in the words.

mod labels;
mod lines;
mod metadata;
mod pieces;
mod rolling;
mod scanner;
mod syntax;
mod tags;

use self::labels::Speakers;
use self::pieces::Piece;
use self::scanner::Block;
use self::syntax::Syntax;
use super::error::ParseError;
use super::limits::Limits;
use super::reading::{Cue, Reading};
use crate::domain::transcript::{Format, Precision};

/// Whether the text says of itself that it is `WebVTT`.
pub(super) fn has_header(text: &str) -> bool {
    syntax::has_header(text)
}

/// Reads captions of any kind; none for a text without a header or a time line near its top.
pub(super) fn read(text: &str, limits: &Limits) -> Option<Result<Reading, ParseError>> {
    let syntax = Syntax::of(text)?;
    let mut reading = Reading::call(Format::Webvtt, Precision::Cue);
    Some(fill(&mut reading, text, syntax, limits).map(|()| reading))
}

fn fill(reading: &mut Reading, text: &str, syntax: Syntax, limits: &Limits) -> Result<(), ParseError> {
    let scan = scanner::scan(text, syntax, reading);
    let blocks = &scan.blocks;
    within(limits, blocks.len())?;
    let mut pieces = pieces::of(text, blocks, syntax, reading);
    within(limits, pieces.len())?;
    let tagged = pieces.iter().any(|piece| piece.voice.is_some());
    let named = tagged || pieces::voices_from_ids(&mut pieces, blocks);
    if !named {
        rolling::remove(&mut pieces, blocks, reading);
    }
    let speakers = if named { Speakers::default() } else { Speakers::of(&pieces) };
    reading.captions = Some(blocks.len());
    reading.cues.reserve(pieces.len());
    for piece in pieces {
        push_cues(&mut reading.cues, piece, blocks, &speakers);
    }
    reading.format = match syntax {
        Syntax::SubRip => Format::Srt,
        Syntax::Sbv => Format::Sbv,
        // Teams styles nothing and gives no classes.
        Syntax::WebVtt { .. } if tagged && !scan.styled && !text.contains("<v.") && !text.contains("<c") => {
            Format::TeamsVtt
        }
        Syntax::WebVtt { .. } if speakers.len() > 0 && blocks.iter().all(is_numbered) => Format::ZoomVtt,
        Syntax::WebVtt { .. } => Format::Webvtt,
    };
    if !named {
        labels::carry_on(reading);
    }
    Ok(())
}

fn within(limits: &Limits, captions: usize) -> Result<(), ParseError> {
    ParseError::at_most("captions", captions as u64, limits.cues as u64)
}

fn is_numbered(block: &Block<'_>) -> bool {
    block.id.is_some_and(|id| id.bytes().all(|b| b.is_ascii_digit()))
}

/// One cue per speaker of the piece: a caption can hold the end of one person's words and the start of another's.
fn push_cues(cues: &mut Vec<Cue>, piece: Piece<'_>, blocks: &[Block<'_>], speakers: &Speakers) {
    let Some(block) = blocks.get(piece.block) else { return };
    let cue = |speaker: Option<String>, text: &str| Cue {
        id: block.id.map_or_else(|| (piece.block + 1).to_string(), str::to_owned),
        line: block.line,
        speaker,
        start_ms: Some(block.start_ms),
        end_ms: Some(block.end_ms),
        text: text.to_owned(),
    };
    let mut voice = piece.voice;
    let mut current: Option<Cue> = None;
    let mut lines = labels::lines(&piece.text).peekable();
    while let Some(line) = lines.next() {
        match (speakers.split(line, lines.peek().is_some()), current.as_mut()) {
            (Some((label, words)), _) => cues.extend(current.replace(cue(Some(label.to_owned()), words))),
            (None, Some(current)) => {
                current.text.push(' ');
                current.text.push_str(line);
            }
            (None, None) => current = Some(cue(voice.take(), line)),
        }
    }
    cues.push(current.unwrap_or_else(|| cue(voice, "")));
}
