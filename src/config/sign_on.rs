//! The company's own sign-on: where it is, and as whom Baton asks there.

use clap::Args;
use clap::builder::NonEmptyStringValueParser;
use openidconnect::IssuerUrl;
use openidconnect::url::{Host, Url};

use super::ApiKey;

/// An OpenID Connect provider that people sign in with, if there is one.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Company sign-on")]
pub struct SignOnSettings {
    /// Issuer of the company's OpenID Connect provider, to the letter as the provider writes it
    #[arg(long, env = "BATON_OIDC_ISSUER", value_name = "URL", value_parser = issuer, requires = "oidc_client_id")]
    pub oidc_issuer: Option<IssuerUrl>,
    /// What that provider calls Baton; its redirect URI there is `<public URL>/sign-in/oidc/callback`
    #[arg(
        long,
        env = "BATON_OIDC_CLIENT_ID",
        value_name = "ID",
        value_parser = NonEmptyStringValueParser::new(),
        requires = "oidc_issuer"
    )]
    pub oidc_client_id: Option<String>,
    /// Baton's secret there; none where it is a public client
    #[arg(
        long,
        env = "BATON_OIDC_CLIENT_SECRET",
        value_name = "SECRET",
        hide_env_values = true,
        requires = "oidc_issuer"
    )]
    pub oidc_client_secret: Option<ApiKey>,
    /// What the sign-in page calls it
    #[arg(long, env = "BATON_OIDC_NAME", default_value = "Company account", value_name = "TEXT")]
    pub oidc_name: String,
}

fn issuer(text: &str) -> Result<IssuerUrl, String> {
    let issuer = IssuerUrl::new(text.to_owned()).map_err(|error| error.to_string())?;
    let url = issuer.url();
    let is_bare = url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
    if is_bare && is_shielded(url) {
        return Ok(issuer);
    }
    Err("it takes an https address without user name, query and fragment, such as https://login.company.example; \
         http is for loopback only"
        .to_owned())
}

/// Whether nobody on the way can read or change what is sent there: TLS, or this machine.
pub(crate) fn is_shielded(url: &Url) -> bool {
    match (url.scheme(), url.host()) {
        ("https", Some(_)) => true,
        ("http", Some(Host::Ipv4(address))) => address.is_loopback(),
        ("http", Some(Host::Ipv6(address))) => address.is_loopback(),
        ("http", Some(Host::Domain(name))) => name == "localhost",
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use clap::{Command, FromArgMatches as _};

    use super::*;

    fn parse(flags: &[&str]) -> Result<SignOnSettings, String> {
        let args = ["baton"].iter().chain(flags);
        let matches = SignOnSettings::augment_args(Command::new("baton")).try_get_matches_from(args);
        matches.and_then(|matches| SignOnSettings::from_arg_matches(&matches)).map_err(|error| error.to_string())
    }

    #[test]
    fn issuer_and_client_come_together_or_not_at_all() {
        assert!(parse(&[]).unwrap().oidc_issuer.is_none());
        let issuer = ["--oidc-issuer", "https://login.company.example/realms/a"];
        let both = parse(&[&issuer[..], &["--oidc-client-id", "baton"]].concat()).unwrap();
        assert_eq!(both.oidc_issuer.unwrap().as_str(), "https://login.company.example/realms/a");
        for (flags, missing) in [
            (&issuer[..], "--oidc-client-id"),
            (&["--oidc-client-id", "baton"], "--oidc-issuer"),
            (&["--oidc-client-secret", "s"], "--oidc-issuer"),
        ] {
            let refused = parse(flags).unwrap_err();
            assert!(refused.contains("required") && refused.contains(missing), "{refused}");
        }
        assert!(parse(&[&issuer[..], &["--oidc-client-id", ""]].concat()).is_err());
    }

    #[test]
    fn secrets_go_to_an_issuer_over_tls_or_on_this_machine() {
        for text in ["https://login.company.example", "http://127.0.0.1:9000/a", "http://[::1]:1", "http://localhost"] {
            assert_eq!(issuer(text).unwrap().as_str(), text);
        }
        for text in [
            "http://login.company.example",
            "http://127.0.0.1.evil.example",
            "https://user@login.company.example",
            "https://login.company.example?a=b",
            "https://login.company.example#a",
            "file:///etc/passwd",
            "login.company.example",
        ] {
            assert!(issuer(text).is_err(), "{text}");
        }
    }

    #[test]
    fn the_client_secret_is_not_shown() {
        let flags =
            ["--oidc-issuer", "https://a.example", "--oidc-client-id", "baton", "--oidc-client-secret", "s3cret"];
        assert!(!format!("{:?}", parse(&flags).unwrap()).contains("s3cret"));
    }
}
