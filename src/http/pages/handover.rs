//! The handover: the final version with its documents, what customer success says of it, and what came after.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Html;
use serde::Serialize;

use super::after::{CheckInView, RepeatsView, check_ins, repeats};
use super::deal::{PersonLine, people_lines};
use super::deal_head::DealHead;
use super::shell::{Failed, Place, Visitor};
use super::words::{FieldChoice, day, fields, moment_of};
use crate::access::{Act, Caller};
use crate::app::App;
use crate::documents::DocumentKind;
use crate::domain::deal::{Deal, DealState};
use crate::domain::field::Field;
use crate::domain::handover::{Question, ReasonCode, Receipt, Verdict};
use crate::domain::ids::DealId;
use crate::domain::item::ItemState;
use crate::domain::record::HandoffRecord;
use crate::error::Error;
use crate::handover as use_case;
use crate::http::extract::Path;
use crate::render::view::missing_line;
use crate::store::versions::Version;
use crate::store::{Conn, handover, items, milestones, users, versions};

/// Characters of a statement in a list of choices.
const CHOICE_CHARS: usize = 90;

#[derive(Serialize)]
struct HandoverPage {
    deal: DealHead,
    can: Can,
    acceptance: Acceptance,
    version: Option<VersionView>,
    waiting_for: String,
    documents: Vec<DocumentLine>,
    questions: Vec<QuestionLine>,
    corrections: Vec<CorrectionLine>,
    check_ins: Vec<CheckInView>,
    repeats: Option<RepeatsView>,
    versions: Vec<VersionLine>,
    people: Vec<PersonLine>,
    fields: Vec<FieldChoice>,
    items: Vec<ItemChoice>,
}

#[derive(Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a right of its own, for the template")]
struct Can {
    accept: bool,
    ask: bool,
    answer: bool,
    correct: bool,
    check_in: bool,
}

#[derive(Serialize)]
struct Acceptance {
    state: DealState,
    state_label: &'static str,
    title: &'static str,
    text: Option<String>,
    comment: Option<String>,
    by: Option<String>,
    when: Option<String>,
    reasons: Vec<ReasonLine>,
}

#[derive(Serialize)]
struct ReasonLine {
    heading: &'static str,
    code_label: &'static str,
    note: Option<String>,
}

#[derive(Serialize)]
struct VersionView {
    id: String,
    number: i64,
    finalized_by: String,
    finalized_at: String,
    content_hash: String,
    override_reason: Option<String>,
    missing: Vec<String>,
}

#[derive(Serialize)]
struct DocumentLine {
    slug: &'static str,
    title: &'static str,
    about: &'static str,
    url: String,
    copy_url: String,
    download_url: String,
}

#[derive(Serialize)]
struct QuestionLine {
    id: String,
    text: String,
    heading: Option<&'static str>,
    by: String,
    when: String,
    answer: Option<String>,
    answered_by: Option<String>,
    answered_when: Option<String>,
}

#[derive(Serialize)]
struct CorrectionLine {
    text: String,
    said_by: String,
    heading: Option<&'static str>,
    by: String,
    when: String,
}

#[derive(Serialize)]
struct VersionLine {
    number: i64,
    url: String,
    about: String,
    current: bool,
    compare_url: Option<String>,
}

#[derive(Serialize)]
struct ItemChoice {
    id: String,
    statement: String,
}

pub(super) async fn page(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(id): Path<DealId>,
) -> Result<Html<String>, Failed> {
    let caller = &visitor.caller;
    let mut conn = app.store.snapshot().await.map_err(Error::from)?;
    let deal = caller.deal(&mut conn, &id, Act::SeeDeal).await?;
    let head = DealHead::read(&app, &mut conn, caller, &deal).await?;
    let known = users::list(&mut conn, &caller.tenant).await.map_err(Error::from)?;
    let steps = milestones::list(&mut conn, &id).await.map_err(Error::from)?;
    let kept = versions::list(&mut conn, &id).await.map_err(Error::from)?;
    let receipts = use_case::receipts(&mut conn, caller, &id).await?;
    let people = people_lines(&deal, &known);
    let sees_sensitive = caller.may_with(Act::SeeSensitive, &deal);
    let can = can(caller, &deal);
    let page = HandoverPage {
        acceptance: acceptance(&deal, &receipts, &can),
        waiting_for: waiting_for(&people, &head),
        documents: kept.last().map(|version| documents(&id, version)).unwrap_or_default(),
        questions: questions(&mut conn, caller, &id).await?,
        corrections: corrections(&mut conn, &id, sees_sensitive).await?,
        check_ins: check_ins(&mut conn, &deal, &steps, app.clock.now()).await?,
        repeats: repeats(&mut conn, &id).await?,
        versions: kept.iter().rev().map(|version| version_line(&id, version, &kept, &receipts)).collect(),
        version: kept.last().map(|version| version_view(version, sees_sensitive)).transpose()?,
        fields: fields(sees_sensitive),
        items: if can.correct { approved(&mut conn, &id).await? } else { Vec::new() },
        people,
        can,
        deal: head,
    };
    let title = format!("Handover: {}", page.deal.account);
    Ok(visitor.page("pages/handover.html", &title, Place::Deals(Some("handover")), page)?)
}

