//! A Baton whose records hold many deals, behind a real socket.

use std::path::Path;

use anyhow::Context as _;
use baton::app::App;
use baton::domain::deal::{Account, Deal, DealState, DealTerms, Source, SourceState};
use baton::domain::finding::{Commitment, Finding};
use baton::domain::ids::{AccountId, DealId, ItemId, SourceId};
use baton::domain::item::ItemState;
use baton::domain::transcript::{Side, Transcript};
use baton::domain::user::{Role, User};
use baton::domain::vocabulary::{Category, ContractStatus, History, Outcome, Strength};
use baton::engine::QuoteRole;
use baton::store::items::Place;
use baton::store::post_sale::{self, Word};
use baton::store::{Conn, accounts, deals, items, sources, transcripts};
use jiff::{SignedDuration, Timestamp};

use crate::record::{cite, item};
use crate::support::{self, Served};

/// Promises of a deal.
const PROMISES: usize = 20;
/// Its other items.
const OTHERS: usize = 40;
/// Account executives.
const SELLERS: usize = 12;

const STATES: [ItemState; 4] = [ItemState::Drafted, ItemState::Approved, ItemState::Approved, ItemState::Rejected];

const WORDS: [&str; 5] = [
    "We will have the dock scheduler live at all six sites by the middle of June.",
    "And we will train your night shift before you go live, on site.",
    "The connector to your warehouse system will be there from the first day on.",
    "You get a named engineer for the first ninety days at no charge.",
    "I can put the second year at the price of the first, if you sign this month.",
];

