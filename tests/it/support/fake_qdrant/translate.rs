//! Requests of Qdrant's gRPC interface in the words of Qdrant Edge, and answers back.

use std::collections::HashMap;

use qdrant_client::Payload as ServerPayload;
use qdrant_client::qdrant::condition::ConditionOneOf;
use qdrant_client::qdrant::r#match::MatchValue as ServerMatch;
use qdrant_client::qdrant::payload_index_params::IndexParams;
use qdrant_client::qdrant::point_id::PointIdOptions;
use qdrant_client::qdrant::points_selector::PointsSelectorOneOf;
use qdrant_client::qdrant::query::Variant;
use qdrant_client::qdrant::vector::Vector as ServerVector;
use qdrant_client::qdrant::vectors::VectorsOptions;
use qdrant_client::qdrant::vectors_config::Config;
use qdrant_client::qdrant::with_payload_selector::SelectorOptions;
use qdrant_client::qdrant::{self as server, vector_input};
use qdrant_edge as edge;
use tonic::Status;

const DEFAULT_LIMIT: u64 = 10;

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err takes")]
pub(super) fn status(error: edge::OperationError) -> Status {
    match error {
        edge::OperationError::WrongVectorDimension { .. }
        | edge::OperationError::VectorNameNotExists { .. }
        | edge::OperationError::ValidationError { .. } => Status::invalid_argument(error.to_string()),
        _ => Status::internal(error.to_string()),
    }
}

fn unsupported(what: &str) -> Status {
    Status::unimplemented(format!("the fake does not know {what}"))
}

// Collections

pub(super) fn config(request: server::CreateCollection) -> Result<edge::EdgeConfig, Status> {
    let mut config = edge::EdgeConfig::builder();
    let Some(Config::ParamsMap(dense)) = request.vectors_config.and_then(|config| config.config) else {
        return Err(unsupported("a collection without named vectors"));
    };
    for (name, params) in dense.map {
        if params.distance() != server::Distance::Cosine {
            return Err(unsupported("distances but cosine"));
        }
        let size = usize::try_from(params.size).unwrap();
        config = config.vector(name, edge::EdgeVectorParams::builder(size, edge::Distance::Cosine).build());
    }
    for (name, params) in request.sparse_vectors_config.unwrap_or_default().map {
        let modifier = match params.modifier() {
            server::Modifier::Idf => edge::Modifier::Idf,
            server::Modifier::None => edge::Modifier::None,
        };
        config = config.sparse_vector(name, edge::EdgeSparseVectorParams::builder().modifier(modifier).build());
    }
    Ok(config.build())
}

pub(super) fn info(shard: &edge::EdgeShard) -> server::CollectionInfo {
    let config = shard.config();
    let dense = config.vectors.iter().map(|(name, params)| {
        let distance = server::Distance::Cosine.into();
        (name.clone(), server::VectorParams { size: params.size as u64, distance, ..server::VectorParams::default() })
    });
    let sparse = config.sparse_vectors.iter().map(|(name, params)| {
        let modifier = params.modifier.map(|_| server::Modifier::Idf.into());
        (name.clone(), server::SparseVectorParams { modifier, ..server::SparseVectorParams::default() })
    });
    let dense = Config::ParamsMap(server::VectorParamsMap { map: dense.collect() });
    let params = server::CollectionParams {
        vectors_config: Some(server::VectorsConfig { config: Some(dense) }),
        sparse_vectors_config: Some(server::SparseVectorConfig { map: sparse.collect() }),
        ..server::CollectionParams::default()
    };
    let schema = shard.info().payload_schema.into_keys();
    server::CollectionInfo {
        config: Some(server::CollectionConfig { params: Some(params), ..server::CollectionConfig::default() }),
        payload_schema: schema.map(|key| (key.to_string(), server::PayloadSchemaInfo::default())).collect(),
        ..server::CollectionInfo::default()
    }
}

