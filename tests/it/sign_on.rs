//! The company's own sign-on, through a browser and against a provider on loopback.

use std::sync::Arc;
use std::time::Duration;

use baton::access::Caller;
use baton::access::people::{self, UserChange};
use baton::app::App;
use baton::domain::user::{Role, User, UserState};
use reqwest::header::SET_COOKIE;
use reqwest::{Response, StatusCode};
use serde_json::{Value, json};

use crate::support::app::{Answer as _, NOW, Signed, TestApp, text};
use crate::support::browser::{Browser, location};
use crate::support::clock::TestClock;
use crate::support::fake_provider::{FakeProvider, Mood, Proof, Signature};

/// A Baton, its company's provider, and an invited AE whom the provider names.
struct Company {
    app: TestApp,
    provider: FakeProvider,
    clock: Arc<TestClock>,
    iris: User,
}

impl Company {
    async fn new() -> Self {
        Self::with(&[]).await
    }

    async fn with(flags: &[&str]) -> Self {
        Self::of(FakeProvider::start().await, flags).await
    }

    async fn of(provider: FakeProvider, flags: &[&str]) -> Self {
        let clock = Arc::new(TestClock::at(NOW));
        let told = provider.flags();
        let flags: Vec<&str> = told.iter().map(String::as_str).chain(flags.iter().copied()).collect();
        let app = TestApp::with_clock(&flags, clock.clone()).await;
        let iris = Signed::up(&app.app, "Iris Lund", Role::Ae).await.user;
        provider.names("subject-1", iris.email.as_deref().unwrap());
        Self { app, provider, clock, iris }
    }

    /// Begins a sign-on and lets the provider answer: where the browser is sent back to, by its path.
    async fn ask(&self, browser: &mut Browser, next: &str) -> String {
        let begun = browser.open(&format!("/sign-in/oidc{next}")).await;
        assert_eq!(begun.status(), StatusCode::SEE_OTHER);
        let question = location(&begun);
        let answer = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        let back = location(&answer.get(question).send().await.unwrap());
        let root = self.app.app.settings.server.base_url();
        back.strip_prefix(&root).expect("the provider sends back to Baton").to_owned()
    }

    /// The whole way, from the sign-in page.
    async fn sign_on(&self, browser: &mut Browser) -> Response {
        let back = self.ask(browser, "").await;
        browser.open(&back).await
    }

    /// The whole way in a new browser, which is refused; the status and the words.
    async fn refused(&self) -> (StatusCode, String) {
        let mut browser = Browser::at(&self.app);
        let response = self.sign_on(&mut browser).await;
        assert!(!browser.cookies.contains_key("baton"), "no session is begun");
        problem(response).await
    }

    /// Entries of the log with this action.
    async fn logged(&self, action: &str) -> Vec<Value> {
        let entries = self.app.get("/v1/audit-log?limit=200").answer(StatusCode::OK).await["items"].clone();
        let entries = entries.as_array().unwrap().iter().map(|item| item["entry"].clone());
        entries.filter(|entry| entry["action"] == action).collect()
    }

    async fn change(&self, change: UserChange) {
        let app: &App = &self.app.app;
        people::change(app, &Caller::console(app.home.clone()), &self.iris.id, change).await.unwrap();
    }
}

async fn problem(response: Response) -> (StatusCode, String) {
    let status = response.status();
    let problem: Value = response.json().await.unwrap();
    (status, text(&problem["detail"]))
}

async fn who(browser: &mut Browser) -> Value {
    browser.open("/v1/me").await.json::<Value>().await.unwrap()
}

#[tokio::test]
async fn an_invited_person_signs_on_is_tied_and_lands_where_they_wanted() {
    let company = Company::new().await;
    let mut browser = Browser::at(&company.app);
    let back = company.ask(&mut browser, "?next=%2Fdeals%3Ftab%3Dopen").await;
    assert!(browser.cookies.contains_key("baton-sign-on"));
    let landed = browser.open(&back).await;
    assert_eq!((landed.status(), location(&landed).as_str()), (StatusCode::SEE_OTHER, "/deals?tab=open"));
    assert_eq!(browser.cookies.keys().collect::<Vec<_>>(), ["baton"], "the sign-on's own cookie is taken away");
    assert!(who(&mut browser).await.to_string().contains("Iris Lund"));
    let tied = company.logged("user.sign_on_tied").await;
    assert_eq!(tied.len(), 1);
    assert_eq!(tied[0]["subject"], company.iris.id.to_string());
    assert_eq!(tied[0]["actor"], "Iris Lund");
    let issuer = company.provider.with(|fake| fake.issuer.clone());
    assert_eq!(tied[0]["after"], json!({"issuer": issuer, "subject": "subject-1"}));
}

