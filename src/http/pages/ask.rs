//! Asking the record: a question box over a deal, an account or everything, and the answers that were kept.

mod answer;

use std::sync::Arc;

use axum::extract::State;
use axum::response::Html;
use serde::Serialize;

use self::answer::AnswerView;
use super::deal_head::DealHead;
use super::shell::{Failed, Place, Visitor, fragment};
use crate::access::Act;
use crate::app::App;
use crate::ask::ahead::COMMON;
use crate::ask::kept::{self, KeptAnswer};
use crate::ask::record::Over;
use crate::domain::ids::{AccountId, AnswerId, DealId};
use crate::error::Error;
use crate::http::extract::Path;
use crate::store::Conn;

/// Questions over several deals.
const OF_SEVERAL: &[&str] =
    &["What did we promise that is not in the contract?", "What worried them?", "Which risks are there?"];

#[derive(Serialize)]
struct AskPage {
    /// Of a deal: its head.
    deal: Option<DealHead>,
    account: Option<AccountView>,
    /// The question box; none on the page of one answer.
    asks: Option<AskBox>,
    answers: Vec<AnswerView>,
}

#[derive(Serialize)]
struct AccountView {
    id: String,
    name: String,
}

#[derive(Serialize)]
struct AskBox {
    label: &'static str,
    /// Where questions are sent.
    url: String,
    examples: &'static [&'static str],
}

#[derive(Serialize)]
struct AnswerCard {
    answer: AnswerView,
}

pub(super) async fn of_deal(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(id): Path<DealId>,
) -> Result<Html<String>, Failed> {
    let asks = AskBox { label: "Ask about this deal", url: format!("/v1/deals/{id}/ask"), examples: &COMMON };
    kept_page(&app, &visitor, Over::Deal(id), asks).await
}

pub(super) async fn of_account(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(id): Path<AccountId>,
) -> Result<Html<String>, Failed> {
    let label = "Ask about all deals of this account that you may see";
    let asks = AskBox { label, url: format!("/v1/accounts/{id}/ask"), examples: OF_SEVERAL };
    kept_page(&app, &visitor, Over::Account(id), asks).await
}

pub(super) async fn of_everything(State(app): State<Arc<App>>, visitor: Visitor) -> Result<Html<String>, Failed> {
    let asks =
        AskBox { label: "Ask about every deal that you may see", url: "/v1/ask".to_owned(), examples: OF_SEVERAL };
    kept_page(&app, &visitor, Over::All, asks).await
}

/// The question box with the answers kept so far, the newest of them unfolded.
async fn kept_page(app: &App, visitor: &Visitor, over: Over, asks: AskBox) -> Result<Html<String>, Failed> {
    let listed = kept::list(app, &visitor.caller, &over).await?;
    let mut conn = app.store.snapshot().await.map_err(Error::from)?;
    let mut answers = answer::views(&mut conn, &visitor.caller, listed, over == Over::All).await?;
    if let Some(newest) = answers.first_mut() {
        newest.unfold();
    }
    page(app, visitor, &mut conn, &over, AskPage { deal: None, account: None, asks: Some(asks), answers }).await
}

/// One kept answer: the address that is shared.
pub(super) async fn one(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(id): Path<AnswerId>,
) -> Result<Html<String>, Failed> {
    let kept = kept::read(&app, &visitor.caller, &id).await?;
    let over = over(&kept);
    let mut conn = app.store.snapshot().await.map_err(Error::from)?;
    let mut answers = answer::views(&mut conn, &visitor.caller, vec![kept], over == Over::All).await?;
    answers.iter_mut().for_each(AnswerView::unfold);
    page(&app, &visitor, &mut conn, &over, AskPage { deal: None, account: None, asks: None, answers }).await
}

/// One kept answer alone, for the script that asked.
pub(super) async fn card(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(id): Path<AnswerId>,
) -> Result<Html<String>, Failed> {
    let kept = kept::read(&app, &visitor.caller, &id).await?;
    let mut conn = app.store.snapshot().await.map_err(Error::from)?;
    let views = answer::views(&mut conn, &visitor.caller, vec![kept], false).await?;
    let mut answer = views.into_iter().next().ok_or_else(|| Error::not_found("answer", &id))?;
    answer.unfold();
    Ok(fragment("pages/answer.html", &AnswerCard { answer })?)
}

/// What was asked.
fn over(kept: &KeptAnswer) -> Over {
    match (&kept.deal, &kept.account) {
        (Some(deal), _) => Over::Deal(deal.clone()),
        (None, Some(account)) => Over::Account(account.clone()),
        (None, None) => Over::All,
    }
}

/// The page with the head of what it is about.
async fn page(
    app: &App,
    visitor: &Visitor,
    conn: &mut Conn,
    over: &Over,
    mut page: AskPage,
) -> Result<Html<String>, Failed> {
    let caller = &visitor.caller;
    let (title, place) = match over {
        Over::Deal(id) => {
            let deal = caller.deal(conn, id, Act::SeeDeal).await?;
            page.deal = Some(DealHead::read(app, conn, caller, &deal).await?);
            (format!("Ask: {}", deal.name), Place::Deals(Some("ask")))
        }
        Over::Account(id) => {
            let account = caller.account(conn, id, Act::SeeDeal).await?;
            let title = format!("Ask: {}", account.name);
            page.account = Some(AccountView { id: account.id.to_string(), name: account.name });
            (title, Place::Deals(None))
        }
        Over::All => ("Ask".to_owned(), Place::Ask),
    };
    Ok(visitor.page("pages/ask.html", &title, place, page)?)
}
