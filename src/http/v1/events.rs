//! Progress as server-sent events: first where every job stands, then what happens from there on.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures::{Stream, StreamExt as _, stream};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

use crate::access::sign_in::Look;
use crate::access::{Act, Caller};
use crate::app::{App, Progress};
use crate::domain::ids::DealId;
use crate::error::Error;
use crate::http::extract::Path;
use crate::http::problem::Problem;
use crate::http::session::caller_of;
use crate::store::jobs;
use crate::store::jobs::JobStatus;

/// Jobs in the first event.
const RECENT_JOBS: u32 = 100;

/// Somebody who watches a deal.
struct Watcher {
    app: Arc<App>,
    deal: DealId,
    progress: Receiver<Progress>,
    /// What they came in with: who they are is looked up anew before they are told anything.
    headers: HeaderMap,
}

/// Watch a deal's progress. The first event, `jobs`, says where each job stands; `progress` events follow. A listener that
/// was too slow gets a fresh `jobs` event in place of what it missed. Whoever signs out, or may no longer see the deal, is told
/// nothing more: the stream ends in the place of the next event.
#[utoipa::path(get, path = "/v1/deals/{deal_id}/events", tag = "deals", params(("deal_id" = DealId, Path)),
    responses((status = 200, content_type = "text/event-stream", body = Progress), (status = "4XX", body = Problem)))]
pub(in crate::http) async fn watch(
    State(app): State<Arc<App>>,
    caller: Caller,
    headers: HeaderMap,
    Path(deal): Path<DealId>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Problem> {
    // Listen before looking, so that nothing falls between.
    let progress = app.watch_progress();
    let mut conn = app.store.read().await.map_err(Error::from)?;
    caller.deal(&mut conn, &deal, Act::SeeDeal).await?;
    drop(conn);
    let first = jobs_event(&app, &deal).await;
    let watcher = Watcher { app, deal, progress, headers };
    let later = stream::unfold(watcher, |mut watcher| async move { Some((watcher.next().await?, watcher)) });
    let events = stream::iter(first).chain(later).map(Ok);
    Ok(Sse::new(events).keep_alive(KeepAlive::default()))
}

impl Watcher {
    /// What happens next to the deal; none, which ends the stream, once there is nothing more to tell, or not to them.
    async fn next(&mut self) -> Option<Event> {
        loop {
            let told = tokio::select! {
                told = self.progress.recv() => told,
                () = self.app.stopped() => return None,
            };
            let event = match told {
                Ok(progress) if progress.deal() == Some(&self.deal) => json_event("progress", &progress),
                Ok(_) => continue,
                Err(RecvError::Lagged(_)) => jobs_event(&self.app, &self.deal).await?,
                Err(RecvError::Closed) => return None,
            };
            return self.still_sees().await.ok()?.then_some(event);
        }
    }

    async fn still_sees(&self) -> Result<bool, Error> {
        let Some(caller) = caller_of(&self.headers, &self.app, Look::Stream).await? else { return Ok(false) };
        let mut conn = self.app.store.read().await?;
        Ok(caller.deal(&mut conn, &self.deal, Act::SeeDeal).await.is_ok())
    }
}

/// Where each job stands; none, which ends the stream, when the records cannot be read: the client asks again.
async fn jobs_event(app: &App, deal: &DealId) -> Option<Event> {
    let mut conn = app.store.read().await.ok()?;
    let jobs: Vec<JobStatus> = jobs::list(&mut conn, deal, RECENT_JOBS).await.ok()?;
    Some(json_event("jobs", &jobs))
}

fn json_event(name: &str, data: &impl serde::Serialize) -> Event {
    Event::default().event(name).json_data(data).unwrap_or_else(|_| Event::default().event(name))
}
