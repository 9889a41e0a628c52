//! What every index promises. Vectors have few dimensions here, so that a reader sees what is near to what.

use std::collections::HashSet;

use baton::domain::ids::{AccountId, DealId, SourceId, TenantId};
use baton::index::{Hit, IndexError, Point, Query, Reach, VectorIndex, VectorSpace};
use uuid::Uuid;

use super::stores::Store;

/// Numbers in a vector.
const DIMENSION: usize = 8;

pub(super) fn space() -> VectorSpace {
    VectorSpace { model: "mini-lm".into(), dimension: DIMENSION }
}

/// Where chunks come from.
#[derive(Clone)]
pub(super) struct Home {
    pub(super) tenant: TenantId,
    pub(super) account: AccountId,
    pub(super) deal: DealId,
    pub(super) source: SourceId,
}

impl Home {
    pub(super) fn new() -> Self {
        Self {
            tenant: TenantId::generate(),
            account: AccountId::generate(),
            deal: DealId::generate(),
            source: SourceId::generate(),
        }
    }

    pub(super) fn reach(&self) -> Reach {
        Reach { tenant: self.tenant.clone(), account: None, deals: None }
    }

    pub(super) fn chunk(&self, turn: u32, text: &str, vector: impl Into<Vec<f32>>) -> Point {
        let id = Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("{} {} {turn}", self.tenant, self.source).as_bytes());
        Point {
            id,
            tenant: self.tenant.clone(),
            account: self.account.clone(),
            deal: self.deal.clone(),
            source: self.source.clone(),
            turns: turn..=turn + 2,
            text: text.into(),
            vector: vector.into(),
        }
    }

    pub(super) fn query(&self, text: &str, vector: impl Into<Vec<f32>>) -> Query {
        Query { reach: self.reach(), text: text.into(), vector: vector.into(), limit: 10 }
    }
}

/// The unit vector at `degrees` from the first axis.
pub(super) fn at(degrees: f32) -> Vec<f32> {
    let mut vector = vec![0.0; DIMENSION];
    (vector[0], vector[1]) = (degrees.to_radians().cos(), degrees.to_radians().sin());
    vector
}

pub(super) fn first_turns(hits: &[Hit]) -> Vec<u32> {
    hits.iter().map(|hit| *hit.turns.start()).collect()
}

async fn filled(store: &impl Store, points: Vec<Point>) -> Box<dyn VectorIndex> {
    let index = store.open(space()).await.unwrap();
    index.upsert(points).await.unwrap();
    index
}

/// Chunks that are near to `at(0.0)` and share no word with any test's question.
fn fillers(home: &Home) -> Vec<Point> {
    (100..112).map(|turn| home.chunk(turn, "the weather was lovely", at((turn - 90) as f32))).collect()
}

pub(super) async fn a_stored_chunk_is_found_with_its_turns(store: &impl Store) {
    let home = Home::new();
    let index = filled(store, vec![home.chunk(7, "we migrate in May", at(0.0))]).await;
    let hits = index.search(home.query("when do you migrate", at(5.0))).await.unwrap();
    assert_eq!(hits.len(), 1);
    assert_eq!((&hits[0].source, hits[0].turns.clone()), (&home.source, 7..=9));
}

pub(super) async fn the_same_id_twice_is_one_chunk(store: &impl Store) {
    let home = Home::new();
    let first = home.chunk(0, "the old words", at(80.0));
    let index = filled(store, vec![first.clone(), first]).await;
    index.upsert(vec![home.chunk(0, "kubernetes", at(0.0)), home.chunk(5, "other", at(40.0))]).await.unwrap();
    assert_eq!(index.count(&home.reach()).await.unwrap(), 2);
    let hits = index.search(home.query("kubernetes", at(0.0))).await.unwrap();
    assert_eq!(first_turns(&hits), [0, 5]);
}

pub(super) async fn a_rare_keyword_wins_over_nearer_vectors(store: &impl Store) {
    let home = Home::new();
    let mut points = fillers(&home);
    points.push(home.chunk(1, "we need the SOC2 attestation before signature", at(90.0)));
    let index = filled(store, points).await;
    let hits = index.search(home.query("what about SOC2", at(0.0))).await.unwrap();
    assert_eq!(first_turns(&hits)[0], 1);
}

