//! The promises across the calls: in which call each was said, what became of it, and what the contract says.

mod layout;
mod order;

use jiff::civil::Date;

use super::Picture;
use super::frame::draw;
use super::text::{clean, counted};
use crate::domain::finding::{Commitment, ContractStatus, Finding, History, Strength};
use crate::domain::item::Item;
use crate::domain::transcript::Side;
use crate::engine::QuoteRole;

/// How many promises are drawn; the others are counted, and in the table.
const MOST_ROWS: usize = 40;

/// A call, mail or note in which something may have been promised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// The source's name, as citations have it.
    pub source: String,
    /// What people call it.
    pub label: String,
    /// The day, where known.
    pub on: Option<Date>,
}

/// What was done with a promise in a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Said {
    Made,
    Repeated,
    /// It took the place of an older word.
    Changed,
    TakenBack,
    /// Words of the call speak against it.
    Against,
}

impl Said {
    const fn word(self) -> &'static str {
        match self {
            Self::Made => "made",
            Self::Repeated => "repeated",
            Self::Changed => "changed",
            Self::TakenBack => "taken back",
            Self::Against => "spoken against",
        }
    }
}

/// A promise of the picture.
#[derive(Debug)]
pub(super) struct Promise<'a> {
    id: &'a str,
    statement: String,
    owed_by: Side,
    strength: Option<Strength>,
    history: Option<History>,
    contract: Option<ContractStatus>,
    /// The columns it was said in, in order.
    said: Vec<(usize, Said)>,
    /// Who remembers it, where nobody's words carry it.
    attested_by: Option<String>,
    /// The place, among the promises, of the one that took its place.
    newer: Option<usize>,
}

/// Each promise with the calls it was said in, linked to the newer word where one took its place; nothing without promises.
/// `calls` are in their order; a cited source that is not among them is a column behind them.
#[must_use]
pub fn promises(items: &[Item], calls: &[Call]) -> Option<Picture> {
    let live: Vec<(&Item, &Commitment)> = items
        .iter()
        .filter(|item| item.stands())
        .filter_map(|item| match &item.finding {
            Finding::Commitment(commitment) => Some((item, commitment)),
            _ => None,
        })
        .collect();
    if live.is_empty() {
        return None;
    }
    let calls = with_cited(calls, &live);
    let mut promises: Vec<Promise> = live.iter().map(|(item, commitment)| promise(item, commitment, &calls)).collect();
    link(&mut promises, &live);
    let groups = order::groups(&promises);
    let title = "Promises across the calls".to_owned();
    let summary = summary(&promises, &calls);
    let view = layout::timeline(&promises, &groups, &calls, &title, &summary);
    let in_order = groups.iter().flat_map(|group| &group.promises);
    Some(Picture {
        title,
        svg: draw("pictures/promises.svg", &view),
        summary,
        header: ["Owed by", "Promise", "Strength", "Said in", "What became of it", "Contract"]
            .map(str::to_owned)
            .into(),
        rows: in_order.map(|place| row(&promises[*place], &promises, &calls)).collect(),
    })
}

/// Words that carry the promise itself: a clause of the contract is set against it, not said in a call.
fn is_said(role: QuoteRole) -> bool {
    !matches!(role, QuoteRole::Clause)
}

fn with_cited(calls: &[Call], live: &[(&Item, &Commitment)]) -> Vec<Call> {
    let mut all = calls.to_vec();
    let cited = live.iter().flat_map(|(item, _)| &item.citations).filter(|citation| is_said(citation.role()));
    for citation in cited {
        if !all.iter().any(|call| call.source == citation.source()) {
            let source = citation.source().to_owned();
            all.push(Call { label: source.clone(), source, on: None });
        }
    }
    all
}

fn promise<'a>(item: &'a Item, commitment: &Commitment, calls: &[Call]) -> Promise<'a> {
    let statement = clean(&item.statement);
    Promise {
        id: item.id.as_str(),
        statement: if statement.is_empty() { "No words".to_owned() } else { statement },
        owed_by: commitment.owed_by.unwrap_or_default(),
        strength: commitment.strength,
        history: commitment.history,
        contract: commitment.contract,
        said: said(item, commitment, calls),
        attested_by: item.attested_by.as_deref().map(clean),
        newer: None,
    }
}

/// What was done with the promise in each column.
fn said(item: &Item, commitment: &Commitment, calls: &[Call]) -> Vec<(usize, Said)> {
    let columns = |counter: bool| {
        let cited = item
            .citations
            .iter()
            .filter(move |citation| is_said(citation.role()) && (citation.role() == QuoteRole::Counter) == counter);
        let mut columns: Vec<usize> =
            cited.filter_map(|citation| calls.iter().position(|call| call.source == citation.source())).collect();
        columns.sort_unstable();
        columns.dedup();
        columns
    };
    let for_it = columns(false);
    let last = for_it.len().saturating_sub(1);
    let what = |at: usize| match (at, commitment.history) {
        (at, Some(History::Withdrawn)) if at == last => Said::TakenBack,
        (0, Some(History::Changed)) => Said::Changed,
        (0, _) => Said::Made,
        _ => Said::Repeated,
    };
    let against = columns(true).into_iter().filter(|column| !for_it.contains(column));
    let against: Vec<(usize, Said)> = against.map(|column| (column, Said::Against)).collect();
    let mut all: Vec<(usize, Said)> = for_it.iter().enumerate().map(|(at, column)| (*column, what(at))).collect();
    all.extend(against);
    all.sort_by_key(|(column, _)| *column);
    all
}