#[tokio::test]
async fn a_person_is_known_by_their_subject_not_by_their_address() {
    let company = Company::new().await;
    let email = company.iris.email.clone().unwrap();
    company.provider.names("subject-1", &email.to_uppercase());
    assert_eq!(company.sign_on(&mut Browser::at(&company.app)).await.status(), StatusCode::SEE_OTHER);
    company.provider.names("subject-1", "iris.berg@elsewhere.example");
    let mut browser = Browser::at(&company.app);
    assert_eq!(company.sign_on(&mut browser).await.status(), StatusCode::SEE_OTHER);
    assert!(who(&mut browser).await.to_string().contains("Iris Lund"));
    assert_eq!(company.logged("user.sign_on_tied").await.len(), 1, "tied once");

    company.provider.names("subject-2", &email);
    let (status, words) = company.refused().await;
    assert_eq!(status, StatusCode::FORBIDDEN, "whoever has the address now is somebody else");
    assert!(words.contains("another account"), "{words}");
}

#[tokio::test]
async fn nobody_comes_in_who_was_not_invited_or_is_deactivated() {
    let company = Company::new().await;
    company.provider.names("subject-9", "stranger@company.example");
    let (status, words) = company.refused().await;
    assert_eq!((status, words.contains("ask an admin to invite you")), (StatusCode::FORBIDDEN, true), "{words}");

    company.provider.names("subject-1", company.iris.email.as_deref().unwrap());
    for known in ["by address", "by subject"] {
        company.change(UserChange { state: Some(UserState::Deactivated), ..UserChange::default() }).await;
        let (status, words) = company.refused().await;
        assert_eq!((status, words.contains("deactivated")), (StatusCode::FORBIDDEN, true), "{known}: {words}");
        company.change(UserChange { state: Some(UserState::Active), ..UserChange::default() }).await;
        assert_eq!(company.sign_on(&mut Browser::at(&company.app)).await.status(), StatusCode::SEE_OTHER);
    }
}

