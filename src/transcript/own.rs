//! `baton.transcript/1` itself: what `baton parse` prints, and what Baton keeps of words that were typed in. Every turn stays a
//! turn, with its speaker and side.

use super::error::ParseError;
use super::json::broken;
use super::reading::{Cue, Grouping, Reading, ordinal};
use crate::domain::transcript::{Precision, TRANSCRIPT_SCHEMA, Transcript, Turn};

/// Reads a document that says it is of this schema; none if it does not.
pub(super) fn read(value: &serde_json::Value, text: &str) -> Option<Result<Reading, ParseError>> {
    let schema = value.get("schema")?.as_str()?;
    (schema == TRANSCRIPT_SCHEMA)
        .then(|| serde_json::from_str(text.trim()).map(reading).map_err(|error| broken(&error)))
}

fn reading(document: Transcript) -> Reading {
    let timed = document.turns.iter().find(|turn| turn.start_ms.is_some());
    let precision = timed.map_or(Precision::None, |turn| turn.precision);
    Reading {
        kind: document.kind,
        grouping: Grouping::Document,
        title: document.title,
        started_at: document.started_at,
        duration_ms: document.duration_ms,
        people: document.participants,
        cues: document.turns.into_iter().enumerate().map(|(index, turn)| cue(index, turn)).collect(),
        dropped: document.report.dropped,
        warnings: document.report.warnings,
        ..Reading::call(document.format, precision)
    }
}

fn cue(index: usize, turn: Turn) -> Cue {
    Cue {
        id: turn.cues.join(" "),
        line: ordinal(index),
        speaker: turn.speaker,
        start_ms: turn.start_ms,
        end_ms: turn.end_ms,
        text: turn.text,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::transcript::parse;

    fn document(turns: &Value) -> String {
        json!({
            "schema": "baton.transcript/1", "format": "name_text", "kind": "chat", "title": null,
            "started_at": "2026-03-02T10:00:00Z", "duration_ms": null,
            "participants": [{"label": "Omar", "name": "Omar", "email": null, "title": null, "side": "customer"}],
            "turns": turns, "report": {"cues": 1, "turns": 1, "dropped": [], "warnings": []}
        })
        .to_string()
    }

    #[test]
    fn a_single_line_of_one_person_keeps_its_speaker_and_side() {
        let turns = json!([{"index": 0, "speaker": "Omar", "start_ms": null, "end_ms": null, "precision": "none",
            "text": "Note: we never said June.", "cues": []}]);
        let read = parse("x", document(&turns).as_bytes()).unwrap();
        assert_eq!((read.turns.len(), read.turns[0].text.as_str()), (1, "Note: we never said June."));
        assert_eq!((read.speaker_name(&read.turns[0]), read.side(&read.turns[0]).as_str()), (Some("Omar"), "customer"));
        assert_eq!(read.started_at.map(|at| at.to_string()).as_deref(), Some("2026-03-02T10:00:00Z"));
    }

    #[test]
    fn what_is_parsed_once_is_read_again_as_it_was() {
        for name in ["harbor-cold-chain", "brightwater-foundry"] {
            let folder = std::path::Path::new("fixtures/deals").join(name);
            for file in std::fs::read_dir(folder).into_iter().flatten().flatten() {
                let file_name = file.file_name().to_string_lossy().into_owned();
                let Ok(first) = parse(&file_name, &std::fs::read(file.path()).unwrap()) else { continue };
                let again = parse("x", serde_json::to_string(&first).unwrap().as_bytes()).unwrap();
                let words = |t: &crate::domain::transcript::Transcript| -> Vec<_> {
                    t.turns.iter().map(|u| (u.speaker.clone(), u.text.clone(), u.start_ms, u.precision)).collect()
                };
                assert_eq!(words(&again), words(&first), "{file_name}");
                assert_eq!(
                    (again.participants, again.kind, again.format),
                    (first.participants, first.kind, first.format)
                );
            }
        }
    }

    #[test]
    fn a_broken_document_says_where_it_breaks_and_one_without_words_is_refused() {
        let broken = parse("x", document(&json!([{"index": "first"}])).as_bytes()).unwrap_err().to_string();
        assert!(broken.contains("breaks off at line 1") && broken.contains("expected u32"), "{broken}");
        assert!(parse("x", document(&json!([])).as_bytes()).is_err());
    }
}
