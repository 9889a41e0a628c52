//! What the tests share.

pub(crate) mod app;
pub(crate) mod assistant;
pub(crate) mod browser;
pub(crate) mod calls;
pub(crate) mod cli;
pub(crate) mod clock;
pub(crate) mod desk;
pub(crate) mod fake_openai;
pub(crate) mod fake_provider;
pub(crate) mod fake_qdrant;
pub(crate) mod handoff;
pub(crate) mod listener;
pub(crate) mod sender;
pub(crate) mod world;
