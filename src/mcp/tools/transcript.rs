//! `get_transcript`, and what it has in common with reading a transcript as a resource.

use std::fmt::Write as _;

use rmcp::schemars::{self, JsonSchema};
use serde::{Deserialize, Serialize};

use super::{more, turn_link};
use crate::access::{Act, Caller};
use crate::app::App;
use crate::domain::deal::{Source, SourceState};
use crate::domain::ids::SourceId;
use crate::domain::transcript::{Participant, Side, Turn};
use crate::error::Error;
use crate::mcp::page::MAX_CHARS;
use crate::mcp::quote::{NOTICE, Named, Quoted};
use crate::mcp::tool::Told;
use crate::render::view::moment;
use crate::store::transcripts;

pub(super) const NAME: &str = "get_transcript";
pub(super) const TITLE: &str = "Read a transcript";
pub(super) const ABOUT: &str = "The words of one source (call, mail, notes, contract) turn by turn, with speaker and moment. Give from \
     and to for the turns around a passage that search_record found.";

/// Turns of one answer at most.
const MAX_TURNS: u32 = 200;

/// Arguments of `get_transcript`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// The source's id.
    #[schemars(with = "String", example = &"src_01981f2e7c3b7d4e8a5f6b1c2d3e4f50")]
    source: SourceId,
    /// The first turn, from 0.
    #[schemars(example = 38)]
    from: Option<u32>,
    /// The last turn; to the end unless given.
    #[schemars(example = 44)]
    to: Option<u32>,
    /// The `next_cursor` of the answer before, in place of from.
    cursor: Option<String>,
}

/// What `get_transcript` answers.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Output {
    /// The source's id.
    source_id: String,
    /// Its file name.
    source: String,
    /// The deal it belongs to.
    deal_id: String,
    /// What it is.
    kind: Option<&'static str>,
    /// The turns.
    turns: Vec<TurnOut>,
    /// Give it as `cursor` to read on; absent at the end.
    next_cursor: Option<String>,
    /// How to take the words of the record.
    notice: &'static str,
}

/// What one speaker says before somebody else does.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct TurnOut {
    /// Its place in the source.
    pub(super) turn: u32,
    /// Who speaks; absent where the file does not say.
    pub(super) speaker: Option<String>,
    /// The speaker's side: vendor, customer or unknown.
    pub(super) side: &'static str,
    /// The moment, or the place in a file without times.
    pub(super) when: String,
    /// The words.
    pub(super) text: String,
    /// The moment in Baton's pages.
    pub(super) link: String,
}

pub(super) async fn run(app: &App, caller: &Caller, input: Input) -> Result<Told<Output>, Error> {
    let begin = match &input.cursor {
        Some(cursor) => cursor.parse()?,
        None => Place { turn: input.from.unwrap_or(0), char: 0 },
    };
    let last = input.to.unwrap_or(u32::MAX);
    if last < begin.turn {
        return Err(Error::Invalid(format!("`to` is {last}, before the first turn wanted, {}", begin.turn)));
    }
    let (source, people, turns) = words(app, caller, &input.source, begin.turn, MAX_TURNS + 1).await?;
    if source.state != SourceState::Ready && turns.is_empty() {
        return Err(unread(&source));
    }
    let wanted = turns.into_iter().filter(|turn| turn.index <= last);
    let (turns, next) = fitting(app, &source.id, &people, wanted, begin);
    let next_cursor = next.map(|place| place.to_string());
    let mut text = format!("{} turns of {} ({})\n{NOTICE}\n", turns.len(), Named(&source.name), source.id);
    for turn in &turns {
        write_turn(&mut text, turn);
    }
    text.push_str(&more(next_cursor.as_deref()));
    let output = Output {
        source_id: source.id.to_string(),
        source: source.name,
        deal_id: source.deal_id.to_string(),
        kind: source.kind.map(crate::domain::transcript::SourceKind::as_str),
        turns,
        next_cursor,
        notice: NOTICE,
    };
    Ok(Told::new(output, text))
}

fn unread(source: &Source) -> Error {
    let why = source.error.as_deref().unwrap_or("it is still waiting to be read; ask again in a while");
    Error::Conflict(format!("{} holds no words yet: {}", Named(&source.name), Named(why)))
}

