//! What was said after the sale, clause by clause, with what is said right before each of them.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::boundary::day_of;
use crate::domain::transcript::{Side, SourceKind, Transcript};
use crate::draft::DealSource;
use crate::encoder::ModelError;
use crate::engine::QuoteRole;
use crate::engine::local::sentences::{Sentence, sentences};
use crate::engine::local::sides::tell_sides;
use crate::engine::local::words::Words;
use crate::ground::{Citation, SourceText};
use crate::reader::{Quoted, Reader};
use crate::reconcile::terms::{Rarity, Stemmer, Term};

/// A clause as it stands in its source.
pub(super) struct Clause<'a> {
    /// The source.
    pub source: &'a DealSource,
    /// The turn's own index.
    pub turn: u32,
    /// The words.
    pub text: &'a str,
    /// The same, normalized.
    pub words: Words,
    /// Whose words they are, as far as the record or else the words tell.
    pub side: Side,
    /// The day on which they were said.
    pub day: Option<Date>,
    /// What is said right before, in the same turn and the one before it.
    pub before: String,
    /// What it is about.
    pub terms: BTreeSet<Term>,
    /// What is said right before is about.
    pub around: BTreeSet<Term>,
}

impl Clause<'_> {
    /// The clause as the reader hears it.
    pub(super) fn as_quoted(&self) -> Quoted {
        Quoted { before: self.before.clone(), quote: self.text.to_owned(), side: self.side }
    }

    /// The clause with what is said right before it.
    pub(super) fn in_context(&self) -> String {
        format!("{} {}", self.before, self.text)
    }

    /// The clause as a citation; none where grounding does not find it.
    pub(super) fn cite(&self) -> Option<Citation> {
        let text = SourceText::new(self.source.id.as_ref(), &self.source.name, &self.source.transcript);
        text.cite(self.turn, self.text, QuoteRole::Support).ok()
    }
}

/// Everything that was said, before the sale and after it: who sells and who buys is told from all of it.
pub(super) struct Record<'a> {
    /// What was said before the sale ended.
    pub sale: Vec<Clause<'a>>,
    /// What was said after it.
    pub after: Vec<Clause<'a>>,
    /// How telling each term is.
    pub rarity: Rarity,
}

impl<'a> Record<'a> {
    pub(super) async fn read(
        reader: &Reader,
        stemmer: &Stemmer,
        sale: &'a [DealSource],
        after: &'a [DealSource],
    ) -> Result<Self, ModelError> {
        let sources: Vec<&DealSource> = sale.iter().chain(after).collect();
        let mut heard: Vec<(&Transcript, Vec<Sentence<'a>>)> =
            sources.iter().map(|source| (&source.transcript, spoken(&source.transcript))).collect();
        tell_sides(reader, &mut heard).await.map_err(|(_, error)| error)?;
        let mut clauses: Vec<Vec<Clause<'a>>> = sources
            .iter()
            .zip(heard)
            .map(|(source, (_, sentences))| sentences.into_iter().map(|own| clause(source, own, stemmer)).collect())
            .collect();
        let after = clauses.split_off(sale.len()).into_iter().flatten().collect::<Vec<_>>();
        let sale = clauses.into_iter().flatten().collect::<Vec<_>>();
        let terms: Vec<&BTreeSet<Term>> = sale.iter().chain(&after).map(|clause| &clause.terms).collect();
        let rarity = Rarity::of(terms.into_iter());
        Ok(Self { sale, after, rarity })
    }
}

/// The clauses of what somebody said or wrote; what was signed is nobody's words.
fn spoken(transcript: &Transcript) -> Vec<Sentence<'_>> {
    let paper = matches!(transcript.kind, SourceKind::Contract | SourceKind::CrmRecord);
    if paper { Vec::new() } else { sentences(transcript) }
}

fn clause<'a>(source: &'a DealSource, own: Sentence<'a>, stemmer: &Stemmer) -> Clause<'a> {
    let turns = &source.transcript.turns;
    let turn = turns.iter().find(|turn| turn.index == own.turn).map_or("", |turn| turn.text.as_str());
    let offset = (own.text.as_ptr() as usize).saturating_sub(turn.as_ptr() as usize);
    let start = turn.get(..offset).map_or(0, |head| head.chars().count());
    let start = u32::try_from(start).unwrap_or(u32::MAX);
    let quoted = Quoted::of(&source.transcript, own.turn, start, own.text, own.side);
    Clause {
        source,
        turn: own.turn,
        day: day_of(source),
        terms: stemmer.terms(own.text),
        around: stemmer.terms(&quoted.before),
        before: quoted.before,
        text: own.text,
        words: own.words,
        side: own.side,
    }
}
