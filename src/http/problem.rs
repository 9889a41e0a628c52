//! The only place that knows status codes: errors as `application/problem+json` after RFC 9457.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::pages;
use crate::domain::handoff::Missing;
use crate::error::Error;

/// A problem document.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Problem {
    /// Names the kind of problem; stable, for programs.
    #[serde(rename = "type")]
    kind: &'static str,
    /// The kind of problem, for people.
    title: &'static str,
    /// The HTTP status.
    status: u16,
    /// What happened here, where, and what to do.
    detail: String,
    /// Everything that is missing, where a handoff cannot be finalized yet.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    missing: Vec<Missing>,
    /// Seconds to wait before the next try.
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after_s: Option<u32>,
    /// Names the entry in the server's log, where the log knows more than the caller may.
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<String>,
}

/// A kind of problem: its name, its title, its status.
type Kind = (&'static str, &'static str, StatusCode);

const NOT_FOUND: Kind = ("urn:baton:problem:not-found", "Not found", StatusCode::NOT_FOUND);
const METHOD: Kind = ("urn:baton:problem:method-not-allowed", "Method not allowed", StatusCode::METHOD_NOT_ALLOWED);
const INVALID: Kind = ("urn:baton:problem:invalid", "Invalid request", StatusCode::UNPROCESSABLE_ENTITY);
const MALFORMED: Kind = ("urn:baton:problem:malformed", "Malformed request", StatusCode::BAD_REQUEST);
const TOO_LARGE: Kind = ("urn:baton:problem:too-large", "Upload too large", StatusCode::PAYLOAD_TOO_LARGE);
const MEDIA: Kind =
    ("urn:baton:problem:unsupported-media-type", "Unsupported media type", StatusCode::UNSUPPORTED_MEDIA_TYPE);
const CONFLICT: Kind = ("urn:baton:problem:conflict", "Conflict", StatusCode::CONFLICT);
const STALE: Kind = ("urn:baton:problem:stale", "Changed meanwhile", StatusCode::PRECONDITION_FAILED);
const NO_IF_MATCH: Kind =
    ("urn:baton:problem:if-match-required", "If-Match required", StatusCode::PRECONDITION_REQUIRED);
const GATE: Kind = ("urn:baton:problem:handoff-incomplete", "Handoff incomplete", StatusCode::CONFLICT);
const FORBIDDEN: Kind = ("urn:baton:problem:forbidden", "Forbidden", StatusCode::FORBIDDEN);
const UNAUTHENTICATED: Kind = ("urn:baton:problem:unauthenticated", "Not signed in", StatusCode::UNAUTHORIZED);
const TOO_MANY: Kind = ("urn:baton:problem:too-many-requests", "Too many requests", StatusCode::TOO_MANY_REQUESTS);
const UNAVAILABLE: Kind = ("urn:baton:problem:unavailable", "Unavailable", StatusCode::SERVICE_UNAVAILABLE);
const INTERNAL: Kind = ("urn:baton:problem:internal", "Internal error", StatusCode::INTERNAL_SERVER_ERROR);

impl Problem {
    fn new((kind, title, status): Kind, detail: impl Into<String>) -> Self {
        let detail = detail.into();
        Self {
            kind,
            title,
            status: status.as_u16(),
            detail,
            missing: Vec::new(),
            request_id: None,
            retry_after_s: None,
        }
    }

    /// The request cannot be read: not JSON, a broken multipart body, a parameter of the wrong shape.
    pub(super) fn malformed(detail: impl Into<String>) -> Self {
        Self::new(MALFORMED, detail)
    }

    /// The body is of a kind the route does not take.
    pub(super) fn unsupported_media_type(detail: impl Into<String>) -> Self {
        Self::new(MEDIA, detail)
    }

    /// The body is longer than the route takes.
    pub(super) fn body_too_large() -> Self {
        Self::new(TOO_LARGE, "the body is longer than 1 MiB; files go to `/v1/deals/{deal_id}/sources`")
    }

    /// The request must say which revision it decides on.
    pub(super) fn if_match_required() -> Self {
        Self::new(
            NO_IF_MATCH,
            "send the ETag that you read, as `If-Match: \"…\"`, so that nobody's change is overwritten",
        )
    }

    /// The request comes from where none may come from.
    pub(super) fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(FORBIDDEN, detail)
    }

    /// There is no such page.
    pub(super) fn no_page() -> Self {
        Self::new(NOT_FOUND, "there is no such page; the link may be old, or mistyped")
    }

    /// The entry in the server's log, where there is one.
    pub(super) fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    /// What happened, for a page.
    pub(super) fn detail(&self) -> &str {
        &self.detail
    }

    /// The kind of problem, for a page.
    pub(super) const fn title(&self) -> &'static str {
        self.title
    }

    /// The HTTP status.
    pub(super) fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let kind = match &error {
            Error::NotFound { .. } => NOT_FOUND,
            Error::Invalid(_) => INVALID,
            Error::TooLarge { .. } => TOO_LARGE,
            Error::Unauthenticated(_) => UNAUTHENTICATED,
            Error::Forbidden(_) => FORBIDDEN,
            Error::TooManyRequests { .. } => TOO_MANY,
            Error::Conflict(_) => CONFLICT,
            Error::Stale { .. } => STALE,
            Error::GateClosed { .. } => GATE,
            Error::Unavailable(_) => UNAVAILABLE,
            Error::Internal(_) => INTERNAL,
        };
        let mut problem = Self::new(kind, error.to_string());
        match error {
            Error::GateClosed { missing } => problem.missing = missing,
            Error::TooManyRequests { retry_after_s } => problem.retry_after_s = Some(retry_after_s),
            Error::Internal(cause) => {
                let request_id = format!("req_{}", Uuid::now_v7().simple());
                tracing::error!(request.id = request_id, error = ?cause, "request failed");
                problem.request_id = Some(request_id);
            }
            _ => {}
        }
        problem
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let (status, retry_after_s) = (self.status(), self.retry_after_s);
        let mut response = (status, axum::Json(self)).into_response();
        if status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = retry_after_s {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        let media_type = HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(header::CONTENT_TYPE, media_type);
        response
    }
}

/// The answer to a path that is neither a route nor a page.
pub(super) async fn no_such_route(headers: HeaderMap, uri: axum::http::Uri) -> Response {
    if pages::reads_pages(&headers) && !uri.path().starts_with("/v1/") {
        return pages::problem_page(Problem::no_page());
    }
    Problem::new(NOT_FOUND, format!("there is no route `{}`; `/v1/openapi.json` lists them all", uri.path()))
        .into_response()
}

/// The answer to a method that a route does not have.
pub(super) async fn no_such_method(method: axum::http::Method, uri: axum::http::Uri) -> Problem {
    Problem::new(METHOD, format!("`{}` does not take {method}; `/v1/openapi.json` lists what it takes", uri.path()))
}
