//! Counts over a selection of promises. By contract, strength, outcome, month and category; never by seller.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::finding::{Category, ContractStatus, Strength};
use crate::domain::vocabulary::Outcome;

/// Counts over a whole selection.
#[derive(Debug, Clone, Default, PartialEq, Serialize, ToSchema)]
pub struct Totals {
    /// Promises in the selection.
    pub promises: i64,
    /// Deals that they belong to.
    pub deals: i64,
    /// The amounts of these deals, each deal once.
    pub amounts: Vec<Money>,
    /// Promises by what the contract says and how binding they are; pairs without promises are left out.
    pub cells: Vec<Cell>,
    /// Deals and their amounts by what the contract says of any of their selected promises: a deal counts once for each status.
    pub at_stake: Vec<AtStake>,
    /// Promises by what became of them; none: nobody said.
    pub outcomes: Vec<OutcomeCount>,
}

/// Promises of one contract status and strength.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Cell {
    /// What the contract says; none where it was not compared.
    pub contract: Option<ContractStatus>,
    /// How binding they are; none where it is not told.
    pub strength: Option<Strength>,
    /// How many.
    pub promises: i64,
}

/// Deals with promises of one contract status.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct AtStake {
    /// What the contract says; none where it was not compared.
    pub contract: Option<ContractStatus>,
    /// Deals.
    pub deals: i64,
    /// Their amounts.
    pub amounts: Vec<Money>,
}

/// Promises of one outcome.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct OutcomeCount {
    /// What became of them; none where nobody said.
    pub outcome: Option<Outcome>,
    /// How many.
    pub promises: i64,
}

/// A sum in one currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Money {
    /// ISO 4217; none where the deals name none.
    pub currency: Option<String>,
    /// The sum to the cent, as a decimal.
    pub amount: String,
}

impl Money {
    pub(crate) fn new(currency: Option<String>, amount: f64) -> Self {
        let amount = format!("{amount:.2}");
        Self { currency, amount: amount.strip_suffix(".00").map_or(amount.clone(), str::to_owned) }
    }
}

/// How promises stand to the contract over time and by subject.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Trends {
    /// By the month in which the deal was won, oldest first; deals that are not won are left out.
    pub months: Vec<MonthCount>,
    /// By what they are about, in the order of the vocabulary; what is not told comes last.
    pub categories: Vec<CategoryCount>,
}

/// Promises of the deals won in one month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct MonthCount {
    /// The month (UTC), as `2026-03`.
    pub month: String,
    /// How they stand to the contract.
    #[serde(flatten)]
    pub counts: ContractCounts,
}

/// Promises about one thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CategoryCount {
    /// What they are about; none where it is not told.
    pub category: Option<Category>,
    /// How they stand to the contract.
    #[serde(flatten)]
    pub counts: ContractCounts,
}

/// Promises by what the contract says of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct ContractCounts {
    /// A clause carries them.
    pub written: i64,
    /// A clause says something else.
    pub contradicted: i64,
    /// No clause carries them.
    pub unwritten: i64,
    /// There is no contract in the record.
    pub no_contract: i64,
    /// They were not compared.
    pub untold: i64,
}

impl ContractCounts {
    /// The place of a status.
    pub(crate) const fn of_mut(&mut self, contract: Option<ContractStatus>) -> &mut i64 {
        match contract {
            Some(ContractStatus::Written) => &mut self.written,
            Some(ContractStatus::Contradicted) => &mut self.contradicted,
            Some(ContractStatus::Unwritten) => &mut self.unwritten,
            Some(ContractStatus::NoContract) => &mut self.no_contract,
            None => &mut self.untold,
        }
    }

    /// All of them.
    #[must_use]
    pub const fn all(&self) -> i64 {
        self.written + self.contradicted + self.unwritten + self.no_contract + self.untold
    }
}
