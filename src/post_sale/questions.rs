//! Questions that customer success asks although the customer had answered them before the sale.

use std::collections::BTreeSet;

use super::record::{Clause, Record};
use crate::domain::aftermath::Repeat;
use crate::domain::transcript::Side;
use crate::embed::{EmbedError, Embedder, cosine};
use crate::engine::local::modality::Modality;
use crate::engine::local::words::{Words, phrases};
use crate::reader::{Pair, Quoted, Reader};
use crate::reconcile::terms::{Stemmer, Term};
use crate::reconcile::values::values_in;

phrases! {
    /// Of a reply: it was said before.
    SAID_BEFORE = "went through that | been through that | told this already | already told | told you already | said that already | already said | \
        said so | i told | we told | i have said | i said this | i said that | we said that | as i said | like i said | third time | \
        second time | again and again | mentioned that | mentioned it | that is in the notes | told you this | told them this | \
        explained this | explained that | told that | already explained";
    /// Of a question: it asks for news, which nobody can have told before.
    NEWS = "now | today | this month | this week | last week | so far | these days | at the moment | currently | yet | still | since | \
        lately | recently | how did | how was | how is it | did you | have you | going | anybody | anyone | any more";
    /// No question of substance.
    IDLE = "can i ask | is it okay | is that okay | does that work | would it help | shall we | can you hear";
}

/// Content words that a question has at least.
const MIN_STEMS: usize = 2;
/// Earlier words that a question is compared with.
const NEAREST: usize = 24;
/// Clauses of a reply that are listened to.
const REPLY: usize = 4;

/// From this sum of the likenesses on, words are an earlier answer where the customer says that it was said before.
const TOLD: f32 = 1.2;
/// The same where only the answers themselves show it.
const SHOWN: f32 = 1.6;
/// What the answers have to share at least in words, where they are said to be the same, and where only they show it.
const SHARED: (f32, f32) = (0.2, 0.25);
/// Cosine of the two answers at least.
const SAME_ANSWER: f32 = 0.4;

/// What customer success asked, and what the customer answered.
struct Exchange<'r, 'a> {
    question: &'r Clause<'a>,
    reply: String,
    /// What the reply is about.
    terms: BTreeSet<Term>,
    /// Whether the reply says that it was said before.
    said_before: bool,
    /// Whether the question asks for news.
    news: bool,
}

/// How many questions the vendor's side asked after the sale, and those that the customer had answered before it.
pub(super) async fn repeats(
    embedder: &dyn Embedder,
    reader: &Reader,
    stemmer: &Stemmer,
    record: &Record<'_>,
) -> Result<(usize, Vec<Repeat>), EmbedError> {
    let exchanges = exchanges(record, stemmer);
    let told: Vec<&Clause<'_>> =
        record.sale.iter().filter(|clause| clause.side == Side::Customer && !is_question(clause)).collect();
    let mut repeats = Vec::new();
    for exchange in exchanges.iter().filter(|exchange| exchange.said_before || !exchange.news) {
        let near = exchange.nearest(record, &told);
        let answer = exchange.answer(embedder, reader, stemmer, &near).await?;
        let cited = answer.and_then(|answer| Some((exchange.question.cite()?, answer.cite()?)));
        repeats.extend(cited.map(|(question, answer)| Repeat { question, answer }));
    }
    Ok((exchanges.len(), repeats))
}

/// An earlier clause of the customer's, and how far its words are those of the question and of the reply.
struct Near<'r, 'a> {
    clause: &'r Clause<'a>,
    asked: f32,
    replied: f32,
}

impl Exchange<'_, '_> {
    /// What the customer had said that shares most words with question and reply.
    fn nearest<'r, 'a>(&self, record: &Record<'_>, told: &[&'r Clause<'a>]) -> Vec<Near<'r, 'a>> {
        let near = |clause: &&'r Clause<'a>| {
            let with: BTreeSet<Term> = clause.terms.union(&clause.around).copied().collect();
            let asked = record.rarity.overlap(&self.question.terms, &with);
            Near { clause, asked, replied: record.rarity.overlap(&self.terms, &clause.terms) }
        };
        let mut near: Vec<Near<'r, 'a>> = told.iter().map(near).collect();
        near.sort_by(|a, b| (b.asked + b.replied).total_cmp(&(a.asked + a.replied)));
        near.truncate(NEAREST);
        near
    }

