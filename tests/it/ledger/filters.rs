//! Filters, orders and totals: whatever is asked, the answer is what one gets by going through all promises by hand.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use super::{all, items, promise};
use crate::support::app::{Answer as _, text};
use crate::support::desk::{Desk, Member};
use reqwest::{Method, StatusCode};

/// Filters that are tried.
const CASES: usize = 150;

/// Deals and promises that differ in everything that a filter asks for.
async fn furnished() -> Desk {
    let desk = Desk::open().await;
    let days = ["2026-03-02", "2026-05-01", "2026-05-02", "2026-02-28", "before summer"];
    let strengths = ["firm", "soft", "conditional"];
    let contracts = ["unwritten", "contradicted", "written", "no_contract"];
    let (categories, owed_by) = (["timeline", "support"], ["vendor", "customer"]);
    let outcomes = ["kept", "late", "broken"];
    for at in 0..5_usize {
        let deal = desk.deal().await;
        let segment = ["SMB", "Enterprise"][at % 2];
        let mut change = json!({"segment": segment, "closed_at": format!("2026-0{}-28T23:30:00Z", at / 2 + 1)});
        if at != 4 {
            change["amount"] = json!(["9000", "48000.50", "120000", "48000.50"][at]);
            change["currency"] = json!(["EUR", "USD"][at % 2]);
            change["product"] = json!(["Cold chain", "Docks"][at / 2]);
        }
        desk.rev_ops.change(&deal, change).await;
        let mut first = None;
        for n in 0..6_usize {
            let k = at * 6 + n;
            let mut attributes = json!({"strength": strengths[k % 3], "contract": contracts[k % 4],
                "category": categories[k % 2], "owed_by": owed_by[k % 2], "due": days[k % 5]});
            if k % 7 == 0 {
                attributes = json!({"due": days[k % 5]});
            }
            match (n, &first) {
                (5, Some(first)) => attributes["superseded_by"] = json!(first),
                (4, _) if at == 2 => attributes["history"] = json!("withdrawn"),
                _ => {}
            }
            let words = ["Train the night shift", "Live at 100% of_sites", "Migrate the Öfen"][k % 3];
            let id = promise(&desk, &deal, &format!("{words} {k}"), attributes).await;
            if k % 4 == 0 {
                let outcome = json!({"outcome": outcomes[k / 4 % 3]});
                desk.csm.put(&format!("/v1/items/{id}/outcome"), &outcome).answer(StatusCode::OK).await;
            }
            first.get_or_insert(id);
        }
    }
    let rejected = promise(&desk, &desk.deal().await, "Rejected", json!({"strength": "firm"})).await;
    desk.ae.decide(&rejected, "reject").await;
    desk
}

/// Whether a promise is meant, by hand.
fn is_meant(entry: &Value, filter: &[(&str, String)]) -> bool {
    let attribute = |name: &str| entry["attributes"][name].as_str().unwrap_or("untold").to_owned();
    let deal = |name: &str| entry["deal"][name].as_str().map(str::to_lowercase);
    let amount = || entry["deal"]["amount"].as_str().map(|amount| amount.parse::<f64>().unwrap());
    let due = || entry["due_on"].as_str().map(str::to_owned);
    let closed = || entry["deal"]["closed_at"].as_str().map(|at| at[..10].to_owned());
    let listed = |wanted: &str, word: &str| wanted.split(',').any(|wanted| wanted == word);
    filter.iter().all(|(name, wanted)| match *name {
        "contract" | "strength" | "category" => listed(wanted, &attribute(name)),
        "owed_by" => listed(wanted, entry["attributes"]["owed_by"].as_str().unwrap_or("unknown")),
        "outcome" => listed(wanted, entry["outcome"]["outcome"].as_str().unwrap_or("open")),
        "standing" => wanted == "all" || entry["standing"] == json!(wanted),
        "against" => {
            let (calls, contract) = (entry["standing"] == "replaced", attribute("contract") == "contradicted");
            match wanted.as_str() {
                "calls" => calls,
                "contract" => contract,
                _ => calls || contract,
            }
        }
        "state" => entry["state"] == json!(wanted),
        "product" | "segment" => deal(name) == Some(wanted.to_lowercase()),
        "amount_min" => amount().is_some_and(|amount| amount >= wanted.parse().unwrap()),
        "amount_max" => amount().is_some_and(|amount| amount <= wanted.parse().unwrap()),
        "due_from" => due().is_some_and(|due| due >= *wanted),
        "due_to" => due().is_some_and(|due| due <= *wanted),
        "due_within" => due().is_some_and(|due| ("2026-03-02".to_owned()..="2026-05-01".to_owned()).contains(&due)),
        "closed_from" => closed().is_some_and(|closed| closed >= *wanted),
        "closed_to" => closed().is_some_and(|closed| closed <= *wanted),
        "q" => text(&entry["statement"]).to_lowercase().contains(&wanted.to_lowercase()),
        other => unreachable!("{other}"),
    })
}

