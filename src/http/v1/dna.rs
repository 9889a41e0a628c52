//! Client DNA: the customer's profile, of a deal and of an account.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::access::Caller;
use crate::app::App;
use crate::dna::{self, ClientDna, DnaChanges, Since};
use crate::documents::client_dna;
use crate::domain::hash::content_hash;
use crate::domain::ids::{AccountId, DealId};
use crate::error::Error;
use crate::http::extract::{Path, Query};
use crate::http::problem::Problem;

/// How a profile is wanted.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum DnaFormat {
    /// The `baton.dna/1` document.
    #[default]
    Json,
    /// One page to read, two at most.
    Markdown,
}

/// How a profile is wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct Wanted {
    /// `json` unless given.
    #[serde(default)]
    #[param(inline)]
    format: DnaFormat,
}

/// Since when.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct ChangesSince {
    /// A day (its end, in UTC), a moment, or, for a deal, a snapshot's id; without it, the last profile that was kept and said
    /// something else.
    since: Option<String>,
}

impl ChangesSince {
    pub(in crate::http) fn read(&self) -> Result<Since, Error> {
        Since::read(self.since.as_deref())
    }
}

/// Read the customer's profile of a deal: goals to open promises, every line with what it rests on. Notes about persons are in
/// it for those only who may see them.
#[utoipa::path(get, path = "/v1/deals/{deal_id}/dna", tag = "dna", params(("deal_id" = DealId, Path), Wanted),
    responses((status = 200, content((ClientDna = "application/json"), (String = "text/markdown"))), (status = 304),
        (status = "4XX", body = Problem)))]
pub(in crate::http) async fn of_deal(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<DealId>,
    Query(Wanted { format }): Query<Wanted>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    answer(&app, &dna::of_deal(&app, &caller, &id).await?, format, &headers)
}

/// Read the customer's profile over all deals of an account that you may see, as far as you may see each of them.
#[utoipa::path(get, path = "/v1/accounts/{account_id}/dna", tag = "dna",
    params(("account_id" = AccountId, Path), Wanted),
    responses((status = 200, content((ClientDna = "application/json"), (String = "text/markdown"))), (status = 304),
        (status = "4XX", body = Problem)))]
pub(in crate::http) async fn of_account(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<AccountId>,
    Query(Wanted { format }): Query<Wanted>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    answer(&app, &dna::of_account(&app, &caller, &id).await?, format, &headers)
}

/// Read what changed in the customer's profile of a deal.
#[utoipa::path(get, path = "/v1/deals/{deal_id}/dna/changes", tag = "dna",
    params(("deal_id" = DealId, Path), ChangesSince),
    responses((status = 200, body = DnaChanges), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn changes_of_deal(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<DealId>,
    Query(since): Query<ChangesSince>,
) -> Result<axum::Json<DnaChanges>, Problem> {
    Ok(axum::Json(dna::changes_of_deal(&app, &caller, &id, &since.read()?).await?))
}

/// Read what changed in the customer's profile of an account, deal by deal.
#[utoipa::path(get, path = "/v1/accounts/{account_id}/dna/changes", tag = "dna",
    params(("account_id" = AccountId, Path), ChangesSince),
    responses((status = 200, body = DnaChanges), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn changes_of_account(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<AccountId>,
    Query(since): Query<ChangesSince>,
) -> Result<axum::Json<DnaChanges>, Problem> {
    Ok(axum::Json(dna::changes_of_account(&app, &caller, &id, &since.read()?).await?))
}

/// The profile with its hash as `ETag`; who has it already is told so.
fn answer(app: &App, dna: &ClientDna, format: DnaFormat, headers: &HeaderMap) -> Result<Response, Problem> {
    let (media_type, text) = match format {
        DnaFormat::Json => {
            ("application/json", serde_json::to_string(dna).map_err(|error| Error::Internal(error.into()))?)
        }
        DnaFormat::Markdown => {
            let text = client_dna::markdown(&app.templates, dna);
            ("text/markdown; charset=utf-8", text.map_err(|error| Error::Invalid(error.to_string()))?)
        }
    };
    let tag = format!("\"{}\"", content_hash(text.as_bytes()));
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok()).unwrap_or_default();
    // A proxy that compresses marks the tag as weak.
    let is_known = known.split(',').any(|one| one.trim().trim_start_matches("W/") == tag);
    let heads = [(header::ETAG, tag), (header::CACHE_CONTROL, "private, no-cache".to_owned())];
    if is_known {
        return Ok((StatusCode::NOT_MODIFIED, heads).into_response());
    }
    Ok((heads, [(header::CONTENT_TYPE, media_type)], text).into_response())
}
