//! Whose words a line is: in Google's transcripts every paragraph begins with the name of who speaks.
//!
//! Names there are what people call themselves (`edwin`, `Dana Ruiz's Presentation`, `Smarteam's Notetaker`), so what a name
//! looks like decides only where somebody has wrapped the lines since.

use std::collections::HashSet;

use super::super::super::label::{self, Evidence, Labels};
use super::super::markup;
use super::lines::Line;

/// The labels of a transcript.
pub(super) struct Names {
    /// Every paragraph is labelled, so whatever stands before the first colon is a name.
    always: bool,
    borne_out: Labels,
    /// Bold, or among those who were there.
    certain: HashSet<String>,
}

impl Names {
    pub(super) fn of(lines: &[&Line<'_>], attendees: &[String]) -> Self {
        let mut evidence = Evidence::default();
        let mut labelled = 0;
        let mut certain: HashSet<String> = attendees.iter().cloned().collect();
        for line in lines {
            evidence.place(&line.text, false);
            if let Some((label, _)) = split(&line.text) {
                labelled += 1;
                if markup::has_bold_label(line.raw) {
                    certain.insert(label.to_owned());
                }
            }
        }
        Self { always: labelled * 20 >= lines.len() * 19, borne_out: evidence.weigh(), certain }
    }

    /// The speaker and the words; no speaker where the line goes on with what was said before.
    pub(super) fn split<'t>(&self, line: &'t Line<'_>) -> (Option<&'t str>, &'t str) {
        let known = |label: &str| self.always || self.certain.contains(label);
        let found = split(&line.text).filter(|(label, _)| known(label)).or_else(|| self.borne_out.split(&line.text));
        found.map_or((None, &line.text), |(label, words)| (Some(label), words))
    }
}

/// `Name: words`, whatever the name is, as long as it is no sentence.
pub(super) fn split(text: &str) -> Option<(&str, &str)> {
    label::split(text).filter(|(label, _)| label::is_short(label) || label::looks_like_name(label))
}
