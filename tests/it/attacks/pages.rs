//! Names and words that are markup: on every page they are text, and no page runs or loads anything but what is ours.

use std::sync::Arc;

use baton::access::people::{self, UserChange};
use baton::access::sign_in::Welcome;
use baton::domain::deal::DealTerms;
use baton::domain::finding::Finding;
use baton::domain::ids::{DealId, VersionId};
use baton::handover::{self, DealChange, NewCheckIn, NewCorrection};
use baton::{intake, review};
use reqwest::redirect::Policy;
use reqwest::{Client, StatusCode};
use serde_json::json;

use super::markup::{Tag, tags};
use crate::support::calls::{api_routes, page_routes};
use crate::support::world::{Pass, Who, World};

/// Markup that would show itself as a tag or attribute called `evil`, or run.
const HOSTILE: [&str; 9] = [
    "<script evil>alert(1)</script>",
    "<img evil src=x onerror=alert(1)>",
    "\"><svg evil onload=alert(1)>",
    "' evil='1' onmouseover='alert(1)",
    "\" evil=\"1\" onfocus=\"alert(1)\" autofocus=\"",
    "</title></textarea></script><script evil>alert(1)</script>",
    "javascript:alert(1)//evil",
    "[x](javascript:alert(1)) ![x](x \"evil\") <javascript:alert(1)>",
    "{{ evil }}{% evil %}${evil}<!--evil--><![CDATA[<b evil>]]>",
];

/// Where a browser would load from, go to or send to.
const PLACES: [&str; 12] = [
    "href",
    "src",
    "action",
    "formaction",
    "xlink:href",
    "data",
    "srcset",
    "poster",
    "background",
    "cite",
    "ping",
    "manifest",
];

/// Everything on a page is ours and harmless.
fn assert_harmless(page: &str, html: &str) {
    for tag in tags(html) {
        let shown = format!("{page}: {tag:?}");
        assert!(tag.name != "evil" && tag.get("evil").is_none(), "{shown}");
        assert!(!matches!(tag.name.as_str(), "style" | "base" | "iframe" | "object" | "embed" | "frame"), "{shown}");
        assert!(tag.name != "meta" || tag.get("http-equiv").is_none(), "{shown}");
        for (name, value) in &tag.attributes {
            assert!(!name.starts_with("on") && name != "style" && name != "srcdoc", "{shown}");
            assert!(
                name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b':' | b'_')),
                "{shown}"
            );
            assert!(!PLACES.contains(&name.as_str()) || is_here(value), "{shown}");
        }
        if tag.name == "script" {
            assert_script_is_ours(&tag, &shown);
        }
    }
}

/// Whether an address is one of this server.
fn is_here(address: &str) -> bool {
    let address = address.trim();
    let scheme = address.split(['/', '?', '#']).next().unwrap().contains(':');
    !scheme && !address.starts_with("//") && !address.contains('\\')
}

/// A script is a file of ours, or data that no browser runs.
fn assert_script_is_ours(tag: &Tag, shown: &str) {
    match tag.get("type") {
        Some("application/json") => assert!(serde_json::from_str::<serde_json::Value>(&tag.text).is_ok(), "{shown}"),
        _ => assert!(tag.get("src").is_some_and(|src| src.starts_with("/assets/")) && tag.text.is_empty(), "{shown}"),
    }
}

/// A name made of what is hostile: the part, as long as a name may be.
fn name(at: usize) -> String {
    HOSTILE[at % HOSTILE.len()].chars().take(200).collect()
}

