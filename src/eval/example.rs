//! Labelled deals and exchanges to the windows that the reader is trained on, cut exactly as it reads.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value};

use super::exchange::{Exchange, Said as Beside, kind_of};
use super::gold::{Gold, GoldQuote};
use super::overlap::{overlaps, words};
use crate::domain::transcript::{Side, SourceKind, Transcript};
use crate::encoder::{ModelError, Tokenizer};
use crate::engine::local::sentences::{Sentence, clauses as cut, sentences};
use crate::reader::window::{Window, core, whole, windows};
use crate::reader::{Pair, Said, Tie};

/// A window with the labels of its clauses.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Example {
    /// Which cut of the source it belongs to; each cut covers the whole of it.
    pub cut: usize,
    /// Token ids.
    pub ids: Vec<i32>,
    /// Where the words for the sides stand.
    pub sides: Vec<usize>,
    /// The clauses it judges.
    pub clauses: Vec<LabelledClause>,
}

/// A clause of a window.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct LabelledClause {
    /// First token and the one behind the last.
    pub tokens: [usize; 2],
    /// Who says it.
    pub side: Side,
    /// What it is a finding of, with attributes.
    pub findings: BTreeMap<String, Map<String, Value>>,
    /// Fields on which it is not judged.
    pub unjudged: Vec<String>,
    /// What it is instead of a finding, where it looks like one.
    pub void: Option<String>,
    /// Where the window is a pair: how its second half stands to the promise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pair: Option<LabelledPair>,
}

/// How the second half of a pair stands to the promise that is its first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LabelledPair {
    /// `clause` or `later`.
    pub question: &'static str,
    /// The answer.
    pub answer: Tie,
}

/// How many cuts of a source are made: the same clause with its context differently placed.
const CUTS: usize = 3;

/// The windows of one source of a labelled deal.
///
/// # Errors
///
/// [`ModelError`] where the vocabulary does not fit: a defect of the build.
pub fn of_source(
    tokenizer: &Tokenizer,
    name: &str,
    transcript: &Transcript,
    gold: &Gold,
) -> Result<Vec<Example>, ModelError> {
    // What was signed is no conversation; the engine does not look for findings in it.
    if transcript.kind == SourceKind::Contract {
        return Ok(Vec::new());
    }
    let mut clauses = sentences(transcript);
    for clause in &mut clauses {
        clause.side = labelled_side(clause, gold);
    }
    let places = Places::of(name, transcript, gold);
    let labelled: Vec<LabelledClause> = clauses.iter().map(|clause| places.label(clause)).collect();
    let said: Vec<Said<'_>> =
        clauses.iter().map(|clause| Said { turn: clause.turn, text: clause.text, side: clause.side }).collect();
    let mut examples = Vec::new();
    for cut in 0..CUTS {
        let lead = core() * (CUTS - cut) / CUTS;
        let windows = windows(tokenizer, transcript.kind, &said, lead)?;
        examples.extend(windows.into_iter().map(|window| example(cut, window, &labelled)));
    }
    Ok(examples)
}

/// The side of whoever speaks, as labelled; the reader learns to tell it where a file does not.
fn labelled_side(clause: &Sentence<'_>, gold: &Gold) -> Side {
    let name = clause.speaker.and_then(|speaker| speaker.name.as_deref());
    let person = gold.people.iter().find(|person| Some(person.name.as_str()) == name);
    person.map_or(clause.side, |person| person.side)
}

/// The window of a labelled exchange.
///
/// # Errors
///
/// [`ModelError`] where the vocabulary does not fit: a defect of the build.
pub fn of_exchange<'e>(tokenizer: &Tokenizer, exchange: &'e Exchange) -> Result<Example, ModelError> {
    let kind = kind_of(&exchange.kind);
    let written = matches!(kind, SourceKind::Mail | SourceKind::Notes);
    let marked = exchange.labels.iter().any(|label| label.quote.is_some());
    let parts = if marked { cut(&exchange.text, written) } else { vec![exchange.text.as_str()] };
    let beside = |turn, said: &'e Beside| Said { turn, text: said.text.as_str(), side: said.side };
    let mut clauses: Vec<Said<'e>> = exchange.before.iter().map(|before| beside(0, before)).collect();
    let first = clauses.len();
    clauses.extend(parts.iter().map(|text| Said { turn: 1, text, side: exchange.side }));
    let judged = first..clauses.len();
    clauses.extend(exchange.after.iter().map(|after| beside(2, after)));
    let labelled: Vec<LabelledClause> = clauses.iter().map(|clause| of_clause(exchange, clause.text)).collect();
    Ok(example(0, whole(tokenizer, kind, &clauses, judged)?, &labelled))
}

