//! What every reader gives: cues in file order, the people the file lists, and what was left out.

use jiff::Timestamp;

use crate::domain::transcript::{Dropped, Format, Participant, Precision, SourceKind};

/// A caption, sentence, line or paragraph of the file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Cue {
    /// The file's own id, or one made from its place.
    pub id: String,
    /// Line of the file, from 1; for JSON the place in the list.
    pub line: u32,
    /// The speaker's label, as in the file; characters that nobody sees are taken out at the end.
    pub speaker: Option<String>,
    /// Start in ms; may still be negative.
    pub start_ms: Option<i64>,
    /// End in ms.
    pub end_ms: Option<i64>,
    /// The words.
    pub text: String,
}

/// How cues become turns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Grouping {
    /// Consecutive cues of one speaker are one turn.
    Speech,
    /// As speech; but a message has no end, so the silence is counted from when it was sent.
    Messages,
    /// Every cue is a turn.
    Document,
}

/// A file as one of the readers understood it.
#[derive(Debug)]
pub(super) struct Reading {
    pub format: Format,
    pub kind: SourceKind,
    /// The precision of cues that have a time.
    pub precision: Precision,
    pub grouping: Grouping,
    pub title: Option<String>,
    pub started_at: Option<Timestamp>,
    pub duration_ms: Option<i64>,
    /// People the file lists by itself; speakers that are not among them are added from the cues.
    pub people: Vec<Participant>,
    pub cues: Vec<Cue>,
    /// How many captions the file has, where cues are less or more: some repeat others, some have two speakers.
    pub captions: Option<usize>,
    /// Cues that were read and left out as a whole; `dropped` says why.
    pub cues_left_out: usize,
    pub dropped: Vec<Dropped>,
    pub warnings: Vec<String>,
}

impl Reading {
    /// A call with times of the given precision.
    pub(super) fn call(format: Format, precision: Precision) -> Self {
        Self {
            format,
            kind: SourceKind::CallTranscript,
            precision,
            grouping: Grouping::Speech,
            title: None,
            started_at: None,
            duration_ms: None,
            people: Vec::new(),
            cues: Vec::new(),
            captions: None,
            cues_left_out: 0,
            dropped: Vec::new(),
            warnings: Vec::new(),
        }
    }

    /// A written document: no times, a turn per paragraph.
    pub(super) fn document(format: Format, kind: SourceKind) -> Self {
        Self { kind, grouping: Grouping::Document, ..Self::call(format, Precision::None) }
    }

    /// Records that something of the file became no cue.
    pub(super) fn drop(&mut self, line: u32, reason: impl Into<String>) {
        self.dropped.push(Dropped { line, reason: reason.into() });
    }

    /// Records that a whole cue, a reaction for example, is nobody's words: it counts as read, and is in no turn.
    pub(super) fn drop_cue(&mut self, line: u32, reason: impl Into<String>) {
        self.cues_left_out += 1;
        self.drop(line, reason);
    }
}

/// The number people count lines with: from 1, and never wrapping.
pub(super) fn ordinal(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX).saturating_add(1)
}

/// Where something is, for a warning: ` (at 4, 9 and 3 more)`; nothing for no place.
pub(super) fn places(lines: impl IntoIterator<Item = u32>) -> String {
    const SHOWN: usize = 20;
    let mut lines: Vec<u32> = lines.into_iter().collect();
    lines.dedup();
    let shown: Vec<String> = lines.iter().take(SHOWN).map(u32::to_string).collect();
    match lines.len().saturating_sub(SHOWN) {
        _ if lines.is_empty() => String::new(),
        0 => format!(" (at {})", shown.join(", ")),
        more => format!(" (at {} and {more} more)", shown.join(", ")),
    }
}

/// The text with every run of white space as one space.
pub(super) fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
}
