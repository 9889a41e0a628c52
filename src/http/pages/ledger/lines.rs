//! Promises and counts as lines of the page.

use jiff::civil::Date;
use serde::Serialize;

use crate::access::Caller;
use crate::access::policy::{self, Act, Tie};
use crate::domain::finding::{ContractStatus, Strength};
use crate::domain::item::ItemState;
use crate::ground::Citation;
use crate::http::pages::words::day;
use crate::ledger::entry::{EntryDeal, LedgerEntry};
use crate::ledger::filter::Standing;
use crate::ledger::totals::{Money, Totals};
use crate::ledger::{LedgerQuery, word};
use crate::render::view::{in_words, moment};

/// One promise.
#[derive(Serialize)]
pub(super) struct EntryLine {
    id: String,
    statement: String,
    replaced: bool,
    undecided: bool,
    words: Option<Link>,
    attested_by: Option<String>,
    account: String,
    account_url: String,
    deal: String,
    deal_url: String,
    review_url: String,
    handover_url: String,
    about: String,
    due: String,
    kind: String,
    contract: &'static str,
    contract_label: &'static str,
    clause: Option<Link>,
    /// `open` where nobody said.
    outcome: String,
    outcome_label: String,
    outcome_by: Option<String>,
    /// The words that say so, where it is read from the record.
    outcome_words: Option<Link>,
    can_tell: bool,
}

/// A way to words of the record.
#[derive(Serialize)]
pub(super) struct Link {
    pub(super) url: String,
    pub(super) label: String,
    pub(super) quote: String,
}

/// The way to cited words, where they are kept.
pub(super) fn link(citation: &Citation, url: Option<String>) -> Option<Link> {
    let when = moment(citation.start_ms(), citation.precision(), citation.turn());
    Some(Link { url: url?, label: format!("{}, {when}", citation.source()), quote: citation.quote().to_owned() })
}

pub(super) fn line(entry: LedgerEntry, caller: &Caller) -> EntryLine {
    let outcome = entry.outcome.as_ref().map_or_else(|| "open".to_owned(), |told| word(&told.outcome));
    let contract = entry.attributes.contract;
    EntryLine {
        id: entry.id.to_string(),
        replaced: entry.standing == Standing::Replaced,
        undecided: entry.state == ItemState::Drafted,
        words: entry.said.as_ref().and_then(|said| link(said, entry.links.words.clone())),
        clause: entry.clause.as_ref().and_then(|clause| link(clause, entry.links.clause.clone())),
        account_url: format!("/accounts/{}", entry.account.id),
        deal_url: format!("/deals/{}", entry.deal.id),
        review_url: entry.links.review.clone(),
        handover_url: entry.links.handover.clone(),
        about: about(&entry.deal),
        due: due(entry.due_on, entry.attributes.due.as_deref()),
        kind: kind(&entry),
        contract: contract_class(contract),
        contract_label: contract_label(contract),
        outcome_label: in_words(&outcome),
        outcome,
        outcome_by: entry.outcome.as_ref().map(|told| match &told.set_by {
            Some(by) => format!("{by}, {}", day(told.set_at)),
            None => "from the record".to_owned(),
        }),
        outcome_words: entry.outcome.as_ref().and_then(|told| link(told.said.as_ref()?, entry.links.outcome.clone())),
        can_tell: can_tell(&entry.deal, caller),
        attested_by: entry.attested_by,
        statement: entry.statement,
        account: entry.account.name,
        deal: entry.deal.name,
    }
}

fn can_tell(deal: &EntryDeal, caller: &Caller) -> bool {
    let tie = match &caller.user {
        Some(user) if deal.owner_id.as_ref() == Some(user) => Tie::Owner,
        Some(user) if deal.csm_id.as_ref() == Some(user) => Tie::Csm,
        _ => Tie::None,
    };
    policy::allows(caller.role, tie, Act::TellOutcome)
}

/// `Callum Brandvold · 48,000 EUR · won 2 March 2026`.
fn about(deal: &EntryDeal) -> String {
    let amount =
        deal.amount.as_ref().map(|amount| money(&Money { currency: deal.currency.clone(), amount: amount.clone() }));
    let won = deal.closed_at.map(|at| format!("won {}", day(at)));
    let parts = [deal.owner.clone(), deal.product.clone(), amount, won];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

fn kind(entry: &LedgerEntry) -> String {
    let attributes = &entry.attributes;
    let strength = attributes.strength.as_ref().map(word);
    let by = attributes.owed_by.map(|side| match side.as_str() {
        "unknown" => "by whom is not told".to_owned(),
        side => format!("by the {side}"),
    });
    let category = attributes.category.as_ref().map(word);
    in_words(&[strength, by, category].into_iter().flatten().collect::<Vec<_>>().join(", "))
}

fn due(day: Option<Date>, words: Option<&str>) -> String {
    match (day, words) {
        (Some(day), _) => day.strftime("%-d %B %Y").to_string(),
        (None, words) => words.unwrap_or_default().to_owned(),
    }
}

/// `48,000 EUR`.
pub(super) fn money(money: &Money) -> String {
    let (sign, unsigned) = money.amount.strip_prefix('-').map_or(("", money.amount.as_str()), |rest| ("−", rest));
    let (whole, part) = unsigned.split_once('.').map_or((unsigned, None), |(whole, part)| (whole, Some(part)));
    let digits: Vec<char> = whole.chars().collect();
    let groups: Vec<String> = digits.rchunks(3).rev().map(|group| group.iter().collect()).collect();
    let part = part.map(|part| format!(".{part}")).unwrap_or_default();
    let currency = money.currency.as_ref().map(|code| format!(" {code}")).unwrap_or_default();
    format!("{sign}{}{part}{currency}", groups.join(","))
}

pub(super) const fn contract_label(status: Option<ContractStatus>) -> &'static str {
    match status {
        Some(ContractStatus::Written) => "Written",
        Some(ContractStatus::Contradicted) => "Contradicted",
        Some(ContractStatus::Unwritten) => "Unwritten",
        Some(ContractStatus::NoContract) => "No contract",
        None => "Not compared",
    }
}

