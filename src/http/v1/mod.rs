//! `/v1`: one file per resource, one function per route.

pub(super) mod accounts;
pub(super) mod answers;
pub(super) mod audit;
pub(super) mod deals;
pub(super) mod dna;
pub(super) mod drafts;
pub(super) mod events;
pub(super) mod handover;
pub(super) mod items;
pub(super) mod jobs;
pub(super) mod ledger;
pub(super) mod me;
pub(super) mod patterns;
pub(super) mod people;
pub(super) mod session;
pub(super) mod settings;
pub(super) mod sources;
pub(super) mod users;
pub(super) mod versions;
pub(super) mod webhooks;