/// From each superseded promise to the one that took its place, where that one is still shown.
fn link(promises: &mut [Promise], live: &[(&Item, &Commitment)]) {
    let ids: Vec<&str> = promises.iter().map(|promise| promise.id).collect();
    let newer: Vec<Option<usize>> = live
        .iter()
        .map(|(item, commitment)| {
            let id = commitment.superseded_by.as_deref().filter(|id| *id != item.id.as_str())?;
            ids.iter().position(|known| *known == id)
        })
        .collect();
    for (older, newer) in newer.into_iter().enumerate() {
        promises[older].newer = newer;
        // What took an older word's place may have been replaced in turn, and its history tell of that.
        if let Some((_, first @ Said::Made)) = newer.and_then(|newer| promises[newer].said.first_mut()) {
            *first = Said::Changed;
        }
    }
}

fn row(promise: &Promise, promises: &[Promise], calls: &[Call]) -> Vec<String> {
    vec![
        side_word(promise.owed_by).to_owned(),
        promise.statement.clone(),
        strength_word(promise.strength).to_owned(),
        said_words(promise, calls),
        became(promise, promises),
        contract_word(promise.contract).to_owned(),
    ]
}

/// `made in Discovery; repeated in Demo`.
fn said_words(promise: &Promise, calls: &[Call]) -> String {
    let said = promise.said.iter().map(|(column, said)| format!("{} in {}", said.word(), clean(&calls[*column].label)));
    let words: Vec<String> = said.collect();
    match (&promise.attested_by, words.is_empty()) {
        (Some(who), true) => format!("from memory: {who}"),
        (None, true) => "in no source".to_owned(),
        (_, false) => words.join("; "),
    }
}

fn became(promise: &Promise, promises: &[Promise]) -> String {
    match (promise.newer, promise.history) {
        (Some(newer), _) => format!("replaced by: {}", promises[newer].statement),
        (None, Some(History::Superseded)) => "replaced by a newer word".to_owned(),
        (None, Some(History::Withdrawn)) => "taken back".to_owned(),
        _ => String::new(),
    }
}

impl Promise<'_> {
    /// Whether a newer word took its place.
    fn is_replaced(&self) -> bool {
        self.newer.is_some() || self.history == Some(History::Superseded)
    }

    /// Whether it is still owed.
    fn stands(&self) -> bool {
        !self.is_replaced() && self.history != Some(History::Withdrawn)
    }
}

fn summary(promises: &[Promise], calls: &[Call]) -> String {
    let count = |wanted: &dyn Fn(&Promise) -> bool| promises.iter().filter(|promise| wanted(promise)).count();
    let by = |side: Side| count(&|promise| promise.owed_by == side);
    let untold = by(Side::Unknown);
    let untold = if untold > 0 { format!(", {untold} by a side the record does not tell") } else { String::new() };
    let owed = format!(
        "{} over {}: {} owed by the vendor, {} by the customer{untold}.",
        counted(promises.len(), "promise", "promises"),
        counted(calls.len(), "source", "sources"),
        by(Side::Vendor),
        by(Side::Customer),
    );
    let replaced = count(&|promise| promise.is_replaced());
    let taken_back = count(&|promise| promise.history == Some(History::Withdrawn));
    let became = format!("Replaced by a newer word: {replaced}; taken back: {taken_back}.");
    let statuses = ContractStatus::ALL.iter().copied().map(Some).chain([None]).filter_map(|status| {
        let count = count(&|promise| promise.stands() && promise.contract == status);
        (count > 0).then(|| format!("{count} {}", contract_word(status)))
    });
    let statuses = statuses.collect::<Vec<_>>().join(", ");
    let contract = (!statuses.is_empty()).then(|| format!("Of those that stand, against the contract: {statuses}."));
    [Some(owed), Some(became), contract].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

const fn side_word(side: Side) -> &'static str {
    match side {
        Side::Vendor => "vendor",
        Side::Customer => "customer",
        Side::Unknown => "not told",
    }
}

const fn strength_word(strength: Option<Strength>) -> &'static str {
    match strength {
        Some(Strength::Firm) => "firm",
        Some(Strength::Conditional) => "conditional",
        Some(Strength::Soft) => "soft",
        Some(Strength::Implied) => "implied",
        Some(Strength::Roadmap) => "roadmap",
        None => "strength not told",
    }
}

const fn contract_word(status: Option<ContractStatus>) -> &'static str {
    match status {
        Some(ContractStatus::Written) => "written",
        Some(ContractStatus::Contradicted) => "contradicted",
        Some(ContractStatus::Unwritten) => "unwritten",
        Some(ContractStatus::NoContract) => "no contract",
        None => "not compared",
    }
}