/// A deal in which every text is hostile.
async fn hostile_deal(world: &World) -> (DealId, VersionId) {
    let app = Arc::clone(&world.app.app);
    let (owner, csm) = (world.caller(Who::Owner), world.caller(Who::Csm));
    let all = HOSTILE.join(" ");
    let account = intake::open_account(&app, &owner, &name(4)).await.unwrap();
    let deal = intake::open_deal(&app, &owner, &account.id, &name(2), DealTerms::default()).await.unwrap().id;
    let change = DealChange {
        csm: Some(Some(csm.user.clone().unwrap())),
        segment: Some(Some(name(0))),
        territory: Some(Some(name(1))),
        closed_at: Some(Some(app.clock.now())),
        ..DealChange::default()
    };
    handover::change_deal(&app, &owner, &deal, change).await.unwrap();
    let said = HOSTILE.map(|words| {
        format!("Dana {words}: We will migrate {words} by May 3.\nOmar <b evil>: {words} I'm worried about {words}.\n")
    });
    let said = said.concat();
    let file = |name: String, words: &str| intake::Upload { name, bytes: words.as_bytes().to_vec() };
    let files = vec![
        file(name(1), &said),
        file(format!("{}.md", name(4).replace('/', "")), &format!("# {all}\n\n- {all}\n\n> {all}\n")),
        file(format!("{}.json", name(3)), &json!({"not": all, "a": "transcript"}).to_string()),
    ];
    intake::upload(&app, &owner, &deal, files, None, |_| String::new()).await.unwrap();
    world.app.drain().await;
    for (field, attributes) in [
        ("commitment", json!({"condition": all, "due": all, "strength": "conditional"})),
        ("stakeholder", json!({"name": name(0), "title": name(1), "email": name(2), "roles": ["champion"]})),
        ("competitor", json!({"name": name(3), "reason": all})),
        ("success_criteria", json!({"metric": all, "due": all})),
        ("politics", json!({})),
    ] {
        let finding: Finding = serde_json::from_value(json!({"field": field, "attributes": attributes})).unwrap();
        review::attest(&app, &owner, &deal, finding, &all).await.unwrap();
    }
    let version = world.finalize(&deal).await;
    let reasons = serde_json::from_value(json!([{"field": "risk", "code": "wrong", "note": all}])).unwrap();
    handover::give_back(&app, &csm, &deal, 1, reasons, Some(all.clone())).await.unwrap();
    let asked = world.ask(&deal, Some("risk"), &all).await;
    handover::answer(&app, &owner, &asked.parse().unwrap(), &all).await.unwrap();
    world.ask(&deal, None, &all).await;
    let correction = NewCorrection { item: None, said_by: name(4).replace(':', " "), words: all.clone() };
    handover::correct(&app, &csm, &deal, correction).await.unwrap();
    let kind = baton::domain::handover::CheckInKind::CheckIn;
    let check = NewCheckIn { kind, repeats: 0, satisfaction: None, escalated: true, note: Some(all) };
    handover::record_check_in(&app, &csm, &deal, check).await.unwrap();
    (deal, version)
}

/// A world in which everybody's name and every text is hostile.
async fn hostile() -> World {
    let mut world = World::new().await;
    for (at, who) in [Who::Owner, Who::Csm, Who::Admin, Who::RevOps, Who::Leader].into_iter().enumerate() {
        let caller = world.caller(who);
        let own = UserChange { name: Some(name(at)), title: Some(name(at + 1)), ..UserChange::default() };
        people::change(&world.app.app, &caller, caller.user.as_ref().unwrap(), own).await.unwrap();
    }
    world.refresh().await;
    let (deal, version) = hostile_deal(&world).await;
    world.look_up(&deal).await;
    world.ids.insert("version_id", version.to_string());
    world.answer(&deal, "What did we promise?").await;
    world.ids.insert("answer_id", world.answer(&deal, &HOSTILE.join(" ")).await);
    world
}

/// Every address that can be read to its end: pages, and what the API gives a browser to show.
fn readable() -> Vec<String> {
    let of_api = api_routes().into_iter().filter(|(method, path)| method == "GET" && !path.ends_with("/events"));
    of_api.map(|(_, path)| path).chain(page_routes().into_iter().map(str::to_owned)).collect()
}

