//! Jobs: what the worker does with an upload.

use std::sync::Arc;

use axum::extract::State;

use crate::access::{Act, Caller, Sight};
use crate::app::App;
use crate::domain::ids::JobId;
use crate::error::Error;
use crate::http::extract::Path;
use crate::http::problem::Problem;
use crate::store::jobs::{self, JobStatus};

/// Read a job.
#[utoipa::path(get, path = "/v1/jobs/{job_id}", tag = "jobs", params(("job_id" = JobId, Path)),
    responses((status = 200, body = JobStatus), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn get(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(id): Path<JobId>,
) -> Result<axum::Json<JobStatus>, Problem> {
    let mut conn = app.store.read().await.map_err(Error::from)?;
    let job = jobs::find(&mut conn, &caller.tenant, &id).await.map_err(Error::from)?;
    let gone = || Error::not_found("job", &id);
    let job = job.ok_or_else(gone)?;
    match &job.deal {
        Some(deal) => match caller.deal(&mut conn, deal, Act::SeeDeal).await {
            Err(Error::NotFound { .. }) => return Err(gone().into()),
            other => drop(other?),
        },
        None if caller.sight() == Sight::All => caller.require_scope(Act::SeeDeal)?,
        None => return Err(gone().into()),
    }
    Ok(axum::Json(job))
}
