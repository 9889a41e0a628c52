//! Written text as blocks: paragraphs and list items, each with its line. Mails, plain notes and contracts share it.

use super::super::reading::ordinal;

/// A paragraph, list item or table row.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::transcript) struct Block {
    /// The line it starts on, from 1.
    pub line: u32,
    /// The headings above it, outermost first.
    pub headings: Vec<String>,
    /// Its words.
    pub text: String,
    /// A number that is not among the words: Word makes it (`2.1`, `(a)`), the reader of the file has counted.
    pub number: Option<String>,
    /// The page it starts on, from 1, where the file has pages.
    pub page: Option<u32>,
}

/// Splits text at blank lines and before every line for which `starts` is true; list glyphs are removed, numbers stay.
pub(in crate::transcript) fn paragraphs<'t>(
    lines: impl Iterator<Item = (u32, &'t str)>,
    starts: impl Fn(&str) -> bool,
) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut open = false;
    for (line, raw) in lines {
        let text = raw.trim();
        match blocks.last_mut() {
            _ if text.is_empty() => open = false,
            Some(last) if open && !is_item(text) && !starts(text) => {
                last.text.push(' ');
                last.text.push_str(text);
            }
            _ => {
                blocks.push(Block { line, text: without_glyph(text).to_owned(), ..Block::default() });
                open = true;
            }
        }
    }
    blocks
}

/// The lines of a text with their numbers, from 1.
pub(in crate::transcript) fn numbered(text: &str) -> impl Iterator<Item = (u32, &str)> {
    text.lines().enumerate().map(|(index, line)| (ordinal(index), line))
}

/// `Customer:   Lindenhof Clinic Group`: an entry of a form or of terse notes.
pub(in crate::transcript) fn is_entry(line: &str) -> bool {
    line.split_once(": ")
        .is_some_and(|(key, _)| key.split(' ').count() <= 3 && key.chars().next().is_some_and(char::is_uppercase))
}

pub(super) fn is_item(text: &str) -> bool {
    without_glyph(text).len() < text.len() || is_numbered_item(text)
}

/// The text without the mark of a list item before it.
pub(super) fn without_glyph(text: &str) -> &str {
    let dash = || text.strip_prefix(['-', '*', '–', '+']).filter(|rest| rest.starts_with(char::is_whitespace));
    // The round bullet of the second level, as Word and Outlook paste it.
    without_bullet(text).or_else(dash).or_else(|| text.strip_prefix("o\t")).map_or(text, str::trim_start)
}

/// The text behind a sign that is a bullet and nothing else; those of Word's symbol fonts are for private use.
pub(super) fn without_bullet(text: &str) -> Option<&str> {
    const BULLETS: [char; 14] =
        ['•', '·', '▪', '■', '◦', '‣', '⁃', '●', '○', '➢', '❖', '\u{f0b7}', '\u{f0a7}', '\u{f0d8}'];
    text.strip_prefix(BULLETS).map(str::trim_start)
}

/// `1. words` or `12) words`.
fn is_numbered_item(text: &str) -> bool {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    (1..=2).contains(&digits) && text.get(digits..).is_some_and(|rest| rest.starts_with(". ") || rest.starts_with(") "))
}
