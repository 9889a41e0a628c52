//! How a text speaks about its subject: what it gives for nothing, leaves out, denies or charges for.

use std::collections::BTreeSet;

use super::terms::Stemmer;
use crate::engine::local::words::{Words, phrases};

phrases! {
    EXCLUDES = "is not | are not | excluded | excludes | exclude | not included | not include | not part of | \
        outside this | outside the scope | out of scope | not in scope | no undertaking | no obligation | \
        not obliged | shall not be | may not | will not | not supplied | not provided | not furnished | \
        no termination | non refundable | not refundable | not available | no service | not warrant | no warranty | \
        gives no date | not a contractual | not contractual | not a commitment | discretion | not guarantee* | \
        no guarantee | no refund | no credit | not permitted | no longer | expire* | not held | no rate | \
        under development | then current";
    CHARGES = "charged | chargeable | billed | at cost | additional charge | additional fee | day rate | payable | \
        separately | price list | sole expense | customer's expense | customer's cost | optional module | per form | \
        overage";
    FREE = "free | no charge | no cost | no extra | without charge | without additional charge | included | waived | \
        no additional | no fee | no set up fee";
    GIVEN = "free | no charge | no cost | no extra | without charge | included | includes | on us | our cost | \
        on the house | for nothing | dropped | drop | gone | waive | waived | in the price | part of";
}

/// How many words behind a negation are what it denies: "no monthly minimum".
const DENIED_WORDS: usize = 2;

/// How a promise is said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Said {
    /// For no money.
    pub free: bool,
    /// Stems of what it says there will not be.
    pub denied: BTreeSet<u32>,
}

/// How a clause is drafted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Drafted {
    /// How it keeps its subject back, where it does.
    pub withholds: Option<Withheld>,
    /// Stems of what it says there will not be.
    pub denied: BTreeSet<u32>,
}

/// How a clause keeps its subject back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Withheld {
    /// It is to be paid for.
    Charged,
    /// It is left out, or promised to nobody.
    Excluded,
}

impl Withheld {
    fn in_words(words: &Words) -> Option<Self> {
        let charged = words.any(&CHARGES) && !words.any(&FREE);
        let excluded = || words.any(&EXCLUDES).then_some(Self::Excluded);
        if charged { Some(Self::Charged) } else { excluded() }
    }
}

impl Said {
    pub(super) fn of(text: &str, stemmer: &Stemmer) -> Self {
        let words = Words::of(text);
        Self { free: words.any(&GIVEN), denied: denied(&words, stemmer) }
    }
}

impl Drafted {
    pub(super) fn of(text: &str, stemmer: &Stemmer) -> Self {
        let words = Words::of(text);
        Self { withholds: Withheld::in_words(&words), denied: denied(&words, stemmer) }
    }
}

/// Stems of the words right behind each negation.
fn denied(words: &Words, stemmer: &Stemmer) -> BTreeSet<u32> {
    let list: Vec<&str> = words.iter().collect();
    let negations = list.iter().enumerate().filter(|(_, word)| matches!(**word, "no" | "without" | "never" | "not"));
    let behind = negations.flat_map(|(at, _)| list.iter().skip(at + 1).take(DENIED_WORDS).copied());
    stemmer.stems(&behind.collect::<Vec<_>>().join(" "))
}
