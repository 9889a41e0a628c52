//! A deal at a glance: its record, what is missing, who has it, until when.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Html;
use jiff::Timestamp;
use serde::Serialize;

use super::deal_head::DealHead;
use super::deals::known_segments;
use super::pictures::{PictureView, pictures};
use super::shell::{Failed, Place, Visitor};
use super::source::{source_state, word};
use super::words::{Choice, Deadline, day, deadline, moment_of, name_of, people};
use crate::access::{Act, Caller};
use crate::app::App;
use crate::audit;
use crate::domain::deal::{Deal, DealState, Source, SourceState};
use crate::domain::handoff::Missing;
use crate::domain::handover::Milestone;
use crate::domain::ids::DealId;
use crate::domain::policy::{SlaPolicies, Step};
use crate::domain::user::{Role, User};
use crate::error::Error;
use crate::handover::SLA_POLICIES;
use crate::http::extract::Path;
use crate::render::view::{ScoreView, in_words, scores};
use crate::review::{self, CurrentDraft, readiness};
use crate::store::{Conn, audit as log, milestones, settings, sources, users};

/// Entries of the history that are shown.
const HISTORY: u32 = 40;
/// Minutes that one item takes to decide, for the estimate.
const SECONDS_PER_ITEM: usize = 10;

#[derive(Serialize)]
struct DealPage {
    deal: DealHead,
    completeness: u8,
    next_step: NextStep,
    can: Can,
    upload_limit: String,
    sources: Vec<SourceLine>,
    gaps: Vec<Gap>,
    pictures: Vec<PictureView>,
    people: Vec<PersonLine>,
    assign: Assign,
    milestones: Vec<StepLine>,
    policy_name: String,
    scorecard: Vec<ScoreView>,
    history: Vec<HistoryLine>,
}

#[derive(Serialize)]
struct NextStep {
    title: String,
    text: String,
    url: Option<String>,
    action: &'static str,
    close_deal: bool,
    redraft: bool,
}

#[derive(Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a right of its own, for the template")]
struct Can {
    upload: bool,
    edit: bool,
    milestones: bool,
    assign: bool,
}

#[derive(Serialize)]
struct SourceLine {
    id: String,
    name: String,
    state: SourceState,
    state_label: &'static str,
    about: String,
    error: Option<String>,
}

#[derive(Serialize)]
struct Gap {
    heading: &'static str,
    status: String,
    question: Option<String>,
}

/// Somebody's part in the deal.
#[derive(Serialize)]
pub(super) struct PersonLine {
    pub(super) role_label: &'static str,
    pub(super) name: Option<String>,
}

#[derive(Serialize)]
struct Assign {
    owner_id: String,
    csm_id: String,
    segment: String,
    owners: Vec<Choice>,
    csms: Vec<Choice>,
    segments: Vec<Choice>,
    rule: Option<String>,
}

#[derive(Serialize)]
struct StepLine {
    step: Step,
    label: String,
    done: bool,
    by_hand: bool,
    done_label: Option<String>,
    deadline: Option<Deadline>,
}

#[derive(Serialize)]
struct HistoryLine {
    what: String,
    who: String,
    when: String,
}

pub(super) async fn page(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(id): Path<DealId>,
) -> Result<Html<String>, Failed> {
    let caller = &visitor.caller;
    let current = review::current_draft(&app, caller, &id).await?;
    let mut conn = app.store.snapshot().await.map_err(Error::from)?;
    let head = DealHead::read(&app, &mut conn, caller, &current.deal).await?;
    let sources = sources::list(&mut conn, &id).await.map_err(Error::from)?;
    let steps = milestones::list(&mut conn, &id).await.map_err(Error::from)?;
    let known = users::list(&mut conn, &caller.tenant).await.map_err(Error::from)?;
    let can = can(caller, &current.deal);
    let page = DealPage {
        completeness: current.readiness.percent,
        next_step: next_step(&current, &head, &can, sources.len()),
        upload_limit: format!("{} MB", app.settings.server.max_upload_bytes / (1024 * 1024)),
        gaps: gaps(&current),
        pictures: pictures(&mut conn, &current, &sources).await?,
        people: people_lines(&current.deal, &known),
        assign: assign(&mut conn, &visitor, &current.deal, &known).await?,
        milestones: step_lines(&steps, app.clock.now()),
        policy_name: policy_name(&mut conn, &current.deal).await?,
        scorecard: scores(current.document.scorecard),
        history: history(&mut conn, &current.deal).await?,
        sources: sources.iter().map(|source| source_line(source, app.clock.now())).collect(),
        can,
        deal: head,
    };
    let title = page.deal.account.clone();
    Ok(visitor.page("pages/deal.html", &title, Place::Deals(Some("overview")), page)?)
}