#[tokio::test]
async fn hostile_words_are_text_on_every_page_for_everybody() {
    let world = hostile().await;
    let client = Client::builder().redirect(Policy::none()).build().unwrap();
    let sources: Vec<String> = {
        let path = format!("/v1/deals/{}/sources", world.ids["deal_id"]);
        let listed: serde_json::Value = world.app.get(&path).send().await.unwrap().json().await.unwrap();
        listed.as_array().unwrap().iter().map(|source| source["id"].as_str().unwrap().to_owned()).collect()
    };
    let mut shown = 0;
    for who in [Who::Nobody, Who::Owner, Who::Csm, Who::RevOps, Who::Leader, Who::Admin] {
        let (door, pass) = (world.door().await, world.pass(who));
        for path in readable() {
            let several = if path.contains("{source_id}") { sources.as_slice() } else { &sources[..1] };
            for source in several {
                let mut ids = world.ids.clone();
                ids.insert("source_id", source.clone());
                let answer = world.call_with("GET", &path, &ids).await.to(&client, &door, &pass).send().await.unwrap();
                let media_type = answer.headers().get("content-type").map(|value| value.to_str().unwrap().to_owned());
                let html = answer.text().await.unwrap();
                if media_type.is_some_and(|media_type| media_type.starts_with("text/html")) {
                    assert_harmless(&format!("{who:?} {path}"), &html);
                    shown += usize::from(html.contains("&lt;script evil") || html.contains("&lt;img evil"));
                }
            }
        }
    }
    assert!(shown >= 10, "the words are shown on {shown} pages: the others prove little");
}

#[tokio::test]
async fn every_answer_forbids_what_is_not_ours() {
    let world = World::new().await;
    let client = Client::builder().redirect(Policy::none()).build().unwrap();
    let door = world.door().await;
    let strange = ["/nothing", "/deals/deal_1", "/v1/nothing", "/%3Cscript%3E"];
    for pass in [Pass::None, world.pass(Who::Admin)] {
        for path in page_routes().into_iter().chain(strange) {
            let call = world.call("GET", path, "", Who::Admin, false).await;
            let answer = call.to(&client, &door, &pass).send().await.unwrap();
            let policy = answer.headers()["content-security-policy"].to_str().unwrap().to_owned();
            for needed in ["default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"] {
                assert!(policy.contains(needed), "{path}: {policy}");
            }
            for wrong in ["unsafe", "*", "data:", "blob:", "http"] {
                assert!(!policy.contains(wrong), "{path}: {policy}");
            }
            assert_eq!(answer.headers().get_all("content-security-policy").iter().count(), 1, "{path}");
            assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
            let is_public = path.starts_with("/assets/");
            assert!(is_public || answer.headers()["cache-control"] == "no-store", "{path}");
        }
    }
}

#[tokio::test]
async fn what_somebody_calls_their_browser_or_asks_for_is_text_too() {
    let world = World::new().await;
    let client = Client::builder().redirect(Policy::none()).user_agent(name(0)).build().unwrap();
    let link = world.link(&world.user(Who::Owner).unwrap().id).await;
    let signed_in = client.post(format!("{}/v1/session/link", world.app.address)).json(&json!({"link": link}));
    assert_eq!(signed_in.send().await.unwrap().status(), StatusCode::OK);
    let (_, secret) = world.session(&world.user(Who::Owner).unwrap().id, Welcome::default()).await;
    for path in page_routes() {
        for asked in ["cursor", "q", "state", "next", "segment", "from", "deal", "error"] {
            let query = format!("?{asked}=%22%3E%3Cscript%20evil%3Ealert(1)%3C/script%3E");
            let call = world.call("GET", &format!("{path}{query}"), "", Who::Owner, false).await;
            let answer = call.to(&client, &world.app.address, &Pass::Cookie(secret.clone())).send().await.unwrap();
            let headers = format!("{:?}", answer.headers());
            let html = answer.text().await.unwrap();
            assert!(!html.contains("<script evil") && !headers.contains("<script"), "{path} {asked}");
        }
    }
}
