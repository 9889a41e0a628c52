//! Who sees what of a profile: notes about persons deal by deal, and nothing of deals that are somebody else's.

use baton::dna::{ClientDna, Since, changes_of_account, changes_of_deal, of_account, of_deal};
use baton::documents::{DocumentKind, client_dna};
use baton::domain::ids::{AccountId, DealId};
use baton::error::Error;
use baton::handover::{self, DealChange};
use baton::{intake, review};
use serde_json::{Value, json};

use crate::support::world::{Who, World};

const NOTE: &str = "Omar cannot stand slide decks (grudgewort).";
const SECRET: &str = "The second freezer deal is about quincefoil.";

/// An account with two deals: the first AE's, with a note about a person, and the other AE's.
async fn two_deals() -> (World, AccountId, DealId, DealId) {
    let world = World::new().await;
    let app = &world.app.app;
    let owner = world.caller(Who::Owner);
    let first: DealId = world.id("deal_id");
    world.attest(&first, "relationship", NOTE).await;
    let account: AccountId = world.id("account_id");
    let admin = world.caller(Who::Admin);
    let second = intake::open_deal(app, &admin, &account, "Second deal", baton::domain::deal::DealTerms::default())
        .await
        .unwrap()
        .id;
    let other = world.user(Who::OtherAe).unwrap().id.clone();
    let change = DealChange { owner: Some(Some(other)), ..DealChange::default() };
    handover::change_deal(app, &admin, &second, change).await.unwrap();
    let finding = serde_json::from_value(json!({"field": "risk", "attributes": {}})).unwrap();
    review::attest(app, &world.caller(Who::OtherAe), &second, finding, SECRET).await.unwrap();
    let note = serde_json::from_value(json!({"field": "politics", "attributes": {}})).unwrap();
    review::attest(app, &world.caller(Who::OtherAe), &second, note, "Quincefoil politics.").await.unwrap();
    drop(owner);
    (world, account, first, second)
}

fn told(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap()
}

#[tokio::test]
async fn notes_about_persons_are_for_those_who_may_see_them_on_that_very_deal() {
    let (world, account, first, _) = two_deals().await;
    let app = &world.app.app;
    for who in [Who::Owner, Who::Csm, Who::RevOps, Who::Leader, Who::Admin] {
        let caller = world.caller(who);
        let may = matches!(who, Who::Owner | Who::Csm | Who::Admin);
        let profile = of_deal(app, &caller, &first).await.unwrap();
        assert_eq!(told(&profile).contains("grudgewort"), may, "{who:?}");
        assert_eq!(!profile.conversation.is_empty(), may, "{who:?}");
        let text = client_dna::markdown(&app.templates, &profile).unwrap();
        assert_eq!(text.contains("grudgewort"), may, "{who:?}");
        let joined = of_account(app, &caller, &account).await.unwrap();
        assert_eq!(told(&joined).contains("grudgewort"), may, "{who:?}");
        // The other deal's note: for nobody but the admin, who sees all.
        assert_eq!(told(&joined).contains("Quincefoil politics"), who == Who::Admin, "{who:?}");
        for since in [Since::Last, Since::Moment("2020-01-01T00:00:00Z".parse().unwrap())] {
            let changes = changes_of_deal(app, &caller, &first, &since).await.unwrap();
            assert!(may || !told(&changes).contains("grudgewort"), "{who:?}");
            let changes = changes_of_account(app, &caller, &account, &since).await.unwrap();
            assert!(may || !told(&changes).contains("grudgewort"), "{who:?}");
        }
    }
}

