//! Passwords: Argon2id with the parameters that OWASP's password storage cheat sheet names first (19 MiB, two passes, one
//! lane), in PHC form so that later parameters can live beside older ones.

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher as _, PasswordVerifier as _};

use crate::error::Error;

/// Characters of a password at least (NIST SP 800-63B asks for 8; 15 where it is the only factor. 12 is between).
const MIN_CHARS: usize = 12;
/// Characters at most, so that nobody makes the hashing of one slow.
const MAX_CHARS: usize = 256;

/// The hash of a new password.
///
/// # Errors
///
/// [`Error::Invalid`] when it is too short or too long.
pub(super) fn hash(password: &str) -> Result<String, Error> {
    let chars = password.chars().count();
    if !(MIN_CHARS..=MAX_CHARS).contains(&chars) {
        return Err(Error::Invalid(format!(
            "the password has {chars} characters; it must have {MIN_CHARS} to {MAX_CHARS}"
        )));
    }
    let hash = Argon2::default().hash_password(password.as_bytes());
    hash.map(|hash| hash.to_string()).map_err(|error| Error::Internal(anyhow::anyhow!("hashing failed: {error}")))
}

/// Whether `password` is the one that `kept` was made from. Without a kept hash the same work is done for nothing, so that
/// the time tells nobody who has a password.
pub(super) fn is_right(password: &str, kept: Option<&str>) -> bool {
    // Nobody has a longer one; it costs as much as any other, or its time would tell who has a password.
    let is_too_long = password.chars().count() > MAX_CHARS;
    let tried: String = password.chars().take(MAX_CHARS).collect();
    if let Some(parsed) = kept.and_then(|kept| PasswordHash::new(kept).ok()) {
        return Argon2::default().verify_password(tried.as_bytes(), &parsed).is_ok() && !is_too_long;
    }
    let _ = Argon2::default().hash_password(tried.as_bytes());
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_password_is_right_and_the_hash_is_argon2id() {
        let kept = hash("correct horse battery").unwrap();
        assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{kept}");
        assert!(is_right("correct horse battery", Some(&kept)));
        assert!(!is_right("correct horse batterz", Some(&kept)));
        assert!(!is_right("correct horse battery", None));
        let longest = "a".repeat(MAX_CHARS);
        let kept_longest = hash(&longest).unwrap();
        assert!(is_right(&longest, Some(&kept_longest)) && !is_right(&format!("{longest}a"), Some(&kept_longest)));
        assert_ne!(kept, hash("correct horse battery").unwrap(), "each hash has its own salt");
    }

    #[test]
    fn a_short_password_is_refused_with_the_rule() {
        let refused = hash("hunter2").unwrap_err().to_string();
        assert_eq!(refused, "the password has 7 characters; it must have 12 to 256");
    }
}
