//! What every page shares: who looks at it, what it is called, and how it is answered.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use openidconnect::url::form_urlencoded::Serializer;
use serde::Serialize;

use crate::access::sign_in::Look;
use crate::access::{Act, Caller, LocalPath};
use crate::app::App;
use crate::domain::user::Role;
use crate::error::Error;
use crate::http::problem::Problem;
use crate::http::session;
use crate::render::{self, RenderError};
use crate::store::users;

/// Somebody who looks at a page. Whoever is not signed in is led to the sign-in page, and back afterwards.
pub(super) struct Visitor {
    /// Who it is.
    pub(super) caller: Caller,
    viewer: Viewer,
}

/// The viewer, for the page's head.
#[derive(Debug, Clone, Serialize)]
struct Viewer {
    name: String,
    initials: String,
    email: String,
    role: Role,
    role_label: &'static str,
    sees_patterns: bool,
    sees_settings: bool,
}

/// What the page is.
#[derive(Debug, Clone, Serialize)]
struct Head {
    title: String,
    section: &'static str,
    tab: Option<&'static str>,
}

#[derive(Serialize)]
struct Context<'a, T> {
    page: Head,
    viewer: Option<&'a Viewer>,
    flash: Option<&'a str>,
    #[serde(flatten)]
    content: T,
}

/// Which page it is, in the navigation and among the tabs of a deal.
#[derive(Debug, Clone, Copy)]
pub(super) enum Place {
    /// One of the deals' pages; the tab, where it has one.
    Deals(Option<&'static str>),
    /// Questions over everything.
    Ask,
    /// The ledger of promises.
    Ledger,
    /// Patterns.
    Patterns,
    /// Settings.
    Settings,
    /// The profile.
    Profile,
    /// None of these.
    Elsewhere,
}

impl Place {
    fn head(self, title: &str) -> Head {
        let (section, tab) = match self {
            Self::Deals(tab) => ("deals", tab),
            Self::Ask => ("ask", None),
            Self::Ledger => ("ledger", None),
            Self::Patterns => ("patterns", None),
            Self::Settings => ("settings", None),
            Self::Profile => ("profile", None),
            Self::Elsewhere => ("none", None),
        };
        Head { title: title.to_owned(), section, tab }
    }
}

impl Visitor {
    /// Fills a page's template.
    pub(super) fn page<T: Serialize>(
        &self,
        template: &'static str,
        title: &str,
        place: Place,
        content: T,
    ) -> Result<Html<String>, Problem> {
        fill(template, place.head(title), Some(&self.viewer), content)
    }

    /// The user's mail address.
    pub(super) fn email(&self) -> &str {
        &self.viewer.email
    }
}

/// Fills the template of a page that needs nobody signed in.
pub(super) fn open_page<T: Serialize>(
    template: &'static str,
    title: &str,
    content: T,
) -> Result<Html<String>, Problem> {
    fill(template, Place::Elsewhere.head(title), None, content)
}

/// Fills a piece of a page that a script puts into one.
pub(super) fn fragment<T: Serialize>(template: &'static str, content: &T) -> Result<Html<String>, Problem> {
    Ok(Html(render::render(template, content)?))
}

fn fill<T: Serialize>(
    template: &'static str,
    page: Head,
    viewer: Option<&Viewer>,
    content: T,
) -> Result<Html<String>, Problem> {
    let filled = Context { page, viewer, flash: None, content };
    Ok(Html(render::render(template, &filled)?))
}

impl FromRequestParts<Arc<App>> for Visitor {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Failed> {
        let caller = session::caller_of(&parts.headers, app, Look::Request).await?;
        let Some(caller) = caller else { return Err(Failed::SignIn(sign_in_address(parts))) };
        let mut conn = app.store.read().await.map_err(Error::from)?;
        let user = users::find(&mut conn, &caller.tenant, caller.person()?).await.map_err(Error::from)?;
        let email = user.and_then(|user| user.email).unwrap_or_default();
        let viewer = Viewer {
            name: caller.name.clone(),
            initials: initials(&caller.name),
            email,
            role: caller.role,
            role_label: role_label(caller.role),
            sees_patterns: caller.may(Act::SeePatterns),
            sees_settings: caller.may(Act::ManagePolicies),
        };
        Ok(Self { caller, viewer })
    }
}

/// The sign-in page, which leads back to the page that was asked for.
fn sign_in_address(parts: &Parts) -> String {
    let next = LocalPath::or_home(parts.uri.path_and_query().map(axum::http::uri::PathAndQuery::as_str));
    if next.as_str() == "/" {
        return "/sign-in".to_owned();
    }
    format!("/sign-in?{}", query(&[("next", next.as_str())]))
}

/// Pairs as the query of an address.
pub(super) fn query(pairs: &[(&str, &str)]) -> String {
    Serializer::new(String::new()).extend_pairs(pairs).finish()
}

/// Why there is no page.
pub(super) enum Failed {
    /// Nobody is signed in; where to do that.
    SignIn(String),
    /// Something else; told on a page.
    Problem(Problem),
}

impl<E: Into<Problem>> From<E> for Failed {
    fn from(error: E) -> Self {
        Self::Problem(error.into())
    }
}

#[derive(Serialize)]
struct ProblemPage {
    problem: ProblemView,
}

#[derive(Serialize)]
struct ProblemView {
    status: u16,
    title: &'static str,
    detail: String,
    request_id: Option<String>,
}

impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        match self {
            Self::SignIn(address) => Redirect::to(&address).into_response(),
            Self::Problem(problem) => problem_page(problem),
        }
    }
}

/// What the API says after "error:", as a sentence of a page.
pub(super) fn sentence(words: &str) -> String {
    let mut chars = words.chars();
    let first = chars.next().into_iter().flat_map(char::to_uppercase);
    let end = if words.ends_with(['.', '!', '?']) { "" } else { "." };
    first.chain(chars).chain(end.chars()).collect()
}

/// A problem as a page.
pub(in crate::http) fn problem_page(problem: Problem) -> Response {
    let status = problem.status();
    let view = ProblemView {
        status: status.as_u16(),
        title: problem.title(),
        detail: sentence(problem.detail()),
        request_id: problem.request_id().map(str::to_owned),
    };
    match open_page("pages/problem.html", problem.title(), ProblemPage { problem: view }) {
        Ok(html) => (status, html).into_response(),
        Err(_) => problem.into_response(),
    }
}

/// Whether whoever asks reads pages rather than documents.
pub(in crate::http) fn reads_pages(headers: &HeaderMap) -> bool {
    headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).is_some_and(|accept| accept.contains("text/html"))
}

impl From<RenderError> for Problem {
    fn from(error: RenderError) -> Self {
        Error::Internal(error.into()).into()
    }
}

/// The role in words.
pub(super) const fn role_label(role: Role) -> &'static str {
    match role {
        Role::Ae => "Account executive",
        Role::Csm => "Customer success manager",
        Role::RevOps => "Revenue operations",
        Role::Leader => "Leadership",
        Role::Admin => "Administrator",
    }
}

/// `Tess Okonjo` as `TO`.
fn initials(name: &str) -> String {
    let words: Vec<&str> = name.split_whitespace().collect();
    let ends = [words.first(), words.get(1..).and_then(<[&str]>::last)];
    ends.into_iter().flatten().filter_map(|word| word.chars().next()).flat_map(char::to_uppercase).collect()
}