/// Any filter of one to four parts.
fn filters() -> impl Strategy<Value = Vec<(&'static str, String)>> {
    let parts: Vec<(&'static str, Vec<&'static str>)> = vec![
        ("contract", vec!["unwritten", "contradicted,unwritten", "untold", "no_contract,untold"]),
        ("strength", vec!["firm", "soft,conditional", "untold", "roadmap"]),
        ("category", vec!["timeline", "support,untold"]),
        ("owed_by", vec!["vendor", "customer", "unknown", "vendor,unknown"]),
        ("outcome", vec!["open", "kept", "late,broken", "open,kept"]),
        ("standing", vec!["current", "replaced", "all"]),
        ("against", vec!["calls", "contract", "any"]),
        ("state", vec!["approved", "drafted"]),
        ("product", vec!["cold CHAIN", "Docks", "None"]),
        ("segment", vec!["smb", "Enterprise"]),
        ("amount_min", vec!["48000.5", "0"]),
        ("amount_max", vec!["48000.50", "100000"]),
        ("due_from", vec!["2026-03-02", "2026-05-02"]),
        ("due_to", vec!["2026-03-01", "2026-05-01"]),
        ("due_within", vec!["60"]),
        ("closed_from", vec!["2026-02-28", "2026-03-01"]),
        ("closed_to", vec!["2026-02-28", "2026-01-27"]),
        ("q", vec!["night", "100%", "of_sites", "_", "öfEN"]),
    ];
    subsequence(parts, 1..=4).prop_flat_map(|parts| {
        parts
            .into_iter()
            .map(|(name, values)| select(values).prop_map(move |value| (name, value.to_owned())))
            .collect::<Vec<_>>()
    })
}

fn ids(entries: &[Value]) -> BTreeSet<String> {
    entries.iter().map(|entry| text(&entry["id"])).collect()
}

async fn asked(member: &Member, filter: &[(&str, String)]) -> Value {
    let request = member.request(Method::GET, "/v1/ledger").query(filter).query(&[("limit", "200")]);
    request.answer(StatusCode::OK).await
}

/// The totals, by hand.
fn assert_totals(ledger: &Value, entries: &[Value]) {
    let totals = &ledger["totals"];
    assert_eq!(totals["promises"], json!(entries.len()));
    let deals: BTreeSet<String> = entries.iter().map(|entry| text(&entry["deal"]["id"])).collect();
    assert_eq!(totals["deals"], json!(deals.len()));
    for cell in totals["cells"].as_array().unwrap() {
        let is_in = |entry: &&Value| {
            entry["attributes"]["contract"] == cell["contract"] && entry["attributes"]["strength"] == cell["strength"]
        };
        assert_eq!(cell["promises"], json!(entries.iter().filter(is_in).count()), "{cell}");
    }
    let counted: i64 = totals["cells"].as_array().unwrap().iter().map(|cell| cell["promises"].as_i64().unwrap()).sum();
    let told: i64 = totals["outcomes"].as_array().unwrap().iter().map(|of| of["promises"].as_i64().unwrap()).sum();
    assert_eq!((counted, told), (i64::try_from(entries.len()).unwrap(), i64::try_from(entries.len()).unwrap()));
    for stake in totals["at_stake"].as_array().unwrap() {
        let of_status = entries.iter().filter(|entry| entry["attributes"]["contract"] == stake["contract"]);
        let deals: BTreeSet<String> = of_status.map(|entry| text(&entry["deal"]["id"])).collect();
        assert_eq!(stake["deals"], json!(deals.len()), "{stake}");
    }
    let mut by_currency = std::collections::BTreeMap::<String, f64>::new();
    for deal in &deals {
        let entry = entries.iter().find(|entry| entry["deal"]["id"] == json!(deal)).unwrap();
        if let Some(amount) = entry["deal"]["amount"].as_str() {
            *by_currency.entry(text(&entry["deal"]["currency"])).or_default() += amount.parse::<f64>().unwrap();
        }
    }
    let amounts = totals["amounts"].as_array().unwrap();
    assert_eq!(amounts.len(), by_currency.len());
    for money in amounts {
        let amount: f64 = text(&money["amount"]).parse().unwrap();
        assert!((by_currency[&text(&money["currency"])] - amount).abs() < 0.01, "{money}");
    }
}

