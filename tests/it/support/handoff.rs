//! Final versions of the sample deals, made in memory: everything approved, nothing stored.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use baton::documents::{Context, Deadline, Fact, Person, Question};
use baton::domain::field::Field;
use baton::domain::finding::Finding;
use baton::domain::handoff::{HANDOFF_SCHEMA, Handoff, HandoffSource, MarkedUnknown};
use baton::domain::hash::content_hash;
use baton::domain::ids::ItemId;
use baton::domain::item::{Item, ItemState, Origin};
use baton::domain::person::Roster;
use baton::domain::record::HandoffRecord;
use baton::domain::scorecard::Scorecard;
use baton::domain::transcript::{Side, SourceKind};
use baton::draft::document::DraftDocument;
use baton::draft::{DealSource, draft_deal, resolve_sides};
use baton::embed::minilm::MiniLm;
use baton::engine::QuoteRole;
use baton::engine::local::{Detail, LocalEngine};
use baton::eval::gold::{GOLD_FILE, Gold, GoldItem, GoldQuote};
use baton::ground::{Citation, SourceText};
use baton::reader::Reader;
use baton::transcript::parse;
use jiff::civil::date;
use serde_json::{Value, json};

fn folder(deal: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/deals").join(deal)
}

fn sources(deal: &str) -> Vec<DealSource> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder(deal)).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.file_name().unwrap() != GOLD_FILE);
    paths.sort();
    let source = |path: &PathBuf| {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        DealSource { id: None, transcript: parse(&name, &fs::read(path).unwrap()).unwrap(), name }
    };
    let mut sources: Vec<DealSource> = paths.iter().map(source).collect();
    resolve_sides(&mut sources, &Roster::default());
    sources
}

/// What a careful reader found in the deal, approved item by item.
pub(crate) fn reviewed(deal: &str) -> HandoffRecord {
    let gold = Gold::read(&folder(deal).join(GOLD_FILE)).unwrap();
    let sources = sources(deal);
    finalize(deal, &sources, gold.items.iter().map(|item| approved(item, &sources)).collect())
}

/// What the local engine drafts, all of it approved unread.
pub(crate) async fn drafted(deal: &str) -> HandoffRecord {
    let sources = sources(deal);
    let embedder = Arc::new(MiniLm::load().unwrap());
    let reader = Reader::load().unwrap();
    let engine = LocalEngine::new(Reader::load().unwrap(), embedder.clone(), Detail::default());
    let mut draft = draft_deal(&engine, embedder.as_ref(), &reader, "", &sources).await.unwrap();
    draft.items.iter_mut().for_each(|item| item.state = ItemState::Approved);
    finalize(deal, &sources, DraftDocument::from(draft).items)
}

fn approved(gold: &GoldItem, sources: &[DealSource]) -> Item {
    let id = |gold: &str| ItemId::derived(&["gold", gold]);
    let mut attributes = json!(gold.attributes);
    if let Some(next) = gold.text("superseded_by") {
        attributes["superseded_by"] = json!(id(next));
    }
    let finding: Finding = serde_json::from_value(json!({"field": gold.field, "attributes": attributes})).unwrap();
    Item {
        id: id(&gold.id),
        finding,
        statement: gold.statement.clone(),
        confidence: Some(0.9),
        origin: Origin::Engine,
        attested_by: None,
        reworded_by: None,
        decided_by: Some("Callum Brandvold".to_owned()),
        state: ItemState::Approved,
        citations: gold.citations.iter().map(|quote| cite(gold.field, quote, sources)).collect(),
    }
}

fn cite(field: Field, wanted: &GoldQuote, sources: &[DealSource]) -> Citation {
    let source = sources.iter().find(|source| source.name == wanted.source).unwrap();
    let text = SourceText::new(None, &source.name, &source.transcript);
    let says = |turn: &&baton::domain::transcript::Turn| turn.text.contains(&wanted.quote);
    let turn = source.transcript.turns.iter().find(says).map_or(u32::MAX, |turn| turn.index);
    let mut role = QuoteRole::Support;
    if source.transcript.kind == SourceKind::Contract && field == Field::Commitment {
        role = QuoteRole::Clause;
    }
    let found = text.cite(turn, &wanted.quote, role).unwrap();
    let is_reply = field == Field::Objection && found.side() == Side::Vendor;
    if is_reply { text.cite(turn, &wanted.quote, QuoteRole::Reply).unwrap() } else { found }
}

