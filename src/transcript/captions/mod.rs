//! WebVTT and SubRip: blocks with a time line, and the speakers inside them.

use super::clock::clock_ms;
use super::label::{Evidence, Labels};
use super::reading::{Cue, Reading, ordinal};
mod tags;

use super::turns::SILENCE_MS;
use crate::domain::transcript::{Format, Precision};

/// How far into a file without header the first time line may be.
const LINES_TO_FIRST_CUE: usize = 40;
/// So many labels without a repetition do not come about by chance: where every caption is labelled, about every third
/// label repeats the one before it, and (2/3)^7 is 6 %.
const LABELS_TO_TELL: usize = 8;

/// Whether the text is captions: a WebVTT header, or a time line near the top.
pub(super) fn looks_like(text: &str) -> bool {
    has_header(text) || text.lines().take(LINES_TO_FIRST_CUE).any(|line| time_line(line).is_some())
}

fn has_header(text: &str) -> bool {
    text.trim_start().strip_prefix("WEBVTT").is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\n']))
}

/// One caption as it stands in the file.
struct Block<'t> {
    id: Option<&'t str>,
    line: u32,
    start_ms: i64,
    end_ms: i64,
    payload: Vec<&'t str>,
}

/// A caption's words with the voice the file's markup gives them; `lines` holds the lines that may start with a label.
struct Piece {
    block: usize,
    voice: Option<String>,
    lines: Vec<String>,
}

/// Reads captions of any kind.
pub(super) fn read(text: &str) -> Reading {
    let mut reading = Reading::call(Format::Webvtt, Precision::Cue);
    let subrip = !has_header(text) && first_time_line(text).is_some_and(|line| line.contains(','));
    let blocks = Scanner { reading: &mut reading, subrip, blocks: Vec::new(), pending: Vec::new() }.scan(text);
    let pieces = pieces(&blocks, subrip);
    let tagged = pieces.iter().any(|piece| piece.voice.is_some());
    let labels = if tagged { Labels::default() } else { labels(&pieces) };
    reading.cues = pieces.iter().flat_map(|piece| cues(piece, &blocks, &labels)).collect();
    reading.format = match (subrip, tagged, labels.len()) {
        (true, ..) => Format::Srt,
        (_, true, _) => Format::TeamsVtt,
        (.., 1..) if blocks.iter().all(|block| block.id.is_some_and(is_number)) => Format::ZoomVtt,
        _ => Format::Webvtt,
    };
    if !tagged {
        carry_on_speakers(&mut reading);
    }
    reading
}

fn first_time_line(text: &str) -> Option<&str> {
    text.lines().find(|line| time_line(line).is_some())
}

fn is_number(id: &str) -> bool {
    id.bytes().all(|b| b.is_ascii_digit())
}

/// `start --> end`, with or without settings behind.
fn time_line(line: &str) -> Option<(i64, i64)> {
    let (start, end) = line.split_once("-->")?;
    Some((clock_ms(start)?, clock_ms(end.split_whitespace().next()?)?))
}

