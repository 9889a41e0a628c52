//! `get_deal`.

use std::fmt::Write as _;

use jiff::Timestamp;
use rmcp::schemars::{self, JsonSchema};
use serde::{Deserialize, Serialize};

use super::{deal_link, word};
use crate::access::{Act, Caller};
use crate::app::App;
use crate::domain::deal::{Deal, Source};
use crate::domain::handover::{Milestone, Question};
use crate::domain::ids::{DealId, UserId};
use crate::domain::scorecard::Scorecard;
use crate::error::Error;
use crate::handover;
use crate::mcp::quote::{NOTICE, Named};
use crate::mcp::tool::Told;
use crate::render::view::missing_line;
use crate::review::{self, CurrentDraft};
use crate::store::versions::{self, Version};
use crate::store::{Conn, milestones, sources, users};

pub(super) const NAME: &str = "get_deal";
pub(super) const TITLE: &str = "Read a deal";
pub(super) const ABOUT: &str = "How far a deal's handoff is: state, people, deadlines, scorecard, what is still missing, what to ask \
     next, its sources (for get_transcript), its final versions (for get_document) and the questions of customer success.";

/// Arguments of `get_deal`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// The deal's id.
    #[schemars(with = "String", example = &"deal_01981f2e7c3b7d4e8a5f6b1c2d3e4f50")]
    deal: DealId,
}

/// What `get_deal` answers.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Output {
    /// The deal's id.
    id: String,
    /// The deal's name.
    name: String,
    /// The account's id.
    account_id: String,
    /// The account's name.
    account: String,
    /// How far the handoff is.
    state: &'static str,
    /// The account executive's name.
    owner: Option<String>,
    /// The customer success manager's name.
    csm: Option<String>,
    /// The segment.
    segment: Option<String>,
    /// The amount with its currency.
    amount: Option<String>,
    /// When it was won; absent before.
    closed_at: Option<String>,
    /// Five questions that a receiving team asks, each answered by the record: clear, partial or unclear.
    scorecard: ScoreOut,
    /// Per cent of what a handoff answers that is answered.
    ready_percent: u8,
    /// What stands between the draft and its final version.
    missing: Vec<String>,
    /// What to ask on the next call, most consequential first.
    ask_next: Vec<String>,
    /// The steps of the handover with their deadlines.
    deadlines: Vec<DeadlineOut>,
    /// The files of the record.
    sources: Vec<SourceOut>,
    /// The final versions, oldest first.
    versions: Vec<VersionOut>,
    /// What customer success asked the account executive.
    questions: Vec<QuestionOut>,
    /// The deal's page.
    link: String,
    /// How to take the words of the record.
    notice: &'static str,
}

/// The scorecard.
#[derive(Debug, Serialize, JsonSchema)]
struct ScoreOut {
    /// Do we know why they bought now and what result matters most?
    customer_intent: &'static str,
    /// Do we know who pays, who pushes and who doubts?
    stakeholder_map: &'static str,
    /// Do we know what was committed, what is in scope and when?
    scope_and_expectations: &'static str,
    /// Do we know what could slow it down?
    implementation_risk: &'static str,
    /// Was it handed over well?
    transition: &'static str,
}

/// A step with its deadline.
#[derive(Debug, Serialize, JsonSchema)]
struct DeadlineOut {
    /// The step.
    label: String,
    /// When it is due.
    due_at: String,
    /// When it was done.
    done_at: Option<String>,
    /// Whether it is past and not done.
    overdue: bool,
}

/// A file of the record.
#[derive(Debug, Serialize, JsonSchema)]
struct SourceOut {
    /// Its id.
    id: String,
    /// Its file name.
    name: String,
    /// What it is; absent until it is read.
    kind: Option<&'static str>,
    /// queued, ready or failed.
    state: String,
    /// Why it could not be read.
    error: Option<String>,
}

/// A final version.
#[derive(Debug, Serialize, JsonSchema)]
struct VersionOut {
    /// Counts from 1.
    number: i64,
    /// When it was made final.
    created_at: String,
}

/// A question of customer success.
#[derive(Debug, Serialize, JsonSchema)]
struct QuestionOut {
    /// The question.
    question: String,
    /// The answer, once there is one.
    answer: Option<String>,
}

