//! Shared plans and records in the words of Qdrant's gRPC interface.

use qdrant_client::Payload as ServerPayload;
use qdrant_client::qdrant::vectors_config::Config;
use qdrant_client::qdrant::{
    CollectionInfo, Condition as ServerCondition, Distance, Filter, Modifier, NamedVectors, PointStruct,
    PrefetchQueryBuilder, Query, QueryPoints, QueryPointsBuilder, RrfBuilder, ScoredPoint, SparseVectorParamsBuilder,
    SparseVectorsConfigBuilder, Vector, VectorInput, VectorParamsBuilder, VectorsConfigBuilder,
};

use crate::index::collection::{BM25_VECTOR, Condition, Payload, Plan, RRF_K, Record};
use crate::index::{Hit, IndexError, VectorSpace};

/// The dense vector, named after its model, and the sparse one.
pub(super) fn vectors(space: &VectorSpace) -> (VectorsConfigBuilder, SparseVectorsConfigBuilder) {
    let mut dense = VectorsConfigBuilder::default();
    let params = VectorParamsBuilder::new(space.dimension as u64, Distance::Cosine);
    dense.add_named_vector_params(&space.model, params);
    let mut terms = SparseVectorsConfigBuilder::default();
    terms.add_named_vector_params(BM25_VECTOR, SparseVectorParamsBuilder::default().modifier(Modifier::Idf));
    (dense, terms)
}

/// What a collection holds; none where its shape is not ours.
pub(super) fn stored_space(info: CollectionInfo) -> Option<VectorSpace> {
    let params = info.config?.params?;
    params.sparse_vectors_config?.map.get(BM25_VECTOR)?;
    match params.vectors_config?.config? {
        Config::ParamsMap(dense) => {
            let (model, params) = dense.map.into_iter().next()?;
            Some(VectorSpace { model, dimension: usize::try_from(params.size).ok()? })
        }
        Config::Params(_) => None,
    }
}

/// A record as a point.
pub(super) fn point(space: &VectorSpace, record: Record) -> Result<PointStruct, IndexError> {
    let payload = ServerPayload::try_from(record.payload_json()?)
        .map_err(|error| IndexError::Failed(format!("payload of a chunk: {error}")))?;
    let mut vectors = NamedVectors::default().add_vector(&space.model, Vector::new_dense(record.dense));
    if let Some(terms) = record.bm25 {
        vectors = vectors.add_vector(BM25_VECTOR, Vector::new_sparse(terms.indices, terms.values));
    }
    Ok(PointStruct::new(record.id.to_string(), vectors, payload))
}

/// Points that match all conditions.
pub(super) fn filter(conditions: &[Condition]) -> Filter {
    Filter::must(conditions.iter().map(|(key, values)| match values.as_slice() {
        [one] => ServerCondition::matches(*key, one.clone()),
        any => ServerCondition::matches(*key, any.to_vec()),
    }))
}

/// Two filtered rankings, fused.
pub(super) fn hybrid(collection: &str, space: &VectorSpace, plan: &Plan) -> QueryPoints {
    let mut query = QueryPointsBuilder::new(collection)
        .add_prefetch(ranking(plan, VectorInput::new_dense(plan.dense.clone()), &space.model))
        .query(Query::new_rrf(RrfBuilder::with_k(RRF_K)))
        .filter(filter(&plan.conditions))
        .limit(plan.fused() as u64)
        .with_payload(true);
    if let Some(terms) = plan.bm25.clone() {
        let terms = VectorInput::new_sparse(terms.indices, terms.values);
        query = query.add_prefetch(ranking(plan, terms, BM25_VECTOR));
    }
    query.build()
}

fn ranking(plan: &Plan, vector: VectorInput, name: &str) -> PrefetchQueryBuilder {
    PrefetchQueryBuilder::default()
        .query(Query::new_nearest(vector))
        .using(name)
        .filter(filter(&plan.conditions))
        .limit(plan.candidates as u64)
}

/// What was found, read back from its payload.
pub(super) fn hit(found: ScoredPoint) -> Result<Hit, IndexError> {
    let payload: Payload = ServerPayload::from(found.payload)
        .deserialize()
        .map_err(|error| IndexError::Failed(format!("the payload of a point is not a chunk's: {error}")))?;
    Ok(payload.into_hit(found.score))
}
