//! The numbers that contracts put before their clauses: `4.2`, `3.`, `§ 5`, `Article 2 –`, `(1)`, `(a)`, `a)`, `(ii)`.

/// Words before the number of a section.
const SECTION_WORDS: &[&str] = &[
    "article",
    "artikel",
    "artículo",
    "articolo",
    "art.",
    "section",
    "abschnitt",
    "sección",
    "sezione",
    "clause",
    "ziffer",
    "cláusula",
    "§",
];
/// A part of a number is at most this long; years and amounts are longer.
const MAX_PART_DIGITS: usize = 3;
const MAX_NUMBER_CHARS: usize = 12;
const MAX_SUB_CHARS: usize = 5;

/// One level of a clause's number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Mark {
    /// Of a section, or of a clause with all that is above it: `3`, `4.2`, `IV`.
    Number(String),
    /// What stands in brackets below it: `1`, `a`, `ii`.
    Sub(String),
}

/// A text taken apart at its number.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Marked<'t> {
    /// The number, outermost level first; nothing where the text has none.
    pub marks: Vec<Mark>,
    /// The words behind it.
    pub words: &'t str,
}

impl Marked<'_> {
    /// Whether it is the number of a whole section: `3`, but not `4.2` and not `(a)`.
    pub(super) fn is_section(&self) -> bool {
        matches!(self.marks.as_slice(), [Mark::Number(number)] if !number.contains('.'))
    }
}

/// Splits the number from the words behind it.
pub(super) fn read(text: &str) -> Marked<'_> {
    let text = text.trim_start();
    let mut marks = Vec::new();
    let mut rest = text;
    if let Some((number, behind)) = named_number(text).or_else(|| plain_number(text)) {
        marks.push(Mark::Number(number));
        rest = behind;
    }
    while let Some((sub, behind)) = sub(rest, marks.is_empty()) {
        marks.push(Mark::Sub(sub));
        rest = behind;
    }
    Marked { marks, words: rest.trim_start_matches([')', ':', ' ', '\t', '–', '—']) }
}

/// `§ 5`, `Article IV:`, `Section 2.`
fn named_number(text: &str) -> Option<(String, &str)> {
    let after = SECTION_WORDS.iter().find_map(|word| {
        let head = text.char_indices().nth(word.chars().count()).map_or(text.len(), |(at, _)| at);
        let (head, rest) = text.split_at(head);
        let apart = rest.starts_with([' ', '\t', '\u{a0}']) || *word == "§";
        (apart && head.to_lowercase() == *word).then(|| rest.trim_start())
    })?;
    let end = after.find(|c: char| !c.is_ascii_alphanumeric() && c != '.').unwrap_or(after.len());
    let (number, rest) = after.split_at(end);
    let number = number.trim_end_matches('.');
    (is_number(number) || is_roman(number)).then(|| (number.to_owned(), rest))
}

/// `4.2 words`, `3. WORDS`, `3: words`; neither an amount (`99.9 %`) nor a date (`24. March 2026`).
fn plain_number(text: &str) -> Option<(String, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, rest) = text.split_at(end);
    let closed = number.contains('.') || rest.starts_with(':');
    let apart = rest.is_empty() || rest.starts_with([' ', '\t', '\u{a0}', ':', '(']);
    let words = rest.trim_start_matches([':', ' ', '\t', '\u{a0}']);
    let begins_words = words.chars().next().is_none_or(|c| c.is_alphabetic() || "\"'“„«‚([*–—_".contains(c));
    let number = number.trim_end_matches('.');
    (closed && apart && begins_words && is_number(number) && !is_date(words)).then(|| (number.to_owned(), rest))
}

/// `March 2026` behind a number.
fn is_date(words: &str) -> bool {
    let year = words.split([' ', ',', '.', ';']).nth(1).unwrap_or_default();
    year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit())
}

fn is_number(text: &str) -> bool {
    let part = |part: &str| (1..=MAX_PART_DIGITS).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    text.len() <= MAX_NUMBER_CHARS && text.split('.').all(part)
}

fn is_roman(text: &str) -> bool {
    (1..=5).contains(&text.len()) && text.bytes().all(|b| b"IVXL".contains(&b))
}

/// `(a)`, `(ii)`, `(1)`, and where nothing stands before it also `a)` and `1)`.
fn sub(text: &str, first: bool) -> Option<(String, &str)> {
    let text = text.trim_start();
    let inner = match text.strip_prefix('(') {
        Some(inner) => inner,
        None if first => text,
        None => return None,
    };
    // What is longer is no number; a paragraph is not looked through for its bracket.
    let end = inner.bytes().take(MAX_SUB_CHARS + 1).position(|b| b == b')')?;
    let (inner, rest) = (inner.get(..end)?, inner.get(end + 1..)?);
    let apart = rest.is_empty() || rest.starts_with([' ', '\t', '\u{a0}', '(']);
    (apart && is_sub(inner)).then(|| (inner.to_owned(), rest))
}

fn is_sub(text: &str) -> bool {
    let all = |test: fn(&u8) -> bool| text.bytes().all(|b| test(&b));
    let repeated = text.bytes().all(|b| b.is_ascii_alphabetic() && text.starts_with(char::from(b)));
    let roman = all(|b| b"ivxl".contains(b)) || all(|b| b"IVXL".contains(b));
    match text.len() {
        1..=2 if all(u8::is_ascii_digit) => true,
        1..=3 if repeated => true,
        1..=MAX_SUB_CHARS => roman,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clause_numbers_are_told_from_other_numbers() {
        let cases = [
            ("4.2 Ferrite will", "4.2", "Ferrite will"),
            ("3. FEES", "3", "FEES"),
            ("12) words", "(12)", "words"),
            ("(a) words", "(a)", "words"),
            ("a) words", "(a)", "words"),
            ("(iv) words", "(iv)", "words"),
            ("2.1(b)(i) words", "2.1(b)(i)", "words"),
            ("§ 5 Laufzeit", "5", "Laufzeit"),
            ("§5 (2) Die Laufzeit", "5(2)", "Die Laufzeit"),
            ("Article 2: Term", "2", "Term"),
            ("ARTICLE IV – TERM", "IV", "TERM"),
            ("Artikel 3", "3", ""),
            ("12 spare sensors", "", "12 spare sensors"),
            ("2026.04.24", "", "2026.04.24"),
            ("4.2% of fees", "", "4.2% of fees"),
            ("99.9 % of each month", "", "99.9 % of each month"),
            ("24. März 2026", "", "24. März 2026"),
            ("(see annex) words", "", "(see annex) words"),
            ("(the) words", "", "(the) words"),
            ("Articles of the", "", "Articles of the"),
            ("", "", ""),
            ("...", "", "..."),
        ];
        for (text, number, words) in cases {
            let marked = read(text);
            let shown: String = marked
                .marks
                .iter()
                .map(|mark| match mark {
                    Mark::Number(number) => number.clone(),
                    Mark::Sub(sub) => format!("({sub})"),
                })
                .collect();
            assert_eq!((shown.as_str(), marked.words), (number, words), "{text}");
        }
    }
}
