//! Captions without their markup: whose words they are, as far as the markup says so.

use std::borrow::Cow;
use std::collections::HashSet;

use super::super::label::looks_like_name;
use super::super::reading::{Reading, one_line};
use super::scanner::Block;
use super::syntax::Syntax;
use super::{metadata, tags};

/// Words of one voice in one caption, in the lines of the file.
#[derive(Debug)]
pub(super) struct Piece<'t> {
    /// The caption's place.
    pub block: usize,
    pub voice: Option<String>,
    pub text: Cow<'t, str>,
}

/// Takes the captions apart at their voices.
pub(super) fn of<'t>(text: &'t str, blocks: &[Block<'t>], syntax: Syntax, reading: &mut Reading) -> Vec<Piece<'t>> {
    let mut pieces = Vec::with_capacity(blocks.len());
    for (block, one) in blocks.iter().enumerate() {
        let payload = text.get(one.payload.clone()).unwrap_or_default();
        if metadata::looks_like(payload) {
            pieces.extend(of_metadata(payload, one, reading).map(|(voice, text)| Piece { block, voice, text }));
        } else if payload.contains(['<', '&', '{']) || (syntax == Syntax::Sbv && payload.contains("[br]")) {
            let parts = of_markup(payload, syntax).into_iter();
            pieces.extend(parts.map(|(voice, words)| Piece { block, voice, text: Cow::Owned(words) }));
        } else {
            pieces.push(Piece { block, voice: None, text: Cow::Borrowed(payload) });
        }
    }
    pieces
}

fn of_metadata<'t>(payload: &str, block: &Block<'_>, reading: &mut Reading) -> Option<(Option<String>, Cow<'t, str>)> {
    let spoken = metadata::read(payload, block.start_ms);
    if let Some(spoken) = &spoken {
        reading.started_at = reading.started_at.or(spoken.recording_began);
    } else {
        reading.drop(block.line, format!("caption with metadata that breaks off: `{}`", one_line(payload)));
    }
    spoken.map(|spoken| (spoken.voice, Cow::Owned(spoken.words)))
}

fn of_markup(payload: &str, syntax: Syntax) -> Vec<(Option<String>, String)> {
    let plain = tags::without_braces(payload);
    let plain = if syntax == Syntax::Sbv { plain.replace("[br]", "\n").into() } else { plain };
    let voices = tags::voices(&plain);
    let silent = voices.iter().all(|(_, words)| words.trim().is_empty());
    let spoken = voices.into_iter().filter(|(_, words)| silent || !words.trim().is_empty());
    // A caption without words stays one piece, so that the report can name it.
    spoken.take(if silent { 1 } else { usize::MAX }).collect()
}

/// Takes the voices from the ids, in files that name the speaker there: Webex (`1 "Dana Ruiz" (2882303)`), and tools whose
/// ids are names (`Speaker 1`) and so come back.
pub(super) fn voices_from_ids(pieces: &mut [Piece<'_>], blocks: &[Block<'_>]) -> bool {
    let quoted = blocks.iter().all(|block| block.id.is_some_and(|id| quoted_name(id).is_some()));
    if !quoted && !ids_are_names(blocks) {
        return false;
    }
    for piece in pieces {
        let id = blocks.get(piece.block).and_then(|block| block.id);
        piece.voice = id.map(|id| quoted_name(id).unwrap_or(id).to_owned());
    }
    true
}

/// `1 "Dana Ruiz" (2882303)`: a number, the name, and the number of the person.
fn quoted_name(id: &str) -> Option<&str> {
    let (number, rest) = id.split_once(" \"")?;
    let (name, person) = rest.rsplit_once('"')?;
    let person = person.trim();
    let is_number = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let is_person = person.is_empty() || person.strip_prefix('(')?.strip_suffix(')').is_some_and(is_number);
    (is_number(number) && is_person && !name.trim().is_empty()).then(|| name.trim())
}

fn ids_are_names(blocks: &[Block<'_>]) -> bool {
    let mut names = HashSet::new();
    let is_name = |id: &str| id.contains(char::is_alphabetic) && looks_like_name(id);
    blocks.iter().all(|block| block.id.is_some_and(|id| !names.insert(id) || is_name(id))) && names.len() < blocks.len()
}
