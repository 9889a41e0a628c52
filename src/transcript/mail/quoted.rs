//! What in a mail's body is new: earlier mails below it and the signature are cut off, with a report.

use super::super::documents::blocks::numbered;
use super::super::person;
use crate::domain::transcript::Dropped;

/// How the line above a quoted mail ends, in the languages mail programs write it in.
const WROTE: &[&str] = &["wrote:", "schrieb:", "écrit :", "écrit:", "escribió:", "ha scritto:", "schreef:"];
/// How such a line begins.
const ON: &[&str] = &["On ", "Am ", "Le ", "El ", "Il ", "Op "];
/// Lines that open a whole earlier or forwarded mail.
const SEPARATORS: &[&str] = &[
    "original message",
    "ursprüngliche nachricht",
    "message d'origine",
    "forwarded message",
    "weitergeleitete nachricht",
    "original appointment",
    "begin forwarded message:",
];
/// The first and the following lines of the header block that Outlook puts above a quoted mail.
const BLOCK_STARTS: &[&str] = &["From:", "Von:", "De :", "De:", "*From:*", "*Von:*"];
const BLOCK_LINES: &[&str] = &[
    "Sent:",
    "Date:",
    "To:",
    "Subject:",
    "Gesendet:",
    "Datum:",
    "An:",
    "Betreff:",
    "Envoyé",
    "À :",
    "Objet",
    "*Sent:*",
    "*To:*",
];

/// A mail's body, taken apart.
#[derive(Debug, Default)]
pub(super) struct Body<'t> {
    /// The newest part, with line numbers of the body.
    pub newest: Vec<(u32, &'t str)>,
    /// The lines of the signature.
    pub signature: Vec<&'t str>,
    /// What was cut off.
    pub dropped: Vec<Dropped>,
}

/// What a line is, given the lines after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// Written by the sender.
    Own,
    /// `> quoted`.
    Quoted,
    /// The line above a quote that has `>` marks: only those lines are quoted.
    Attribution(usize),
    /// All that follows is an earlier mail.
    Earlier,
    /// `-- `.
    Signature,
}

/// Cuts a body down to its newest part.
pub(super) fn newest_part(text: &str) -> Body<'_> {
    let lines: Vec<(u32, &str)> = numbered(text).collect();
    let mut body = Body::default();
    let mut in_signature = false;
    let mut at = 0;
    while let Some(&(number, line)) = lines.get(at) {
        at += match part(&lines, at) {
            Part::Own if in_signature => {
                body.signature.push(line.trim());
                1
            }
            Part::Own => {
                body.newest.push((number, line));
                1
            }
            Part::Quoted => body.quote(&lines, at),
            Part::Attribution(length) => {
                body.cut(number, length, "line above a quoted mail");
                length
            }
            Part::Earlier => {
                body.cut(number, lines.len() - at, "quoted earlier mail");
                lines.len()
            }
            Part::Signature => {
                in_signature = true;
                body.cut(number, 1, "signature from here");
                1
            }
        };
    }
    body
}

impl Body<'_> {
    fn quote(&mut self, lines: &[(u32, &str)], at: usize) -> usize {
        let length = lines[at..].iter().take_while(|(_, line)| is_quoted(line)).count();
        self.cut(lines[at].0, length, "quoted earlier mail");
        length
    }

    fn cut(&mut self, line: u32, lines: usize, what: &str) {
        let reason = if lines > 1 { format!("{what} ({lines} lines of the body)") } else { what.to_owned() };
        self.dropped.push(Dropped { line, reason });
    }
}

fn is_quoted(line: &str) -> bool {
    line.starts_with('>')
}

fn part(lines: &[(u32, &str)], at: usize) -> Part {
    let line = lines[at].1;
    let trimmed = line.trim();
    if is_quoted(line) {
        Part::Quoted
    } else if trimmed == "--" {
        Part::Signature
    } else if opens_earlier_mail(lines, at, trimmed) {
        Part::Earlier
    } else if let Some(length) = attribution(lines, at) {
        let next = lines[at + length..].iter().map(|(_, line)| *line).find(|line| !line.trim().is_empty());
        if next.is_some_and(is_quoted) { Part::Attribution(length) } else { Part::Earlier }
    } else {
        Part::Own
    }
}

