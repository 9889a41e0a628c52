//! The composition root: settings become the parts that every use case works with.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use serde::Serialize;
use tokio::sync::{Notify, broadcast, watch};
use utoipa::ToSchema;

use crate::access::oidc::Provider;
use crate::ask::{Asker, Writer};
use crate::clock::Clock;
use crate::config::{EmbedderChoice, EngineChoice, EngineSettings, Settings, StorageSettings};
use crate::documents::Templates;
use crate::domain::deal::Source;
use crate::domain::ids::{DealId, JobId, SourceId, TenantId};
use crate::embed::Embedder;
use crate::embed::minilm::MiniLm;
use crate::embed::openai::{OpenAiEmbedder, OpenAiEmbedderSettings};
use crate::engine::Engine;
use crate::engine::local::LocalEngine;
use crate::engine::openai::{OpenAiEngine, OpenAiSettings};
use crate::error::Error;
use crate::hooks::message::Messages;
use crate::index::edge::EdgeIndex;
use crate::index::server::QdrantIndex;
use crate::index::{VectorIndex, VectorSpace};
use crate::ledger::watch as ledger_watch;
use crate::reader::Reader;
use crate::store::{Store, accounts, jobs, webhooks};

/// The parts of a running Baton.
pub struct App {
    /// The settings it was made from.
    pub settings: Settings,
    /// The records.
    pub store: Store,
    /// The chunks.
    pub index: Arc<dyn VectorIndex>,
    /// Texts to vectors.
    pub embedder: Arc<dyn Embedder>,
    /// Promises to what they are compared with, whichever engine claimed them.
    pub reader: Reader,
    /// Questions to answers.
    pub asker: Asker,
    /// Sources to claims.
    pub engine: Arc<dyn Engine>,
    /// How documents are worded: Baton's own templates, or a team's in their place.
    pub templates: Templates,
    /// How people in other systems are told of events, likewise.
    pub messages: Arc<Messages>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// The tenant that every installation begins with.
    pub home: TenantId,
    /// The company's own sign-on, where there is one.
    pub sign_on: Option<Provider>,
    progress: broadcast::Sender<Progress>,
    queued: Notify,
    stop: watch::Sender<bool>,
    /// Held for as long as the app lives: a data folder has one owner.
    _owner: DataFolder,
}

/// How far a source is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// The file is being read.
    Parsing,
    /// Its chunks become vectors.
    Embedding,
    /// The vectors are being stored.
    Indexing,
    /// The source can be used.
    Ready,
}

/// What the worker tells while it works; sent to whoever listens, kept nowhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Progress {
    /// A source moved on.
    Source {
        /// The source's deal.
        deal: DealId,
        /// The source.
        source: SourceId,
        /// Its name.
        name: String,
        /// How far it is.
        stage: Stage,
    },
    /// An engine has begun to read the deal.
    Drafting {
        /// The deal.
        deal: DealId,
    },
    /// The draft is there.
    Drafted {
        /// The deal.
        deal: DealId,
        /// Items in the draft.
        items: usize,
        /// Claims that were rejected.
        rejected: usize,
    },
    /// A job was given up.
    JobFailed {
        /// The deal it worked on, where it worked on one.
        deal: Option<DealId>,
        /// The job.
        job: JobId,
        /// The source it was to read, where it was to read one.
        source: Option<SourceId>,
        /// Why.
        error: String,
    },
}

impl Progress {
    /// The deal it is about.
    #[must_use]
    pub const fn deal(&self) -> Option<&DealId> {
        match self {
            Self::Source { deal, .. } | Self::Drafting { deal } | Self::Drafted { deal, .. } => Some(deal),
            Self::JobFailed { deal, .. } => deal.as_ref(),
        }
    }

    /// `source` has come to `stage`.
    #[must_use]
    pub fn stage(source: &Source, stage: Stage) -> Self {
        Self::Source { deal: source.deal_id.clone(), source: source.id.clone(), name: source.name.clone(), stage }
    }
}

