//! Generated workspaces: people of every role, accounts and deals between them, and in every text a mark that tells whose it
//! is. A mark is a word of its own: where it turns up, the words around it came from there.

use std::sync::atomic::{AtomicUsize, Ordering};

use baton::access::people::{self, NewUser};
use baton::access::tokens::{self, NewToken};
use baton::access::{Caller, Means};
use baton::ask::kept;
use baton::ask::record::{self, Over};
use baton::domain::deal::DealTerms;
use baton::domain::finding::Finding;
use baton::domain::ids::{AccountId, DealId, TenantId, UserId};
use baton::domain::user::{Role, Scope, User, UserKind};
use baton::handover::{self, DealChange};
use baton::store::{deals, sources};
use baton::{intake, review};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::json;

use crate::support::app::{NOW, TestApp};
use crate::support::world::{Ids, Pass};

/// What everybody talks about: the same in every deal, so that every question is answered by all of them.
pub(super) const TOPICS: [&str; 6] =
    ["freezer alarms", "the rollout in June", "who signs the contract", "the price", "data migration", "training"];

/// A workspace to be built: the shape of it, without names.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    people: Vec<Role>,
    accounts: usize,
    deals: Vec<DealPlan>,
}

#[derive(Debug, Clone)]
struct DealPlan {
    account: Index,
    owner: Index,
    csm: Option<Index>,
    topics: [&'static str; 2],
    is_final: bool,
}

/// Any workspace of a few people and deals.
pub(super) fn plan() -> impl Strategy<Value = Plan> {
    let deal = (
        any::<Index>(),
        any::<Index>(),
        any::<Option<Index>>(),
        [select(&TOPICS[..]), select(&TOPICS[..])],
        any::<bool>(),
    )
        .prop_map(|(account, owner, csm, topics, is_final)| DealPlan { account, owner, csm, topics, is_final });
    (proptest::collection::vec(select(Role::ALL), 1..4), 1..3_usize, proptest::collection::vec(deal, 1..4)).prop_map(
        |(others, accounts, deals)| Plan { people: [vec![Role::Ae, Role::Csm], others].concat(), accounts, deals },
    )
}

/// Somebody with a token for reading.
pub(super) struct Person {
    pub(super) user: User,
    pub(super) pass: Pass,
}

/// A mark, and who may read it.
struct Mark {
    word: String,
    readers: Readers,
}

enum Readers {
    /// Everybody of a workspace.
    Tenant(TenantId),
    /// These.
    Users(Vec<UserId>),
}

impl Mark {
    fn is_for(&self, who: &Person) -> bool {
        match &self.readers {
            Readers::Tenant(tenant) => who.user.tenant == *tenant,
            Readers::Users(users) => users.contains(&who.user.id),
        }
    }
}

/// All workspaces that were built so far.
#[derive(Default)]
pub(super) struct Town {
    pub(super) people: Vec<Person>,
    /// What a request may name, by what a path calls it: one entry per deal.
    things: Vec<Ids>,
    /// Answers that somebody shared.
    answers: Vec<String>,
    /// Who asked what.
    pub(super) asked: Vec<(UserId, String)>,
    marks: Vec<Mark>,
}

/// A word that nobody says and that was never made before.
fn fresh_word() -> String {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let syllables = ["ba", "ko", "ri", "tu", "me", "zo", "fa", "li"];
    let mut n = NEXT.fetch_add(1, Ordering::Relaxed);
    let mut word = "qx".to_owned();
    for _ in 0..5 {
        word.push_str(syllables[n % syllables.len()]);
        n /= syllables.len();
    }
    word + "xq"
}

impl Town {
    /// A new mark.
    fn mark(&mut self, readers: Readers) -> String {
        let word = fresh_word();
        self.marks.push(Mark { word: word.clone(), readers });
        word
    }

    /// The marks of an answer, those that this person may not read or those that they may.
    fn marks_in(&self, who: &Person, answer: &str, own: bool) -> Vec<&str> {
        let answer = answer.to_lowercase();
        let found = self.marks.iter().filter(|mark| mark.is_for(who) == own && answer.contains(&mark.word));
        found.map(|mark| mark.word.as_str()).collect()
    }

