//! Tokens as the pages list them, and what can be chosen for a new one.

use jiff::Timestamp;
use serde::Serialize;

use super::source::word;
use super::words::{Choice, day};
use crate::domain::user::Scope;
use crate::store::tokens::Token;

/// A token that still works.
#[derive(Debug, Clone, Serialize)]
pub(super) struct TokenLine {
    id: String,
    name: String,
    about: String,
}

/// The tokens that work at `now`.
pub(super) fn working(tokens: Vec<Token>, now: Timestamp) -> Vec<TokenLine> {
    let works = |token: &Token| token.revoked_at.is_none() && token.expires_at > now;
    tokens.into_iter().filter(works).map(line).collect()
}

fn line(token: Token) -> TokenLine {
    let may: Vec<&str> = token.scopes.iter().map(|scope| label(*scope)).collect();
    let used = token.used_at.map_or_else(|| "never used".to_owned(), |at| format!("last used {}", day(at)));
    let about = format!("{} · ends {}, {used}", may.join(", "), day(token.expires_at));
    TokenLine { id: token.id.to_string(), name: token.name, about }
}

/// What a token can be for.
pub(super) fn scopes() -> Vec<Choice> {
    Scope::ALL.iter().map(|scope| Choice { value: word(scope), label: label(*scope).to_owned() }).collect()
}

const fn label(scope: Scope) -> &'static str {
    match scope {
        Scope::Read => "read",
        Scope::Upload => "open deals and upload",
        Scope::Review => "review and finalize",
        Scope::Receive => "accept, return and ask",
        Scope::Crm => "report won deals",
        Scope::Manage => "assign deals, set policies, read the audit log",
    }
}