#[tokio::test]
async fn every_mix_of_filters_finds_what_one_finds_by_hand_and_counts_it() {
    let desk = furnished().await;
    let everything = items(&asked(&desk.leader, &[]).await);
    assert_eq!(everything.len(), 30, "what was rejected is no promise");
    assert!(everything.iter().any(|entry| entry["standing"] == "replaced"));
    let mut runner = TestRunner::deterministic();
    let mut found_some = 0;
    for _ in 0..CASES {
        let filter = filters().new_tree(&mut runner).unwrap().current();
        let by_hand: Vec<Value> = everything.iter().filter(|entry| is_meant(entry, &filter)).cloned().collect();
        if filter.iter().filter(|(name, _)| name.starts_with("due_")).count() > 1
            && filter.iter().any(|(name, _)| *name == "due_within")
        {
            // "Within" takes the place of the other two.
            continue;
        }
        let ledger = asked(&desk.leader, &filter).await;
        assert_eq!(ids(&items(&ledger)), ids(&by_hand), "{filter:?}");
        assert_totals(&ledger, &by_hand);
        found_some += usize::from(!by_hand.is_empty());
    }
    assert!(found_some > CASES / 4, "only {found_some} found anything: the others prove little");
}

#[tokio::test]
async fn pages_hold_every_promise_once_in_each_order() {
    let desk = furnished().await;
    let key = |entry: &Value, sort: &str| match sort {
        "due" => (entry["due_on"].as_str().unwrap_or("9999").to_owned(), 0.0),
        "closed" => (String::new(), -entry["deal"]["closed_at"].as_str().unwrap()[5..7].parse::<f64>().unwrap()),
        _ => (String::new(), -entry["deal"]["amount"].as_str().map_or(-1.0, |amount| amount.parse::<f64>().unwrap())),
    };
    for sort in ["due", "closed", "amount"] {
        let entries = all(&desk.leader, &format!("sort={sort}")).await;
        assert_eq!((entries.len(), ids(&entries).len()), (30, 30), "{sort}");
        let keys: Vec<_> = entries.iter().map(|entry| key(entry, sort)).collect();
        assert!(keys.windows(2).all(|two| two[0].partial_cmp(&two[1]) != Some(std::cmp::Ordering::Greater)), "{sort}");
    }
    let cursor = text(&desk.leader.get("/v1/ledger?limit=2&sort=due").await["next_cursor"]);
    for path in [format!("/v1/ledger?sort=amount&cursor={cursor}"), "/v1/ledger?cursor=due~x".to_owned()] {
        let refused = desk.leader.request(Method::GET, &path).answer(StatusCode::UNPROCESSABLE_ENTITY).await;
        assert!(text(&refused["detail"]).contains("cursor"), "{refused}");
    }
}

#[tokio::test]
async fn what_no_filter_says_is_refused_and_nothing_of_it_reaches_the_records() {
    let desk = furnished().await;
    for (query, part) in [
        ("contract=maybe", "contract"),
        ("due_from=soon", "due_from"),
        ("owner=me", "owner"),
        ("limit=0", "limit"),
        ("strength=firm'--", "strength"),
    ] {
        let path = format!("/v1/ledger?{query}");
        let refused = desk.leader.request(Method::GET, &path).answer(StatusCode::UNPROCESSABLE_ENTITY).await;
        assert!(text(&refused["detail"]).contains(part), "{refused}");
    }
    desk.leader.request(Method::GET, "/v1/ledger?stength=firm").answer(StatusCode::BAD_REQUEST).await;
    for hostile in ["' or 1=1 --", "%", "!", "\"; drop table items; --"] {
        let found = asked(&desk.leader, &[("q", hostile.to_owned())]).await;
        let expected = usize::from(hostile == "%") * 10;
        assert_eq!(items(&found).len(), expected, "{hostile}");
    }
}

#[tokio::test]
async fn trends_are_by_month_of_closing_and_by_subject() {
    let desk = furnished().await;
    let trends = desk.leader.get("/v1/ledger/trends").await;
    let months: Vec<(String, i64)> = trends["months"]
        .as_array()
        .unwrap()
        .iter()
        .map(|month| {
            let sum = ["written", "contradicted", "unwritten", "no_contract", "untold"];
            (text(&month["month"]), sum.iter().map(|status| month[*status].as_i64().unwrap()).sum())
        })
        .collect();
    assert_eq!(months, [("2026-01".to_owned(), 12), ("2026-02".to_owned(), 12), ("2026-03".to_owned(), 6)]);
    let subjects: Vec<&Value> = trends["categories"].as_array().unwrap().iter().map(|of| &of["category"]).collect();
    assert_eq!(subjects, [&json!("timeline"), &json!("support"), &Value::Null]);
    assert!(!trends.to_string().contains("Callum"), "no seller in it");
}
