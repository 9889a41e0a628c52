//! `/v1`: one file per resource, one function per route.

pub(super) mod accounts;
pub(super) mod deals;
pub(super) mod drafts;
pub(super) mod events;
pub(super) mod items;
pub(super) mod jobs;
pub(super) mod sources;
pub(super) mod versions;
