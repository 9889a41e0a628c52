//! Baton
pub mod chunk;
pub mod domain;
pub mod draft;
pub mod embed;
pub mod engine;
pub mod ground;
pub mod index;
pub mod store;
