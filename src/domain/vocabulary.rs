//! The closed vocabularies of the catalogue's attributes.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A closed set of words, written in `snake_case`.
macro_rules! vocabulary {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$variant_doc])* $variant),+ }

        impl $name {
            /// Every word of the vocabulary.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
        }
    };
}
pub(crate) use vocabulary;

vocabulary!(
    /// What kind of reason.
    WhyKind {
        /// What made them act now.
        Trigger,
        /// What hurt.
        Pain,
        /// The outcome they are after.
        Driver,
        /// What moved the decision: a feature, an advantage, a reference.
        Influence,
    }
);
vocabulary!(
    /// How a person counts in the deal.
    Role {
        /// Signs and pays.
        EconomicBuyer,
        /// Pushed the purchase from inside.
        Champion,
        /// Stands behind the project with rank.
        ExecutiveSponsor,
        /// Decides or advises on technical matters.
        Technical,
        /// Compared the options.
        Evaluator,
        /// Runs the project.
        ProjectLead,
        /// Administers the product.
        Admin,
        /// Uses it day to day.
        EndUser,
        /// Doubts it.
        Skeptic,
        /// Is against it.
        Detractor,
        /// Legal or procurement.
        LegalProcurement,
    }
);
vocabulary!(
    /// Where a person stands.
    Stance {
        /// For it.
        Supportive,
        /// Neither.
        Neutral,
        /// Doubtful.
        Skeptical,
        /// Against it.
        Opposed,
    }
);
vocabulary!(
    /// A three-step scale, for influence and severity.
    Level {
        /// Low.
        Low,
        /// Medium.
        Medium,
        /// High.
        High,
    }
);
vocabulary!(
    /// How binding the words of a commitment are.
    Strength {
        /// Said without a hedge.
        Firm,
        /// Holds only if something else happens.
        Conditional,
        /// Hedged: "should", "try", "I think".
        Soft,
        /// Never said outright, but the listener will count on it.
        Implied,
        /// A statement about future plans of the product.
        Roadmap,
    }
);
vocabulary!(
    /// What a commitment is about.
    Category {
        /// When something happens.
        Timeline,
        /// What the product can do.
        Feature,
        /// Connecting another system.
        Integration,
        /// Setting the product up in a certain way.
        Configuration,
        /// Help, training, service levels.
        Support,
        /// Money.
        Pricing,
        /// Who will do it.
        People,
        /// Anything else.
        Other,
    }
);
vocabulary!(
    /// What became of a commitment over the calls.
    History {
        /// Said once.
        Made,
        /// Said again, the same.
        Repeated,
        /// Said again, with another date, number or scope: this is the newer word.
        Changed,
        /// Taken back.
        Withdrawn,
        /// A newer word took its place.
        Superseded,
    }
);

impl History {
    /// Whether the word was replaced or taken back, and is no promise any more.
    #[must_use]
    pub const fn is_past(self) -> bool {
        matches!(self, Self::Superseded | Self::Withdrawn)
    }
}

vocabulary!(
    /// What the contract says about a commitment.
    ContractStatus {
        /// A clause carries it.
        Written,
        /// A clause says something else.
        Contradicted,
        /// No clause carries it.
        Unwritten,
        /// The record holds no contract.
        NoContract,
    }
);
vocabulary!(
    /// What became of a commitment after the sale.
    Outcome {
        /// Done, in time or with no time said.
        Kept,
        /// Done, after the day it was promised for.
        Late,
        /// Not done, and nothing took its place.
        Broken,
        /// Both sides agreed on something else.
        Renegotiated,
    }
);
vocabulary!(
    /// What kind of date.
    TimelineKind {
        /// The first visible result.
        QuickWin,
        /// In use by everybody, or by the group named.
        Rollout,
        /// When it has paid for itself.
        Roi,
        /// A date that cannot move.
        HardDeadline,
        /// A time in which nothing may happen.
        Blackout,
        /// Any other date.
        Milestone,
    }
);
vocabulary!(
    /// What kind of technical fact.
    TechnicalKind {
        /// A system in use.
        System,
        /// Something to connect.
        Integration,
        /// Data and where it lives.
        Data,
        /// Access, protection, compliance.
        Security,
        /// A limit to respect.
        Constraint,
        /// Something to move over.
        Migration,
    }
);
vocabulary!(
    /// Whether an objection was answered.
    ObjectionStatus {
        /// Not answered, or not to their satisfaction.
        Open,
        /// Answered.
        Resolved,
    }
);
