//! What text takes in memory once it is cut up: the shortest lines and tags take the most.
//!
//! Measured with a counting allocator (`benches/import -- hostile`): `a` and a blank line 355 bytes as a paragraph of Markdown,
//! a bracket that waits for its partner or names a picture up to 247 bytes in `pulldown-cmark` 0.13, a
//! `>` 105 bytes there, `<p>x` in a mail 391 bytes, a line without words in a mail 141.

const LINE: u64 = 360;
const BLANK_LINE: u64 = 150;
const BRACKET: u64 = 250;
const ANGLE: u64 = 110;
const TAG: u64 = 400;

/// The bytes of the elements of HTML in the text, whatever is around them.
pub(super) fn tags(text: &str) -> u64 {
    let count = |what: &str| memchr::memmem::find_iter(text.as_bytes(), what).count() as u64;
    (count("<") - count("</")) * TAG
}

/// The bytes of the text as lines of which each may be a paragraph, with signs of Markdown and elements of HTML in it.
pub(super) fn in_memory(text: &str) -> u64 {
    let line = |line: &str| if line.trim_start().is_empty() { BLANK_LINE } else { LINE };
    let lines: u64 = text.lines().map(line).sum();
    let brackets = memchr::memchr2_iter(b'[', b']', text.as_bytes()).count() as u64;
    let angles = memchr::memchr_iter(b'>', text.as_bytes()).count() as u64;
    lines + brackets * BRACKET + angles * ANGLE + tags(text)
}
