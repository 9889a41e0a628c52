//! What comes in from a CRM when a deal is won, and what goes out to other systems when a handoff moves on.

pub mod closed_won;
