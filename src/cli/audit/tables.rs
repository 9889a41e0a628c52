//! An audit as it is read in a terminal.

use std::env;
use std::fmt::Write as _;

use comfy_table::{CellAlignment, ContentArrangement, Table, presets};

use super::document::{AuditDocument, DealAudit, Patterns};
use super::ledger::{Entry, place};
use crate::domain::field::Field;
use crate::domain::scorecard::{Clarity, RULES};
use crate::intake::is_bidi_control;
use crate::render::view::in_words;

/// Columns where the terminal does not say how many it has.
const WIDTH: u16 = 150;
/// Nobody reads a table of more columns.
const MAX_WIDTH: u16 = 220;
/// Characters of a statement or a quote, at most.
const TEXT: usize = 160;

/// Scorecards, patterns, what was asked again, and the ledger.
pub(super) fn tables(document: &AuditDocument) -> String {
    let engine = &document.engine;
    let mut out = format!(
        "{} deals, engine {} {} ({})\n",
        document.deals.len(),
        engine.name,
        engine.version,
        plain(&engine.model)
    );
    section(&mut out, "Scorecards", &scorecards(&document.deals).to_string());
    out.push_str("Transition (was it handed over by people?) is not in files and counts for nothing here.\n");
    match &document.patterns {
        Some(patterns) => section(&mut out, "Patterns over the deals", &pattern_tables(patterns, document.deals.len())),
        None => out.push_str("\nPatterns begin at three deals: below that a line would be about one of them.\n"),
    }
    let repeats = asked_again(&document.deals);
    if !repeats.is_empty() {
        section(&mut out, "Asked again after the sale", &repeats);
    }
    section(&mut out, &ledger_title(&document.ledger), &ledger(&document.ledger).to_string());
    let gone = document.ledger.iter().filter(|entry| !entry.stands()).count();
    if gone > 0 {
        let _ = writeln!(
            out,
            "{gone} more were superseded or taken back before the sale ended; --json and --csv have them."
        );
    }
    for deal in &document.not_read {
        let _ = writeln!(out, "Not read: {}: {}", plain(&deal.deal), plain(&deal.reason));
    }
    out
}

fn section(out: &mut String, title: &str, body: &str) {
    // Lines of a borderless table end in blanks.
    let body: Vec<&str> = body.lines().map(str::trim_end).collect();
    let _ = write!(out, "\n{title}\n\n{}\n", body.join("\n"));
}

fn scorecards(deals: &[DealAudit]) -> Table {
    let mut table = table(&[
        "deal",
        "closed",
        "intent",
        "stakeholders",
        "scope",
        "risk",
        "transition",
        "core fields",
        "unknown",
        "files",
        "after",
    ]);
    for deal in deals {
        let parts = deal.scorecard.answers();
        let clarity = |at: usize| if RULES[at].0 == "transition" { "–" } else { word(parts[at]) };
        let unknown: Vec<&str> = deal.unknown.iter().map(|field| field.short()).collect();
        let left_out =
            if deal.left_out.is_empty() { String::new() } else { format!(" (+{} unread)", deal.left_out.len()) };
        table.add_row([
            plain(&deal.deal),
            deal.closed_on.map_or_else(|| "–".to_owned(), |day| day.to_string()),
            clarity(0).to_owned(),
            clarity(1).to_owned(),
            clarity(2).to_owned(),
            clarity(3).to_owned(),
            clarity(4).to_owned(),
            format!("{}/{}", deal.answered.len(), Field::core().count()),
            unknown.join(", "),
            format!("{}{left_out}", deal.sources),
            deal.post_sale_sources.len().to_string(),
        ]);
    }
    table
}

const fn word(clarity: Clarity) -> &'static str {
    clarity.as_str()
}