pub(super) async fn run(app: &App, caller: &Caller, input: Input) -> Result<Told<Output>, Error> {
    let CurrentDraft { deal, document, missing, readiness, .. } =
        review::current_draft(app, caller, &input.deal).await?;
    let mut conn = app.store.snapshot().await?;
    let account = caller.account(&mut conn, &deal.account_id, Act::SeeDeal).await?.name;
    let now = app.clock.now();
    let deadlines = milestones::list(&mut conn, &deal.id).await?.into_iter().map(|step| deadline(step, now)).collect();
    let questions = handover::questions(&mut conn, caller, &deal.id).await?;
    let deal_terms = deal.terms.clone();
    let output = Output {
        account,
        account_id: deal.account_id.to_string(),
        state: deal.state.as_str(),
        owner: name_of(&mut conn, &deal, deal.owner.as_ref()).await?,
        csm: name_of(&mut conn, &deal, deal.csm.as_ref()).await?,
        segment: deal_terms.segment,
        amount: deal_terms.amount.map(|amount| match deal_terms.currency {
            Some(currency) => format!("{currency} {amount}"),
            None => amount,
        }),
        closed_at: deal_terms.closed_at.map(|at| at.to_string()),
        scorecard: score(document.scorecard),
        ready_percent: readiness.percent,
        missing: missing.iter().map(missing_line).collect(),
        ask_next: readiness.gaps.into_iter().map(|gap| gap.question).collect(),
        deadlines,
        sources: sources::list(&mut conn, &deal.id).await?.into_iter().map(source).collect(),
        versions: versions::list(&mut conn, &deal.id).await?.iter().map(version).collect(),
        questions: questions.into_iter().map(question).collect(),
        link: deal_link(app, &deal.id),
        notice: NOTICE,
        id: deal.id.to_string(),
        name: deal.name,
    };
    let text = text(&output);
    Ok(Told::new(output, text))
}

async fn name_of(conn: &mut Conn, deal: &Deal, id: Option<&UserId>) -> Result<Option<String>, Error> {
    let Some(id) = id else { return Ok(None) };
    Ok(users::find(conn, &deal.tenant, id).await?.map(|user| user.name))
}

const fn score(card: Scorecard) -> ScoreOut {
    ScoreOut {
        customer_intent: card.customer_intent.as_str(),
        stakeholder_map: card.stakeholder_map.as_str(),
        scope_and_expectations: card.scope_and_expectations.as_str(),
        implementation_risk: card.implementation_risk.as_str(),
        transition: card.transition.as_str(),
    }
}

fn deadline(step: Milestone, now: Timestamp) -> DeadlineOut {
    DeadlineOut {
        overdue: step.done_at.is_none() && step.due_at < now,
        label: step.label,
        due_at: step.due_at.to_string(),
        done_at: step.done_at.map(|at| at.to_string()),
    }
}

fn source(source: Source) -> SourceOut {
    SourceOut {
        id: source.id.to_string(),
        name: source.name,
        kind: source.kind.map(crate::domain::transcript::SourceKind::as_str),
        state: word(&source.state),
        error: source.error,
    }
}

fn version(version: &Version) -> VersionOut {
    VersionOut { number: version.number, created_at: version.created_at.to_string() }
}

fn question(asked: Question) -> QuestionOut {
    QuestionOut { question: asked.question, answer: asked.answer }
}

fn text(deal: &Output) -> String {
    let mut text =
        format!("{} of {}: {}, {} % ready\n", Named(&deal.name), Named(&deal.account), deal.state, deal.ready_percent);
    let card = &deal.scorecard;
    for (label, answer) in [
        ("customer intent", card.customer_intent),
        ("stakeholder map", card.stakeholder_map),
        ("scope and expectations", card.scope_and_expectations),
        ("implementation risk", card.implementation_risk),
        ("transition", card.transition),
    ] {
        let _ = writeln!(text, "- {label}: {answer}");
    }
    lines(&mut text, "Missing", deal.missing.iter().map(|line| Named(line).to_string()));
    lines(&mut text, "Ask next", deal.ask_next.iter().map(|line| Named(line).to_string()));
    let due = |step: &DeadlineOut| {
        let done = step.done_at.as_ref().map(|at| format!("done {at}"));
        let state = done.unwrap_or_else(|| if step.overdue { "overdue".to_owned() } else { "open".to_owned() });
        format!("{}: due {}, {state}", Named(&step.label), step.due_at)
    };
    lines(&mut text, "Deadlines", deal.deadlines.iter().map(due));
    let file =
        |source: &SourceOut| format!("{} {}: {}", source.id, Named(&source.name), source.kind.unwrap_or(&source.state));
    lines(&mut text, "Sources", deal.sources.iter().map(file));
    lines(
        &mut text,
        "Final versions",
        deal.versions.iter().map(|v| format!("version {} of {}", v.number, v.created_at)),
    );
    let asked = |asked: &QuestionOut| match &asked.answer {
        Some(answer) => format!("{}: {}", Named(&asked.question), Named(answer)),
        None => format!("{}: not answered yet", Named(&asked.question)),
    };
    lines(&mut text, "Questions of customer success", deal.questions.iter().map(asked));
    let _ = write!(text, "\n{}\n{NOTICE}\n", deal.link);
    text
}

fn lines(text: &mut String, heading: &str, lines: impl Iterator<Item = String>) {
    for (at, line) in lines.enumerate() {
        if at == 0 {
            let _ = writeln!(text, "\n{heading}:");
        }
        let _ = writeln!(text, "- {line}");
    }
}
