//! What an item says, field by field: each field of the catalogue has its own attributes, and no item can carry another's.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::field::Field;
use super::transcript::Side;
pub use super::vocabulary::{
    Category, ContractStatus, History, Level, ObjectionStatus, Role, Stance, Strength, TechnicalKind, TimelineKind,
    WhyKind,
};

/// A field together with its attributes; serializes as `{"field": …, "attributes": {…}}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "field", content = "attributes", rename_all = "snake_case", deny_unknown_fields)]
pub enum Finding {
    /// See [`Field::WhyBought`].
    WhyBought(WhyBought),
    /// See [`Field::SuccessCriteria`].
    SuccessCriteria(SuccessCriteria),
    /// See [`Field::Stakeholder`].
    Stakeholder(Stakeholder),
    /// See [`Field::Commitment`].
    Commitment(Commitment),
    /// See [`Field::Scope`].
    Scope(Scope),
    /// See [`Field::Timeline`].
    Timeline(Timeline),
    /// See [`Field::Technical`].
    Technical(Technical),
    /// See [`Field::Objection`].
    Objection(Objection),
    /// See [`Field::Competitor`].
    Competitor(Competitor),
    /// See [`Field::Risk`].
    Risk(Risk),
    /// See [`Field::Pricing`].
    Pricing(NoAttributes),
    /// See [`Field::Politics`].
    Politics(NoAttributes),
    /// See [`Field::Relationship`].
    Relationship(NoAttributes),
}

impl Finding {
    /// The field this finding belongs to.
    #[must_use]
    pub const fn field(&self) -> Field {
        match self {
            Self::WhyBought(_) => Field::WhyBought,
            Self::SuccessCriteria(_) => Field::SuccessCriteria,
            Self::Stakeholder(_) => Field::Stakeholder,
            Self::Commitment(_) => Field::Commitment,
            Self::Scope(_) => Field::Scope,
            Self::Timeline(_) => Field::Timeline,
            Self::Technical(_) => Field::Technical,
            Self::Objection(_) => Field::Objection,
            Self::Competitor(_) => Field::Competitor,
            Self::Risk(_) => Field::Risk,
            Self::Pricing(_) => Field::Pricing,
            Self::Politics(_) => Field::Politics,
            Self::Relationship(_) => Field::Relationship,
        }
    }

    /// The attributes that repeat words of the record, by name.
    pub fn worded_mut(&mut self) -> Vec<(&'static str, &mut Option<String>)> {
        match self {
            Self::SuccessCriteria(a) => vec![("metric", &mut a.metric), ("due", &mut a.due)],
            Self::Stakeholder(a) => vec![("name", &mut a.name), ("title", &mut a.title), ("email", &mut a.email)],
            Self::Commitment(a) => vec![("condition", &mut a.condition), ("due", &mut a.due)],
            Self::Timeline(a) => vec![("due", &mut a.due)],
            Self::Competitor(a) => vec![("name", &mut a.name), ("reason", &mut a.reason)],
            Self::Risk(a) => vec![("mitigation", &mut a.mitigation)],
            _ => Vec::new(),
        }
    }

    /// A finding of `field` with nothing known about its attributes.
    #[must_use]
    pub fn bare(field: Field) -> Self {
        match field {
            Field::WhyBought => Self::WhyBought(WhyBought::default()),
            Field::SuccessCriteria => Self::SuccessCriteria(SuccessCriteria::default()),
            Field::Stakeholder => Self::Stakeholder(Stakeholder::default()),
            Field::Commitment => Self::Commitment(Commitment::default()),
            Field::Scope => Self::Scope(Scope::default()),
            Field::Timeline => Self::Timeline(Timeline::default()),
            Field::Technical => Self::Technical(Technical::default()),
            Field::Objection => Self::Objection(Objection::default()),
            Field::Competitor => Self::Competitor(Competitor::default()),
            Field::Risk => Self::Risk(Risk::default()),
            Field::Pricing => Self::Pricing(NoAttributes {}),
            Field::Politics => Self::Politics(NoAttributes {}),
            Field::Relationship => Self::Relationship(NoAttributes {}),
        }
    }
}

/// The attributes of one field: unknown is absent, never guessed, and no other attribute is accepted.
macro_rules! attributes {
    ($(#[$doc:meta])* $name:ident { $($(#[$attribute_doc:meta])* $attribute:ident: $type:ty),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            $($(#[$attribute_doc])*
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub $attribute: Option<$type>),+
        }
    };
}

attributes!(
    /// Attributes of a reason to buy.
    WhyBought {
        /// What kind of reason.
        kind: WhyKind,
        /// Whether the urgency was said to still hold.
        still_urgent: bool,
    }
);
attributes!(
    /// Attributes of a success criterion.
    SuccessCriteria {
        /// The measure, as said.
        metric: String,
        /// ISO 8601 date where it can be told, else the words.
        due: String,
    }
);
attributes!(
    /// Attributes of a person who matters.
    Stakeholder {
        /// The name, as the record has it.
        name: String,
        /// Job title.
        title: String,
        /// Mail address.
        email: String,
        /// How the person counts; one person can hold several roles.
        roles: Vec<Role>,
        /// Where the person stands.
        stance: Stance,
        /// How much the person's word weighs.
        influence: Level,
        /// Whether the person is said to be leaving or changing role.
        leaving: bool,
    }
);
attributes!(
    /// Attributes of a commitment.
    Commitment {
        /// The side that will do it; absent where the speaker evidence is weak.
        owed_by: Side,
        /// The side it is done for.
        owed_to: Side,
        /// How binding the words are.
        strength: Strength,
        /// The condition, as said.
        condition: String,
        /// ISO 8601 date where it can be told, else the words.
        due: String,
        /// What it is about.
        category: Category,
        /// What became of it over the calls.
        history: History,
        /// The item whose newer word took its place.
        superseded_by: String,
        /// What the contract says.
        contract: ContractStatus,
    }
);
attributes!(
    /// Attributes of a piece of scope.
    Scope {
        /// Whether it is part of what was sold.
        in_scope: bool,
    }
);
attributes!(
    /// Attributes of a date.
    Timeline {
        /// What kind of date.
        kind: TimelineKind,
        /// ISO 8601 date where it can be told, else the words.
        due: String,
    }
);
attributes!(
    /// Attributes of a technical fact.
    Technical {
        /// What kind of fact.
        kind: TechnicalKind,
    }
);
attributes!(
    /// Attributes of an objection.
    Objection {
        /// Whether it was answered.
        status: ObjectionStatus,
    }
);
attributes!(
    /// Attributes of an alternative.
    Competitor {
        /// The alternative's name, or `build` / `do nothing`.
        name: String,
        /// Why not chosen, as said.
        reason: String,
    }
);
attributes!(
    /// Attributes of a risk.
    Risk {
        /// How bad it would be.
        severity: Level,
        /// What was suggested against it.
        mitigation: String,
    }
);

/// For fields that hold words only.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NoAttributes {}
