//! Plain data and rules: what an account, a deal, a turn, an item and a handoff are. No I/O, no async.

pub mod field;
pub mod finding;
pub mod ids;
pub mod item;
pub mod transcript;