fn can(caller: &Caller, deal: &Deal) -> Can {
    let receives = caller.may_with(Act::Receive, deal);
    Can {
        accept: receives && deal.state == DealState::Finalized,
        ask: receives,
        answer: caller.may_with(Act::Review, deal),
        correct: receives,
        check_in: receives,
    }
}

fn acceptance(deal: &Deal, receipts: &[Receipt], can: &Can) -> Acceptance {
    let last = receipts.last().filter(|_| matches!(deal.state, DealState::Accepted | DealState::Returned));
    let (state_label, text) = match (deal.state, last) {
        (DealState::Finalized, _) if can.accept => {
            ("waiting for you", Some("Read the brief, then say whether you can work from it.".to_owned()))
        }
        (DealState::Finalized, _) => ("waiting for customer success", None),
        (_, Some(Receipt { verdict: Verdict::Accepted, rating, .. })) => {
            ("accepted", Some(format!("Rated {rating} of 5.")))
        }
        (_, Some(Receipt { verdict: Verdict::Returned, rating, .. })) => (
            "returned",
            Some(format!("Rated {rating} of 5. Answer below, change the draft, and finalize the next version.")),
        ),
        _ => ("being amended", Some("Something changed since this version; the next one is on its way.".to_owned())),
    };
    let reasons = last.map(|receipt| receipt.reasons.as_slice()).unwrap_or_default();
    Acceptance {
        state: deal.state,
        state_label,
        title: "Acceptance",
        text,
        comment: last.and_then(|receipt| receipt.comment.clone()),
        by: last.map(|receipt| receipt.by.clone()),
        when: last.map(|receipt| day(receipt.at)),
        reasons: reasons
            .iter()
            .map(|reason| ReasonLine {
                heading: reason.field.heading(),
                code_label: code_label(reason.code),
                note: reason.note.clone(),
            })
            .collect(),
    }
}

const fn code_label(code: ReasonCode) -> &'static str {
    match code {
        ReasonCode::Missing => "missing",
        ReasonCode::Unclear => "unclear",
        ReasonCode::Wrong => "wrong",
    }
}

fn waiting_for(people: &[PersonLine], head: &DealHead) -> String {
    let owner = people.first().and_then(|person| person.name.clone()).unwrap_or_else(|| "Somebody".to_owned());
    let due = head.deadline.as_ref().map(|d| format!(" {}: {}.", d.label, d.clock)).unwrap_or_default();
    match head.state {
        DealState::Collecting => format!("The record is still being collected.{due}"),
        _ => format!("{owner} is reviewing the draft.{due}"),
    }
}

fn version_view(version: &Version, sees_sensitive: bool) -> Result<VersionView, Error> {
    let record = HandoffRecord::read(&version.document).map_err(|error| Error::Internal(error.into()))?;
    let shown = record.missing.iter().filter(|m| sees_sensitive || !m.field().is_some_and(Field::is_sensitive));
    Ok(VersionView {
        id: version.id.to_string(),
        number: version.number,
        finalized_by: record.finalized_by.clone(),
        finalized_at: moment_of(version.created_at),
        content_hash: version.content_hash.clone(),
        override_reason: record.override_reason.clone(),
        missing: shown.map(missing_line).collect(),
    })
}

/// The address of a version's page.
pub(super) fn version_url(deal: &DealId, number: i64, page: &str) -> String {
    format!("/deals/{deal}/versions/{number}/{page}")
}

