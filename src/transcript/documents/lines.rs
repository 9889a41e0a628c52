//! Paragraphs of a document as the lines of a text, so that the readers of calls can be asked; what they say of lines is
//! turned back into paragraphs.

use super::super::reading::Reading;

/// A line of a document.
#[derive(Debug, Clone, Copy)]
pub(in crate::transcript) struct Line<'t> {
    /// The paragraph it belongs to, from 1; in a PDF the page.
    pub place: u32,
    /// How many lines of that place stand before it.
    pub within: u32,
    pub text: &'t str,
}

impl Line<'_> {
    /// `¶3`, or `¶3.2` for the second line of a paragraph; `name` is what a place is called.
    pub(in crate::transcript) fn id(&self, name: &str) -> String {
        match self.within {
            0 => format!("{name}{}", self.place),
            before => format!("{name}{}.{}", self.place, before.saturating_add(1)),
        }
    }
}

/// Asks a reader of text; what it says of lines is said of the places they come from.
pub(in crate::transcript) fn read_call(
    lines: &[Line<'_>],
    name: &str,
    read: impl Fn(&str) -> Option<Reading>,
) -> Option<Reading> {
    let text: Vec<&str> = lines.iter().map(|line| line.text).collect();
    let mut reading = read(&text.join("\n"))?;
    let line_at = |number: u32| lines.get(usize::try_from(number.checked_sub(1)?).ok()?);
    for cue in &mut reading.cues {
        let Some(line) = line_at(cue.line) else { continue };
        if cue.id == format!("L{}", cue.line) {
            cue.id = line.id(name);
        }
        cue.line = line.place;
    }
    for dropped in &mut reading.dropped {
        dropped.line = line_at(dropped.line).map_or(dropped.line, |line| line.place);
    }
    Some(reading)
}
