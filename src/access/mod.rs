//! Who may come in, and what they may do once they are in.
//!
//! A request becomes a [`Caller`]: a user of one tenant, who came with a session or a token. Every use case takes the caller
//! and asks [`Caller::deal`] or [`Caller::require`] before it reads or writes a word; what each role may do stands in one
//! table, [`policy`].

pub mod oidc;
pub mod people;
pub mod policy;
pub mod secret;
pub mod sign_in;
pub mod tokens;

mod local_path;
mod password;

pub use local_path::LocalPath;
pub use policy::{Act, Tie};

use crate::domain::deal::{Account, Deal, Source};
use crate::domain::ids::{AccountId, DealId, ItemId, SessionId, SourceId, TenantId, UserId, VersionId};
use crate::domain::user::{Role, Scope, User};
use crate::error::Error;
use crate::store::items::StoredItem;
use crate::store::versions::Version;
use crate::store::{Conn, accounts, deals, items, sources, versions};

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The tenant whose words they may see; nothing crosses it.
    pub tenant: TenantId,
    /// The user; none for Baton itself, on the command line of the machine.
    pub user: Option<UserId>,
    /// The name that stands under what they do.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// What they came in with.
    pub means: Means,
}

/// What a caller came in with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Means {
    /// A browser's session: all that the role allows.
    Session(SessionId),
    /// A token: what the role allows, within the token's scopes.
    Token(Vec<Scope>),
    /// The command line on the machine that holds the data.
    Console,
}

/// Which deals of a tenant a list may hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sight {
    /// All of them.
    All,
    /// Those that this user owns, or that are assigned to them.
    Of(UserId),
}

impl Sight {
    /// The user whose deals they are; none for all deals.
    #[must_use]
    pub fn user(&self) -> Option<&str> {
        match self {
            Self::All => None,
            Self::Of(user) => Some(user.as_str()),
        }
    }
}

impl Caller {
    /// The command line on the machine that holds the data.
    #[must_use]
    pub fn console(tenant: TenantId) -> Self {
        Self { tenant, user: None, name: "baton".to_owned(), role: Role::Admin, means: Means::Console }
    }

    /// Baton itself, reading for everybody who may see a deal: every deal of the tenant, and no note about a person.
    #[must_use]
    pub fn for_readers(tenant: TenantId) -> Self {
        Self { role: Role::Leader, ..Self::console(tenant) }
    }

    /// A user who came in by `means`.
    #[must_use]
    pub fn of(user: User, means: Means) -> Self {
        Self { tenant: user.tenant, user: Some(user.id), name: user.name, role: user.role, means }
    }

    /// The user who came in.
    ///
    /// # Errors
    ///
    /// [`Error::Forbidden`] for the command line, which is nobody.
    pub fn person(&self) -> Result<&UserId, Error> {
        self.user.as_ref().ok_or_else(|| Error::Forbidden("this is done by a user who is signed in".to_owned()))
    }

    /// Refuses tokens: what leaked must not change who comes in.
    ///
    /// # Errors
    ///
    /// [`Error::Forbidden`] for a token.
    pub fn require_session(&self) -> Result<(), Error> {
        match self.means {
            Means::Token(_) => Err(Error::Forbidden("a token may not do this; sign in for it".to_owned())),
            Means::Session(_) | Means::Console => Ok(()),
        }
    }

    /// What the caller is to a deal.
    #[must_use]
    pub fn tie(&self, deal: &Deal) -> Tie {
        match &self.user {
            Some(user) if deal.owner.as_ref() == Some(user) => Tie::Owner,
            Some(user) if deal.csm.as_ref() == Some(user) => Tie::Csm,
            _ => Tie::None,
        }
    }

    /// Whether the caller may do this to this deal.
    #[must_use]
    pub fn may_with(&self, act: Act, deal: &Deal) -> bool {
        deal.tenant == self.tenant && self.within_scopes(act) && policy::allows(self.role, self.tie(deal), act)
    }

    /// Whether the caller may do this in their tenant.
    #[must_use]
    pub fn may(&self, act: Act) -> bool {
        self.within_scopes(act) && policy::allows(self.role, Tie::None, act)
    }

    fn within_scopes(&self, act: Act) -> bool {
        match &self.means {
            Means::Token(scopes) => scopes.contains(&act.scope()),
            Means::Session(_) | Means::Console => true,
        }
    }

    /// Refuses what the caller may not do in their tenant.
    ///
    /// # Errors
    ///
    /// [`Error::Forbidden`].
    pub fn require(&self, act: Act) -> Result<(), Error> {
        if self.may(act) { Ok(()) } else { Err(self.refusal(act)) }
    }

