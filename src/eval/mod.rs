//! Scores on labelled deals: what was found, what was missed, what was made up.

pub mod asked;
pub mod contract;
pub mod example;
pub mod exchange;
pub mod gold;
pub mod labels;
pub mod matching;
pub mod meetings;
pub mod overlap;
pub mod pairs;
pub mod passage;
pub mod questions;
pub mod report;
pub mod score;
