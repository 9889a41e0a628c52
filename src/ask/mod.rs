//! Use case: a question to the record becomes an answer that cites it, or a plain "not in the record".
//!
//! Passages are retrieved ([`crate::retrieve`]); the finder reads them and names the clauses that answer (`text`); each becomes
//! a citation or nothing. Questions about what was found (how many, which, what changed, what no contract carries) are answered
//! from the items first (`items`). Where a model is configured, it puts the quotes into words, and every sentence of it is checked
//! against what it cites (`written`); whether the record answers at all is told before, without it.

pub mod ahead;
pub mod document;
pub mod kept;
pub(crate) mod lexical;
pub mod memory;
pub mod record;
pub mod runs;

mod intent;
mod items;
pub(crate) mod reading;
mod text;
pub(crate) mod within;
mod written;

use std::collections::HashSet;
use std::ops::RangeInclusive;

use self::document::{ANSWER_SCHEMA, AnswerDocument, Basis, Composed, Evidence, Searched};
use self::intent::What;
use self::reading::Reading;
use self::runs::KeptRun;
use self::text::{Answering, Found};
pub use self::written::Writer;
use self::written::{Outcome, Worded};
use crate::domain::field::Field;
use crate::domain::ids::{ItemId, SourceId};
use crate::domain::item::Item;
use crate::domain::transcript::{SourceKind, Transcript};
use crate::encoder::ModelError;
use crate::ground::Citation;
use crate::index::IndexError;
use crate::render::view::moment;

/// Below this likelihood that anything answers, the answer is "not in the record".
const ANSWERS: f32 = 0.5;
/// What is as likely as this by itself would do as an answer alone.
const ALONE: f32 = 0.4;
/// What is less likely than this share of the likeliest stands aside of it.
const ASIDE: f32 = 0.5;

/// A run of turns of one source, read for a question.
#[derive(Debug, Clone, PartialEq)]
pub struct Excerpt {
    /// The source's id, where it is kept in the store.
    pub id: Option<SourceId>,
    /// The source's name.
    pub name: String,
    /// Which turns.
    pub turns: RangeInclusive<u32>,
    /// The transcript, with these turns only.
    pub transcript: Transcript,
    /// The runs of the source that reach into these turns; none where they were never kept.
    pub runs: Vec<KeptRun>,
    /// How well it fits; only its order means something.
    pub score: f32,
}

/// What an answer may be made from.
#[derive(Debug, Clone, Default)]
pub struct Material {
    /// Passages, best first.
    pub excerpts: Vec<Excerpt>,
    /// What was found in the record, as far as whoever asks may see it: questions that ask for them ([`fields_asked`]) are
    /// answered from them, and promises that are quoted are set against the contract.
    pub items: Vec<Item>,
    /// What was looked through for them.
    pub searched: Searched,
    /// Gaps of the record.
    pub missing: Vec<String>,
}

impl Material {
    /// The passages, as an answer names them.
    fn evidence(&self) -> Vec<Evidence> {
        let evidence = |excerpt: &Excerpt| Evidence {
            source_id: excerpt.id.clone(),
            source: excerpt.name.clone(),
            turns: [*excerpt.turns.start(), *excerpt.turns.end()],
            score: excerpt.score,
        };
        self.excerpts.iter().map(evidence).collect()
    }
}

/// What a deal's record lacks that most have, by the kinds of its sources.
fn absent(kinds: impl Iterator<Item = SourceKind>) -> Vec<String> {
    let kinds: Vec<SourceKind> = kinds.collect();
    let mut absent = Vec::new();
    for (kind, told) in [(SourceKind::CallTranscript, "call"), (SourceKind::Contract, "contract")] {
        if !kinds.contains(&kind) {
            absent.push(format!("no {told} is in the record"));
        }
    }
    absent
}

/// Why there is no answer, not even that it is not in the record.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    /// The finder could not be run: a defect of the build.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// The words could not be weighed: a defect of the build.
    #[error(transparent)]
    Index(#[from] IndexError),
}

/// The fields whose findings a question is about as a whole, so that they have to be known before it is answered; none where it
/// asks for words of the record.
#[must_use]
pub fn fields_asked(question: &str) -> Vec<Field> {
    intent::intent(question).map_or_else(Vec::new, |intent| intent.fields())
}

/// Answers questions; made once, for it holds a model.
pub struct Asker {
    pub(crate) reading: Reading,
    writer: Option<Box<Writer>>,
}

impl Asker {
    /// Loads the models.
    ///
    /// # Errors
    ///
    /// [`AskError`] where the embedded model cannot be used: a defect of the build.
    pub fn load() -> Result<Self, AskError> {
        Ok(Self { reading: Reading::load()?, writer: None })
    }

    /// The same with a model that words the answers.
    #[must_use]
    pub fn with_writer(self, writer: Writer) -> Self {
        Self { writer: Some(Box::new(writer)), ..self }
    }

