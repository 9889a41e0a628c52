//! Which promises are meant: a filter as it stands in an address, and what it says once it is read.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _, tz::TimeZone};
use openidconnect::url::form_urlencoded::{self, Serializer};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::word;
use crate::domain::finding::{Category, ContractStatus, Strength};
use crate::domain::ids::{AccountId, DealId, UserId};
use crate::domain::item::ItemState;
use crate::domain::transcript::Side;
use crate::domain::vocabulary::{Outcome, vocabulary};
use crate::error::Error;

/// What a filter says where the record tells nothing.
const UNTOLD: &str = "untold";
/// What a filter says of a promise of which nobody said what became of it.
const OPEN: &str = "open";
/// Days that "due within" reaches at most.
const MOST_DAYS: u32 = 3_650;
/// Characters of a text that is looked for at most.
const MOST_CHARS: usize = 200;

/// A filter of the ledger, as an address says it. Every part may be left out or empty; all that are given hold together.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct LedgerQuery {
    /// What the contract says: `written`, `contradicted`, `unwritten`, `no_contract`, `untold`; several with commas between.
    pub contract: Option<String>,
    /// How binding the words are: `firm`, `conditional`, `soft`, `implied`, `roadmap`, `untold`; several with commas between.
    pub strength: Option<String>,
    /// What it is about: `timeline`, `feature`, `integration`, `configuration`, `support`, `pricing`, `people`, `other`, `untold`.
    pub category: Option<String>,
    /// Who will do it: `vendor`, `customer`, `unknown`.
    pub owed_by: Option<String>,
    /// What became of it: `kept`, `late`, `broken`, `renegotiated`, `open`.
    pub outcome: Option<String>,
    /// Where it stands in the review: `drafted` or `approved`.
    pub state: Option<String>,
    /// `current`: the last word on what it promises; `replaced`: a newer word took its place, or it was taken back; `all`.
    pub standing: Option<String>,
    /// What speaks against it: `calls` (a newer word, or taken back), `contract` (a clause says otherwise), `any` of both.
    pub against: Option<String>,
    /// The account executive, by id.
    pub owner: Option<String>,
    /// The account, by id.
    pub account: Option<String>,
    /// The deal, by id.
    pub deal: Option<String>,
    /// The deal's product.
    pub product: Option<String>,
    /// The deal's segment.
    pub segment: Option<String>,
    /// The deal's amount at least, whatever its currency.
    pub amount_min: Option<String>,
    /// The deal's amount at most, whatever its currency.
    pub amount_max: Option<String>,
    /// Due on this day or later, as `2026-06-14`.
    pub due_from: Option<String>,
    /// Due on this day or earlier.
    pub due_to: Option<String>,
    /// Due from today on within so many days; in place of `due_from` and `due_to`.
    pub due_within: Option<String>,
    /// Won on this day (UTC) or later, as `2026-01-01`.
    pub closed_from: Option<String>,
    /// Won on this day (UTC) or earlier.
    pub closed_to: Option<String>,
    /// Words of the statement, or of the deal's or the account's name.
    pub q: Option<String>,
    /// In which order: `due` (soonest first), `closed` (won last first) or `amount` (largest first).
    pub sort: Option<String>,
    /// The `next_cursor` of the page before.
    pub cursor: Option<String>,
    /// How many at most, 1 to 200; 50 unless given.
    pub limit: Option<u32>,
    /// Of an export: `csv` (unless given), `json` or `parquet`.
    pub format: Option<String>,
}

/// Words of a closed vocabulary that are meant, and among them that none was told. Empty: all of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words<T>(pub Vec<Option<T>>);

impl<T> Default for Words<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

vocabulary!(
    /// Whether a promise is the last word on what it promises.
    Standing {
        /// It is.
        Current,
        /// A newer word took its place, or it was taken back.
        Replaced,
    }
);
vocabulary!(
    /// Where something speaks against a promise.
    Against {
        /// Another call: a newer word took its place, or it was taken back.
        Calls,
        /// The contract: a clause says something else.
        Contract,
        /// Either of them.
        Any,
    }
);
vocabulary!(
    /// The order of the ledger; what has no such value comes last.
    Sort {
        /// The day it is due, soonest first.
        Due,
        /// When the deal was won, the last first.
        Closed,
        /// The deal's amount, the largest first.
        Amount,
    }
);

