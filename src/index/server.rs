//! Chunks in a Qdrant server or cluster, over gRPC: for deployments of more than one machine.

mod request;

use std::time::Duration;

use async_trait::async_trait;
use qdrant_client::qdrant::{
    CollectionInfo, CountPointsBuilder, CreateCollectionBuilder, CreateFieldIndexCollectionBuilder,
    DeletePointsBuilder, FieldType, KeywordIndexParamsBuilder, UpsertPointsBuilder,
};
use qdrant_client::{Qdrant, QdrantError};
use tonic::Code;

use super::bm25::Bm25;
use super::collection::{INDEXED_KEYS, Plan, Record, TENANT, check_space, of_source, within};
use super::{Hit, IndexError, Point, Query, Reach, VectorIndex, VectorSpace};
use crate::domain::ids::{SourceId, TenantId};

/// Points in one request: under 4 MiB also at 3,072 numbers, far below the server's limit.
const UPSERT_BATCH: usize = 256;
/// How long one request may take: a batch of a large model's vectors, written by all replicas.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);
/// How long a connection may take to be made.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// An index in one collection of a Qdrant server.
pub struct QdrantIndex {
    client: Qdrant,
    collection: String,
    space: VectorSpace,
    bm25: Bm25,
}

impl QdrantIndex {
    /// Connects to the server's gRPC `url` and creates the collection where it is missing.
    ///
    /// # Errors
    ///
    /// [`IndexError::Unavailable`] where the server does not answer, [`IndexError::ModelMismatch`] where the collection holds
    /// another model's vectors, [`IndexError::Failed`] where the server refuses.
    pub async fn connect(
        url: &str,
        api_key: Option<String>,
        collection: &str,
        space: VectorSpace,
    ) -> Result<Self, IndexError> {
        let index = Self::new(url, api_key, collection, space)?;
        if !index.exists().await? {
            index.create().await?;
        }
        check_space(&index.space, index.stored_space().await?)?;
        index.index_payload().await?;
        Ok(index)
    }

    /// Deletes the collection, whatever it holds, and creates an empty one for `space`.
    ///
    /// # Errors
    ///
    /// [`IndexError::Unavailable`] where the server does not answer, [`IndexError::Failed`] where it refuses.
    pub async fn recreate(
        url: &str,
        api_key: Option<String>,
        collection: &str,
        space: VectorSpace,
    ) -> Result<Self, IndexError> {
        let stale = Self::new(url, api_key.clone(), collection, space.clone())?;
        if stale.exists().await? {
            stale.client.delete_collection(collection).await.map_err(index_error)?;
        }
        Self::connect(url, api_key, collection, space).await
    }

    fn new(url: &str, api_key: Option<String>, collection: &str, space: VectorSpace) -> Result<Self, IndexError> {
        let client = Qdrant::from_url(url)
            .api_key(api_key)
            .timeout(REQUEST_TIMEOUT)
            .connect_timeout(CONNECT_TIMEOUT)
            .skip_compatibility_check() // it prints to stdout
            .build()
            .map_err(index_error)?;
        Ok(Self { client, collection: collection.to_owned(), space, bm25: Bm25::new()? })
    }

    async fn exists(&self) -> Result<bool, IndexError> {
        self.client.collection_exists(&self.collection).await.map_err(index_error)
    }

    /// Creates the collection; that another server of ours was quicker is no error.
    async fn create(&self) -> Result<(), IndexError> {
        let (dense, terms) = request::vectors(&self.space);
        let shape = CreateCollectionBuilder::new(&self.collection).vectors_config(dense).sparse_vectors_config(terms);
        match self.client.create_collection(shape).await {
            Err(error) if !self.exists().await? => Err(index_error(error)),
            _ => Ok(()),
        }
    }

    async fn info(&self) -> Result<CollectionInfo, IndexError> {
        let reply = self.client.collection_info(&self.collection).await.map_err(index_error)?;
        reply.result.ok_or_else(|| IndexError::Failed(format!("no information on collection `{}`", self.collection)))
    }

