//! `list_accounts`.

use std::fmt::Write as _;

use rmcp::schemars::{self, JsonSchema};
use serde::{Deserialize, Serialize};

use crate::access::{Act, Caller};
use crate::app::App;
use crate::domain::ids::AccountId;
use crate::error::Error;
use crate::mcp::page::{after, limit};
use crate::mcp::quote::Named;
use crate::mcp::tool::Told;
use crate::store::accounts;

pub(super) const NAME: &str = "list_accounts";
pub(super) const TITLE: &str = "List accounts";
pub(super) const ABOUT: &str = "The customer companies you may see, oldest first, with the ids that other tools take. To find one \
     by its name, use list_deals with q.";

/// Arguments of `list_accounts`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// The `next_cursor` of the answer before.
    cursor: Option<String>,
    /// How many at most, 1 to 100; 25 unless given.
    #[schemars(range(min = 1, max = 100))]
    limit: Option<u32>,
}

/// What `list_accounts` answers.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Output {
    /// The accounts.
    accounts: Vec<AccountOut>,
    /// Give it as `cursor` to read on; absent at the end.
    next_cursor: Option<String>,
}

/// An account.
#[derive(Debug, Serialize, JsonSchema)]
struct AccountOut {
    /// The account's id.
    id: String,
    /// The company's name.
    name: String,
}

pub(super) async fn run(app: &App, caller: &Caller, input: Input) -> Result<Told<Output>, Error> {
    caller.require_scope(Act::SeeDeal)?;
    let (limit, cursor) = (limit(input.limit)?, after::<AccountId>(input.cursor.as_deref())?);
    let mut conn = app.store.read().await?;
    let mut found = accounts::list(&mut conn, &caller.tenant, &caller.sight(), cursor.as_ref(), limit + 1).await?;
    let more = found.len() > usize::try_from(limit).unwrap_or(usize::MAX);
    if more {
        found.pop();
    }
    let next_cursor = found.last().filter(|_| more).map(|account| account.id.to_string());
    let accounts: Vec<AccountOut> =
        found.into_iter().map(|account| AccountOut { id: account.id.to_string(), name: account.name }).collect();
    let mut text = format!("{} accounts\n", accounts.len());
    for account in &accounts {
        let _ = writeln!(text, "- {} {}", account.id, Named(&account.name));
    }
    text.push_str(&super::more(next_cursor.as_deref()));
    Ok(Told::new(Output { accounts, next_cursor }, text))
}