pub(super) async fn a_paraphrase_is_found_by_its_vector(store: &impl Store) {
    let home = Home::new();
    let mut points = fillers(&home);
    points.push(home.chunk(1, "finance must sign off first", at(1.0)));
    let index = filled(store, points).await;
    let hits = index.search(home.query("who holds the budget", at(0.0))).await.unwrap();
    assert_eq!(first_turns(&hits)[0], 1);
}

pub(super) async fn a_chunk_that_both_rankings_like_beats_the_best_of_either(store: &impl Store) {
    let home = Home::new();
    let mut points = fillers(&home);
    points.push(home.chunk(1, "nothing of the kind", at(1.0)));
    points.push(home.chunk(2, "the pilot, again the pilot: pilot, pilot", at(90.0)));
    points.push(home.chunk(3, "the pilot starts soon", at(2.0)));
    let index = filled(store, points).await;
    let hits = index.search(home.query("pilot", at(0.0))).await.unwrap();
    assert_eq!(first_turns(&hits)[0], 3);
}

pub(super) async fn no_search_reaches_beyond_its_tenant_account_or_deal(store: &impl Store) {
    let ours = Home::new();
    let sibling = Home { deal: DealId::generate(), source: SourceId::generate(), ..ours.clone() };
    let cousin = Home { tenant: ours.tenant.clone(), ..Home::new() };
    let stranger = Home::new();
    // Everybody else has the better match, many times over.
    let mut points = vec![ours.chunk(0, "uptime matters", at(60.0))];
    for home in [&sibling, &cousin, &stranger] {
        points.extend((0..80).map(|turn| home.chunk(turn, "uptime guarantee in percent", at(0.0))));
    }
    let index = filled(store, points).await;

    let sources = async |reach: Reach| {
        let query = Query { reach, text: "uptime guarantee".into(), vector: at(0.0), limit: 500 };
        let hits = index.search(query).await.unwrap();
        hits.into_iter().map(|hit| hit.source).collect::<HashSet<_>>()
    };
    let account = Reach { account: Some(ours.account.clone()), ..ours.reach() };
    let deal = Reach { deals: Some(vec![ours.deal.clone()]), ..account.clone() };
    assert_eq!(sources(deal).await, HashSet::from([ours.source.clone()]));
    assert_eq!(sources(account).await, HashSet::from([ours.source.clone(), sibling.source.clone()]));
    assert_eq!(sources(ours.reach()).await, HashSet::from([ours.source.clone(), sibling.source, cousin.source]));
    assert_eq!(sources(stranger.reach()).await, HashSet::from([stranger.source.clone()]));
    let foreign_account = Reach { account: Some(stranger.account.clone()), ..ours.reach() };
    let foreign_deal = Reach { deals: Some(vec![stranger.deal]), ..ours.reach() };
    assert_eq!(sources(foreign_account).await, HashSet::new());
    assert_eq!(sources(foreign_deal).await, HashSet::new());
}

pub(super) async fn count_is_told_within_reach(store: &impl Store) {
    let (ours, theirs) = (Home::new(), Home::new());
    let points = vec![ours.chunk(0, "a1", at(0.0)), ours.chunk(1, "b2", at(1.0)), theirs.chunk(0, "c3", at(2.0))];
    let index = filled(store, points).await;
    assert_eq!(index.count(&ours.reach()).await.unwrap(), 2);
    let deal = Reach { deals: Some(vec![theirs.deal.clone()]), ..theirs.reach() };
    assert_eq!(index.count(&deal).await.unwrap(), 1);
    assert_eq!(index.count(&Reach { deals: deal.deals, ..ours.reach() }).await.unwrap(), 0);
}

pub(super) async fn delete_source_takes_one_source_of_one_tenant(store: &impl Store) {
    let ours = Home::new();
    let other_source = Home { source: SourceId::generate(), ..ours.clone() };
    let same_source_elsewhere = Home { source: ours.source.clone(), ..Home::new() };
    let homes = [&ours, &other_source, &same_source_elsewhere];
    let index = filled(store, homes.map(|home| home.chunk(0, "renewal", at(0.0))).to_vec()).await;

    index.delete_source(&ours.tenant, &ours.source).await.unwrap();
    index.delete_source(&ours.tenant, &ours.source).await.unwrap();
    index.delete_source(&ours.tenant, &SourceId::generate()).await.unwrap();

    let hits = index.search(ours.query("renewal", at(0.0))).await.unwrap();
    assert_eq!(hits.iter().map(|hit| &hit.source).collect::<Vec<_>>(), [&other_source.source]);
    assert_eq!(index.count(&same_source_elsewhere.reach()).await.unwrap(), 1);
    index.upsert(vec![ours.chunk(0, "renewal", at(0.0))]).await.unwrap();
    assert_eq!(index.count(&ours.reach()).await.unwrap(), 2);
}

