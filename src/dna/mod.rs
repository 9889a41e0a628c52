//! Client DNA.

mod counts;
pub mod english;
mod ngrams;
mod phrases;
mod quote;

pub use phrases::{MOST, OwnPhrase, own_phrases};
