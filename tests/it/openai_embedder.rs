//! Vectors from an OpenAI-compatible server, and what is not taken for one.

use baton::embed::openai::{OpenAiEmbedder, OpenAiEmbedderSettings};
use baton::embed::{EmbedError, Embedder};
use serde_json::{Value, json};

use crate::support::fake_openai::{Answer, FakeOpenAi};

async fn embedder(script: Vec<Answer>, dimension: usize) -> (FakeOpenAi, OpenAiEmbedder) {
    let fake = FakeOpenAi::start(script).await;
    let settings = OpenAiEmbedderSettings { server: fake.settings(), model: "embed-1".to_owned(), dimension };
    let embedder = OpenAiEmbedder::new(settings).unwrap();
    (fake, embedder)
}

#[tokio::test]
async fn texts_become_unit_vectors_in_their_own_order() {
    let (fake, embedder) = embedder(vec![Answer::Vectors { dimension: 4 }], 4).await;
    let texts: Vec<String> = (0..200_u8).map(|n| format!("{} text", char::from(b'!' + n % 90))).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let vectors = embedder.embed(&texts).await.unwrap();
    for (vector, text) in vectors.iter().zip(&texts) {
        assert!((vector.iter().map(|x| x * x).sum::<f32>() - 1.0).abs() < 1e-5);
        assert!((vector[0] / vector[1] - f32::from(text.as_bytes()[0])).abs() < 1e-2, "the first byte of {text}");
    }
    let batches: Vec<usize> = fake.bodies().await.iter().map(|body| body["input"].as_array().unwrap().len()).collect();
    assert_eq!(batches, [96, 96, 8]);
    assert_eq!((embedder.model(), embedder.dimension()), ("embed-1", 4));
}

#[tokio::test]
async fn no_texts_are_no_request() {
    let (fake, embedder) = embedder(vec![Answer::Vectors { dimension: 4 }], 4).await;
    assert!(embedder.embed(&[]).await.unwrap().is_empty());
    assert!(fake.requests().await.is_empty());
}

#[tokio::test]
async fn vectors_of_another_length_or_number_are_an_error_that_names_both() {
    let data = |data: Value| Answer::Body(json!({ "data": data }).to_string().into_bytes());
    let one = |index: usize, numbers: &[f64]| json!({ "index": index, "embedding": numbers });
    for (answer, named) in [
        (Answer::Vectors { dimension: 3 }, ["3 numbers", "4 are configured"]),
        (data(json!([one(0, &[1.0; 4])])), ["1 vectors", "2 texts"]),
        (data(json!([one(0, &[1.0; 4]), one(0, &[1.0; 4])])), ["indices", "0 to 1"]),
        (data(json!([one(0, &[0.0; 4]), one(1, &[1.0; 4])])), ["length", "0"]),
        (data(json!([one(0, &[1e300; 4]), one(1, &[1.0; 4])])), ["length", "inf"]),
        (Answer::Body(b"{\"data\": 3}".to_vec()), ["no list", "embeddings"]),
    ] {
        let (_, embedder) = embedder(vec![answer], 4).await;
        let error = embedder.embed(&["a", "b"]).await.unwrap_err();
        assert!(matches!(error, EmbedError::Permanent(_)), "{error}");
        assert!(named.iter().all(|words| error.to_string().contains(words)), "{error}");
    }
}

#[tokio::test]
async fn an_embeddings_server_that_fails_is_transient_and_one_that_refuses_is_final() {
    for (status, requests, transient) in [(500, 3, true), (429, 3, true), (401, 1, false), (404, 1, false)] {
        let (fake, embedder) = embedder(vec![Answer::error(status, "no")], 4).await;
        let error = embedder.embed(&["a"]).await.unwrap_err();
        assert_eq!(matches!(error, EmbedError::Transient(_)), transient, "{status}: {error}");
        assert_eq!(fake.requests().await.len(), requests, "{status}");
    }
}
