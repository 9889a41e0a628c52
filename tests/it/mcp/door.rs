//! The door of `/mcp`: tokens only, no sessions, no pages of other sites, not too often.

use baton::access::tokens;
use baton::access::{Caller, Means};
use baton::domain::user::{Role, Scope};
use reqwest::{Client, Method, StatusCode};
use rmcp::ClientLifecycleMode;
use rmcp::model::ProtocolVersion;
use serde_json::{Value, json};

use crate::support::app::{Signed, TestApp};
use crate::support::assistant::{Assistant, sent};
use crate::support::world::{Pass, Who, World};

/// The id of a profile that nobody kept.
const NO_SNAPSHOT: &str = "snp_00000000000000000000000000000000";

#[tokio::test]
async fn a_client_comes_in_by_the_old_handshake_and_by_the_new_one() {
    let app = TestApp::new().await;
    let tess = Signed::up(&app.app, "Tess Marlow", Role::Ae).await;
    let discover = || ClientLifecycleMode::Discover { preferred_versions: vec![ProtocolVersion::V_2026_07_28] };
    for mode in [ClientLifecycleMode::Initialize, discover()] {
        let assistant = Assistant::over_http_as(&app.address, &tess.token, mode).await.unwrap();
        let server = assistant.0.peer_info().unwrap();
        assert!(server.instructions.as_ref().unwrap().contains("not in the record"));
        assert_eq!(assistant.0.list_all_tools().await.unwrap().len(), 15);
        let (data, _) = assistant.call("list_deals", json!({})).await;
        assert_eq!(data, json!({"deals": [], "next_cursor": null}));
    }
    let by_stdio = Assistant::over_stdio_as(&app.address, &tess.token, discover()).await;
    assert_eq!(by_stdio.call("list_deals", json!({})).await.0["deals"], json!([]));
}

#[tokio::test]
async fn a_token_that_is_revoked_is_good_for_nothing_from_then_on() {
    let world = World::new().await;
    let owner = world.user(Who::Owner).unwrap().clone();
    let (id, token) = world.token_named(&owner, "assistant", &[Scope::Read]).await;
    let assistant = Assistant::over_http(&world.app.address, &token).await.unwrap();
    assert_eq!(assistant.call("list_deals", json!({})).await.0["deals"].as_array().unwrap().len(), 1);
    tokens::revoke(&world.app.app, &Caller::of(owner, Means::Console), &id).await.unwrap();
    assert!(assistant.try_call("list_deals", json!({})).await.is_err());
    assert!(Assistant::over_http(&world.app.address, &token).await.is_err());
    let by_stdio = Assistant::over_stdio(&world.app.address, &token).await;
    let said = by_stdio.refused("list_deals", json!({})).await;
    assert!(said.contains("401") && said.contains("BATON_TOKEN"), "{said}");
}

#[tokio::test]
async fn no_session_is_given_out_and_a_made_up_one_changes_nothing() {
    let world = World::new().await;
    let client = Client::new();
    let door = &world.app.address;
    let (_, owner) = world.token_named(world.user(Who::Owner).unwrap(), "mcp", &[Scope::Read]).await;
    let (_, other) = world.token_named(world.user(Who::OtherAe).unwrap(), "mcp", &[Scope::Read]).await;
    let hello = json!({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"protocolVersion": "2025-11-25",
        "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}});
    let answer = client.post(format!("{door}/mcp")).bearer_auth(&owner).json(&hello).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    assert!(answer.headers().get("mcp-session-id").is_none());
    let get_deal = json!({"name": "get_deal", "arguments": {"deal": world.ids["deal_id"]}});
    let message = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": get_deal});
    let with = client.post(format!("{door}/mcp")).bearer_auth(&other).header("Mcp-Session-Id", &owner).json(&message);
    let with = with.send().await.unwrap().text().await.unwrap();
    let (_, without) = sent(&client, door, &Pass::Token(other), "tools/call", &get_deal).await;
    assert!(with == without && with.contains("there is no deal"), "{with}");
}

#[tokio::test]
async fn pages_of_other_sites_and_browsers_sessions_have_no_business_here() {
    let world = World::new().await;
    let (client, door) = (Client::new(), format!("{}/mcp", world.app.address));
    let Pass::Token(token) = world.pass(Who::Reader) else { unreachable!() };
    let message = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}});
    let post = || client.post(&door).bearer_auth(&token).json(&message);
    for (name, value) in [
        ("Origin", "https://evil.example"),
        ("Origin", "null"),
        ("Sec-Fetch-Site", "cross-site"),
        ("Sec-Fetch-Site", "same-site"),
        ("Host", "evil.example"),
        ("Host", "rebound.evil.example:7400"),
    ] {
        let answer = post().header(name, value).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{name}: {value}");
    }
    let own = post().header("Origin", &world.app.address).send().await.unwrap();
    assert_eq!(own.status(), StatusCode::OK);
    let cookie = world.pass(Who::Admin).on(client.post(&door)).json(&message).send().await.unwrap();
    assert_eq!(cookie.status(), StatusCode::UNAUTHORIZED);
    assert!(cookie.headers().contains_key("www-authenticate"));
    for method in [Method::GET, Method::DELETE, Method::PUT] {
        let answer = client.request(method, &door).bearer_auth(&token).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::METHOD_NOT_ALLOWED);
    }
}