pub(super) async fn an_empty_index_answers(store: &impl Store) {
    let home = Home::new();
    let index = filled(store, Vec::new()).await;
    assert_eq!(index.search(home.query("anything", at(0.0))).await.unwrap(), []);
    assert_eq!(index.count(&home.reach()).await.unwrap(), 0);
    index.delete_source(&home.tenant, &home.source).await.unwrap();
    index.optimize().await.unwrap();
}

pub(super) async fn limits_are_kept(store: &impl Store) {
    let home = Home::new();
    let index = filled(store, fillers(&home)).await;
    for (limit, hits) in [(0, 0), (1, 1), (5, 5), (12, 12), (usize::MAX, 12)] {
        let query = Query { limit, ..home.query("weather", at(0.0)) };
        assert_eq!(index.search(query).await.unwrap().len(), hits, "limit {limit}");
    }
}

pub(super) async fn equal_scores_come_in_the_order_of_the_record(store: &impl Store) {
    let home = Home::new();
    // Each is first in one ranking and second in the other: the same score.
    let nearer = home.chunk(9, "an escalation, said among many other words", at(0.0));
    let wordier = home.chunk(4, "escalation", at(90.0));
    let index = filled(store, vec![nearer, wordier]).await;
    let query = home.query("escalation", at(0.0));
    for _ in 0..20 {
        let hits = index.search(query.clone()).await.unwrap();
        assert_eq!(first_turns(&hits), [4, 9]);
        assert!(hits[0].score.total_cmp(&hits[1].score).is_eq());
        let best = index.search(Query { limit: 1, ..query.clone() }).await.unwrap();
        assert_eq!(best, hits[..1]);
    }
}

pub(super) async fn any_script_is_found_by_its_words(store: &impl Store) {
    let home = Home::new();
    let texts = ["die Überweisung fehlt 🚀", "東京 の 拠点", "zażółć gęślą jaźń", "הסכם שירות", "naïve café\u{301}"];
    let points = (0..).zip(texts).map(|(turn, text)| home.chunk(turn, text, at(90.0 + turn as f32)));
    let mut points: Vec<_> = points.collect();
    points.extend(fillers(&home));
    let index = filled(store, points).await;
    for (turn, word) in (0..).zip(["überweisung", "東京", "ZAŻÓŁĆ", "הסכם", "naïve"]) {
        let hits = index.search(home.query(word, at(0.0))).await.unwrap();
        assert_eq!(first_turns(&hits)[0], turn, "{word}");
    }
}

pub(super) async fn a_text_of_stop_words_is_found_by_its_vector(store: &impl Store) {
    let home = Home::new();
    let index = filled(store, vec![home.chunk(3, "it is, and so it was", at(0.0)), home.chunk(5, "", at(30.0))]).await;
    for text in ["is it so", "", "…"] {
        let hits = index.search(home.query(text, at(0.0))).await.unwrap();
        assert_eq!(first_turns(&hits), [3, 5], "{text:?}");
    }
}

pub(super) async fn a_vector_of_the_wrong_kind_is_refused_and_nothing_is_stored(store: &impl Store) {
    let home = Home::new();
    let index = filled(store, Vec::new()).await;
    let wrong = [vec![], vec![1.0; DIMENSION - 1], vec![1.0; DIMENSION + 1], vec![f32::NAN; DIMENSION]];
    for vector in wrong {
        let points = vec![home.chunk(0, "fine", at(0.0)), home.chunk(1, "wrong", vector.clone())];
        let stored = index.upsert(points).await;
        assert!(matches!(stored, Err(IndexError::Failed(_))), "{stored:?}");
        let found = index.search(Query { limit: 0, ..home.query("fine", vector) }).await;
        assert!(matches!(found, Err(IndexError::Failed(_))), "{found:?}");
    }
    assert_eq!(index.count(&home.reach()).await.unwrap(), 0);
}

