//! What was promised aloud is set against what was signed, whatever engine found the promise.

use std::sync::LazyLock;

use async_trait::async_trait;
use baton::domain::finding::{Commitment, ContractStatus, Finding};
use baton::domain::item::Item;
use baton::domain::transcript::{Side, SourceKind};
use baton::draft::{DealSource, draft_deal};
use baton::embed::minilm::MiniLm;
use baton::engine::{Claim, ClaimedQuote, Engine, EngineError, EngineIdentity, Evidence, QuoteRole, Reading};
use baton::ground::Citation;
use baton::reader::Reader;
use baton::transcript::parse;

static EMBEDDER: LazyLock<MiniLm> = LazyLock::new(|| MiniLm::load().unwrap());
static READER: LazyLock<Reader> = LazyLock::new(|| Reader::load().unwrap());

const CALL: &str = "Dana Ruiz: We will have the dock scheduler live at all six sites by June 14, 2026.\n\
    Omar Haddad: Good. And training?\n\
    Dana Ruiz: We will train your supervisors on site for two days at each dock.\n\
    Omar Haddad: That works.\n\
    Dana Ruiz: We will answer every critical incident within fifteen minutes.\n\
    Omar Haddad: I will give you a complete list of carriers by May 4, 2026.\n\
    Dana Ruiz: Your lane templates will be built within ten days of the kickoff.\n\
    Omar Haddad: And what the cameras see?\n\
    Dana Ruiz: Gate recordings will be gone after thirty days, deleted.\n\
    Omar Haddad: Fine.\n\
    Dana Ruiz: And I will send your finance director a letter about the rebate from the port by Friday.\n";

const CONTRACT: &str = "# Order Form\n\n\
    ## 1. Delivery\n\n\
    1.1 Ferrite shall place the dock scheduler into production at six (6) sites by June 14, 2026.\n\n\
    1.2 Training of supervisors is provided remotely, by video conference.\n\n\
    1.3 Customer shall provide the list of carriers no later than May 11, 2026.\n\n\
    ## 2. Support\n\n\
    2.1 Ferrite shall answer critical incidents within four (4) hours.\n\n\
    2.2 Lane templates are built within fifteen (15) working days of the kickoff.\n\n\
    2.3 Gate recordings are deleted ninety (90) days after capture.\n\n\
    ## 3. General\n\n\
    3.1 This Order Form is the entire agreement and supersedes all prior promises, whether oral or in writing.\n";

/// Claims every line with a "will" as a commitment of its speaker.
struct EveryWill;

#[async_trait]
impl Engine for EveryWill {
    fn identity(&self) -> EngineIdentity {
        EngineIdentity { name: "test".into(), version: "1".into(), model: "none".into(), prompts: "none".into() }
    }

    async fn read(&self, evidence: Evidence<'_>) -> Result<Reading, EngineError> {
        let call = evidence.transcript.kind != SourceKind::Contract;
        let turns = evidence.transcript.turns.iter().filter(|turn| call && turn.text.contains(" will "));
        let claim = |turn: &baton::domain::transcript::Turn| {
            let owed_by = if turn.text.contains("I will give") { Side::Customer } else { Side::Vendor };
            Claim {
                finding: Finding::Commitment(Commitment { owed_by: Some(owed_by), ..Commitment::default() }),
                statement: turn.text.clone(),
                confidence: 0.9,
                quotes: vec![ClaimedQuote { turn: turn.index, quote: turn.text.clone(), role: QuoteRole::Support }],
            }
        };
        Ok(Reading { claims: turns.map(claim).collect(), ..Reading::default() })
    }
}

/// The commitments of the call, drafted beside these files.
async fn commitments(files: &[(&str, &str)]) -> Vec<Item> {
    let source = |&(name, text): &(&str, &str)| {
        let transcript = parse(name, text.as_bytes()).unwrap();
        DealSource { id: None, name: name.to_owned(), transcript }
    };
    let sources: Vec<DealSource> = files.iter().map(source).collect();
    draft_deal(&EveryWill, &*EMBEDDER, &READER, "", &sources).await.unwrap().items
}

fn status(item: &Item) -> Option<ContractStatus> {
    if let Finding::Commitment(commitment) = &item.finding { commitment.contract } else { None }
}

fn clause(item: &Item) -> Option<&str> {
    item.citations.iter().find(|citation| citation.role() == QuoteRole::Clause).map(Citation::quote)
}

#[tokio::test]
async fn each_promise_is_written_contradicted_or_unwritten_and_the_clause_is_cited() {
    let items = commitments(&[("01-call.txt", CALL), ("order-form.md", CONTRACT)]).await;
    for (words, expected, cited) in [
        (
            "dock scheduler live",
            ContractStatus::Written,
            Some("Ferrite shall place the dock scheduler into production at six (6) sites by June 14, 2026."),
        ),
        (
            "train your supervisors",
            ContractStatus::Contradicted,
            Some("Training of supervisors is provided remotely, by video conference."),
        ),
        (
            "critical incident",
            ContractStatus::Contradicted,
            Some("Ferrite shall answer critical incidents within four (4) hours."),
        ),
        (
            "list of carriers",
            ContractStatus::Contradicted,
            Some("Customer shall provide the list of carriers no later than May 11, 2026."),
        ),
        (
            "lane templates",
            ContractStatus::Contradicted,
            Some("Lane templates are built within fifteen (15) working days of the kickoff."),
        ),
        (
            "Gate recordings",
            ContractStatus::Contradicted,
            Some("Gate recordings are deleted ninety (90) days after capture."),
        ),
        ("rebate from the port", ContractStatus::Unwritten, None),
    ] {
        let item = items.iter().find(|item| item.statement.contains(words)).unwrap();
        assert_eq!((status(item), clause(item)), (Some(expected), cited), "{words}");
    }
}

#[tokio::test]
async fn without_a_contract_every_promise_says_so_and_cites_no_clause() {
    let items = commitments(&[("01-call.txt", CALL)]).await;
    assert_eq!(items.len(), 7);
    assert!(items.iter().all(|item| status(item) == Some(ContractStatus::NoContract) && clause(item).is_none()));
}

#[tokio::test]
async fn entire_agreement_by_itself_contradicts_nothing() {
    let general = "# Order Form\n\n1. This Order Form is the entire agreement and supersedes all prior promises.\n";
    let items = commitments(&[("01-call.txt", CALL), ("order-form.md", general)]).await;
    assert!(items.iter().all(|item| status(item) == Some(ContractStatus::Unwritten)), "{items:?}");
}
