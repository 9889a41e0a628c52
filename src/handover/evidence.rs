//! What customer success and the customer add to the record: questions with their answers, and corrections. Each becomes a
//! source, so that it can be cited like anything else that was said.

use jiff::Timestamp;
use serde_json::json;

use super::reading::is_about_notes;
use super::{checked_text, tell};
use crate::access::{Act, Caller};
use crate::app::App;
use crate::audit::{self, Change};
use crate::dna::{self, Occasion};
use crate::domain::deal::{Deal, DealState};
use crate::domain::field::Field;
use crate::domain::handover::{Correction, Question};
use crate::domain::ids::{CorrectionId, DealId, ItemId, QuestionId, SourceId};
use crate::domain::item::{Edit, EditAction, ItemState};
use crate::domain::transcript::{Said, Side, SourceKind, Transcript};
use crate::engine::QuoteRole;
use crate::error::Error;
use crate::ground::{Citation, SourceText};
use crate::hooks::event::EventKind;
use crate::intake::{Upload, checked_name, take_in};
use crate::store::items::StoredItem;
use crate::store::{Conn, citations, deals, handover, items, sources, transcripts};
use crate::transcript::parse;

/// Asks the account executive something that the record does not answer.
///
/// # Errors
///
/// [`Error::NotFound`] and [`Error::Forbidden`] after the caller's rights; [`Error::Invalid`] for an empty question.
pub async fn ask(
    app: &App,
    caller: &Caller,
    id: &DealId,
    field: Option<Field>,
    question: &str,
) -> Result<Question, Error> {
    let mut tx = app.store.write().await?;
    let deal = caller.deal(&mut tx, id, Act::Receive).await?;
    let question = Question {
        id: QuestionId::generate(),
        deal_id: id.clone(),
        field,
        question: checked_text("question", question)?,
        asked_by: caller.name.clone(),
        asked_at: app.clock.now(),
        answer: None,
        answered_by: None,
        answered_at: None,
        source_id: None,
    };
    handover::insert_question(&mut tx, &caller.tenant, &question).await?;
    let change = Change {
        action: "question.asked",
        subject: question.id.to_string(),
        deal: Some(id),
        after: Some(json!({"field": field, "question": logged(&question, &question.question)})),
        ..Change::default()
    };
    audit::record(&mut tx, caller, change, question.asked_at).await?;
    tell(app, &mut tx, &deal, EventKind::QuestionAsked, json!({"by": question.asked_by}), question.asked_at).await?;
    tx.commit().await?;
    app.wake_worker();
    Ok(question)
}

/// Answers a question; both become a source of the record, which everybody reads who sees the deal. What is about notes about
/// persons becomes none.
///
/// # Errors
///
/// [`Error::NotFound`] and [`Error::Forbidden`] after the caller's rights; [`Error::Conflict`] when it has an answer already.
pub async fn answer(app: &App, caller: &Caller, id: &QuestionId, answer: &str) -> Result<Question, Error> {
    let mut tx = app.store.write().await?;
    let gone = || Error::not_found("question", id);
    let question = handover::find_question(&mut tx, &caller.tenant, id).await?.ok_or_else(gone)?;
    let deal = match caller.deal(&mut tx, &question.deal_id, Act::Review).await {
        Err(Error::NotFound { .. }) => return Err(gone()),
        other => other?,
    };
    if question.answer.is_some() {
        return Err(Error::Conflict("this question has an answer already; ask a new one".to_owned()));
    }
    let answer = checked_text("answer", answer)?;
    let now = app.clock.now();
    let source = if is_about_notes(&question) {
        None
    } else {
        Some(clarification(app, caller, &mut tx, &deal, &question, &answer).await?)
    };
    handover::set_answer(&mut tx, id, &answer, &caller.name, now, source.as_ref()).await?;
    let change = Change {
        action: "question.answered",
        subject: id.to_string(),
        deal: Some(&deal.id),
        after: Some(json!({"answer": logged(&question, &answer), "source": source})),
        ..Change::default()
    };
    audit::record(&mut tx, caller, change, now).await?;
    tell(app, &mut tx, &deal, EventKind::QuestionAnswered, json!({"by": caller.name}), now).await?;
    let answered = handover::find_question(&mut tx, &caller.tenant, id).await?.ok_or_else(gone)?;
    tx.commit().await?;
    app.wake_worker();
    Ok(answered)
}

/// A question's words or its answer's, for the log; none where they are about notes about persons.
fn logged<'a>(question: &Question, words: &'a str) -> Option<&'a str> {
    (!is_about_notes(question)).then_some(words)
}

/// A question and its answer as a source.
async fn clarification(
    app: &App,
    caller: &Caller,
    conn: &mut Conn,
    deal: &Deal,
    question: &Question,
    answer: &str,
) -> Result<SourceId, Error> {
    let before = handover::questions(conn, &deal.id).await?.into_iter().take_while(|other| other.id != question.id);
    let name = format!("clarification-{}", before.count() + 1);
    let said = [
        Said { by: &question.asked_by, side: Side::Vendor, words: &question.question },
        Said { by: &caller.name, side: Side::Vendor, words: answer },
    ];
    said_to_source(app, caller, conn, deal, &name, &said).await.map(|(source, _)| source)
}

