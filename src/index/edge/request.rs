//! Shared plans and records in the words of Qdrant Edge.

use qdrant_edge::{
    AnyVariants, Condition as EdgeCondition, FieldCondition, Filter, Fusion, JsonPath, Match, MatchAny, NamedQuery,
    NamedVectors, PointId, PointInsertOperations, PointOperations, PointStruct, Prefetch, QueryEnum, QueryRequest,
    ScoredPoint, ScoringQuery, UpdateOperation, VectorInternal, WithPayloadInterface, WithVector,
};

use crate::index::collection::{BM25_VECTOR, Condition, Payload, Plan, RRF_K, Record};
use crate::index::{Hit, IndexError, VectorSpace};

/// Stores a point, replacing one with the same id.
pub(super) fn upsert(space: &VectorSpace, record: Record) -> Result<UpdateOperation, IndexError> {
    let points = PointInsertOperations::PointsList(vec![point(space, record)?.into()]);
    Ok(UpdateOperation::PointOperation(PointOperations::UpsertPoints(points)))
}

fn point(space: &VectorSpace, record: Record) -> Result<PointStruct, IndexError> {
    let payload = record.payload_json()?;
    let mut vectors = NamedVectors::default().add_vector(&space.model, record.dense);
    if let Some(terms) = record.bm25 {
        vectors = vectors.add_vector(BM25_VECTOR, terms);
    }
    Ok(PointStruct::new(PointId::Uuid(record.id), vectors, payload))
}

/// Forgets all points that match.
pub(super) fn delete(conditions: &[Condition]) -> UpdateOperation {
    UpdateOperation::PointOperation(PointOperations::DeletePointsByFilter(filter(conditions)))
}

/// Points that match all conditions.
pub(super) fn filter(conditions: &[Condition]) -> Filter {
    let must = conditions.iter().map(|(key, values)| {
        let any = AnyVariants::Strings(values.iter().cloned().collect());
        EdgeCondition::Field(FieldCondition::new_match(path(key), Match::Any(MatchAny { any })))
    });
    Filter { must: Some(must.collect()), ..Filter::default() }
}

/// A payload key as a path.
pub(super) fn path(key: &str) -> JsonPath {
    JsonPath { first_key: key.to_owned(), rest: Vec::new() }
}

/// Two filtered rankings, fused.
pub(super) fn hybrid(space: &VectorSpace, plan: &Plan) -> QueryRequest {
    let dense = ranking(plan, VectorInternal::Dense(plan.dense.clone()), &space.model);
    let terms = plan.bm25.clone().map(|terms| ranking(plan, VectorInternal::Sparse(terms), BM25_VECTOR));
    QueryRequest {
        prefetches: [Some(dense), terms].into_iter().flatten().collect(),
        query: Some(ScoringQuery::Fusion(Fusion::Rrf { k: RRF_K as usize, weights: None })),
        filter: Some(filter(&plan.conditions)),
        score_threshold: None,
        limit: plan.fused(),
        offset: 0,
        params: None,
        with_vector: WithVector::Bool(false),
        with_payload: WithPayloadInterface::Bool(true),
    }
}

fn ranking(plan: &Plan, vector: VectorInternal, name: &str) -> Prefetch {
    Prefetch {
        prefetches: Vec::new(),
        query: Some(ScoringQuery::Vector(QueryEnum::Nearest(NamedQuery::new(vector, name)))),
        limit: plan.candidates,
        params: None,
        filter: Some(filter(&plan.conditions)),
        score_threshold: None,
    }
}

/// What was found, read back from its payload.
pub(super) fn hit(found: ScoredPoint) -> Result<Hit, IndexError> {
    let ScoredPoint { id, score, payload, .. } = found;
    let object = serde_json::Value::Object(payload.unwrap_or_default().0);
    let payload: Payload = serde_json::from_value(object)
        .map_err(|error| IndexError::Failed(format!("the payload of point {id} is not a chunk's: {error}")))?;
    Ok(payload.into_hit(score))
}
