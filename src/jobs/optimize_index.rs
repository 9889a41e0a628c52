//! Let the index tidy itself, some time after something was put into it.

use std::time::Duration;

use super::JobError;
use crate::app::App;
use crate::error::Error;
use crate::store::jobs::{self, LeasedJob};

/// How long after an upload the index is tidied: uploads come in bursts, and one tidying serves the burst.
pub(super) const DELAY: Duration = Duration::from_secs(30);

pub(super) async fn run(app: &App, job: &LeasedJob) -> Result<(), JobError> {
    app.index.optimize().await.map_err(Error::from)?;
    let mut tx = app.store.write().await?;
    if !jobs::finish(&mut tx, job, app.clock.now()).await? {
        return Err(JobError::LeaseLost);
    }
    tx.commit().await?;
    Ok(())
}
