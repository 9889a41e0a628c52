//! What in a mail's body is new: earlier mails below it, quotes between its lines, what mail programs add, and the signature
//! are cut off, with a report.

mod above;
mod added;
mod armour;
mod languages;

use super::super::person;
use crate::domain::transcript::Dropped;
pub(super) use armour::{ENCRYPTED_TEXT, unescaped};

const QUOTED_MAIL: &str = "quoted earlier mail";
const FORWARDED_MAIL: &str = "forwarded mail";
/// A line of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Numbered<'t> {
    /// The number it is reported with.
    pub number: u32,
    pub text: &'t str,
}

/// A mail's body, taken apart.
#[derive(Debug, Default)]
pub(super) struct Body<'t> {
    /// The newest part.
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
    /// The lines above a quote that has `>` marks: only those lines are quoted.
    Attribution(usize),
    /// All that follows is an earlier mail.
    Earlier(&'static str),
    /// Some lines of PGP, and what they are.
    Armour(usize, &'static str),
    /// Added by a mail program.
    Added,
    /// `-- `.
    Signature,
}

/// Cuts a body down to its newest part.
pub(super) fn newest_part<'t>(lines: &[Numbered<'t>]) -> Body<'t> {
    let mut body = Body::default();
    let mut in_signature = false;
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let rest = lines.get(at..).unwrap_or_default();
        at += match part(lines, at) {
            Part::Own if in_signature => {
                body.signature.push(line.text.trim());
                1
            }
            Part::Own => {
                body.newest.push((line.number, line.text));
                1
            }
            Part::Quoted => {
                let quoted = rest.iter().take_while(|line| is_quoted(line.text)).count();
                body.cut(line.number, quoted, quoted_kind(rest, quoted))
            }
            Part::Attribution(length) => body.cut(line.number, length, "line above a quoted mail"),
            Part::Earlier(kind) => body.cut(line.number, rest.len(), kind),
            Part::Armour(length, kind) => body.cut(line.number, length, kind),
            Part::Added => body.cut(line.number, 1, "line that a mail program adds"),
            Part::Signature => {
                in_signature = true;
                body.cut(line.number, 1, "signature from here")
            }
        };
    }
    body
}

impl Body<'_> {
    /// Reports lines as cut off, and gives their number back. What stands before and after them is not one paragraph.
    fn cut(&mut self, line: u32, lines: usize, what: &str) -> usize {
        let reason = if lines > 1 { format!("{what} ({lines} lines of the body)") } else { what.to_owned() };
        self.dropped.push(Dropped { line, reason });
        self.newest.push((line, ""));
        lines
    }
}

fn is_quoted(line: &str) -> bool {
    line.trim_start().starts_with('>')
}

