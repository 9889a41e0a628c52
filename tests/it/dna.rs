//! Client DNA.

mod english;
