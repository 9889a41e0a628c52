//! How near passages come to what a question means, told from single words: "cost" is near "price", whatever stands around them.
//!
//! Every word of the question is compared with the nearest one of the passage (`MaxSim`; Khattab and Zaharia, "`ColBERT`", 2020),
//! with the vectors of the words by themselves. That is what makes it nearly free, and why it only says what is worth reading.

use std::collections::{HashMap, HashSet};

use crate::embed::cosine;
use crate::encoder::ModelError;
use crate::reader::Finder;

/// The nearness of each passage to the question, in order, up to 1; passages and question are token ids. Rare words count for
/// more, and how rare a word is the passages tell themselves.
pub(super) async fn nearness(finder: &Finder, question: &[i32], passages: &[Vec<i32>]) -> Result<Vec<f32>, ModelError> {
    let passages: Vec<HashSet<i32>> = passages.iter().map(|ids| ids.iter().copied().collect()).collect();
    let known: HashSet<i32> = passages.iter().flatten().chain(question).copied().collect();
    let known: Vec<i32> = known.into_iter().collect();
    let vectors: HashMap<i32, Vec<f32>> = known.iter().copied().zip(finder.vectors(known.clone()).await?).collect();
    let mut near = vec![0.0; passages.len()];
    let mut all = f32::MIN_POSITIVE;
    for asked in question {
        let holding = passages.iter().filter(|own| own.contains(asked)).count();
        let rarity = rarity(holding, passages.len());
        let own = &vectors[asked];
        let alike: HashMap<i32, f32> = vectors.iter().map(|(id, vector)| (*id, cosine(own, vector))).collect();
        for (near, passage) in near.iter_mut().zip(&passages) {
            *near += rarity * passage.iter().map(|id| alike[id]).fold(0.0, f32::max);
        }
        all += rarity;
    }
    Ok(near.into_iter().map(|near| near / all).collect())
}

/// The weight of a word that `holding` of `all` passages hold, as BM25 has it.
pub(super) fn rarity(holding: usize, all: usize) -> f32 {
    let (holding, all) = (holding as f32, all as f32);
    ((all - holding + 0.5) / (holding + 0.5)).ln_1p()
}
