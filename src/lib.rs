//! Baton turns the calls, mails and notes of a B2B sale into a handoff that customer success can trust.
//!
//! The one rule: **nothing is shown that the record does not say**. Engines claim; only [`ground`] makes a citation.
//!
//! ```text
//! file ─ transcript ─ turns ─ chunk ─ embed ─ index
//!                       └──── engine: claims ─ ground: citations ─ draft::merge: items ─ reconcile: contract status
//! items ─ review: approve, edit, reject, attest ─ finalize: an immutable version ─ documents: brief, agenda, read-back …
//! ```
//!
//! [`reader`] is the trained model that the local engine, the merge and the reconciliation ask.
//!
//! Nouns are in [`domain`]; the pipeline's stages are pure modules; verbs are use-case files ([`intake`], [`draft`],
//! [`reconcile`], [`review`]); the edges are [`http`], [`mcp`], [`cli`], [`store`], [`index`], [`embed`] and [`engine`]. Dependencies
//! point inward: the domain and the stages know nothing of the store, of HTTP or of the async runtime.

pub mod access;
pub mod app;
pub mod ask;
pub mod audit;
pub mod chunk;
pub mod cli;
pub mod clock;
pub mod config;
pub mod dna;
pub mod documents;
pub mod domain;
pub mod draft;
pub mod embed;
pub mod encoder;
pub mod engine;
pub mod error;
pub mod eval;
pub mod ground;
pub mod handover;
pub mod hooks;
pub mod http;
pub mod index;
pub mod intake;
pub mod jobs;
pub mod ledger;
pub mod mcp;
pub mod openai_server;
mod outgoing;
pub mod patterns;
pub mod pictures;
pub mod post_sale;
pub mod reader;
pub mod reconcile;
pub mod render;
pub mod retrieve;
pub mod review;
pub mod store;
pub mod telemetry;
pub mod transcript;
