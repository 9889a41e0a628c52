//! The OpenAPI document in the repository is the one that the code generates.

use std::path::Path;

/// After a change of the API: `cargo run -- openapi > docs/openapi.json`.
#[test]
fn the_document_in_the_repository_is_the_one_the_code_generates() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/openapi.json");
    let kept: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let generated = serde_json::to_value(baton::http::openapi::document()).unwrap();
    assert_eq!(kept, generated, "run `cargo run -- openapi > docs/openapi.json`");
}