    /// The marks of an answer that this person may not read.
    pub(super) fn leaked(&self, who: &Person, answer: &str) -> Vec<&str> {
        self.marks_in(who, answer, false)
    }

    /// Whether an answer tells this person something of theirs.
    pub(super) fn tells(&self, who: &Person, answer: &str) -> bool {
        !self.marks_in(who, answer, true).is_empty()
    }

    /// A word of somebody's record, whoever's.
    pub(super) fn any_mark(&self, at: Index) -> &str {
        &at.get(&self.marks).word
    }

    /// Adds a workspace.
    pub(super) async fn build(&mut self, app: &TestApp, plan: &Plan) {
        let mut tx = app.app.store.write().await.unwrap();
        let tenant = people::found_tenant(&mut tx, &fresh_word(), app.app.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
        let mut users = Vec::new();
        for role in &plan.people {
            users.push(self.invite(app, &tenant, *role).await);
        }
        let admin = Caller::console(tenant);
        let mut accounts = Vec::new();
        for _ in 0..plan.accounts {
            let name = fresh_word();
            accounts.push((intake::open_account(&app.app, &admin, &name).await.unwrap().id, name));
        }
        let mut readers: Vec<Vec<UserId>> = vec![ids(users.iter().filter(|user| sees_all(user))); accounts.len()];
        for deal in &plan.deals {
            let at = deal.account.index(accounts.len());
            readers[at].extend(self.deal(app, &admin, &users, deal, &accounts[at].0).await);
        }
        for (at, user) in users.iter().enumerate() {
            self.share_an_answer(app, user, at).await;
        }
        for ((_, word), readers) in accounts.into_iter().zip(readers) {
            self.marks.push(Mark { word, readers: Readers::Users(readers) });
        }
    }

    /// Somebody asks all they may see and shares the answer, which is then for those who may see what it rests on.
    async fn share_an_answer(&mut self, app: &TestApp, user: &User, at: usize) {
        let questions = ["What did we promise?", "Which risks are there?", "Who decides?", "What was lost in March?"];
        let caller = Caller::of(user.clone(), Means::Console);
        let kept = record::ask(&app.app, &caller, Over::All, questions[at % questions.len()]).await.unwrap();
        kept::share(&app.app, &caller, &kept.id, true).await.unwrap();
        self.answers.push(kept.id.to_string());
    }

    /// What a request may name: all of one deal, or each of another.
    pub(super) fn ids(&self, picks: &[Index], together: bool) -> Ids {
        let of = |pick: &Index| if together { picks[0].get(&self.things) } else { pick.get(&self.things) };
        let mut ids: Ids =
            self.things[0].keys().zip(picks).map(|(name, pick)| (*name, of(pick)[name].clone())).collect();
        ids.insert("answer_id", picks[picks.len() - 1].get(&self.answers).clone());
        ids
    }

    /// What somebody asked before: their own answers repeat it to them.
    pub(super) fn unasked(&self, who: &Person, answer: &str) -> String {
        let own = self.asked.iter().filter(|(asker, _)| *asker == who.user.id);
        own.fold(answer.to_owned(), |answer, (_, question)| answer.replace(question, ""))
    }

    /// Adds somebody; their name is known to their colleagues.
    async fn invite(&mut self, app: &TestApp, tenant: &TenantId, role: Role) -> User {
        let name = self.mark(Readers::Tenant(tenant.clone()));
        let email = Some(format!("{name}@example.com"));
        let new = NewUser { kind: UserKind::Person, name, email, title: None, role };
        let (user, _) = people::invite(&app.app, &Caller::console(tenant.clone()), new).await.unwrap();
        let token = NewToken { user: user.id.clone(), name: "town".to_owned(), scopes: vec![Scope::Read], days: 9 };
        let caller = Caller::of(user.clone(), Means::Console);
        let (_, secret) = tokens::make(&app.app, &caller, token).await.unwrap();
        self.people.push(Person { user: user.clone(), pass: Pass::Token(secret.expose().to_owned()) });
        user
    }

    /// A deal with a call, notes about persons and, if planned, a final version; who may see it.
    async fn deal(
        &mut self,
        app: &TestApp,
        admin: &Caller,
        users: &[User],
        plan: &DealPlan,
        account: &AccountId,
    ) -> Vec<UserId> {
        let of = |role| users.iter().filter(|user| user.role == role).map(|user| user.id.clone()).collect::<Vec<_>>();
        let owner = plan.owner.get(&of(Role::Ae)).clone();
        let csm = plan.csm.map(|at| at.get(&of(Role::Csm)).clone());
        let works_on = |user: &&User| user.role == Role::Admin || user.id == owner || csm.as_ref() == Some(&user.id);
        let readers = ids(users.iter().filter(|user| works_on(user) || sees_all(user)));
        let mark = self.mark(Readers::Users(readers.clone()));
        let note = self.mark(Readers::Users(ids(users.iter().filter(works_on))));

        let terms = DealTerms { territory: Some(mark.clone()), ..DealTerms::default() };
        let deal = intake::open_deal(&app.app, admin, account, &format!("Deal {mark}"), terms).await.unwrap().id;
        let won = Some(Some(NOW.parse().unwrap()));
        let change = DealChange { owner: Some(Some(owner)), csm: Some(csm), closed_at: won, ..DealChange::default() };
        handover::change_deal(&app.app, admin, &deal, change).await.unwrap();
        let call = call(&mark, plan.topics);
        let file = intake::Upload { name: format!("{mark}.txt"), bytes: call.into_bytes() };
        intake::upload(&app.app, admin, &deal, vec![file], None, |_| String::new()).await.unwrap();
        app.drain().await;
        for (field, word) in [("commitment", &mark), ("risk", &mark), ("politics", &note), ("relationship", &note)] {
            let finding: Finding = serde_json::from_value(json!({"field": field, "attributes": {}})).unwrap();
            review::attest(&app.app, admin, &deal, finding, &format!("The {word} team decides.")).await.unwrap();
        }
        let version = self.finalize(app, admin, &deal, plan.is_final).await;
        self.name(app, &deal, account, version).await;
        readers
    }

    async fn finalize(&self, app: &TestApp, admin: &Caller, deal: &DealId, is_final: bool) -> Option<String> {
        if !is_final {
            return None;
        }
        let mut conn = app.app.store.read().await.unwrap();
        let revision = deals::find(&mut conn, &admin.tenant, deal).await.unwrap().unwrap().revision;
        drop(conn);
        let reason = Some("Kickoff is tomorrow".to_owned());
        Some(review::finalize(&app.app, admin, deal, revision, reason).await.unwrap().id.to_string())
    }

    /// What requests may name of a deal.
    async fn name(&mut self, app: &TestApp, deal: &DealId, account: &AccountId, version: Option<String>) {
        let mut conn = app.app.store.read().await.unwrap();
        let source = sources::list(&mut conn, deal).await.unwrap().remove(0).id;
        let items = baton::store::items::list(&mut conn, deal).await.unwrap();
        let job = baton::store::jobs::list(&mut conn, deal, 1).await.unwrap().remove(0).id;
        let nobody = "00000000000000000000000000000000";
        self.things.push(Ids::from([
            ("deal_id", deal.to_string()),
            ("account_id", account.to_string()),
            ("source_id", source.to_string()),
            ("job_id", job.to_string()),
            ("item_id", items[items.len() / 2].item.id.to_string()),
            ("version_id", version.unwrap_or_else(|| format!("ver_{nobody}"))),
        ]));
    }
}

/// Who sees every deal of their workspace.
const fn sees_all(user: &User) -> bool {
    matches!(user.role, Role::Admin | Role::RevOps | Role::Leader)
}

fn ids<'a>(users: impl Iterator<Item = &'a User>) -> Vec<UserId> {
    users.map(|user| user.id.clone()).collect()
}

fn call(mark: &str, topics: [&str; 2]) -> String {
    format!(
        "Vera Marlow: Thanks for the time. Today we talk about {} and {} with {mark}.\n\
         Omar Hadd: We lost forty {mark} pallets in March because of {}, that is why we are here.\n\
         Vera Marlow: We will have the {mark} scheduler live by June 14, and {} is part of it.\n\
         Omar Hadd: I am worried that our {mark} network team has no time for {} before summer.\n",
        topics[0], topics[1], topics[0], topics[1], topics[0]
    )
}
