//! What holds for every file, whatever it is: it is read or refused in one line, and a transcript keeps its own rules.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use baton::domain::transcript::{Format, SourceKind, Transcript, Turn};
use baton::transcript::{ParseError, parse};

use super::Input;

/// A larger transcript is not read again from its own document.
const READ_AGAIN: usize = 64 << 10;
/// Longer than any clear sentence.
const LONGEST_ERROR: usize = 1_500;

/// Reads the input, and says which rule is broken.
pub(crate) fn trial(input: &Input) -> Result<(), String> {
    let read = catch_unwind(AssertUnwindSafe(|| parse(&input.name, &input.bytes)));
    match read {
        Err(panic) => Err(format!("panic: {}", words_of(panic.as_ref()))),
        Ok(Err(error)) => refusal(&error),
        Ok(Ok(transcript)) => {
            rules(&transcript).and_then(|()| if input.size < READ_AGAIN { same_again(&transcript) } else { Ok(()) })
        }
    }
}

fn words_of(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("without words")
}

/// One line that a terminal can show.
fn refusal(error: &ParseError) -> Result<(), String> {
    let text = error.to_string();
    ensure(!text.chars().any(char::is_control), || format!("an error with control characters: {text:?}"))?;
    ensure(text.len() < LONGEST_ERROR, || format!("an error of {} bytes", text.len()))
}

fn rules(transcript: &Transcript) -> Result<(), String> {
    let Transcript { turns, report, .. } = transcript;
    let read = usize::try_from(report.cues).unwrap_or(usize::MAX);
    // A description of a call names people and holds no words.
    if transcript.kind == SourceKind::CrmRecord && turns.is_empty() {
        return ensure(!transcript.participants.is_empty(), || "neither words nor people".to_owned());
    }
    ensure(!turns.is_empty(), || "no turn".to_owned())?;
    ensure(usize::try_from(report.turns) == Ok(turns.len()), || {
        format!("{} turns, {} said", turns.len(), report.turns)
    })?;
    ensure(read > 0, || "turns of no cue".to_owned())?;
    let kept: usize = turns.iter().map(|turn| turn.cues.len()).sum();
    let is_told = !report.dropped.is_empty() || !report.warnings.is_empty();
    ensure(read <= kept || is_told, || format!("{read} cues read, {kept} kept, and not a word about it"))?;
    let unplaced = report.dropped.iter().find(|dropped| dropped.line == 0 || dropped.reason.trim().is_empty());
    ensure(unplaced.is_none(), || format!("dropped without line or reason: {unplaced:?}"))?;
    for (index, turn) in turns.iter().enumerate() {
        rules_of_turn(transcript, index, turn).map_err(|broken| format!("{broken} in {turn:?}"))?;
    }
    in_order(transcript)
}

fn rules_of_turn(transcript: &Transcript, index: usize, turn: &Turn) -> Result<(), String> {
    let is_known =
        |label: &String| !label.trim().is_empty() && transcript.participants.iter().any(|one| one.label == *label);
    let rules = [
        (usize::try_from(turn.index) == Ok(index), "an index out of line"),
        (turn.start_ms.is_none_or(|start| start >= 0), "a negative start"),
        (turn.end_ms.is_none_or(|end| end >= turn.start_ms.unwrap_or(0)), "an end before the start"),
        (!turn.cues.is_empty() && turn.cues.iter().all(|id| !id.trim().is_empty()), "a cue without an id"),
        (turn.text.chars().any(char::is_alphanumeric), "no word"),
        (turn.text.trim() == turn.text && !turn.text.contains(['\n', '\r', '\0']), "words in more than one line"),
        (turn.speaker.as_ref().is_none_or(is_known), "a speaker nobody knows"),
    ];
    rules.iter().find(|(held, _)| !held).map_or(Ok(()), |(_, broken)| Err((*broken).to_owned()))
}

/// Starts never go back, except in Slack, where an answer stands below what it answers.
fn in_order(transcript: &Transcript) -> Result<(), String> {
    if matches!(transcript.format, Format::SlackExport | Format::SlackJson) {
        return Ok(());
    }
    let starts: Vec<i64> = transcript.turns.iter().filter_map(|turn| turn.start_ms).collect();
    ensure(starts.is_sorted(), || "turns out of time order".to_owned())
}

/// What `baton parse --json` prints is read as the same turns.
fn same_again(transcript: &Transcript) -> Result<(), String> {
    let document = serde_json::to_vec(transcript).map_err(|error| error.to_string())?;
    let again = parse("transcript.json", &document).map_err(|error| format!("its own document is refused: {error}"))?;
    let said = |turn: &Turn| (turn.speaker.clone(), turn.start_ms, turn.end_ms, turn.text.clone());
    let differs = transcript.turns.iter().map(said).ne(again.turns.iter().map(said));
    ensure(!differs, || "its own document has other turns".to_owned())
}

fn ensure(held: bool, broken: impl FnOnce() -> String) -> Result<(), String> {
    if held { Ok(()) } else { Err(broken()) }
}