/// Apple Mail quotes what it forwards.
fn quoted_kind(lines: &[Numbered<'_>], quoted: usize) -> &'static str {
    let bare = |line: &Numbered<'_>| line.text.trim_matches(|c: char| c == '>' || c.is_whitespace()).to_lowercase();
    let first = lines.iter().take(quoted).map(bare).find(|line| !line.is_empty()).unwrap_or_default();
    if languages::says(&first, languages::FORWARDED) { FORWARDED_MAIL } else { QUOTED_MAIL }
}

fn part(lines: &[Numbered<'_>], at: usize) -> Part {
    let line = lines.get(at).map_or("", |line| line.text);
    if is_quoted(line) {
        Part::Quoted
    } else if line.trim() == "--" {
        Part::Signature
    } else if let Some((length, kind)) = armour::armour(lines, at) {
        Part::Armour(length, kind)
    } else if added::is_list_footer(lines, at) {
        Part::Earlier("footer of a mailing list")
    } else if let Some(kind) = above::earlier_mail(lines, at) {
        Part::Earlier(kind)
    } else if let Some(length) = above::attribution(lines, at) {
        let next = lines.iter().skip(at + length).find(|line| !line.text.trim().is_empty());
        if next.is_none_or(|line| is_quoted(line.text)) {
            Part::Attribution(length)
        } else {
            Part::Earlier(QUOTED_MAIL)
        }
    } else if added::is_added(line) {
        Part::Added
    } else {
        Part::Own
    }
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
    use super::super::super::documents::blocks::numbered;
    use super::*;

    fn body(text: &str) -> Body<'_> {
        let lines: Vec<Numbered<'_>> = numbered(text).map(|(number, text)| Numbered { number, text }).collect();
        newest_part(&lines)
    }

    fn newest(text: &str) -> Vec<&str> {
        body(text).newest.into_iter().map(|(_, line)| line).filter(|line| !line.is_empty()).collect()
    }

    #[test]
    fn earlier_mails_are_cut_off_however_they_are_marked() {
        let below = [
            "On Thu, 5 Mar 2026 at 16:42, Luc <luc@x.example> wrote:\n> old",
            "On Thu, 5 Mar 2026 at 16:42, Luc Perrin\n<luc.perrin@x.example>\nwrote:\n> old\n>> older",
            "Am 05.03.2026 um 16:42 schrieb Luc Perrin:\n> alt",
            "Luc Perrin <luc@x.example> hat am 05.03.2026 16:42 geschrieben:\n\nalt",
            "Le 5 mars 2026 à 16:42, Luc a écrit :\n\n> ancien",
            "On 5 Mar 2026, at 16:42, Luc <luc@x.example> wrote:\n\nold without marks",
            "W dniu 5.03.2026 o 16:42, Luc pisze:\n> stare",
            "czw., 5 mar 2026 o 16:42 Luc <luc@x.example> napisał(a):\n\n> stare",
            "2026年3月5日(木) 16:42 Luc <luc@x.example>:\n\n> 古い",
            "-----Original Message-----\nold",
            "---------- Forwarded message ---------\nFrom: A <a@x.example>\nold",
            "Anfang der weitergeleiteten Nachricht:\n\nVon: A\nalt",
            "________________________________\nFrom: Luc\nSent: Thursday\nTo: Dana\nSubject: x\n\nold",
            "Von: Luc\nGesendet: Donnerstag\nAn: Dana\nBetreff: x\n\nalt",
            "Da: Luc\nInviato: giovedì\nA: Dana\nOggetto: x\n\nvecchio",
            "*De :* Luc\n*Envoyé :* jeudi\n*À :* Dana;\nPaul\n*Objet :* x\n\nancien",
            "Fra: Luc\n\nDato: torsdag\n\nTil: Dana\n\nEmne: x\n\ngammel",
            "> old",
        ];
        for tail in below {
            let text = format!("New words.\n\n{tail}\n");
            let kept = newest(&text);
            assert_eq!(kept, ["New words."], "{tail}");
            assert!(!body(&text).dropped.is_empty(), "{tail}");
        }
    }

    #[test]
    fn words_between_quotes_are_kept_and_ordinary_lines_are_no_headers() {
        assert_eq!(newest("On 5 Mar Luc wrote:\n> question?\nYes.\n> other?\nNo."), ["Yes.", "No."]);
        let plain = [
            "On Monday I wrote:\nFrom: here to there\nit's fine",
            "On 4 March you wrote:\nno Hull before June",
            "From: Leeds\nTo: Hull\nit is two hours",
            "Sent from my desk you will get the contract and the form today",
            "The options:\n- one\n- two",
        ];
        for text in plain {
            assert_eq!(newest(text).len(), text.lines().count(), "{text}");
        }
    }

    #[test]
    fn the_line_above_a_wrapped_attribution_is_the_senders_own() {
        let text = "Best 5 of us\nOn Tue, Mar 10, 2026 at 5:12 PM Imke <\nimke77@x.example> wrote:\n\n> old";
        assert_eq!(newest(text), ["Best 5 of us"]);
    }
}
