//! Look at the promises that are due soon and that no contract carries, and again tomorrow.

use super::JobError;
use crate::app::App;
use crate::domain::ids::TenantId;
use crate::ledger::watch;
use crate::store::jobs::{self, LeasedJob};

pub(super) async fn run(app: &App, job: &LeasedJob, tenant: &TenantId) -> Result<(), JobError> {
    let mut tx = app.store.write().await?;
    if !jobs::finish(&mut tx, job, app.clock.now()).await? {
        return Err(JobError::LeaseLost);
    }
    watch::look(app, &mut tx, tenant).await?;
    tx.commit().await?;
    app.wake_worker();
    Ok(())
}