/// Walks over the lines once; `pending` are lines of which it is not yet known what they belong to.
struct Scanner<'t, 'r> {
    reading: &'r mut Reading,
    subrip: bool,
    blocks: Vec<Block<'t>>,
    pending: Vec<(u32, &'t str)>,
}

impl<'t> Scanner<'t, '_> {
    fn scan(mut self, text: &'t str) -> Vec<Block<'t>> {
        let lines: Vec<&str> = text.lines().collect();
        let mut at = 0;
        while let Some(line) = lines.get(at) {
            at = self.step(&lines, at, line.trim());
        }
        self.flush();
        self.blocks
    }

    /// Reads what starts at a line and returns the line to go on with.
    fn step(&mut self, lines: &[&'t str], at: usize, line: &'t str) -> usize {
        if line.is_empty() {
            self.flush();
            return at + 1;
        }
        if let Some((start_ms, end_ms)) = time_line(line) {
            return self.block(lines, at, start_ms, end_ms);
        }
        let Some(reason) = self.left_out(line) else {
            self.pending.push((ordinal(at), line));
            return at + 1;
        };
        let end = payload_end(lines, at + 1);
        // The bare header says nothing; with a title or `Kind: captions` it does.
        if line != "WEBVTT" || end > at + 1 {
            self.reading.drop(ordinal(at), reason);
        }
        end
    }

    /// Blocks that hold no speech, and why.
    fn left_out(&self, line: &str) -> Option<&'static str> {
        let first = line.split_whitespace().next()?;
        let starts_block = self.pending.is_empty() && !self.subrip;
        match first {
            "WEBVTT" if starts_block && self.blocks.is_empty() => Some("file header"),
            "NOTE" if starts_block => Some("note block"),
            "STYLE" if starts_block && line == first => Some("style block"),
            "REGION" if starts_block && line == first => Some("region block"),
            _ if line.contains("-->") => Some("caption with an unreadable time"),
            _ => None,
        }
    }

    fn block(&mut self, lines: &[&'t str], at: usize, start_ms: i64, end_ms: i64) -> usize {
        let id = self.pending.pop().map(|(_, id)| id);
        self.flush();
        let end = payload_end(lines, at + 1);
        let payload = lines.get(at + 1..end).unwrap_or_default().to_vec();
        self.blocks.push(Block { id, line: ordinal(at), start_ms, end_ms, payload });
        end
    }

    /// Lines without a time: SubRip knows no comments, so there they are the rest of a caption with a blank line in it.
    fn flush(&mut self) {
        for (line, text) in std::mem::take(&mut self.pending) {
            match self.blocks.last_mut() {
                Some(block) if self.subrip => block.payload.push(text),
                _ => self.reading.drop(line, "text without a time"),
            }
        }
    }
}

/// A payload ends at a blank line, or where the next caption begins without one.
fn payload_end(lines: &[&str], from: usize) -> usize {
    let starts_next = |at: usize| {
        let next_is_time = lines.get(at + 1).is_some_and(|next| time_line(next).is_some());
        let looks_like_id = lines[at].trim().bytes().all(|b| b.is_ascii_hexdigit() || b"-/".contains(&b));
        time_line(lines[at]).is_some() || (next_is_time && looks_like_id)
    };
    (from..lines.len()).find(|at| lines[*at].trim().is_empty() || starts_next(*at)).unwrap_or(lines.len())
}

fn pieces(blocks: &[Block<'_>], subrip: bool) -> Vec<Piece> {
    let mut pieces = Vec::with_capacity(blocks.len());
    for (block, Block { payload, .. }) in blocks.iter().enumerate() {
        let payload = payload.join("\n");
        let payload = if subrip { tags::without_positions(&payload) } else { payload };
        let voices = tags::voices(&payload);
        let silent = voices.iter().all(|(_, words)| words.trim().is_empty());
        let spoken = voices.into_iter().filter(|(_, words)| silent || !words.trim().is_empty());
        // A caption without words stays one piece, so that the report can name it.
        pieces.extend(spoken.take(if silent { 1 } else { usize::MAX }).map(|(voice, words)| Piece {
            block,
            voice,
            lines: words.lines().map(|line| line.trim().to_owned()).collect(),
        }));
    }
    pieces
}

fn labels(pieces: &[Piece]) -> Labels {
    let mut evidence = Evidence::default();
    for piece in pieces {
        if let Some((first, rest)) = piece.lines.split_first() {
            evidence.place(first, false);
            for line in rest {
                evidence.words(line);
            }
        }
    }
    evidence.weigh()
}

/// One cue per speaker of the piece: a caption can hold the end of one person's words and the start of another's.
fn cues(piece: &Piece, blocks: &[Block<'_>], labels: &Labels) -> Vec<Cue> {
    let block = &blocks[piece.block];
    let cue = |speaker: Option<&str>, text: &str| Cue {
        id: block.id.map_or_else(|| (piece.block + 1).to_string(), str::to_owned),
        line: block.line,
        speaker: speaker.map(str::to_owned),
        start_ms: Some(block.start_ms),
        end_ms: Some(block.end_ms),
        text: text.to_owned(),
    };
    let mut cues: Vec<Cue> = Vec::new();
    for line in &piece.lines {
        match (labels.split(line), cues.last_mut()) {
            (Some((label, words)), _) => cues.push(cue(Some(label), words)),
            (None, Some(last)) => {
                last.text.push(' ');
                last.text.push_str(line);
            }
            (None, None) => cues.push(cue(piece.voice.as_deref(), line)),
        }
    }
    if cues.is_empty() { vec![cue(None, "")] } else { cues }
}

/// Where labels stand only at a change of speaker, an unlabelled cue goes on with the speaker before it.
fn carry_on_speakers(reading: &mut Reading) {
    let labelled: Vec<&str> = reading.cues.iter().filter_map(|cue| cue.speaker.as_deref()).collect();
    let changes_only = labelled.len() >= LABELS_TO_TELL && labelled.windows(2).all(|pair| pair[0] != pair[1]);
    if !changes_only {
        return;
    }
    let mut carried = 0_usize;
    let mut last: Option<(String, i64)> = None;
    for cue in &mut reading.cues {
        let starts = cue.start_ms.unwrap_or_default();
        if cue.speaker.is_none() {
            last = last.filter(|(_, end)| starts.saturating_sub(*end) <= SILENCE_MS);
            cue.speaker = last.as_ref().map(|(label, _)| label.clone());
            carried += usize::from(cue.speaker.is_some());
        }
        last = cue.speaker.clone().map(|label| (label, cue.end_ms.unwrap_or(starts)));
    }
    if carried > 0 {
        reading.warnings.push(format!(
            "captions without a label, read as the speaker before them going on: {carried}; \
             this file puts labels only where the speaker changes"
        ));
    }
}