#[tokio::test]
async fn an_account_executive_with_one_of_two_deals_sees_that_one_only() {
    let (world, account, first, second) = two_deals().await;
    let app = &world.app.app;
    for (who, own, others) in [(Who::Owner, &first, &second), (Who::OtherAe, &second, &first)] {
        let caller = world.caller(who);
        let joined: ClientDna = of_account(app, &caller, &account).await.unwrap();
        let deals: Vec<&str> = joined.deals.iter().filter_map(|deal| deal.id.as_deref()).collect();
        assert_eq!(deals, [own.as_str()], "{who:?}");
        assert_eq!(told(&joined).contains("quincefoil"), who == Who::OtherAe);
        assert_eq!(told(&joined).contains("grudgewort"), who == Who::Owner);
        let changes = changes_of_account(app, &caller, &account, &Since::Last).await.unwrap();
        assert!(!told(&changes).contains(others.as_str()), "{who:?}");
        assert!(matches!(of_deal(app, &caller, others).await, Err(Error::NotFound { .. })), "{who:?}");
    }
    let all = of_account(app, &world.caller(Who::Leader), &account).await.unwrap();
    assert_eq!(all.deals.len(), 2);
    assert!(all.challenges.iter().all(|line| !line.deals.is_empty()), "every line says which deal it is from");
    assert!(all.own_words.iter().all(|phrase| !phrase.deals.is_empty()));
    assert!(all.history.iter().all(|event| event.deals.len() == 1));
}

#[tokio::test]
async fn another_workspace_sees_no_profile() {
    let (world, account, first, _) = two_deals().await;
    let (app, stranger) = (&world.app.app, world.caller(Who::Stranger));
    assert!(matches!(of_deal(app, &stranger, &first).await, Err(Error::NotFound { .. })));
    assert!(matches!(of_account(app, &stranger, &account).await, Err(Error::NotFound { .. })));
    assert!(matches!(changes_of_deal(app, &stranger, &first, &Since::Last).await, Err(Error::NotFound { .. })));
    assert!(matches!(changes_of_account(app, &stranger, &account, &Since::Last).await, Err(Error::NotFound { .. })));
}

/// A line that was drafted as a worry and is moved among the notes about persons is told of to nobody else, not even as gone.
#[tokio::test]
async fn what_became_a_note_is_not_told_as_gone() {
    let (world, _, first, _) = two_deals().await;
    let app = &world.app.app;
    let owner = world.caller(Who::Owner);
    let worry = world.attest(&first, "objection", "Omar trusts nobody (grudgewort).").await;
    world.finalize(&first).await;
    let finding = serde_json::from_value(json!({"field": "politics", "attributes": {}})).unwrap();
    let decision = review::Decision::Edit { finding: Some(finding), statement: None };
    review::decide(app, &owner, &worry.item.id, worry.revision, decision).await.unwrap();
    let changes = changes_of_deal(app, &owner, &first, &Since::Last).await.unwrap();
    assert!(told(&changes.changed).contains("trusts nobody"), "{}", told(&changes));
    for who in [Who::RevOps, Who::Leader] {
        let changes = changes_of_deal(app, &world.caller(who), &first, &Since::Last).await.unwrap();
        assert!(!told(&changes).contains("grudgewort"), "{who:?}: {}", told(&changes));
    }
}

#[tokio::test]
async fn the_document_of_a_version_holds_what_was_approved_and_notes_for_some_only() {
    let (world, _, first, _) = two_deals().await;
    let app = &world.app.app;
    let version = world.finalize(&first).await;
    for (who, may) in [(Who::Owner, true), (Who::Csm, true), (Who::RevOps, false), (Who::Leader, false)] {
        let document = handover::document(app, &world.caller(who), &version, DocumentKind::ClientDna).await.unwrap();
        assert_eq!(document.text.contains("grudgewort"), may, "{who:?}");
        assert!(document.text.contains("The velvetmoth team is busy.") && !document.text.contains("not reviewed"));
    }
    let profile: Value = serde_json::to_value(of_deal(app, &world.caller(Who::Csm), &first).await.unwrap()).unwrap();
    let sections = profile.as_object().unwrap().values().filter_map(Value::as_array);
    let lines: Vec<&Value> = sections.flatten().collect();
    assert!(lines.iter().any(|line| line["state"] == "drafted"), "the living profile has what nobody decided on too");
}
