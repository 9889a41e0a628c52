//! Where a webhook may go: not to places that only this machine should reach.
//!
//! Addresses in the company's own network are allowed, for that is where many receivers are. What is never one is a cloud's
//! metadata service, which hands credentials to whoever asks from the right machine.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use reqwest::Url;

/// Characters of a URL at most.
const MAX_URL_CHARS: usize = 2000;
/// Metadata services outside of the link-local ranges: Alibaba Cloud, Oracle Cloud, AWS.
const METADATA: [IpAddr; 3] = [
    IpAddr::V4(Ipv4Addr::new(100, 100, 100, 200)),
    IpAddr::V4(Ipv4Addr::new(192, 0, 0, 192)),
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254)),
];

/// A URL that a webhook may be sent to. What it is comes from the same parser that sends the request later, so that both
/// agree on the host. `Debug` shows the host only: the rest may be a secret.
#[derive(Clone, PartialEq, Eq)]
pub struct EndpointUrl(Url);

/// Why a webhook cannot be sent to a URL.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidUrl {
    /// It is no URL.
    #[error("this is no URL: {0}; write one such as https://example.com/hooks/baton")]
    Unreadable(String),
    /// It is too long.
    #[error("the URL has {0} characters; at most {MAX_URL_CHARS} are taken")]
    TooLong(usize),
    /// Neither `https` nor `http`.
    #[error("a webhook cannot be sent by `{0}`; use https")]
    Scheme(String),
    /// What is sent could be read on the way.
    #[error("`{0}` would be sent to in clear; use https (http is taken for this machine only)")]
    InClear(String),
    /// A name and password stand in it.
    #[error(
        "the URL holds a user name or password; leave it out: messages are signed, which proves where they come from"
    )]
    Credentials,
    /// The host is reserved.
    #[error("`{0}` is a link-local or metadata address, which no webhook is sent to")]
    Reserved(String),
}

impl EndpointUrl {
    /// The whole URL, for sending and for those who may manage it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Scheme, host and port: what may be shown to anybody.
    #[must_use]
    pub fn origin(&self) -> String {
        self.0.origin().ascii_serialization()
    }

    pub(super) fn url(&self) -> Url {
        self.0.clone()
    }
}

impl FromStr for EndpointUrl {
    type Err = InvalidUrl;

    fn from_str(text: &str) -> Result<Self, InvalidUrl> {
        let text = text.trim();
        let length = text.chars().count();
        if length > MAX_URL_CHARS {
            return Err(InvalidUrl::TooLong(length));
        }
        let mut url = Url::parse(text).map_err(|error| InvalidUrl::Unreadable(error.to_string()))?;
        if !matches!(url.scheme(), "https" | "http") {
            return Err(InvalidUrl::Scheme(url.scheme().to_owned()));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(InvalidUrl::Credentials);
        }
        let host = url.host_str().unwrap_or_default().to_owned();
        let literal: Option<IpAddr> = host.trim_matches(['[', ']']).parse().ok();
        if literal.is_some_and(is_reserved) {
            return Err(InvalidUrl::Reserved(host));
        }
        let is_here = literal.map_or_else(|| is_localhost(&host), |address| unwrapped(address).is_loopback());
        if url.scheme() == "http" && !is_here {
            return Err(InvalidUrl::InClear(host));
        }
        url.set_fragment(None);
        Ok(Self(url))
    }
}

impl fmt::Debug for EndpointUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EndpointUrl({}/…)", self.origin())
    }
}

/// Whether a name that resolved to `address` may be called there. Checked anew with each request: what a name means can
/// change after it was entered.
#[must_use]
pub fn may_be_called(host: &str, address: IpAddr) -> bool {
    // Over plain http only this machine may be called; what is named so has to be it.
    !is_reserved(address) && (!is_localhost(host) || unwrapped(address).is_loopback())
}

fn is_localhost(host: &str) -> bool {
    host.trim_end_matches('.').eq_ignore_ascii_case("localhost")
}

