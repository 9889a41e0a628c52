//! Secrets that Baton gives out: sessions, one-time links, API tokens. 256 random bits each, shown once, kept as a hash.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::domain::hash::content_hash;
use crate::error::Error;

/// A new secret; `Debug` does not show it.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// A new secret that begins with `prefix`, so that a leaked one is recognized for what it is.
    ///
    /// # Errors
    ///
    /// [`Error::Internal`] when the system has no randomness.
    pub fn generate(prefix: &str) -> Result<Self, Error> {
        let mut bytes = [0_u8; 32];
        getrandom::fill(&mut bytes).map_err(|error| Error::Internal(error.into()))?;
        Ok(Self(format!("{prefix}{}", URL_SAFE_NO_PAD.encode(bytes))))
    }

    /// The secret itself, for the one who is to have it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What the store keeps.
    #[must_use]
    pub fn hash(&self) -> String {
        hash_of(&self.0)
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// What the store keeps of a secret that somebody presents. Looking a hash up tells nothing about the secrets near it, so
/// the comparison needs no constant time.
#[must_use]
pub fn hash_of(presented: &str) -> String {
    content_hash(presented.as_bytes())
}
