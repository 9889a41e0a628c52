//! Tell of the deadlines that are near or past, and wait for the next one.

use super::JobError;
use crate::app::App;
use crate::domain::ids::TenantId;
use crate::handover;
use crate::store::jobs::{self, LeasedJob};

pub(super) async fn run(app: &App, job: &LeasedJob, tenant: &TenantId) -> Result<(), JobError> {
    let mut tx = app.store.write().await?;
    if !jobs::finish(&mut tx, job, app.clock.now()).await? {
        return Err(JobError::LeaseLost);
    }
    handover::remind(app, &mut tx, tenant).await?;
    tx.commit().await?;
    app.wake_worker();
    Ok(())
}
