//! `list_deals`.

use std::fmt::Write as _;

use rmcp::schemars::{self, JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Serialize};

use super::{deal_link, one_of};
use crate::access::{Act, Caller};
use crate::app::App;
use crate::domain::deal::DealState;
use crate::domain::ids::AccountId;
use crate::error::Error;
use crate::mcp::page::{after, limit};
use crate::mcp::quote::Named;
use crate::mcp::tool::Told;
use crate::store::deals::{self, Filter, ListedDeal};

pub(super) const NAME: &str = "list_deals";
pub(super) const TITLE: &str = "List deals";
pub(super) const ABOUT: &str = "The deals (one sale to an account each) you may see, the nearest open deadline first. Filter by the \
     state of the handoff, by account, or by a part of the deal's or the account's name (q).";

/// Arguments of `list_deals`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// Those whose handoff is in this state.
    #[serde(default)]
    #[schemars(schema_with = "states", example = &"finalized")]
    state: Option<DealState>,
    /// Those of this account, by its id.
    #[schemars(with = "Option<String>", example = &"acc_01981f2e7c3b7d4e8a5f6b1c2d3e4f50")]
    account: Option<AccountId>,
    /// Those whose own or whose account's name holds this.
    #[schemars(length(max = 200), example = &"harbor")]
    q: Option<String>,
    /// The `next_cursor` of the answer before.
    cursor: Option<String>,
    /// How many at most, 1 to 100; 25 unless given.
    #[schemars(range(min = 1, max = 100))]
    limit: Option<u32>,
}

fn states(_: &mut SchemaGenerator) -> Schema {
    use DealState::{Accepted, Collecting, Drafted, Finalized, InReview, Returned};
    one_of(&[Collecting, Drafted, InReview, Finalized, Accepted, Returned])
}

/// What `list_deals` answers.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Output {
    /// The deals.
    deals: Vec<DealOut>,
    /// Give it as `cursor` to read on; absent at the end.
    next_cursor: Option<String>,
}

/// A deal in the list.
#[derive(Debug, Serialize, JsonSchema)]
struct DealOut {
    /// The deal's id.
    id: String,
    /// The deal's name.
    name: String,
    /// The account's id.
    account_id: String,
    /// The account's name.
    account: String,
    /// How far the handoff is.
    state: &'static str,
    /// The account executive's name.
    owner: Option<String>,
    /// The customer success manager's name.
    csm: Option<String>,
    /// When it was won; absent before.
    closed_at: Option<String>,
    /// The deal's page.
    link: String,
}

pub(super) async fn run(app: &App, caller: &Caller, input: Input) -> Result<Told<Output>, Error> {
    caller.require_scope(Act::SeeDeal)?;
    let (limit, offset) = (limit(input.limit)?, after::<u32>(input.cursor.as_deref())?.unwrap_or(0));
    let filter = Filter { account: input.account, state: input.state, text: input.q };
    let mut conn = app.store.read().await?;
    let mut found = deals::by_deadline(&mut conn, &caller.tenant, &caller.sight(), &filter, offset, limit + 1).await?;
    let more = found.len() > usize::try_from(limit).unwrap_or(usize::MAX);
    if more {
        found.pop();
    }
    let next_cursor = more.then(|| offset.saturating_add(limit).to_string());
    let deals: Vec<DealOut> = found.into_iter().map(|listed| told(app, listed)).collect();
    let mut text = format!("{} deals\n", deals.len());
    for deal in &deals {
        let _ = write!(text, "- {} {} of {}: {}", deal.id, Named(&deal.name), Named(&deal.account), deal.state);
        for (role, name) in [("AE", &deal.owner), ("CSM", &deal.csm)] {
            if let Some(name) = name {
                let _ = write!(text, ", {role} {}", Named(name));
            }
        }
        text.push('\n');
    }
    text.push_str(&super::more(next_cursor.as_deref()));
    Ok(Told::new(Output { deals, next_cursor }, text))
}

fn told(app: &App, ListedDeal { deal, account, owner, csm }: ListedDeal) -> DealOut {
    DealOut {
        link: deal_link(app, &deal.id),
        id: deal.id.to_string(),
        name: deal.name,
        account_id: deal.account_id.to_string(),
        account,
        state: deal.state.as_str(),
        owner,
        csm,
        closed_at: deal.terms.closed_at.map(|at| at.to_string()),
    }
}
