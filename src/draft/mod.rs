//! Use case: the sources of a deal become a draft.
//!
//! Each source is read by the engine and its claims are grounded ([`draft_deal`]); then the findings of all sources are
//! merged into items ([`merge`]), what the people among them mean is added ([`people_risks`]), and promises are set
//! against the contract ([`mod@crate::reconcile`]). Nothing here touches the store: `baton draft` keeps nothing, and
//! the drafting job keeps what this returns.

pub mod document;
pub mod merge;
mod occasion;
pub mod people_risks;
pub mod subject;
mod ties;

use std::collections::BTreeSet;

use jiff::civil::Date;

pub use self::occasion::{Occasion, leading_number};
use crate::domain::finding::Finding;
use crate::domain::ids::SourceId;
use crate::domain::item::{Item, RejectedClaim};
use crate::domain::person::{Roster, SourceLabel};
use crate::domain::transcript::Transcript;
use crate::embed::{EmbedError, Embedder};
use crate::engine::{Engine, EngineError, EngineIdentity, Evidence, Usage};
use crate::ground::{Citation, GroundedClaim, SourceText};
use crate::reader::{Quoted, Reader};
use crate::reconcile::reconcile;
use crate::transcript::roster::{self, At, Known};

/// One source of a deal, parsed.
#[derive(Debug, Clone)]
pub struct DealSource {
    /// The source's id, where it is kept in the store.
    pub id: Option<SourceId>,
    /// The source's name.
    pub name: String,
    /// Its turns, with the sides that the whole deal's record proves.
    pub transcript: Transcript,
}

impl DealSource {
    /// Whether the citation's words stand in this source: two files of one deal may have one name.
    #[must_use]
    pub fn is_cited_by(&self, citation: &Citation) -> bool {
        self.id.as_ref() == citation.source_id() && self.name == citation.source()
    }

    /// The day of the call or document, where the file says it.
    #[must_use]
    pub fn date(&self) -> Option<Date> {
        self.transcript.started_at.map(|at| at.to_zoned(jiff::tz::TimeZone::UTC).date())
    }
}

/// The words of a citation with what is said right before them; nothing where `sources` lack its source.
#[must_use]
pub fn quoted(citation: &Citation, sources: &[DealSource]) -> Option<Quoted> {
    let source = sources.iter().find(|source| source.is_cited_by(citation))?;
    let start = citation.chars().start;
    Some(Quoted::of(&source.transcript, citation.turn(), start, citation.quote(), citation.side()))
}

/// Gives every participant the side that the deal's record as a whole proves; one file alone often cannot tell.
pub fn resolve_sides(sources: &mut [DealSource], roster: &Roster) {
    let known = known(sources, roster);
    let mut transcripts: Vec<&mut Transcript> = sources.iter_mut().map(|source| &mut source.transcript).collect();
    roster::resolve_sides(&mut transcripts, &known);
}

/// The roster's labels as places in the sources; what it says of sources that are not among them says nothing here.
fn known(sources: &[DealSource], roster: &Roster) -> Known {
    let at = |who: &SourceLabel| -> Option<At> {
        let source = sources.iter().position(|source| source.id.as_ref() == Some(&who.source))?;
        let participants = &sources[source].transcript.participants;
        Some((source, participants.iter().position(|one| one.label == who.label)?))
    };
    Known {
        vendor: roster.vendor_domains.iter().map(|domain| domain.to_lowercase()).collect(),
        ties: roster.ties_at(at),
        placed: roster.placed.iter().filter_map(|one| Some((at(&one.who)?, one.side, one.by.clone()))).collect(),
        ..Known::default()
    }
}

/// What an engine found in a deal, grounded and merged.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// The engine that read.
    pub engine: EngineIdentity,
    /// What it cost.
    pub usage: Usage,
    /// The items, in the order in which they were first said.
    pub items: Vec<Item>,
    /// Claims whose words are not in the record.
    pub rejected: Vec<RejectedClaim>,
}

