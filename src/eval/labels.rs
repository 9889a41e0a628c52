//! A second reader's labels in the place of a draft: how far two careful people agree is the most an engine can reach.

use serde_json::{Map, Value, json};

use super::gold::{Gold, GoldItem, GoldQuote};
use super::overlap::{longest_run, words};
use crate::domain::finding::Finding;
use crate::domain::ids::ItemId;
use crate::domain::item::{Item, ItemState, Origin};
use crate::domain::transcript::SourceKind;
use crate::draft::DealSource;
use crate::engine::{Claim, ClaimedQuote, QuoteRole};
use crate::ground::{Citation, SourceText};

/// The labelled findings as items, each with the quotes that stand in the sources.
#[must_use]
pub fn items(labels: &Gold, sources: &[DealSource]) -> Vec<Item> {
    labels.items.iter().map(|label| item(label, sources)).collect()
}

fn item(label: &GoldItem, sources: &[DealSource]) -> Item {
    let finding = finding(label);
    let citations = label.citations.iter().flat_map(|quote| cite(&finding, quote, sources)).collect();
    Item {
        id: id(&label.id),
        statement: label.statement.clone(),
        confidence: None,
        origin: Origin::Person,
        attested_by: None,
        reworded_by: None,
        decided_by: None,
        state: ItemState::Drafted,
        citations,
        finding,
    }
}

fn id(label: &str) -> ItemId {
    ItemId::derived(&["label", label])
}

/// The finding with those attributes that the catalogue knows.
fn finding(label: &GoldItem) -> Finding {
    let with = |attributes: Map<String, Value>| {
        serde_json::from_value::<Finding>(json!({"field": label.field, "attributes": attributes})).ok()
    };
    let alone = |(name, value): (&String, &Value)| Map::from_iter([(name.clone(), value.clone())]);
    let known = label.attributes.iter().filter(|attribute| with(alone(*attribute)).is_some());
    let mut attributes: Map<String, Value> = known.map(|(name, value)| (name.clone(), value.clone())).collect();
    if let Some(newer) = label.text("superseded_by") {
        attributes.insert("superseded_by".to_owned(), json!(id(newer)));
    }
    with(attributes).unwrap_or_else(|| Finding::bare(label.field))
}

/// The quote as grounding finds it.
fn cite(finding: &Finding, quote: &GoldQuote, sources: &[DealSource]) -> Vec<Citation> {
    let Some(source) = sources.iter().find(|source| source.name == quote.source) else { return Vec::new() };
    let wanted = words(&quote.quote);
    let holds = |text: &str| longest_run(&wanted, &words(text)) == wanted.len();
    let turn = source.transcript.turns.iter().find(|turn| holds(&turn.text)).map_or(0, |turn| turn.index);
    let claimed = ClaimedQuote { turn, quote: quote.quote.clone(), role: QuoteRole::Support };
    let claim = Claim { finding: finding.clone(), statement: String::new(), confidence: 1.0, quotes: vec![claimed] };
    let grounded = SourceText::new(source.id.as_ref(), &source.name, &source.transcript).ground(claim);
    let clause = source.transcript.kind == SourceKind::Contract;
    grounded.map(|grounded| grounded.citations).unwrap_or_default().into_iter().filter(|_| !clause).collect()
}