    /// The runs of a whole source with what they are about: to be kept, for whoever asks something of it later.
    ///
    /// # Errors
    ///
    /// [`ModelError`] where the encoder cannot be run: a defect of the build.
    pub async fn runs_of(&self, transcript: &Transcript) -> Result<Vec<KeptRun>, ModelError> {
        runs::told(&self.reading.ranker, transcript).await
    }

    /// The answer to `question` from `material`.
    ///
    /// # Errors
    ///
    /// [`AskError`] where the finder cannot be run.
    pub async fn answer(&self, question: &str, material: &Material) -> Result<AnswerDocument, AskError> {
        let intent = intent::intent(question);
        if let Some(mut composed) = intent.as_ref().and_then(|intent| items::answer(intent, &material.items)) {
            // Who approved "it" is asked of the deal as much as of what was found in it.
            if intent.is_some_and(|intent| intent.what == What::Approvals) {
                composed = quoted(composed, self.find(question, material).await?, &material.items);
            }
            return Ok(document(question, Basis::Items, composed, material));
        }
        let found = self.find(question, material).await?;
        if found.is_empty() {
            return Ok(document(question, Basis::Nothing, Composed::default(), material));
        }
        let Some(writer) = &self.writer else {
            return Ok(document(
                question,
                Basis::Record,
                quoted(Composed::default(), found, &material.items),
                material,
            ));
        };
        let Worded { outcome, wording } =
            writer.write(&self.reading.bm25, question, &material.excerpts, &found, &material.items).await;
        let (basis, composed) = match outcome {
            Outcome::Sentences(composed) => (Basis::Record, composed),
            Outcome::Declined => (Basis::Nothing, Composed::default()),
            Outcome::Quotes => (Basis::Record, quoted(Composed::default(), found, &material.items)),
        };
        Ok(AnswerDocument { wording: Some(wording), ..document(question, basis, composed, material) })
    }

    /// The words that answer; none where it is not likely enough that any do.
    async fn find(&self, question: &str, material: &Material) -> Result<Vec<Found>, AskError> {
        let Answering { likely, found } = text::find(&self.reading, question, &material.excerpts).await?;
        Ok(if likely < ANSWERS { Vec::new() } else { found })
    }
}

/// The quotes as further lines, each with what the findings know of it; beside a clause of the contract that would answer alone,
/// what was promised of it. Words that stand in a line already are not shown again.
fn quoted(mut composed: Composed, found: Vec<Found>, items: &[Item]) -> Composed {
    let mut told: HashSet<&ItemId> = HashSet::new();
    let likeliest = found.iter().map(|found| found.likely).fold(0.0, f32::max);
    for Found { before, citation, likely, .. } in found {
        let first = composed.lines.len();
        let quotes = || before.iter().chain([&citation]);
        let resting: Vec<&Item> = quotes().flat_map(|quote| items::resting_on(quote, items)).collect();
        if !quotes().all(|quote| composed.cites(quote)) {
            let line = quotes().map(in_words).collect::<Vec<_>>().join(" ");
            // Who may read an answer is told from its items: a note about a person is never behind another finding.
            let item =
                resting.iter().min_by_key(|item| (!item.field().is_sensitive(), item.field() != Field::Commitment));
            let item = item.map(|item| item.id.clone());
            composed.line(line, quotes().cloned(), item);
        }
        for item in resting {
            if told.insert(&item.id) {
                items::afterwards(&mut composed, item, items);
            }
        }
        if likely >= ALONE {
            let promised = quotes().flat_map(|quote| items::promised(quote, items));
            promised.filter(|item| told.insert(&item.id)).for_each(|item| items::promise(&mut composed, item));
        }
        if likely < ASIDE * likeliest {
            composed.set_aside(first);
        }
    }
    composed
}

/// `“We go live in June” (Dana Ruiz, 02-demo.vtt, 12:03)`.
#[must_use]
pub(crate) fn in_words(citation: &Citation) -> String {
    let moment = moment(citation.start_ms(), citation.precision(), citation.turn());
    let who = citation.speaker().map_or_else(String::new, |speaker| format!("{speaker}, "));
    format!("“{}” ({who}{}, {moment})", citation.quote(), citation.source())
}

fn document(question: &str, basis: Basis, composed: Composed, material: &Material) -> AnswerDocument {
    let answered = basis != Basis::Nothing;
    let answer = if answered { composed.text() } else { "Not in the record.".to_owned() };
    AnswerDocument {
        schema: ANSWER_SCHEMA,
        question: question.to_owned(),
        answered,
        answer,
        basis,
        lines: composed.lines,
        citations: composed.citations,
        evidence: material.evidence(),
        searched: Some(material.searched),
        missing: material.missing.clone(),
        wording: None,
    }
}
