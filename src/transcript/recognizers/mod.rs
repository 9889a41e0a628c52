//! JSON of speech recognizers. Each says the same words in several places (a whole text, words, sentences); every reader
//! takes the best one only: what carries speakers and times.

mod assemblyai;
mod aws;
mod aws_calls;
mod azure;
mod deepgram;
mod google;
mod podcast;
mod said;
mod utterances;
mod whisper;
mod whisper_cpp;

use serde_json::Value;

use super::error::ParseError;
use super::reading::Reading;

pub(super) use utterances::read_lines;

type Found = Option<Result<Reading, ParseError>>;

/// Reads the JSON of the first recognizer that knows its shape; none if none does.
pub(super) fn read(value: &Value) -> Found {
    // From the shapes that only one tool has to those that many have.
    const READERS: [fn(&Value) -> Found; 10] = [
        deepgram::read,
        aws::read,
        aws_calls::read,
        azure::read,
        google::read,
        assemblyai::read,
        podcast::read,
        whisper_cpp::read,
        whisper::read,
        utterances::read,
    ];
    READERS.iter().find_map(|read| read(value))
}
