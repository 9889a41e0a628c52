//! Within the caller's rights: what they may search of what they ask for, and the passages found there.

use std::collections::HashMap;

use crate::access::{Act, Caller, Sight};
use crate::domain::deal::{Deal, Source, SourceState};
use crate::domain::ids::{AccountId, DealId, SourceId};
use crate::error::Error;
use crate::index::{Hit, Reach};
use crate::retrieve::{Passage, Passages};
use crate::store::deals::{self, Filter};
use crate::store::{Conn, transcripts};

/// What the caller may search: of one deal, of one account, or of everything.
pub(crate) async fn reach(
    conn: &mut Conn,
    caller: &Caller,
    account: Option<&AccountId>,
    deal: Option<&DealId>,
) -> Result<Reach, Error> {
    caller.require_scope(Act::SeeDeal)?;
    if let Some(account) = account {
        caller.account(conn, account, Act::SeeDeal).await?;
    }
    let deals = match deal {
        Some(deal) => Some(vec![caller.deal(conn, deal, Act::SeeDeal).await?.id]),
        None if caller.sight() == Sight::All => None,
        None => Some(visible(conn, caller, account).await?.into_iter().map(|deal| deal.id).collect()),
    };
    Ok(Reach { tenant: caller.tenant.clone(), account: account.cloned(), deals })
}

/// The deals that the caller may see, of one account where it is given.
pub(super) async fn visible(conn: &mut Conn, caller: &Caller, account: Option<&AccountId>) -> Result<Vec<Deal>, Error> {
    let filter = Filter { account: account.cloned(), ..Filter::default() };
    Ok(deals::list(conn, &caller.tenant, &caller.sight(), &filter, None, u32::MAX).await?)
}

/// Hits to passages with their sources, best first. Whatever the index answers, no word is read before the caller's rights to
/// its source were asked.
pub(crate) async fn passages(
    conn: &mut Conn,
    caller: &Caller,
    hits: Vec<Hit>,
) -> Result<Vec<(Passage, Source)>, Error> {
    let mut found = Passages::default();
    let mut sources: HashMap<SourceId, Source> = HashMap::new();
    for hit in hits {
        if found.is_enough() {
            break;
        }
        let Some(wanted) = found.wants(&hit) else { continue };
        match caller.source(conn, &hit.source, Act::SeeDeal).await {
            // Nor is it searched once another version took its place.
            Ok(source) if source.state == SourceState::Replaced => continue,
            Ok(source) => drop(sources.insert(hit.source.clone(), source)),
            // The index may be a moment behind the records.
            Err(Error::NotFound { .. }) => continue,
            Err(error) => return Err(error),
        }
        let (from, to) = wanted.turns.into_inner();
        found.add(&hit, &transcripts::turns(conn, &wanted.source, from, to - from + 1).await?);
    }
    let with_source = |passage: Passage| {
        let source = sources.get(&passage.source)?.clone();
        Some((passage, source))
    };
    Ok(found.into_found().into_iter().filter_map(with_source).collect())
}
