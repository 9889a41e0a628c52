//! Use cases: accounts and deals are opened, and files come in.

pub(crate) mod replace;

use serde_json::json;
use sha2::{Digest, Sha256};

use crate::access::{Act, Caller};
use crate::app::App;
use crate::audit::{self, Change};
use crate::domain::deal::{Account, Deal, DealState, DealTerms, Source, SourceState};
use crate::domain::hash::{content_hash, hex};
use crate::domain::ids::{AccountId, DealId, JobId, SourceId};
use crate::error::Error;
use crate::handover::checked_terms;
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
/// [`Error::Forbidden`] after the caller's rights; [`Error::Invalid`] when the name is empty or too long.
pub async fn open_account(app: &App, caller: &Caller, name: &str) -> Result<Account, Error> {
    caller.require(Act::OpenDeal)?;
    let account = Account {
        id: AccountId::generate(),
        tenant: caller.tenant.clone(),
        name: checked_name("account", name)?,
        created_at: app.clock.now(),
    };
    let mut tx = app.store.write().await?;
    add_account(&mut tx, caller, &account).await?;
    tx.commit().await?;
    Ok(account)
}

pub(crate) async fn add_account(conn: &mut Conn, caller: &Caller, account: &Account) -> Result<(), Error> {
    accounts::insert(conn, account, caller.user.as_ref()).await?;
    let change = Change {
        action: "account.opened",
        subject: account.id.to_string(),
        after: Some(json!({"name": account.name})),
        ..Change::default()
    };
    audit::record(conn, caller, change, account.created_at).await
}

/// The account of this name that the caller may see; opened, if there is none.
///
/// # Errors
///
/// As [`open_account`].
pub async fn account_named(app: &App, caller: &Caller, name: &str) -> Result<Account, Error> {
    caller.require(Act::OpenDeal)?;
    let name = checked_name("account", name)?;
    let mut conn = app.store.read().await?;
    let known = accounts::find_by_name(&mut conn, &caller.tenant, &caller.sight(), &name).await?;
    drop(conn);
    match known {
        Some(account) => Ok(account),
        None => open_account(app, caller, &name).await,
    }
}

/// Opens a deal of an account; it is the caller's own.
///
/// # Errors
///
/// [`Error::NotFound`] when there is no such account within the caller's reach; [`Error::Forbidden`]; [`Error::Invalid`] when
/// the name is empty or too long.
pub async fn open_deal(
    app: &App,
    caller: &Caller,
    account: &AccountId,
    name: &str,
    terms: DealTerms,
) -> Result<Deal, Error> {
    let mut tx = app.store.write().await?;
    caller.account(&mut tx, account, Act::OpenDeal).await?;
    let deal = Deal {
        id: DealId::generate(),
        tenant: caller.tenant.clone(),
        account_id: account.clone(),
        name: checked_name("deal", name)?,
        state: DealState::Collecting,
        owner: caller.user.clone(),
        csm: None,
        terms: checked_terms(terms)?,
        revision: 0,
        created_at: app.clock.now(),
    };
    add_deal(&mut tx, caller, &deal).await?;
    tx.commit().await?;
    Ok(deal)
}

pub(crate) async fn add_deal(conn: &mut Conn, caller: &Caller, deal: &Deal) -> Result<(), Error> {
    deals::insert(conn, deal).await?;
    let change = Change {
        action: "deal.opened",
        subject: deal.id.to_string(),
        deal: Some(&deal.id),
        after: Some(json!({"name": deal.name, "account": deal.account_id, "owner": deal.owner})),
        ..Change::default()
    };
    audit::record(conn, caller, change, deal.created_at).await
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
    caller: &Caller,
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
    caller.deal(&mut tx, deal, Act::Collect).await?;
    if let Some(key) = idempotency_key
        && let Some(given) = idempotency::find(&mut tx, &caller.tenant, key).await?
    {
        return repeated(given, &request_hash);
    }
    let mut accepted = Vec::with_capacity(files.len());
    for file in files {
        accepted.push(take_in(app, caller, &mut tx, deal, file, None).await?);
    }
    let response = answer(&accepted);
    if let Some(key) = idempotency_key {
        let given = GivenAnswer { request_hash, response: response.clone() };
        idempotency::insert(&mut tx, &caller.tenant, key, &given, app.clock.now()).await?;
    }
    tx.commit().await?;
    app.wake_worker();
    Ok(UploadAnswer::Fresh(response))
}

