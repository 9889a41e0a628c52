//! The words of a line of Markdown: without stars, backslashes, links and entities.

use std::borrow::Cow;

use pulldown_cmark::{Event, Options, Parser};

/// Set before a line so that it is words and nothing else: `12. That` would be an item of a list.
const GUARD: &str = "x ";

/// The level and the words of a heading.
pub(super) fn heading(line: &str) -> Option<(usize, &str)> {
    let line = line.trim();
    let rest = line.trim_start_matches('#');
    let level = line.len() - rest.len();
    let is_heading = (1..=6).contains(&level) && rest.starts_with([' ', '\t']);
    is_heading.then(|| (level, rest.trim().trim_end_matches('#').trim_end()))
}

/// Three or more dashes, stars or underscores and nothing else.
pub(super) fn is_rule(line: &str) -> bool {
    let mut marks = line.chars().filter(|c| !c.is_whitespace());
    let first = marks.next().filter(|mark| matches!(mark, '-' | '*' | '_'));
    first.is_some_and(|first| {
        line.chars().filter(|c| !c.is_whitespace()).count() >= 3 && marks.all(|mark| mark == first)
    })
}

/// Whether the line begins with a bold label: `**Name:** words`, `**Name**: words`, `**Name** [00:05]: words`.
pub(super) fn has_bold_label(line: &str) -> bool {
    let closed = line.strip_prefix("**").and_then(|rest| rest.split_once("**"));
    closed.is_some_and(|(bold, rest)| {
        bold.trim_end().ends_with(':') || rest.trim_start().starts_with([':', '(', '[']) || bold.contains(": ")
    })
}

/// The line as a reader sees it.
pub(super) fn plain(line: &str) -> Cow<'_, str> {
    let line = line.trim();
    if !line.contains(['*', '_', '\\', '[', '&', '<', '`']) {
        return Cow::Borrowed(line);
    }
    let guarded = format!("{GUARD}{line}");
    let mut words = String::with_capacity(guarded.len());
    for part in Parser::new_ext(&guarded, Options::empty()) {
        match part {
            Event::Text(text) | Event::Code(text) => words.push_str(&text),
            Event::SoftBreak | Event::HardBreak | Event::InlineHtml(_) => words.push(' '),
            _ => {}
        }
    }
    Cow::Owned(words.strip_prefix(GUARD).unwrap_or(&words).trim().to_owned())
}

/// The people behind links to mail addresses, `[Dana Ruiz](mailto:dana@vendor.example)`, with their addresses.
pub(super) fn mail_links(line: &str) -> Vec<(String, String)> {
    let person = |part: &str| {
        let (before, address) = part.split_once("](mailto:")?;
        let name = before.rsplit_once('[').map_or(before, |(_, name)| name);
        let address = address.split([')', '?', ' ']).next()?;
        Some((plain(name).into_owned(), address.to_lowercase()))
    };
    line.split_inclusive(')').filter_map(person).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_keeps_its_words_and_loses_its_marks() {
        let cases = [
            ("**Esme:** on the 12\\. That is *settled*", "Esme: on the 12. That is settled"),
            ("12. That is one", "12. That is one"),
            ("- *one* & two &amp; three", "- one & two & three"),
            ("f\\*\\*\\* it", "f*** it"),
            ("see [the sheet](https://a.example/x) <br> now", "see the sheet   now"),
            ("&nbsp;", ""),
            ("a < b and snake_case_name", "a < b and snake_case_name"),
        ];
        for (line, expected) in cases {
            assert_eq!(plain(line), expected, "{line}");
        }
    }

    #[test]
    fn mail_links_name_people() {
        let line = "Invited [Dana Ruiz](mailto:Dana@vendor.example) [Omar](mailto:omar@acme.example)";
        let people = [("Dana Ruiz", "dana@vendor.example"), ("Omar", "omar@acme.example")];
        assert_eq!(mail_links(line), people.map(|(name, address)| (name.to_owned(), address.to_owned())));
    }
}
