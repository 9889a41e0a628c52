//! Contracts: order forms, statements of work, agreements. Each clause, list item and table row is a cue, found again by
//! its clause number and heading.

use super::super::clock::moment;
use super::super::reading::{Cue, Reading, one_line};
use super::blocks::{Block, is_entry, numbered, paragraphs};
use super::markdown;
use crate::domain::transcript::{Format, SourceKind};

/// What a contract calls itself in its first lines.
const TITLES: &[&str] = &[
    "order form",
    "statement of work",
    "master subscription",
    "master services agreement",
    "service order",
    "services agreement",
    "subscription agreement",
    "license agreement",
    "licence agreement",
    "work order",
    "addendum",
    "amendment",
    "auftragsformular",
    "bestellformular",
    "rahmenvertrag",
    "leistungsbeschreibung",
    "bon de commande",
];
/// Phrases of legal drafting; ordinary notes hold one of them by chance, not three.
const DRAFTING: &[&str] = &[
    " shall ",
    "governed by",
    "effective date",
    "initial term",
    "entire agreement",
    "either party",
    "hereby",
    "terminate",
    "invoiced",
    "written notice",
    "(\"customer\")",
    "(\"client\")",
    "(the \"",
    "renewal",
    "net forty-five",
    "net thirty",
    "in writing",
    "is excluded",
    "are excluded",
    "exclusions",
    "not included",
    "subscription fee",
    "implementation fee",
    "fees",
    "laufzeit",
    "vertragsbeginn",
    "kündigung",
];
/// Words of a file name that say contract.
const NAME_WORDS: &[&str] = &["contract", "sow", "msa", "dpa", "agreement", "vertrag", "amendment", "addendum"];
/// Words of a file name that say it is only about a contract.
const ABOUT_WORDS: &[&str] =
    &["notes", "note", "call", "meeting", "transcript", "mail", "review", "negotiation", "summary"];
/// The title stands in the first lines.
const TITLE_LINES: usize = 8;
/// A numbered line longer than this is a clause, not a heading.
const MAX_HEADING_CHARS: usize = 70;

/// What a file name hints at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::transcript) enum NameHint {
    /// `contract.md`, `order-form.txt`, `SOW_2.md`.
    Contract,
    /// `ae-notes.md`.
    Notes,
    /// Nothing.
    None,
}

impl NameHint {
    pub(in crate::transcript) fn of(name: &str) -> Self {
        let stem = name.rsplit(['/', '\\']).next().unwrap_or(name).to_lowercase();
        let words: Vec<&str> = stem.split(|c: char| !c.is_alphanumeric()).collect();
        let has = |list: &[&str]| words.iter().any(|word| list.contains(word));
        let order_form = words.windows(2).any(|pair| matches!(pair, ["order", "form"])) || has(&["orderform"]);
        if has(&["notes", "notizen"]) {
            Self::Notes
        } else if (order_form || has(NAME_WORDS)) && !has(ABOUT_WORDS) {
            Self::Contract
        } else {
            Self::None
        }
    }
}

/// Whether the text is a contract: numbered clauses, and a contract's title, drafting or file name.
pub(in crate::transcript) fn looks_like(text: &str, hint: NameHint) -> bool {
    let clauses =
        text.lines().filter(|line| clause(line.trim_start_matches(['#', ' ', '*'])).is_some()).take(3).count();
    let lower = text.to_lowercase().replace(['“', '”', '„'], "\"");
    let top = lower.lines().filter(|line| !line.trim().is_empty()).take(TITLE_LINES);
    let titled = top
        .clone()
        .any(|line| line.chars().count() <= MAX_HEADING_CHARS && TITLES.iter().any(|title| line.contains(title)));
    let drafting = DRAFTING.iter().filter(|phrase| lower.contains(**phrase)).count();
    match hint {
        NameHint::Notes => false,
        NameHint::Contract => titled || drafting >= 2 || clauses >= 1,
        NameHint::None => clauses >= 3 && drafting >= 3 && (titled || drafting >= 6),
    }
}

/// Reads the clauses of a contract, written as Markdown or as plain text.
pub(in crate::transcript) fn read(text: &str) -> Reading {
    let is_markdown = markdown::looks_like(text);
    let format = if is_markdown { Format::Markdown } else { Format::PlainText };
    let mut reading = Reading::document(format, SourceKind::Contract);
    let blocks = if is_markdown {
        markdown::blocks(text, &mut reading)
    } else {
        under_sections(paragraphs(numbered(text), starts_block), &mut reading)
    };
    add_clauses(&mut reading, blocks);
    reading
}

/// Makes a cue of every block, found again by where it stands in the contract.
pub(in crate::transcript) fn add_clauses(reading: &mut Reading, blocks: Vec<Block>) {
    reading.started_at = reading.started_at.or_else(|| blocks.iter().find_map(|block| signed_on(&block.text)));
    let mut place = Place::default();
    for block in blocks {
        place.enter(&block);
        let id = block.page.map_or_else(|| place.id(), |page| format!("{} · page {page}", place.id()));
        reading.cues.push(Cue { id, line: block.line, text: block.text, ..Cue::default() });
    }
}

/// Whether a line begins a clause or an entry, so that it does not go on with the line before.
pub(in crate::transcript) fn starts_block(line: &str) -> bool {
    clause(line).is_some() || is_entry(line)
}

