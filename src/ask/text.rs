//! The words of the record that answer a question: the clauses of the best passages, judged by the finder.

use std::ops::RangeInclusive;

use super::Excerpt;
use super::reading::{Candidate, Reading};
use crate::encoder::ModelError;
use crate::engine::QuoteRole;
use crate::engine::local::sentences::{MAX_WORDS, MIN_WORDS, word_count};
use crate::ground::{Citation, SourceText};
use crate::reader::{Run, asked};

/// Clauses that an answer quotes, at most.
const QUOTES: usize = 6;
/// How likely the finder holds a clause for an answer that is none: over what is read for the unanswerable questions of the dev
/// deals and of those held out, with the geometric mean of what remains, as [`of_any`] multiplies it.
const BACKGROUND: f32 = 0.018;
/// What a clause's worth of being read counts beside the log odds that it answers, where quotes are chosen: the ranker, which knows
/// nothing of what stands around a question, hears other things than the finder. It does not count for whether anything answers.
const WORTH: f32 = 0.3;
/// What is less likely than this share of the best clause is not shown beside it.
const BESIDE: f32 = 0.1;

/// What was read for a question.
pub(super) struct Answering {
    /// How likely anything of it answers, 0 to 1.
    pub(super) likely: f32,
    /// The clauses that do best as quotes, at most [`QUOTES`], likeliest first.
    pub(super) found: Vec<Found>,
}

/// Words that may answer, and how likely they do.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Found {
    /// What stands before them, where they are a reply too short to be understood alone.
    pub(super) before: Option<Citation>,
    pub(super) citation: Citation,
    /// The place of its excerpt.
    pub(super) excerpt: usize,
    pub(super) likely: f32,
}

/// A clause as it was judged.
struct Judged {
    /// The place of its run among those that were read.
    run: usize,
    /// Its place in the run.
    at: usize,
    likely: f32,
    /// How well it would do as a quote; only its order means something.
    fit: f32,
}

/// Reads the passages for what answers. What somebody says in one go is one quote.
pub(super) async fn find(reading: &Reading, question: &str, excerpts: &[Excerpt]) -> Result<Answering, ModelError> {
    let finder = &reading.finder;
    let read: Vec<Candidate<'_>> = reading.worth_reading(question, excerpts).await?;
    let runs: Vec<&Run<'_>> = read.iter().map(|candidate| &candidate.run).collect();
    let likely = finder.judge(&asked::question(finder.tokenizer(), question)?, &runs).await?;
    let judged = judged(&read, &likely);
    let any = of_any(judged.iter().map(|clause| clause.likely));
    let mut chosen = chosen(&read, excerpts, judged);
    chosen.sort_by_key(|(clause, _)| (clause.run, clause.at));
    let turn = |clause: &Judged| read[clause.run].run.clauses[clause.at].turn;
    let in_one_go =
        |(a, _): &(Judged, Found), (b, _): &(Judged, Found)| a.run == b.run && a.at + 1 == b.at && turn(a) == turn(b);
    let found = chosen.chunk_by(in_one_go).flat_map(|clauses| joined(&read, excerpts, clauses)).collect();
    let mut found = exchanges(found);
    found.sort_by(|a, b| b.likely.total_cmp(&a.likely));
    Ok(Answering { likely: any, found })
}

/// How likely any of several clauses answers: that not every one of them is beside the point, were each judged by itself (the
/// "noisy or"; Pearl, "Probabilistic Reasoning in Intelligent Systems", 1988), beyond what as many clauses that answer nothing
/// would come to. So a note of three lines and a dozen calls are held to the same.
fn of_any(likely: impl Iterator<Item = f32>) -> f32 {
    let beside = likely.map(|likely| (1.0 - likely) / (1.0 - BACKGROUND)).product::<f32>();
    (1.0 - beside).max(0.0)
}

