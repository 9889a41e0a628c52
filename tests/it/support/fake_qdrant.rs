//! A Qdrant server in this process: the real gRPC services, answered by an Edge shard per collection.
//!
//! It speaks what Baton's client says and refuses the rest. Ranking, fusion and filters are Qdrant's own.

mod refused;
mod translate;

use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use qdrant_client::qdrant::collections_server::{Collections, CollectionsServer};
use qdrant_client::qdrant::points_server::{Points, PointsServer};
use qdrant_client::qdrant::qdrant_server::{Qdrant, QdrantServer};
use qdrant_client::qdrant::{
    CollectionExists, CollectionExistsRequest, CollectionExistsResponse, CollectionOperationResponse, CountPoints,
    CountResponse, CountResult, CreateCollection, CreateFieldIndexCollection, DeleteCollection, DeletePoints,
    GetCollectionInfoRequest, GetCollectionInfoResponse, HealthCheckReply, HealthCheckRequest, PointsOperationResponse,
    QueryPoints, QueryResponse, UpdateResult, UpdateStatus, UpsertPoints,
};
use qdrant_edge::{CountRequest, EdgeShard, UpdateOperation};
use tempfile::TempDir;
use tokio::task::JoinHandle;
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;
use tonic::{Request, Response, Status};

use self::refused::refuse;

type Reply<T> = Result<Response<T>, Status>;

/// The API key that the fake asks for.
pub(crate) const API_KEY: &str = "a-key-for-tests";

/// A running fake; it goes down with this value.
pub(crate) struct FakeQdrant {
    address: SocketAddr,
    server: JoinHandle<()>,
    _dir: TempDir,
}

impl FakeQdrant {
    /// Starts it on a free port of the loopback interface, as a task of the runtime this is called in.
    pub(crate) fn start() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let incoming = TcpIncoming::bind("127.0.0.1:0".parse().unwrap()).unwrap().with_nodelay(Some(true));
        let address = incoming.local_addr().unwrap();
        let store = Store { dir: dir.path().to_owned(), shards: Arc::default() };
        let points = PointsServer::new(store.clone()).max_decoding_message_size(32 * 1024 * 1024);
        let services = Server::builder()
            .layer(tonic::service::InterceptorLayer::new(check_key))
            .add_service(QdrantServer::new(store.clone()))
            .add_service(CollectionsServer::new(store))
            .add_service(points);
        let server = tokio::spawn(async move { services.serve_with_incoming(incoming).await.unwrap() });
        Self { address, server, _dir: dir }
    }

    /// Where clients connect to.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for FakeQdrant {
    fn drop(&mut self) {
        self.server.abort();
    }
}

fn check_key(request: Request<()>) -> Result<Request<()>, Status> {
    match request.metadata().get("api-key") {
        Some(key) if key == API_KEY => Ok(request),
        _ => Err(Status::unauthenticated("must provide an API key")),
    }
}

#[derive(Clone)]
struct Store {
    dir: PathBuf,
    shards: Arc<Mutex<HashMap<String, EdgeShard>>>,
}

impl Store {
    fn with<T>(&self, collection: &str, call: impl FnOnce(&EdgeShard) -> Result<T, Status>) -> Result<T, Status> {
        let shards = self.shards.lock().unwrap();
        let shard = shards
            .get(collection)
            .ok_or_else(|| Status::not_found(format!("Collection `{collection}` doesn't exist!")))?;
        call(shard)
    }

    fn update(&self, collection: &str, operation: UpdateOperation) -> Reply<PointsOperationResponse> {
        self.with(collection, |shard| shard.update(operation).map_err(translate::status))?;
        let done = UpdateResult { status: UpdateStatus::Completed.into(), ..UpdateResult::default() };
        Ok(Response::new(PointsOperationResponse { result: Some(done), ..PointsOperationResponse::default() }))
    }
}

#[tonic::async_trait]
impl Qdrant for Store {
    async fn health_check(&self, _: Request<HealthCheckRequest>) -> Reply<HealthCheckReply> {
        Ok(Response::new(HealthCheckReply { title: "fake".into(), version: "1.19.0".into(), commit: None }))
    }
}

#[tonic::async_trait]
impl Collections for Store {
    async fn get(&self, request: Request<GetCollectionInfoRequest>) -> Reply<GetCollectionInfoResponse> {
        let info = self.with(&request.get_ref().collection_name, |shard| Ok(translate::info(shard)))?;
        Ok(Response::new(GetCollectionInfoResponse { result: Some(info), ..GetCollectionInfoResponse::default() }))
    }

    async fn collection_exists(&self, request: Request<CollectionExistsRequest>) -> Reply<CollectionExistsResponse> {
        let exists = self.shards.lock().unwrap().contains_key(&request.get_ref().collection_name);
        let result = Some(CollectionExists { exists });
        Ok(Response::new(CollectionExistsResponse { result, ..CollectionExistsResponse::default() }))
    }

