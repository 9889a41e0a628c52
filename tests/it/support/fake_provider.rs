//! A company's OpenID Connect provider on loopback. It lets everybody in at once, as the person whom the test has named; it
//! checks what a real one checks, and can be told to lie, to sign badly, or to be out of order.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jiff::Timestamp;
use openidconnect::core::{
    CoreEdDsaPrivateSigningKey, CoreHmacKey, CoreJsonWebKey, CoreJwsSigningAlgorithm, CoreRsaPrivateSigningKey,
};
use openidconnect::url::form_urlencoded;
use openidconnect::{JsonWebKeyId, PkceCodeChallenge, PkceCodeVerifier, PrivateSigningKey};
use serde_json::{Value, json};

use super::app::NOW;

/// What the provider calls Baton.
pub(crate) const CLIENT: &str = "baton";
/// Baton's secret; it needs escaping on its way.
pub(crate) const SECRET: &str = "s3cret&+/%";

/// What signs a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Signature {
    /// The key that the provider began with.
    First,
    /// The key that it changed to; [`Fake::publishes_new_key`] says whether it tells.
    New,
    /// A key of the old kind.
    Rsa,
    /// The new key, under the first one's name.
    Forged,
    /// Baton's own secret.
    Shared,
    /// Nothing: `alg` is `none`.
    Nothing,
}

/// How Baton is to prove that it is Baton.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Proof {
    /// Its secret in a header: the default of the protocol.
    Header,
    /// Its secret in the form.
    Form,
    /// Not at all: it is a public client.
    None,
}

/// How the provider answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mood {
    /// As it should.
    Fine,
    /// 503 to everything.
    Down,
    /// By sending everybody elsewhere.
    Elsewhere,
    /// With more than anybody would read.
    Endless,
    /// With a page.
    Page,
}

/// What the provider does; a test changes it at any time.
pub(crate) struct Fake {
    pub(crate) issuer: String,
    /// What it takes for Baton's secret.
    pub(crate) secret: &'static str,
    pub(crate) proof: Proof,
    pub(crate) mood: Mood,
    pub(crate) signature: Signature,
    pub(crate) publishes_new_key: bool,
    /// What a token says, over what it has to say; null leaves a claim out.
    pub(crate) claims: Value,
    /// What the provider says of the person beside the token.
    pub(crate) user_info: Value,
    /// How often it was asked where it is.
    pub(crate) discoveries: usize,
    /// The questions by their codes, to be answered once each.
    questions: HashMap<String, HashMap<String, String>>,
}

/// A running provider.
#[derive(Clone)]
pub(crate) struct FakeProvider(Arc<Mutex<Fake>>);

impl FakeProvider {
    pub(crate) async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let fake = Self(Arc::new(Mutex::new(Fake {
            issuer: format!("http://{}/realm", listener.local_addr().unwrap()),
            secret: SECRET,
            proof: Proof::Header,
            mood: Mood::Fine,
            signature: Signature::First,
            publishes_new_key: false,
            claims: json!({}),
            user_info: json!({}),
            discoveries: 0,
            questions: HashMap::new(),
        })));
        let routes = Router::new()
            .route("/realm/.well-known/openid-configuration", get(discovery))
            .route("/realm/keys", get(keys))
            .route("/realm/authorize", get(authorize))
            .route("/realm/token", post(token))
            .route("/realm/userinfo", get(user_info))
            .layer(axum::middleware::from_fn_with_state(fake.clone(), moody))
            .with_state(fake.clone());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        fake
    }

    /// Changes what it does, or looks at what it did.
    pub(crate) fn with<T>(&self, change: impl FnOnce(&mut Fake) -> T) -> T {
        change(&mut self.0.lock().unwrap())
    }

    /// From now on everybody who comes is this person.
    pub(crate) fn names(&self, subject: &str, email: &str) {
        self.with(|fake| fake.claims = json!({"sub": subject, "email": email, "email_verified": true}));
    }

    /// The flags that tell Baton of it.
    pub(crate) fn flags(&self) -> Vec<String> {
        let (issuer, proof) = self.with(|fake| (fake.issuer.clone(), fake.proof));
        let secret = if proof == Proof::None { vec![] } else { vec!["--oidc-client-secret", SECRET] };
        let flags = [vec!["--oidc-issuer", &issuer, "--oidc-client-id", CLIENT], secret].concat();
        flags.into_iter().map(str::to_owned).collect()
    }
}

