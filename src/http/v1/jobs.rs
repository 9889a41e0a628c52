//! Jobs: what the worker does with an upload.

use std::sync::Arc;

use axum::extract::State;

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
    Path(id): Path<JobId>,
) -> Result<axum::Json<JobStatus>, Problem> {
    let mut conn = app.store.read().await.map_err(Error::from)?;
    let job = jobs::find(&mut conn, &app.tenant, &id).await.map_err(Error::from)?;
    Ok(axum::Json(job.ok_or_else(|| Error::not_found("job", id))?))
}