/// Why there is no draft.
#[derive(Debug, thiserror::Error)]
pub enum DraftError {
    /// The engine could not read a source.
    #[error("{source_name}: {error}")]
    Engine {
        /// The source's name.
        source_name: String,
        /// What the engine says.
        #[source]
        error: EngineError,
    },
    /// The statements could not be compared.
    #[error(transparent)]
    Embed(#[from] EmbedError),
}

/// A source with what was found in it.
struct SourceReading {
    occasion: Occasion,
    name: String,
    claims: Vec<GroundedClaim>,
}

/// Drafts a deal. `seed` is what the item ids are derived from: the deal's id, or nothing for a draft that is not kept.
///
/// # Errors
///
/// [`DraftError`] when a source cannot be read: half a draft would hide what the missing half says.
pub async fn draft_deal(
    engine: &dyn Engine,
    embedder: &dyn Embedder,
    reader: &Reader,
    seed: &str,
    sources: &[DealSource],
) -> Result<Draft, DraftError> {
    let mut usage = Usage::default();
    let mut rejected = Vec::new();
    let mut readings = Vec::new();
    let evidence: Vec<Evidence<'_>> = sources
        .iter()
        .map(|source| Evidence { source: &source.name, date: source.date(), transcript: &source.transcript })
        .collect();
    let read = engine.read_deal(&evidence).await.map_err(|(place, error)| DraftError::Engine {
        source_name: sources.get(place).map(|source| source.name.clone()).unwrap_or_default(),
        error,
    })?;
    for (place, (source, reading)) in sources.iter().zip(read).enumerate() {
        usage += reading.usage;
        let text = SourceText::new(source.id.as_ref(), &source.name, &source.transcript);
        let mut claims = Vec::new();
        for claim in reading.claims {
            match text.ground(claim) {
                Ok(mut grounded) => {
                    rejected.append(&mut grounded.withheld);
                    claims.push(grounded);
                }
                Err(claim) => rejected.push(claim),
            }
        }
        let occasion = Occasion::of(place, source);
        readings.push(SourceReading { occasion, name: source.name.clone(), claims });
    }
    let claims = in_order_of_the_sale(readings);
    let mut items = merge::merge(embedder, reader, seed, sources, claims).await?;
    items.append(&mut people_risks::people_risks(seed, &items, sources));
    let mut items = keep_surest(items);
    reconcile(embedder, reader, sources, &mut items).await?;
    Ok(Draft { engine: engine.identity(), usage, items, rejected })
}

/// More than a customer success manager reads before the kickoff.
pub const MAX_ITEMS: usize = 60;

/// The [`MAX_ITEMS`] surest items, in their order, and with them what took the place of one that is kept.
#[must_use]
pub fn keep_surest(items: Vec<Item>) -> Vec<Item> {
    if items.len() <= MAX_ITEMS {
        return items;
    }
    let mut ranked: Vec<&Item> = items.iter().collect();
    ranked.sort_by(|a, b| b.confidence.unwrap_or(1.0).total_cmp(&a.confidence.unwrap_or(1.0)));
    let successor = |item: &&Item| {
        let Finding::Commitment(promise) = &item.finding else { return None };
        let id = promise.superseded_by.as_deref()?;
        items.iter().find(|next| next.id.as_str() == id)
    };
    let mut kept = BTreeSet::new();
    for item in ranked.into_iter().take(MAX_ITEMS) {
        // Up to the last word; what is kept already has its own kept too.
        for item in std::iter::successors(Some(item), successor) {
            if !kept.insert(item.id.to_string()) {
                break;
            }
        }
    }
    items.into_iter().filter(|item| kept.contains(item.id.as_str())).collect()
}

/// The claims as they were said: by date. Where a source has none, numbered sources come first, by number, and of the others those
/// with a date: what has no number is mostly a mail or a note that follows the calls.
fn in_order_of_the_sale(mut readings: Vec<SourceReading>) -> Vec<(Occasion, GroundedClaim)> {
    let undated = readings.iter().any(|reading| reading.occasion.date.is_none());
    readings.sort_by_cached_key(|reading| {
        let Occasion { date, number, .. } = reading.occasion;
        let number = number.filter(|_| undated).unwrap_or(u32::MAX);
        (number, date.is_none(), date, reading.name.clone())
    });
    let said = |reading: SourceReading| {
        let occasion = reading.occasion;
        reading.claims.into_iter().map(move |claim| (occasion.clone(), claim))
    };
    readings.into_iter().flat_map(said).collect()
}
