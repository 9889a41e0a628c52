//! What a collection of chunks looks like and how it is asked, whoever keeps it: the part that [`super::edge`] and
//! [`super::server`] share, so that each of them only translates.

use qdrant_edge::SparseVector;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::bm25::Bm25;
use super::{Hit, IndexError, Point, Query, Reach, VectorSpace};
use crate::domain::ids::{AccountId, DealId, SourceId, TenantId};

/// Name of the sparse vector; the dense one is named after its model.
pub(super) const BM25_VECTOR: &str = "bm25";

/// The payload key that every filter names; Qdrant keeps a tenant's points together on disk.
pub(super) const TENANT: &str = "tenant";
/// The payload key of the account.
pub(super) const ACCOUNT: &str = "account";
/// The payload key of the deal.
pub(super) const DEAL: &str = "deal";
/// The payload key of the source.
pub(super) const SOURCE: &str = "source";
/// The payload keys that are filtered on, hence indexed.
pub(super) const INDEXED_KEYS: [&str; 4] = [TENANT, ACCOUNT, DEAL, SOURCE];

/// The `k` of reciprocal rank fusion, a hit at rank r being worth 1 / (k + r). Qdrant's default of 2 all but ignores what stands
/// behind the third place, and there the neighbours of a good chunk stand; the 60 of Cormack, Clarke and Büttcher (2009) makes
/// the first places worth too little.
pub(super) const RRF_K: u32 = 10;

/// Candidates that each ranking brings to the fusion, unless more hits are asked for.
const CANDIDATES: usize = 50;

/// Most hits of one search, whatever is asked for.
const MAX_HITS: usize = 1_000;

/// What Qdrant keeps of a chunk beside its vectors. The words are not among it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Payload {
    tenant: TenantId,
    account: AccountId,
    deal: DealId,
    source: SourceId,
    first_turn: u32,
    last_turn: u32,
}

impl Payload {
    /// The hit that a stored chunk makes.
    pub(super) fn into_hit(self, score: f32) -> Hit {
        Hit { source: self.source, turns: self.first_turn..=self.last_turn, score }
    }
}

/// A chunk as Qdrant takes it.
#[derive(Debug, Clone)]
pub(super) struct Record {
    pub(super) id: Uuid,
    pub(super) dense: Vec<f32>,
    pub(super) bm25: Option<SparseVector>,
    pub(super) payload: Payload,
}

impl Record {
    /// Checks the vector and makes the BM25 terms.
    pub(super) fn new(space: &VectorSpace, bm25: &Bm25, point: Point) -> Result<Self, IndexError> {
        check_vector(space, &point.vector)?;
        let (first_turn, last_turn) = point.turns.into_inner();
        let Point { id, tenant, account, deal, source, text, vector, .. } = point;
        let payload = Payload { tenant, account, deal, source, first_turn, last_turn };
        Ok(Self { id, dense: vector, bm25: bm25.document(&text), payload })
    }

    /// The payload as a JSON object.
    pub(super) fn payload_json(&self) -> Result<serde_json::Value, IndexError> {
        serde_json::to_value(&self.payload).map_err(|error| IndexError::Failed(format!("payload of a chunk: {error}")))
    }
}

/// A payload key and the values of which it must have one.
pub(super) type Condition = (&'static str, Vec<String>);

/// The conditions that hold a query within reach, the tenant's first.
pub(super) fn within(reach: &Reach) -> Vec<Condition> {
    let tenant = Some((TENANT, vec![reach.tenant.to_string()]));
    let account = reach.account.as_ref().map(|id| (ACCOUNT, vec![id.to_string()]));
    let deals = reach.deals.as_ref().map(|ids| (DEAL, ids.iter().map(ToString::to_string).collect()));
    [tenant, account, deals].into_iter().flatten().collect()
}

/// The conditions that name one source of a tenant.
pub(super) fn of_source(tenant: &TenantId, source: &SourceId) -> Vec<Condition> {
    vec![(TENANT, vec![tenant.to_string()]), (SOURCE, vec![source.to_string()])]
}

/// A hybrid search as Qdrant takes it: two rankings, each filtered, fused by reciprocal rank.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    /// What every part of the query must match.
    pub(super) conditions: Vec<Condition>,
    pub(super) dense: Vec<f32>,
    pub(super) bm25: Option<SparseVector>,
    /// Candidates that each ranking brings.
    pub(super) candidates: usize,
    hits: usize,
    /// Whether there is nothing within reach.
    unreachable: bool,
}

impl Plan {
    /// Checks the vector and makes the BM25 terms.
    pub(super) fn new(space: &VectorSpace, bm25: &Bm25, query: Query) -> Result<Self, IndexError> {
        check_vector(space, &query.vector)?;
        let hits = query.limit.min(MAX_HITS);
        Ok(Self {
            conditions: within(&query.reach),
            bm25: bm25.question(&query.text),
            dense: query.vector,
            candidates: hits.max(CANDIDATES),
            hits,
            unreachable: query.reach.deals.as_ref().is_some_and(Vec::is_empty),
        })
    }

    /// Whether no hit is asked for, or none can be.
    pub(super) const fn is_empty(&self) -> bool {
        self.hits == 0 || self.unreachable
    }

    /// All that two rankings can bring. Qdrant cuts equal scores, which two rankings make all the time, at random: so it is
    /// told to cut nothing, and [`Plan::best`] does.
    pub(super) const fn fused(&self) -> usize {
        2 * self.candidates
    }

    /// The best hits, equal scores in the order of their place in the record.
    pub(super) fn best(&self, mut hits: Vec<Hit>) -> Vec<Hit> {
        hits.sort_by(|a, b| {
            let place = |hit: &Hit| (*hit.turns.start(), *hit.turns.end());
            b.score.total_cmp(&a.score).then_with(|| a.source.cmp(&b.source)).then_with(|| place(a).cmp(&place(b)))
        });
        hits.truncate(self.hits);
        hits
    }
}

/// Refuses a collection that holds another model's vectors.
pub(super) fn check_space(wanted: &VectorSpace, stored: VectorSpace) -> Result<(), IndexError> {
    if stored == *wanted { Ok(()) } else { Err(IndexError::ModelMismatch { stored, wanted: wanted.clone() }) }
}

fn check_vector(space: &VectorSpace, vector: &[f32]) -> Result<(), IndexError> {
    let VectorSpace { model, dimension } = space;
    if vector.len() != *dimension {
        let given = vector.len();
        return Err(IndexError::Failed(format!("a vector of {given} numbers, but `{model}` makes {dimension}")));
    }
    if vector.iter().any(|number| !number.is_finite()) {
        return Err(IndexError::Failed(format!("a vector of `{model}` holds a number that is not finite")));
    }
    Ok(())
}