/// Its word, which is its class too.
const fn contract_class(status: Option<ContractStatus>) -> &'static str {
    match status {
        Some(ContractStatus::Written) => "written",
        Some(ContractStatus::Contradicted) => "contradicted",
        Some(ContractStatus::Unwritten) => "unwritten",
        Some(ContractStatus::NoContract) => "no_contract",
        None => "untold",
    }
}

/// Counts by what the contract says and how binding the words are, each a way to its promises.
#[derive(Serialize)]
pub(super) struct Matrix {
    head: Vec<String>,
    rows: Vec<MatrixRow>,
}

#[derive(Serialize)]
struct MatrixRow {
    label: &'static str,
    class: &'static str,
    cells: Vec<MatrixCell>,
    all: MatrixCell,
    deals: i64,
    amounts: String,
}

#[derive(Serialize)]
struct MatrixCell {
    label: String,
    count: i64,
    url: String,
}

/// The counts of a selection; nothing where it is empty.
pub(super) fn matrix(totals: &Totals, query: &LedgerQuery) -> Option<Matrix> {
    let strengths = Strength::ALL.iter().copied().map(Some).chain([None]);
    let used = |strength: &Option<Strength>| totals.cells.iter().any(|cell| cell.strength == *strength);
    let strengths: Vec<Option<Strength>> = strengths.filter(used).collect();
    let statuses = [
        Some(ContractStatus::Unwritten),
        Some(ContractStatus::Contradicted),
        Some(ContractStatus::Written),
        Some(ContractStatus::NoContract),
        None,
    ];
    let row = |status: Option<ContractStatus>| {
        let stake = totals.at_stake.iter().find(|stake| stake.contract == status)?;
        let count = |strength: &Option<Strength>| {
            let same = |cell: &&crate::ledger::totals::Cell| cell.contract == status && cell.strength == *strength;
            totals.cells.iter().find(same).map_or(0, |cell| cell.promises)
        };
        let cell = |strength: &Option<Strength>| MatrixCell {
            label: strength_label(*strength),
            count: count(strength),
            url: narrowed(query, status, Strengths::One(*strength)),
        };
        Some(MatrixRow {
            label: contract_label(status),
            class: contract_class(status),
            cells: strengths.iter().map(cell).collect(),
            all: MatrixCell {
                label: "All".to_owned(),
                count: strengths.iter().map(count).sum(),
                url: narrowed(query, status, Strengths::AsAsked),
            },
            deals: stake.deals,
            amounts: stake.amounts.iter().map(money).collect::<Vec<_>>().join(", "),
        })
    };
    let rows: Vec<MatrixRow> = statuses.into_iter().filter_map(row).collect();
    (!rows.is_empty()).then(|| Matrix { head: strengths.into_iter().map(strength_label).collect(), rows })
}

fn strength_label(strength: Option<Strength>) -> String {
    strength.map_or_else(|| "Not told".to_owned(), |strength| in_words(&word(&strength)))
}

/// Which strengths a cell is about.
#[derive(Clone, Copy)]
enum Strengths {
    /// Those of the filter.
    AsAsked,
    /// This one; none where it is not told.
    One(Option<Strength>),
}

/// The page with the promises of one cell.
fn narrowed(query: &LedgerQuery, status: Option<ContractStatus>, strength: Strengths) -> String {
    let told = |value: Option<String>| Some(value.unwrap_or_else(|| "untold".to_owned()));
    let mut query = query.clone().kept();
    query.contract = told(status.as_ref().map(word));
    if let Strengths::One(strength) = strength {
        query.strength = told(strength.as_ref().map(word));
    }
    format!("/ledger?{}", query.address())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_in_thousands() {
        let read = |amount: &str| money(&Money { currency: Some("EUR".to_owned()), amount: amount.to_owned() });
        assert_eq!(read("48000"), "48,000 EUR");
        assert_eq!(read("1234567.50"), "1,234,567.50 EUR");
        assert_eq!((read("-950").as_str(), read("12").as_str()), ("−950 EUR", "12 EUR"));
    }
}
