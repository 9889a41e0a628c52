//! Where a promise stands in an order, as cursors tell it.

use std::fmt::Display;

use crate::domain::ids::ItemId;
use crate::error::Error;
use crate::ledger::filter::Sort;

/// Where a promise stands in an order: the value it is ordered by, and its id among equals.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    pub(super) key: Key,
    pub(super) id: ItemId,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Key {
    Day(String),
    Moment(i64),
    Amount(f64),
}

/// Behind every day.
pub(super) const NO_DAY: &str = "9999-99-99";
/// Before every moment.
pub(super) const NO_MOMENT: i64 = -9_000_000_000_000_000;
/// Below every amount.
pub(super) const NO_AMOUNT: f64 = -1e300;

impl Place {
    /// The place as a page gives it away.
    #[must_use]
    pub fn cursor(&self, sort: Sort) -> String {
        let key: &dyn Display = match &self.key {
            Key::Day(day) => day,
            Key::Moment(at) => at,
            Key::Amount(amount) => amount,
        };
        format!("{}~{key}~{}", crate::ledger::word(&sort), self.id)
    }

    /// The place that a page of this order gave away.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] where it is none.
    pub fn read(cursor: &str, sort: Sort) -> Result<Self, Error> {
        let read = || {
            let mut parts = cursor.splitn(3, '~');
            let (of, key, id) = (parts.next()?, parts.next()?, parts.next()?);
            let key = match sort {
                _ if of != crate::ledger::word(&sort) => return None,
                Sort::Due => Key::Day(key.to_owned()),
                Sort::Closed => Key::Moment(key.parse().ok()?),
                Sort::Amount => Key::Amount(key.parse().ok().filter(|amount: &f64| amount.is_finite())?),
            };
            Some(Self { key, id: id.parse().ok()? })
        };
        read().ok_or_else(|| {
            Error::Invalid("the cursor is not one that a page of this order gave; start without one".to_owned())
        })
    }
}
