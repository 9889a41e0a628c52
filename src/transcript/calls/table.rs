//! The table that Whisper writes (`.tsv`): `start`, `end` and `text` with tabs between, a row per segment, times in milliseconds.

use crate::domain::transcript::{Format, Precision};
use crate::transcript::reading::{Cue, Reading, ordinal};

/// Where the columns are.
struct Columns {
    count: usize,
    start: usize,
    end: usize,
    text: usize,
    speaker: Option<usize>,
}

/// Reads the table; none if the first line does not name its columns, or most rows have no times.
pub(super) fn read(text: &str) -> Option<Reading> {
    let mut rows = text.lines().enumerate().filter(|(_, row)| !row.trim().is_empty());
    let columns = Columns::of(rows.next()?.1)?;
    let mut reading = Reading::call(Format::TimedText, Precision::Cue);
    for (index, row) in rows {
        match columns.cue(ordinal(index), row) {
            Some(cue) => reading.cues.push(cue),
            None => reading.drop(ordinal(index), "row without times"),
        }
    }
    if reading.cues.len() < reading.dropped.len() {
        return None;
    }
    reading.warnings.push("times read as milliseconds, as Whisper writes them in a table".to_owned());
    Some(reading)
}

impl Columns {
    fn of(head: &str) -> Option<Self> {
        let names: Vec<String> = head.split('\t').map(|name| name.trim().to_lowercase()).collect();
        let at = |wanted: &str| names.iter().position(|name| name == wanted);
        Some(Self {
            count: names.len(),
            start: at("start")?,
            end: at("end")?,
            text: at("text")?,
            speaker: at("speaker"),
        })
    }

    fn cue(&self, line: u32, row: &str) -> Option<Cue> {
        let cells: Vec<&str> = row.splitn(self.count, '\t').collect();
        let cell = |at: usize| cells.get(at).map(|cell| cell.trim());
        let time = |at: usize| cell(at)?.parse::<u32>().ok().map(i64::from);
        let speaker = self.speaker.and_then(cell).filter(|speaker| !speaker.is_empty()).map(str::to_owned);
        let (start_ms, end_ms) = (Some(time(self.start)?), Some(time(self.end)?));
        Some(Cue { id: format!("L{line}"), line, speaker, start_ms, end_ms, text: cell(self.text)?.to_owned() })
    }
}