pub(super) async fn optimize_changes_no_answer(store: &impl Store) {
    let home = Home::new();
    let other = Home { source: SourceId::generate(), ..home.clone() };
    // No two are equally good in a ranking: those would come in the order of the segments.
    let kept = |turn: u32| home.chunk(turn, &format!("renewal {}", "talk ".repeat(turn as usize)), at(turn as f32));
    let mut points: Vec<_> = (0..12).map(kept).collect();
    points.extend((0..1_500).map(|turn| other.chunk(turn, "gone tomorrow", at(turn as f32 / 10.0))));
    let index = filled(store, points).await;
    // Enough is deleted for the optimizer to have something to do.
    index.delete_source(&other.tenant, &other.source).await.unwrap();
    let before = index.search(home.query("renewal", at(5.7))).await.unwrap();
    index.optimize().await.unwrap();
    assert_eq!(index.search(home.query("renewal", at(5.7))).await.unwrap(), before);
    assert_eq!(index.count(&home.reach()).await.unwrap(), 12);
    index.upsert(vec![home.chunk(12, "after", at(0.0))]).await.unwrap();
    assert_eq!(index.count(&home.reach()).await.unwrap(), 13);
}

pub(super) async fn opening_again_keeps_everything(store: &impl Store) {
    let home = Home::new();
    let mut points = fillers(&home);
    points.push(home.chunk(1, "we need the SOC2 attestation", at(90.0)));
    let index = filled(store, points).await;
    let before = index.search(home.query("SOC2", at(0.0))).await.unwrap();
    drop(index);

    let index = store.open(space()).await.unwrap();
    assert_eq!(index.search(home.query("SOC2", at(0.0))).await.unwrap(), before);
    index.upsert(vec![home.chunk(1, "replaced", at(90.0))]).await.unwrap();
    let hits = index.search(home.query("replaced", at(0.0))).await.unwrap();
    assert_eq!((first_turns(&hits)[0], index.count(&home.reach()).await.unwrap()), (1, 13));
}

pub(super) async fn another_model_is_refused_with_the_way_out(store: &impl Store) {
    let home = Home::new();
    drop(filled(store, vec![home.chunk(0, "kept", at(0.0))]).await);
    let other_model = VectorSpace { model: "other".into(), ..space() };
    let other_dimension = VectorSpace { dimension: 16, ..space() };
    for wanted in [other_model, other_dimension] {
        let error = store.open(wanted.clone()).await.err().expect("a refusal");
        assert!(error.to_string().contains("run `baton reindex`"), "{error}");
        assert!(
            matches!(&error, IndexError::ModelMismatch { stored, wanted: told } if *stored == space() && *told == wanted),
            "{error:?}"
        );
    }
    let index = store.open(space()).await.unwrap();
    assert_eq!(index.count(&home.reach()).await.unwrap(), 1);
}

pub(super) async fn recreate_forgets_everything_and_takes_another_model(store: &impl Store) {
    let home = Home::new();
    drop(filled(store, vec![home.chunk(0, "forgotten", at(0.0))]).await);
    let wider = VectorSpace { model: "wider".into(), dimension: 16 };
    let index = store.recreate(wider.clone()).await.unwrap();
    assert_eq!(index.count(&home.reach()).await.unwrap(), 0);
    index.upsert(vec![home.chunk(0, "new", vec![1.0; 16])]).await.unwrap();
    drop(index);
    let index = store.open(wider).await.unwrap();
    assert_eq!(index.count(&home.reach()).await.unwrap(), 1);
}

pub(super) async fn two_thousand_chunks_are_each_found(store: &impl Store) {
    let home = Home::new();
    let points = (0..2_000).map(|turn| home.chunk(turn, &format!("clause{turn} of the contract"), spread(turn)));
    let index = filled(store, points.collect()).await;
    assert_eq!(index.count(&home.reach()).await.unwrap(), 2_000);
    for turn in [0, 255, 256, 1_023, 1_999] {
        let hits = index.search(home.query(&format!("clause{turn}"), spread(turn))).await.unwrap();
        assert_eq!((first_turns(&hits)[0], hits.len()), (turn, 10));
    }
    let query = Query { limit: 300, ..home.query("contract", spread(0)) };
    let hits = index.search(query).await.unwrap();
    assert_eq!(hits.iter().map(|hit| *hit.turns.start()).collect::<HashSet<_>>().len(), 300);
}

/// Vectors that are spread over all directions, always the same for the same number.
pub(super) fn spread(number: u32) -> Vec<f32> {
    let wave = |axis: usize| (number as f32 * 0.618 + axis as f32 * 2.399).sin() + (number as f32 * axis as f32).cos();
    (0..DIMENSION).map(wave).collect()
}
