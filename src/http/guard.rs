//! What every request goes through before a handler sees it: the host it was sent to, the page that sent it, how often its
//! sender asks; and what every answer carries.
//!
//! Cross-site requests are told by what browsers say of themselves (`Sec-Fetch-Site`, else `Origin` against `Host`), after
//! Filippo Valsorda's "Cross-Site Request Forgery" (2025), which Go's `CrossOriginProtection` follows; cookies are `SameSite`
//! besides. Programs send neither header and carry tokens, which no page can add.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::num::NonZeroU32;
use std::sync::Arc;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use super::problem::Problem;
use super::session;
use crate::access::secret::hash_of;
use crate::config::ListenSettings;
use crate::error::Error;

/// Where Baton is reached, and how often one sender may ask.
pub(super) struct Guard {
    /// Host names that requests may name, beside loopback.
    public_host: Option<String>,
    /// Whether browsers reach it over TLS only.
    secure: bool,
    requests: DefaultKeyedRateLimiter<String>,
    sign_ins: DefaultKeyedRateLimiter<IpAddr>,
}

/// Requests of one sender in a row, as a multiple of those per second: a page asks for a dozen things at once.
const BURST: u32 = 6;
/// Sign-ins from one address in a row, and per minute after that.
const SIGN_INS: u32 = 20;
/// Senders remembered at once: whoever makes up credentials is somebody new with each request, and fills no memory by it.
const MAX_SENDERS: usize = 10_000;

const fn per(n: u32) -> NonZeroU32 {
    match NonZeroU32::new(n) {
        Some(n) => n,
        None => NonZeroU32::MIN,
    }
}

impl Guard {
    /// For a Baton that is reached as the settings say.
    pub(super) fn new(settings: &ListenSettings) -> Self {
        let per_second = settings.requests_per_second;
        let requests = Quota::per_second(per_second).allow_burst(per_second.saturating_mul(per(BURST)));
        Self {
            public_host: settings
                .public_url
                .as_ref()
                .and_then(Uri::authority)
                .map(|authority| authority.as_str().to_owned()),
            secure: settings.is_secure(),
            requests: RateLimiter::keyed(requests),
            sign_ins: RateLimiter::keyed(Quota::per_minute(per(SIGN_INS))),
        }
    }

    /// For a Baton that serves nobody: the document of its routes is made the same way as the routes.
    pub(super) fn idle() -> Self {
        let per = Quota::per_second(NonZeroU32::MIN);
        Self { public_host: None, secure: false, requests: RateLimiter::keyed(per), sign_ins: RateLimiter::keyed(per) }
    }

    fn is_ours(&self, host: &str) -> bool {
        is_loopback(host) || self.public_host.as_deref().is_some_and(|ours| ours.eq_ignore_ascii_case(host))
    }
}

/// Lets through what may come in, and marks what goes out.
pub(super) async fn guard(State(guard): State<Arc<Guard>>, request: Request, next: Next) -> Response {
    let is_page = !request.uri().path().starts_with("/assets/");
    let mut response = match admit(&guard, &request) {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.into_response(),
    };
    mark(response.headers_mut(), guard.secure, is_page);
    response
}

fn admit(guard: &Guard, request: &Request) -> Result<(), Problem> {
    let headers = request.headers();
    let host = text(headers, &header::HOST).or_else(|| request.uri().authority().map(Authority::as_str));
    let Some(host) = host.filter(|host| guard.is_ours(host)) else {
        return Err(Problem::forbidden(
            "the Host header names another server; Baton answers to loopback names and to its --public-url",
        ));
    };
    if !request.method().is_safe() && is_cross_site(headers, host) {
        return Err(Problem::forbidden("this request was sent by a page of another origin"));
    }
    if guard.requests.len() > MAX_SENDERS {
        guard.requests.retain_recent();
    }
    let waits = guard.requests.check_key(&sender(guard, request)).err();
    match waits {
        Some(until) => Err(too_many(until.wait_time_from(DefaultClock::default().now()).as_secs())),
        None => Ok(()),
    }
}