impl App {
    /// Opens the data folder, the index and the engine that the settings name.
    ///
    /// # Errors
    ///
    /// When one of them cannot be had; the message says which, why and what to do.
    pub async fn open(settings: Settings, clock: Arc<dyn Clock>) -> anyhow::Result<Self> {
        let owner = DataFolder::own(&settings.storage.data_dir)?;
        anyhow::ensure!(
            !owner.is_reindexing(),
            "a `baton reindex` of `{}` did not come to its end, so the index is incomplete; run it again",
            settings.storage.data_dir.display()
        );
        let sign_on = Provider::new(&settings.sign_on, &settings.server)?;
        let (templates, messages) = open_templates(&settings.storage)?;
        let embedder = open_embedder(&settings.engine)?;
        let reader = Reader::load()?;
        let engine = open_engine(&settings.engine, &reader, &embedder)?;
        let asker = open_asker(&settings.engine)?;
        let store =
            Store::open(&settings.storage.data_dir.join("baton.db")).await.context("cannot open the database")?;
        let index = open_index(&settings.storage, &space_of(embedder.as_ref())).await?;
        let home = TenantId::derived(&["local"]);
        let mut tx = store.write().await?;
        accounts::ensure_tenant(&mut tx, &home, "local", clock.now()).await?;
        // The folder has one owner, so whoever held these leases is dead.
        jobs::release_all(&mut tx, clock.now()).await?;
        for tenant in webhooks::tenants(&mut tx).await? {
            ledger_watch::wind_up(&mut tx, &tenant, clock.now()).await?;
        }
        tx.commit().await?;
        let (progress, _) = broadcast::channel(1024);
        Ok(Self {
            settings,
            store,
            index,
            embedder,
            reader,
            asker,
            engine,
            templates,
            messages: Arc::new(messages),
            clock,
            home,
            sign_on,
            progress,
            queued: Notify::new(),
            stop: watch::Sender::new(false),
            _owner: owner,
        })
    }

    /// Runs CPU-bound work off the async threads.
    ///
    /// # Errors
    ///
    /// When the work panics, which is a defect.
    pub async fn blocking<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
        let span = tracing::Span::current();
        let task = tokio::task::spawn_blocking(move || span.in_scope(work));
        task.await.map_err(|error| Error::Internal(error.into()))
    }

    /// Tells whoever listens.
    pub fn progress(&self, progress: Progress) {
        // Nobody listening is no error.
        let _ = self.progress.send(progress);
    }

    /// Listens from now on.
    #[must_use]
    pub fn watch_progress(&self) -> broadcast::Receiver<Progress> {
        self.progress.subscribe()
    }

    /// Tells everything that runs or streams to come to its end.
    pub fn stop(&self) {
        self.stop.send_replace(true);
    }

    /// Whether [`App::stop`] was called.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        *self.stop.borrow()
    }

    /// Returns once [`App::stop`] is called.
    pub async fn stopped(&self) {
        // The sender lives as long as the app, so waiting ends only this way.
        let _ = self.stop.subscribe().wait_for(|stopped| *stopped).await;
    }

    /// Wakes the worker; called after the transaction that queued a job was committed.
    pub fn wake_worker(&self) {
        self.queued.notify_one();
    }

    /// Returns once a job was queued.
    pub async fn work_queued(&self) {
        self.queued.notified().await;
    }
}

/// Which vectors an embedder makes.
#[must_use]
pub fn space_of(embedder: &dyn Embedder) -> VectorSpace {
    VectorSpace { model: embedder.model().to_owned(), dimension: embedder.dimension() }
}

/// The embedder that the settings name.
///
/// # Errors
///
/// When it cannot be loaded.
pub fn open_embedder(settings: &EngineSettings) -> anyhow::Result<Arc<dyn Embedder>> {
    Ok(match settings.embedder {
        EmbedderChoice::Minilm => Arc::new(MiniLm::load().context("cannot load the bundled encoder")?),
        EmbedderChoice::Openai => Arc::new(OpenAiEmbedder::new(OpenAiEmbedderSettings {
            server: settings.openai_server(),
            model: settings.openai_embedding_model.clone(),
            dimension: settings.openai_embedding_dimension,
        })?),
    })
}

/// The engine that the settings name.
///
/// # Errors
///
/// When it cannot be loaded.
pub fn open_engine(
    settings: &EngineSettings,
    reader: &Reader,
    embedder: &Arc<dyn Embedder>,
) -> anyhow::Result<Arc<dyn Engine>> {
    Ok(match settings.engine {
        EngineChoice::Local => Arc::new(LocalEngine::new(reader.clone(), Arc::clone(embedder), settings.detail)),
        EngineChoice::Openai => Arc::new(OpenAiEngine::new(openai(settings))?),
    })
}