fn can(caller: &Caller, deal: &Deal) -> Can {
    Can {
        upload: caller.may_with(Act::Collect, deal),
        edit: caller.may_with(Act::Review, deal),
        milestones: caller.may_with(Act::MarkStep, deal),
        assign: caller.may_with(Act::Assign, deal),
    }
}

fn next_step(current: &CurrentDraft, head: &DealHead, can: &Can, sources: usize) -> NextStep {
    let url = |page: &str| Some(format!("/deals/{}/{page}", head.id));
    let step = |title: &str, text: String, url: Option<String>, action: &'static str| NextStep {
        title: title.to_owned(),
        text,
        url,
        action,
        close_deal: can.assign && !head.closed,
        redraft: can.upload && sources > 0,
    };
    let undecided = head.undecided;
    match current.deal.state {
        DealState::Collecting => step(
            "Add what was said and written",
            "Drop the calls, mails, notes and the order form below; a draft follows by itself.".to_owned(),
            None,
            "",
        ),
        DealState::Drafted | DealState::InReview | DealState::Returned if can.edit && undecided > 0 => {
            let minutes = (undecided * SECONDS_PER_ITEM).div_ceil(60);
            let text =
                format!("{undecided} of {} items wait for your word. About {minutes} min.", current.stored.len());
            step("Review the draft", text, url("review"), "Go on with the review")
        }
        DealState::Drafted | DealState::InReview | DealState::Returned if can.edit => {
            let text = match current.missing.len() {
                0 => "Everything is decided.".to_owned(),
                n => format!("{n} things are still missing before it can be final."),
            };
            step("Make it final", text, url("review"), "Open the review")
        }
        DealState::Drafted | DealState::InReview | DealState::Returned => {
            let text = format!(
                "{} of {} items are decided.",
                current.stored.len().saturating_sub(undecided),
                current.stored.len()
            );
            step("In review with its account executive", text, url("review"), "Look at the draft")
        }
        DealState::Finalized => step(
            "Waiting for customer success",
            "The handoff is final; customer success accepts it, or says what is missing.".to_owned(),
            url("handover"),
            "Open the handover",
        ),
        DealState::Accepted => {
            let text = match undecided {
                0 => "Customer success has it.".to_owned(),
                n => format!("{n} findings came since; deciding on them begins an amendment."),
            };
            step("Handed over", text, url("handover"), "Open the handover")
        }
    }
}

/// Before the deal is won, what to ask on the next call; afterwards, what stands between it and the final version.
fn gaps(current: &CurrentDraft) -> Vec<Gap> {
    if current.deal.terms.closed_at.is_none() {
        let gap = |gap: &readiness::Gap| Gap {
            heading: gap.field.heading(),
            status: gap.status.to_owned(),
            question: Some(gap.question.clone()),
        };
        return current.readiness.gaps.iter().map(gap).collect();
    }
    let gap = |missing: &Missing| match missing {
        Missing::Field { field, drafted } => Some(Gap {
            heading: field.heading(),
            status: match drafted {
                0 => "nothing in the record".to_owned(),
                n => format!("{n} drafted, none approved"),
            },
            question: field.question().filter(|_| *drafted == 0).map(str::to_owned),
        }),
        _ => None,
    };
    current.missing.iter().filter_map(gap).collect()
}

