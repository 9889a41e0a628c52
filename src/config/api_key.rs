//! Keys to servers: checked where they come in, shown to nobody.

use std::fmt;
use std::str::FromStr;

/// The key to a server; it shows itself to nobody.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiKey(String);

/// A text that cannot be a key; the text itself is not repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "the API key is empty or holds a character other than visible ASCII: copy it again, without quotes or line breaks"
)]
pub struct InvalidApiKey;

impl ApiKey {
    /// The key in clear, for the request's header and for hiding it in messages.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl FromStr for ApiKey {
    type Err = InvalidApiKey;

    fn from_str(text: &str) -> Result<Self, InvalidApiKey> {
        let key = text.trim();
        // Anything else cannot be sent in a header, and the library would panic on it.
        if key.is_empty() || !key.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(InvalidApiKey);
        }
        Ok(Self(key.to_owned()))
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_no_header_can_carry_is_refused() {
        for text in ["", "  ", "sk-a\nb", "sk-ä", "sk a"] {
            assert_eq!(text.parse::<ApiKey>(), Err(InvalidApiKey), "{text:?}");
        }
        assert_eq!(" sk-abc\n".parse::<ApiKey>().map(|key| key.0), Ok("sk-abc".to_owned()));
    }

    #[test]
    fn debug_output_does_not_show_the_key() {
        let key = "sk-secret".parse::<ApiKey>().unwrap();
        assert!(!format!("{key:?}").contains("secret"));
    }
}
