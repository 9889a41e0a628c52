//! Words that a line's end cuts in two: `imple-` / `mentation` is one word, `go-` / `live` keeps its hyphen, `Vor-` / `und
//! Nachteile` is as it should be.

use std::collections::HashSet;

/// Words before which a hyphen stands for a part that is left out.
const AND: &[&str] = &["and", "or", "und", "oder", "bzw.", "sowie", "et", "ou", "y", "o", "e", "en", "of", "to", "bis"];

/// The lines with cut words whole again: the rest of such a word moves up to the line it began on.
pub(super) fn joined(lines: &[&str]) -> Vec<String> {
    let hyphened = hyphened(lines);
    let mut joined: Vec<String> = Vec::with_capacity(lines.len());
    // The last line with words, into which a cut word is mended.
    let mut above: Option<usize> = None;
    for line in lines {
        let mut line = line.trim();
        let mut is_mended = false;
        let open = above.and_then(|at| joined.get_mut(at));
        if let Some(text) = open
            && let Some(rest) = mend(text, line, &hyphened)
        {
            line = rest;
            is_mended = true;
        }
        joined.push(line.to_owned());
        if !line.is_empty() {
            above = Some(joined.len() - 1);
        } else if is_mended {
            // A word goes over two lines, not over a hundred thousand.
            above = None;
        }
    }
    joined
}

/// Moves the rest of a cut word to the text above; what is left of the line.
fn mend<'t>(above: &mut String, line: &'t str, hyphened: &HashSet<String>) -> Option<&'t str> {
    let cut = above.strip_suffix(['-', '‐', '\u{ad}'])?;
    let (rest_of_word, rest) = line.split_once(' ').unwrap_or((line, ""));
    let is_cut = cut.ends_with(char::is_alphabetic) && rest_of_word.starts_with(char::is_lowercase);
    if !is_cut || AND.contains(&rest_of_word) {
        return None;
    }
    let first = cut.rsplit(' ').next().unwrap_or_default();
    let bare = rest_of_word.trim_end_matches(|c: char| !c.is_alphanumeric());
    let keeps = !above.ends_with('\u{ad}') && hyphened.contains(&format!("{first}-{bare}").to_lowercase());
    let cut = cut.len();
    above.truncate(cut);
    if keeps {
        above.push('-');
    }
    above.push_str(rest_of_word);
    Some(rest.trim_start())
}

/// The words that the file itself writes with a hyphen within a line.
fn hyphened(lines: &[&str]) -> HashSet<String> {
    let words = lines.iter().flat_map(|line| line.split_whitespace());
    let bare = words.map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()));
    bare.filter(|word| word.contains('-')).map(str::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cut_words_are_mended_and_hyphens_of_words_stay() {
        let cases: &[(&[&str], &[&str])] = &[
            (&["the imple-", "mentation of it"], &["the implementation", "of it"]),
            (&["A go-live.", "until go-", "live, if"], &["A go-live.", "until go-live,", "if"]),
            (&["Vor-", "und Nachteile"], &["Vor-", "und Nachteile"]),
            (&["2020-", "2026"], &["2020-", "2026"]),
            (&["imple-", "", "mentation"], &["implementation", "", ""]),
            (&["Smith-", "Jones"], &["Smith-", "Jones"]),
        ];
        for (lines, expected) in cases {
            assert_eq!(joined(lines), *expected, "{lines:?}");
        }
    }
}
