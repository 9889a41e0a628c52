//! The labelled corpus `fixtures/bench`: every label stands in its source, and no deal is a copy of another.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use baton::domain::field::Field;
use baton::domain::finding::Finding;
use baton::domain::transcript::{SourceKind, Transcript};
use baton::eval::exchange::{Comparison, Contrast, Exchange};
use baton::eval::gold::{Gold, GoldItem, Question};
use baton::eval::overlap::{longest_run, overlaps, words};
use baton::eval::passage::Passage;
use baton::reader::Tie;
use baton::transcript::parse;
use serde::de::DeserializeOwned;
use serde_json::json;

const SPLITS: [&str; 3] = ["train", "dev", "test"];

/// Sources by name, in the order of the names.
type Sources = BTreeMap<String, Transcript>;

struct Deal {
    name: String,
    gold: Gold,
    /// Questions of somebody who was on none of the calls; none of the deals that are only reported on has any.
    newcomer: Option<Gold>,
    sources: Sources,
    industry: String,
}

fn bench() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/bench")
}

fn below(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

fn deals(split: &str) -> Vec<Deal> {
    below(&bench().join(split)).iter().map(|folder| deal(folder)).collect()
}

fn deal(folder: &Path) -> Deal {
    let name = folder.file_name().unwrap().to_str().unwrap().to_owned();
    let labels = folder.join("gold.json");
    let document: serde_json::Value = serde_json::from_slice(&fs::read(&labels).unwrap()).unwrap();
    let mut sources = Sources::new();
    for path in below(folder) {
        let file = path.file_name().unwrap().to_str().unwrap().to_owned();
        if !file.starts_with("gold") {
            let transcript = parse(&file, &fs::read(&path).unwrap()).unwrap();
            sources.insert(file, transcript);
        }
    }
    Deal {
        industry: document["industry"].as_str().unwrap_or(&name).to_owned(),
        gold: Gold::read(&labels).unwrap(),
        newcomer: Some(folder.join("gold-newcomer.json"))
            .filter(|path| path.exists())
            .map(|path| Gold::read(&path).unwrap()),
        name,
        sources,
    }
}

fn all() -> Vec<Deal> {
    SPLITS.iter().flat_map(|split| deals(split)).collect()
}

#[test]
fn every_label_stands_in_one_turn_of_its_source() {
    for deal in all() {
        for (of, quote) in deal.gold.quotes().chain(deal.newcomer.iter().flat_map(Gold::quotes)) {
            let source = deal.sources.get(&quote.source);
            let source = source.expect(&quote.source);
            let wanted = words(&quote.quote);
            assert!(!wanted.is_empty(), "{}: {of} has an empty quote", deal.name);
            let stands = source.turns.iter().any(|turn| longest_run(&wanted, &words(&turn.text)) == wanted.len());
            assert!(stands, "{}: {of} is not in one turn of {}: {}", deal.name, quote.source, quote.quote);
        }
    }
}

#[test]
fn who_was_on_no_call_asks_what_is_answered_and_what_is_not() {
    let asked: Vec<(String, Gold)> = all().into_iter().filter_map(|deal| Some((deal.name, deal.newcomer?))).collect();
    assert!(asked.len() >= 100, "{} deals", asked.len());
    for (name, Gold { questions, .. }) in asked {
        let ids: BTreeSet<&str> = questions.iter().map(|question| question.id.as_str()).collect();
        assert_eq!(ids.len(), questions.len(), "{name}: ids are unique");
        for question in &questions {
            assert_eq!(question.answerable, !question.citations.is_empty(), "{name}: {}", question.question);
        }
        let unanswerable = questions.iter().filter(|question| !question.answerable).count();
        assert!(unanswerable >= 10, "{name}: {unanswerable} of {} have no answer", questions.len());
    }
}

#[test]
fn labels_are_of_the_catalogue_and_fit_each_other() {
    for Deal { name, gold, sources, .. } in all() {
        let ids: BTreeSet<&str> = gold.items.iter().map(|item| item.id.as_str()).collect();
        assert_eq!(ids.len(), gold.items.len(), "{name}: ids are unique");
        for item in &gold.items {
            assert_in_catalogue(&name, item);
            let newer = item.text("superseded_by");
            assert_eq!(newer.is_some(), item.text("history") == Some("superseded"), "{name}: {}", item.id);
            assert!(newer.is_none_or(|newer| ids.contains(newer)), "{name}: {} names its successor", item.id);
            if matches!(item.text("contract"), Some("written" | "contradicted")) {
                let clause = |source: &str| sources[source].kind == SourceKind::Contract;
                assert!(item.citations.iter().any(|c| clause(&c.source)), "{name}: {} cites its clause", item.id);
            }
        }
        for field in Field::core() {
            let found = gold.items.iter().any(|item| item.field == field);
            assert_eq!(gold.unknown.contains(&field), !found, "{name}: {field} is found or unknown");
        }
        for trap in &gold.traps {
            let same = |item: &&GoldItem| item.field == trap.not;
            let places = gold.items.iter().filter(same).flat_map(|item| &item.citations);
            let taken = places.filter(|c| c.source == trap.quote.source);
            let clash = taken.filter(|c| overlaps(&words(&c.quote), &words(&trap.quote.quote))).count();
            assert_eq!(clash, 0, "{name}: the trap is a finding: {}", trap.quote.quote);
        }
        // The deals that are learned from have more questions than the ten that every deal has.
        let (usual, more) = gold.questions.split_at(10);
        let unanswerable = |questions: &[Question]| questions.iter().filter(|question| !question.answerable).count();
        assert_eq!(unanswerable(usual), 2, "{name}");
        assert!(more.is_empty() || unanswerable(more) * 4 >= more.len(), "{name}: many questions have no answer");
    }
}

/// Every attribute is one of the field's, with a value of its vocabulary; the number of the clause comes on top.
fn assert_in_catalogue(deal: &str, item: &GoldItem) {
    for (name, value) in &item.attributes {
        if name == "contract_clause" {
            continue;
        }
        let finding = json!({"field": item.field, "attributes": {name: value}});
        let known = serde_json::from_value::<Finding>(finding);
        assert!(known.is_ok(), "{deal}: {} has {name} = {value}", item.id);
    }
}

#[test]
fn the_corpus_is_large_varied_and_split_by_deal() {
    let deals = all();
    let names: BTreeSet<&str> = deals.iter().map(|deal| deal.name.as_str()).collect();
    assert_eq!(names.len(), deals.len(), "no deal is in two splits");
    assert!(deals.len() >= 48, "{} deals", deals.len());
    let industries: BTreeSet<&str> = deals.iter().map(|deal| deal.industry.as_str()).collect();
    assert!(industries.len() >= 20, "{} industries", industries.len());
    let turns: usize = deals.iter().flat_map(|deal| deal.sources.values()).map(|source| source.turns.len()).sum();
    assert!(turns >= 6000, "{turns} turns");
    let formats: HashSet<_> = deals.iter().flat_map(|deal| deal.sources.values()).map(|source| source.format).collect();
    assert!(formats.len() >= 9, "{formats:?}");
}

/// How many words a shingle has: runs of so many words are hardly said twice by chance.
const SHINGLE: usize = 6;

fn shingles(text: &str) -> HashSet<u64> {
    use std::hash::{DefaultHasher, Hash as _, Hasher as _};
    let hash = |run: &[String]| {
        let mut hasher = DefaultHasher::new();
        run.hash(&mut hasher);
        hasher.finish()
    };
    words(text).windows(SHINGLE).map(hash).collect()
}

#[test]
fn no_deal_shares_its_words_with_another() {
    let spoken = |deal: &Deal| -> HashSet<u64> {
        let talks = deal.sources.values().filter(|source| source.kind != SourceKind::Contract);
        talks.flat_map(|source| &source.turns).flat_map(|turn| shingles(&turn.text)).collect()
    };
    let deals: Vec<(String, HashSet<u64>)> = all().iter().map(|deal| (deal.name.clone(), spoken(deal))).collect();
    for (at, (name, own)) in deals.iter().enumerate() {
        for (other, theirs) in &deals[at + 1..] {
            let share = own.intersection(theirs).count() as f64 / own.len().min(theirs.len()).max(1) as f64;
            assert!(share < 0.02, "{name} and {other} share {:.1} % of their runs of six words", 100.0 * share);
        }
    }
}

/// Every line of the sets in a folder.
fn lines_of<T: DeserializeOwned>(folder: &str) -> Vec<T> {
    let files = below(&bench().join(folder));
    let lines = files.iter().filter(|path| path.extension().is_some_and(|suffix| suffix == "jsonl"));
    let texts: Vec<String> = lines.map(|path| fs::read_to_string(path).unwrap()).collect();
    texts.iter().flat_map(|text| text.lines()).map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn contrasts() -> Vec<Contrast> {
    lines_of("contrast")
}

#[test]
fn passages_hold_the_words_that_answer_and_repeat_no_deal() {
    let (learned, watched): (Vec<Passage>, Vec<Passage>) = (lines_of("asked"), lines_of("asked-dev"));
    let passages: Vec<&Passage> = learned.iter().chain(&watched).collect();
    let asked: Vec<_> =
        passages.iter().flat_map(|passage| passage.questions.iter().map(move |q| (passage, q))).collect();
    assert!(asked.len() >= 14_000, "{} questions", asked.len());
    for (passage, question) in &asked {
        for quote in &question.quotes {
            let in_a_turn = passage.turns.iter().any(|turn| turn.text.contains(quote.as_str()));
            assert!(in_a_turn, "{}: `{quote}` stands in no turn", passage.topic);
        }
        let again = passage.questions.iter().filter(|other| other.question == question.question).count();
        assert_eq!(again, 1, "{}: asked twice: {}", passage.topic, question.question);
    }
    let held_out: HashSet<u64> = ["dev", "test"]
        .iter()
        .flat_map(|split| deals(split))
        .flat_map(|deal| deal.sources.into_values().flat_map(|source| source.turns))
        .flat_map(|turn| shingles(&turn.text))
        .collect();
    let shared = |own: &HashSet<u64>, with: &HashSet<u64>| {
        100.0 * own.intersection(with).count() as f64 / own.len().max(1) as f64
    };
    for passage in passages {
        let share = shared(&shingles_of(passage), &held_out);
        assert!(share < 2.0, "{} shares {share:.1} % of its runs of six words with a held-out deal", passage.topic);
    }
    // What is watched is held out from what is learned. A turn of speech of ten words is 3 % of a short passage.
    let watched: Vec<HashSet<u64>> = watched.iter().map(shingles_of).collect();
    for passage in &learned {
        let own = shingles_of(passage);
        let most = watched.iter().map(|other| shared(&own, other)).fold(0.0, f64::max);
        assert!(most < 5.0, "{} shares {most:.1} % of its runs of six words with a passage held out", passage.topic);
    }
}

fn shingles_of(passage: &Passage) -> HashSet<u64> {
    passage.turns.iter().flat_map(|turn| shingles(&turn.text)).collect()
}

fn exchanges() -> Vec<Exchange> {
    let exchange = |contrast| match contrast {
        Contrast::Exchange(exchange) => Some(exchange),
        Contrast::Comparison(_) => None,
    };
    contrasts().into_iter().filter_map(exchange).collect()
}

#[test]
fn comparisons_stand_beside_their_near_misses_and_none_repeats_another() {
    let comparison = |contrast| match contrast {
        Contrast::Comparison(comparison) => Some(comparison),
        Contrast::Exchange(_) => None,
    };
    let comparisons: Vec<Comparison> = contrasts().into_iter().filter_map(comparison).collect();
    assert!(comparisons.len() >= 600, "{} comparisons", comparisons.len());
    let mut known = HashSet::new();
    for comparison in &comparisons {
        assert!(known.insert(&comparison.promise.quote), "said twice: {:?}", comparison.promise);
        for words in [&comparison.clauses, &comparison.later] {
            for tie in [Tie::Agrees, Tie::Differs, Tie::Beside] {
                assert!(
                    words.iter().any(|words| words.is == Some(tie)),
                    "{tie:?} is missing: {:?}",
                    comparison.promise
                );
            }
        }
    }
}

#[test]
fn exchanges_are_many_labelled_from_the_catalogue_and_quoted_verbatim() {
    let exchanges = exchanges();
    assert!(exchanges.len() >= 6000, "{} exchanges", exchanges.len());
    let mut by_field: HashMap<&str, usize> = HashMap::new();
    for exchange in &exchanges {
        assert_eq!(exchange.labels.is_empty(), exchange.why.is_some(), "a finding or a near miss: {}", exchange.text);
        for label in &exchange.labels {
            let finding = json!({"field": label.field, "attributes": label.attributes});
            assert!(serde_json::from_value::<Finding>(finding).is_ok(), "{label:?}");
            assert!(label.quote.as_ref().is_none_or(|quote| exchange.text.contains(quote.as_str())), "{label:?}");
            *by_field.entry(label.field.as_str()).or_default() += 1;
        }
    }
    for field in Field::ALL {
        let count = by_field.get(field.as_str()).copied().unwrap_or_default();
        assert!(count >= 150, "{field}: {count} exchanges");
    }
}

#[test]
fn no_exchange_is_another_one_reworded_by_a_word_or_two() {
    let exchanges = exchanges();
    let mut holders: HashMap<u64, Vec<usize>> = HashMap::new();
    let all: Vec<HashSet<u64>> = exchanges.iter().map(|exchange| shingles(&exchange.text)).collect();
    for (at, own) in all.iter().enumerate() {
        let mut shared: HashMap<usize, usize> = HashMap::new();
        for shingle in own {
            let known = holders.entry(*shingle).or_default();
            for other in known.iter() {
                *shared.entry(*other).or_default() += 1;
            }
            known.push(at);
        }
        for (other, count) in shared {
            let least = own.len().min(all[other].len());
            let same = count * 10 >= least * 9 && least > 3;
            assert!(!same, "near-duplicates: {:?} and {:?}", exchanges[at].text, exchanges[other].text);
        }
    }
}
