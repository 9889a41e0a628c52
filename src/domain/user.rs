//! Users: people and integrations, the roles they have and the scopes of their tokens.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::ids::{TenantId, UserId};
use super::vocabulary::vocabulary;

vocabulary!(
    /// What a user is to the handoffs of a tenant; what each role may do is decided in `access::policy`.
    Role {
        /// Account executive: sells, reviews and finalizes their own deals.
        Ae,
        /// Customer success manager: receives the deals assigned to them.
        Csm,
        /// Revenue operations: sees every deal, sets policies, audits.
        RevOps,
        /// Leadership: sees every deal and the patterns over them.
        Leader,
        /// Everything, people included.
        Admin,
    }
);
vocabulary!(
    /// Whether a user is a person or a program.
    UserKind {
        /// Signs in with a password, a link or the company's sign-on.
        Person,
        /// Signs in by token only.
        Integration,
    }
);
vocabulary!(
    /// Whether a user may come in.
    UserState {
        /// May come in.
        Active,
        /// May not; what they did stays in the record.
        Deactivated,
    }
);
vocabulary!(
    /// What a token may be used for; its user's role still decides on what.
    Scope {
        /// Read what its user may see.
        Read,
        /// Open accounts and deals, upload sources.
        Upload,
        /// Decide on items and finalize.
        Review,
        /// Accept, return, ask, correct, check in.
        Receive,
        /// Tell that a deal was won.
        Crm,
        /// Whose deals they are, policies, webhooks, the audit log. Who comes in is changed by people who are signed in.
        Manage,
    }
);

impl Role {
    /// The word people read.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Ae => "AE",
            Self::Csm => "CSM",
            Self::RevOps => "RevOps",
            Self::Leader => "Leader",
            Self::Admin => "Admin",
        }
    }
}

/// A person or an integration of a tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct User {
    /// The user's id.
    pub id: UserId,
    /// The tenant they belong to.
    #[serde(skip)]
    pub tenant: TenantId,
    /// Person or integration.
    pub kind: UserKind,
    /// The mail address a person signs in with, in lower case.
    pub email: Option<String>,
    /// The name that stands under what they decide.
    pub name: String,
    /// Their job title, for introductions.
    pub title: Option<String>,
    /// What they may do.
    pub role: Role,
    /// Whether they may come in.
    pub state: UserState,
    /// Whether they have chosen a password.
    pub has_password: bool,
    /// When they were added.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}
