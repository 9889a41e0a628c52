//! Client DNA: who the customer is, as far as the record of a deal (or of all deals of an account) says it, in the
//! `baton.dna/1` document.
//!
//! A profile is no second truth: it is computed from the items as they are ([`profile()`]), from the customer's own turns
//! ([`own_phrases`]) and from the log. Every line has its citation, or who attests it; rejected items are in none of it; notes
//! about persons are for those who may see them on that very deal. What was kept on an earlier occasion ([`keep()`]) tells what
//! changed since ([`changes_of_deal`]).

mod changes;
mod counts;
mod document;
pub mod english;
mod history;
mod join;
mod keep;
mod ngrams;
mod order;
mod phrases;
mod profile;
mod quote;
mod read;
mod sections;

pub use self::changes::{CHANGES_SCHEMA, DnaChange, DnaChanges, DnaRewrite, KeptProfile, Occasion, compare};
pub use self::document::{Basis, ClientDna, DNA_SCHEMA, DnaDeal, DnaEvent, DnaLine, DnaPhrase, Section};
pub use self::history::Heard;
pub use self::join::join;
pub use self::keep::{keep, keep_phrases};
pub use self::phrases::{OwnPhrase, own_phrases};
pub use self::profile::{Around, profile};
pub(crate) use self::read::around;
pub use self::read::{Since, changes_of_account, changes_of_deal, of_account, of_deal};
