//! Whoever asks, whatever they ask and through whatever door: no answer holds a word that is not theirs to read. Not another
//! workspace's, not that of a colleague's deal, not a note about persons that their role does not see.

mod doors;
mod town;

use baton::ask::kept;
use baton::ask::record::{self, Over};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use reqwest::Client;
use reqwest::redirect::Policy;

use crate::support::app::TestApp;
use crate::support::world::{Who, World};
use doors::{DOORS, Knock};
use town::{TOPICS, Town, plan};

/// Times that two workspaces are added to those that are there.
const ROUNDS: usize = 4;
/// People who knock in each round.
const CALLERS: usize = 30;

/// What somebody asks: about one deal, or about things of many; with a question, and with a word of somebody's record.
fn curiosity() -> impl Strategy<Value = (Vec<Index>, bool, &'static str, Index, Index, Index)> {
    let index = any::<Index>;
    (proptest::collection::vec(index(), 8), any::<bool>(), select(&TOPICS[..]), index(), index(), index())
}

#[tokio::test]
async fn no_answer_to_anybody_holds_a_word_that_is_not_theirs() {
    let app = TestApp::with(&["--requests-per-second", "1000000"]).await;
    let client = Client::builder().redirect(Policy::none()).build().unwrap();
    let (mut town, mut runner) = (Town::default(), TestRunner::deterministic());
    let (mut answered, mut telling) = (0, vec![0; DOORS.len()]);
    for _ in 0..ROUNDS {
        for _ in 0..2 {
            let plan = plan().new_tree(&mut runner).unwrap().current();
            town.build(&app, &plan).await;
        }
        for _ in 0..CALLERS {
            let (picks, together, topic, word, who, coin) = curiosity().new_tree(&mut runner).unwrap().current();
            let question = format!("What did the {} team say about {topic}?", town.any_mark(word));
            let id = who.get(&town.people).user.id.clone();
            town.asked.push((id, question.clone()));
            let (who, word, ids) = (who.get(&town.people), town.any_mark(word), town.ids(&picks, together));
            let knock =
                Knock { client: &client, address: &app.address, who, ids: &ids, question: &question, word, coin };
            for (door, told) in DOORS.iter().zip(&mut telling) {
                for (asked, answer) in (door.answers)(&knock).await {
                    let leaked = town.leaked(who, &town.unasked(who, &answer));
                    let (role, name) = (who.user.role.title(), door.name);
                    assert!(leaked.is_empty(), "{name}: a {role} asked {asked} and was told {leaked:?}:\n{answer}");
                    answered += 1;
                    *told += usize::from(town.tells(who, &answer));
                }
            }
        }
    }
    // Doors that say nothing to anybody would prove nothing.
    assert!(telling.iter().all(|told| *told > ROUNDS * CALLERS / 4), "{telling:?} of {answered}");
}

#[tokio::test]
async fn a_shared_answer_is_for_those_who_see_every_deal_it_states() {
    let world = World::new().await;
    let owner = world.caller(Who::Owner);
    let hidden = world.deal(Who::Owner, Who::OtherCsm).await;
    world.attest(&hidden, "risk", "The quillfeather dock is not painted.").await;
    let kept = record::ask(&world.app.app, &owner, Over::All, "Which risks are there?").await.unwrap();
    assert!(kept.answer.to_string().contains("quillfeather"), "{}", kept.answer);
    kept::share(&world.app.app, &owner, &kept.id, true).await.unwrap();
    for (who, may) in [(Who::Csm, false), (Who::OtherAe, false), (Who::Stranger, false), (Who::RevOps, true)] {
        let read = kept::read(&world.app.app, &world.caller(who), &kept.id).await;
        assert_eq!(read.is_ok(), may, "{who:?}");
    }
}
