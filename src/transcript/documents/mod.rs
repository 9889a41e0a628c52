//! Written documents: notes and contracts, of any file format.

pub(in crate::transcript) mod blocks;
pub(in crate::transcript) mod contract;
pub(in crate::transcript) mod crm;
pub(in crate::transcript) mod docx;
pub(in crate::transcript) mod html;
pub(in crate::transcript) mod lines;
pub(in crate::transcript) mod markdown;
pub(in crate::transcript) mod notes;
pub(in crate::transcript) mod outline;
mod pages;
pub(in crate::transcript) mod pdf;