#[tokio::test]
async fn whoever_asks_too_often_is_told_when_to_come_back_and_too_much_is_not_read() {
    let app = TestApp::with(&["--requests-per-second", "2"]).await;
    let tess = Signed::up(&app.app, "Tess Marlow", Role::Ae).await;
    let (client, pass) = (Client::new(), Pass::Token(tess.token.clone()));
    let mut statuses = Vec::new();
    for _ in 0..14 {
        statuses.push(sent(&client, &app.address, &pass, "tools/list", &json!({})).await.0);
    }
    assert_eq!((statuses[0], statuses[13]), (StatusCode::OK, StatusCode::TOO_MANY_REQUESTS));
    let long = json!({"name": "search_record", "arguments": {"query": "x".repeat(2 << 20)}});
    let (status, _) = sent(&client, &app.door().await, &pass, "tools/call", &long).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn what_cannot_be_read_is_refused_in_words() {
    let world = World::new().await;
    let Pass::Token(token) = world.pass(Who::Reader) else { unreachable!() };
    let assistant = Assistant::over_http(&world.app.address, &token).await.unwrap();
    let (deal, source) = (&world.ids["deal_id"], &world.ids["source_id"]);
    for (tool, arguments, expected) in [
        ("get_deal", json!({}), "missing field `deal`"),
        ("get_deal", json!({"deal": "deal_1"}), "is not a deal id"),
        ("get_deal", json!({"deal": source}), "is not a deal id"),
        ("get_deal", json!({"deal": deal, "also": 1}), "unknown field `also`"),
        ("get_deal", json!({"deal": "deal_00000000000000000000000000000000"}), "list_deals"),
        ("get_document", json!({"deal": deal, "document": "novel"}), "novel"),
        ("get_document", json!({"deal": deal, "document": "brief", "version": 99}), "there is no version `99`"),
        ("get_document", json!({"deal": deal, "document": "brief", "cursor": "9.9"}), "without cursor"),
        ("get_handoff", json!({"deal": deal, "cursor": "soon"}), "without cursor"),
        ("list_deals", json!({"state": "won"}), "won"),
        ("list_deals", json!({"limit": 0}), "1 to 100"),
        ("list_deals", json!({"limit": 1000}), "1 to 100"),
        ("list_accounts", json!({"cursor": "x"}), "without cursor"),
        ("search_record", json!({"query": " "}), "ask in a sentence"),
        ("search_record", json!({"query": "x".repeat(1001)}), "ask in a sentence"),
        ("search_record", json!({"query": "x", "limit": 21}), "1 to 20"),
        ("get_transcript", json!({"source": source, "from": 9, "to": 3}), "before the first turn"),
        ("get_transcript", json!({"source": source, "cursor": "x"}), "give `from`"),
        ("list_commitments", json!({"deal": deal, "strength": "solemn"}), "solemn"),
        ("ledger", json!({"contract": "solemn"}), "solemn"),
        ("ledger", json!({"limit": 101}), "1 to 100"),
        ("ledger", json!({"cursor": "x"}), "cursor"),
        ("ledger", json!({"also": "1"}), "unknown field `also`"),
        ("client_dna", json!({}), "one of the two"),
        ("client_dna", json!({"deal": deal, "account": world.ids["account_id"]}), "one of the two"),
        ("client_dna", json!({"deal": deal, "cursor": "9.9"}), "without cursor"),
        ("contradictions", json!({"against": "fate"}), "fate"),
        ("contradictions", json!({"limit": 101}), "1 to 100"),
        ("contradictions", json!({"cursor": "x"}), "cursor"),
        ("ledger_trends", json!({"strength": "solemn"}), "solemn"),
        ("ledger_trends", json!({"also": "1"}), "unknown field `also`"),
        ("repeat_questions", json!({"deal": source}), "is not a deal id"),
        ("repeat_questions", json!({"deal": deal, "cursor": "9.9"}), "without cursor"),
        ("client_dna_changes", json!({}), "one of the two"),
        ("client_dna_changes", json!({"deal": deal, "account": world.ids["account_id"]}), "one of the two"),
        ("client_dna_changes", json!({"deal": deal, "since": "yesterday"}), "`since` is a day"),
        ("client_dna_changes", json!({"deal": deal, "since": NO_SNAPSHOT}), "there is no snapshot"),
        ("client_dna_changes", json!({"account": world.ids["account_id"], "since": NO_SNAPSHOT}), "is of one deal"),
        ("client_dna_changes", json!({"deal": deal, "cursor": "9.9"}), "without cursor"),
    ] {
        let said = assistant.refused(tool, arguments.clone()).await;
        assert!(said.contains(expected), "{tool} {arguments}: {said}");
    }
    assert!(assistant.try_call("drop_tables", json!({})).await.is_err());
    for uri in
        ["file:///etc/passwd", "baton://", "baton://deals/x/versions/1/brief", "baton://sources/../../x/transcript"]
    {
        assert!(assistant.read(uri).await.is_err(), "{uri}");
    }
    let log: Value = json!(world.log().await.contains("tool"));
    assert_eq!(log, json!(false), "reading is no entry of the log");
}
