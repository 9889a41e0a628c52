//! What people say about who belongs where: introductions with a company's name, and "our solution engineer".

use std::collections::HashMap;

use super::parties::Parties;
use super::people::{People, fold};
use super::{Evidence, Rank};
use crate::domain::transcript::{Side, SourceKind, Transcript};

/// Jobs after "our": somebody's own colleague. Words such as champion or contact are not among them; those can be said of
/// the other side's people.
const JOBS: &[&str] = &[
    "administrator",
    "analyst",
    "architect",
    "cfo",
    "cio",
    "ciso",
    "ceo",
    "coo",
    "consultant",
    "controller",
    "counsel",
    "cto",
    "developer",
    "director",
    "engineer",
    "executive",
    "foreman",
    "head",
    "manager",
    "nurse",
    "officer",
    "planner",
    "president",
    "procurement",
    "specialist",
    "supervisor",
    "technician",
    "vp",
];
/// Sentences that say something else: denials, questions, the past.
const DOUBTS: &[&str] =
    &["not", "never", "no", "used", "former", "formerly", "was", "were", "if", "your", "like", "maybe", "hired"];
/// Longer sentences (in bytes) are captions without punctuation, where words next to each other may not belong together.
const LONGEST_SENTENCE: usize = 600;
/// How far behind "our" the job may stand.
const WORDS_TO_JOB: usize = 4;
/// How far behind a name's comma the company may stand: "Dana, senior account executive at Ferrite".
const WORDS_TO_COMPANY: usize = 6;

/// A word of a sentence: folded, capitalized or not, followed by a comma or not.
struct Word {
    folded: String,
    is_name: bool,
    comma: bool,
}

/// Somebody named in a sentence.
#[derive(Clone, Copy)]
struct Mention {
    person: usize,
    from: usize,
    to: usize,
}

/// Everything the sources say in words about the people of the deal.
pub(super) fn read(
    sources: &[&Transcript],
    people: &People,
    parties: &Parties,
    sides: &[Side],
) -> Vec<(usize, Evidence)> {
    let mut found = titles(sources, people, parties);
    for (at, source) in sources.iter().enumerate().filter(|(_, source)| source.kind != SourceKind::Contract) {
        let labels = source.participants.iter().enumerate().rev();
        let labels: HashMap<&str, usize> =
            labels.map(|(one, who)| (who.label.as_str(), people.person(at, one))).collect();
        for turn in &source.turns {
            let speaker = turn.speaker.as_deref().and_then(|label| labels.get(label).copied());
            let side = speaker.map_or(Side::Unknown, |person| sides[person]);
            for sentence in turn.text.split_inclusive(['.', '!', '?', ';']).filter(|sentence| may_tell(sentence)) {
                let words = words(sentence);
                let mentions = mentions(&words, people);
                found.extend(introductions(&words, &mentions, speaker, parties));
                found.extend(colleague(&words, &mentions, speaker, side));
                found.extend(companion(&words, &mentions, speaker, side));
            }
        }
    }
    found
}

/// `Account Executive, Plinth` in a signature or a people list.
fn titles(sources: &[&Transcript], people: &People, parties: &Parties) -> Vec<(usize, Evidence)> {
    let mut found = Vec::new();
    for (source, transcript) in sources.iter().enumerate() {
        for (at, participant) in transcript.participants.iter().enumerate() {
            let company = participant.title.as_deref().and_then(|title| title.rsplit_once([',', '@', '|']));
            let side = company.and_then(|(_, company)| parties.named(&pairs(&words(company))));
            found.extend(
                side.map(|side| (people.person(source, at), evidence(side, "the job title names the company"))),
            );
        }
    }
    found
}

fn evidence(side: Side, reason: &str) -> Evidence {
    Evidence { side, rank: Rank::Words, reason: reason.to_owned() }
}

/// A quick look before the sentence is taken apart; nobody is introduced in a sentence without end.
fn may_tell(sentence: &str) -> bool {
    let signs = [" our ", "from ", " at ", "with ", "of ", "brought "];
    sentence.len() <= LONGEST_SENTENCE && !sentence.ends_with('?') && signs.iter().any(|sign| sentence.contains(sign))
}

fn words(sentence: &str) -> Vec<Word> {
    let words = sentence.split_whitespace().flat_map(|raw| {
        // `Raúl's` names Raúl; `he's` stays `he s`, which is what `colleague` looks for.
        let is_name = raw.starts_with(char::is_uppercase);
        let comma = raw.ends_with(',');
        let parts = fold(raw);
        let last = parts.len().saturating_sub(1);
        parts.into_iter().enumerate().map(move |(at, folded)| Word {
            folded,
            is_name: is_name && at == 0,
            comma: comma && at == last,
        })
    });
    words.collect()
}

fn pairs(words: &[Word]) -> Vec<(String, bool)> {
    words.iter().map(|word| (word.folded.clone(), word.is_name)).collect()
}

