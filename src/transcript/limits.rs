//! How much of a file is taken on before it is refused: a small file can ask for a great deal of memory.

/// The limits of one file, after the limit on its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes that the parts of a zip (a Word file, an export of Slack) may unpack to, together.
    pub unpacked_bytes: u64,
    /// How many times its packed size a part of a zip may unpack to, once it unpacks to more than a megabyte: text packs to a
    /// tenth of its size, hardly ever to a hundredth.
    pub unpacked_ratio: u64,
    /// How many times its size a file may take in memory, beyond 50 MB: JSON of the barest words takes 18 times, of tiny
    /// objects a hundred times, and so do lines of one letter.
    pub memory_ratio: u64,
    /// Files in a zip.
    pub zip_entries: usize,
    /// Cues of a file; an hour of speech has some 1,500 captions or 9,000 words.
    pub cues: usize,
    /// Pages of a PDF.
    pub pages: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            unpacked_bytes: 256 << 20,
            unpacked_ratio: 100,
            memory_ratio: 20,
            zip_entries: 20_000,
            cues: 1_000_000,
            pages: 1_000,
        }
    }
}
