//! Plain data and rules: what an account, a deal, a turn, an item and a handoff are. No I/O, no async.

pub mod aftermath;
pub mod deal;
pub mod field;
pub mod finding;
pub mod format;
pub mod handoff;
pub mod handover;
pub mod hash;
pub mod ids;
pub mod item;
pub mod person;
pub mod policy;
pub mod record;
pub mod scorecard;
pub mod transcript;
pub mod user;
pub mod vocabulary;