    async fn create(&self, request: Request<CreateCollection>) -> Reply<CollectionOperationResponse> {
        let request = request.into_inner();
        let name = request.collection_name.clone();
        let mut shards = self.shards.lock().unwrap();
        if shards.contains_key(&name) {
            return Err(Status::already_exists(format!("Collection `{name}` already exists!")));
        }
        let dir = self.dir.join(&name);
        std::fs::create_dir_all(&dir)?;
        let shard = EdgeShard::new(&dir, translate::config(request)?).map_err(translate::status)?;
        shards.insert(name, shard);
        Ok(Response::new(CollectionOperationResponse { result: true, time: 0.0 }))
    }

    async fn delete(&self, request: Request<DeleteCollection>) -> Reply<CollectionOperationResponse> {
        let name = request.into_inner().collection_name;
        let result = self.shards.lock().unwrap().remove(&name).is_some();
        if result {
            std::fs::remove_dir_all(self.dir.join(name))?;
        }
        Ok(Response::new(CollectionOperationResponse { result, time: 0.0 }))
    }

    refuse! {
        list: ListCollectionsRequest => ListCollectionsResponse;
        update: UpdateCollection => CollectionOperationResponse;
        update_aliases: ChangeAliases => CollectionOperationResponse;
        list_collection_aliases: ListCollectionAliasesRequest => ListAliasesResponse;
        list_aliases: ListAliasesRequest => ListAliasesResponse;
        collection_cluster_info: CollectionClusterInfoRequest => CollectionClusterInfoResponse;
        update_collection_cluster_setup: UpdateCollectionClusterSetupRequest => UpdateCollectionClusterSetupResponse;
        create_shard_key: CreateShardKeyRequest => CreateShardKeyResponse;
        delete_shard_key: DeleteShardKeyRequest => DeleteShardKeyResponse;
        list_shard_keys: ListShardKeysRequest => ListShardKeysResponse;
    }
}

#[tonic::async_trait]
impl Points for Store {
    async fn upsert(&self, request: Request<UpsertPoints>) -> Reply<PointsOperationResponse> {
        let UpsertPoints { collection_name, points, .. } = request.into_inner();
        self.update(&collection_name, translate::upsert(points)?)
    }

    async fn delete(&self, request: Request<DeletePoints>) -> Reply<PointsOperationResponse> {
        let DeletePoints { collection_name, points, .. } = request.into_inner();
        self.update(&collection_name, translate::delete(points)?)
    }

    async fn create_field_index(&self, request: Request<CreateFieldIndexCollection>) -> Reply<PointsOperationResponse> {
        let request = request.into_inner();
        self.update(&request.collection_name.clone(), translate::field_index(request)?)
    }

    async fn query(&self, request: Request<QueryPoints>) -> Reply<QueryResponse> {
        let request = request.into_inner();
        let collection = request.collection_name.clone();
        let query = translate::query(request)?;
        let found = self.with(&collection, |shard| shard.query(query).map_err(translate::status))?;
        let result = found.into_iter().map(translate::scored).collect::<Result<_, _>>()?;
        Ok(Response::new(QueryResponse { result, ..QueryResponse::default() }))
    }

    async fn count(&self, request: Request<CountPoints>) -> Reply<CountResponse> {
        let CountPoints { collection_name, filter, exact, .. } = request.into_inner();
        let filter = filter.map(translate::filter).transpose()?;
        let question = CountRequest { filter, exact: exact.unwrap_or(true) };
        let count = self.with(&collection_name, |shard| shard.count(question).map_err(translate::status))?;
        let result = Some(CountResult { count: count as u64 });
        Ok(Response::new(CountResponse { result, ..CountResponse::default() }))
    }

    refuse! {
        get: GetPoints => GetResponse;
        update_vectors: UpdatePointVectors => PointsOperationResponse;
        delete_vectors: DeletePointVectors => PointsOperationResponse;
        set_payload: SetPayloadPoints => PointsOperationResponse;
        overwrite_payload: SetPayloadPoints => PointsOperationResponse;
        delete_payload: DeletePayloadPoints => PointsOperationResponse;
        clear_payload: ClearPayloadPoints => PointsOperationResponse;
        delete_field_index: DeleteFieldIndexCollection => PointsOperationResponse;
        create_vector_name: CreateVectorNameRequest => PointsOperationResponse;
        delete_vector_name: DeleteVectorNameRequest => PointsOperationResponse;
        search: SearchPoints => SearchResponse;
        search_batch: SearchBatchPoints => SearchBatchResponse;
        search_groups: SearchPointGroups => SearchGroupsResponse;
        scroll: ScrollPoints => ScrollResponse;
        recommend: RecommendPoints => RecommendResponse;
        recommend_batch: RecommendBatchPoints => RecommendBatchResponse;
        recommend_groups: RecommendPointGroups => RecommendGroupsResponse;
        discover: DiscoverPoints => DiscoverResponse;
        discover_batch: DiscoverBatchPoints => DiscoverBatchResponse;
        update_batch: UpdateBatchPoints => UpdateBatchResponse;
        query_batch: QueryBatchPoints => QueryBatchResponse;
        query_groups: QueryPointGroups => QueryGroupsResponse;
        facet: FacetCounts => FacetResponse;
        search_matrix_pairs: SearchMatrixPoints => SearchMatrixPairsResponse;
        search_matrix_offsets: SearchMatrixPoints => SearchMatrixOffsetsResponse;
    }
}
