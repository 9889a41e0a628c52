//! What comes in from a CRM when a deal is won, and what goes out to other systems when a handoff moves on.
//!
//! ```text
//! CRM ─ closed_won: notices
//! a change ─ outbox: deliveries, in the change's transaction ─ job ─ message ─ courier ─ the endpoint
//!                                                               └─ delivery: what the answer means
//! ```

pub mod address;
pub mod closed_won;
pub mod courier;
pub mod delivery;
pub mod endpoint;
pub mod event;
pub mod manage;
pub mod message;
pub mod outbox;
pub mod secret;
