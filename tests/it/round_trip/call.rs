//! A call by chance: three people, their words in many scripts, and when each was said.

use proptest::prelude::*;

/// Words of one caption, sentence, line or paragraph.
#[derive(Debug, Clone)]
pub(crate) struct Said {
    /// The place of the speaker's name in [`Call::names`].
    pub(crate) who: usize,
    pub(crate) words: Vec<String>,
    pub(crate) start_ms: i64,
    pub(crate) end_ms: i64,
}

/// A word, and when it was said.
pub(crate) struct Spoken<'a> {
    pub(crate) word: &'a str,
    pub(crate) start_ms: i64,
    pub(crate) end_ms: i64,
}

impl Said {
    pub(crate) fn text(&self) -> String {
        self.words.join(" ")
    }

    /// Every word with its share of the time.
    pub(crate) fn spoken(&self) -> impl Iterator<Item = Spoken<'_>> {
        let count = i64::try_from(self.words.len()).unwrap();
        let at = move |place: i64| self.start_ms + (self.end_ms - self.start_ms) * place / count;
        (0..).zip(&self.words).map(move |(place, word)| Spoken { word, start_ms: at(place), end_ms: at(place + 1) })
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) names: [&'static str; 3],
    pub(crate) said: Vec<Said>,
}

impl Call {
    pub(crate) fn name(&self, said: &Said) -> &'static str {
        self.names[said.who]
    }
}

const NAMES: [[&str; 3]; 4] = [
    ["Dana Ruiz", "Omar Haddad", "Siobhán O'Keefe"],
    ["Иван Петров", "Ευγενία Παππά", "Åsa Öberg-Lind"],
    ["Jean-Luc de la Tour", "Petra Lindqvist (Quillmark)", "Dr. Anjali Rao"],
    ["山田 太郎", "김 민준", "محمد"],
];

fn word() -> impl Strategy<Value = String> {
    let script = prop_oneof![
        4 => "[a-z]{4,9}",
        1 => "[a-zäöüßéèçñ]{4,9}",
        1 => "[а-яё]{4,9}",
        1 => "[α-ωάέή]{4,9}",
        1 => "[一-龠]{2,5}",
        1 => "[ぁ-ん]{3,6}",
        1 => "[ا-ي]{3,6}",
        1 => "[अ-ह][ा-ौ]?[अ-ह]",
    ];
    (script, "[,.?!]?").prop_map(|(word, end)| word + &end)
}

/// A call of three people, each of whom speaks twice at least: less does not tell a name from other words. A word takes a
/// sixth to three fifths of a second, as in speech.
pub(crate) fn call() -> impl Strategy<Value = Call> {
    let said = || (proptest::collection::vec(word(), 2..25), 0_i64..9_000, 160_i64..600);
    let opening = proptest::collection::vec(said(), 6);
    let rest = proptest::collection::vec((0_usize..3, said()), 0..30);
    (0..NAMES.len(), opening, rest).prop_map(|(names, opening, rest)| {
        let opening = opening.into_iter().enumerate().map(|(at, said)| (at % 3, said));
        let mut now = 0;
        let at_its_time = |(who, (words, pause, per_word)): (usize, (Vec<String>, i64, i64))| {
            let start_ms = now + pause;
            now = start_ms + per_word * i64::try_from(words.len()).unwrap();
            Said { who, words, start_ms, end_ms: now }
        };
        Call { names: NAMES[names], said: opening.chain(rest).map(at_its_time).collect() }
    })
}
