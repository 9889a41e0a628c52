//! The way in.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{Html, IntoResponse, Redirect, Response};
use serde::{Deserialize, Serialize};

use super::shell::{Failed, open_page, sentence};
use crate::access::sign_in;
use crate::access::{Caller, LocalPath};
use crate::app::App;
use crate::error::Error;
use crate::http::extract::{Path, Query};
use crate::store::accounts;

#[derive(Deserialize)]
pub(super) struct Asked {
    /// The page to go on to.
    next: Option<String>,
}

#[derive(Serialize)]
struct SignInPage {
    next: String,
    email: &'static str,
    error: Option<String>,
    company_sign_in: Option<CompanySignIn>,
}

#[derive(Serialize)]
struct CompanySignIn {
    url: String,
    label: String,
}

pub(super) async fn page(
    State(app): State<Arc<App>>,
    known: Option<Caller>,
    Query(Asked { next }): Query<Asked>,
) -> Result<Response, Failed> {
    let next = LocalPath::or_home(next.as_deref());
    if known.is_some() {
        return Ok(Redirect::to(next.as_str()).into_response());
    }
    let settings = &app.settings.sign_on;
    let company_sign_in = settings.oidc_issuer.is_some().then(|| CompanySignIn {
        url: format!("/sign-in/oidc?{}", super::shell::query(&[("next", next.as_str())])),
        label: settings.oidc_name.clone(),
    });
    let view = SignInPage { next: next.as_str().to_owned(), email: "", error: None, company_sign_in };
    Ok(open_page("pages/sign-in.html", "Sign in", view)?.into_response())
}

#[derive(Serialize)]
struct LinkPage {
    workspace: String,
    link: LinkView,
}

#[derive(Default, Serialize)]
struct LinkView {
    valid: bool,
    reason: Option<String>,
    token: String,
    name: String,
    email: String,
    email_fixed: bool,
}

/// Opening the link uses nothing up: a mail program may do it before its reader does.
pub(super) async fn link_page(State(app): State<Arc<App>>, Path(token): Path<String>) -> Result<Html<String>, Failed> {
    let (workspace, link) = match sign_in::of_link(&app, &token).await {
        Ok(user) => {
            let mut conn = app.store.read().await.map_err(Error::from)?;
            let workspace = accounts::tenant_name(&mut conn, &user.tenant).await.map_err(Error::from)?;
            let email_fixed = user.email.is_some();
            let email = user.email.unwrap_or_default();
            (workspace, LinkView { valid: true, reason: None, token, name: user.name, email, email_fixed })
        }
        Err(Error::Unauthenticated(why)) => (None, LinkView { reason: Some(sentence(&why)), ..LinkView::default() }),
        Err(other) => return Err(other.into()),
    };
    // The tenant that every installation begins with has no name that anybody chose.
    let workspace = workspace.filter(|name| name != "local").unwrap_or_else(|| "Baton".to_owned());
    Ok(open_page("pages/sign-in-link.html", "Sign in", LinkPage { workspace, link })?)
}
