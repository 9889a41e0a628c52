//! The letters behind what a PDF shows: ligatures taken apart, bullets as one bullet.

/// Ligatures that fonts have as one letter.
const LIGATURES: &[(char, &str)] =
    &[('ﬀ', "ff"), ('ﬁ', "fi"), ('ﬂ', "fl"), ('ﬃ', "ffi"), ('ﬄ', "ffl"), ('ﬅ', "st"), ('ﬆ', "st")];
/// Bullets, those of symbol fonts among them.
const BULLETS: &str = "\u{f0b7}\u{f0a7}\u{f0a8}\u{f076}\u{f0d8}●▪■◦‣⁃○❖➢";

/// Adds the text of a glyph.
pub(super) fn push(text: &mut String, shown: &str) {
    for c in shown.chars() {
        match LIGATURES.iter().find(|(ligature, _)| *ligature == c) {
            Some((_, letters)) => text.push_str(letters),
            None if BULLETS.contains(c) => text.push('•'),
            None if c.is_control() => {}
            None => text.push(c),
        }
    }
}