/// What answers questions: the built-in finder, and the model that words its answers where the settings name one.
///
/// # Errors
///
/// When it cannot be loaded.
pub fn open_asker(settings: &EngineSettings) -> anyhow::Result<Asker> {
    let asker = Asker::load()?;
    Ok(match settings.engine {
        EngineChoice::Local => asker,
        EngineChoice::Openai => asker.with_writer(Writer::new(openai(settings))?),
    })
}

/// The model that the settings name, and where it is.
fn openai(settings: &EngineSettings) -> OpenAiSettings {
    OpenAiSettings {
        server: settings.openai_server(),
        model: settings.openai_model.clone(),
        max_context_tokens: settings.openai_context_tokens,
    }
}

/// The templates in the binary, or those of the team in their place.
fn open_templates(settings: &StorageSettings) -> anyhow::Result<(Templates, Messages)> {
    let Some(folder) = &settings.templates_dir else { return Ok((Templates::embedded()?, Messages::new(|_| None)?)) };
    let cannot = || format!("the templates in `{}` (--templates-dir) cannot be used", folder.display());
    Ok((Templates::with_folder(folder).with_context(cannot)?, Messages::with_folder(folder).with_context(cannot)?))
}

async fn open_index(settings: &StorageSettings, space: &VectorSpace) -> anyhow::Result<Arc<dyn VectorIndex>> {
    Ok(match &settings.qdrant_url {
        None => Arc::new(EdgeIndex::open(&settings.data_dir.join("index"), space.clone()).await?),
        Some(url) => {
            let key = settings.qdrant_api_key.as_ref().map(|key| key.expose().to_owned());
            Arc::new(QdrantIndex::connect(url, key, &settings.qdrant_collection, space.clone()).await?)
        }
    })
}

/// Makes the index anew, empty, for the embedder's vectors.
///
/// # Errors
///
/// When the old one cannot be removed or the new one not made.
pub async fn recreate_index(settings: &StorageSettings, space: &VectorSpace) -> anyhow::Result<Arc<dyn VectorIndex>> {
    Ok(match &settings.qdrant_url {
        None => Arc::new(EdgeIndex::recreate(&settings.data_dir.join("index"), space.clone()).await?),
        Some(url) => {
            let key = settings.qdrant_api_key.as_ref().map(|key| key.expose().to_owned());
            Arc::new(QdrantIndex::recreate(url, key, &settings.qdrant_collection, space.clone()).await?)
        }
    })
}

/// A data folder that this process owns: the index in it takes one process only.
pub struct DataFolder {
    _lock: File,
    /// There while a re-index is under way, and left behind by one that was cut short.
    reindexing: PathBuf,
}

impl DataFolder {
    /// Takes the folder at `path`, making it if it is not there.
    ///
    /// # Errors
    ///
    /// When it cannot be made or written to, or another process has it.
    pub fn own(path: &Path) -> anyhow::Result<Self> {
        std::fs::create_dir_all(path).with_context(|| format!("cannot make the data folder `{}`", path.display()))?;
        let file = path.join("baton.lock");
        let lock = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&file)
            .with_context(|| format!("cannot write to the data folder `{}`", path.display()))?;
        lock.try_lock().with_context(|| {
            format!(
                "another Baton is using the data folder `{}`; stop it, or choose another folder with --data-dir",
                path.display()
            )
        })?;
        Ok(Self { _lock: lock, reindexing: path.join("reindexing") })
    }

    /// Whether a running process owns the folder at `path`.
    #[must_use]
    pub fn is_in_use(path: &Path) -> bool {
        let lock = File::open(path.join("baton.lock")).map(|file| file.try_lock());
        matches!(lock, Ok(Err(std::fs::TryLockError::WouldBlock)))
    }

    /// Whether a re-index began and did not end.
    #[must_use]
    pub fn is_reindexing(&self) -> bool {
        self.reindexing.exists()
    }

    /// Notes that a re-index begins.
    ///
    /// # Errors
    ///
    /// When the folder cannot be written to.
    pub fn begin_reindex(&self) -> std::io::Result<()> {
        File::create(&self.reindexing)?.sync_all()
    }

    /// Notes that the re-index has come to its end.
    ///
    /// # Errors
    ///
    /// When the folder cannot be written to.
    pub fn end_reindex(&self) -> std::io::Result<()> {
        std::fs::remove_file(&self.reindexing)
    }
}