/// What the customer corrected.
#[derive(Debug, Clone)]
pub struct NewCorrection {
    /// The item it speaks against, where it is about one.
    pub item: Option<ItemId>,
    /// Who of the customer's side said it.
    pub said_by: String,
    /// Their words.
    pub words: String,
}

/// Takes in what the customer corrected on the read-back sheet. The words become a source; the item they speak against gets
/// them as counter-evidence and comes back for another decision.
///
/// # Errors
///
/// [`Error::NotFound`] and [`Error::Forbidden`] after the caller's rights; [`Error::Invalid`] for empty words.
pub async fn correct(app: &App, caller: &Caller, id: &DealId, new: NewCorrection) -> Result<Correction, Error> {
    let mut tx = app.store.write().await?;
    let deal = caller.deal(&mut tx, id, Act::Receive).await?;
    let said_by = checked_name("person", &new.said_by)?;
    let words = checked_text("correction", &new.words)?;
    let number = handover::corrections(&mut tx, id).await?.len() + 1;
    let name = format!("customer-correction-{number}");
    let said = [Said { by: &said_by, side: Side::Customer, words: &words }];
    let (source, transcript) = said_to_source(app, caller, &mut tx, &deal, &name, &said).await?;
    let now = app.clock.now();
    if let Some(item) = &new.item {
        let gone = || Error::not_found("item", item);
        let stored = caller.item(&mut tx, item, Act::Receive).await?;
        if stored.deal != *id {
            return Err(gone());
        }
        if stored.item.field().is_sensitive() {
            return Err(Error::Conflict(
                "notes about persons are on no sheet that a customer reads; record the words without the item"
                    .to_owned(),
            ));
        }
        let against = counter_evidence(&SourceText::new(Some(&source), &name, &transcript));
        speak_against(&mut tx, caller, &stored, &against, now).await?;
        deals::change(&mut tx, id, DealState::InReview).await?;
    }
    let correction = Correction {
        id: CorrectionId::generate(),
        deal_id: id.clone(),
        item_id: new.item,
        said_by,
        words,
        recorded_by: caller.name.clone(),
        at: now,
        source_id: source,
    };
    handover::insert_correction(&mut tx, &caller.tenant, &correction).await?;
    let change = Change {
        action: "correction.recorded",
        subject: correction.id.to_string(),
        deal: Some(id),
        after: Some(json!({"item": correction.item_id, "said_by": correction.said_by, "words": correction.words})),
        ..Change::default()
    };
    audit::record(&mut tx, caller, change, now).await?;
    tell(app, &mut tx, &deal, EventKind::CorrectionRecorded, json!({"by": caller.name}), now).await?;
    dna::keep(app, &mut tx, &deal, Occasion::Corrected).await?;
    tx.commit().await?;
    app.wake_worker();
    Ok(correction)
}

/// All the words of a source, as what speaks against something.
fn counter_evidence(text: &SourceText<'_>) -> Vec<Citation> {
    text.turns().iter().filter_map(|turn| text.cite(turn.index, &turn.text, QuoteRole::Counter).ok()).collect()
}

/// Adds the customer's words to an item as what speaks against it. It comes back for another decision; and as a person has
/// looked at it, no later draft throws it away.
async fn speak_against(
    conn: &mut Conn,
    caller: &Caller,
    stored: &StoredItem,
    against: &[Citation],
    now: Timestamp,
) -> Result<(), Error> {
    let item = &stored.item;
    let mut after = item.clone();
    after.state = ItemState::Drafted;
    after.decided_by.get_or_insert_with(|| caller.name.clone());
    items::update(conn, &after, now).await?;
    citations::add(conn, &item.id, against).await?;
    let edit = Edit {
        action: EditAction::Renew,
        actor: caller.name.clone(),
        at: now,
        before: Some(json!({"state": item.state})),
        after: Some(json!({"state": after.state})),
        reason: Some("the customer corrected it".to_owned()),
    };
    items::insert_edit(conn, &item.id, &edit).await?;
    let change = Change {
        action: "item.renewed",
        subject: item.id.to_string(),
        deal: Some(&stored.deal),
        before: edit.before,
        after: edit.after,
        reason: edit.reason,
    };
    audit::record(conn, caller, change, now).await
}

/// Keeps words as a source, one turn per person, readable at once; the worker puts it into the index.
async fn said_to_source(
    app: &App,
    caller: &Caller,
    conn: &mut Conn,
    deal: &Deal,
    name: &str,
    said: &[Said<'_>],
) -> Result<(SourceId, Transcript), Error> {
    let document = Transcript { started_at: Some(app.clock.now()), ..Transcript::of_words(SourceKind::Chat, said) };
    let document = serde_json::to_vec(&document).map_err(|error| Error::Internal(error.into()))?;
    // Read as the worker will read it: what is cited now has to stand there then.
    let transcript = parse(name, &document).map_err(|error| Error::Invalid(error.to_string()))?;
    let accepted =
        take_in(app, caller, conn, &deal.id, Upload { name: name.to_owned(), bytes: document }, None).await?;
    transcripts::replace(conn, &accepted.source.id, &transcript).await?;
    sources::set_ready(conn, &accepted.source.id, &transcript).await?;
    Ok((accepted.source.id, transcript))
}
