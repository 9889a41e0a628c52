//! What the company's provider is asked: where it is, and whom a code stands for.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::SystemTime;

use anyhow::Context as _;
use jiff::{SignedDuration, Timestamp};
use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreClientAuthMethod, CoreErrorResponseType, CoreIdToken, CoreIdTokenClaims,
    CoreJwsSigningAlgorithm, CoreProviderMetadata, CoreRequestTokenError, CoreTokenResponse, CoreUserInfoClaims,
};
use openidconnect::{
    AccessToken, AuthType, AuthorizationCode, ClaimsVerificationError, ClientId, ClientSecret, CsrfToken,
    EndpointMaybeSet, EndpointNotSet, EndpointSet, IssuerUrl, JwsSigningAlgorithm as _, Nonce,
    OAuth2TokenResponse as _, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RequestTokenError, Scope,
    SignatureVerificationError, TokenResponse as _, UserInfoError,
};

use super::transport::{Failure, Transport};
use crate::access::secret::{Secret, hash_of};
use crate::config::sign_on::is_shielded;
use crate::config::{ListenSettings, SignOnSettings};
use crate::error::Error;
use crate::store::sign_on::Flow;

/// After this long the provider is asked anew where it is and which keys it signs with.
const FRESH: SignedDuration = SignedDuration::from_hours(1);

type Client =
    CoreClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointMaybeSet, EndpointMaybeSet>;

/// The company's provider, and what Baton is to it. What it says of itself is asked for when it is first needed.
pub struct Provider {
    issuer: IssuerUrl,
    id: ClientId,
    secret: Option<ClientSecret>,
    redirect: RedirectUrl,
    http: Transport,
    known: RwLock<Option<Arc<Known>>>,
}

/// What the provider said of itself.
struct Known {
    client: Client,
    /// What it signs with, of those that prove something: no shared secret, and not nothing.
    algorithms: Vec<CoreJwsSigningAlgorithm>,
    at: Timestamp,
}

/// Whom the provider has named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Identity {
    pub(super) issuer: String,
    /// What the provider calls them for ever, whatever their name and address become.
    pub(super) subject: String,
    /// Their mail address, in lower case; the provider has verified it.
    pub(super) email: String,
}

impl Provider {
    /// The provider that the settings name, if they name one.
    ///
    /// # Errors
    ///
    /// When the public URL cannot be returned to.
    pub fn new(settings: &SignOnSettings, server: &ListenSettings) -> anyhow::Result<Option<Self>> {
        let (Some(issuer), Some(id)) = (&settings.oidc_issuer, &settings.oidc_client_id) else { return Ok(None) };
        let redirect = RedirectUrl::new(format!("{}/sign-in/oidc/callback", server.base_url()));
        Ok(Some(Self {
            issuer: issuer.clone(),
            id: ClientId::new(id.clone()),
            secret: settings.oidc_client_secret.as_ref().map(|secret| ClientSecret::new(secret.expose().to_owned())),
            redirect: redirect.context("the sign-on cannot return to the public URL")?,
            http: Transport::new().context("cannot make requests to the sign-on provider")?,
            known: RwLock::default(),
        }))
    }

