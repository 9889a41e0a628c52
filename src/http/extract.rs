//! What handlers take from a request; whatever cannot be read is a problem document that says why.

use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use utoipa::{IntoParams, ToSchema};

use super::problem::Problem;
use crate::error::Error;

/// Items of a page at most.
const MAX_PAGE: u32 = 200;
/// Items of a page unless asked otherwise.
const DEFAULT_PAGE: u32 = 50;

/// A JSON body.
pub(super) struct Json<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        match axum::Json::<T>::from_request(request, state).await {
            Ok(axum::Json(value)) => Ok(Self(value)),
            Err(JsonRejection::JsonDataError(error)) => Err(Error::Invalid(error.body_text()).into()),
            Err(error) if error.status() == StatusCode::PAYLOAD_TOO_LARGE => Err(Problem::body_too_large()),
            Err(JsonRejection::MissingJsonContentType(error)) => {
                Err(Problem::unsupported_media_type(error.body_text()))
            }
            Err(error) => Err(Problem::malformed(error.body_text())),
        }
    }
}

/// The id in the path.
pub(super) struct Path<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match axum::extract::Path::<T>::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(value)) => Ok(Self(value)),
            Err(PathRejection::FailedToDeserializePathParams(error)) => Err(Error::Invalid(error.body_text()).into()),
            Err(error) => Err(Problem::malformed(error.body_text())),
        }
    }
}

/// Which part of a list is asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct PageQuery {
    /// The `next_cursor` of the page before.
    pub(super) cursor: Option<String>,
    /// How many at most, 1 to 200; 50 unless given.
    limit: Option<u32>,
}

impl PageQuery {
    /// The part of a list that a query asks for among other things.
    pub(super) fn new(cursor: Option<String>, limit: Option<u32>) -> Self {
        Self { cursor, limit }
    }

    pub(super) fn limit(&self) -> Result<u32, Problem> {
        match self.limit.unwrap_or(DEFAULT_PAGE) {
            limit @ 1..=MAX_PAGE => Ok(limit),
            other => Err(Error::Invalid(format!("limit is {other}; it must be 1 to {MAX_PAGE}")).into()),
        }
    }

    /// The cursor as the id that it is.
    pub(super) fn after<T: std::str::FromStr>(&self) -> Result<Option<T>, Problem> {
        let parse = |cursor: &String| {
            cursor.parse().map_err(|_| {
                Problem::from(Error::Invalid("the cursor is not one that a page gave; start without one".to_owned()))
            })
        };
        self.cursor.as_ref().map(parse).transpose()
    }
}

/// The query string.
pub(super) struct Query<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let query = axum::extract::Query::<T>::from_request_parts(parts, state).await;
        query
            .map(|axum::extract::Query(value)| Self(value))
            .map_err(|error: QueryRejection| Problem::malformed(error.body_text()))
    }
}

/// One page of a list.
#[derive(Debug, serde::Serialize, ToSchema)]
pub(super) struct Page<T> {
    /// The entries.
    items: Vec<T>,
    /// Give it as `cursor` to read on; none on the last page.
    next_cursor: Option<String>,
}

impl<T> Page<T> {
    /// A page of at most `limit` of the `found`, of which the caller fetched one more to see whether there are more.
    pub(super) fn of(mut found: Vec<T>, limit: u32, cursor: impl Fn(&T) -> String) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = found.len() > limit;
        found.truncate(limit);
        let next_cursor = found.last().filter(|_| more).map(cursor);
        Self { items: found, next_cursor }
    }
}

/// The revision that the request was decided on, from `If-Match`.
pub(super) struct IfMatch(pub(super) i64);

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let value = parts.headers.get(header::IF_MATCH).ok_or_else(Problem::if_match_required)?;
        let revision = value.to_str().ok().and_then(|text| text.trim().trim_matches('"').parse().ok());
        revision
            .map(Self)
            .ok_or_else(|| Problem::malformed("If-Match must be the ETag that was read, for example `\"7\"`"))
    }
}

/// The `Idempotency-Key`, where the request has one.
pub(super) fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let Some(value) = headers.get("idempotency-key") else { return Ok(None) };
    match value.to_str() {
        Ok(key) if (1..=200).contains(&key.len()) => Ok(Some(key.to_owned())),
        _ => Err(Problem::malformed("Idempotency-Key must be 1 to 200 visible ASCII characters")),
    }
}

/// A revision as a strong `ETag`.
pub(super) fn etag(revision: i64) -> [(header::HeaderName, String); 1] {
    [(header::ETAG, format!("\"{revision}\""))]
}

/// A value that a change may leave out, take away (`null`) or set.
pub(super) mod nullable {
    use serde::{Deserialize, Deserializer};

    #[expect(clippy::option_option, reason = "left out, taken away, set: three cases")]
    pub(in crate::http) fn deserialize<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
        deserializer: D,
    ) -> Result<Option<Option<T>>, D::Error> {
        Option::<T>::deserialize(deserializer).map(Some)
    }
}
