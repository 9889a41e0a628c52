//! What is ordinary English in calls about software: words and phrases that many customers and vendors say, so that they are
//! nobody's own.
//!
//! The table `english.txt` is made by [`table`] from the transcripts, mails and notes of the deals in `fixtures/bench/train`
//! (made up for this project, no customer's words); a test makes it again and compares.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt::Write as _;
use std::sync::OnceLock;

use super::ngrams::runs;

/// Words of the longest phrase in the table.
const LONGEST: usize = 4;
/// Of a hundred deals, those in which a word stands before it counts as ordinary.
const ORDINARY_PERCENT: usize = 60;
/// Deals in which a phrase stands before it counts as English, and not as that deal's own.
const SHARED: usize = 3;

/// Words without content of their own: articles, pronouns, auxiliaries, fillers, the verbs and nouns of all talk.
const EMPTY: &str = "a an the and or but if then so of to in on at for from with by as than into onto out up down over off \
    about under before after between through until till since while because is are was were be been being am isn't aren't \
    wasn't weren't do does did done doing don't doesn't didn't have has had having haven't hasn't hadn't will would can \
    could should may might must shall won't wouldn't can't cannot couldn't shouldn't i you he she it we they me him her us \
    them my your his its our their mine yours ours theirs myself yourself himself herself itself ourselves themselves this \
    that these those there here what which who whom whose when where why how not no yes i'm you're he's she's it's we're \
    they're i've you've we've they've i'll you'll he'll she'll it'll we'll they'll i'd you'd he'd she'd we'd they'd that's \
    there's here's what's who's where's how's let's that'll that'd what'd just like really very also too um uh er ah oh okay \
    ok yeah yep yup nope right well mm hmm mhm hm sure gonna gotta wanna kind sort lot bit mean meant know known knew think \
    thought say says said saying tell tells told telling go goes going gone went get gets got getting gotten put puts want \
    wants wanted need needs needed make makes made making take takes took taken come comes came coming give gives gave given \
    see sees saw seen look looks looked looking let one ones some any all both each every much many more most less least few \
    only even still again ever never now always already maybe perhaps actually basically probably thing things something \
    anything nothing everything somebody anybody nobody everybody someone anyone everyone people way stuff good great fine \
    other others another same such own else first hello hi hey thanks thank please sorry bye";

/// Numbers, dates and units of time and money: a date is no phrase of anybody's.
const MEASURES: &str = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen \
    seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion half \
    quarter third dozen couple second fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth \
    fifteenth sixteenth seventeenth eighteenth nineteenth twentieth thirtieth twice once percent dollar dollars euro euros \
    pound pounds cents bucks grand monday tuesday wednesday thursday friday saturday sunday january february march april may \
    june july august september october november december day days week weeks month months year years hour hours minute \
    minutes seconds morning afternoon evening night today tomorrow yesterday time times last next ago end spring summer fall \
    autumn winter weekend am pm oclock";

/// Ordinary English.
#[derive(Debug)]
pub(crate) struct English {
    empty: HashSet<&'static str>,
    measures: HashSet<&'static str>,
    ordinary: HashSet<&'static str>,
    phrases: HashMap<&'static str, u32>,
    /// Phrases of so many words that were counted, at the place of that number.
    totals: [u32; LONGEST + 1],
}

impl English {
    /// The table in the binary.
    pub(crate) fn get() -> &'static Self {
        static ENGLISH: OnceLock<English> = OnceLock::new();
        ENGLISH.get_or_init(|| Self::read(include_str!("english.txt")))
    }

    fn read(table: &'static str) -> Self {
        let mut english = Self {
            empty: EMPTY.split_whitespace().collect(),
            measures: MEASURES.split_whitespace().collect(),
            ordinary: HashSet::new(),
            phrases: HashMap::new(),
            totals: [1; LONGEST + 1],
        };
        for line in table.lines() {
            let Some((head, words)) = line.split_once('\t') else { continue };
            match head.strip_prefix("total ").map(str::parse::<usize>) {
                Some(Ok(length)) if length <= LONGEST => english.totals[length] = words.parse().unwrap_or(1),
                Some(_) => {}
                None if words.contains(' ') => {
                    english.phrases.insert(words, head.parse().unwrap_or(1));
                }
                None => {
                    english.ordinary.insert(words);
                }
            }
        }
        english
    }

    /// Whether a word says nothing by itself.
    pub(crate) fn is_empty(&self, word: &str) -> bool {
        self.empty.contains(word)
    }

    /// Whether a word says something of its own: it is no number, no date, and not on everybody's lips.
    pub(crate) fn has_content(&self, word: &str) -> bool {
        !self.is_empty(word) && !self.is_measure(word) && !self.ordinary.contains(word)
    }

    /// Whether a word is a number, a date, or a unit of time or money.
    pub(crate) fn is_measure(&self, word: &str) -> bool {
        let is_one =
            |part: &str| self.measures.contains(part) || part.starts_with(|first: char| first.is_ascii_digit());
        word.split('-').all(is_one)
    }

    /// How often a phrase of `length` words stands in the table, and how many phrases of that length were counted. Longer
    /// ones than the table holds are as rare as the longest it does.
    pub(crate) fn count(&self, phrase: &str, length: usize) -> (u32, u32) {
        (self.phrases.get(phrase).copied().unwrap_or(0), self.totals[length.min(LONGEST)])
    }
}

/// The table of ordinary English over the texts of many deals: what `english.txt` holds.
#[must_use]
pub fn table(deals: &[Vec<String>]) -> String {
    let empty: HashSet<&str> = EMPTY.split_whitespace().collect();
    let mut totals = [0_u32; LONGEST + 1];
    // How often a phrase stands, and in how many deals.
    let mut counts: BTreeMap<String, (u32, usize)> = BTreeMap::new();
    for texts in deals {
        let mut own: HashMap<String, u32> = HashMap::new();
        for run in texts.iter().flat_map(|text| runs(text)) {
            for (length, total) in totals.iter_mut().enumerate().skip(1) {
                for window in run.windows(length) {
                    *total += 1;
                    let forms: Vec<&str> = window.iter().map(|word| word.form.as_str()).collect();
                    if !empty.contains(forms[0]) && !empty.contains(forms[length - 1]) {
                        *own.entry(forms.join(" ")).or_default() += 1;
                    }
                }
            }
        }
        for (phrase, times) in own {
            let (all, deals) = counts.entry(phrase).or_default();
            (*all, *deals) = (*all + times, *deals + 1);
        }
    }
    let mut table = "# Ordinary English in the deals of fixtures/bench/train; see english.rs.\n".to_owned();
    for (length, total) in totals.iter().enumerate().skip(1) {
        let _ = writeln!(table, "total {length}\t{total}");
    }
    let is_ordinary = |deals_with: usize| deals_with * 100 >= deals.len() * ORDINARY_PERCENT;
    let is_shared = |phrase: &str, deals_with: usize| {
        if phrase.contains(' ') { deals_with >= SHARED } else { is_ordinary(deals_with) }
    };
    for (phrase, (times, _)) in counts.iter().filter(|(phrase, (_, with))| is_shared(phrase, *with)) {
        let _ = writeln!(table, "{times}\t{phrase}");
    }
    table
}