/// All clauses, those first that would do best as a quote. What asks answers nothing, however likely it looks.
fn judged(read: &[Candidate<'_>], likely: &[Vec<f32>]) -> Vec<Judged> {
    let of_run = |(run, likely): (usize, &Vec<f32>)| {
        let clause = |(at, likely): (usize, &f32)| {
            let fit = (likely / (1.0 - likely)).ln() + WORTH * read[run].worth[at];
            Judged { run, at, likely: *likely, fit }
        };
        likely.iter().enumerate().map(clause).collect::<Vec<_>>()
    };
    let mut judged: Vec<Judged> = likely.iter().enumerate().flat_map(of_run).collect();
    judged.retain(|clause| !read[clause.run].run.clauses[clause.at].text.trim_end().ends_with('?'));
    judged.sort_by(|a, b| b.fit.total_cmp(&a.fit));
    judged
}

/// The first of them, each as a quote. Words that their neighbours negate are no citation.
fn chosen(read: &[Candidate<'_>], excerpts: &[Excerpt], judged: Vec<Judged>) -> Vec<(Judged, Found)> {
    let quoted = |clause: Judged| {
        let found = quote(&read[clause.run], excerpts, clause.at..=clause.at, clause.likely)?;
        Some((clause, found))
    };
    let mut chosen: Vec<(Judged, Found)> = judged.into_iter().filter_map(quoted).take(QUOTES).collect();
    let best = chosen.iter().map(|(clause, _)| clause.likely).fold(0.0, f32::max);
    chosen.retain(|(clause, _)| clause.likely >= BESIDE * best);
    chosen
}

/// Clauses that follow each other as one quote; each alone where nobody would read so many words.
fn joined(read: &[Candidate<'_>], excerpts: &[Excerpt], clauses: &[(Judged, Found)]) -> Vec<Found> {
    let as_one = || {
        let [(first, _), .., (last, _)] = clauses else { return None };
        let likely = clauses.iter().map(|(clause, _)| clause.likely).fold(0.0, f32::max);
        quote(&read[first.run], excerpts, first.at..=last.at, likely)
    };
    let as_one = as_one().filter(|found| word_count(found.citation.quote()) <= MAX_WORDS);
    as_one.map_or_else(|| clauses.iter().map(|(_, found)| found.clone()).collect(), |found| vec![found])
}

/// A short reply together with what it replies to, where that was found, too: said once, and as an exchange.
fn exchanges(found: Vec<Found>) -> Vec<Found> {
    let (replies, mut found): (Vec<Found>, Vec<Found>) = found.into_iter().partition(|own| own.before.is_some());
    for mut reply in replies {
        let before = reply.before.as_ref();
        let is_it = |own: &Found| own.before.is_none() && before.is_some_and(|before| before.overlaps(&own.citation));
        if let Some(at) = found.iter().position(is_it) {
            let replied_to = found.swap_remove(at);
            reply.likely = reply.likely.max(replied_to.likely);
            reply.before = Some(replied_to.citation);
        }
        found.push(reply);
    }
    found
}

/// Clauses of one turn as a quote, where the record has it.
fn quote(
    Candidate { excerpt: place, before, run, .. }: &Candidate<'_>,
    excerpts: &[Excerpt],
    clauses: RangeInclusive<usize>,
    likely: f32,
) -> Option<Found> {
    let first = *clauses.start();
    let own = &run.clauses[clauses];
    let said = own.iter().map(|clause| clause.text).collect::<Vec<_>>().join(" ");
    let before = first.checked_sub(1).map_or(*before, |before| Some(run.clauses[before]));
    let before = before.filter(|_| word_count(&said) < MIN_WORDS);
    let excerpt = &excerpts[*place];
    let source = SourceText::new(excerpt.id.as_ref(), &excerpt.name, &excerpt.transcript);
    let cite = |turn: u32, text: &str| source.cite(turn, text, QuoteRole::Support).ok();
    Some(Found {
        citation: cite(own.first()?.turn, &said)?,
        before: before.and_then(|clause| cite(clause.turn, clause.text)),
        excerpt: *place,
        likely,
    })
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::super::quoted;
    use super::*;
    use crate::ask::document::Composed;
    use crate::transcript::parse;

    #[test]
    fn what_several_clauses_may_answer_is_likelier_answered_than_by_one() {
        assert!(of_any([0.5, 0.5].into_iter()) > of_any([0.5].into_iter()) + 0.2);
        assert!(of_any([].into_iter()).abs() < 1e-6);
    }

    #[test]
    fn what_answers_nothing_does_not_come_to_an_answer_however_much_of_it_is_read() {
        assert!(of_any([BACKGROUND; 400].into_iter()).abs() < 1e-3);
        let alone = of_any([0.6].into_iter());
        let among = of_any([0.6].into_iter().chain([BACKGROUND; 40]));
        assert!((alone - among).abs() < 1e-3, "{alone} {among}");
    }

    #[test]
    fn words_and_a_short_reply_to_them_are_one_exchange() {
        let call =
            parse("call.txt", b"Dana: We go live on the first of June.\nOmar: First of June.\nDana: Good.\n").unwrap();
        let source = SourceText::new(None, "call.txt", &call);
        let cite =
            |turn: usize| source.cite(call.turns[turn].index, &call.turns[turn].text, QuoteRole::Support).unwrap();
        let found = |before: Option<usize>, turn, likely| Found {
            before: before.map(cite),
            citation: cite(turn),
            excerpt: 0,
            likely,
        };
        let (said, reply) = (found(None, 0, 0.8), found(Some(0), 1, 0.3));
        let exchange = Found { likely: 0.8, ..reply.clone() };
        assert_eq!(exchanges(vec![said.clone(), reply.clone()]), [exchange]);
        assert_eq!(exchanges(vec![reply.clone()]), std::slice::from_ref(&reply));
        let other = found(None, 2, 0.5);
        assert_eq!(exchanges(vec![said.clone(), other.clone()]), [said.clone(), other]);

        // A reply to a reply stands first, and what the other one replied to is not lost by it.
        let mut found = exchanges(vec![said.clone(), reply, found(Some(1), 2, 0.9)]);
        found.sort_by(|a, b| b.likely.total_cmp(&a.likely));
        let composed = quoted(Composed::default(), found, &[]);
        assert!(composed.cites(&said.citation), "{composed:?}");
    }

    proptest! {
        #[test]
        fn a_clause_that_may_answer_makes_an_answer_likelier(likely in vec(0.0_f32..=1.0, 0..40), more in BACKGROUND..=1.0) {
            let any = of_any(likely.iter().copied());
            let with = of_any(likely.iter().copied().chain([more]));
            prop_assert!((0.0..=1.0).contains(&any) && with >= any - 1e-6, "{} {}", any, with);
        }
    }
}