/// Which promises are meant.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Filter {
    /// What the contract says.
    pub contract: Words<ContractStatus>,
    /// How binding the words are.
    pub strength: Words<Strength>,
    /// What it is about.
    pub category: Words<Category>,
    /// Who will do it.
    pub owed_by: Words<Side>,
    /// What became of it; none: nobody said.
    pub outcome: Words<Outcome>,
    /// Where it stands in the review.
    pub state: Option<ItemState>,
    /// Whether it is the last word.
    pub standing: Option<Standing>,
    /// What speaks against it.
    pub against: Option<Against>,
    /// The account executive.
    pub owner: Option<UserId>,
    /// The account.
    pub account: Option<AccountId>,
    /// The deal.
    pub deal: Option<DealId>,
    /// The deal's product, whatever its case.
    pub product: Option<String>,
    /// The deal's segment, whatever its case.
    pub segment: Option<String>,
    /// The deal's amount at least.
    pub amount_min: Option<f64>,
    /// The deal's amount at most.
    pub amount_max: Option<f64>,
    /// Due on this day or later.
    pub due_from: Option<Date>,
    /// Due on this day or earlier.
    pub due_to: Option<Date>,
    /// Won at or after this.
    pub closed_from: Option<Timestamp>,
    /// Won before this.
    pub closed_before: Option<Timestamp>,
    /// A text in the statement or in a name.
    pub text: Option<String>,
}

impl LedgerQuery {
    /// The query of an address, without its question mark.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] where it says something that no filter has.
    pub fn from_address(query: &str) -> Result<Self, Error> {
        let page = ["cursor", "limit", "format"];
        let said = form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| !page.contains(&name.as_ref()));
        let said: serde_json::Map<_, _> =
            said.map(|(name, value)| (name.into_owned(), value.into_owned().into())).collect();
        serde_json::from_value(said.into()).map_err(|error| Error::Invalid(format!("this is no filter: {error}")))
    }

    /// The filter alone, without what is about one page or export.
    #[must_use]
    pub fn kept(self) -> Self {
        Self { cursor: None, limit: None, format: None, ..self }
    }

    /// What is said, by name, in the order in which it is documented.
    #[must_use]
    pub fn pairs(&self) -> Vec<(String, String)> {
        let said = serde_json::to_value(self).unwrap_or_default();
        let said = said.as_object().into_iter().flatten();
        let text =
            |value: &serde_json::Value| value.as_str().map_or_else(|| value.to_string(), |text| text.trim().to_owned());
        said.filter(|(_, value)| !value.is_null())
            .map(|(name, value)| (name.clone(), text(value)))
            .filter(|(_, value)| !value.is_empty())
            .collect()
    }

    /// The same as the query of an address.
    #[must_use]
    pub fn address(&self) -> String {
        Serializer::new(String::new()).extend_pairs(self.pairs()).finish()
    }

    /// What it means on the day of `now`.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] that names the part that cannot be read.
    pub fn filter(&self, now: Timestamp) -> Result<Filter, Error> {
        let (mut due_from, mut due_to) =
            (day("due_from", self.due_from.as_ref())?, day("due_to", self.due_to.as_ref())?);
        if let Some(days) = given(self.due_within.as_ref()) {
            let today = now.to_zoned(TimeZone::UTC).date();
            let days: u32 = days.parse().ok().filter(|days| *days <= MOST_DAYS).ok_or_else(|| {
                Error::Invalid(format!(
                    "due_within is `{}`; it must be a number of days up to {MOST_DAYS}",
                    shown(days)
                ))
            })?;
            (due_from, due_to) = (Some(today), today.checked_add(i64::from(days).days()).ok());
        }
        Ok(Filter {
            contract: words("contract", self.contract.as_ref(), ContractStatus::ALL, UNTOLD)?,
            strength: words("strength", self.strength.as_ref(), Strength::ALL, UNTOLD)?,
            category: words("category", self.category.as_ref(), Category::ALL, UNTOLD)?,
            owed_by: words("owed_by", self.owed_by.as_ref(), &[Side::Vendor, Side::Customer], Side::Unknown.as_str())?,
            outcome: words("outcome", self.outcome.as_ref(), Outcome::ALL, OPEN)?,
            state: one("state", self.state.as_ref(), &[ItemState::Drafted, ItemState::Approved])?,
            standing: if given(self.standing.as_ref()) == Some("all") {
                None
            } else {
                one("standing", self.standing.as_ref(), Standing::ALL)?
            },
            against: one("against", self.against.as_ref(), Against::ALL)?,
            owner: id("owner", self.owner.as_ref())?,
            account: id("account", self.account.as_ref())?,
            deal: id("deal", self.deal.as_ref())?,
            product: text("product", self.product.as_ref())?,
            segment: text("segment", self.segment.as_ref())?,
            amount_min: amount("amount_min", self.amount_min.as_ref())?,
            amount_max: amount("amount_max", self.amount_max.as_ref())?,
            due_from,
            due_to,
            closed_from: day("closed_from", self.closed_from.as_ref())?.map(midnight).transpose()?,
            closed_before: day("closed_to", self.closed_to.as_ref())?
                .map(|day| midnight(day.tomorrow().unwrap_or(day)))
                .transpose()?,
            text: text("q", self.q.as_ref())?,
        })
    }

    /// In which order; the soonest due first unless it says otherwise.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] for a word that is no order.
    pub fn sort(&self) -> Result<Sort, Error> {
        Ok(one("sort", self.sort.as_ref(), Sort::ALL)?.unwrap_or(Sort::Due))
    }
}

