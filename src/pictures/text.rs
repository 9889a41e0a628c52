//! Words in a picture: what may stand in it, how wide it will be, and where its lines break.

use unicode_normalization::char::is_combining_mark;
use unicode_segmentation::UnicodeSegmentation as _;

/// More marks on one letter than any script needs would smear over the lines around it.
const MOST_MARKS: usize = 4;

/// A size of type, in units of the picture.
#[derive(Debug, Clone, Copy)]
pub(super) struct Font {
    /// Height of the em.
    pub size: f64,
    /// Whether it is set bold.
    pub bold: bool,
}

/// What most words are set in, and the smallest there is: 11 px where a picture is at its narrowest.
pub(super) const BODY: Font = Font { size: 12.7, bold: false };
/// Headings of rows and columns, and marks.
pub(super) const STRONG: Font = Font { size: 12.7, bold: true };
/// Names of people.
pub(super) const NAME: Font = Font { size: 13.5, bold: true };

/// The text as one line that XML can hold and that reorders nothing around it: control characters and marks of direction are
/// left out, letters never.
pub(super) fn clean(text: &str) -> String {
    let mut marks = 0;
    let kept: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .filter(|c| !is_invisible(*c))
        .filter(|c| {
            marks = if is_combining_mark(*c) { marks + 1 } else { 0 };
            marks <= MOST_MARKS
        })
        .collect();
    kept.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Marks of direction, zero-width spaces, tags, and what XML has no place for.
const fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{2066}'..='\u{206f}'
        | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
        || c as u32 & 0xfffe == 0xfffe
        || matches!(c, '\u{fdd0}'..='\u{fdef}')
}

/// How wide the text will be at most. The reader's own font is not known here: these are the widths of the widest common one.
pub(super) fn width(text: &str, font: Font) -> f64 {
    let ems: f64 = text.chars().map(ems).sum();
    ems * font.size * if font.bold { 1.13 } else { 1.0 }
}

fn ems(c: char) -> f64 {
    match c {
        '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}' => 0.0,
        c if is_combining_mark(c) => 0.0,
        'i' | 'j' | 'l' | 'I' | 'J' | '\'' | '\u{2018}' | '\u{2019}' => 0.3,
        ' ' | '.' | ',' | ':' | ';' | '/' | '\\' | '|' | '-' | 'f' | '\u{b7}' => 0.37,
        't' | 'r' | '(' | ')' | '[' | ']' | '!' => 0.43,
        'm' | 'M' | 'W' | '@' | '%' | '\u{2026}' | '\u{2014}' => 1.0,
        'w' | 'O' | 'Q' | 'G' | 'D' | 'H' | 'N' | '&' | '#' | '+' | '=' | '<' | '>' | '~' => 0.84,
        'A'..='Z' => 0.72,
        's' | 'c' | 'z' | 'k' | 'v' | 'x' | 'y' | '?' | '_' | '"' | '*' => 0.6,
        ' '..='~' => 0.64,
        '\u{a0}'..='\u{24f}' => 0.75,
        '\u{250}'..='\u{52f}' => 0.85,
        _ => 1.1,
    }
}

/// The text, or as much of it as fits with an ellipsis behind it.
pub(super) fn fit(text: &str, max: f64, font: Font) -> String {
    if width(text, font) <= max {
        return text.to_owned();
    }
    let room = max - width("\u{2026}", font);
    let kept = head(text, room, font);
    format!("{}\u{2026}", text[..kept].trim_end())
}

/// How many bytes of the text fit, cut between what readers take for letters.
fn head(text: &str, max: f64, font: Font) -> usize {
    let mut used = 0.0;
    for (at, letter) in text.grapheme_indices(true) {
        used += width(letter, font);
        if used > max {
            return at;
        }
    }
    text.len()
}

