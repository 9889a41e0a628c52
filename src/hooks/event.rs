//! What other systems are told of.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use crate::domain::ids::{DealId, EventId};

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $word:literal),+ $(,)?) => {
        /// A kind of event.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
        pub enum EventKind {
            $($(#[$doc])* #[serde(rename = $word)] $name),+
        }

        impl EventKind {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The word used in messages and the database.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $word),+
                }
            }
        }
    };
}

kinds!(
    /// A deal was won; its handoff begins. `data`: `by`.
    DealClosedWon = "deal.closed_won",
    /// An engine has drafted the handoff.
    DraftReady = "draft.ready",
    /// The first version is final. `data`: `version`, `by`.
    HandoffFinalized = "handoff.finalized",
    /// Customer success has accepted. `data`: `version`, `by`.
    HandoffAccepted = "handoff.accepted",
    /// Customer success has sent it back. `data`: `version`, `by`.
    HandoffReturned = "handoff.returned",
    /// A further version is final and takes the place of the one before. `data`: `version` (the new one), `by`.
    HandoffAmended = "handoff.amended",
    /// Customer success asks. `data`: `by`.
    QuestionAsked = "question.asked",
    /// The account executive has answered. `data`: `by`.
    QuestionAnswered = "question.answered",
    /// The customer has corrected the handoff. `data`: `by` (who recorded it).
    CorrectionRecorded = "correction.recorded",
    /// A step's deadline is near. `data`: `step`, `due_at`.
    SlaDueSoon = "sla.due_soon",
    /// A step's deadline has passed. `data`: `step`, `due_at`.
    SlaOverdue = "sla.overdue",
    /// Promises that no contract carries were made firmly and are due soon; told once a day at most, when they are others than
    /// before. Of no deal. `data`: `count`, `deals` (how many), `days` (how far ahead), `first_due`, `due_to`,
    /// `promises` (the first hundred: `item`, `deal`, `due_on`, `url`), `url` (the list).
    PromisesDue = "promises.due",
);

impl fmt::Display for EventKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A word that names no kind of event.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no kind of event; kinds are written like `handoff.finalized`")]
pub struct UnknownKind(String);

impl FromStr for EventKind {
    type Err = UnknownKind;

    fn from_str(word: &str) -> Result<Self, UnknownKind> {
        let found = Self::ALL.iter().copied().find(|kind| kind.as_str() == word);
        found.ok_or_else(|| UnknownKind(word.chars().take(80).collect()))
    }
}

/// The deal an event is about, as far as others need to know it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventDeal {
    /// The deal's id.
    pub id: DealId,
    /// Its name.
    pub name: String,
    /// The account's name.
    pub account: String,
    /// The deal's page.
    pub url: String,
}

/// Something that happened. It carries names, states and links; whoever wants to read the handoff follows the link and signs
/// in. Words of the record and notes about persons have no place here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// The event's id; it stays the same however often and to whomever it is told.
    pub id: EventId,
    /// What happened.
    pub kind: EventKind,
    /// When it happened.
    pub at: Timestamp,
    /// The deal it is about.
    pub deal: Option<EventDeal>,
    /// More of it: an object with the keys that its kind names.
    pub data: Value,
}

impl Event {
    /// Something of this kind happened.
    #[must_use]
    pub fn new(kind: EventKind, at: Timestamp) -> Self {
        Self { id: EventId::generate(), kind, at, deal: None, data: json!({}) }
    }

    /// It happened to this deal.
    #[must_use]
    pub fn about(self, deal: EventDeal) -> Self {
        Self { deal: Some(deal), ..self }
    }

    /// With the keys that its kind names.
    #[must_use]
    pub fn with(self, data: Value) -> Self {
        Self { data, ..self }
    }

    /// What its kind names; nothing where `data` is no object.
    pub(super) fn fields(&self) -> Map<String, Value> {
        self.data.as_object().cloned().unwrap_or_default()
    }

    /// The event as it is sent: `{"type", "timestamp", "data"}`, the deal within the data.
    #[must_use]
    pub fn payload(&self) -> Value {
        let mut data = self.fields();
        if let Some(deal) = &self.deal {
            data.insert("deal".to_owned(), json!(deal));
        }
        json!({ "type": self.kind, "timestamp": self.at, "data": data })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_has_one_word_everywhere() {
        for kind in EventKind::ALL {
            assert_eq!(kind.as_str().parse(), Ok(*kind));
            assert_eq!(json!(kind), json!(kind.as_str()));
        }
        assert!("deal.lost".parse::<EventKind>().is_err());
    }

    #[test]
    fn the_payload_is_type_timestamp_and_data() {
        let at = "2026-03-02T10:00:00Z".parse().unwrap();
        let deal = EventDeal {
            id: DealId::derived(&["six sites"]),
            name: "Six sites".to_owned(),
            account: "Harbor & Pine".to_owned(),
            url: "https://baton.example/deals/1".to_owned(),
        };
        let event = Event::new(EventKind::HandoffFinalized, at).about(deal).with(json!({"version": 2, "deal": "x"}));
        let expected = json!({
            "type": "handoff.finalized",
            "timestamp": "2026-03-02T10:00:00Z",
            "data": {
                "version": 2,
                "deal": {
                    "id": DealId::derived(&["six sites"]), "name": "Six sites", "account": "Harbor & Pine",
                    "url": "https://baton.example/deals/1",
                },
            },
        });
        assert_eq!(event.payload(), expected);
        assert_eq!(Event::new(EventKind::DraftReady, at).payload()["data"], json!({}));
    }
}
