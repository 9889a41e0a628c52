//! A workspace with one of everything, everybody who might come to its door, and a stranger's workspace beside it. Every text
//! of the first one holds [`MARK`].

use std::collections::BTreeMap;
use std::sync::Arc;

use baton::access::people::{self, NewUser};
use baton::access::sign_in::{self, Welcome};
use baton::access::tokens::{self, NewToken};
use baton::access::{Caller, Means};
use baton::ask::kept;
use baton::ask::record::{self, Over};
use baton::domain::deal::DealTerms;
use baton::domain::finding::Finding;
use baton::domain::handover::{CheckInKind, Reason};
use baton::domain::ids::{DealId, RuleId, TenantId, TokenId, UserId, VersionId};
use baton::domain::policy::AssignmentRule;
use baton::domain::user::{Role, Scope, User, UserKind};
use baton::handover::{self, DealChange, NewCheckIn, NewCorrection};
use baton::hooks::endpoint::NewEndpoint;
use baton::hooks::manage;
use baton::ledger::views;
use baton::store::items::StoredItem;
use baton::store::{deals, deliveries, jobs, sources, users};
use baton::{intake, review};
use reqwest::RequestBuilder;
use serde_json::{Value, json};

use super::app::{NOW, TestApp};

/// Stands in every text of the first workspace and in nothing else.
pub(crate) const MARK: &str = "velvetmoth";
/// Everybody's who has one.
pub(crate) const PASSWORD: &str = "correct horse battery";

const CALL: &str = "Olive Velvetmoth: I'm Olive, account executive at Ferrite Velvetmoth.\n\
    Omar Haddad: Omar, I run operations at Velvetmoth Harbor.\n\
    Omar Haddad: We lost forty velvetmoth pallets in March because nobody saw the freezer fail, that is why we are here.\n\
    Olive Velvetmoth: We will have the velvetmoth scheduler live at all six sites by June 14.\n\
    Omar Haddad: I'm worried that our velvetmoth network team has no time for this before summer.\n";

/// Somebody who comes to the door.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Who {
    /// Without credentials.
    Nobody,
    /// The account executive whose deal it is.
    Owner,
    /// The account executive of another deal.
    OtherAe,
    /// The customer success manager who receives it.
    Csm,
    /// The customer success manager of another deal.
    OtherCsm,
    RevOps,
    Leader,
    Admin,
    /// An admin of the other workspace.
    Stranger,
    /// An integration with a `RevOps` role and a token for the CRM's call.
    Crm,
    /// The owner's token for reading.
    Reader,
    /// The admin's token for everything.
    AllScopes,
}

impl Who {
    pub(crate) const ALL: [Self; 12] = [
        Self::Nobody,
        Self::Owner,
        Self::OtherAe,
        Self::Csm,
        Self::OtherCsm,
        Self::RevOps,
        Self::Leader,
        Self::Admin,
        Self::Stranger,
        Self::Crm,
        Self::Reader,
        Self::AllScopes,
    ];
}

/// What somebody shows at the door.
#[derive(Debug, Clone)]
pub(crate) enum Pass {
    None,
    Cookie(String),
    Token(String),
}

impl Pass {
    pub(crate) fn on(&self, request: RequestBuilder) -> RequestBuilder {
        match self {
            Self::None => request,
            Self::Cookie(secret) => request.header("Cookie", format!("baton={secret}")),
            Self::Token(secret) => request.bearer_auth(secret),
        }
    }
}

/// Ids by what a path calls them, and by what further requests name them.
pub(crate) type Ids = BTreeMap<&'static str, String>;