async fn moody(
    State(fake): State<FakeProvider>,
    request: axum::extract::Request,
    next: axum::middleware::Next,
) -> Response {
    let mood = fake.with(|fake| fake.mood);
    match mood {
        Mood::Fine => next.run(request).await,
        Mood::Down => (StatusCode::SERVICE_UNAVAILABLE, "maintenance").into_response(),
        Mood::Elsewhere => Redirect::temporary("http://127.0.0.1:1/").into_response(),
        Mood::Endless => Json(json!({"x": "x".repeat(2 << 20)})).into_response(),
        Mood::Page => axum::response::Html("<h1>Hello</h1>").into_response(),
    }
}

async fn discovery(State(fake): State<FakeProvider>) -> Json<Value> {
    fake.with(|fake| {
        fake.discoveries += 1;
        let at = |path: &str| format!("{}/{path}", fake.issuer);
        let methods = match fake.proof {
            Proof::Header => json!(["private_key_jwt", "client_secret_post", "client_secret_basic"]),
            Proof::Form => json!(["client_secret_post"]),
            Proof::None => json!(["none"]),
        };
        Json(json!({
            "issuer": fake.issuer,
            "token_endpoint_auth_methods_supported": methods,
            "authorization_endpoint": at("authorize"),
            "token_endpoint": at("token"),
            "userinfo_endpoint": at("userinfo"),
            "jwks_uri": at("keys"),
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            // A careless provider: Baton must not take all of them.
            "id_token_signing_alg_values_supported": ["EdDSA", "RS256", "HS256", "none"],
        }))
    })
}

fn ed25519(pem: &str, name: &str) -> CoreEdDsaPrivateSigningKey {
    CoreEdDsaPrivateSigningKey::from_ed25519_pem(pem, Some(JsonWebKeyId::new(name.to_owned()))).unwrap()
}

fn first_key() -> CoreEdDsaPrivateSigningKey {
    ed25519(include_str!("fake_provider/signing_key.pem"), "first")
}

fn new_key(name: &str) -> CoreEdDsaPrivateSigningKey {
    ed25519(include_str!("fake_provider/new_signing_key.pem"), name)
}

fn rsa_key() -> CoreRsaPrivateSigningKey {
    let name = JsonWebKeyId::new("rsa".to_owned());
    CoreRsaPrivateSigningKey::from_pem(include_str!("fake_provider/rsa_signing_key.pem"), Some(name)).unwrap()
}

async fn keys(State(fake): State<FakeProvider>) -> Json<Value> {
    let mut keys: Vec<CoreJsonWebKey> = vec![first_key().as_verification_key(), rsa_key().as_verification_key()];
    if fake.with(|fake| fake.publishes_new_key) {
        keys.push(new_key("new").as_verification_key());
    }
    Json(json!({ "keys": keys }))
}

/// Asks nobody, and sends the browser back at once.
async fn authorize(State(fake): State<FakeProvider>, Query(question): Query<HashMap<String, String>>) -> Redirect {
    assert_eq!(question["response_type"], "code");
    assert_eq!(question["client_id"], CLIENT);
    assert_eq!(question["scope"], "openid email");
    assert_eq!(question["code_challenge_method"], "S256");
    let back: String = fake.with(|fake| {
        let code = format!("code/{}&", fake.questions.len());
        let pairs = [("code", &code), ("state", &question["state"]), ("iss", &fake.issuer)];
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        let back = format!("{}?{query}", question["redirect_uri"]);
        fake.questions.insert(code, question);
        back
    });
    Redirect::to(&back)
}