fn too_many(seconds: u64) -> Problem {
    Error::TooManyRequests { retry_after_s: u32::try_from(seconds.max(1)).unwrap_or(u32::MAX) }.into()
}

/// Who is counted: the credentials where there are some, else the address. (Behind a proxy all addresses are the proxy's.)
fn sender(guard: &Guard, request: &Request) -> String {
    let headers = request.headers();
    let credentials = session::bearer(headers).or_else(|| session::cookie_secret(headers, guard.secure));
    credentials.map_or_else(|| address(request).to_string(), |secret| hash_of(&secret))
}

fn address(request: &Request) -> IpAddr {
    let info = request.extensions().get::<ConnectInfo<SocketAddr>>();
    info.map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |info| network(info.0.ip()))
}

/// Whose address it is: of IPv6, everybody has 2^64.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & !u128::from(u64::MAX))),
        v4 @ IpAddr::V4(_) => v4,
    }
}

/// Holds sign-ins back that come too often from one address, whoever they are for.
pub(super) async fn sign_ins(State(guard): State<Arc<Guard>>, request: Request, next: Next) -> Response {
    if guard.sign_ins.len() > MAX_SENDERS {
        guard.sign_ins.retain_recent();
    }
    match guard.sign_ins.check_key(&address(&request)) {
        Ok(()) => next.run(request).await,
        Err(until) => too_many(until.wait_time_from(DefaultClock::default().now()).as_secs()).into_response(),
    }
}

/// Whether a browser sent it on behalf of another site's page.
fn is_cross_site(headers: &HeaderMap, host: &str) -> bool {
    if let Some(site) = text(headers, &HeaderName::from_static("sec-fetch-site")) {
        return !matches!(site, "same-origin" | "none");
    }
    let Some(origin) = text(headers, &header::ORIGIN) else { return false };
    let authority = origin.parse::<Uri>().ok().and_then(|uri| uri.authority().map(|a| a.as_str().to_owned()));
    authority.as_deref() != Some(host)
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// What a page may load: what this server gives it, and no script or style that stands in the page itself.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; \
     form-action 'self'; frame-ancestors 'none'",
);

fn mark(headers: &mut HeaderMap, secure: bool, private: bool) {
    headers.insert(header::CONTENT_SECURITY_POLICY, POLICY);
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert("cross-origin-opener-policy", HeaderValue::from_static("same-origin"));
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("same-origin"));
    if secure {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    if private {
        // Words of a deal are in no cache: not the browser's after a sign-out, not a proxy's.
        headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    }
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

    #[test]
    fn a_network_of_ipv6_is_one_sender() {
        let of = |text: &str| network(text.parse().unwrap());
        assert_eq!(of("2001:db8:1:2:3:4:5:6"), of("2001:db8:1:2::9"));
        assert_ne!(of("2001:db8:1:2::9"), of("2001:db8:1:3::9"));
        assert_eq!((of("::ffff:10.0.0.7"), of("10.0.0.7")), (of("10.0.0.7"), "10.0.0.7".parse::<IpAddr>().unwrap()));
    }

    #[test]
    fn what_a_page_of_another_site_sends_is_told() {
        let headers = |pairs: &[(&'static str, &'static str)]| {
            pairs.iter().map(|(k, v)| (HeaderName::from_static(k), HeaderValue::from_static(v))).collect::<HeaderMap>()
        };
        let host = "baton.example";
        for cross in [
            headers(&[("sec-fetch-site", "cross-site"), ("origin", "https://baton.example")]),
            headers(&[("sec-fetch-site", "same-site")]),
            headers(&[("origin", "https://evil.example")]),
            headers(&[("origin", "null")]),
        ] {
            assert!(is_cross_site(&cross, host), "{cross:?}");
        }
        for own in [
            headers(&[]),
            headers(&[("sec-fetch-site", "same-origin")]),
            headers(&[("sec-fetch-site", "none")]),
            headers(&[("origin", "https://baton.example")]),
        ] {
            assert!(!is_cross_site(&own, host), "{own:?}");
        }
    }
}