fn pattern_tables(patterns: &Patterns, deals: usize) -> String {
    let mut parts = table(&["part", "clear", "partial", "unclear", "what usually helps"]);
    numbers(&mut parts, 1..4);
    for part in &patterns.parts {
        parts.add_row([
            in_words(part.part),
            part.clear.to_string(),
            part.partial.to_string(),
            part.unclear.to_string(),
            part.advice.unwrap_or("").to_owned(),
        ]);
    }
    let unknown: Vec<String> = patterns
        .unknown
        .iter()
        .map(|count| format!("{} ({} of {deals})", count.field.short(), count.handoffs))
        .collect();
    let counts = |counts: &std::collections::BTreeMap<String, usize>| {
        counts.iter().map(|(word, count)| format!("{count} {word}")).collect::<Vec<_>>().join(", ")
    };
    let asked = patterns.asked_again;
    let mut out = format!("{parts}\n\n");
    let _ = writeln!(
        out,
        "Unknown most often: {}",
        if unknown.is_empty() { "none".to_owned() } else { unknown.join(", ") }
    );
    let _ = writeln!(out, "Standing promises against the contract: {}", counts(&patterns.contract));
    let _ = writeln!(out, "What became of them: {}", counts(&patterns.outcomes));
    if asked.deals > 0 {
        let _ = writeln!(
            out,
            "Repeat rate (aim 0 %): {} of {} questions after the sale, in {} of {} deals with files from then",
            asked.repeated, asked.questions, asked.deals_with_repeats, asked.deals
        );
    }
    out
}

fn asked_again(deals: &[DealAudit]) -> String {
    let mut out = String::new();
    for deal in deals {
        for repeat in &deal.repeats {
            let (question, answer) = (&repeat.question, &repeat.answer);
            let _ =
                writeln!(out, "{}: \"{}\" ({})", plain(&deal.deal), short(question.quote()), plain(&place(question)));
            let _ = writeln!(out, "    said before: \"{}\" ({})", short(answer.quote()), plain(&place(answer)));
        }
    }
    out
}

fn ledger_title(entries: &[Entry]) -> String {
    let standing = || entries.iter().filter(|entry| entry.stands());
    let first = standing().filter(|entry| entry.is_unwritten_and_firm()).count();
    format!("Ledger: {} promises, {first} of them firm and in no contract", standing().count())
}

fn ledger(entries: &[Entry]) -> Table {
    let mut table = table(&["account", "promise", "by", "strength", "due", "contract", "outcome", "where"]);
    for entry in entries.iter().filter(|entry| entry.stands()) {
        let said = entry.said.as_ref().map(place).unwrap_or_default();
        let told = entry.told.as_ref().map(|told| format!("; outcome: {}", place(told))).unwrap_or_default();
        table.add_row([
            plain(&entry.account),
            short(&entry.statement),
            entry.owner_word().to_owned(),
            entry.strength_word().to_owned(),
            short(entry.due.as_deref().unwrap_or_default()),
            entry.contract_word().to_owned(),
            entry.outcome.map_or("", |_| entry.outcome_word()).to_owned(),
            plain(&format!("{said}{told}")),
        ]);
    }
    table
}

/// A table without borders, as wide as the terminal.
fn table(header: &[&str]) -> Table {
    let told = env::var("COLUMNS").ok().and_then(|columns| columns.parse::<u16>().ok());
    let mut table = Table::new();
    table
        .load_preset(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(told.filter(|columns| *columns >= 80).unwrap_or(WIDTH).min(MAX_WIDTH))
        .set_header(header.to_vec());
    table
}

fn numbers(table: &mut Table, columns: std::ops::Range<usize>) {
    for column in table.column_iter_mut().skip(columns.start).take(columns.len()) {
        column.set_cell_alignment(CellAlignment::Right);
    }
}

/// The beginning of a text, on one line.
fn short(text: &str) -> String {
    let text = plain(text);
    if text.chars().count() <= TEXT {
        return text;
    }
    let cut: String = text.chars().take(TEXT - 1).collect();
    format!("{}…", cut.trim_end())
}

/// A text that cannot steer a terminal: what files say is put out as words and nothing else.
fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() || is_bidi_control(c) { ' ' } else { c }).collect()
}
