//! Accounts, deals and their sources as records.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::ids::{AccountId, DealId, SourceId, TenantId, UserId};
use super::transcript::{Format, SourceKind};

/// A customer company.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Account {
    /// The account's id.
    pub id: AccountId,
    /// The tenant it belongs to.
    #[serde(skip)]
    pub tenant: TenantId,
    /// The company's name.
    pub name: String,
    /// When it was created.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

/// One sale to an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Deal {
    /// The deal's id.
    pub id: DealId,
    /// The tenant it belongs to.
    #[serde(skip)]
    pub tenant: TenantId,
    /// The account it is a sale to.
    pub account_id: AccountId,
    /// The deal's name.
    pub name: String,
    /// How far the handoff is.
    pub state: DealState,
    /// The account executive whose deal it is.
    #[serde(rename = "owner_id")]
    pub owner: Option<UserId>,
    /// The customer success manager who receives it.
    #[serde(rename = "csm_id")]
    pub csm: Option<UserId>,
    /// What the CRM knows of it.
    #[serde(flatten)]
    pub terms: DealTerms,
    /// Counts every change to the draft or its review; the deal's `ETag`.
    pub revision: i64,
    /// When it was created.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

/// What the CRM knows of a deal; all of it may be unknown.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DealTerms {
    /// The segment, for SLA policies and assignment.
    pub segment: Option<String>,
    /// The territory, for assignment.
    pub territory: Option<String>,
    /// The product it is about, where somebody says it; promises are told apart by it.
    pub product: Option<String>,
    /// The amount as a decimal, as the CRM gives it.
    pub amount: Option<String>,
    /// The currency of the amount, ISO 4217.
    pub currency: Option<String>,
    /// When it was won. Before that the handoff is in pre-close mode: it collects, and asks for what is missing.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub closed_at: Option<Timestamp>,
}

/// Where a deal is kept besides Baton.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CrmSystem {
    /// Any system that speaks Baton's own plain shape.
    #[default]
    Plain,
    /// HubSpot.
    Hubspot,
    /// Salesforce.
    Salesforce,
}

impl CrmSystem {
    /// The word used in documents and the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Hubspot => "hubspot",
            Self::Salesforce => "salesforce",
        }
    }
}

/// How far a deal's handoff is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DealState {
    /// Sources come in; nothing is drafted yet.
    Collecting,
    /// An engine has drafted items; nobody decided on any.
    Drafted,
    /// A person has begun to decide.
    InReview,
    /// A version was finalized and nothing has changed since.
    Finalized,
    /// Customer success has accepted the last version.
    Accepted,
    /// Customer success has sent the last version back, with reasons.
    Returned,
}

impl DealState {
    /// The word used in documents and the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Collecting => "collecting",
            Self::Drafted => "drafted",
            Self::InReview => "in_review",
            Self::Finalized => "finalized",
            Self::Accepted => "accepted",
            Self::Returned => "returned",
        }
    }

    /// The state after an engine drafted; `decided` says whether somebody has decided on any item. A review that has begun
    /// goes on, and what is final, accepted or given back stays so until a person decides on what came since: that is an
    /// amendment, and no engine makes one.
    #[must_use]
    pub const fn after_draft(self, decided: bool) -> Self {
        match self {
            Self::Collecting | Self::Drafted if decided => Self::InReview,
            Self::Collecting | Self::Drafted => Self::Drafted,
            Self::InReview | Self::Finalized | Self::Accepted | Self::Returned => self,
        }
    }
}

/// Where a source is on its way from file to evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SourceState {
    /// Accepted and kept; a job will read it.
    Queued,
    /// Parsed, embedded and indexed.
    Ready,
    /// It cannot be used; `error` says why.
    Failed,
    /// A corrected version took its place: it stays for the versions that cite it, and is searched and drafted from no more.
    Replaced,
}

/// One file of a deal's record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Source {
    /// The source's id.
    pub id: SourceId,
    /// The tenant it belongs to.
    #[serde(skip)]
    pub tenant: TenantId,
    /// The deal it belongs to.
    pub deal_id: DealId,
    /// Its file name.
    pub name: String,
    /// SHA-256 of its bytes, hexadecimal: the same bytes twice in a deal are one source.
    pub content_hash: String,
    /// Its size.
    pub size_bytes: i64,
    /// Where it is on its way.
    pub state: SourceState,
    /// What it is, once it is parsed.
    pub kind: Option<SourceKind>,
    /// The format it was read as, once it is parsed.
    pub format: Option<Format>,
    /// Why it cannot be used.
    pub error: Option<String>,
    /// The source that it is a corrected version of.
    pub replaces: Option<SourceId>,
    /// The corrected version that took its place.
    pub replaced_by: Option<SourceId>,
    /// When it was uploaded.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}
