//! The audit log: every change with who, when, from what to what; and an export in which nothing can be changed unseen.

mod actions;
mod export;