async fn token(State(fake): State<FakeProvider>, headers: HeaderMap, body: String) -> Response {
    let sent: HashMap<String, String> = form_urlencoded::parse(body.as_bytes()).into_owned().collect();
    if !fake.with(|fake| fake.is_proven(&headers, &sent)) {
        return (StatusCode::UNAUTHORIZED, Json(json!({"error": "invalid_client"}))).into_response();
    }
    let question = fake.with(|fake| fake.questions.remove(&sent["code"]));
    let Some(question) = question.filter(|question| answers(question, &sent)) else {
        return (StatusCode::BAD_REQUEST, Json(json!({"error": "invalid_grant"}))).into_response();
    };
    let id_token = fake.with(|fake| fake.id_token(&question["nonce"]));
    Json(json!({"access_token": "access", "token_type": "Bearer", "expires_in": 60, "id_token": id_token}))
        .into_response()
}

/// Whether a code is redeemed by whoever asked the question, as they asked it.
fn answers(question: &HashMap<String, String>, sent: &HashMap<String, String>) -> bool {
    let verifier = PkceCodeVerifier::new(sent["code_verifier"].clone());
    PkceCodeChallenge::from_code_verifier_sha256(&verifier).as_str() == question["code_challenge"]
        && sent["redirect_uri"] == question["redirect_uri"]
        && sent["grant_type"] == "authorization_code"
}

async fn user_info(State(fake): State<FakeProvider>, headers: HeaderMap) -> Response {
    if headers.get(header::AUTHORIZATION).is_none_or(|sent| sent != "Bearer access") {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    Json(fake.with(|fake| fake.user_info.clone())).into_response()
}

impl Fake {
    fn is_proven(&self, headers: &HeaderMap, sent: &HashMap<String, String>) -> bool {
        let escaped = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let basic = format!("Basic {}", STANDARD.encode(format!("{}:{}", escaped(CLIENT), escaped(self.secret))));
        let (header, secret) = (headers.get(header::AUTHORIZATION), sent.get("client_secret"));
        match self.proof {
            Proof::Header => header.is_some_and(|header| *header == basic) && secret.is_none(),
            Proof::Form => header.is_none() && sent["client_id"] == CLIENT && secret.is_some_and(|s| s == self.secret),
            Proof::None => header.is_none() && sent["client_id"] == CLIENT && secret.is_none(),
        }
    }

    /// A token in answer to a question.
    fn id_token(&self, nonce: &str) -> String {
        let now = NOW.parse::<Timestamp>().unwrap().as_second();
        let mut claims = json!({"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": nonce});
        let claims_of = claims.as_object_mut().unwrap();
        claims_of.extend(self.claims.as_object().unwrap().clone());
        claims_of.retain(|_, value| !value.is_null());
        self.signature.sign(&claims)
    }
}

impl Signature {
    fn sign(self, claims: &Value) -> String {
        use CoreJwsSigningAlgorithm::{EdDsa, HmacSha256, RsaSsaPkcs1V15Sha256 as Rs256};
        let (alg, name) = match self {
            Self::First | Self::Forged => ("EdDSA", "first"),
            Self::New => ("EdDSA", "new"),
            Self::Rsa => ("RS256", "rsa"),
            Self::Shared => ("HS256", "first"),
            Self::Nothing => ("none", "first"),
        };
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let words = format!("{}.{}", part(&json!({"alg": alg, "kid": name, "typ": "JWT"})), part(claims));
        let signature = match self {
            Self::First => first_key().sign(&EdDsa, words.as_bytes()),
            Self::New | Self::Forged => new_key(name).sign(&EdDsa, words.as_bytes()),
            Self::Rsa => rsa_key().sign(&Rs256, words.as_bytes()),
            Self::Shared => CoreHmacKey::new(SECRET).sign(&HmacSha256, words.as_bytes()),
            Self::Nothing => Ok(vec![]),
        };
        format!("{words}.{}", URL_SAFE_NO_PAD.encode(signature.unwrap()))
    }
}
