//! A Baton that tells other systems of events.

use std::sync::Arc;

use baton::app::App;
use baton::clock::Clock as _;
use baton::domain::ids::{DeliveryId, TenantId, WebhookId};
use baton::error::Error;
use baton::hooks::delivery::{Attempt, Delivery};
use baton::hooks::endpoint::{Endpoint, EndpointFormat, NewEndpoint, register};
use baton::hooks::event::{Event, EventKind};
use baton::hooks::outbox::{publish, redeliver};
use baton::hooks::secret::SigningSecret;
use baton::jobs::Worker;
use baton::store::{accounts, deliveries, webhooks};
use tempfile::TempDir;

use super::app::settings;
use super::clock::TestClock;

/// A Baton that sends, with its clock in hand and its worker stepped.
pub(crate) struct Sender {
    pub(crate) app: Arc<App>,
    worker: Worker,
    pub(crate) clock: Arc<TestClock>,
    pub(crate) tenant: TenantId,
    folder: TempDir,
}

impl Sender {
    pub(crate) async fn new() -> Self {
        let clock = Arc::new(TestClock::at_present());
        Self::open(TempDir::new().unwrap(), clock, TenantId::derived(&["sender"])).await
    }

    pub(crate) async fn open(folder: TempDir, clock: Arc<TestClock>, tenant: TenantId) -> Self {
        let app = Arc::new(App::open(settings(&folder, &[]), clock.clone()).await.unwrap());
        let mut tx = app.store.write().await.unwrap();
        accounts::ensure_tenant(&mut tx, &tenant, "Sender", clock.now()).await.unwrap();
        tx.commit().await.unwrap();
        Self { worker: Worker::new(Arc::clone(&app)), app, clock, tenant, folder }
    }

    /// Ends, and starts again on the same folder.
    pub(crate) async fn restarted(self) -> Self {
        let Self { app, worker, clock, tenant, folder } = self;
        app.store.close().await;
        drop((worker, app));
        Self::open(folder, clock, tenant).await
    }

    pub(crate) async fn register(
        &self,
        url: &str,
        format: EndpointFormat,
        events: Option<Vec<EventKind>>,
    ) -> Registered {
        let new = NewEndpoint { url: url.to_owned(), format, events };
        let mut tx = self.app.store.write().await.unwrap();
        let (endpoint, secret) = register(&mut tx, &self.tenant, new, self.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
        Registered { endpoint, secret }
    }

    pub(crate) async fn publish(&self, event: &Event) -> usize {
        let mut tx = self.app.store.write().await.unwrap();
        let told = publish(&mut tx, &self.tenant, event, self.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
        self.app.wake_worker();
        told
    }

    pub(crate) async fn redeliver(&self, delivery: &DeliveryId) -> Result<(), Error> {
        let mut tx = self.app.store.write().await.unwrap();
        redeliver(&mut tx, &self.tenant, delivery, self.clock.now()).await?;
        tx.commit().await.unwrap();
        Ok(())
    }

    pub(crate) async fn set_enabled(&self, endpoint: &WebhookId, enabled: bool) {
        let mut tx = self.app.store.write().await.unwrap();
        assert!(webhooks::set_enabled(&mut tx, &self.tenant, endpoint, enabled).await.unwrap());
        tx.commit().await.unwrap();
    }

    /// Runs every job that is due.
    pub(crate) async fn drain(&self) {
        while self.worker.step().await.unwrap() {}
    }

    pub(crate) async fn endpoint(&self, id: &WebhookId) -> Endpoint {
        webhooks::find(&mut self.app.store.read().await.unwrap(), &self.tenant, id).await.unwrap().unwrap()
    }

    pub(crate) async fn deliveries(&self, endpoint: &WebhookId) -> Vec<Delivery> {
        let mut conn = self.app.store.read().await.unwrap();
        deliveries::list(&mut conn, &self.tenant, endpoint, None, 100).await.unwrap()
    }

    /// The only delivery to an endpoint, with its log.
    pub(crate) async fn delivery(&self, endpoint: &WebhookId) -> (Delivery, Vec<Attempt>) {
        let delivery = self.deliveries(endpoint).await.remove(0);
        let attempts = deliveries::attempts(&mut self.app.store.read().await.unwrap(), &delivery.id).await.unwrap();
        (delivery, attempts)
    }
}

/// An endpoint, and the secret that is shown once.
pub(crate) struct Registered {
    pub(crate) endpoint: Endpoint,
    pub(crate) secret: SigningSecret,
}
