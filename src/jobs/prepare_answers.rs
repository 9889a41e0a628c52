//! Answer the common questions of a deal whose handoff became final.

use super::JobError;
use crate::app::App;
use crate::ask::ahead;
use crate::domain::ids::DealId;
use crate::store::jobs::{self, LeasedJob};

pub(super) async fn run(app: &App, job: &LeasedJob, deal: &DealId) -> Result<(), JobError> {
    let answers = ahead::answer(app, &job.tenant, deal).await?;
    let (count, now) = (answers.len(), app.clock.now());
    let mut tx = app.store.write().await?;
    ahead::keep(&mut tx, &job.tenant, deal, answers, now).await?;
    if !jobs::finish(&mut tx, job, now).await? {
        return Err(JobError::LeaseLost);
    }
    tx.commit().await?;
    tracing::info!(answers = count, "common questions answered");
    Ok(())
}
