//! Use cases: accounts and deals are opened, and files come in.

use sha2::{Digest, Sha256};

use crate::app::App;
use crate::domain::deal::{Account, Deal, DealState, Source, SourceState};
use crate::domain::hash::{content_hash, hex};
use crate::domain::ids::{AccountId, DealId, JobId, SourceId};
use crate::error::Error;
use crate::store::idempotency::{self, GivenAnswer};
use crate::store::jobs::{self, Job};
use crate::store::{Conn, accounts, deals, sources};

/// Characters of a name at most.
const MAX_NAME_CHARS: usize = 200;

/// A file as it arrives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// Its name; directories in it are cut off.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// What became of one uploaded file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// The source that the file is now, or was already.
    pub source: Source,
    /// The job that reads it; none where the same bytes were there already.
    pub job: Option<JobId>,
}

/// An answer to an upload: made now, or the very one that was given to the same request before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UploadAnswer {
    /// The files were taken in now.
    Fresh(String),
    /// The answer given to the request with this key before.
    Repeated(String),
}

/// Opens an account.
///
/// # Errors
///
/// [`Error::Invalid`] when the name is empty or too long.
pub async fn open_account(app: &App, name: &str) -> Result<Account, Error> {
    let account = Account {
        id: AccountId::generate(),
        tenant: app.tenant.clone(),
        name: checked_name("account", name)?,
        created_at: app.clock.now(),
    };
    let mut tx = app.store.write().await?;
    accounts::insert(&mut tx, &account).await?;
    tx.commit().await?;
    Ok(account)
}

/// Opens a deal of an account.
///
/// # Errors
///
/// [`Error::NotFound`] when there is no such account; [`Error::Invalid`] when the name is empty or too long.
pub async fn open_deal(app: &App, account: &AccountId, name: &str) -> Result<Deal, Error> {
    let mut tx = app.store.write().await?;
    accounts::find(&mut tx, &app.tenant, account).await?.ok_or_else(|| Error::not_found("account", account))?;
    let deal = Deal {
        id: DealId::generate(),
        tenant: app.tenant.clone(),
        account_id: account.clone(),
        name: checked_name("deal", name)?,
        state: DealState::Collecting,
        revision: 0,
        created_at: app.clock.now(),
    };
    deals::insert(&mut tx, &deal).await?;
    tx.commit().await?;
    Ok(deal)
}

/// Takes files into a deal: kept, and queued for reading, in one transaction. When this returns they are on the disk.
///
/// `answer` makes the response body; with an `idempotency_key` it is kept in the same transaction and given again to the
/// same request.
///
/// # Errors
///
/// [`Error::NotFound`] when there is no such deal; [`Error::Invalid`] when a file is empty or the key was used for another
/// request; [`Error::TooLarge`] when a file is over the limit.
pub async fn upload(
    app: &App,
    deal: &DealId,
    files: Vec<Upload>,
    idempotency_key: Option<&str>,
    answer: impl FnOnce(&[Accepted]) -> String,
) -> Result<UploadAnswer, Error> {
    let files = files.into_iter().map(|file| checked_upload(app, file)).collect::<Result<Vec<_>, _>>()?;
    if files.is_empty() {
        return Err(Error::Invalid("the request holds no file; send at least one part with a file name".to_owned()));
    }
    let request_hash = request_hash(deal, &files);
    let mut tx = app.store.write().await?;
    if let Some(key) = idempotency_key
        && let Some(given) = idempotency::find(&mut tx, &app.tenant, key).await?
    {
        return repeated(given, &request_hash);
    }
    deals::find(&mut tx, &app.tenant, deal).await?.ok_or_else(|| Error::not_found("deal", deal))?;
    let mut accepted = Vec::with_capacity(files.len());
    for file in files {
        accepted.push(take_in(app, &mut tx, deal, file).await?);
    }
    let response = answer(&accepted);
    if let Some(key) = idempotency_key {
        let given = GivenAnswer { request_hash, response: response.clone() };
        idempotency::insert(&mut tx, &app.tenant, key, &given, app.clock.now()).await?;
    }
    tx.commit().await?;
    app.wake_worker();
    Ok(UploadAnswer::Fresh(response))
}

