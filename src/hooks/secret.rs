//! The secret that an endpoint's messages are signed with, after Standard Webhooks.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use standardwebhooks::Webhook;

use crate::error::Error;

/// How every secret begins.
const PREFIX: &str = "whsec_";

/// A signing secret; it shows itself to nobody but the one who asks for it by name.
#[derive(Clone, PartialEq, Eq)]
pub struct SigningSecret(String);

/// A text that is no signing secret; the text itself is not repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the signing secret is not `whsec_` followed by 24 to 64 bytes in base64")]
pub struct InvalidSecret;

impl SigningSecret {
    /// A new secret of 256 random bits.
    ///
    /// # Errors
    ///
    /// [`Error::Internal`] when the system has no randomness.
    pub fn generate() -> Result<Self, Error> {
        let mut bytes = [0_u8; 32];
        getrandom::fill(&mut bytes).map_err(|error| Error::Internal(error.into()))?;
        Ok(Self(format!("{PREFIX}{}", STANDARD.encode(bytes))))
    }

    /// The secret in clear, for the receiver, once, and for the store.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The value of the header `webhook-signature` for this message, sent at `seconds` since 1970.
    ///
    /// # Errors
    ///
    /// [`InvalidSecret`] never happens for a secret that was generated or parsed.
    pub fn sign(&self, id: &str, seconds: i64, body: &str) -> Result<String, InvalidSecret> {
        let webhook = Webhook::new(&self.0).map_err(|_| InvalidSecret)?;
        webhook.sign(id, seconds, body.as_bytes()).map_err(|_| InvalidSecret)
    }
}

impl FromStr for SigningSecret {
    type Err = InvalidSecret;

    fn from_str(text: &str) -> Result<Self, InvalidSecret> {
        let key = text.strip_prefix(PREFIX).and_then(|encoded| STANDARD.decode(encoded).ok()).ok_or(InvalidSecret)?;
        if !(24..=64).contains(&key.len()) {
            return Err(InvalidSecret);
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Debug for SigningSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningSecret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_signs_as_the_specification_says() {
        // The example of the reference implementations.
        let secret: SigningSecret = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD".parse().unwrap();
        let body = r#"{"email":"test@example.com","username":"test_user"}"#;
        let signature = secret.sign("msg_27UH4WbU6Z5A5EzD8u03UvzRbpk", 1_649_367_553, body).unwrap();
        assert_eq!(signature, "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw=");
    }

    #[test]
    fn secrets_are_long_differ_and_do_not_show() {
        let (one, other) = (SigningSecret::generate().unwrap(), SigningSecret::generate().unwrap());
        assert_ne!(one, other);
        assert_eq!(one.expose().parse(), Ok(one.clone()));
        assert_eq!(format!("{one:?}"), "SigningSecret(…)");
        for text in ["", "whsec_", "whsec_AAAA", "C2FVsBQIhrscChlQIMV+b5sSYspob7oD", "whsec_not base64!"] {
            assert_eq!(text.parse::<SigningSecret>(), Err(InvalidSecret), "{text:?}");
        }
    }
}