    async fn stored_space(&self) -> Result<VectorSpace, IndexError> {
        request::stored_space(self.info().await?).ok_or_else(|| {
            let reason = "was not made by baton: it holds no named dense vector beside `bm25`";
            IndexError::Failed(format!("collection `{}` {reason}", self.collection))
        })
    }

    /// Indexes the keys that filters name, where they are not yet: a crash may have come between this and the creation.
    async fn index_payload(&self) -> Result<(), IndexError> {
        let indexed = self.info().await?.payload_schema;
        for key in INDEXED_KEYS.into_iter().filter(|key| !indexed.contains_key(*key)) {
            let params = KeywordIndexParamsBuilder::default().is_tenant(key == TENANT);
            let index = CreateFieldIndexCollectionBuilder::new(&self.collection, key, FieldType::Keyword)
                .field_index_params(params)
                .wait(true);
            self.client.create_field_index(index).await.map_err(index_error)?;
        }
        Ok(())
    }
}

#[async_trait]
impl VectorIndex for QdrantIndex {
    async fn upsert(&self, points: Vec<Point>) -> Result<(), IndexError> {
        let points = points.into_iter().map(|point| {
            let record = Record::new(&self.space, &self.bm25, point)?;
            request::point(&self.space, record)
        });
        let points: Vec<_> = points.collect::<Result<_, _>>()?;
        for batch in points.chunks(UPSERT_BATCH) {
            let batch = UpsertPointsBuilder::new(&self.collection, batch).wait(true);
            self.client.upsert_points(batch).await.map_err(index_error)?;
        }
        Ok(())
    }

    async fn search(&self, query: Query) -> Result<Vec<Hit>, IndexError> {
        let plan = Plan::new(&self.space, &self.bm25, query)?;
        if plan.is_empty() {
            return Ok(Vec::new());
        }
        let query = request::hybrid(&self.collection, &self.space, &plan);
        let found = self.client.query(query).await.map_err(index_error)?.result;
        let hits = found.into_iter().map(request::hit).collect::<Result<_, _>>()?;
        Ok(plan.best(hits))
    }

    async fn delete_source(&self, tenant: &TenantId, source: &SourceId) -> Result<(), IndexError> {
        let filter = request::filter(&of_source(tenant, source));
        let deletion = DeletePointsBuilder::new(&self.collection).points(filter).wait(true);
        self.client.delete_points(deletion).await.map_err(index_error)?;
        Ok(())
    }

    async fn count(&self, reach: &Reach) -> Result<usize, IndexError> {
        let filter = request::filter(&within(reach));
        let question = CountPointsBuilder::new(&self.collection).filter(filter).exact(true);
        let reply = self.client.count(question).await.map_err(index_error)?;
        let count = reply.result.ok_or_else(|| IndexError::Failed("the count has no result".to_owned()))?.count;
        usize::try_from(count).map_err(|_| IndexError::Failed(format!("a count of {count}")))
    }

    async fn optimize(&self) -> Result<(), IndexError> {
        Ok(())
    }
}

/// Tells "later" from "never". The client reports a refused connection as an internal error, so those are "later" too, as is
/// whatever else the server blames on itself or on the way to it.
#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err takes")]
fn index_error(error: QdrantError) -> IndexError {
    match &error {
        QdrantError::ResponseError { status } => match status.code() {
            Code::Unavailable
            | Code::DeadlineExceeded
            | Code::ResourceExhausted
            | Code::Aborted
            | Code::Cancelled
            | Code::Internal
            | Code::Unknown => IndexError::Unavailable(status.message().to_owned()),
            code => IndexError::Failed(format!("{code}: {}", status.message())),
        },
        QdrantError::ResourceExhaustedError { status, .. } => IndexError::Unavailable(status.message().to_owned()),
        QdrantError::Io(error) => IndexError::Unavailable(error.to_string()),
        _ => IndexError::Failed(error.to_string()),
    }
}
