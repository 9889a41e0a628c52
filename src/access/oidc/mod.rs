//! The company's own sign-on: OpenID Connect, by authorization code with PKCE.
//!
//! A sign-on belongs to the browser that began it. Its state is in that browser's cookie; a link that somebody else began ends
//! nowhere, so nobody can be made to work under another's name.

mod provider;
mod transport;

use std::time::Duration;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;

pub use provider::Provider;

use super::secret::{Secret, hash_of};
use super::sign_in::{self, SignedIn};
use super::{Caller, LocalPath, Means};
use crate::app::App;
use crate::audit::{self, Change};
use crate::domain::user::{User, UserKind, UserState};
use crate::error::Error;
use crate::store::sign_on::{self, Flow};
use crate::store::{Conn, sessions, users};
use provider::Identity;

/// How long a sign-on may take, from the first click to the way back.
pub const FLOW: Duration = Duration::from_mins(10);

/// A sign-on that has begun.
#[derive(Debug)]
pub struct Begun {
    /// Where the browser goes now.
    pub question: String,
    /// What it has to come back with, for its cookie.
    pub state: Secret,
}

/// What the provider sends a browser back with.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Return {
    state: Option<String>,
    code: Option<String>,
    error: Option<String>,
}

fn provider(app: &App) -> Result<&Provider, Error> {
    app.sign_on.as_ref().ok_or_else(|| {
        Error::Conflict(
            "this Baton knows no company sign-on; it takes --oidc-issuer and --oidc-client-id at its start".to_owned(),
        )
    })
}

/// Begins a sign-on that is to end on the page `return_to`.
///
/// # Errors
///
/// [`Error::Unavailable`] when the provider does not answer; [`Error::Conflict`] when there is none.
pub async fn begin(app: &App, return_to: &LocalPath) -> Result<Begun, Error> {
    let now = app.clock.now();
    let (state, nonce, verifier) = (Secret::generate("")?, Secret::generate("")?, Secret::generate("")?);
    let question = provider(app)?.question(now, &state, &nonce, &verifier).await?;
    let flow = Flow {
        nonce_hash: nonce.hash(),
        pkce_verifier: verifier.expose().to_owned(),
        return_to: return_to.as_str().to_owned(),
    };
    let mut tx = app.store.write().await?;
    sessions::delete_expired(&mut tx, now).await?;
    sign_on::insert(&mut tx, &state.hash(), &flow, now + FLOW).await?;
    tx.commit().await?;
    Ok(Begun { question, state })
}

/// Ends a sign-on with a session, and says which page was asked for. `kept` is what the browser's cookie holds.
///
/// # Errors
///
/// [`Error::Unauthenticated`] when another browser began it, it was ended already or has run out, or nothing is proven;
/// [`Error::Forbidden`] when the person may not come in; [`Error::Unavailable`] when the provider does not answer.
pub async fn end(
    app: &App,
    back: Return,
    kept: Option<&str>,
    user_agent: Option<String>,
) -> Result<(SignedIn, LocalPath), Error> {
    let provider = provider(app)?;
    let now = app.clock.now();
    let flow = take(app, back.state.as_deref(), kept, now).await?;
    let code = match (back.code, back.error) {
        (Some(code), None) => code,
        (_, refusal) => return Err(refused(refusal.as_deref())),
    };
    let identity = provider.identify(now, code, &flow).await?;
    let mut tx = app.store.write().await?;
    let user = admit(&mut tx, &identity, now).await?;
    let signed_in = sign_in::begin(&mut tx, user, user_agent, now).await?;
    tx.commit().await?;
    Ok((signed_in, LocalPath::or_home(Some(&flow.return_to))))
}

/// The sign-on that this browser began, which is then used up whatever comes of it.
async fn take(app: &App, state: Option<&str>, kept: Option<&str>, now: Timestamp) -> Result<Flow, Error> {
    let lost = || {
        Error::Unauthenticated(
            "this sign-on was not begun in this browser, has ended already or took too long; begin again from the sign-in \
             page"
            .to_owned(),
        )
    };
    let state = state.map(hash_of).filter(|state| kept.map(hash_of).as_ref() == Some(state)).ok_or_else(lost)?;
    let mut tx = app.store.write().await?;
    let flow = sign_on::take(&mut tx, &state, now).await?;
    tx.commit().await?;
    flow.ok_or_else(lost)
}

/// The provider sent the browser back without a code.
fn refused(code: Option<&str>) -> Error {
    tracing::warn!(code, "the sign-on provider refused a sign-on");
    match code {
        Some("server_error" | "temporarily_unavailable") => {
            Error::Unavailable("the company's sign-on cannot answer now; try again in a while".to_owned())
        }
        _ => Error::Forbidden("the company's sign-on did not let you in; try again, or ask an admin".to_owned()),
    }
}

/// Whoever the provider has named: known by their subject, or invited by their mail address and from now on known.
async fn admit(conn: &mut Conn, identity: &Identity, now: Timestamp) -> Result<User, Error> {
    if let Some(known) = users::find_by_oidc(conn, &identity.issuer, &identity.subject).await? {
        return active(known.user);
    }
    let invited = users::find_by_email(conn, &identity.email).await?.map(|known| known.user);
    let invited = invited.filter(|user| user.kind == UserKind::Person).ok_or_else(|| {
        Error::Forbidden("nobody with your mail address was invited to Baton; ask an admin to invite you".to_owned())
    })?;
    let user = active(invited)?;
    tie(conn, &user, identity, now).await?;
    Ok(user)
}

fn active(user: User) -> Result<User, Error> {
    match user.state {
        UserState::Active => Ok(user),
        UserState::Deactivated => Err(Error::Forbidden("your account is deactivated; ask an admin".to_owned())),
    }
}

async fn tie(conn: &mut Conn, user: &User, identity: &Identity, now: Timestamp) -> Result<(), Error> {
    if !sign_on::tie(conn, &user.id, &identity.issuer, &identity.subject).await? {
        return Err(Error::Forbidden(
            "your mail address belongs to another account of the company's sign-on; ask an admin".to_owned(),
        ));
    }
    let change = Change {
        action: "user.sign_on_tied",
        subject: user.id.to_string(),
        after: Some(json!({"issuer": identity.issuer, "subject": identity.subject})),
        ..Change::default()
    };
    audit::record(conn, &Caller::of(user.clone(), Means::Console), change, now).await
}
