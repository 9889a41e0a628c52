//! `baton serve`: API, pages and worker in one process.

use std::sync::Arc;

use tokio::net::TcpListener;

use super::{Answer, note, print};
use crate::access::people;
use crate::access::secret::Secret;
use crate::app::App;
use crate::clock::SystemClock;
use crate::config::Settings;
use crate::http;
use crate::jobs::Worker;

pub(super) async fn run(settings: Settings) -> anyhow::Result<Answer> {
    let (settings, listener) = listen(settings).await?;
    let app = Arc::new(App::open(settings, Arc::new(SystemClock)).await?);
    let link = people::entry_link(&app, &app.home).await?;
    until_stopped(app, listener, link).await
}

/// Binds the address of the settings, which then say what was bound: links name it.
pub(super) async fn listen(mut settings: Settings) -> anyhow::Result<(Settings, TcpListener)> {
    let listener = http::bind(&settings.server).await?;
    settings.server.listen = listener.local_addr()?;
    Ok((settings, listener))
}

/// Serves and works until the process is told to stop; then the requests and the job at hand are finished. Told once more, it
/// ends at once: whatever was acknowledged is on the disk. `link` is for whoever has to come in first.
pub(super) async fn until_stopped(
    app: Arc<App>,
    listener: TcpListener,
    link: Option<Secret>,
) -> anyhow::Result<Answer> {
    let worker = Worker::new(Arc::clone(&app));
    let working = tokio::spawn(async move { worker.run().await });
    print(&app.settings.server.base_url())?;
    if let Some(link) = link {
        print(&format!("sign in once with {}", app.settings.server.sign_in_link(&link)))?;
    }
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