/// A source the caller may see, with who speaks in it and its turns from `from` on.
async fn words(
    app: &App,
    caller: &Caller,
    id: &SourceId,
    from: u32,
    limit: u32,
) -> Result<(Source, Vec<Participant>, Vec<Turn>), Error> {
    let mut conn = app.store.snapshot().await?;
    let source = caller.source(&mut conn, id, Act::SeeDeal).await?;
    let people = transcripts::participants(&mut conn, id).await?;
    let turns = transcripts::turns(&mut conn, id, from, limit).await?;
    Ok((source, people, turns))
}

/// A whole transcript as text, up to `max` characters.
///
/// # Errors
///
/// [`Error::NotFound`] and [`Error::Forbidden`] after the caller's rights; [`Error::Conflict`] before it is read.
pub(in crate::mcp) async fn text_of(app: &App, caller: &Caller, id: &SourceId, max: usize) -> Result<String, Error> {
    let (source, people, turns) = words(app, caller, id, 0, u32::MAX).await?;
    if source.state != SourceState::Ready && turns.is_empty() {
        return Err(unread(&source));
    }
    let mut text = format!("{} ({})\n{NOTICE}\n", Named(&source.name), source.id);
    for turn in &turns {
        if text.len() > max {
            let _ = writeln!(text, "\nThere is more: get_transcript reads on with from {}.", turn.index);
            break;
        }
        write_turn(&mut text, &told(app, &source.id, &people, turn));
    }
    Ok(text)
}

/// Where a part begins: a character of a turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    turn: u32,
    char: usize,
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.turn, self.char)
    }
}

impl std::str::FromStr for Place {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let parsed = text.split_once('.').and_then(|(turn, char)| Some((turn.parse().ok()?, char.parse().ok()?)));
        let (turn, char) = parsed.ok_or_else(|| {
            Error::Invalid("the cursor is none that get_transcript gave; give `from` in its place".to_owned())
        })?;
        Ok(Self { turn, char })
    }
}

/// The turns that fit into one answer, and where the next one begins. A turn that alone is too long is cut.
fn fitting(
    app: &App,
    source: &SourceId,
    people: &[Participant],
    turns: impl Iterator<Item = Turn>,
    begin: Place,
) -> (Vec<TurnOut>, Option<Place>) {
    let (mut fit, mut room) = (Vec::new(), MAX_CHARS);
    for turn in turns {
        let skipped = if turn.index == begin.turn { begin.char } else { 0 };
        let length = turn.text.chars().count().saturating_sub(skipped);
        if fit.len() >= usize::try_from(MAX_TURNS).unwrap_or(usize::MAX) || (length > room && !fit.is_empty()) {
            return (fit, Some(Place { turn: turn.index, char: skipped }));
        }
        let mut out = told(app, source, people, &turn);
        out.text = turn.text.chars().skip(skipped).take(room).collect();
        fit.push(out);
        if length > room {
            return (fit, Some(Place { turn: turn.index, char: skipped + room }));
        }
        room -= length;
    }
    (fit, None)
}

/// A turn with who speaks in it.
pub(super) fn told(app: &App, source: &SourceId, people: &[Participant], turn: &Turn) -> TurnOut {
    let speaker = turn.speaker.as_deref().and_then(|label| people.iter().find(|person| person.label == label));
    TurnOut {
        turn: turn.index,
        speaker: speaker.and_then(|person| person.name.clone()).or_else(|| turn.speaker.clone()),
        side: speaker.map_or(Side::Unknown, |person| person.side).as_str(),
        when: moment(turn.start_ms, turn.precision, turn.index),
        text: turn.text.clone(),
        link: turn_link(app, source, turn.index),
    }
}

/// A turn in a text: who and when, then the words, quoted.
pub(super) fn write_turn(text: &mut String, turn: &TurnOut) {
    let speaker = turn.speaker.as_deref().unwrap_or("unknown speaker");
    let _ = write!(
        text,
        "\nturn {}, {} ({}), {}:\n{}",
        turn.turn,
        Named(speaker),
        turn.side,
        turn.when,
        Quoted(&turn.text)
    );
}