    /// Refuses a token whose scopes do not hold this; lists then show what the caller may see, be it nothing.
    ///
    /// # Errors
    ///
    /// [`Error::Forbidden`].
    pub fn require_scope(&self, act: Act) -> Result<(), Error> {
        if self.within_scopes(act) { Ok(()) } else { Err(self.refusal(act)) }
    }

    fn refusal(&self, act: Act) -> Error {
        if self.within_scopes(act) {
            return Error::Forbidden(format!("your role ({}) may not {}", self.role.title(), act.in_words()));
        }
        let scope = serde_json::to_value(act.scope()).unwrap_or_default();
        Error::Forbidden(format!("this token lacks the scope {scope}, which it takes to {}", act.in_words()))
    }

    /// The deal, if the caller may do this to it. A deal that the caller may not see is not there.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] where the caller may not see it; [`Error::Forbidden`] where they may see but not do.
    pub async fn deal(&self, conn: &mut Conn, id: &DealId, act: Act) -> Result<Deal, Error> {
        let found = deals::find(conn, &self.tenant, id).await?;
        let deal = found.filter(|deal| self.sees(deal)).ok_or_else(|| Error::not_found("deal", id))?;
        if self.may_with(act, &deal) { Ok(deal) } else { Err(self.refusal(act)) }
    }

    /// The source, if the caller may do this to its deal.
    ///
    /// # Errors
    ///
    /// As [`Caller::deal`], in the words of a source.
    pub async fn source(&self, conn: &mut Conn, id: &SourceId, act: Act) -> Result<Source, Error> {
        let found = sources::find(conn, &self.tenant, id).await?;
        let source = found.ok_or_else(|| Error::not_found("source", id))?;
        behind(self.deal(conn, &source.deal_id, act).await, || Error::not_found("source", id))?;
        Ok(source)
    }

    /// The item, if the caller may do this to its deal, and see notes about persons where it is one.
    ///
    /// # Errors
    ///
    /// As [`Caller::deal`], in the words of an item.
    pub async fn item(&self, conn: &mut Conn, id: &ItemId, act: Act) -> Result<StoredItem, Error> {
        let gone = || Error::not_found("item", id);
        let stored = items::find(conn, &self.tenant, id).await?.ok_or_else(gone)?;
        let deal = behind(self.deal(conn, &stored.deal, act).await, gone)?;
        if stored.item.field().is_sensitive() && !self.may_with(Act::SeeSensitive, &deal) {
            return Err(gone());
        }
        Ok(stored)
    }

    /// The version and its deal, if the caller may do this to it.
    ///
    /// # Errors
    ///
    /// As [`Caller::deal`], in the words of a version.
    pub async fn version(&self, conn: &mut Conn, id: &VersionId, act: Act) -> Result<(Version, Deal), Error> {
        let gone = || Error::not_found("version", id);
        let version = versions::find(conn, &self.tenant, id).await?.ok_or_else(gone)?;
        let deal = behind(self.deal(conn, &version.deal, act).await, gone)?;
        Ok((version, deal))
    }

    /// Whether the deal is there for the caller, whatever their token may be used for.
    fn sees(&self, deal: &Deal) -> bool {
        deal.tenant == self.tenant && policy::allows(self.role, self.tie(deal), Act::SeeDeal)
    }

    /// Which deals the caller's lists may hold.
    #[must_use]
    pub fn sight(&self) -> Sight {
        match &self.user {
            Some(user) if !policy::allows(self.role, Tie::None, Act::SeeDeal) => Sight::Of(user.clone()),
            _ => Sight::All,
        }
    }

    /// The account, if the caller may see it: one of its deals, or that they opened it.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] where the caller may not see it; [`Error::Forbidden`] for a token without the scope.
    pub async fn account(&self, conn: &mut Conn, id: &AccountId, act: Act) -> Result<Account, Error> {
        let found = accounts::find(conn, &self.tenant, &self.sight(), id).await?;
        let account = found.ok_or_else(|| Error::not_found("account", id))?;
        if act == Act::SeeDeal && self.within_scopes(act) {
            return Ok(account);
        }
        self.require(act).map(|()| account)
    }
}

/// What belongs to a deal that is not there for the caller is not there either, and says so in its own words.
fn behind(deal: Result<Deal, Error>, gone: impl FnOnce() -> Error) -> Result<Deal, Error> {
    match deal {
        Err(Error::NotFound { .. }) => Err(gone()),
        other => other,
    }
}
