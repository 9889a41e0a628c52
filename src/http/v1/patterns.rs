//! Patterns over many handoffs.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use jiff::Timestamp;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::access::Caller;
use crate::app::App;
use crate::http::extract::Query;
use crate::http::problem::Problem;
use crate::patterns::{self as use_case, Patterns};
use crate::store::patterns::Selection;

/// Which deals.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct PatternsQuery {
    /// Won at or after this.
    #[param(value_type = Option<String>, format = DateTime)]
    from: Option<Timestamp>,
    /// Won before this.
    #[param(value_type = Option<String>, format = DateTime)]
    until: Option<Timestamp>,
    /// Of this segment.
    segment: Option<String>,
}

impl PatternsQuery {
    pub(in crate::http) fn selection(self) -> Selection {
        let segment = self.segment.map(|segment| segment.trim().to_owned()).filter(|segment| !segment.is_empty());
        Selection { from: self.from, until: self.until, segment }
    }
}

/// Read the patterns over the deals won in a span of time.
#[utoipa::path(get, path = "/v1/patterns", tag = "patterns", params(PatternsQuery),
    responses((status = 200, body = Patterns), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn get(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(query): Query<PatternsQuery>,
) -> Result<axum::Json<Patterns>, Problem> {
    Ok(axum::Json(use_case::patterns(&app, &caller, &query.selection()).await?))
}

/// Export the patterns and figures as CSV.
#[utoipa::path(get, path = "/v1/patterns/export", tag = "patterns", params(PatternsQuery),
    responses((status = 200, content_type = "text/csv", body = String), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn export(
    State(app): State<Arc<App>>,
    caller: Caller,
    Query(query): Query<PatternsQuery>,
) -> Result<impl IntoResponse, Problem> {
    let csv = use_case::patterns(&app, &caller, &query.selection()).await?.to_csv()?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"baton-patterns.csv\""),
    ];
    Ok((headers, csv))
}
