//! The contract as comparable pieces: each sentence of each clause, with its heading, values and tone.

use std::collections::BTreeSet;

use super::hours::Hours;
use super::pairing::Subject;
use super::terms::{Stemmer, Term};
use super::tone::Drafted;
use super::values::{Value, values_in};
use crate::domain::transcript::{Side, SourceKind, Turn};
use crate::draft::DealSource;
use crate::embed::{EmbedError, Embedder};
use crate::engine::QuoteRole;
use crate::engine::local::sentences::whole_sentences;
use crate::engine::local::words::{Words, phrases};
use crate::ground::{Citation, SourceText};
use crate::reader::Quoted;

/// Below this a piece says nothing of its own: a list number, a signature line.
const MIN_WORDS: usize = 3;

phrases! {
    /// What contracts call the side that buys.
    CUSTOMER = "customer | customer's | client | client's | buyer | purchaser | licensee | subscriber | merchant | \
        authority | county | university | school | district | city | state | member | tenant";
    /// What contracts call the side that sells.
    VENDOR = "vendor | vendor's | supplier | supplier's | provider | provider's | contractor | contractor's | licensor | seller | \
        lessor | consultant | company";
    /// A clause that speaks of every promise at once speaks to none.
    ENTIRE_AGREEMENT = "entire agreement | whole agreement | complete agreement | entire understanding | \
        supersedes all | supersede all";
    /// What makes the word before it the one who owes.
    OWES = "shall | will | must | agrees | provides | is responsible | procures | delivers | supplies | appoints | \
        reduces | lays | gives | releases | pays | bears | furnishes | performs | carries | arranges | ensures | obtains | \
        maintains | sends | installs | makes | grants | names | prepares";
    /// Behind it, whose work it is: "installation is carried out by Customer".
    DONE_BY = "carried out by | performed by | provided by | supplied by | done by | made by | borne by | furnished by | \
        installed by | arranged by | imported by | delivered by | the responsibility of";
}

/// One sentence of a contract.
pub(super) struct Clause {
    /// The heading it stands under, without the number.
    pub heading: String,
    /// The sentence, cited.
    pub citation: Citation,
    /// Meaning of heading and sentence.
    pub vector: Vec<f32>,
    /// What it is about.
    pub terms: BTreeSet<Term>,
    /// Its content words.
    pub stems: BTreeSet<u32>,
    /// What it puts a number to.
    pub values: Vec<Value>,
    /// Hours and days of a service.
    pub hours: Hours,
    /// How it is drafted.
    pub drafted: Drafted,
    /// The side that owes what it says, where it says so.
    pub owed_by: Option<Side>,
}

impl Clause {
    /// The sentence under its heading.
    pub(super) fn as_quoted(&self) -> Quoted {
        let quote = self.citation.quote().to_owned();
        Quoted { before: self.heading.clone(), quote, side: self.citation.side() }
    }

    /// What its values are about.
    pub(super) fn subject(&self) -> Subject<'_> {
        Subject { values: &self.values, stems: &self.stems }
    }
}

/// Every sentence of the deal's contracts.
pub(super) async fn clauses(
    embedder: &dyn Embedder,
    stemmer: &Stemmer,
    sources: &[DealSource],
) -> Result<Vec<Clause>, EmbedError> {
    let mut pieces = Vec::new();
    for source in sources.iter().filter(|source| source.transcript.kind == SourceKind::Contract) {
        let text = SourceText::new(source.id.as_ref(), &source.name, &source.transcript);
        for turn in provisions(&source.transcript.turns) {
            let cited = sentences(turn).into_iter();
            // What grounding does not find is no clause: nothing could be shown for it.
            let cited = cited.filter_map(|quote| text.cite(turn.index, quote, QuoteRole::Clause).ok());
            pieces.extend(cited.map(|citation| (source.date(), heading(turn), citation)));
        }
    }
    let texts: Vec<String> =
        pieces.iter().map(|(_, heading, citation)| format!("{heading}: {}", citation.quote())).collect();
    let vectors = embedder.embed(&texts.iter().map(String::as_str).collect::<Vec<_>>()).await?;
    let clause = |((signed_on, heading, citation), vector): ((_, &str, Citation), _)| Clause {
        heading: heading.to_owned(),
        vector,
        terms: stemmer.terms(citation.quote()),
        stems: stemmer.stems(citation.quote()),
        values: values_in(citation.quote(), signed_on, stemmer),
        hours: Hours::of(citation.quote()),
        drafted: Drafted::of(citation.quote(), stemmer),
        owed_by: owed_by(citation.quote()),
        citation,
    };
    Ok(pieces.into_iter().zip(vectors).map(clause).collect())
}

/// The turns that provide something: in a contract with numbered clauses its title, parties and signatures do not.
fn provisions(turns: &[Turn]) -> impl Iterator<Item = &Turn> {
    let is_numbered = |turn: &&Turn| turn.cues.first().is_some_and(|cue| cue.starts_with(|c: char| c.is_ascii_digit()));
    let numbered = turns.iter().any(|turn| is_numbered(&turn));
    turns.iter().filter(move |turn| !numbered || is_numbered(turn))
}

/// The heading behind the clause's number: `Training` of `3.2 Training`.
fn heading(turn: &Turn) -> &str {
    place(turn).1
}

/// The number of a clause and its heading, as its cue has them.
fn place(turn: &Turn) -> (&str, &str) {
    let cue = turn.cues.first().map_or("", String::as_str);
    let (number, heading) = cue.split_once(' ').unwrap_or(("", cue));
    if number.starts_with(|c: char| c.is_ascii_digit()) { (number, heading) } else { ("", cue) }
}

/// The sentences of a clause and what semicolons part, without the clause's number.
fn sentences(turn: &Turn) -> Vec<&str> {
    let text = turn.text.strip_prefix(place(turn).0).unwrap_or(&turn.text).trim_start_matches(['.', ' ']);
    let pieces = whole_sentences(text).into_iter().flat_map(|sentence| sentence.split("; "));
    let speaks =
        |piece: &&str| piece.split_whitespace().count() >= MIN_WORDS && !Words::of(piece).any(&ENTIRE_AGREEMENT);
    pieces.map(str::trim).filter(speaks).collect()
}

/// The side that owes what a sentence says, where the party is called by its role right before the verb or as the one by whom it is
/// done; a party called by its name may be either.
fn owed_by(sentence: &str) -> Option<Side> {
    let words = Words::of(sentence);
    let list: Vec<&str> = words.iter().collect();
    let side = |named: &[&str]| match () {
        () if named.iter().any(|word| CUSTOMER.has(word)) => Some(Side::Customer),
        () if named.iter().any(|word| VENDOR.has(word)) => Some(Side::Vendor),
        () => None,
    };
    // "In the layout supplied by the Customer" tells who supplies the layout, not who works.
    let passive = |at: &usize| matches!(list[at - 1], "is" | "are" | "be");
    let done_by = (1..list.len()).filter(passive).find_map(|at| Some(at + DONE_BY.length_at(&list[at..])?));
    if let Some(behind) = done_by {
        return side(&list[behind..list.len().min(behind + 2)]);
    }
    let verb = (0..list.len()).find(|&at| OWES.length_at(&list[at..]).is_some())?;
    side(&list[verb.saturating_sub(2)..verb])
}
