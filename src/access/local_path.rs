//! Where somebody goes once they are in: a page of this server and nothing else, whoever wrote the link that asks for it.

/// Bytes of an address at most.
const MAX_BYTES: usize = 2_000;

/// The path of a page here, perhaps with a query and a fragment. A browser that is sent to it stays on this server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalPath(String);

impl LocalPath {
    /// Takes `text` for a page here; none where it leads, or could be made to lead, elsewhere.
    ///
    /// It begins with one slash, and no further slash follows one: `//host` is another server. Browsers read `\` as `/` and
    /// skip control characters, so neither may stand anywhere; nor may anything else that a header cannot carry.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let is_plain = text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
        let is_local = text.starts_with('/') && !text.contains("//");
        (is_plain && is_local && text.len() <= MAX_BYTES).then(|| Self(text.to_owned()))
    }

    /// The page that `asked` names where it is one of this server, else the first page.
    #[must_use]
    pub fn or_home(asked: Option<&str>) -> Self {
        asked.and_then(Self::parse).unwrap_or_default()
    }

    /// The path, for a `Location` header or a link.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for LocalPath {
    fn default() -> Self {
        Self("/".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use openidconnect::url::Url;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn pages_of_this_server_are_taken_as_they_are() {
        for path in
            ["/", "/deals", "/deals/deal_1?tab=open&x=%2F%2F#t0", "/a/../b", "/%0d%0aSet-Cookie:x", "/:80", "/@x"]
        {
            assert_eq!(LocalPath::parse(path).as_ref().map(LocalPath::as_str), Some(path));
        }
    }

    #[test]
    fn whatever_could_lead_elsewhere_becomes_the_first_page() {
        for text in [
            "https://evil.example",
            "//evil.example",
            "///evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "/\t/evil.example",
            "/\r\nLocation: https://evil.example",
            "/.//evil.example",
            "javascript:alert(1)",
            "deals",
            " /deals",
            "/dä",
            "",
        ] {
            assert_eq!(LocalPath::or_home(Some(text)), LocalPath::default(), "{text:?}");
        }
        assert_eq!(LocalPath::or_home(None).as_str(), "/");
        assert_eq!(LocalPath::parse(&format!("/{}", "a".repeat(MAX_BYTES))), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4_000))]

        /// Resolved as a browser does it (WHATWG), from any page, over TLS or not.
        #[test]
        fn a_browser_that_follows_one_stays_on_the_server(text in r"[/\\.:@?#a%\t\r\n é-]{0,12}(evil\.example)?[/a]{0,3}") {
            let Some(path) = LocalPath::parse(&text) else { return Ok(()) };
            for page in ["https://baton.example/sign-in/oidc/callback?code=1", "http://127.0.0.1:7400/"] {
                let page = Url::parse(page).unwrap();
                prop_assert_eq!(page.join(path.as_str()).unwrap().origin(), page.origin(), "{:?}", path);
            }
        }

        #[test]
        fn one_can_always_stand_in_a_header(text in "/\\PC{0,20}") {
            if let Some(path) = LocalPath::parse(&text) {
                prop_assert!(http::HeaderValue::from_str(path.as_str()).is_ok());
            }
        }
    }
}