fn opens_earlier_mail(lines: &[(u32, &str)], at: usize, line: &str) -> bool {
    let bare = line.trim_matches(['-', '_', ' ', '*']).to_lowercase();
    let separator = (line.starts_with("--") || line.ends_with(':')) && SEPARATORS.contains(&bare.as_str());
    let ruled = line.len() >= 10 && line.bytes().all(|b| b == b'_') && header_block(lines, at + 1);
    separator || ruled || header_block(lines, at)
}

fn header_block(lines: &[(u32, &str)], at: usize) -> bool {
    let first = lines.get(at).map_or("", |(_, line)| line.trim());
    BLOCK_STARTS.iter().any(|start| first.starts_with(start)) && header_lines(lines, at) >= 2
}

fn header_lines(lines: &[(u32, &str)], at: usize) -> usize {
    let next = lines.iter().skip(at + 1).take(5);
    next.filter(|(_, line)| BLOCK_LINES.iter().any(|start| line.trim().starts_with(start))).count()
}

/// `On Thu, 5 Mar 2026 at 16:42, Luc Perrin <luc@…> wrote:`, also wrapped over up to three lines: how many.
fn attribution(lines: &[(u32, &str)], at: usize) -> Option<usize> {
    let first = lines[at].1.trim();
    if !ON.iter().any(|on| first.starts_with(on)) {
        return None;
    }
    let near = lines[at..].iter().take(3).take_while(|(_, line)| !line.trim().is_empty() && !is_quoted(line));
    let mut has_date = false;
    near.enumerate().find_map(|(index, (_, line))| {
        has_date |= line.contains(|c: char| c.is_ascii_digit()) || line.contains('@');
        let line = line.trim();
        let ends =
            WROTE.iter().any(|wrote| line.ends_with(wrote)) || (line.contains(" schrieb ") && line.ends_with(':'));
        (has_date && ends).then_some(index + 1)
    })
}

/// The sender's job title, where the signature gives it in the line below the name.
pub(super) fn title_in_signature(signature: &[&str], name: &str) -> Option<String> {
    let lines = signature.iter().filter(|line| !line.is_empty());
    let below = lines.skip_while(|line| !line.eq_ignore_ascii_case(name)).nth(1)?;
    let is_title =
        !person::is_address(below) && !below.contains("://") && !below.contains(|c: char| c.is_ascii_digit());
    (is_title && below.chars().count() <= 80).then(|| (*below).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn newest(text: &str) -> Vec<&str> {
        newest_part(text).newest.into_iter().map(|(_, line)| line).filter(|line| !line.is_empty()).collect()
    }

    #[test]
    fn earlier_mails_are_cut_off_however_they_are_marked() {
        let below = [
            "On Thu, 5 Mar 2026 at 16:42, Luc <luc@x.example> wrote:\n> old",
            "On Thu, 5 Mar 2026 at 16:42, Luc Perrin\n<luc.perrin@x.example>\nwrote:\n> old\n>> older",
            "Am 05.03.2026 um 16:42 schrieb Luc Perrin:\n> alt",
            "Le 5 mars 2026 à 16:42, Luc a écrit :\n\n> ancien",
            "On 5 Mar 2026, at 16:42, Luc <luc@x.example> wrote:\n\nold without marks",
            "-----Original Message-----\nold",
            "---------- Forwarded message ---------\nFrom: A <a@x.example>\nold",
            "________________________________\nFrom: Luc\nSent: Thursday\nTo: Dana\nSubject: x\n\nold",
            "Von: Luc\nGesendet: Donnerstag\nAn: Dana\nBetreff: x\n\nalt",
            "> old",
        ];
        for tail in below {
            let text = format!("New words.\n\n{tail}\n");
            let kept = newest(&text);
            assert_eq!(kept, ["New words."], "{tail}");
            assert!(!newest_part(&text).dropped.is_empty(), "{tail}");
        }
    }

    #[test]
    fn words_between_quotes_are_kept_and_ordinary_lines_are_no_headers() {
        assert_eq!(newest("On 5 Mar Luc wrote:\n> question?\nYes.\n> other?\nNo."), ["Yes.", "No."]);
        let plain = "On Monday I wrote:\nFrom: here to there\nit's fine";
        assert_eq!(newest(plain).len(), 3);
    }
}
