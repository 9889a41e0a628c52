//! One deal: its labels against its draft.

use std::collections::BTreeMap;

use serde_json::Value;

use super::gold::{Gold, GoldItem};
use super::matching::{Place, Verdict, places_of, verdicts};
use super::overlap::words;
use super::report::{Figures, Mistake, MistakeKind, Parsing};
use crate::domain::field::Field;
use crate::domain::item::Item;
use crate::domain::transcript::SourceKind;
use crate::draft::DealSource;
use jiff::civil::Date;

/// The attributes that are compared, by field.
const JUDGED: &[(Field, &[&str])] = &[
    (Field::Commitment, &["strength", "owed_by", "due", "contract", "category", "history"]),
    (Field::Objection, &["status"]),
    (Field::WhyBought, &["kind"]),
    (Field::Scope, &["in_scope"]),
    (Field::Timeline, &["kind", "due"]),
    (Field::Technical, &["kind"]),
    (Field::Stakeholder, &["leaving"]),
    (Field::Risk, &["severity"]),
];

/// A deal with its labels and its draft.
pub struct Scored<'a> {
    /// The deal's name.
    pub deal: &'a str,
    /// Its labels.
    pub gold: &'a Gold,
    /// Its sources.
    pub sources: &'a [DealSource],
    /// What was drafted.
    pub items: &'a [Item],
    verdicts: Vec<Verdict>,
}

impl<'a> Scored<'a> {
    /// Compares `items` with `gold`.
    #[must_use]
    pub fn new(deal: &'a str, gold: &'a Gold, sources: &'a [DealSource], items: &'a [Item]) -> Self {
        let contract = |source: &&DealSource| source.transcript.kind == SourceKind::Contract;
        let contracts: Vec<&str> = sources.iter().filter(contract).map(|source| source.name.as_str()).collect();
        Self { deal, gold, sources, items, verdicts: verdicts(items, gold, &contracts) }
    }

    /// The figures, without those of parsing and retrieval, and every mistake.
    #[must_use]
    pub fn figures(&self) -> (Figures, Vec<Mistake>) {
        let mut figures = Figures { items: u32::try_from(self.items.len()).unwrap_or(u32::MAX), ..Figures::default() };
        let mut mistakes = Vec::new();
        self.score_findings(&mut figures, &mut mistakes);
        self.score_attributes(&mut figures, &mut mistakes);
        self.score_traps(&mut figures, &mut mistakes);
        for field in &self.gold.unknown {
            figures.silence.count(self.items.iter().all(|item| item.field() != *field));
        }
        self.score_superseded(&mut figures);
        for citation in self.items.iter().flat_map(|item| &item.citations) {
            let turns = self.sources.iter().filter(|source| source.name == citation.source());
            let turn = turns.flat_map(|source| &source.transcript.turns).find(|turn| turn.index == citation.turn());
            let (start, end) = (citation.chars().start as usize, citation.chars().end as usize);
            let cut = turn.map(|turn| turn.text.chars().skip(start).take(end - start).collect::<String>());
            figures.citations.count(cut.is_some_and(|cut| cut == citation.quote()));
        }
        (figures, mistakes)
    }

