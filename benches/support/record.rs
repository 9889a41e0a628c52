//! Items and citations as a review would have left them.

use baton::domain::deal::Source;
use baton::domain::finding::Finding;
use baton::domain::ids::ItemId;
use baton::domain::item::{Item, ItemState, Origin};
use baton::domain::transcript::{Side, Transcript, Turn};
use baton::engine::QuoteRole;
use baton::ground::{Anchor, Citation, CitedTurn, MatchStatus};

/// An item that an engine drafted.
pub(crate) fn item(finding: Finding, statement: String, state: ItemState, citations: Vec<Citation>) -> Item {
    Item {
        id: ItemId::generate(),
        finding,
        statement,
        confidence: Some(0.8),
        origin: Origin::Engine,
        attested_by: None,
        reworded_by: None,
        decided_by: None,
        state,
        citations,
    }
}

/// The `n`th turn as a whole, cited.
pub(crate) fn cite(source: &Source, transcript: &Transcript, n: usize, role: QuoteRole) -> anyhow::Result<Citation> {
    let turn: &Turn = &transcript.turns[n % transcript.turns.len()];
    let cited =
        CitedTurn { source_id: Some(&source.id), source: &source.name, turn, speaker: None, side: Side::Vendor };
    let chars = 0..u32::try_from(turn.text.chars().count())?;
    Ok(Citation::restore(&cited, Anchor { chars, quote: turn.text.clone(), matched: MatchStatus::Exact, role })?)
}
