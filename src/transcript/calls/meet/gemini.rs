//! The notes that Gemini takes in a Google Meet: what a machine wrote about a call. They are notes and never speech.
//!
//! A head (date, title, `Invited …`, `Attachments …`, `Meeting records …`), sections with topics, tasks as `[Owner] Task: text`,
//! and a closing line that asks to review the notes.

use super::heads;
use super::lines::{Line, Lines};
use crate::domain::transcript::{Format, SourceKind};
use crate::transcript::calls::markup;
use crate::transcript::person;
use crate::transcript::reading::{Cue, Reading};

/// How the list of those who were invited begins, in lower case.
const INVITED: &[&str] = &[
    "invited",
    "eingeladen",
    "invités",
    "invité",
    "invitados",
    "invitado",
    "convidados",
    "convidado",
    "invitati",
    "uitgenodigd",
    "zaproszeni",
];
/// How the links to what belongs to the meeting begin.
const RECORDS: &[&str] = &[
    "attachments",
    "meeting records",
    "anhänge",
    "besprechungsunterlagen",
    "aufzeichnungen",
    "pièces jointes",
    "enregistrements",
    "archivos adjuntos",
    "adjuntos",
    "registros de la reunión",
    "anexos",
    "registros da reunião",
    "allegati",
    "registrazioni",
    "bijlagen",
];
/// `Notes` in lines that name Gemini.
const NOTES: &[&str] = &["note", "notiz", "notas", "notities", "appunti", "anotaç", "メモ", "notat"];
/// What the notice asks for: to review, and that they are accurate.
const REVIEW: &[&str] = &["review", "prüf", "revis", "vérifi", "verifi", "control", "bekijk"];
const ACCURATE: &[&str] = &["accura", "richtig", "korrekt", "exact", "précis", "precis", "correct", "corret", "juist"];
/// Words of the lines that ask for an opinion.
const SURVEY: &[&str] = &[
    "survey",
    "encuesta",
    "umfrage",
    "enquête",
    "sondage",
    "pesquisa",
    "sondaggio",
    "enquete",
    "helpful or not helpful",
    "how gemini takes notes",
];
/// The sections, in lower case.
const SECTIONS: &[&str] = &[
    "summary",
    "decisions",
    "next steps",
    "suggested next steps",
    "details",
    "zusammenfassung",
    "entscheidungen",
    "nächste schritte",
    "vorgeschlagene nächste schritte",
    "résumé",
    "décisions",
    "prochaines étapes",
    "détails",
    "resumen",
    "decisiones",
    "próximos pasos",
    "detalles",
    "resumo",
    "decisões",
    "próximas etapas",
    "próximos passos",
    "detalhes",
    "riepilogo",
    "decisioni",
    "passaggi successivi",
    "dettagli",
    "samenvatting",
    "volgende stappen",
];
/// Longer lines are no topic.
const MAX_TOPIC_CHARS: usize = 80;
/// Levels for headings that Markdown does not mark.
const SECTION_LEVEL: usize = 7;
const TOPIC_LEVEL: usize = 8;

/// Reads notes; none if the lines are something else.
pub(super) fn read(lines: &Lines<'_>) -> Option<Reading> {
    if !is_notes(&lines.all) {
        return None;
    }
    let mut reading = Reading::document(Format::GeminiNotes, SourceKind::Notes);
    let is_head = |line: &Line<'_>| begins_with(&line.text, INVITED) || begins_with(&line.text, RECORDS);
    let head = lines.all.iter().take(12).rposition(is_head).map_or(0, |last| last + 1);
    let (head, body) = lines.all.split_at(head);
    for line in head {
        read_head(&mut reading, line);
    }
    let mut path: Vec<(usize, &str)> = Vec::new();
    for (at, line) in body.iter().enumerate() {
        if let Some(reason) = closing(&line.text) {
            reading.drop(line.number, reason);
        } else if let Some(level) = level(lines.is_markdown, body, at) {
            path.retain(|(above, _)| *above < level);
            path.push((level, line.text.trim_end_matches(':')));
        } else {
            reading.cues.push(cue(line, &path));
        }
    }
    Some(reading)
}

