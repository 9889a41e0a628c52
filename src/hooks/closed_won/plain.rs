//! Baton's own shape, for any system that can post JSON. Whoever writes it by hand is told exactly what is wrong with it.

use serde_json::{Map, Value};

use super::record::Record;
use super::{ClosedWon, CrmSystem, Notice, ParseError, values};

/// `{"account": {"name", "id"?}, "deal": {"id", "name", "amount"?, …}}`: the call itself says that the deal is won.
pub(super) fn notice(body: &Map<String, Value>) -> Result<Notice, ParseError> {
    let body = Record(body);
    let section = |name: &str| body.child(name).ok_or_else(|| ParseError::Missing(name.to_owned()));
    let (account, deal) = (section("account")?, section("deal")?);
    let missing = |key: &str| ParseError::Missing(key.to_owned());
    let external_id = deal.id(&["id"]).ok_or_else(|| missing("deal.id"))?;
    Ok(Notice::ClosedWon(Box::new(ClosedWon {
        account_name: Some(account.name(&["name"]).ok_or_else(|| missing("account.name"))?),
        account_external_id: account.id(&["id"]),
        deal_name: Some(deal.name(&["name"]).ok_or_else(|| missing("deal.name"))?),
        amount: optional(deal, "amount", values::decimal, "a decimal such as 48000.50")?,
        currency: optional(deal, "currency", values::currency, "a currency code such as EUR")?,
        segment: deal.name(&["segment"]),
        territory: deal.name(&["territory"]),
        owner_email: optional(deal, "owner_email", values::email, "a mail address")?,
        csm_email: optional(deal, "csm_email", values::email, "a mail address")?,
        closed_at: optional(
            deal,
            "closed_at",
            values::moment,
            "a time such as 2026-02-27T10:00:00Z, or milliseconds since 1970",
        )?,
        ..ClosedWon::bare(CrmSystem::Plain, external_id)
    })))
}

/// A key that may be left out, but not be wrong.
fn optional<T>(
    deal: Record<'_>,
    name: &str,
    read: impl Fn(&str) -> Option<T>,
    expected: &'static str,
) -> Result<Option<T>, ParseError> {
    let Some(text) = deal.raw(&[name]) else { return Ok(None) };
    read(&text).map(Some).ok_or_else(|| ParseError::Malformed { key: format!("deal.{name}"), expected })
}