/// Where nothing else marks headings, a short numbered line by itself is one, and the very first line the title.
pub(in crate::transcript) fn under_sections(all: Vec<Block>, reading: &mut Reading) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut heading: Option<String> = None;
    for block in all {
        let short = block.text.chars().count() <= MAX_HEADING_CHARS && !block.text.ends_with(['.', ';', ',']);
        if short && is_section(&block.text) {
            heading = Some(block.text);
        } else if short && blocks.is_empty() && reading.title.is_none() && !is_entry(&block.text) {
            reading.title = Some(block.text);
        } else {
            blocks.push(Block { headings: heading.iter().cloned().collect(), ..block });
        }
    }
    blocks
}

/// `2. Fees`, `§ 3 Laufzeit`: the number of a whole section, with words behind it.
pub(in crate::transcript) fn is_section(text: &str) -> bool {
    clause(text).is_some_and(|(number, words)| !number.contains(['.', '(']) && !words.is_empty())
}

/// Splits a clause number (`4.2`, `3.`, `(a)`, `§ 5`, `Article 2`) from the words behind it.
fn clause(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start();
    let marked = ["§", "Section ", "Article ", "Clause ", "ARTICLE ", "SECTION "]
        .iter()
        .find_map(|mark| text.strip_prefix(mark));
    let body = marked.unwrap_or(text).trim_start();
    if let Some(letter) =
        body.strip_prefix('(').and_then(|rest| rest.split_once(')')).filter(|(letter, _)| is_letter(letter))
    {
        return Some((&body[..letter.0.len() + 2], letter.1.trim_start()));
    }
    let end = body.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(body.len());
    let (number, rest) = body.split_at(end);
    let rest_starts = rest.is_empty() || rest.starts_with([' ', '\t', ')', ':']);
    let closed = number.contains('.') || rest.starts_with([')', ':']) || marked.is_some();
    let number = number.trim_end_matches('.');
    let plain = !number.is_empty() && number.len() <= 12 && number.split('.').all(|part| (1..=3).contains(&part.len()));
    (plain && closed && rest_starts).then(|| (number, rest.trim_start_matches([')', ':', ' ', '\t'])))
}

fn is_letter(text: &str) -> bool {
    (1..=4).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_lowercase())
}

/// Where in the contract the walk is.
#[derive(Default)]
struct Place {
    headings: Vec<String>,
    number: String,
    letter: String,
}

impl Place {
    fn enter(&mut self, block: &Block) {
        if block.headings != self.headings {
            self.headings.clone_from(&block.headings);
            self.number = self.section().map_or("", |(number, _)| number).to_owned();
            self.letter.clear();
        }
        if let Some(number) = &block.number {
            return self.enter_number(number);
        }
        match clause(&block.text) {
            Some((letter, _)) if letter.starts_with('(') => letter.clone_into(&mut self.letter),
            Some((number, _)) => {
                number.clone_into(&mut self.number);
                self.letter.clear();
            }
            None => {}
        }
    }

    /// Enters a clause whose number the file counts: `2.1(a)`, or `(a)` under the number before.
    fn enter_number(&mut self, number: &str) {
        let (number, letter) = number.split_at(number.find('(').unwrap_or(number.len()));
        if !number.is_empty() {
            number.clone_into(&mut self.number);
        }
        letter.clone_into(&mut self.letter);
    }

    /// The innermost heading, its number apart where it has one.
    fn section(&self) -> Option<(&str, &str)> {
        let heading = self.headings.last()?;
        Some(clause(heading).unwrap_or(("", heading)))
    }

    fn id(&self) -> String {
        let heading = self.section().map_or("", |(_, heading)| heading);
        let id = one_line(&format!("{}{} {heading}", self.number, self.letter));
        if id.is_empty() { "preamble".to_owned() } else { id }
    }
}

/// The date in a line such as `Order Form Effective Date: April 24, 2026.`
fn signed_on(text: &str) -> Option<jiff::Timestamp> {
    let lower = text.to_ascii_lowercase();
    let value = &text[lower.find("date:")? + "date:".len()..];
    let sentence = value.split(". ").next()?;
    moment(sentence)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clause_numbers_are_told_from_other_numbers() {
        let cases = [
            ("4.2 Ferrite will", Some(("4.2", "Ferrite will"))),
            ("3. FEES", Some(("3", "FEES"))),
            ("12) words", Some(("12", "words"))),
            ("(a) words", Some(("(a)", "words"))),
            ("§ 5 Laufzeit", Some(("5", "Laufzeit"))),
            ("Article 2: Term", Some(("2", "Term"))),
            ("12 spare sensors", None),
            ("2026.04.24", None),
            ("4.2% of fees", None),
            ("(see annex) words", None),
            ("", None),
            ("...", None),
        ];
        for (text, expected) in cases {
            assert_eq!(clause(text), expected, "{text}");
        }
    }

    #[test]
    fn a_name_hints_at_a_contract_only_where_it_is_the_contract() {
        let cases = [
            ("contract.md", NameHint::Contract),
            ("deal/Order-Form_v2.txt", NameHint::Contract),
            ("sow.txt", NameHint::Contract),
            ("contract-call.txt", NameHint::None),
            ("contract-notes.md", NameHint::Notes),
            ("disagreement.md", NameHint::None),
        ];
        for (name, expected) in cases {
            assert_eq!(NameHint::of(name), expected, "{name}");
        }
    }
}