/// Takes in a corrected version of a source. It takes the source's place once it is read: what was cited is found again in it, or
/// shown as broken.
///
/// # Errors
///
/// [`Error::NotFound`] when there is no such source; [`Error::Conflict`] when another version took its place already; as
/// [`upload`] for the file.
pub async fn correct(app: &App, caller: &Caller, id: &SourceId, file: Upload) -> Result<Accepted, Error> {
    let file = checked_upload(app, file)?;
    let mut tx = app.store.write().await?;
    let source = caller.source(&mut tx, id, Act::Collect).await?;
    if let Some(by) = &source.replaced_by {
        return Err(Error::Conflict(format!("another version took the place of this source: correct {by} instead")));
    }
    let accepted = take_in(app, caller, &mut tx, &source.deal_id, file, Some(id)).await?;
    tx.commit().await?;
    app.wake_worker();
    Ok(accepted)
}

/// Has a deal drafted anew from the sources it has.
///
/// # Errors
///
/// [`Error::NotFound`] when there is no such deal.
pub async fn request_draft(app: &App, caller: &Caller, deal: &DealId) -> Result<JobId, Error> {
    let mut tx = app.store.write().await?;
    caller.deal(&mut tx, deal, Act::Collect).await?;
    let (id, now) = (queue_draft(app, caller, &mut tx, deal).await?, app.clock.now());
    let change = Change { action: "draft.requested", subject: deal.to_string(), deal: Some(deal), ..Change::default() };
    audit::record(&mut tx, caller, change, now).await?;
    tx.commit().await?;
    app.wake_worker();
    Ok(id)
}

/// Queues the job that drafts a deal from the sources it has.
pub(crate) async fn queue_draft(app: &App, caller: &Caller, conn: &mut Conn, deal: &DealId) -> Result<JobId, Error> {
    let job = Job::DraftDeal { deal: deal.clone() };
    Ok(jobs::enqueue(conn, &caller.tenant, Some(deal), &job, app.clock.now()).await?)
}

fn repeated(given: GivenAnswer, request_hash: &str) -> Result<UploadAnswer, Error> {
    if given.request_hash == request_hash {
        return Ok(UploadAnswer::Repeated(given.response));
    }
    Err(Error::Invalid("this Idempotency-Key was used for another request; use a new key for other files".to_owned()))
}

pub(crate) async fn take_in(
    app: &App,
    caller: &Caller,
    conn: &mut Conn,
    deal: &DealId,
    file: Upload,
    replaces: Option<&SourceId>,
) -> Result<Accepted, Error> {
    let hash = content_hash(&file.bytes);
    if let Some(source) = sources::find_by_hash(conn, deal, &hash).await? {
        return known(app, conn, source).await;
    }
    let source = Source {
        id: SourceId::generate(),
        tenant: caller.tenant.clone(),
        deal_id: deal.clone(),
        name: file.name,
        content_hash: hash,
        size_bytes: i64::try_from(file.bytes.len()).unwrap_or(i64::MAX),
        state: SourceState::Queued,
        kind: None,
        format: None,
        error: None,
        replaces: replaces.cloned(),
        replaced_by: None,
        created_at: app.clock.now(),
    };
    sources::insert(conn, &source, &file.bytes).await?;
    let change = Change {
        action: "source.uploaded",
        subject: source.id.to_string(),
        deal: Some(deal),
        after: Some(json!({
            "name": source.name, "content_hash": source.content_hash, "size_bytes": source.size_bytes, "replaces": source.replaces,
        })),
        ..Change::default()
    };
    audit::record(conn, caller, change, source.created_at).await?;
    to_be_read(app, conn, source).await
}

/// The same bytes again: nothing to do, unless they could not be read the last time, or another version took their place since.
async fn known(app: &App, conn: &mut Conn, mut source: Source) -> Result<Accepted, Error> {
    if matches!(source.state, SourceState::Queued | SourceState::Ready) {
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
    let job = jobs::enqueue(conn, &source.tenant, Some(&source.deal_id), &job, app.clock.now()).await?;
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

pub(crate) fn checked_name(what: &str, name: &str) -> Result<String, Error> {
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