/// What was loaded.
pub(crate) struct Loaded {
    pub(crate) served: Served,
    pub(crate) promises: usize,
    ids: [(&'static str, String); 3],
}

impl Loaded {
    /// A filter with ids in the places of their names.
    pub(crate) fn with_ids(&self, filter: &str) -> String {
        self.ids.iter().fold(filter.to_owned(), |filter, (name, id)| filter.replace(name, id))
    }
}

/// Fills the records with `count` deals and serves them.
pub(crate) async fn load(folder: &Path, count: usize) -> anyhow::Result<Loaded> {
    let app = support::open(folder).await?;
    let mut sellers = Vec::new();
    for at in 0..SELLERS {
        sellers.push(support::person(&app, &format!("Seller {at}"), Role::Ae).await?);
    }
    let (now, mut last) = (app.clock.now(), None);
    for batch in (0..count).collect::<Vec<_>>().chunks(50) {
        let mut tx = app.store.write().await?;
        for at in batch {
            last = Some(add_deal(&mut tx, &app, *at, &sellers[at % SELLERS], now).await?);
        }
        tx.commit().await?;
    }
    let deal = last.context("no deal was loaded")?;
    let ids =
        [("OWNER", sellers[0].id.to_string()), ("ACCOUNT", deal.account_id.to_string()), ("DEAL", deal.id.to_string())];
    Ok(Loaded { served: support::serve(app).await?, promises: count * PROMISES, ids })
}

/// The `at`th deal with its call, its contract and its items.
async fn add_deal(conn: &mut Conn, app: &App, at: usize, seller: &User, now: Timestamp) -> anyhow::Result<Deal> {
    let tenant = app.home.clone();
    let account =
        Account { id: AccountId::generate(), tenant: tenant.clone(), name: format!("Account {at}"), created_at: now };
    accounts::insert(conn, &account, Some(&seller.id)).await?;
    let word = |words: &[&str]| Some(words[at % words.len()].to_owned());
    let days = i64::try_from(at)? * 547 / 1_000;
    let deal = Deal {
        id: DealId::generate(),
        tenant,
        account_id: account.id,
        name: format!("First year {at}"),
        state: DealState::InReview,
        owner: Some(seller.id.clone()),
        csm: None,
        terms: DealTerms {
            segment: word(&["SMB", "Mid-market", "Enterprise"]),
            product: word(&["Cold chain", "Docks", "Yard", "Fleet"]),
            amount: Some((1_000 + at * 137 % 120_000).to_string()),
            currency: word(&["EUR", "USD"]),
            closed_at: Some(now - SignedDuration::from_hours(24 * days)),
            ..DealTerms::default()
        },
        revision: 1,
        created_at: now,
    };
    deals::insert(conn, &deal).await?;
    let call = add_source(conn, &deal, "03-negotiation.vtt", now).await?;
    let contract = add_source(conn, &deal, "order-form.md", now).await?;
    let mut older: Option<ItemId> = None;
    for n in 0..PROMISES + OTHERS {
        let finding = if n < PROMISES { promise(at * 7 + n, older.take(), now)? } else { Finding::bare(other(n)) };
        let is_promise = n < PROMISES;
        let mut citations = vec![cite(&call.0, &call.1, n, QuoteRole::Support)?];
        if is_promise && n % 2 == 0 {
            citations.push(cite(&contract.0, &contract.1, n, QuoteRole::Clause)?);
        }
        let statement = format!("The vendor {} ({at}.{n})", WORDS[n % WORDS.len()].to_lowercase());
        let item = item(finding, statement, STATES[(at + n) % STATES.len()], citations);
        let place = Place { position: i64::try_from(n)?, revision: 1 };
        items::insert(conn, &deal.tenant, &deal.id, &item, place, now).await?;
        if is_promise && (at + n).is_multiple_of(5) {
            let outcome = Outcome::ALL[(at + n) / 5 % Outcome::ALL.len()];
            let word = Word { item: item.id.clone(), outcome: Some(outcome), by: seller.id.clone(), at: now };
            post_sale::set(conn, &word).await?;
        }
        older = (n % 9 == 8).then_some(item.id);
    }
    Ok(deal)
}

/// Another field than promises.
fn other(n: usize) -> baton::domain::field::Field {
    use baton::domain::field::Field;
    [Field::Risk, Field::Scope, Field::Technical, Field::WhyBought, Field::Stakeholder][n % 5]
}

fn promise(k: usize, superseded_by: Option<ItemId>, now: Timestamp) -> anyhow::Result<Finding> {
    let soon = now + SignedDuration::from_hours(24 * i64::try_from(k % 400)?);
    let day = soon.strftime("%Y-%m-%d").to_string();
    Ok(Finding::Commitment(Commitment {
        owed_by: [Some(Side::Vendor), Some(Side::Customer), Some(Side::Vendor), None][k % 4],
        owed_to: Some(Side::Customer),
        strength: Some(Strength::ALL[k % Strength::ALL.len()]),
        due: [Some(day), None, Some("before summer".to_owned())][k % 3].clone(),
        category: Some(Category::ALL[k / 2 % Category::ALL.len()]),
        history: Some(if superseded_by.is_some() { History::Superseded } else { History::ALL[k % 4] }),
        superseded_by: superseded_by.map(|id| id.to_string()),
        contract: (!k.is_multiple_of(17)).then(|| ContractStatus::ALL[k / 3 % 4]),
        condition: None,
    }))
}

/// A source with a turn for each item.
async fn add_source(conn: &mut Conn, deal: &Deal, name: &str, now: Timestamp) -> anyhow::Result<(Source, Transcript)> {
    let source = Source {
        id: SourceId::generate(),
        tenant: deal.tenant.clone(),
        deal_id: deal.id.clone(),
        name: name.to_owned(),
        content_hash: format!("{}{name}", deal.id),
        size_bytes: 1,
        state: SourceState::Ready,
        kind: None,
        format: None,
        error: None,
        replaces: None,
        replaced_by: None,
        created_at: now,
    };
    let said = (0..PROMISES + OTHERS)
        .map(|n| format!("{}: {}\n", ["Dana Ruiz", "Omar Haddad"][n % 2], WORDS[n % WORDS.len()]));
    let text: String = said.collect();
    let transcript = baton::transcript::parse(name, text.as_bytes())?;
    sources::insert(conn, &source, text.as_bytes()).await?;
    transcripts::replace(conn, &source.id, &transcript).await?;
    Ok((source, transcript))
}