/// What is given, less white space; nothing where it is empty: forms send every field.
fn given(value: Option<&String>) -> Option<&str> {
    value.map(|value| value.trim()).filter(|value| !value.is_empty())
}

/// A value within a message: never long.
fn shown(value: &str) -> String {
    value.chars().take(80).collect()
}

fn one<T: Copy + Serialize + DeserializeOwned>(
    name: &str,
    value: Option<&String>,
    known: &[T],
) -> Result<Option<T>, Error> {
    given(value).map(|value| find(name, value, known, None)).transpose().map(Option::flatten)
}

fn words<T: Copy + Serialize + DeserializeOwned>(
    name: &str,
    value: Option<&String>,
    known: &[T],
    none: &str,
) -> Result<Words<T>, Error> {
    let parts =
        given(value).into_iter().flat_map(|value| value.split(',')).map(str::trim).filter(|part| !part.is_empty());
    parts.map(|part| find(name, part, known, Some(none))).collect::<Result<_, _>>().map(Words)
}

/// The word of `known` that `value` is; none for the word that says so.
fn find<T: Copy + Serialize>(name: &str, value: &str, known: &[T], none: Option<&str>) -> Result<Option<T>, Error> {
    if none == Some(value) {
        return Ok(None);
    }
    let found = known.iter().copied().find(|known| word(known) == value);
    found.map(Some).ok_or_else(|| {
        let known: Vec<String> = known.iter().map(word).chain(none.map(str::to_owned)).collect();
        Error::Invalid(format!("{name} is `{}`; it must be one of {}", shown(value), known.join(", ")))
    })
}

fn id<T: std::str::FromStr<Err = crate::domain::ids::InvalidId>>(
    name: &str,
    value: Option<&String>,
) -> Result<Option<T>, Error> {
    given(value).map(|value| value.parse().map_err(|error| Error::Invalid(format!("{name}: {error}")))).transpose()
}

fn text(name: &str, value: Option<&String>) -> Result<Option<String>, Error> {
    match given(value) {
        Some(value) if value.chars().count() > MOST_CHARS => {
            Err(Error::Invalid(format!("{name} has more than {MOST_CHARS} characters")))
        }
        value => Ok(value.map(str::to_owned)),
    }
}

fn amount(name: &str, value: Option<&String>) -> Result<Option<f64>, Error> {
    let read = |value: &str| {
        let amount = value.parse::<f64>().ok().filter(|amount| amount.is_finite());
        amount.ok_or_else(|| Error::Invalid(format!("{name} is `{}`; it must be a number such as 48000", shown(value))))
    };
    given(value).map(read).transpose()
}

fn day(name: &str, value: Option<&String>) -> Result<Option<Date>, Error> {
    let read = |value: &str| {
        let day = value.parse::<Date>().ok().filter(|day| (1970..=9998).contains(&day.year()));
        day.ok_or_else(|| Error::Invalid(format!("{name} is `{}`; it must be a day such as 2026-06-14", shown(value))))
    };
    given(value).map(read).transpose()
}

fn midnight(day: Date) -> Result<Timestamp, Error> {
    let at = day.to_zoned(TimeZone::UTC).map_err(|error| Error::Invalid(format!("{day} is no day: {error}")))?;
    Ok(at.timestamp())
}

#[cfg(test)]
mod tests;
