//! Everything Baton promises, tested through its public doors.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on should say so at once")]

mod access;
mod ask_ahead;
mod ask_written;
mod attacks;
mod audit;
mod bench;
mod browser;
mod cli;
mod dna;
mod documents;
mod durability;
mod eval;
mod fixtures;
mod index;
mod intake;
mod ledger;
mod lifecycle;
mod local_engine;
mod mcp;
mod merge;
mod openai_embedder;
mod openai_engine;
mod openapi;
mod pages;
mod parse;
mod parse_properties;
mod parse_robustness;
mod patterns;
mod post_sale;
mod reconcile;
mod review;
mod sign_on;
mod support;
mod walls;
mod webhooks;