fn mentions(words: &[Word], people: &People) -> Vec<Mention> {
    let folded: Vec<&str> = words.iter().map(|word| word.folded.as_str()).collect();
    let mut found: Vec<Mention> = Vec::new();
    for (from, _) in words.iter().enumerate().filter(|(_, word)| word.is_name) {
        let covered = found.last().is_some_and(|mention| mention.to > from);
        if let Some((person, length)) = people.named(&folded[from..words.len().min(from + 5)]).filter(|_| !covered) {
            found.push(Mention { person, from, to: from + length });
        }
    }
    found
}

/// "I'm Dana, account executive at Ferrite", "Omar from Harbor & Pine".
fn introductions(
    words: &[Word],
    mentions: &[Mention],
    speaker: Option<usize>,
    parties: &Parties,
) -> Option<(usize, Evidence)> {
    if words.iter().any(|word| DOUBTS.contains(&word.folded.as_str())) {
        return None;
    }
    words.iter().enumerate().find_map(|(at, word)| {
        let preposition = ["from", "at", "with", "of"].contains(&word.folded.as_str());
        let side = parties.named(&pairs(words.get(at + 1..at + 6.min(words.len() - at))?)).filter(|_| preposition)?;
        let person =
            introduced(words, mentions, at).or_else(|| speaker.filter(|_| speaks_of_self(words, mentions, at)))?;
        Some((person, evidence(side, "introduced with the name of the company")))
    })
}

/// The person named right before the preposition, or before a comma and a job.
fn introduced(words: &[Word], mentions: &[Mention], at: usize) -> Option<usize> {
    let mention = mentions.iter().rev().find(|mention| mention.to <= at)?;
    let direct = mention.to == at && words[at].folded == "from";
    let comma = words.get(mention.to - 1).is_some_and(|word| word.comma) && at - mention.to <= WORDS_TO_COMPANY;
    let job = words[mention.to..at].iter().any(|word| JOBS.contains(&word.folded.as_str()));
    (direct || (comma && job)).then_some(mention.person)
}

/// "I'm the account executive at Ferrite": first person, nobody else named.
fn speaks_of_self(words: &[Word], mentions: &[Mention], at: usize) -> bool {
    let job = words[..at].iter().any(|word| JOBS.contains(&word.folded.as_str()));
    let first_person =
        words.windows(2).take(at).any(|pair| pair[0].folded == "i" && ["m", "am"].contains(&pair[1].folded.as_str()));
    let says_am = |at: usize| words.get(at).is_some_and(|word| ["m", "am"].contains(&word.folded.as_str()));
    first_person && mentions.is_empty() && (job || says_am(at.wrapping_sub(1)))
}

/// "Raúl's joining, he's our solution engineer", "our IT manager, Matthias Vogt", "Hedda, she runs it on our side".
fn colleague(words: &[Word], mentions: &[Mention], speaker: Option<usize>, side: Side) -> Option<(usize, Evidence)> {
    let person = the_only_other(mentions, speaker)?;
    if side == Side::Unknown || words.iter().any(|word| DOUBTS.contains(&word.folded.as_str())) {
        return None;
    }
    let says_so = words.iter().enumerate().filter(|(_, word)| word.folded == "our").any(|(at, _)| {
        let behind = &words[at + 1..words.len().min(at + 1 + WORDS_TO_JOB)];
        let job = behind.iter().any(|word| JOBS.contains(&word.folded.as_str()));
        let before = at.checked_sub(1).map(|before| &words[before]);
        let is = before.is_some_and(|word| word.comma || ["is", "s", "on"].contains(&word.folded.as_str()));
        let on_side =
            before.is_some_and(|word| word.folded == "on") && behind.first().is_some_and(|word| word.folded == "side");
        (is && job) || on_side
    });
    says_so.then(|| (person, evidence(side, "called a colleague by somebody whose side is known")))
}

/// "I've got Henrik here with me", "I brought also Noémie": who comes along is a colleague.
fn companion(words: &[Word], mentions: &[Mention], speaker: Option<usize>, side: Side) -> Option<(usize, Evidence)> {
    if side == Side::Unknown || words.iter().any(|word| DOUBTS.contains(&word.folded.as_str())) {
        return None;
    }
    let is = |at: usize, word: &str| words.get(at).is_some_and(|found| found.folded == word);
    let along = |mention: &&Mention| {
        let with_me = (mention.to..mention.to + 3).any(|at| is(at, "with") && is(at + 1, "me"));
        let got =
            (mention.from.saturating_sub(3)..mention.from).any(|at| is(at, "have") || is(at, "got") || is(at, "ve"));
        let brought = (mention.from.saturating_sub(2)..mention.from).any(|at| is(at, "brought"));
        let by_me = words[..mention.from].iter().any(|word| word.folded == "i");
        by_me && Some(mention.person) != speaker && (brought || (got && with_me))
    };
    let mention = mentions.iter().find(along)?;
    Some((mention.person, evidence(side, "brought along by somebody whose side is known")))
}

/// The one person named in the sentence, the speaker and people spoken to by name alone aside.
fn the_only_other(mentions: &[Mention], speaker: Option<usize>) -> Option<usize> {
    let mut others = mentions.iter().filter(|mention| Some(mention.person) != speaker && mention.from < mention.to);
    let first = others.next()?.person;
    others.all(|mention| mention.person == first).then_some(first)
}
