//! How well passages share the words of a question, weighed as the index weighs them (BM25), with how rare a word is told from
//! the passages themselves.

use std::collections::{HashMap, HashSet};

use crate::index::bm25::Bm25;

/// The likeness of each text to the question, in order; 0 where they share no word.
pub(crate) fn likeness(bm25: &Bm25, question: &str, texts: &[String]) -> Vec<f32> {
    let Some(asked) = bm25.question(question) else { return vec![0.0; texts.len()] };
    let asked: HashSet<u32> = asked.indices.into_iter().collect();
    let shared: Vec<HashMap<u32, f32>> = texts.iter().map(|text| terms(bm25, text, &asked)).collect();
    let mut rarities: HashMap<u32, f32> = HashMap::new();
    for term in &asked {
        let holding = shared.iter().filter(|own| own.contains_key(term)).count();
        rarities.insert(*term, rarity(holding, texts.len()));
    }
    let score = |own: &HashMap<u32, f32>| own.iter().map(|(term, weight)| weight * rarities[term]).sum();
    shared.iter().map(score).collect()
}

fn terms(bm25: &Bm25, text: &str, wanted: &HashSet<u32>) -> HashMap<u32, f32> {
    let Some(vector) = bm25.document(text) else { return HashMap::new() };
    vector.indices.into_iter().zip(vector.values).filter(|(term, _)| wanted.contains(term)).collect()
}

/// The weight of a word that `holding` of `all` passages hold, as BM25 has it.
fn rarity(holding: usize, all: usize) -> f32 {
    let (holding, all) = (holding as f32, all as f32);
    ((all - holding + 0.5) / (holding + 0.5)).ln_1p()
}
