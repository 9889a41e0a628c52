//! The line of a byte, for bytes that are asked for in their order: each is looked at once.

use super::super::reading::ordinal;

/// The lines of a text, counted as far as somebody asked.
pub(super) struct LineCount<'t> {
    text: &'t [u8],
    /// The byte up to which line ends were counted.
    to: usize,
    ends: usize,
}

impl<'t> LineCount<'t> {
    pub(super) fn of(text: &'t str) -> Self {
        Self { text: text.as_bytes(), to: 0, ends: 0 }
    }

    /// The line of a byte, from 1.
    pub(super) fn at(&mut self, byte: usize) -> u32 {
        if let Some(passed) = self.text.get(self.to..byte) {
            self.ends += memchr::memchr_iter(b'\n', passed).count();
            self.to = byte;
        }
        self.last()
    }

    /// The line that was asked for last.
    pub(super) fn last(&self) -> u32 {
        ordinal(self.ends)
    }
}