/// Whether two signs of Gemini's notes are there that do not depend on each other.
pub(super) fn is_notes(lines: &[Line<'_>]) -> bool {
    let any = |is: &dyn Fn(&Line<'_>) -> bool| usize::from(lines.iter().any(is));
    let invited = any(&|line| begins_with(&line.text, INVITED));
    let records = any(&|line| begins_with(&line.text, RECORDS));
    let named = any(&|line| is_of_gemini(&line.text));
    let section = any(&|line| is_section(&line.text));
    invited + records + named + section >= 2 && (named == 1 || invited + records == 2)
}

/// The addresses behind the names of those who were invited.
pub(super) fn note_people(reading: &mut Reading, line: &Line<'_>) {
    if !begins_with(&line.text, INVITED) {
        return;
    }
    for (name, address) in markup::mail_links(line.raw) {
        let mut person = person::from_label(&name);
        person.email = Some(address).filter(|address| person::is_address(address));
        reading.people.push(person);
    }
}

fn read_head(reading: &mut Reading, line: &Line<'_>) {
    let date = heads::started_at(&line.text);
    note_people(reading, line);
    let reason = if begins_with(&line.text, INVITED) {
        "list of those who were invited"
    } else if begins_with(&line.text, RECORDS) {
        "links to what belongs to the meeting"
    } else if date.is_some() || heads::is_date(&line.text) {
        reading.started_at = reading.started_at.or(date);
        "date"
    } else if reading.title.is_none() && !is_label(&line.text) {
        reading.title = Some(line.text.clone().into_owned());
        "read as the title"
    } else {
        "before the notes"
    };
    reading.drop(line.number, reason);
}

/// `📝 Notes`: the document's own heading.
fn is_label(text: &str) -> bool {
    let word = text.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    !word.contains(' ') && NOTES.iter().any(|stem| word.starts_with(stem))
}

/// Why a line is Google's and not the notes'.
fn closing(text: &str) -> Option<&'static str> {
    let lower = text.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    let asks = has(SURVEY) && has(&["gemini", "helpful", "note", "nota", "notiz"]);
    if is_of_gemini(text) {
        Some("notice that a machine wrote this")
    } else if asks || lower.starts_with("we've updated the ") || lower.starts_with("did the screenshots ") {
        Some("question for an opinion on the notes")
    } else {
        None
    }
}

/// `You should review Gemini's notes to make sure they're accurate.`
fn is_of_gemini(text: &str) -> bool {
    let lower = text.to_lowercase();
    let has = |stems: &[&str]| stems.iter().any(|stem| lower.contains(stem));
    text.len() <= 400 && lower.contains("gemini") && has(NOTES) && has(REVIEW) && has(ACCURATE)
}

/// The level of a heading; none if the line is part of the notes.
fn level(is_markdown: bool, body: &[Line<'_>], at: usize) -> Option<usize> {
    let line = body.get(at)?;
    if line.heading.is_some() {
        return line.heading;
    }
    if is_section(&line.text) {
        return Some(SECTION_LEVEL);
    }
    let is_topic = if is_markdown {
        line.raw
            .trim_end_matches([' ', '\\'])
            .strip_prefix("**")
            .and_then(|rest| rest.strip_suffix("**"))
            .is_some_and(|bold| !bold.contains("**"))
    } else {
        let above = at.checked_sub(1).and_then(|above| body.get(above));
        let stands_apart = !line.adjacent || above.is_some_and(|above| is_section(&above.text));
        stands_apart && body.get(at + 1).is_some_and(|next| next.adjacent) && is_topic(&line.text)
    };
    is_topic.then_some(TOPIC_LEVEL)
}

fn is_topic(text: &str) -> bool {
    let starts = text.chars().next().is_some_and(char::is_alphanumeric);
    starts && text.chars().count() <= MAX_TOPIC_CHARS && !text.ends_with(['.', ':', ';', '!', '?', '…', ')'])
}

pub(super) fn is_section(text: &str) -> bool {
    let lower = text.trim_end_matches(':').to_lowercase();
    SECTIONS.contains(&lower.as_str())
}

fn begins_with(text: &str, beginnings: &[&str]) -> bool {
    let start: String = text.chars().take(40).flat_map(char::to_lowercase).collect();
    beginnings.iter().any(|beginning| start.strip_prefix(beginning).is_some_and(|rest| rest.starts_with(' ')))
}

fn cue(line: &Line<'_>, path: &[(usize, &str)]) -> Cue {
    let path = path.iter().map(|(_, heading)| *heading).collect::<Vec<_>>().join(" / ");
    let id = if path.is_empty() { format!("L{}", line.number) } else { format!("{path} · L{}", line.number) };
    Cue { id, line: line.number, text: without_glyph(&line.text).to_owned(), ..Cue::default() }
}

/// The words of an item: `- [ ] [Dana Ruiz] Send offer: …` begins with its owner.
fn without_glyph(text: &str) -> &str {
    let text = ["- ", "* ", "• "].iter().find_map(|glyph| text.strip_prefix(glyph)).unwrap_or(text).trim_start();
    ["[ ] ", "[x] "].iter().find_map(|mark| text.strip_prefix(mark)).unwrap_or(text)
}