/// The window of a labelled pair.
///
/// # Errors
///
/// [`ModelError`] where the vocabulary does not fit: a defect of the build.
pub fn of_pair(tokenizer: &Tokenizer, cut: usize, pair: &Pair, answer: Tie) -> Result<Example, ModelError> {
    let question = match pair {
        Pair::Clause(..) => "clause",
        Pair::Later(..) => "later",
    };
    let labelled = LabelledClause { pair: Some(LabelledPair { question, answer }), ..LabelledClause::default() };
    Ok(example(cut, pair.window(tokenizer)?, &[labelled]))
}

fn of_clause(exchange: &Exchange, text: &str) -> LabelledClause {
    let own = words(text);
    let mut clause = LabelledClause { side: exchange.side, void: exchange.why.clone(), ..LabelledClause::default() };
    for label in &exchange.labels {
        if label.quote.as_ref().is_none_or(|quote| overlaps(&words(quote), &own)) {
            clause.findings.insert(label.field.clone(), label.attributes.clone());
        }
    }
    clause
}

fn example(cut: usize, window: Window, labelled: &[LabelledClause]) -> Example {
    let clause = |(place, tokens): (usize, std::ops::Range<usize>)| LabelledClause {
        tokens: [tokens.start, tokens.end],
        ..labelled[place].clone()
    };
    Example { cut, ids: window.ids, sides: window.sides, clauses: window.clauses.into_iter().map(clause).collect() }
}

/// The labels of a source by the turns they stand in.
#[derive(Default)]
struct Places {
    findings: Vec<Label>,
    neutral: Vec<Label>,
    traps: Vec<Label>,
}

/// Labelled words of a turn.
struct Label {
    turn: u32,
    words: Vec<String>,
    /// The field, or what a trap is instead.
    is: String,
    attributes: Map<String, Value>,
}

impl Label {
    fn covers(&self, turn: u32, clause: &[String]) -> bool {
        self.turn == turn && overlaps(&self.words, clause)
    }
}

impl Places {
    fn of(source: &str, transcript: &Transcript, gold: &Gold) -> Self {
        let turns: Vec<(u32, String)> =
            transcript.turns.iter().map(|turn| (turn.index, words(&turn.text).join(" "))).collect();
        let labels = |quote: &GoldQuote, is: &str, attributes: &Map<String, Value>| -> Vec<Label> {
            let wanted = words(&quote.quote);
            let text = wanted.join(" ");
            let here = quote.source == source;
            let found = turns.iter().filter(|(_, turn)| here && turn.contains(&text));
            let label = |turn| Label { turn, words: wanted.clone(), is: is.to_owned(), attributes: attributes.clone() };
            found.map(|(turn, _)| label(*turn)).collect()
        };
        let mut places = Self::default();
        for item in &gold.items {
            let attributes: Map<String, Value> = item.attributes.clone().into_iter().collect();
            let found = item.citations.iter().flat_map(|quote| labels(quote, item.field.as_str(), &attributes));
            places.findings.extend(found);
        }
        for neutral in &gold.neutral {
            places.neutral.extend(labels(&neutral.quote, neutral.field.as_str(), &Map::new()));
        }
        for trap in &gold.traps {
            places.traps.extend(labels(&trap.quote, &trap.why, &Map::new()));
        }
        places
    }

    fn label(&self, clause: &Sentence<'_>) -> LabelledClause {
        let own = words(clause.text);
        let here = |label: &&Label| label.covers(clause.turn, &own);
        let found = self.findings.iter().filter(here);
        LabelledClause {
            side: clause.side,
            findings: found.map(|label| (label.is.clone(), label.attributes.clone())).collect(),
            unjudged: self.neutral.iter().filter(here).map(|label| label.is.clone()).collect(),
            void: self.traps.iter().find(here).map(|label| label.is.clone()),
            ..LabelledClause::default()
        }
    }
}
