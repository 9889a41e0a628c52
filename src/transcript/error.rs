//! Why a file did not become a transcript.

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
        "the file is JSON but no transcript of a known tool (compared with {compared}; {found}); \
         export the transcript as WebVTT, SRT or text, or as JSON from one of these tools"
    )]
    UnknownJson {
        /// The formats it was compared with.
        compared: String,
        /// The keys at the top of the file, or what stands there instead.
        found: String,
    },
    /// Read, but without a single word that could be cited.
    #[error("the file has no words that could be cited (tried {tried}); check that the export is complete")]
    NothingUsable {
        /// The formats it was read as.
        tried: String,
    },
}
