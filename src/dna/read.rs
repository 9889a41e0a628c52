//! Use cases: the profile of a deal or an account as it is now, as far as the caller may see it, and what changed in it.

use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::changes::{DnaChanges, KeptProfile, compare};
use super::document::{ClientDna, DnaDeal};
use super::join::join;
use super::profile::{Around, profile};
use crate::access::{Act, Caller, Sight};
use crate::app::App;
use crate::audit;
use crate::domain::deal::{Account, Deal};
use crate::domain::hash::content_hash;
use crate::domain::ids::{AccountId, DealId, SnapshotId};
use crate::domain::record::ItemRecord;
use crate::error::Error;
use crate::store::deals::{self, Filter};
use crate::store::dna::{self, Snapshot};
use crate::store::{Conn, accounts, items};

/// Deals of an account that are joined.
const MOST_DEALS: u32 = 200;

/// Since when changes are told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Since {
    /// Since a profile that was kept.
    Snapshot(SnapshotId),
    /// Since the end of a day, in UTC, or a moment: the last profile that was kept until then.
    Moment(Timestamp),
    /// Since the last profile that said something else.
    Last,
}

impl Since {
    /// As it is said; the last profile that said something else where nothing is.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] for what is no day, no moment and no snapshot's id.
    pub fn read(said: Option<&str>) -> Result<Self, Error> {
        said.filter(|said| !said.is_empty()).map_or(Ok(Self::Last), str::parse)
    }
}

impl FromStr for Since {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        if let Ok(id) = text.parse() {
            return Ok(Self::Snapshot(id));
        }
        let end_of_day = |day: Date| Some(day.tomorrow().ok()?.to_zoned(TimeZone::UTC).ok()?.timestamp());
        let moment = text.parse().ok().or_else(|| text.parse().ok().and_then(end_of_day));
        moment.map(Self::Moment).ok_or_else(|| {
            Error::Invalid(
                "`since` is a day (2026-03-02), a moment (2026-03-02T10:00:00Z) or a snapshot's id".to_owned(),
            )
        })
    }
}

/// The profile of a deal.
///
/// # Errors
///
/// [`Error::NotFound`] and [`Error::Forbidden`] after the caller's rights.
pub async fn of_deal(app: &App, caller: &Caller, id: &DealId) -> Result<ClientDna, Error> {
    let mut conn = app.store.snapshot().await?;
    let deal = caller.deal(&mut conn, id, Act::SeeDeal).await?;
    seen(&mut conn, caller, &deal).await
}

/// The profile of an account: of those of its deals that the caller may see, and of each what they may see of it.
///
/// # Errors
///
/// As [`of_deal`].
pub async fn of_account(app: &App, caller: &Caller, id: &AccountId) -> Result<ClientDna, Error> {
    let mut conn = app.store.snapshot().await?;
    let (account, deals) = deals_of(&mut conn, caller, id).await?;
    let mut profiles = Vec::new();
    for deal in &deals {
        profiles.push(seen(&mut conn, caller, deal).await?);
    }
    Ok(join(&account.name, profiles))
}

/// What changed in the profile of a deal.
///
/// # Errors
///
/// As [`of_deal`]; [`Error::NotFound`] for a snapshot that the deal does not have.
pub async fn changes_of_deal(app: &App, caller: &Caller, id: &DealId, since: &Since) -> Result<DnaChanges, Error> {
    let mut conn = app.store.snapshot().await?;
    let deal = caller.deal(&mut conn, id, Act::SeeDeal).await?;
    let changes = changed(&mut conn, caller, &deal, since).await?;
    match since {
        Since::Snapshot(wanted) if changes.since.is_empty() => Err(Error::not_found("snapshot", wanted)),
        _ => Ok(changes),
    }
}

