//! `baton reindex`: the index, and what is read of a source for a question, are made anew from the records.

use anyhow::Context as _;
use indicatif::ProgressBar;

use super::{Answer, note};
use crate::app::{DataFolder, open_embedder, recreate_index, space_of};
use crate::ask::Asker;
use crate::config::Settings;
use crate::jobs::index_transcript;
use crate::store::{Store, deals, runs, sources, transcripts};

pub(super) async fn run(settings: Settings) -> anyhow::Result<Answer> {
    let folder = DataFolder::own(&settings.storage.data_dir)?;
    let (embedder, asker) = (open_embedder(&settings.engine)?, Asker::load()?);
    let store = Store::open(&settings.storage.data_dir.join("baton.db")).await?;
    // An embedder that does not answer must not cost the index that is there.
    embedder.embed(&["is the embedder there?"]).await.context("the index is left as it is")?;
    folder.begin_reindex()?;
    let index = recreate_index(&settings.storage, &space_of(embedder.as_ref())).await?;
    let mut conn = store.read().await?;
    let ready = sources::list_ready(&mut conn).await?;
    let bar = ProgressBar::new(u64::try_from(ready.len()).unwrap_or(0));
    let mut chunks = 0;
    for source in &ready {
        let deal = deals::find(&mut conn, &source.tenant, &source.deal_id).await?.context("a source has no deal")?;
        let transcript = transcripts::find(&mut conn, &source.id).await?.context("a ready source has no transcript")?;
        chunks += index_transcript(embedder.as_ref(), index.as_ref(), &deal, source, &transcript, |_| {}).await?;
        let mut tx = store.write().await?;
        runs::replace(&mut tx, &source.id, &asker.runs_of(&transcript).await?).await?;
        tx.commit().await?;
        bar.inc(1);
    }
    index.optimize().await?;
    folder.end_reindex()?;
    bar.finish_and_clear();
    note(&format!("{chunks} chunks of {} sources indexed with {}", ready.len(), embedder.model()));
    Ok(Answer::Yes)
}
