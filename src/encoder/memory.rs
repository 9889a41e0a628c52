//! What a model was shown before, with its answers.

use std::hash::{Hash, Hasher};

use quick_cache::sync::Cache;
use sha2::{Digest as _, Sha256};

/// How many answers a memory holds, about: the windows of some seventy hours of talk.
const ANSWERS: usize = 8_192;

/// The answers of a model, by the digest of what it was shown: no words are kept. A model answers the same with the same, so that
/// only the time tells whether an answer was remembered. When there is no more room, what is seldom asked for goes.
pub struct Memory<V>(Cache<[u8; 32], V>);

impl<V: Clone> Default for Memory<V> {
    fn default() -> Self {
        Self::of(ANSWERS)
    }
}

impl<V: Clone> Memory<V> {
    /// One that holds so many answers, about.
    #[must_use]
    pub fn of(answers: usize) -> Self {
        Self(Cache::new(answers))
    }

    /// The answer to each of `shown`, in order. `work` answers those that are new, in the order given.
    ///
    /// # Errors
    ///
    /// That of `work`.
    pub fn answers<K: Hash, E>(&self, shown: &[K], work: impl FnOnce(&[&K]) -> Result<Vec<V>, E>) -> Result<Vec<V>, E> {
        let digests: Vec<[u8; 32]> = shown.iter().map(digest).collect();
        let mut answers: Vec<Option<V>> = digests.iter().map(|digest| self.0.get(digest)).collect();
        let new: Vec<usize> = (0..shown.len()).filter(|&place| answers[place].is_none()).collect();
        let worked = work(&new.iter().map(|&place| &shown[place]).collect::<Vec<_>>())?;
        for (place, answer) in new.into_iter().zip(worked) {
            self.0.insert(digests[place], answer.clone());
            answers[place] = Some(answer);
        }
        Ok(answers.into_iter().flatten().collect())
    }

    /// Makes it empty, for who measures how long an answer takes.
    pub fn forget(&self) {
        self.0.clear();
    }
}

/// Takes everything that a value is hashed by into a digest.
struct Digester(Sha256);

impl Hasher for Digester {
    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// Nobody asks for it: the digest is read instead.
    fn finish(&self) -> u64 {
        0
    }
}

fn digest(value: &impl Hash) -> [u8; 32] {
    let mut digester = Digester(Sha256::new());
    value.hash(&mut digester);
    digester.0.finalize().into()
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;

    /// Answers with the lengths of `words`; says what was new.
    fn lengths<'a>(memory: &Memory<usize>, words: &[&'a str]) -> (Vec<usize>, Vec<&'a str>) {
        let mut new = Vec::new();
        let work = |words: &[&&'a str]| {
            new.extend(words.iter().copied().copied());
            Ok::<_, Infallible>(words.iter().map(|word| word.len()).collect())
        };
        (memory.answers(words, work).unwrap(), new)
    }

    #[test]
    fn only_what_is_new_is_worked_on_and_the_order_stays() {
        let memory = Memory::default();
        assert_eq!(lengths(&memory, &["b", "aaa", "cc"]), (vec![1, 3, 2], vec!["b", "aaa", "cc"]));
        assert_eq!(lengths(&memory, &["dddd", "cc", "b", "ee"]), (vec![4, 2, 1, 2], vec!["dddd", "ee"]));
        memory.forget();
        assert_eq!(lengths(&memory, &["b"]), (vec![1], vec!["b"]));
    }

    #[test]
    fn what_failed_is_asked_for_again() {
        let memory: Memory<usize> = Memory::default();
        assert_eq!(memory.answers(&["b"], |_| Err("no")), Err::<Vec<usize>, _>("no"));
        assert_eq!(lengths(&memory, &["b"]), (vec![1], vec!["b"]));
    }

    #[test]
    fn it_holds_so_much_and_no_more() {
        let memory: Memory<usize> = Memory::default();
        let numbers: Vec<usize> = (0..4 * ANSWERS).collect();
        let double = |new: &[&usize]| Ok::<_, Infallible>(new.iter().map(|&&number| 2 * number).collect());
        let doubled: Vec<usize> = numbers.iter().map(|number| 2 * number).collect();
        assert_eq!(memory.answers(&numbers, double).unwrap(), doubled);
        assert!(memory.0.len() <= ANSWERS, "{} of {ANSWERS}", memory.0.len());
    }
}