/// What changed in the profile of an account, deal by deal.
///
/// # Errors
///
/// As [`of_deal`]; [`Error::Invalid`] for a snapshot, which is of one deal.
pub async fn changes_of_account(
    app: &App,
    caller: &Caller,
    id: &AccountId,
    since: &Since,
) -> Result<DnaChanges, Error> {
    let mut conn = app.store.snapshot().await?;
    let (_, deals) = deals_of(&mut conn, caller, id).await?;
    if matches!(since, Since::Snapshot(_)) {
        return Err(Error::Invalid("a snapshot is of one deal; say a day or a moment for an account".to_owned()));
    }
    let mut all = DnaChanges::none();
    for deal in &deals {
        let of_it = changed(&mut conn, caller, deal, since).await?;
        all.since.extend(of_it.since);
        all.came.extend(of_it.came);
        all.went.extend(of_it.went);
        all.changed.extend(of_it.changed);
        all.kept.extend(of_it.kept);
    }
    all.kept.sort_by(|a, b| b.at.cmp(&a.at).then_with(|| b.id.cmp(&a.id)));
    Ok(all)
}

async fn deals_of(conn: &mut Conn, caller: &Caller, id: &AccountId) -> Result<(Account, Vec<Deal>), Error> {
    let account = caller.account(conn, id, Act::SeeDeal).await?;
    let filter = Filter { account: Some(id.clone()), ..Filter::default() };
    let deals = deals::list(conn, &caller.tenant, &caller.sight(), &filter, None, MOST_DEALS).await?;
    Ok((account, deals))
}

/// What the caller may see of a deal's profile.
async fn seen(conn: &mut Conn, caller: &Caller, deal: &Deal) -> Result<ClientDna, Error> {
    let whole = composed(conn, deal).await?;
    Ok(if caller.may_with(Act::SeeSensitive, deal) { whole } else { whole.without_sensitive() })
}

/// The whole profile of a deal, for nobody in particular.
pub(super) async fn composed(conn: &mut Conn, deal: &Deal) -> Result<ClientDna, Error> {
    let account = accounts::find(conn, &deal.tenant, &Sight::All, &deal.account_id).await?;
    let name = account.map(|account| account.name).unwrap_or_default();
    let stored = items::list(conn, &deal.id).await?;
    let records: Vec<ItemRecord> = stored.iter().map(|stored| ItemRecord::from(&stored.item)).collect();
    let around = around(conn, deal).await?;
    Ok(profile(&name, named(deal), &records, &around))
}

/// What is known around a deal's items.
pub(crate) async fn around(conn: &mut Conn, deal: &Deal) -> Result<Around, Error> {
    let log = dna::log(conn, &deal.tenant, &deal.id).await?;
    Ok(Around {
        outcomes: dna::outcomes(conn, &deal.id).await?,
        phrases: dna::phrases(conn, &deal.id).await?,
        heard: dna::heard(conn, &deal.id).await?,
        log: log.into_iter().map(audit::shown).collect::<Result<_, _>>()?,
    })
}

fn named(deal: &Deal) -> DnaDeal {
    DnaDeal { id: Some(deal.id.to_string()), name: deal.name.clone() }
}

async fn changed(conn: &mut Conn, caller: &Caller, deal: &Deal, since: &Since) -> Result<DnaChanges, Error> {
    let sees = caller.may_with(Act::SeeSensitive, deal);
    let now = composed(conn, deal).await?;
    let kept = dna::snapshots(conn, &deal.id).await?;
    let chosen = match since {
        Since::Snapshot(id) => kept.iter().find(|snapshot| snapshot.id == *id),
        Since::Moment(until) => kept.iter().find(|snapshot| snapshot.at <= *until),
        Since::Last => {
            let hash = content_hash(dna::document(&now)?.as_bytes());
            kept.iter().find(|snapshot| snapshot.content_hash != hash)
        }
    };
    let name = named(deal);
    let shown = |snapshot: &Snapshot| KeptProfile {
        id: snapshot.id.clone(),
        deal: name.clone(),
        occasion: snapshot.occasion,
        at: snapshot.at,
    };
    let old = match chosen {
        Some(snapshot) => dna::snapshot(conn, &deal.id, &snapshot.id).await?,
        None => None,
    };
    let stored = items::list(conn, &deal.id).await?.into_iter();
    let notes = stored.filter(|stored| stored.item.field().is_sensitive()).map(|stored| stored.item.id.to_string());
    Ok(DnaChanges {
        since: chosen.map(shown).into_iter().collect(),
        kept: kept.iter().map(shown).collect(),
        ..compare(old.as_ref(), &now, &name, sees, &notes.collect::<Vec<_>>())
    })
}
