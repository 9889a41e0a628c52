//! The field catalogue: which questions a handoff answers.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One question a handoff answers; every item belongs to one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// Trigger, pain, driver, what influenced the decision.
    WhyBought,
    /// Outcomes and metrics that would make it clearly worth it.
    SuccessCriteria,
    /// A person and how they matter.
    Stakeholder,
    /// What one side said it will do.
    Commitment,
    /// What was sold, and what is out of scope.
    Scope,
    /// Dates and milestones.
    Timeline,
    /// Systems, integrations, data, constraints, migration.
    Technical,
    /// What nearly stopped them, what still worries them.
    Objection,
    /// Who else was in it, and why not chosen.
    Competitor,
    /// What could derail.
    Risk,
    /// How the negotiation went.
    Pricing,
    /// Who is for and against inside the customer. Sensitive.
    Politics,
    /// Preferences, rapport, personality. Sensitive.
    Relationship,
}

impl Field {
    /// Every field, in the order a handoff shows them.
    pub const ALL: [Self; 13] = [
        Self::WhyBought,
        Self::SuccessCriteria,
        Self::Commitment,
        Self::Stakeholder,
        Self::Scope,
        Self::Timeline,
        Self::Technical,
        Self::Objection,
        Self::Risk,
        Self::Competitor,
        Self::Pricing,
        Self::Politics,
        Self::Relationship,
    ];

    /// The fields that must be answered before a handoff is final.
    pub fn core() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(|field| field.is_core())
    }

    /// Whether the field must be answered before a handoff is final.
    #[must_use]
    pub const fn is_core(self) -> bool {
        !matches!(self, Self::Pricing | Self::Politics | Self::Relationship)
    }

    /// Whether the field holds notes about persons that no customer may see.
    #[must_use]
    pub const fn is_sensitive(self) -> bool {
        matches!(self, Self::Politics | Self::Relationship)
    }

    /// The word used in documents, requests and the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::WhyBought => "why_bought",
            Self::SuccessCriteria => "success_criteria",
            Self::Stakeholder => "stakeholder",
            Self::Commitment => "commitment",
            Self::Scope => "scope",
            Self::Timeline => "timeline",
            Self::Technical => "technical",
            Self::Objection => "objection",
            Self::Competitor => "competitor",
            Self::Risk => "risk",
            Self::Pricing => "pricing",
            Self::Politics => "politics",
            Self::Relationship => "relationship",
        }
    }

    /// The heading in a word, for where there is little room.
    #[must_use]
    pub const fn short(self) -> &'static str {
        match self {
            Self::WhyBought => "Why",
            Self::SuccessCriteria => "Success",
            Self::Stakeholder => "People",
            Self::Commitment => "Promises",
            Self::Scope => "Scope",
            Self::Timeline => "Dates",
            Self::Technical => "Technical",
            Self::Objection => "Objections",
            Self::Competitor => "Alternatives",
            Self::Risk => "Risks",
            Self::Pricing => "Price",
            Self::Politics => "Politics",
            Self::Relationship => "Relationship",
        }
    }

    /// What to ask the customer where the record says nothing on it; none for what nobody has to answer.
    #[must_use]
    pub const fn question(self) -> Option<&'static str> {
        match self {
            Self::WhyBought => Some("What made you act now, rather than next year?"),
            Self::SuccessCriteria => Some("In a year, what will you point at and say: it was worth it?"),
            Self::Stakeholder => Some("Who else will be asked about this before it goes live?"),
            Self::Commitment => Some("What have we promised you that you count on?"),
            Self::Scope => Some("What would you expect that is not on the order form?"),
            Self::Timeline => Some("Is there a date that cannot move?"),
            Self::Technical => Some("Which systems must this talk to on the first day?"),
            Self::Objection => Some("What still worries you about going ahead?"),
            Self::Competitor => Some("What would you have done without us?"),
            Self::Risk => Some("What could stop this after we start?"),
            Self::Pricing | Self::Politics | Self::Relationship => None,
        }
    }

    /// The heading people read.
    #[must_use]
    pub const fn heading(self) -> &'static str {
        match self {
            Self::WhyBought => "Why they bought",
            Self::SuccessCriteria => "What success looks like",
            Self::Stakeholder => "Who matters",
            Self::Commitment => "What was promised",
            Self::Scope => "What was sold",
            Self::Timeline => "Dates and milestones",
            Self::Technical => "Technical environment",
            Self::Objection => "Objections and concerns",
            Self::Competitor => "Alternatives considered",
            Self::Risk => "What could derail it",
            Self::Pricing => "How the price was negotiated",
            Self::Politics => "Politics",
            Self::Relationship => "Relationship",
        }
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A word that names no field of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no field of the catalogue")]
pub struct UnknownField(String);

impl FromStr for Field {
    type Err = UnknownField;

    fn from_str(text: &str) -> Result<Self, UnknownField> {
        Self::ALL
            .into_iter()
            .find(|field| field.as_str() == text)
            .ok_or_else(|| UnknownField(text.chars().take(80).collect()))
    }
}