    /// Where a browser goes to be asked who it is.
    pub(super) async fn question(
        &self,
        now: Timestamp,
        state: &Secret,
        nonce: &Secret,
        verifier: &Secret,
    ) -> Result<String, Error> {
        let known = self.known(now).await?;
        let (state, nonce) = (CsrfToken::new(state.expose().to_owned()), Nonce::new(nonce.expose().to_owned()));
        let verifier = PkceCodeVerifier::new(verifier.expose().to_owned());
        let (url, ..) = known
            .client
            .authorize_url(CoreAuthenticationFlow::AuthorizationCode, || state, || nonce)
            .add_scope(Scope::new("email".to_owned()))
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier))
            .url();
        Ok(url.into())
    }

    /// Whom a code stands for.
    pub(super) async fn identify(&self, now: Timestamp, code: String, flow: &Flow) -> Result<Identity, Error> {
        let known = self.known(now).await?;
        let token = self.redeem(&known, code, &flow.pkce_verifier).await?;
        let id_token = token.id_token().ok_or_else(|| unproven("there is no ID token"))?;
        let claims = match known.claims(id_token, &flow.nonce_hash, now) {
            // It may sign with a key that it did not have when it was last asked.
            Err(ClaimsVerificationError::SignatureVerification(SignatureVerificationError::NoMatchingKey)) => {
                self.discover(now).await?.claims(id_token, &flow.nonce_hash, now)
            }
            read => read,
        };
        let claims = claims.map_err(unproven)?;
        let subject = claims.subject().to_string();
        if subject.is_empty() {
            return Err(unproven("the subject is empty"));
        }
        let email = self.verified_email(&known, &claims, token.access_token()).await?;
        Ok(Identity { issuer: self.issuer.to_string(), subject, email })
    }

    async fn redeem(&self, known: &Known, code: String, verifier: &str) -> Result<CoreTokenResponse, Error> {
        let request = known.client.exchange_code(AuthorizationCode::new(code)).map_err(silent)?;
        let verifier = PkceCodeVerifier::new(verifier.to_owned());
        request.set_pkce_verifier(verifier).request_async(&self.http).await.map_err(unredeemed)
    }

    /// The mail address, from the token or, where that says nothing of it, from the provider's word about the same subject:
    /// some providers put it only there.
    async fn verified_email(
        &self,
        known: &Known,
        claims: &CoreIdTokenClaims,
        access: &AccessToken,
    ) -> Result<String, Error> {
        let (mut email, mut verified) = (claims.email().cloned(), claims.email_verified());
        // The library panics on a token that no header can carry.
        let is_sendable = access.secret().bytes().all(|byte| byte.is_ascii_graphic());
        if (email.is_none() || verified.is_none()) && known.client.user_info_url().is_some() && is_sendable {
            let request = known.client.user_info(access.clone(), Some(claims.subject().clone())).map_err(silent)?;
            let info: CoreUserInfoClaims = request.request_async(&self.http).await.map_err(|error| match error {
                UserInfoError::ClaimsVerification(error) => unproven(error),
                other => silent(other),
            })?;
            (email, verified) = (info.email().cloned(), info.email_verified());
        }
        match email.filter(|_| verified == Some(true)) {
            Some(email) => Ok(email.trim().to_lowercase()),
            None => Err(Error::Forbidden(
                "the company's sign-on does not say that your mail address is verified; have it verified there, or sign in \
                 with a password"
                    .to_owned(),
            )),
        }
    }

    async fn known(&self, now: Timestamp) -> Result<Arc<Known>, Error> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner).clone();
        match known.filter(|known| now.duration_since(known.at) < FRESH) {
            Some(known) => Ok(known),
            None => self.discover(now).await,
        }
    }

    async fn discover(&self, now: Timestamp) -> Result<Arc<Known>, Error> {
        let metadata = CoreProviderMetadata::discover_async(self.issuer.clone(), &self.http).await.map_err(silent)?;
        if !is_shielded(metadata.authorization_endpoint().url()) {
            return Err(silent(Failure::Exposed(metadata.authorization_endpoint().to_string())));
        }
        let known = Arc::new(self.read(metadata, now));
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&known));
        Ok(known)
    }

    fn read(&self, metadata: CoreProviderMetadata, at: Timestamp) -> Known {
        let proves =
            |alg: &&CoreJwsSigningAlgorithm| !alg.uses_shared_secret() && **alg != CoreJwsSigningAlgorithm::None;
        let algorithms = metadata.id_token_signing_alg_values_supported().iter().filter(proves).cloned().collect();
        let takes_post_only = metadata.token_endpoint_auth_methods_supported().is_some_and(|methods| {
            !methods.contains(&CoreClientAuthMethod::ClientSecretBasic)
                && methods.contains(&CoreClientAuthMethod::ClientSecretPost)
        });
        let auth_type = if takes_post_only { AuthType::RequestBody } else { AuthType::BasicAuth };
        let client = CoreClient::from_provider_metadata(metadata, self.id.clone(), self.secret.clone())
            .set_auth_type(auth_type)
            .set_redirect_uri(self.redirect.clone());
        Known { client, algorithms, at }
    }
}

impl Known {
    /// What a token says, once it is proven: signed by the provider, for Baton, in answer to this question, and not run out.
    fn claims(
        &self,
        token: &CoreIdToken,
        nonce_hash: &str,
        now: Timestamp,
    ) -> Result<CoreIdTokenClaims, ClaimsVerificationError> {
        let now = SystemTime::from(now);
        let verifier =
            self.client.id_token_verifier().set_allowed_algs(self.algorithms.clone()).set_time_fn(move || now.into());
        let is_answer = |named: Option<&Nonce>| match named {
            Some(named) if hash_of(named.secret()) == nonce_hash => Ok(()),
            Some(_) => Err("it answers another question".to_owned()),
            None => Err("it names no question".to_owned()),
        };
        token.claims(&verifier, is_answer).cloned()
    }
}

/// The provider cannot be reached, or does not speak the protocol: the log says how.
fn silent(error: impl std::error::Error + Send + Sync + 'static) -> Error {
    tracing::warn!(error = format!("{:#}", anyhow::Error::new(error)), "the sign-on provider does not answer");
    Error::Unavailable(
        "the company's sign-on does not answer as it should; try again in a while, or sign in with a password"
            .to_owned(),
    )
}

/// The provider gave nothing for the code.
fn unredeemed(error: CoreRequestTokenError<Failure>) -> Error {
    let RequestTokenError::ServerResponse(said) = &error else { return silent(error) };
    match said.error() {
        CoreErrorResponseType::InvalidGrant => unproven(said),
        CoreErrorResponseType::InvalidClient | CoreErrorResponseType::UnauthorizedClient => {
            tracing::warn!(%said, "the sign-on provider does not take Baton's client id or secret");
            Error::Unavailable(
                "the company's sign-on does not take Baton's client id or secret; an admin must set them right"
                    .to_owned(),
            )
        }
        _ => silent(error),
    }
}

/// What the provider gave proves nothing.
fn unproven(reason: impl std::fmt::Display) -> Error {
    tracing::warn!(%reason, "a sign-on proved nothing");
    Error::Unauthenticated(
        "the company's sign-on did not prove who you are; begin again from the sign-in page".to_owned(),
    )
}
