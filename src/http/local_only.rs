//! Until users and roles exist, only this machine may ask, and only on its own behalf.
//!
//! Listening on loopback keeps other machines out, but not the browser on this one: any web page can send requests to
//! `127.0.0.1`, and with DNS rebinding it can read the answers. So the `Host` must be a loopback name, and a request that a
//! page sent must come from a page of ours.

use axum::extract::Request;
use axum::http::uri::Authority;
use axum::http::{HeaderMap, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::problem::Problem;

pub(super) async fn guard(request: Request, next: Next) -> Response {
    let host =
        header_text(request.headers(), header::HOST).or_else(|| request.uri().authority().map(Authority::as_str));
    if !host.is_some_and(is_loopback) {
        return Problem::forbidden("the Host header must name this machine: 127.0.0.1, [::1] or localhost")
            .into_response();
    }
    let origin = header_text(request.headers(), header::ORIGIN);
    if origin.is_some_and(|origin| {
        origin.parse::<Uri>().ok().and_then(|o| Some(o.authority()?.as_str() == host?)) != Some(true)
    }) {
        return Problem::forbidden("this request was sent by a page of another origin").into_response();
    }
    next.run(request).await
}

fn header_text(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

/// Whether `host`, with or without a port, names this machine.
fn is_loopback(host: &str) -> bool {
    let name =
        host.rsplit_once(':').filter(|(_, port)| port.bytes().all(|b| b.is_ascii_digit())).map_or(host, |(n, _)| n);
    matches!(name, "127.0.0.1" | "[::1]" | "localhost")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loopback_names_are_this_machine() {
        for host in ["127.0.0.1", "127.0.0.1:7400", "[::1]:7400", "[::1]", "localhost:1"] {
            assert!(is_loopback(host), "{host}");
        }
        for host in ["evil.example", "127.0.0.1.evil.example:80", "localhost.evil.example", "", ":80", "::1"] {
            assert!(!is_loopback(host), "{host}");
        }
    }
}