fn finalize(deal: &str, sources: &[DealSource], mut items: Vec<Item>) -> HandoffRecord {
    items.sort_by_key(|item| Field::ALL.iter().position(|field| *field == item.field()));
    let at = "2026-04-27T09:30:00Z".parse().unwrap();
    let unanswered = Field::core().filter(|field| !items.iter().any(|item| item.field() == *field));
    let unknown = unanswered.map(|field| MarkedUnknown { field, by: "Callum Brandvold".to_owned(), at }).collect();
    let kept = |source: &DealSource| {
        let bytes = fs::read(folder(deal).join(&source.name)).unwrap();
        HandoffSource { name: source.name.clone(), content_hash: content_hash(&bytes), error: None }
    };
    let handoff = Handoff {
        schema: HANDOFF_SCHEMA,
        account: "Harbor & Pine Logistics".to_owned(),
        deal: "Telemetry and dock scheduling, six sites".to_owned(),
        version: 1,
        finalized_by: "Callum Brandvold".to_owned(),
        finalized_at: at,
        override_reason: None,
        missing: Vec::new(),
        engine: None,
        sources: sources.iter().map(kept).collect(),
        scorecard: Scorecard::of(&items),
        items,
        unknown,
    };
    HandoffRecord::read(&serde_json::to_string(&handoff).unwrap()).unwrap()
}

/// A version with all that may be known around it.
pub(crate) fn handed_over(handoff: HandoffRecord) -> Context {
    let person = |name: &str, title: &str, email: &str| Person {
        name: name.to_owned(),
        email: Some(email.to_owned()),
        title: Some(title.to_owned()),
    };
    let fact = |label: &str, value: &str| Fact { label: label.to_owned(), value: value.to_owned() };
    let deadline = |label: &str, due| Deadline { label: label.to_owned(), due };
    Context {
        vendor: Some("Ferrite".to_owned()),
        ae: Some(person("Callum Brandvold", "Account Executive", "callum@ferrite.example")),
        csm: Some(person("Priya Raman", "Customer Success Manager", "priya@ferrite.example")),
        facts: vec![fact("Value", "USD 108,540 a year"), fact("Start", "24 April 2026"), fact("Term", "36 months")],
        starts_on: Some(date(2026, 4, 24)),
        deadlines: vec![
            deadline("Handover meeting", date(2026, 4, 28)),
            deadline("Introduction", date(2026, 4, 29)),
            deadline("Kickoff", date(2026, 5, 1)),
        ],
        questions: vec![
            Question {
                question: "Who signs for the antenna at Ashby?".to_owned(),
                answer: Some("The landlord; Omar gets the signature.".to_owned()),
            },
            Question { question: "Has anybody spoken to Noémie yet?".to_owned(), answer: None },
        ],
        ..Context::new(handoff)
    }
}

/// A version with these items, as the document that would be stored.
pub(crate) fn version(number: i64, items: &[Value], unknown: &[&str]) -> String {
    let marks: Vec<Value> =
        unknown.iter().map(|field| json!({"field": field, "by": "Dana", "at": "2026-03-02T10:00:00Z"})).collect();
    let unclear = ["customer_intent", "stakeholder_map", "scope_and_expectations", "implementation_risk", "transition"];
    let scorecard: serde_json::Map<String, Value> =
        unclear.into_iter().map(|question| (question.to_owned(), json!("unclear"))).collect();
    json!({"schema": HANDOFF_SCHEMA, "account": "Harbor & Pine", "deal": "Six sites", "version": number,
        "finalized_by": "Dana Ruiz", "finalized_at": "2026-03-02T10:00:00Z", "engine": null, "sources": [],
        "items": items, "unknown": marks, "scorecard": scorecard})
    .to_string()
}

/// An approved item of such a version, said by the customer in one turn of a call.
pub(crate) fn item(id: &str, field: &str, statement: &str, attributes: &Value, quote: &str) -> Value {
    let citation = json!({"source": "call.vtt", "turn": 3, "chars": [0, quote.chars().count()], "quote": quote,
        "speaker": "Omar Haddad", "side": "customer", "start_ms": 460_000, "end_ms": 465_000, "precision": "cue",
        "match": "exact", "role": "support"});
    json!({"id": id, "field": field, "attributes": attributes, "statement": statement, "confidence": 0.9,
        "origin": "engine", "state": "approved", "citations": [citation]})
}