/// The text in at most `most` lines, the last one with an ellipsis where it is longer.
pub(super) fn wrap(text: &str, max: f64, font: Font, most: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        if lines.len() + 1 >= most {
            lines.push(fit(rest, max, font));
            break;
        }
        let cut = line_end(rest, max, font);
        lines.push(rest[..cut].trim_end().to_owned());
        rest = rest[cut..].trim_start();
    }
    lines
}

/// Where the first line ends: after its last whole word, or inside a word that is longer than a line.
fn line_end(text: &str, max: f64, font: Font) -> usize {
    let fits = head(text, max, font);
    if fits == text.len() || text[fits..].starts_with(' ') {
        return fits;
    }
    let breaks = |(at, c): (usize, char)| matches!(c, ' ' | '-' | '_' | '/').then(|| at + c.len_utf8());
    let last = text[..fits].char_indices().filter_map(breaks).next_back();
    let first_letter = text.graphemes(true).next().map_or(text.len(), str::len);
    last.unwrap_or(fits).max(first_letter)
}

/// `A, B and C`; of more than `most` the rest is counted.
pub(super) fn listed(names: &[&str], most: usize) -> String {
    let shown = names.len().min(most);
    let more = (names.len() > most).then(|| format!("{} more", names.len() - most));
    let parts: Vec<&str> = names[..shown].iter().copied().chain(more.as_deref()).collect();
    match parts.split_last() {
        None => String::new(),
        Some((last, [])) => (*last).to_owned(),
        Some((last, before)) => format!("{} and {last}", before.join(", ")),
    }
}

/// `1 person`, `2 people`.
pub(super) fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// `3`, or `3 of 5` where only a part is shown.
pub(super) fn part(shown: usize, all: usize) -> String {
    if shown == all { all.to_string() } else { format!("{shown} of {all}") }
}

/// A part of a whole in per cent; what is there at all is never shown as nothing.
pub(super) fn percent(part: usize, whole: usize) -> String {
    let share = if whole == 0 { 0.0 } else { part as f64 / whole as f64 * 100.0 };
    if part > 0 && share < 0.5 { "<1%".to_owned() } else { format!("{share:.0}%") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_between_words_and_the_last_one_says_that_there_is_more() {
        let font = Font { size: 10.0, bold: false };
        assert_eq!(wrap("Priya Raghunathan", 200.0, font, 2), ["Priya Raghunathan"]);
        assert_eq!(wrap("Priya Raghunathan", 90.0, font, 2), ["Priya", "Raghunathan"]);
        assert_eq!(wrap("Head of Global Operations", 70.0, font, 2), ["Head of", "Global Ope\u{2026}"]);
        assert_eq!(wrap("01-discovery.vtt", 80.0, font, 2), ["01-", "discovery.vtt"]);
        assert!(wrap(&"x".repeat(200), 70.0, font, 3).iter().all(|line| width(line, font) <= 70.0));
        assert_eq!(wrap("\u{4e2d}", 1.0, font, 2), ["\u{4e2d}"]);
    }

    #[test]
    fn what_turns_text_round_or_breaks_a_document_is_left_out() {
        assert_eq!(clean("Ana\u{202e} Petrov\u{0}\u{ffff}\n\tJr"), "Ana Petrov Jr");
        assert_eq!(clean("\u{200b}\u{2066} "), "");
        assert_eq!(clean(&format!("e{}", "\u{301}".repeat(50))).chars().count(), 1 + MOST_MARKS);
        assert_eq!(clean("محمد الأمين"), "محمد الأمين");
    }

    #[test]
    fn lists_and_counts_read_like_speech() {
        assert_eq!(listed(&["A"], 3), "A");
        assert_eq!(listed(&["A", "B", "C"], 3), "A, B and C");
        assert_eq!(listed(&["A", "B", "C"], 1), "A and 2 more");
        assert_eq!(percent(1, 4), "25%");
        assert_eq!(percent(1, 4000), "<1%");
        assert_eq!(percent(0, 0), "0%");
    }
}
