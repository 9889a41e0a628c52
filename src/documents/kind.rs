//! Which documents a final version comes as.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One document of a final version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DocumentKind {
    /// One to two pages for whoever takes over.
    Brief,
    /// Everything that was approved, with every citation.
    Full,
    /// The meeting in which sales hands over to customer success.
    Agenda,
    /// The mail in which the account executive introduces the customer success manager.
    Introduction,
    /// What was understood, for the customer to correct.
    ReadBack,
    /// What the customer success manager prepares before the kickoff.
    Kickoff,
    /// The first ninety days, to be agreed on with the customer.
    SuccessPlan,
    /// Who the customer is, as far as the record says it.
    ClientDna,
    /// Properties for a CRM, through a mapping file.
    Crm,
    /// The handoff itself.
    Json,
}

/// Who reads a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// People of the company that sells.
    Internal,
    /// The customer, too.
    Customer,
}

impl DocumentKind {
    /// Every document, in the order in which a handover needs them.
    pub const ALL: [Self; 10] = [
        Self::Brief,
        Self::Full,
        Self::Agenda,
        Self::Introduction,
        Self::ReadBack,
        Self::Kickoff,
        Self::SuccessPlan,
        Self::ClientDna,
        Self::Crm,
        Self::Json,
    ];

    /// The word used in addresses and requests.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Brief => "brief",
            Self::Full => "full",
            Self::Agenda => "agenda",
            Self::Introduction => "introduction",
            Self::ReadBack => "read_back",
            Self::Kickoff => "kickoff",
            Self::SuccessPlan => "success_plan",
            Self::ClientDna => "client_dna",
            Self::Crm => "crm",
            Self::Json => "json",
        }
    }

    /// The title people read.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Brief => "Brief",
            Self::Full => "Full handoff",
            Self::Agenda => "Handover meeting",
            Self::Introduction => "Introduction mail",
            Self::ReadBack => "Read-back for the customer",
            Self::Kickoff => "Kickoff preparation",
            Self::SuccessPlan => "Success plan (draft)",
            Self::ClientDna => "Client DNA",
            Self::Crm => "CRM payload",
            Self::Json => "Handoff as JSON",
        }
    }

    /// Who reads it.
    #[must_use]
    pub const fn audience(self) -> Audience {
        match self {
            Self::Introduction | Self::ReadBack => Audience::Customer,
            _ => Audience::Internal,
        }
    }

    /// Whether notes about persons may stand in it, for those who may see them; in every other document they never do.
    #[must_use]
    pub const fn may_hold_sensitive(self) -> bool {
        matches!(self, Self::Full | Self::Agenda | Self::Kickoff | Self::ClientDna | Self::Json)
    }

    /// Whether it is kept with its version as it was when that became final. The others are working papers: they name people
    /// and deadlines as they are when somebody opens them.
    #[must_use]
    pub const fn is_kept(self) -> bool {
        matches!(self, Self::Brief | Self::Full | Self::ReadBack | Self::Json)
    }

    /// What its text is.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Crm | Self::Json => "application/json",
            _ => "text/markdown; charset=utf-8",
        }
    }
}

impl fmt::Display for DocumentKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A word that names no document.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no document; there are brief, full, agenda, introduction, read_back, kickoff, success_plan, client_dna, crm and json"
)]
pub struct UnknownDocument(String);

impl FromStr for DocumentKind {
    type Err = UnknownDocument;

    fn from_str(text: &str) -> Result<Self, UnknownDocument> {
        let named = Self::ALL.into_iter().find(|kind| kind.as_str() == text);
        named.ok_or_else(|| UnknownDocument(text.chars().take(80).collect()))
    }
}