/// Has a deal drafted anew from the sources it has.
///
/// # Errors
///
/// [`Error::NotFound`] when there is no such deal.
pub async fn request_draft(app: &App, deal: &DealId) -> Result<JobId, Error> {
    let mut tx = app.store.write().await?;
    deals::find(&mut tx, &app.tenant, deal).await?.ok_or_else(|| Error::not_found("deal", deal))?;
    let job = Job::DraftDeal { deal: deal.clone() };
    let id = jobs::enqueue(&mut tx, &app.tenant, Some(deal), &job, app.clock.now()).await?;
    tx.commit().await?;
    app.wake_worker();
    Ok(id)
}

fn repeated(given: GivenAnswer, request_hash: &str) -> Result<UploadAnswer, Error> {
    if given.request_hash == request_hash {
        return Ok(UploadAnswer::Repeated(given.response));
    }
    Err(Error::Invalid("this Idempotency-Key was used for another request; use a new key for other files".to_owned()))
}

async fn take_in(app: &App, conn: &mut Conn, deal: &DealId, file: Upload) -> Result<Accepted, Error> {
    let hash = content_hash(&file.bytes);
    if let Some(source) = sources::find_by_hash(conn, deal, &hash).await? {
        return known(app, conn, source).await;
    }
    let source = Source {
        id: SourceId::generate(),
        tenant: app.tenant.clone(),
        deal_id: deal.clone(),
        name: file.name,
        content_hash: hash,
        size_bytes: i64::try_from(file.bytes.len()).unwrap_or(i64::MAX),
        state: SourceState::Queued,
        kind: None,
        format: None,
        error: None,
        created_at: app.clock.now(),
    };
    sources::insert(conn, &source, &file.bytes).await?;
    to_be_read(app, conn, source).await
}

/// The same bytes again: nothing to do, unless they could not be read the last time.
async fn known(app: &App, conn: &mut Conn, mut source: Source) -> Result<Accepted, Error> {
    if source.state != SourceState::Failed {
        return Ok(Accepted { source, job: None });
    }
    sources::set_queued(conn, &source.id).await?;
    (source.state, source.error) = (SourceState::Queued, None);
    to_be_read(app, conn, source).await
}

/// Queues the job that reads a source; the record of its deal has changed with it.
async fn to_be_read(app: &App, conn: &mut Conn, source: Source) -> Result<Accepted, Error> {
    deals::touch(conn, &source.deal_id).await?;
    let job = Job::IngestSource { source: source.id.clone() };
    let job = jobs::enqueue(conn, &app.tenant, Some(&source.deal_id), &job, app.clock.now()).await?;
    Ok(Accepted { source, job: Some(job) })
}

fn checked_upload(app: &App, file: Upload) -> Result<Upload, Error> {
    let base = file.name.rsplit(['/', '\\']).next().unwrap_or_default();
    let name = checked_name("file", base)?;
    let limit_bytes = app.settings.server.max_upload_bytes;
    if file.bytes.len() > limit_bytes {
        return Err(Error::TooLarge { name, limit_bytes });
    }
    if file.bytes.is_empty() {
        return Err(Error::Invalid(format!("`{name}` is empty; export it again and upload the new file")));
    }
    Ok(Upload { name, bytes: file.bytes })
}

fn checked_name(what: &str, name: &str) -> Result<String, Error> {
    let name: String = name.trim().chars().filter(|c| !c.is_control() && !is_bidi_control(*c)).collect();
    match name.chars().count() {
        0 => Err(Error::Invalid(format!("the {what}'s name is empty; give it one"))),
        n if n > MAX_NAME_CHARS => {
            Err(Error::Invalid(format!("the {what}'s name has {n} characters; at most {MAX_NAME_CHARS} are taken")))
        }
        _ => Ok(name),
    }
}

/// Marks that turn the direction of text: in a name they can make one file look like another.
pub(crate) const fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Tells one upload request from another, whatever its encoding was.
fn request_hash(deal: &DealId, files: &[Upload]) -> String {
    let mut hasher = Sha256::new();
    hasher.update(deal.as_str());
    for file in files {
        hasher.update([0]);
        hasher.update(&file.name);
        hasher.update([0]);
        hasher.update(Sha256::digest(&file.bytes));
    }
    hex(&hasher.finalize())
}