fn is_reserved(address: IpAddr) -> bool {
    let address = unwrapped(address);
    let is_local_to_link = match address {
        IpAddr::V4(v4) => v4.is_link_local() || v4.is_broadcast(),
        IpAddr::V6(v6) => v6.is_unicast_link_local(),
    };
    is_local_to_link || address.is_unspecified() || address.is_multicast() || METADATA.contains(&address)
}

/// An IPv4 address that travels as an IPv6 one (mapped, or behind NAT64), as what it is.
fn unwrapped(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(v6) => match v6.segments() {
            [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
                let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
                IpAddr::V4(Ipv4Addr::new(a, b, c, d))
            }
            _ => v6.to_canonical(),
        },
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn https_is_taken_and_http_for_this_machine_only() {
        for text in [
            "https://example.com/hooks/baton?token=1",
            "https://10.1.2.3:8443/",
            "https://[2001:db8::1]/x",
            "http://127.0.0.1:8080/hook",
            "http://localhost:8080/hook",
            "http://LOCALHOST./hook",
            "http://[::1]:8080/hook",
            "http://[::ffff:127.0.0.1]/hook",
            "http://127.1/hook",
        ] {
            assert!(text.parse::<EndpointUrl>().is_ok(), "{text}: {:?}", text.parse::<EndpointUrl>());
        }
    }

    #[test]
    fn what_is_refused_is_told_why() {
        let long = format!("https://example.com/{}", "x".repeat(MAX_URL_CHARS));
        for (text, expected) in [
            ("", "no URL"),
            ("example.com/hook", "no URL"),
            ("https://", "no URL"),
            ("ftp://example.com/", "`ftp`"),
            ("file:///etc/passwd", "`file`"),
            ("javascript:alert(1)", "`javascript`"),
            ("http://example.com/hook", "in clear"),
            ("http://10.1.2.3/hook", "in clear"),
            ("http://localhost.example.com/hook", "in clear"),
            ("http://127.0.0.1.example.com/hook", "in clear"),
            ("https://dana:secret@example.com/", "user name or password"),
            ("https://dana@example.com/", "user name or password"),
            ("https://169.254.169.254/latest/meta-data", "link-local or metadata"),
            // The same address in other writings.
            ("https://2852039166/", "link-local or metadata"),
            ("https://0xa9fea9fe/", "link-local or metadata"),
            ("https://0251.0376.0251.0376/", "link-local or metadata"),
            ("https://[::ffff:169.254.169.254]/", "link-local or metadata"),
            ("https://[64:ff9b::a9fe:a9fe]/", "link-local or metadata"),
            ("https://[fe80::1]/", "link-local or metadata"),
            ("https://[fd00:ec2::254]/", "link-local or metadata"),
            ("https://100.100.100.200/", "link-local or metadata"),
            ("https://0.0.0.0/", "link-local or metadata"),
            ("https://[::]/", "link-local or metadata"),
            (&long, "at most 2000"),
        ] {
            let error = text.parse::<EndpointUrl>().map(|url| url.as_str().to_owned()).unwrap_err();
            assert!(error.to_string().contains(expected), "{text}: {error}");
        }
    }

    #[test]
    fn a_name_may_not_lead_where_an_address_may_not() {
        let address = |text: &str| text.parse::<IpAddr>().unwrap();
        assert!(may_be_called("example.com", address("93.184.216.34")));
        assert!(may_be_called("hooks.internal", address("10.0.0.7")));
        assert!(may_be_called("localhost", address("127.0.0.1")));
        assert!(!may_be_called("localhost", address("10.0.0.7")));
        assert!(!may_be_called("metadata.google.internal", address("169.254.169.254")));
        assert!(!may_be_called("rebound.example.com", address("::ffff:169.254.169.254")));
        assert!(!may_be_called("rebound.example.com", address("fe80::1")));
    }

    #[test]
    fn debug_output_shows_the_host_only() {
        let url: EndpointUrl = "https://hooks.slack.com/services/T0/B0/secret#x".parse().unwrap();
        assert_eq!(format!("{url:?}"), "EndpointUrl(https://hooks.slack.com/…)");
        assert_eq!(url.as_str(), "https://hooks.slack.com/services/T0/B0/secret");
    }
}