pub(super) fn field_index(request: server::CreateFieldIndexCollection) -> Result<edge::UpdateOperation, Status> {
    let params = request.field_index_params.and_then(|params| params.index_params);
    let Some(IndexParams::KeywordIndexParams(params)) = params else {
        return Err(unsupported("indexes but keyword"));
    };
    let params = edge::KeywordIndexParams { is_tenant: params.is_tenant, ..edge::KeywordIndexParams::default() };
    let schema = edge::PayloadFieldSchema::FieldParams(edge::PayloadSchemaParams::Keyword(params));
    let index = edge::CreateIndex { field_name: path(&request.field_name)?, field_schema: Some(schema) };
    Ok(edge::UpdateOperation::FieldIndexOperation(edge::FieldIndexOperations::CreateIndex(index)))
}

fn path(key: &str) -> Result<edge::JsonPath, Status> {
    key.parse().map_err(|()| Status::invalid_argument(format!("`{key}` is no payload key")))
}

// Points

pub(super) fn upsert(points: Vec<server::PointStruct>) -> Result<edge::UpdateOperation, Status> {
    let points = points.into_iter().map(|each| point(each).map(Into::into)).collect::<Result<_, _>>()?;
    let points = edge::PointOperations::UpsertPoints(edge::PointInsertOperations::PointsList(points));
    Ok(edge::UpdateOperation::PointOperation(points))
}

fn point(point: server::PointStruct) -> Result<edge::PointStruct, Status> {
    let Some(VectorsOptions::Vectors(named)) = point.vectors.and_then(|vectors| vectors.vectors_options) else {
        return Err(unsupported("points without named vectors"));
    };
    let vectors = named.vectors.into_iter().map(|(name, each)| Ok((name, edge::Vector::from(vector(each)?))));
    let vectors = edge::NamedVectors(vectors.collect::<Result<HashMap<_, _>, Status>>()?);
    let payload = ServerPayload::from(point.payload).into();
    Ok(edge::PointStruct::new(point_id(point.id)?, vectors, payload))
}

fn vector(vector: server::Vector) -> Result<edge::VectorInternal, Status> {
    match vector.vector {
        Some(ServerVector::Dense(dense)) => Ok(edge::VectorInternal::Dense(dense.data)),
        Some(ServerVector::Sparse(terms)) => sparse(terms),
        _ => Err(unsupported("this kind of vector")),
    }
}

fn sparse(terms: server::SparseVector) -> Result<edge::VectorInternal, Status> {
    edge::Vector::new_sparse(terms.indices, terms.values).map(Into::into).map_err(status)
}

fn point_id(id: Option<server::PointId>) -> Result<edge::PointId, Status> {
    match id.and_then(|id| id.point_id_options) {
        Some(PointIdOptions::Num(number)) => Ok(edge::PointId::NumId(number)),
        Some(PointIdOptions::Uuid(text)) => text
            .parse()
            .map(edge::PointId::Uuid)
            .map_err(|_| Status::invalid_argument(format!("Unable to parse UUID: {text}"))),
        None => Err(Status::invalid_argument("a point without an id")),
    }
}

pub(super) fn delete(selector: Option<server::PointsSelector>) -> Result<edge::UpdateOperation, Status> {
    match selector.and_then(|selector| selector.points_selector_one_of) {
        Some(PointsSelectorOneOf::Filter(matching)) => {
            let points = edge::PointOperations::DeletePointsByFilter(filter(matching)?);
            Ok(edge::UpdateOperation::PointOperation(points))
        }
        _ => Err(unsupported("deletion but by filter")),
    }
}

// Queries

pub(super) fn query(request: server::QueryPoints) -> Result<edge::QueryRequest, Status> {
    if request.params.is_some() || request.with_vectors.is_some() {
        return Err(unsupported("search parameters and vectors in replies"));
    }
    let with_payload = request.with_payload.and_then(|selector| selector.selector_options);
    Ok(edge::QueryRequest {
        prefetches: request.prefetch.into_iter().map(prefetch).collect::<Result<_, _>>()?,
        query: request.query.map(|query| scoring(query, request.using)).transpose()?,
        filter: request.filter.map(filter).transpose()?,
        score_threshold: request.score_threshold.map(Into::into),
        limit: usize::try_from(request.limit.unwrap_or(DEFAULT_LIMIT)).unwrap(),
        offset: usize::try_from(request.offset.unwrap_or_default()).unwrap(),
        params: None,
        with_vector: edge::WithVector::Bool(false),
        with_payload: edge::WithPayloadInterface::Bool(matches!(with_payload, Some(SelectorOptions::Enable(true)))),
    })
}