    /// The clause among `near` that answers the question already, where one does.
    async fn answer<'r, 'a>(
        &self,
        embedder: &dyn Embedder,
        reader: &Reader,
        stemmer: &Stemmer,
        near: &[Near<'r, 'a>],
    ) -> Result<Option<&'r Clause<'a>>, EmbedError> {
        let contexts: Vec<String> = near.iter().map(|one| one.clause.in_context()).collect();
        let mut texts = vec![self.question.text, self.reply.as_str()];
        texts.extend(near.iter().map(|one| one.clause.text));
        texts.extend(contexts.iter().map(String::as_str));
        let vectors = embedder.embed(&texts).await?;
        let (alone, in_context) = vectors[2..].split_at(near.len());
        let likeness = |place: usize| {
            let one = &near[place];
            let asked = f32::max(cosine(&vectors[0], &alone[place]), cosine(&vectors[0], &in_context[place]));
            (one.asked + one.replied + asked + cosine(&vectors[1], &alone[place]), place)
        };
        let same_answer = |place: &usize| {
            let least = if self.said_before { SHARED.0 } else { SHARED.1 };
            near[*place].replied >= least && cosine(&vectors[1], &alone[*place]) >= SAME_ANSWER
        };
        let likest = (0..near.len()).filter(same_answer).map(likeness).max_by(|a, b| a.0.total_cmp(&b.0));
        let Some((likeness, place)) = likest else { return Ok(None) };
        let clause = near[place].clause;
        let enough = if self.said_before {
            likeness >= TOLD
        } else {
            // Without the customer's word both sides have to share something, and no other value may be told now.
            likeness >= SHOWN && near[place].asked >= SHARED.1 && !self.differs(reader, stemmer, clause).await?
        };
        Ok(enough.then_some(clause))
    }

    /// Whether the reply tells something else than the earlier clause: then there was news to ask for.
    async fn differs(&self, reader: &Reader, stemmer: &Stemmer, clause: &Clause<'_>) -> Result<bool, EmbedError> {
        let reply = values_in(&self.reply, self.question.day, stemmer);
        let earlier = values_in(clause.text, clause.day, stemmer);
        if earlier.iter().any(|own| reply.iter().any(|other| other.same(own))) {
            return Ok(false);
        }
        let quote = Quoted { before: self.question.text.to_owned(), quote: self.reply.clone(), side: Side::Customer };
        let relations = reader.compare(&[Pair::Later(clause.as_quoted(), quote)]).await?;
        Ok(!reply.is_empty() && !earlier.is_empty() || relations.iter().any(|one| one.differs > one.agrees))
    }
}

/// The questions of the vendor's side that the customer answered.
fn exchanges<'r, 'a>(record: &'r Record<'a>, stemmer: &Stemmer) -> Vec<Exchange<'r, 'a>> {
    let asked =
        record.after.iter().enumerate().filter(|(_, clause)| clause.side == Side::Vendor && is_question(clause));
    let exchange = |(place, question): (usize, &'r Clause<'a>)| {
        let behind = record.after[place + 1..].iter();
        let reply: Vec<&str> = behind
            .take_while(|clause| std::ptr::eq(clause.source, question.source))
            .skip_while(|clause| clause.turn == question.turn)
            .take_while(|clause| clause.side != Side::Vendor)
            .take(REPLY)
            .map(|clause| clause.text)
            .collect();
        let reply = reply.join(" ");
        let idle = question.words.any(&IDLE) || stemmer.stems(question.text).len() < MIN_STEMS;
        (!idle && !reply.is_empty()).then(|| Exchange {
            question,
            terms: stemmer.terms(&reply),
            said_before: Words::of(&reply).any(&SAID_BEFORE),
            news: question.words.any(&NEWS),
            reply,
        })
    };
    asked.filter_map(exchange).collect()
}

fn is_question(clause: &Clause<'_>) -> bool {
    clause.text.trim_end().ends_with('?') || Modality::of(clause.text, &clause.words).question
}
