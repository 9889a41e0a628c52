//! `baton serve`: API, pages and worker in one process.

use std::sync::Arc;

use tokio::sync::watch;

use super::{Answer, note, print};
use crate::app::App;
use crate::clock::SystemClock;
use crate::config::Settings;
use crate::http;
use crate::jobs::Worker;

pub(super) async fn run(settings: Settings) -> anyhow::Result<Answer> {
    let listener = http::bind(&settings.server).await?;
    let app = Arc::new(App::open(settings, Arc::new(SystemClock)).await?);
    until_stopped(app, listener).await
}

/// Serves and works until the process is told to stop; then the requests and the job at hand are finished.
pub(super) async fn until_stopped(app: Arc<App>, listener: tokio::net::TcpListener) -> anyhow::Result<Answer> {
    let (stop, stopped) = watch::channel(false);
    let worker = Worker::new(Arc::clone(&app));
    let worker_stopped = stopped.clone();
    let working = tokio::spawn(async move { worker.run(worker_stopped).await });
    print(&format!("http://{}", listener.local_addr()?))?;
    let signalled = async move {
        stop_signal().await;
        note("stopping");
        // Whoever watched is gone only when everything has stopped already.
        let _ = stop.send(true);
    };
    http::serve(Arc::clone(&app), listener, signalled).await?;
    working.await?;
    app.store.close().await;
    Ok(Answer::Yes)
}

/// Resolves when the process is interrupted or asked to terminate.
async fn stop_signal() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => tokio::select! {
            _ = tokio::signal::ctrl_c() => {},
            _ = terminate.recv() => {},
        },
        Err(_) => drop(tokio::signal::ctrl_c().await),
    }
}