#[tokio::test]
async fn an_address_counts_only_where_the_provider_has_verified_it() {
    let company = Company::new().await;
    let email = company.iris.email.clone().unwrap();
    let (whole, said) =
        (json!({"sub": "subject-1", "email": email, "email_verified": true}), json!({"sub": "subject-1"}));
    for (token, info) in [
        (json!({"sub": "subject-1", "email": email, "email_verified": false}), whole.clone()),
        (json!({"sub": "subject-1", "email": email}), json!({"sub": "subject-1", "email": email})),
        (said.clone(), said.clone()),
    ] {
        company.provider.with(|fake| (fake.claims, fake.user_info) = (token.clone(), info));
        let (status, words) = company.refused().await;
        assert_eq!((status, words.contains("verified")), (StatusCode::FORBIDDEN, true), "{token} {words}");
    }

    // Some providers say it beside the token only; it must then be about the same person.
    let other = json!({"sub": "subject-7", "email": email, "email_verified": true});
    company.provider.with(|fake| (fake.claims, fake.user_info) = (said.clone(), other));
    assert_eq!(company.refused().await.0, StatusCode::UNAUTHORIZED);
    company.provider.with(|fake| fake.user_info = whole);
    assert_eq!(company.sign_on(&mut Browser::at(&company.app)).await.status(), StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_token_that_proves_nothing_lets_nobody_in() {
    let company = Company::new().await;
    let honest = company.provider.with(|fake| fake.claims.clone());
    for (claim, lie) in [
        ("nonce", json!("another")),
        ("nonce", Value::Null),
        ("aud", json!("another-client")),
        ("aud", json!(["baton", "another-client"])),
        ("iss", json!("https://login.evil.example")),
        ("exp", json!(1_772_445_600)), // The very moment.
        ("exp", json!(0)),
        ("sub", json!("")),
    ] {
        company.provider.with(|fake| {
            fake.claims = honest.clone();
            fake.claims[claim] = lie.clone();
        });
        assert_eq!(company.refused().await.0, StatusCode::UNAUTHORIZED, "{claim}: {lie}");
    }
    company.provider.with(|fake| fake.claims = honest);
    for signature in [Signature::Forged, Signature::New, Signature::Shared, Signature::Nothing] {
        company.provider.with(|fake| fake.signature = signature);
        let (status, words) = company.refused().await;
        assert_eq!((status, words.contains("begin again")), (StatusCode::UNAUTHORIZED, true), "{signature:?}: {words}");
    }
    assert!(company.logged("user.sign_on_tied").await.is_empty());
    company.provider.with(|fake| fake.signature = Signature::Rsa);
    assert_eq!(company.sign_on(&mut Browser::at(&company.app)).await.status(), StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_sign_on_ends_once_in_the_browser_that_began_it() {
    let company = Company::new().await;
    let (mut mallory, mut victim) = (Browser::at(&company.app), Browser::at(&company.app));
    let link = company.ask(&mut mallory, "").await;
    assert_eq!(victim.open(&link).await.status(), StatusCode::UNAUTHORIZED, "no cookie");
    let _ = company.ask(&mut victim, "").await;
    let (status, words) = problem(victim.open(&link).await).await;
    assert_eq!((status, words.contains("this browser")), (StatusCode::UNAUTHORIZED, true), "another's cookie: {words}");
    assert!(!victim.cookies.contains_key("baton"));

    let kept = mallory.cookies.clone();
    assert_eq!(mallory.open(&link).await.status(), StatusCode::SEE_OTHER, "the link was not used up by others");
    mallory.cookies = kept;
    let (status, words) = problem(mallory.open(&link).await).await;
    assert_eq!((status, words.contains("has ended already")), (StatusCode::UNAUTHORIZED, true), "replayed: {words}");
    for nothing in ["/sign-in/oidc/callback", "/sign-in/oidc/callback?code=1&state=", "/sign-in/oidc/callback?state=x"]
    {
        assert_eq!(Browser::at(&company.app).open(nothing).await.status(), StatusCode::UNAUTHORIZED, "{nothing}");
    }
}

#[tokio::test]
async fn a_sign_on_runs_out_after_ten_minutes() {
    let company = Company::new().await;
    company.provider.with(|fake| fake.claims["exp"] = json!(1_772_445_600 + 3_600));
    for (minutes, status) in [(9, StatusCode::SEE_OTHER), (10, StatusCode::UNAUTHORIZED)] {
        let mut browser = Browser::at(&company.app);
        let back = company.ask(&mut browser, "").await;
        company.clock.forward(Duration::from_mins(minutes));
        assert_eq!(browser.open(&back).await.status(), status, "after {minutes} minutes");
    }
}

#[tokio::test]
async fn no_address_leads_away_from_baton() {
    let company = Company::new().await;
    for (next, page) in [
        ("https://evil.example", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("%2F%2Fevil.example", "/"),
        ("%2F%5Cevil.example", "/"),
        ("/%0d%0aLocation:%20https://evil.example", "/"),
        ("/%09/evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
        ("/%250d%250aX:1", "/%0d%0aX:1"),
        ("/deals/deal_1%23t0", "/deals/deal_1#t0"),
    ] {
        let mut browser = Browser::at(&company.app);
        let back = company.ask(&mut browser, &format!("?next={next}")).await;
        assert_eq!(location(&browser.open(&back).await), page, "{next}");
    }
}

#[tokio::test]
async fn a_provider_that_does_not_answer_is_said_to_be_so() {
    let company = Company::new().await;
    for mood in [Mood::Down, Mood::Elsewhere, Mood::Endless, Mood::Page] {
        company.provider.with(|fake| fake.mood = mood);
        let (status, words) = problem(Browser::at(&company.app).open("/sign-in/oidc").await).await;
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{mood:?}");
        assert!(words.contains("does not answer") && words.contains("password"), "{words}");
        company.provider.with(|fake| fake.mood = Mood::Fine);
        let mut browser = Browser::at(&company.app);
        let back = company.ask(&mut browser, "").await;
        company.provider.with(|fake| fake.mood = mood);
        assert_eq!(browser.open(&back).await.status(), StatusCode::SERVICE_UNAVAILABLE, "on the way back: {mood:?}");
        company.provider.with(|fake| fake.mood = Mood::Fine);
        company.clock.forward(Duration::from_hours(1));
    }
}

#[tokio::test]
async fn a_provider_that_is_not_there_is_said_not_to_answer() {
    let app = TestApp::with(&["--oidc-issuer", "http://127.0.0.1:1", "--oidc-client-id", "baton"]).await;
    let (status, words) = problem(Browser::at(&app).open("/sign-in/oidc").await).await;
    assert_eq!((status, words.contains("does not answer")), (StatusCode::SERVICE_UNAVAILABLE, true), "{words}");
}

#[tokio::test]
async fn baton_proves_itself_as_the_provider_takes_it() {
    for proof in [Proof::Form, Proof::None] {
        let provider = FakeProvider::start().await;
        provider.with(|fake| fake.proof = proof);
        let company = Company::of(provider, &[]).await;
        assert_eq!(company.sign_on(&mut Browser::at(&company.app)).await.status(), StatusCode::SEE_OTHER, "{proof:?}");
    }
}

#[tokio::test]
async fn a_provider_is_asked_anew_after_an_hour_or_when_it_has_a_new_key() {
    let company = Company::new().await;
    company.provider.with(|fake| fake.claims["exp"] = json!(1_772_445_600 + 7_200));
    let asked = || company.provider.with(|fake| fake.discoveries);
    let sign_on = async || company.sign_on(&mut Browser::at(&company.app)).await.status();
    assert_eq!((asked(), sign_on().await, asked()), (0, StatusCode::SEE_OTHER, 1));
    company.clock.forward(Duration::from_mins(59));
    assert_eq!((sign_on().await, asked()), (StatusCode::SEE_OTHER, 1));
    company.clock.forward(Duration::from_mins(1));
    assert_eq!((sign_on().await, asked()), (StatusCode::SEE_OTHER, 2));
    company.provider.with(|fake| (fake.signature, fake.publishes_new_key) = (Signature::New, true));
    assert_eq!((sign_on().await, asked()), (StatusCode::SEE_OTHER, 3));
    assert_eq!((sign_on().await, asked()), (StatusCode::SEE_OTHER, 3));
}

#[tokio::test]
async fn what_the_provider_or_the_settings_refuse_is_said_in_clear_words() {
    let company = Company::new().await;
    company.provider.with(|fake| fake.secret = "renewed");
    let (status, words) = company.refused().await;
    assert_eq!((status, words.contains("client id or secret")), (StatusCode::SERVICE_UNAVAILABLE, true), "{words}");
    for (code, refused) in
        [("access_denied", StatusCode::FORBIDDEN), ("temporarily_unavailable", StatusCode::SERVICE_UNAVAILABLE)]
    {
        let mut browser = Browser::at(&company.app);
        company.ask(&mut browser, "").await;
        let back = format!("/sign-in/oidc/callback?error={code}&state={}", browser.cookies["baton-sign-on"]);
        assert_eq!(browser.open(&back).await.status(), refused, "{code}");
    }
    let bare = TestApp::new().await;
    let (status, words) = problem(Browser::at(&bare).open("/sign-in/oidc").await).await;
    assert_eq!((status, words.contains("--oidc-issuer")), (StatusCode::CONFLICT, true), "{words}");
}

#[tokio::test]
async fn over_tls_the_cookie_is_the_hosts_own() {
    let company = Company::with(&["--public-url", "https://baton.example"]).await;
    let mut browser = Browser::at(&company.app);
    let begun = browser.open("/sign-in/oidc").await;
    let cookie = begun.headers()[SET_COOKIE].to_str().unwrap();
    assert!(cookie.starts_with("__Host-baton-sign-on="), "{cookie}");
    for part in ["HttpOnly", "Secure", "SameSite=Lax", "Path=/", "Max-Age=600"] {
        assert!(cookie.contains(part), "{part}: {cookie}");
    }
    let back = company.ask(&mut browser, "").await;
    let own = browser.cookies.remove("__Host-baton-sign-on").unwrap();
    browser.cookies.insert("baton-sign-on".to_owned(), own.clone());
    assert_eq!(browser.open(&back).await.status(), StatusCode::UNAUTHORIZED, "a neighbour's host can set this one");
    browser.cookies = [("__Host-baton-sign-on".to_owned(), own)].into();
    assert_eq!(browser.open(&back).await.status(), StatusCode::SEE_OTHER);
    let session = browser.cookies.remove("__Host-baton").unwrap();
    browser.cookies.insert("baton".to_owned(), session);
    assert_eq!(browser.open("/v1/me").await.status(), StatusCode::UNAUTHORIZED, "nor is a session taken from it");
}
