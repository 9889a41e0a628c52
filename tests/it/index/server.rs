//! What the gRPC client makes of a server that is away, refuses, or holds something else.

use baton::index::server::QdrantIndex;
use baton::index::{IndexError, VectorIndex};
use qdrant_client::Qdrant;
use qdrant_client::qdrant::{CreateCollectionBuilder, Distance, VectorParamsBuilder, VectorsConfigBuilder};

use super::contract::{Home, at, space};
use crate::support::fake_qdrant::{API_KEY, FakeQdrant};

fn admin(server: &FakeQdrant) -> Qdrant {
    Qdrant::from_url(&server.url()).api_key(API_KEY).skip_compatibility_check().build().unwrap()
}

async fn connect(server: &FakeQdrant, key: &str) -> Result<QdrantIndex, IndexError> {
    QdrantIndex::connect(&server.url(), Some(key.into()), "chunks", space()).await
}

#[tokio::test]
async fn a_server_that_is_down_is_unavailable_and_found_again_when_it_is_back() {
    let server = FakeQdrant::start();
    let index = connect(&server, API_KEY).await.unwrap();
    let url = server.url();
    drop(server);
    let error = QdrantIndex::connect(&url, Some(API_KEY.into()), "chunks", space()).await.err().unwrap();
    assert!(matches!(error, IndexError::Unavailable(_)), "{error:?}");
    let home = Home::new();
    let error = index.upsert(vec![home.chunk(0, "lost", at(0.0))]).await.unwrap_err();
    assert!(matches!(error, IndexError::Unavailable(_)), "{error:?}");
}

#[tokio::test]
async fn a_wrong_key_is_final() {
    let server = FakeQdrant::start();
    let error = connect(&server, "wrong").await.err().unwrap();
    assert!(matches!(&error, IndexError::Failed(reason) if reason.contains("API key")), "{error:?}");
}

#[tokio::test]
async fn an_address_that_is_none_is_final() {
    let error = QdrantIndex::connect("not an address", None, "chunks", space()).await.err().unwrap();
    assert!(matches!(error, IndexError::Failed(_)), "{error:?}");
}

#[tokio::test]
async fn a_collection_that_vanished_is_an_error_and_not_an_empty_answer() {
    let server = FakeQdrant::start();
    let index = connect(&server, API_KEY).await.unwrap();
    admin(&server).delete_collection("chunks").await.unwrap();
    let home = Home::new();
    let error = index.search(home.query("anything", at(0.0))).await.unwrap_err();
    assert!(matches!(&error, IndexError::Failed(reason) if reason.contains("chunks")), "{error:?}");
}

#[tokio::test]
async fn a_collection_of_somebody_else_is_left_alone() {
    let server = FakeQdrant::start();
    let mut vectors = VectorsConfigBuilder::default();
    vectors.add_named_vector_params("theirs", VectorParamsBuilder::new(4, Distance::Cosine));
    let theirs = CreateCollectionBuilder::new("chunks").vectors_config(vectors);
    admin(&server).create_collection(theirs).await.unwrap();
    let error = connect(&server, API_KEY).await.err().unwrap();
    assert!(matches!(&error, IndexError::Failed(reason) if reason.contains("not made by baton")), "{error:?}");
}

#[tokio::test]
async fn a_collection_whose_creation_was_cut_short_gets_its_payload_indexes() {
    let server = FakeQdrant::start();
    connect(&server, API_KEY).await.unwrap();
    for _ in 0..2 {
        connect(&server, API_KEY).await.unwrap();
        let info = admin(&server).collection_info("chunks").await.unwrap().result.unwrap();
        let mut keys: Vec<_> = info.payload_schema.into_keys().collect();
        keys.sort();
        assert_eq!(keys, ["account", "deal", "source", "tenant"]);
    }
}