/// Who sells and who receives.
pub(super) fn people_lines(deal: &Deal, known: &[User]) -> Vec<PersonLine> {
    vec![
        PersonLine { role_label: "Owner", name: name_of(known, deal.owner.as_ref()) },
        PersonLine { role_label: "Customer success", name: name_of(known, deal.csm.as_ref()) },
    ]
}

async fn assign(conn: &mut Conn, visitor: &Visitor, deal: &Deal, known: &[User]) -> Result<Assign, Error> {
    let text = |value: Option<String>| value.unwrap_or_default();
    Ok(Assign {
        owner_id: text(deal.owner.as_ref().map(ToString::to_string)),
        csm_id: text(deal.csm.as_ref().map(ToString::to_string)),
        segment: text(deal.terms.segment.clone()),
        owners: people(known, &[Role::Ae, Role::Leader, Role::Admin]),
        csms: people(known, &[Role::Csm, Role::Admin]),
        segments: known_segments(conn, visitor).await?,
        rule: None,
    })
}

fn step_lines(steps: &[Milestone], now: Timestamp) -> Vec<StepLine> {
    let line = |step: &Milestone| StepLine {
        step: step.step,
        label: step.label.clone(),
        done: step.done_at.is_some(),
        by_hand: step.step.is_marked_by_hand(),
        done_label: step.done_at.map(|at| {
            let by = step.done_by.as_ref().map(|by| format!(" by {by}")).unwrap_or_default();
            format!("Done {}{by}", day(at))
        }),
        deadline: step.done_at.is_none().then(|| Deadline { label: String::new(), ..deadline(step, now) }),
    };
    steps.iter().map(line).collect()
}

async fn policy_name(conn: &mut Conn, deal: &Deal) -> Result<String, Error> {
    let policies: SlaPolicies = settings::get(conn, &deal.tenant, SLA_POLICIES).await?;
    Ok(policies.of_segment(deal.terms.segment.as_deref()).map(|policy| policy.name.clone()).unwrap_or_default())
}

fn source_line(source: &Source, now: Timestamp) -> SourceLine {
    let minutes = now.duration_since(source.created_at).as_mins();
    let uploaded = if minutes < 60 { format!("uploaded {} min ago", minutes.max(0)) } else { day(source.created_at) };
    let about = match source.kind {
        Some(kind) => format!("{} · {uploaded}", in_words(&word(&kind)).to_lowercase()),
        None => uploaded,
    };
    SourceLine {
        id: source.id.to_string(),
        name: source.name.clone(),
        state: source.state,
        state_label: source_state(source.state),
        about,
        error: source.error.clone(),
    }
}

/// What happened to the deal, newest first; the same thing done many times in a row is one line.
async fn history(conn: &mut Conn, deal: &Deal) -> Result<Vec<HistoryLine>, Error> {
    let mut lines: Vec<(String, String, usize, Timestamp)> = Vec::new();
    for stored in log::newest(conn, &deal.tenant, Some(&deal.id), None, HISTORY).await? {
        let entry = audit::shown(stored)?.entry;
        match lines.last_mut() {
            Some((action, actor, times, _)) if *action == entry.action && *actor == entry.actor => *times += 1,
            _ => lines.push((entry.action, entry.actor, 1, entry.at)),
        }
    }
    let line = |(action, who, times, at): (String, String, usize, Timestamp)| HistoryLine {
        what: told(&action, times),
        who,
        when: moment_of(at),
    };
    Ok(lines.into_iter().map(line).collect())
}

/// `item.approved`, 12 times, as `Approved 12 items`.
fn told(action: &str, times: usize) -> String {
    let (noun, verb) = action.split_once('.').unwrap_or((action, "changed"));
    let (noun, verb) = (noun.replace('_', " "), in_words(verb));
    match times {
        _ if noun == "deal" => format!("{verb} the deal"),
        1 => format!("{verb} {} {noun}", if noun.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" }),
        n => format!("{verb} {n} {noun}s"),
    }
}
