//! Why a file did not become a transcript.

use super::decode::Removed;
use super::reading::one_line;

/// Characters that are told in the words of the file or of a library, which quote names of any length.
const LONGEST_TOLD: usize = 500;

/// Why a file did not become a transcript; each message says what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    /// No bytes, or nothing but white space.
    #[error("the file is empty; export it again from the tool it came from")]
    Empty,
    /// Bytes that are no text.
    #[error("the file is {looks_like}, not text; {advice}")]
    Binary {
        /// What the first bytes say it is.
        looks_like: &'static str,
        /// What to upload instead.
        advice: &'static str,
    },
    /// It starts like JSON but is not.
    #[error("the file starts like JSON but breaks off at line {line}, column {column} ({reason}); export it again")]
    BrokenJson {
        /// Line of the break, from 1.
        line: usize,
        /// Column of the break, from 1.
        column: usize,
        /// What was wrong there.
        reason: String,
    },
    /// JSON of a tool Baton does not read.
    #[error(
        "the file is JSON but no transcript of a known tool ({found}; compared with Gong, Fireflies, Fathom, Avoma, Grain, \
         Clari Copilot, Chorus, Intercom, Zoom, Google Meet, Whisper, WhisperX, Deepgram, AssemblyAI, Amazon Transcribe, Azure \
         Speech, Google Speech-to-Text, podcast, Slack, HubSpot, Salesforce and baton.transcript/1); export the transcript as \
         WebVTT, SRT or text, or as JSON from one of these tools"
    )]
    UnknownJson {
        /// The keys at the top of the file, or what stands there instead.
        found: String,
    },
    /// An answer of a tool that holds no transcript: a job that is not done, an error, the description of a call.
    #[error("the file is {what} and holds no transcript; {advice}")]
    NoTranscript {
        /// What it is, with what the tool says of itself.
        what: String,
        /// Where the transcript is.
        advice: &'static str,
    },
    /// Something that no honest file has.
    #[error("the file is refused: {what}; if it is yours, export it again from the tool it came from")]
    Unsafe {
        /// What it has.
        what: String,
    },
    /// More than is taken on.
    #[error("the file has {found} {what}, of which at most {limit} are taken; split it, or raise the limit")]
    OverLimit {
        /// What there is too much of.
        what: &'static str,
        /// How much there is.
        found: u64,
        /// How much is taken.
        limit: u64,
    },
    /// A document that cannot be opened.
    #[error("the file is {what} that cannot be read ({reason}); {advice}")]
    Unreadable {
        /// What it is.
        what: &'static str,
        /// What was wrong with it.
        reason: String,
        /// What to do.
        advice: &'static str,
    },
    /// Read, but without a single word that could be cited.
    #[error("the file has no words that could be cited (tried {tried}); check that the export is complete")]
    NothingUsable {
        /// The formats it was read as.
        tried: String,
    },
}

impl ParseError {
    /// There is more of something than is taken on.
    pub(super) const fn over(what: &'static str, found: u64, limit: u64) -> Self {
        Self::OverLimit { what, found, limit }
    }

    /// Refuses more of something than is taken on.
    pub(super) const fn at_most(what: &'static str, found: u64, limit: u64) -> Result<(), Self> {
        if found > limit { Err(Self::over(what, found, limit)) } else { Ok(()) }
    }

    /// The same in one line that is not too long, without what nobody sees: some of it is told in the words of the file.
    pub(super) fn in_one_line(mut self) -> Self {
        let told = match &mut self {
            Self::UnknownJson { found: told }
            | Self::NoTranscript { what: told, .. }
            | Self::Unsafe { what: told }
            | Self::BrokenJson { reason: told, .. }
            | Self::Unreadable { reason: told, .. } => told,
            Self::Empty | Self::Binary { .. } | Self::OverLimit { .. } | Self::NothingUsable { .. } => return self,
        };
        *told = one_line(&Removed::default().take_out(one_line(told), 0));
        if let Some((end, _)) = told.char_indices().nth(LONGEST_TOLD) {
            told.truncate(end);
            told.push('…');
        }
        self
    }
}
