//! The telling of one event to one endpoint: how it went, and how it goes on.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::endpoint::Endpoint;
use super::event::{Event, EventKind};
use super::secret::SigningSecret;
use crate::domain::ids::{DeliveryId, EventId, WebhookId};

/// The pauses before each further attempt, after the schedule that Standard Webhooks suggests: more than three days in all.
pub const PAUSES: [Duration; 9] = [
    Duration::from_secs(5),
    Duration::from_mins(5),
    Duration::from_mins(30),
    Duration::from_hours(2),
    Duration::from_hours(5),
    Duration::from_hours(10),
    Duration::from_hours(14),
    Duration::from_hours(20),
    Duration::from_hours(24),
];

/// The longest pause that an endpoint can ask for.
const LONGEST_PAUSE: Duration = Duration::from_hours(24);

/// Where a delivery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// It waits for its first or next attempt.
    Queued,
    /// It arrived.
    Delivered,
    /// It was given up.
    Failed,
}

/// The telling of one event to one endpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Delivery {
    /// The delivery's id.
    pub id: DeliveryId,
    /// The endpoint.
    pub webhook_id: WebhookId,
    /// The event.
    pub event_id: EventId,
    /// What happened.
    pub kind: EventKind,
    /// Where it stands.
    pub state: DeliveryState,
    /// Failed attempts since it was queued.
    pub tries: u32,
    /// When the next attempt is due.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub next_attempt_at: Option<Timestamp>,
    /// When it was queued first.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

/// One attempt, as the log keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Attempt {
    /// When it began.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// The status of the answer.
    pub status: Option<u16>,
    /// Why there was no answer.
    pub error: Option<String>,
    /// How long it took.
    pub duration_ms: i64,
    /// The beginning of the answer.
    pub answer: Option<String>,
}

/// A delivery with all that it takes to attempt it.
#[derive(Debug, Clone)]
pub struct Due {
    /// The delivery's id.
    pub id: DeliveryId,
    /// Where it stands.
    pub state: DeliveryState,
    /// Failed attempts since it was queued.
    pub tries: u32,
    /// Whom to tell.
    pub endpoint: Endpoint,
    /// What to sign with.
    pub secret: SigningSecret,
    /// What to tell.
    pub event: Event,
}

/// What came of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The endpoint answered.
    Answered {
        /// The status.
        status: u16,
        /// The beginning of the answer.
        answer: String,
        /// How long the endpoint asks to be left alone.
        retry_after: Option<Duration>,
    },
    /// No answer came; the reason may pass.
    Unanswered(String),
    /// Nothing was sent; that says nothing of the endpoint.
    NotSent {
        /// Why.
        reason: String,
        /// Whether it never can be sent as it is.
        for_good: bool,
    },
}

/// How a delivery goes on after an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It arrived.
    Delivered,
    /// It is attempted again after this pause.
    Retry(Duration),
    /// It is given up.
    GiveUp,
    /// It is given up, and the endpoint is not called any more: it said that it is gone.
    Gone,
}

impl Outcome {
    /// How it goes on, after `tries` attempts that failed before this one.
    #[must_use]
    pub fn verdict(&self, tries: u32) -> Verdict {
        let asked = match self {
            Self::Answered { status: 200..=299, .. } => return Verdict::Delivered,
            Self::Answered { status: 410, .. } => return Verdict::Gone,
            Self::NotSent { for_good: true, .. } => return Verdict::GiveUp,
            Self::Answered { retry_after, .. } => retry_after.unwrap_or_default().min(LONGEST_PAUSE),
            Self::Unanswered(_) | Self::NotSent { .. } => Duration::ZERO,
        };
        let pause = usize::try_from(tries).ok().and_then(|tries| PAUSES.get(tries));
        pause.map_or(Verdict::GiveUp, |pause| Verdict::Retry(asked.max(*pause)))
    }

    /// A reason that will not pass by itself.
    pub(crate) fn refused(reason: impl Into<String>) -> Self {
        Self::NotSent { reason: reason.into(), for_good: true }
    }

    /// The attempt as the log keeps it.
    #[must_use]
    pub fn logged(&self, at: Timestamp, duration_ms: i64) -> Attempt {
        let (status, error, answer) = match self {
            Self::Answered { status, answer, .. } => (Some(*status), None, Some(answer.clone())),
            Self::Unanswered(reason) => (None, Some(reason.clone()), None),
            Self::NotSent { reason, .. } => (None, Some(format!("not sent: {reason}")), None),
        };
        Attempt { at, status, error, duration_ms, answer: answer.filter(|text| !text.is_empty()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(status: u16, retry_after: Option<Duration>) -> Outcome {
        Outcome::Answered { status, answer: String::new(), retry_after }
    }

    #[test]
    fn only_success_is_success_and_gone_is_gone() {
        for status in [200, 201, 202, 204, 299] {
            assert_eq!(answered(status, None).verdict(0), Verdict::Delivered);
        }
        for status in [100, 301, 302, 307, 400, 401, 404, 408, 429, 500, 502, 503] {
            assert_eq!(answered(status, None).verdict(0), Verdict::Retry(PAUSES[0]), "{status}");
        }
        assert_eq!(answered(410, None).verdict(0), Verdict::Gone);
        let not_sent = |for_good| Outcome::NotSent { reason: String::new(), for_good };
        assert_eq!(
            (not_sent(true).verdict(0), not_sent(false).verdict(0)),
            (Verdict::GiveUp, Verdict::Retry(PAUSES[0]))
        );
    }

    #[test]
    fn ten_attempts_over_three_days_and_then_no_more() {
        let failed = Outcome::Unanswered("no connection".to_owned());
        let mut waited = Duration::ZERO;
        for (tries, pause) in (0..).zip(PAUSES) {
            assert_eq!(failed.verdict(tries), Verdict::Retry(pause));
            waited += pause;
        }
        assert_eq!(failed.verdict(9), Verdict::GiveUp);
        assert_eq!(failed.verdict(u32::MAX), Verdict::GiveUp);
        // 75:35:05, as in the specification's table.
        assert_eq!(waited, Duration::from_secs(75 * 3600 + 35 * 60 + 5));
    }

    #[test]
    fn an_endpoint_may_ask_for_a_longer_pause_but_not_for_an_endless_one() {
        let (minute, year) = (Duration::from_mins(1), Duration::from_hours(24 * 365));
        assert_eq!(answered(429, Some(minute)).verdict(0), Verdict::Retry(minute));
        assert_eq!(answered(429, Some(minute)).verdict(3), Verdict::Retry(PAUSES[3]));
        assert_eq!(answered(503, Some(year)).verdict(0), Verdict::Retry(LONGEST_PAUSE));
    }
}
