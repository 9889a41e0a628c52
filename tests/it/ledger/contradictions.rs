//! Where one word speaks against another, both are cited.

use serde_json::{Value, json};

use super::{assert_stands, items, promise, sample};
use crate::support::app::text;
use crate::support::desk::Desk;

#[tokio::test]
async fn between_calls_and_between_call_and_contract_both_words_are_cited() {
    let desk = Desk::open().await;
    let (mut calls, mut contract) = (0, 0);
    for name in ["harbor-cold-chain", "brightwater-foundry", "lindenhof-clinics"] {
        sample(&desk, name).await;
    }
    for pair in items(&desk.leader.get("/v1/ledger/contradictions?limit=200").await) {
        let (promise, against) = (&pair["promise"], &pair["against"]);
        assert_stands(&desk, &promise["said"]).await;
        match pair["kind"].as_str().unwrap() {
            "contract" => {
                contract += 1;
                assert_eq!(promise["attributes"]["contract"], "contradicted");
                assert_eq!(against["said"]["role"], "clause");
            }
            kind => {
                calls += 1;
                assert_eq!(promise["attributes"]["history"], json!(kind));
                assert_ne!((&promise["said"], &promise["standing"]), (&against["said"], &json!("current")));
            }
        }
        assert_stands(&desk, &against["said"]).await;
        assert!(text(&against["link"]).starts_with("/sources/"));
    }
    assert!(calls > 0 && contract > 0, "{calls} between calls, {contract} with the contract");
    for (filter, expected) in [("against=calls", calls), ("against=contract", contract)] {
        let found = items(&desk.leader.get(&format!("/v1/ledger/contradictions?limit=200&{filter}")).await);
        assert_eq!(found.len(), expected, "{filter}");
    }
}

#[tokio::test]
async fn the_pairs_are_those_of_the_selection_and_a_rejected_word_takes_nobodys_place() {
    let desk = Desk::open().await;
    let deal = desk.deal().await;
    let newer = promise(&desk, &deal, "Live by July.", json!({"history": "changed"})).await;
    let older = json!({"superseded_by": newer, "strength": "firm", "contract": "contradicted"});
    promise(&desk, &deal, "Live by June.", older).await;
    promise(&desk, &deal, "Free training.", json!({"history": "withdrawn", "strength": "soft"})).await;
    let kinds = |found: &Value| items(found).iter().map(|pair| text(&pair["kind"])).collect::<Vec<_>>();
    let found = desk.csm.get("/v1/ledger/contradictions").await;
    let mut sorted = kinds(&found);
    sorted.sort();
    assert_eq!(sorted, ["contract", "superseded", "withdrawn"]);
    let firm = desk.csm.get("/v1/ledger/contradictions?strength=firm&against=calls").await;
    assert_eq!(kinds(&firm), ["superseded"]);
    assert_eq!(firm["items"][0]["against"]["statement"], "Live by July.");
    assert_eq!(kinds(&desk.other_csm.get("/v1/ledger/contradictions").await), Vec::<String>::new());
    desk.ae.decide(&newer, "reject").await;
    assert_eq!(kinds(&desk.csm.get("/v1/ledger/contradictions?strength=firm").await), ["contract"]);
}
