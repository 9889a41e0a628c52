//! `baton serve`: API, pages and worker in one process.

use std::sync::Arc;

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

/// Serves and works until the process is told to stop; then the requests and the job at hand are finished. Told once more, it
/// ends at once: whatever was acknowledged is on the disk.
pub(super) async fn until_stopped(app: Arc<App>, listener: tokio::net::TcpListener) -> anyhow::Result<Answer> {
    let worker = Worker::new(Arc::clone(&app));
    let working = tokio::spawn(async move { worker.run().await });
    print(&format!("http://{}", listener.local_addr()?))?;
    let stopping = Arc::clone(&app);
    let signalled = async move {
        stop_signal().await;
        note("stopping; once more to stop at once");
        stopping.stop();
    };
    let ending = async {
        http::serve(Arc::clone(&app), listener, signalled).await?;
        working.await?;
        app.store.close().await;
        anyhow::Ok(())
    };
    tokio::select! {
        ended = ending => ended?,
        () = second_signal(&app) => {}
    }
    Ok(Answer::Yes)
}

/// Resolves when the process is told to stop after it was told already.
async fn second_signal(app: &App) {
    app.stopped().await;
    stop_signal().await;
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
