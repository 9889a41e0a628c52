//! The `baton.transcript/1` document: what every source file becomes, whatever its format was.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use super::format::Format;

/// The name and version of the document that [`Transcript`] serializes to.
pub const TRANSCRIPT_SCHEMA: &str = "baton.transcript/1";

/// What a source is, told from its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SourceKind {
    /// Speech that was heard and written down.
    CallTranscript,
    /// Notes somebody wrote about the deal.
    Notes,
    /// A mail.
    Mail,
    /// A chat export.
    Chat,
    /// An order form, a statement of work, a master agreement: what was signed.
    Contract,
    /// A record of a CRM.
    CrmRecord,
}

impl SourceKind {
    /// The word used in documents, requests and the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CallTranscript => "call_transcript",
            Self::Notes => "notes",
            Self::Mail => "mail",
            Self::Chat => "chat",
            Self::Contract => "contract",
            Self::CrmRecord => "crm_record",
        }
    }
}

/// Which company a speaker belongs to. Unknown stays unknown: a side is never guessed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The company that sells.
    Vendor,
    /// The company that buys.
    Customer,
    /// The record does not say.
    #[default]
    Unknown,
}

impl Side {
    /// The word used in documents, requests and the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Vendor => "vendor",
            Self::Customer => "customer",
            Self::Unknown => "unknown",
        }
    }
}

/// How exact the times of a turn are. A citation never claims more than its file gives.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Precision {
    /// A time per word.
    Word,
    /// A time per sentence.
    Sentence,
    /// A time per caption cue.
    Cue,
    /// One time for a longer block.
    Block,
    /// No time at all.
    #[default]
    None,
}

/// Somebody who speaks in, wrote or is listed in a source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Participant {
    /// The label the file puts before this person's words; turns refer to it.
    pub label: String,
    /// The person's name, where the file gives one.
    pub name: Option<String>,
    /// The person's mail address, where the file gives one.
    pub email: Option<String>,
    /// The person's job title, where the file gives one.
    pub title: Option<String>,
    /// The company the person belongs to.
    pub side: Side,
    /// What the side rests on, in words; none where it is unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub side_reason: Option<String>,
}

/// What one speaker says before somebody else does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Turn {
    /// Place in the source, from 0.
    pub index: u32,
    /// The participant's label, or none where the file names nobody.
    pub speaker: Option<String>,
    /// Start in milliseconds from the start of the recording.
    pub start_ms: Option<i64>,
    /// End in milliseconds from the start of the recording.
    pub end_ms: Option<i64>,
    /// How exact `start_ms` and `end_ms` are.
    pub precision: Precision,
    /// The words, as the file has them.
    pub text: String,
    /// The ids of the cues (captions, sentences, paragraphs, lines) this turn was merged from.
    pub cues: Vec<String>,
}

/// A piece of the file that did not become part of a turn, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Dropped {
    /// Line of the file, from 1; for JSON the place in the list, from 1.
    pub line: u32,
    /// Why it was dropped.
    pub reason: String,
}

/// What the parser did: nothing is lost without a line here.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ParseReport {
    /// Cues read from the file.
    pub cues: u32,
    /// Turns they became.
    pub turns: u32,
    /// Pieces that became no turn.
    pub dropped: Vec<Dropped>,
    /// Repairs and doubts: times out of order, a unit that had to be detected, sides that stay unknown.
    pub warnings: Vec<String>,
}

/// A source file as turns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Transcript {
    /// Always [`TRANSCRIPT_SCHEMA`].
    pub schema: String,
    /// The format the file was read as.
    pub format: Format,
    /// What the source is.
    pub kind: SourceKind,
    /// Title, where the file has one.
    pub title: Option<String>,
    /// When the call began or the document was written, where the file says so.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub started_at: Option<Timestamp>,
    /// Length of the recording in milliseconds, where known.
    pub duration_ms: Option<i64>,
    /// Everybody the file names, in order of appearance.
    pub participants: Vec<Participant>,
    /// The turns, in order.
    pub turns: Vec<Turn>,
    /// What the parser did.
    pub report: ParseReport,
}

/// Words with who says them, outside of any file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Said<'a> {
    /// The name of who says them.
    pub by: &'a str,
    /// The company that person belongs to.
    pub side: Side,
    /// The words.
    pub words: &'a str,
}

impl Transcript {
    /// Words that come from no file: a turn each, nobody's times.
    #[must_use]
    pub fn of_words(kind: SourceKind, said: &[Said<'_>]) -> Self {
        let mut participants: Vec<Participant> = Vec::new();
        for one in said {
            if !participants.iter().any(|known| known.label == one.by) {
                participants.push(Participant {
                    label: one.by.to_owned(),
                    name: Some(one.by.to_owned()),
                    email: None,
                    title: None,
                    side: one.side,
                    side_reason: None,
                });
            }
        }
        let turn = |(index, said): (u32, &Said<'_>)| Turn {
            index,
            speaker: Some(said.by.to_owned()),
            start_ms: None,
            end_ms: None,
            precision: Precision::None,
            text: said.words.to_owned(),
            cues: Vec::new(),
        };
        Self {
            schema: TRANSCRIPT_SCHEMA.to_owned(),
            format: Format::NameText,
            kind,
            title: None,
            started_at: None,
            duration_ms: None,
            participants,
            turns: (0..).zip(said).map(turn).collect(),
            report: ParseReport::default(),
        }
    }

    /// The participant behind a turn, where the turn has a speaker.
    #[must_use]
    pub fn participant(&self, turn: &Turn) -> Option<&Participant> {
        let label = turn.speaker.as_deref()?;
        self.participants.iter().find(|p| p.label == label)
    }

    /// The same transcript with other turns: a part of its own.
    #[must_use]
    pub fn with_turns(&self, turns: Vec<Turn>) -> Self {
        Self {
            schema: self.schema.clone(),
            title: self.title.clone(),
            participants: self.participants.clone(),
            report: ParseReport::default(),
            turns,
            ..*self
        }
    }

    /// Who speaks in a turn: the person's name where the file gives one, else the label.
    #[must_use]
    pub fn speaker_name<'a>(&'a self, turn: &'a Turn) -> Option<&'a str> {
        self.participant(turn).and_then(|p| p.name.as_deref()).or(turn.speaker.as_deref())
    }

    /// The side of the turn's speaker; unknown where the turn has none.
    #[must_use]
    pub fn side(&self, turn: &Turn) -> Side {
        self.participant(turn).map_or(Side::Unknown, |p| p.side)
    }
}