/// The two workspaces.
pub(crate) struct World {
    pub(crate) app: TestApp,
    pub(crate) ids: Ids,
    pub(crate) stranger: TenantId,
    guests: Vec<(Option<User>, Pass)>,
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::with(&[]).await
    }

    pub(crate) async fn with(flags: &[&str]) -> Self {
        let app = TestApp::with(flags).await;
        let mut tx = app.app.store.write().await.unwrap();
        let stranger = people::found_tenant(&mut tx, "Strangers", app.app.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
        let mut world = Self { app, ids: Ids::new(), stranger, guests: Vec::new() };
        let pages = [("link", "no-such-link"), ("name", "baton.css"), ("number", "1"), ("document", "brief")];
        world.ids.extend(pages.map(|(name, value)| (name, value.to_owned())));
        world.invite_everybody().await;
        world.furnish().await;
        world
    }

    /// Another server over the same records, that has counted nobody's requests yet.
    pub(crate) async fn door(&self) -> String {
        self.app.door().await
    }

    pub(crate) fn pass(&self, who: Who) -> Pass {
        self.guests[who as usize].1.clone()
    }

    pub(crate) fn user(&self, who: Who) -> Option<&User> {
        self.guests[who as usize].0.as_ref()
    }

    /// Acts as this user, without a door.
    pub(crate) fn caller(&self, who: Who) -> Caller {
        Caller::of(self.user(who).unwrap().clone(), Means::Console)
    }

    /// Everybody as the records have them now.
    pub(crate) async fn refresh(&mut self) {
        let mut conn = self.app.app.store.read().await.unwrap();
        for (user, _) in &mut self.guests {
            if let Some(user) = user {
                *user = users::find(&mut conn, &user.tenant, &user.id).await.unwrap().unwrap();
            }
        }
    }

    pub(crate) fn id<T: std::str::FromStr<Err: std::fmt::Debug>>(&self, name: &str) -> T {
        self.ids[name].parse().unwrap()
    }

    /// Adds somebody.
    pub(crate) async fn invite(&self, tenant: &TenantId, name: &str, role: Role, kind: UserKind) -> User {
        let email = format!("{}@{}.example", name.to_lowercase().replace(' ', "."), tenant.as_str().replace('_', "-"));
        let new = NewUser { kind, name: name.to_owned(), email: Some(email), title: None, role };
        people::invite(&self.app.app, &Caller::console(tenant.clone()), new).await.unwrap().0
    }

    /// A link for a user.
    pub(crate) async fn link(&self, user: &UserId) -> String {
        let mut tx = self.app.app.store.write().await.unwrap();
        let tenant = users::find_known(&mut tx, user).await.unwrap().unwrap().user.tenant;
        let now = self.app.app.clock.now();
        let link = sign_in::make_link(&mut tx, &Caller::console(tenant), user, now).await.unwrap();
        tx.commit().await.unwrap();
        link.expose().to_owned()
    }

    /// A session of a user: its id and its secret.
    pub(crate) async fn session(&self, user: &UserId, said: Welcome) -> (String, String) {
        let link = self.link(user).await;
        let signed_in = sign_in::with_link(&self.app.app, &link, said, None).await.unwrap();
        (signed_in.session.id.to_string(), signed_in.secret.expose().to_owned())
    }

    /// A token of a user: its id and its secret.
    pub(crate) async fn token(&self, user: &User, scopes: &[Scope]) -> (TokenId, String) {
        self.token_named(user, "Velvetmoth token", scopes).await
    }

    pub(crate) async fn token_named(&self, user: &User, name: &str, scopes: &[Scope]) -> (TokenId, String) {
        let new = NewToken { user: user.id.clone(), name: name.to_owned(), scopes: scopes.to_vec(), days: 30 };
        let caller = Caller::of(user.clone(), Means::Console);
        let (token, secret) = tokens::make(&self.app.app, &caller, new).await.unwrap();
        (token.id, secret.expose().to_owned())
    }

    async fn invite_everybody(&mut self) {
        let (home, strange) = (self.app.app.home.clone(), self.stranger.clone());
        self.guests.push((None, Pass::None));
        for (tenant, name, role) in [
            (&home, "Olive Velvetmoth", Role::Ae),
            (&home, "Otto Velvetmoth", Role::Ae),
            (&home, "Cara Velvetmoth", Role::Csm),
            (&home, "Carl Velvetmoth", Role::Csm),
            (&home, "Rita Velvetmoth", Role::RevOps),
            (&home, "Lena Velvetmoth", Role::Leader),
            (&home, "Ada Velvetmoth", Role::Admin),
            (&strange, "Sam Stranger", Role::Admin),
        ] {
            let user = self.invite(tenant, name, role, UserKind::Person).await;
            let (_, secret) = self.session(&user.id, Welcome::default()).await;
            self.guests.push((Some(user), Pass::Cookie(secret)));
        }
        let crm = self.invite(&home, "Velvetmoth CRM", Role::RevOps, UserKind::Integration).await;
        let (owner, admin) = (self.user(Who::Owner).unwrap().clone(), self.user(Who::Admin).unwrap().clone());
        for (user, scopes) in [(crm, &[Scope::Crm][..]), (owner, &[Scope::Read]), (admin, Scope::ALL)] {
            let (id, secret) = self.token(&user, scopes).await;
            self.ids.insert("token_id", id.to_string());
            self.guests.push((Some(user), Pass::Token(secret)));
        }
        let spare = self.invite(&home, "Vera Velvetmoth", Role::Ae, UserKind::Person).await;
        let known = Welcome { password: Some(PASSWORD.to_owned()), ..Welcome::default() };
        let (session, _) = self.session(&spare.id, known).await;
        self.ids.extend([
            ("user_id", spare.id.to_string()),
            ("integration_id", self.user(Who::Crm).unwrap().id.to_string()),
            ("csm_id", self.user(Who::Csm).unwrap().id.to_string()),
            ("email", spare.email.unwrap()),
            ("session_id", session),
            ("link", self.link(&spare.id).await),
        ]);
    }

    /// A deal of the owner, on its way to the customer success manager.
    pub(crate) async fn deal(&self, ae: Who, csm: Who) -> DealId {
        let (app, caller) = (&self.app.app, self.caller(ae));
        let account = intake::account_named(app, &caller, &format!("Velvetmoth Works {ae:?}")).await.unwrap();
        let terms = DealTerms { territory: Some("Velvetmoth North".to_owned()), ..DealTerms::default() };
        let deal = intake::open_deal(app, &caller, &account.id, "Velvetmoth sites", terms).await.unwrap();
        let csm = self.user(csm).unwrap().id.clone();
        let won = Some(Some(NOW.parse().unwrap()));
        let change = DealChange { csm: Some(Some(csm)), closed_at: won, ..DealChange::default() };
        handover::change_deal(app, &caller, &deal.id, change).await.unwrap();
        deal.id
    }

    /// Adds what the owner knows from memory.
    pub(crate) async fn attest(&self, deal: &DealId, field: &str, statement: &str) -> StoredItem {
        let finding: Finding = serde_json::from_value(json!({"field": field, "attributes": {}})).unwrap();
        review::attest(&self.app.app, &self.caller(Who::Owner), deal, finding, statement).await.unwrap()
    }

    /// Makes the deal's handoff final, whatever is missing.
    pub(crate) async fn finalize(&self, deal: &DealId) -> VersionId {
        let mut conn = self.app.app.store.read().await.unwrap();
        let revision = deals::find(&mut conn, &self.app.app.home, deal).await.unwrap().unwrap().revision;
        drop(conn);
        let reason = Some("Velvetmoth kickoff is tomorrow".to_owned());
        let owner = self.caller(Who::Owner);
        review::finalize(&self.app.app, &owner, deal, revision, reason).await.unwrap().id
    }

    /// Adds an endpoint; its id.
    pub(crate) async fn webhook(&self) -> String {
        let url = "https://hooks.example/velvetmoth".to_owned();
        let new = NewEndpoint { url, ..serde_json::from_value(json!({"url": ""})).unwrap() };
        manage::add(&self.app.app, &self.caller(Who::Admin), new).await.unwrap().0.id.to_string()
    }

    /// Adds an assignment rule; its id.
    pub(crate) async fn rule(&self) -> String {
        let id = RuleId::generate();
        let segment = Some("Velvetmoth segment".to_owned());
        let rule = AssignmentRule { id: id.clone(), segment, territory: None, csms: vec![self.id("csm_id")] };
        handover::add_assignment_rule(&self.app.app, &self.caller(Who::Admin), rule).await.unwrap();
        id.to_string()
    }

    /// A view of the ledger that `RevOps` keeps and shares; its id.
    pub(crate) async fn view(&self, name: &str) -> String {
        let view = views::add(&self.app.app, &self.caller(Who::RevOps), name, "q=velvetmoth", true).await.unwrap();
        view.id.to_string()
    }

    /// A question of the owner to the record of a deal, shared; the answer's id.
    pub(crate) async fn answer(&self, deal: &DealId, question: &str) -> String {
        let owner = self.caller(Who::Owner);
        let answer = record::ask(&self.app.app, &owner, Over::Deal(deal.clone()), question).await.unwrap();
        kept::share(&self.app.app, &owner, &answer.id, true).await.unwrap().id.to_string()
    }

    /// Asks the owner something; the question's id.
    pub(crate) async fn ask(&self, deal: &DealId, field: Option<&str>, words: &str) -> String {
        let field = field.map(|field| field.parse().unwrap());
        let question = handover::ask(&self.app.app, &self.caller(Who::Csm), deal, field, words).await.unwrap();
        question.id.to_string()
    }

    /// One of everything.
    async fn furnish(&mut self) {
        let deal = self.deal(Who::Owner, Who::Csm).await;
        self.deal(Who::OtherAe, Who::OtherCsm).await;
        let (app, owner, csm) = (Arc::clone(&self.app.app), self.caller(Who::Owner), self.caller(Who::Csm));
        let file = intake::Upload { name: "velvetmoth-call.txt".to_owned(), bytes: CALL.as_bytes().to_vec() };
        intake::upload(&app, &owner, &deal, vec![file], None, |_| String::new()).await.unwrap();
        self.app.drain().await;
        let webhook = self.webhook().await;
        let item = self.attest(&deal, "risk", "The velvetmoth team is busy.").await;
        let version = self.finalize(&deal).await;
        let reasons: Vec<Reason> =
            serde_json::from_value(json!([{"field": "risk", "code": "unclear", "note": "Which velvetmoth team?"}]))
                .unwrap();
        let comment = Some("Velvetmoth is unclear".to_owned());
        handover::give_back(&app, &csm, &deal, 2, reasons, comment).await.unwrap();
        let answered = self.ask(&deal, None, "Who is the velvetmoth team?").await;
        handover::answer(&app, &owner, &answered.parse().unwrap(), "The velvetmoth people of Omar.").await.unwrap();
        let said_by = "Omar Velvetmoth".to_owned();
        let correction = NewCorrection { item: None, said_by, words: "It is seven velvetmoth sites.".to_owned() };
        handover::correct(&app, &csm, &deal, correction).await.unwrap();
        let note = Some("Velvetmoth is content".to_owned());
        let kind = CheckInKind::Pulse;
        let pulse = NewCheckIn { kind, repeats: 1, satisfaction: Some(4), escalated: false, note };
        handover::record_check_in(&app, &csm, &deal, pulse).await.unwrap();
        self.ids.extend([
            ("question_id", self.ask(&deal, Some("risk"), "And the velvetmoth freezer?").await),
            ("answer_id", self.answer(&deal, "What of the velvetmoth freezer?").await),
            ("rule_id", self.rule().await),
            ("view_id", self.view("Velvetmoth view").await),
            ("item_id", item.item.id.to_string()),
            ("version_id", version.to_string()),
            ("webhook_id", webhook),
            ("step", "kickoff".to_owned()),
            ("field", "pricing".to_owned()),
        ]);
        self.look_up(&deal).await;
    }

    /// What belongs to a deal, for the requests from now on.
    pub(crate) async fn look_up(&mut self, deal: &DealId) {
        let (home, mut conn) = (&self.app.app.home, self.app.app.store.read().await.unwrap());
        let account = deals::find(&mut conn, home, deal).await.unwrap().unwrap().account_id;
        let source = sources::list(&mut conn, deal).await.unwrap().remove(0).id;
        let job = jobs::list(&mut conn, deal, 1).await.unwrap().remove(0).id;
        let webhook = self.id("webhook_id");
        let delivery = deliveries::list(&mut conn, home, &webhook, None, 1).await.unwrap().remove(0).id;
        drop(conn);
        let delivery_job = manage::redeliver(&self.app.app, &self.caller(Who::Admin), &delivery).await.unwrap();
        self.ids.extend([
            ("delivery_job_id", delivery_job.to_string()),
            ("deal_id", deal.to_string()),
            ("account_id", account.to_string()),
            ("source_id", source.to_string()),
            ("job_id", job.to_string()),
            ("delivery_id", delivery.to_string()),
        ]);
    }

    /// The whole log of the first workspace: the same text means that nothing has happened.
    pub(crate) async fn log(&self) -> String {
        let request = self.app.get("/v1/audit-log/export");
        let response = request.send().await.unwrap().error_for_status().unwrap();
        response.text().await.unwrap()
    }

    /// The deal's draft as the owner sees it.
    pub(crate) async fn draft(&self) -> Value {
        self.app.draft(&self.ids["deal_id"]).await
    }
}
