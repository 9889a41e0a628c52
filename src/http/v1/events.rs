//! Progress as server-sent events: first where every job stands, then what happens from there on.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures::{Stream, StreamExt as _, stream};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

use crate::access::{Act, Caller};
use crate::app::{App, Progress};
use crate::domain::ids::DealId;
use crate::error::Error;
use crate::http::extract::Path;
use crate::http::problem::Problem;
use crate::store::jobs;
use crate::store::jobs::JobStatus;

/// Jobs in the first event.
const RECENT_JOBS: u32 = 100;

/// Watch a deal's progress. The first event, `jobs`, says where each job stands; `progress` events follow. A listener that
/// was too slow gets a fresh `jobs` event in place of what it missed.
#[utoipa::path(get, path = "/v1/deals/{deal_id}/events", tag = "deals", params(("deal_id" = DealId, Path)),
    responses((status = 200, content_type = "text/event-stream", body = Progress), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn watch(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(deal): Path<DealId>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Problem> {
    // Listen before looking, so that nothing falls between.
    let progress = app.watch_progress();
    let mut conn = app.store.read().await.map_err(Error::from)?;
    caller.deal(&mut conn, &deal, Act::SeeDeal).await?;
    drop(conn);
    let first = jobs_event(&app, &deal).await;
    let later = stream::unfold((app, deal, progress), |(app, deal, mut progress)| async move {
        let event = next_event(&app, &deal, &mut progress).await?;
        Some((event, (app, deal, progress)))
    });
    let events = stream::iter(first).chain(later).map(Ok);
    Ok(Sse::new(events).keep_alive(KeepAlive::default()))
}

/// Where each job stands; none, which ends the stream, when the records cannot be read: the client asks again.
async fn jobs_event(app: &App, deal: &DealId) -> Option<Event> {
    let mut conn = app.store.read().await.ok()?;
    let jobs: Vec<JobStatus> = jobs::list(&mut conn, deal, RECENT_JOBS).await.ok()?;
    Some(json_event("jobs", &jobs))
}

async fn next_event(app: &App, deal: &DealId, progress: &mut Receiver<Progress>) -> Option<Event> {
    loop {
        let told = tokio::select! {
            told = progress.recv() => told,
            () = app.stopped() => return None,
        };
        match told {
            Ok(progress) if progress.deal() == Some(deal) => return Some(json_event("progress", &progress)),
            Ok(_) => {}
            Err(RecvError::Lagged(_)) => return jobs_event(app, deal).await,
            Err(RecvError::Closed) => return None,
        }
    }
}

fn json_event(name: &str, data: &impl serde::Serialize) -> Event {
    Event::default().event(name).json_data(data).unwrap_or_else(|_| Event::default().event(name))
}