fn documents(deal: &DealId, version: &Version) -> Vec<DocumentLine> {
    let line = |kind: DocumentKind| {
        let download_url = format!("/v1/versions/{}/documents/{kind}", version.id);
        DocumentLine {
            slug: kind.as_str(),
            title: kind.title(),
            about: about(kind),
            url: version_url(deal, version.number, kind.as_str()),
            copy_url: download_url.clone(),
            download_url,
        }
    };
    DocumentKind::ALL.into_iter().map(line).collect()
}

/// What a document is for.
const fn about(kind: DocumentKind) -> &'static str {
    match kind {
        DocumentKind::Brief => "one to two pages, for whoever takes over",
        DocumentKind::Full => "everything that was approved, with every citation",
        DocumentKind::Agenda => "the internal meeting, filled in",
        DocumentKind::Introduction => "to send to the customer",
        DocumentKind::ReadBack => "for the customer to correct; nothing internal in it",
        DocumentKind::Kickoff => "what to prepare before the first call",
        DocumentKind::SuccessPlan => "the first ninety days, to be agreed on",
        DocumentKind::ClientDna => "who the customer is, as this version says it",
        DocumentKind::Crm => "properties for the CRM, through the mapping file",
        DocumentKind::Json => "the very bytes that are hashed",
    }
}

fn version_line(deal: &DealId, version: &Version, all: &[Version], receipts: &[Receipt]) -> VersionLine {
    let finalized_by = HandoffRecord::read(&version.document).map(|record| record.finalized_by).unwrap_or_default();
    let said = receipts.iter().rfind(|receipt| receipt.version_id == version.id);
    VersionLine {
        number: version.number,
        url: version_url(deal, version.number, DocumentKind::Brief.as_str()),
        about: format!("{}, {finalized_by}", day(version.created_at)) + &said.map(verdict).unwrap_or_default(),
        current: all.last().is_some_and(|last| last.number == version.number),
        compare_url: (version.number > 1).then(|| version_url(deal, version.number, "changes")),
    }
}

/// `; returned by Priya Raman, rated 2 of 5`.
fn verdict(receipt: &Receipt) -> String {
    let verb = match receipt.verdict {
        Verdict::Accepted => "accepted",
        Verdict::Returned => "returned",
    };
    format!("; {verb} by {}, rated {} of 5", receipt.by, receipt.rating)
}

async fn questions(conn: &mut Conn, caller: &Caller, deal: &DealId) -> Result<Vec<QuestionLine>, Error> {
    let line = |question: Question| QuestionLine {
        id: question.id.to_string(),
        text: question.question,
        heading: question.field.map(Field::heading),
        by: question.asked_by,
        when: day(question.asked_at),
        answer: question.answer,
        answered_by: question.answered_by,
        answered_when: question.answered_at.map(day),
    };
    Ok(use_case::questions(conn, caller, deal).await?.into_iter().map(line).collect())
}

async fn corrections(conn: &mut Conn, deal: &DealId, sees_sensitive: bool) -> Result<Vec<CorrectionLine>, Error> {
    let known = items::list(conn, deal).await?;
    let mut lines = Vec::new();
    for correction in handover::corrections(conn, deal).await? {
        let about = correction.item_id.as_ref().and_then(|id| known.iter().find(|stored| stored.item.id == *id));
        let field = about.map(|stored| stored.item.field());
        if !sees_sensitive && field.is_some_and(Field::is_sensitive) {
            continue;
        }
        lines.push(CorrectionLine {
            text: correction.words,
            said_by: correction.said_by,
            heading: field.map(Field::heading),
            by: correction.recorded_by,
            when: day(correction.at),
        });
    }
    Ok(lines)
}

/// The approved items that the customer may have read, for a correction to be set against one of them.
async fn approved(conn: &mut Conn, deal: &DealId) -> Result<Vec<ItemChoice>, Error> {
    let known = items::list(conn, deal).await?.into_iter().map(|stored| stored.item);
    let shown = known.filter(|item| item.state == ItemState::Approved && !item.field().is_sensitive());
    let choice = |item: crate::domain::item::Item| {
        let statement: String = item.statement.chars().take(CHOICE_CHARS).collect();
        ItemChoice { id: item.id.to_string(), statement: format!("{}: {statement}", item.field().short()) }
    };
    Ok(shown.map(choice).collect())
}
