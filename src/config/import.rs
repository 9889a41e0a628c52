//! How much of a file is taken on.

use clap::Args;

use crate::transcript::Limits;

/// The limits of one file, after the limit on its bytes: a small file can ask for a great deal of memory.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Import limits")]
pub struct ImportSettings {
    /// Megabytes that a zip (a Word file, an export of Slack) may unpack to
    #[arg(long, env = "BATON_MAX_UNPACKED_MB", default_value_t = Limits::default().unpacked_bytes >> 20, value_name = "MB")]
    pub max_unpacked_mb: u64,
    /// Times its packed size that a part of a zip may unpack to, once that is over a megabyte
    #[arg(long, env = "BATON_MAX_UNPACKED_RATIO", default_value_t = Limits::default().unpacked_ratio, value_name = "N")]
    pub max_unpacked_ratio: u64,
    /// Times its size that a file may take in memory, beyond 50 MB
    #[arg(long, env = "BATON_MAX_MEMORY_RATIO", default_value_t = Limits::default().memory_ratio, value_name = "N")]
    pub max_memory_ratio: u64,
    /// Files in a zip
    #[arg(long, env = "BATON_MAX_ZIP_FILES", default_value_t = Limits::default().zip_entries, value_name = "N")]
    pub max_zip_files: usize,
    /// Captions, sentences, messages or paragraphs of a file
    #[arg(long, env = "BATON_MAX_CUES", default_value_t = Limits::default().cues, value_name = "N")]
    pub max_cues: usize,
    /// Pages of a PDF
    #[arg(long, env = "BATON_MAX_PDF_PAGES", default_value_t = Limits::default().pages, value_name = "N")]
    pub max_pdf_pages: usize,
}

impl ImportSettings {
    /// The limits that the parser takes.
    #[must_use]
    pub const fn limits(&self) -> Limits {
        Limits {
            unpacked_bytes: self.max_unpacked_mb << 20,
            unpacked_ratio: self.max_unpacked_ratio,
            memory_ratio: self.max_memory_ratio,
            zip_entries: self.max_zip_files,
            cues: self.max_cues,
            pages: self.max_pdf_pages,
        }
    }
}
