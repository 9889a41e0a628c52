//! What stands above an earlier mail: the line that says who wrote it, or its header.

use super::Numbered;
use super::languages::{FORWARDED, ORIGINAL, Role, WROTE, role, says};

/// The line above a quote is wrapped over at most this many lines.
const MOST_LINES: usize = 4;
/// A header has at most this many lines.
const MOST_HEADERS: usize = 10;

/// Whether an earlier mail begins on the line, and what kind it is: passed on, or answered.
pub(super) fn earlier_mail(lines: &[Numbered<'_>], at: usize) -> Option<&'static str> {
    let line = lines.get(at)?.text.trim();
    let bare = line
        .trim_matches(|c: char| matches!(c, '-' | '_' | '=' | '*' | ':' | '<' | '>') || c.is_whitespace())
        .to_lowercase();
    let dashed = line.starts_with("--") || line.starts_with("==") || line.starts_with("__");
    let opens = (dashed && line.ends_with(['-', '=', '_'])) || (line.ends_with(':') && bare.chars().count() < 50);
    if opens && bare_says(&bare, FORWARDED) {
        return Some(super::FORWARDED_MAIL);
    }
    let titled = opens && bare_says(&bare, ORIGINAL);
    let ruled = dashed && bare.chars().count() < 50 && header_behind(lines, at + 1);
    (titled || ruled || is_header(lines, at)).then_some(super::QUOTED_MAIL)
}

/// The words open the line, or end it: `Début du message transféré`, `Begin forwarded message`.
fn bare_says(bare: &str, words: &[&str]) -> bool {
    words.iter().any(|word| bare.starts_with(word) || bare.ends_with(word))
}

fn header_behind(lines: &[Numbered<'_>], at: usize) -> bool {
    let blank = lines.iter().skip(at).take(2).take_while(|line| line.text.trim().is_empty()).count();
    is_header(lines, at + blank)
}

/// `From:`, `Sent:`, `To:`, `Subject:` in any language and order: three of them at least, the sender and a date or subject
/// among them, with no other words between.
fn is_header(lines: &[Numbered<'_>], at: usize) -> bool {
    let mut roles: Vec<Role> = Vec::new();
    let mut before = "";
    for line in lines.iter().skip(at).take(MOST_HEADERS) {
        let text = line.text.trim();
        match role(text) {
            Some(role) if !roles.contains(&role) => roles.push(role),
            // Long lists of addresses are wrapped.
            None if !roles.is_empty() && (text.is_empty() || before.ends_with([',', ';'])) => {}
            _ => break,
        }
        before = text;
    }
    let opens = matches!(roles.first(), Some(Role::From | Role::Date | Role::Subject));
    let dated = roles.contains(&Role::Date) || roles.contains(&Role::Subject);
    opens && dated && roles.len() >= 3 && roles.contains(&Role::From)
}

/// `On Thu, 5 Mar 2026 at 16:42, Luc Perrin <luc@…> wrote:`, also wrapped: how many lines it has.
pub(super) fn attribution(lines: &[Numbered<'_>], at: usize) -> Option<usize> {
    let near = lines.get(at..)?.iter().take(MOST_LINES);
    let near: Vec<&str> =
        near.map(|line| line.text.trim()).take_while(|line| !line.is_empty() && !line.starts_with('>')).collect();
    let length = near.iter().position(|line| line.ends_with([':', '：']))? + 1;
    let near = near.get(..length)?;
    let after = lines.iter().skip(at + length).find(|line| !line.text.trim().is_empty());
    let above_quote = after.is_none_or(|line| super::is_quoted(line.text));
    let joined = |from: usize| near.get(from..).unwrap_or_default().join(" ");
    let whole = joined(0);
    // The sender's own last line may stand right above it: then a later line is where it begins, with the date.
    let begins_later = || {
        (1..length).map(joined).any(|part| (is_dated(&part) || !is_dated(&whole)) && is_attribution(&part, above_quote))
    };
    (is_attribution(&whole, above_quote) && !begins_later()).then_some(length)
}

/// Whether it has a number, those in addresses aside.
fn is_dated(text: &str) -> bool {
    let mut words = text.split_whitespace().filter(|word| !word.contains('@'));
    words.any(|word| word.contains(|c: char| c.is_ascii_digit()))
}

fn is_attribution(text: &str, above_quote: bool) -> bool {
    let lower = text.to_lowercase();
    let wrote = says(&lower, WROTE);
    let dated = is_dated(text);
    let timed = text
        .as_bytes()
        .windows(3)
        .any(|three| matches!(three, [a, b':' | b'.' | b'h', b] if a.is_ascii_digit() && b.is_ascii_digit()));
    let addressed = text.contains('@');
    if above_quote {
        (wrote && (dated || addressed)) || (dated && addressed) || (addressed && text.contains('<'))
    } else {
        wrote && dated && (addressed || timed)
    }
}