    /// The item that was matched with the finding at `place`.
    fn item_of(&self, place: usize) -> Option<&'a Item> {
        self.verdicts.iter().position(|verdict| *verdict == Verdict::Found(place)).and_then(|at| self.items.get(at))
    }

    /// Every item matched with or repeating the finding called `id`.
    fn sayings(&self, id: &str) -> impl Iterator<Item = &'a Item> {
        let place = self.gold.items.iter().position(|item| item.id == id);
        let says = move |verdict: &Verdict| matches!(verdict, Verdict::Found(at) | Verdict::Repeated(at) if Some(*at) == place);
        self.verdicts.iter().zip(self.items).filter(move |(verdict, _)| says(verdict)).map(|(_, item)| item)
    }

    fn score_findings(&self, figures: &mut Figures, mistakes: &mut Vec<Mistake>) {
        for (place, gold) in self.gold.items.iter().enumerate() {
            let tally = figures.fields.entry(gold.field).or_default();
            if self.item_of(place).is_some() {
                tally.found += 1;
            } else {
                tally.missed += 1;
                mistakes.push(self.about_label(MistakeKind::Missed, gold, String::new()));
            }
        }
        for (item, _) in self.items.iter().zip(&self.verdicts).filter(|(_, verdict)| **verdict == Verdict::False) {
            figures.fields.entry(item.field()).or_default().extra += 1;
            mistakes.push(self.about_item(MistakeKind::Extra, item, String::new()));
        }
    }

    fn score_attributes(&self, figures: &mut Figures, mistakes: &mut Vec<Mistake>) {
        for (place, gold) in self.gold.items.iter().enumerate() {
            let Some(item) = self.item_of(place) else { continue };
            let drafted = attributes(item);
            let judged = JUDGED.iter().filter(|(field, _)| *field == gold.field).flat_map(|(_, names)| names.iter());
            for name in judged {
                let Some(labelled) = gold.attributes.get(*name) else { continue };
                let right = agree(name, labelled, drafted.get(*name));
                figures.attributes.entry(format!("{}.{name}", gold.field)).or_default().count(right);
                if !right {
                    let own = drafted.get(*name).map_or_else(|| "nothing".to_owned(), Value::to_string);
                    let detail = format!("{name}: labelled {labelled}, drafted {own}");
                    mistakes.push(self.about_item(MistakeKind::Attribute, item, detail));
                }
            }
        }
    }

    fn score_traps(&self, figures: &mut Figures, mistakes: &mut Vec<Mistake>) {
        for trap in &self.gold.traps {
            let place = Place::of(&trap.quote);
            let taken = self.items.iter().zip(&self.verdicts).find(|(item, verdict)| {
                let false_finding = **verdict == Verdict::False && item.field() == trap.not;
                false_finding && places_of(item).iter().any(|own| own.overlaps(&place))
            });
            figures.traps.count(taken.is_some());
            if let Some((item, _)) = taken {
                mistakes.push(self.about_item(MistakeKind::Trap, item, trap.why.clone()));
            }
        }
    }

    /// A pair counts where what took the place of an item saying the older word, in one step or in several, says the newer one.
    fn score_superseded(&self, figures: &mut Figures) {
        for older in &self.gold.items {
            let Some(newer) = older.text("superseded_by") else { continue };
            let says_newer = |item: &Item| self.sayings(newer).any(|saying| saying.id == item.id);
            figures.superseded.count(self.sayings(&older.id).any(|item| self.successors(item).any(says_newer)));
        }
    }

    /// What took the place of `item`, and of that, to the last word.
    fn successors(&self, item: &'a Item) -> impl Iterator<Item = &'a Item> {
        let next = |item: &&'a Item| {
            let id = attributes(item).get("superseded_by")?.as_str()?.to_owned();
            self.items.iter().find(|next| next.id.as_str() == id)
        };
        // No chain is longer than the draft: a circle, which only labels could hold, ends there.
        std::iter::successors(next(&item), next).take(self.items.len())
    }

    fn about_label(&self, kind: MistakeKind, gold: &GoldItem, detail: String) -> Mistake {
        let quote = gold.citations.first().map(|citation| citation.quote.clone()).unwrap_or_default();
        Mistake {
            deal: self.deal.to_owned(),
            kind,
            field: gold.field,
            statement: gold.statement.clone(),
            quote,
            detail,
        }
    }

    fn about_item(&self, kind: MistakeKind, item: &Item, detail: String) -> Mistake {
        let quote = item.citations.first().map(|citation| citation.quote().to_owned()).unwrap_or_default();
        Mistake {
            deal: self.deal.to_owned(),
            kind,
            field: item.field(),
            statement: item.statement.clone(),
            quote,
            detail,
        }
    }
}

/// How well the files of a deal were read; `files` is how many there are.
#[must_use]
pub fn parsing(gold: &Gold, sources: &[DealSource], files: usize) -> Parsing {
    let mut parsing = Parsing::default();
    for at in 0..files {
        parsing.sources.count(at < sources.len());
    }
    for source in sources {
        parsing.turns += u32::try_from(source.transcript.turns.len()).unwrap_or(u32::MAX);
    }
    for (_, quote) in gold.quotes() {
        let place = Place::of(quote);
        let turns = sources.iter().flat_map(|source| source.transcript.turns.iter().map(move |turn| (source, turn)));
        let stands = turns.filter(|(source, turn)| place.is_in(&source.name, &words(&turn.text))).collect::<Vec<_>>();
        parsing.quotes.count(!stands.is_empty());
        if let Some(speaker) = &quote.speaker {
            let mut said_by = stands.iter().map(|(source, turn)| source.transcript.speaker_name(turn));
            parsing.speakers.count(said_by.any(|name| name == Some(speaker.as_str())));
        }
    }
    for person in &gold.people {
        let own = |p: &&crate::domain::transcript::Participant| p.name.as_ref() == Some(&person.name);
        let known = sources.iter().flat_map(|source| &source.transcript.participants).find(own);
        if let Some(known) = known {
            parsing.sides.count(known.side == person.side);
        }
    }
    parsing
}

/// The attributes of an item, by name.
fn attributes(item: &Item) -> BTreeMap<String, Value> {
    let value = serde_json::to_value(&item.finding).unwrap_or_default();
    let map = value.get("attributes").and_then(Value::as_object).cloned().unwrap_or_default();
    map.into_iter().collect()
}

/// Whether a drafted attribute says what the labels say. A date may be labelled in words, of which one run of half the length
/// is enough; an owner who cannot be told is rightly absent, and so is a person's leaving who stays.
fn agree(name: &str, labelled: &Value, drafted: Option<&Value>) -> bool {
    match (name, drafted) {
        ("owed_by", None) => labelled == "unknown",
        ("leaving", None) => labelled == &Value::Bool(false),
        ("history", None) => labelled == "made",
        (_, None) => false,
        ("due", Some(drafted)) => {
            let dates = [labelled, drafted].map(|due| text(due).parse::<Date>().ok());
            let in_words = dates.iter().any(Option::is_none);
            labelled == drafted || in_words && super::overlap::overlaps(&words(text(labelled)), &words(text(drafted)))
        }
        (_, Some(drafted)) => labelled == drafted,
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