fn prefetch(request: server::PrefetchQuery) -> Result<edge::Prefetch, Status> {
    if request.params.is_some() || request.lookup_from.is_some() {
        return Err(unsupported("search parameters and lookups"));
    }
    Ok(edge::Prefetch {
        prefetches: request.prefetch.into_iter().map(prefetch).collect::<Result<_, _>>()?,
        query: request.query.map(|query| scoring(query, request.using)).transpose()?,
        limit: usize::try_from(request.limit.unwrap_or(DEFAULT_LIMIT)).unwrap(),
        params: None,
        filter: request.filter.map(filter).transpose()?,
        score_threshold: request.score_threshold.map(Into::into),
    })
}

fn scoring(query: server::Query, using: Option<String>) -> Result<edge::ScoringQuery, Status> {
    match query.variant {
        Some(Variant::Nearest(input)) => {
            let vector = match input.variant {
                Some(vector_input::Variant::Dense(dense)) => edge::VectorInternal::Dense(dense.data),
                Some(vector_input::Variant::Sparse(terms)) => sparse(terms)?,
                _ => return Err(unsupported("this kind of query vector")),
            };
            let named = edge::NamedQuery { query: vector, using };
            Ok(edge::ScoringQuery::Vector(edge::QueryEnum::Nearest(named)))
        }
        Some(Variant::Rrf(rrf)) if rrf.weights.is_empty() => {
            let k = usize::try_from(rrf.k.unwrap_or(2)).unwrap();
            Ok(edge::ScoringQuery::Fusion(edge::Fusion::Rrf { k, weights: None }))
        }
        _ => Err(unsupported("this kind of query")),
    }
}

pub(super) fn filter(filter: server::Filter) -> Result<edge::Filter, Status> {
    let all = |conditions: Vec<server::Condition>| {
        let conditions = conditions.into_iter().map(condition).collect::<Result<Vec<_>, _>>()?;
        Ok::<_, Status>((!conditions.is_empty()).then_some(conditions))
    };
    if filter.min_should.is_some() {
        return Err(unsupported("min_should"));
    }
    Ok(edge::Filter {
        must: all(filter.must)?,
        must_not: all(filter.must_not)?,
        should: all(filter.should)?,
        min_should: None,
    })
}

fn condition(condition: server::Condition) -> Result<edge::Condition, Status> {
    let Some(ConditionOneOf::Field(field)) = condition.condition_one_of else {
        return Err(unsupported("conditions but on a field"));
    };
    match field.r#match.and_then(|r#match| r#match.match_value) {
        Some(ServerMatch::Keyword(word)) => {
            let value = edge::Match::Value(edge::MatchValue { value: edge::ValueVariants::String(word) });
            Ok(edge::Condition::Field(edge::FieldCondition::new_match(path(&field.key)?, value)))
        }
        _ => Err(unsupported("matches but by keyword")),
    }
}

pub(super) fn scored(point: edge::ScoredPoint) -> Result<server::ScoredPoint, Status> {
    let payload = serde_json::Value::Object(point.payload.unwrap_or_default().0);
    let payload = ServerPayload::try_from(payload).map_err(|error| Status::internal(error.to_string()))?;
    let id = match point.id {
        edge::PointId::NumId(number) => number.into(),
        edge::PointId::Uuid(uuid) => uuid.to_string().into(),
    };
    let (score, version) = (point.score, point.version);
    Ok(server::ScoredPoint { id: Some(id), payload: payload.into(), score, version, ..server::ScoredPoint::default() })
}
