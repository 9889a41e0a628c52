//! Typed, prefixed, time-ordered identifiers: `deal_0198…` can never be passed where `src_0198…` is meant.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A text that is not an id of the expected kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not {what} id: expected `{prefix}` followed by 32 hexadecimal digits")]
pub struct InvalidId {
    text: String,
    what: &'static str,
    prefix: &'static str,
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal, $what:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
        #[serde(try_from = "String", into = "String")]
        #[schema(value_type = String)]
        pub struct $name(String);

        impl $name {
            /// A new id; ids made later sort after ids made earlier (UUID version 7).
            #[must_use]
            pub fn generate() -> Self {
                Self(format!(concat!($prefix, "{}"), Uuid::now_v7().simple()))
            }

            /// The id that always belongs to the same `parts`: the same finding drafted twice is one item.
            #[must_use]
            pub fn derived(parts: &[&str]) -> Self {
                let name = parts.join("\u{1f}");
                let uuid = Uuid::new_v5(&Uuid::NAMESPACE_OID, name.as_bytes());
                Self(format!(concat!($prefix, "{}"), uuid.simple()))
            }

            /// The id as text, prefix included.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                let digits = text.strip_prefix($prefix).unwrap_or_default();
                if digits.len() == 32 && digits.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
                    Ok(Self(text.to_owned()))
                } else {
                    Err(InvalidId { text: text.chars().take(80).collect(), what: $what, prefix: $prefix })
                }
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidId;

            fn try_from(text: String) -> Result<Self, InvalidId> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

id!(
    /// A tenant (workspace): the outermost wall; no query crosses it.
    TenantId, "tnt_", "a tenant"
);
id!(
    /// A customer company.
    AccountId, "acc_", "an account"
);
id!(
    /// One sale to an account.
    DealId, "deal_", "a deal"
);
id!(
    /// One file of a deal's record: a call transcript, notes, a mail, a contract.
    SourceId, "src_", "a source"
);
id!(
    /// One finding of a draft.
    ItemId, "itm_", "an item"
);
id!(
    /// One background job.
    JobId, "job_", "a job"
);
id!(
    /// One finalized, immutable version of a handoff.
    VersionId, "ver_", "a version"
);
id!(
    /// A person, or an integration.
    UserId, "usr_", "a user"
);
id!(
    /// One sign-in of a person.
    SessionId, "ses_", "a session"
);
id!(
    /// One API token.
    TokenId, "tok_", "a token"
);
id!(
    /// One clarifying question of customer success.
    QuestionId, "qst_", "a question"
);
id!(
    /// One correction by the customer.
    CorrectionId, "cor_", "a correction"
);
id!(
    /// One acceptance or return of a version.
    ReceiptId, "rcp_", "a receipt"
);
id!(
    /// One pulse or check-in after the handover.
    CheckInId, "chk_", "a check-in"
);
id!(
    /// One assignment rule.
    RuleId, "rul_", "a rule"
);
id!(
    /// One thing that happened, as other systems are told of it.
    EventId, "evt_", "an event"
);
id!(
    /// One address that is told of events.
    WebhookId, "whk_", "a webhook"
);
id!(
    /// The telling of one event to one webhook.
    DeliveryId, "dlv_", "a delivery"
);
id!(
    /// One profile of a customer as it was kept.
    SnapshotId, "snp_", "a snapshot"
);
id!(
    /// One answered question to the record.
    AnswerId, "ans_", "an answer"
);
id!(
    /// One filter of the ledger that somebody keeps.
    ViewId, "view_", "a view"
);
