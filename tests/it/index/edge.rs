//! What only an index in files can do wrong.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use baton::index::edge::EdgeIndex;
use baton::index::{IndexError, VectorIndex, VectorSpace};

use super::contract::{Home, at, first_turns, space, spread};

/// Names the folder that the child process of the crash test fills.
const CHILD_DIR: &str = "BATON_TEST_EDGE_CHILD_DIR";

#[tokio::test]
async fn what_was_acknowledged_survives_kill_9() {
    let dir = tempfile::tempdir().unwrap();
    let mut acknowledged = 0;
    for generation in 1..=3 {
        acknowledged = fill_until_killed(dir.path(), generation * 3);
        let index = EdgeIndex::open(dir.path(), space()).await.unwrap();
        let home = Home::fixed();
        for turn in 0..acknowledged {
            let hits = index.search(home.query(&format!("clause{turn}"), spread(turn))).await.unwrap();
            assert_eq!(first_turns(&hits)[0], turn, "generation {generation}");
        }
    }
    assert!(acknowledged >= 9);
}

/// Lets a child process write until it has acknowledged `enough` chunks, then kills it in the middle of its work.
fn fill_until_killed(dir: &Path, enough: u32) -> u32 {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "index::edge::child_that_writes_until_it_is_killed", "--nocapture"])
        .env(CHILD_DIR, dir)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let reached = lines
        .map_while(Result::ok)
        .filter_map(|line| line.strip_prefix("acknowledged ")?.parse::<u32>().ok())
        .find(|count| *count >= enough);
    child.kill().unwrap(); // SIGKILL
    child.wait().unwrap();
    reached.expect("the child acknowledges")
}

#[tokio::test]
async fn child_that_writes_until_it_is_killed() {
    let Some(dir) = std::env::var_os(CHILD_DIR) else { return };
    let home = Home::fixed();
    let index = EdgeIndex::open(Path::new(&dir), space()).await.unwrap();
    for turn in 0.. {
        index.upsert(vec![home.chunk(turn, &format!("clause{turn}"), spread(turn))]).await.unwrap();
        println!("\nacknowledged {}", turn + 1);
    }
}

impl Home {
    /// The same in every process.
    fn fixed() -> Self {
        let id = |prefix: &str| format!("{prefix}{:032}", 7);
        Self {
            tenant: id("tnt_").parse().unwrap(),
            account: id("acc_").parse().unwrap(),
            deal: id("deal_").parse().unwrap(),
            source: id("src_").parse().unwrap(),
        }
    }
}

#[tokio::test]
async fn a_second_process_is_told_that_the_index_is_in_use() {
    let dir = tempfile::tempdir().unwrap();
    let _first = EdgeIndex::open(dir.path(), space()).await.unwrap();
    for second in [EdgeIndex::open(dir.path(), space()).await, EdgeIndex::recreate(dir.path(), space()).await] {
        let error = second.err().unwrap();
        assert!(matches!(&error, IndexError::Failed(reason) if reason.contains("in use")), "{error:?}");
    }
}

#[tokio::test]
async fn a_creation_cut_short_leaves_an_index_that_opens() {
    let dir = tempfile::tempdir().unwrap();
    let home = Home::new();
    for leftover in ["shard.new/wal", "shard.old/segments"] {
        fs::create_dir_all(dir.path().join(leftover)).unwrap();
    }
    let index = EdgeIndex::open(dir.path(), space()).await.unwrap();
    index.upsert(vec![home.chunk(0, "kept", at(0.0))]).await.unwrap();
    drop(index);
    let index = EdgeIndex::recreate(dir.path(), space()).await.unwrap();
    assert_eq!(index.count(&home.reach()).await.unwrap(), 0);
    assert!(!dir.path().join("shard.old").exists());
}

#[tokio::test]
async fn a_damaged_index_is_an_error() {
    let dir = tempfile::tempdir().unwrap();
    drop(EdgeIndex::open(dir.path(), space()).await.unwrap());
    fs::write(dir.path().join("shard/edge_config.json"), "{").unwrap();
    let error = EdgeIndex::open(dir.path(), space()).await.err().unwrap();
    assert!(matches!(error, IndexError::Failed(_)), "{error:?}");
    EdgeIndex::recreate(dir.path(), space()).await.unwrap();
}

#[tokio::test]
async fn the_log_is_kept_short_and_later_writes_still_count() {
    let dir = tempfile::tempdir().unwrap();
    // Long vectors fill the log's segments quickly.
    let space = VectorSpace { model: "long".into(), dimension: 2_048 };
    let along = |axis| (0..2_048).map(|each| if each == axis { 1.0 } else { 0.0 }).collect::<Vec<_>>();
    let home = Home::new();
    for round in 0..4 {
        let index = EdgeIndex::open(dir.path(), space.clone()).await.unwrap();
        let points = (0..400).map(|turn| home.chunk(turn, &format!("round{round}turn{turn}"), along(turn)));
        index.upsert(points.collect()).await.unwrap();
        let hits = index.search(home.query(&format!("round{round}turn7"), along(7))).await.unwrap();
        // First in both rankings: were the write passed over, the words would still be those of the round before.
        assert_eq!((first_turns(&hits)[0], hits[0].score), (7, 0.2), "round {round}");
        assert_eq!(index.count(&home.reach()).await.unwrap(), 400);
    }
    drop(EdgeIndex::open(dir.path(), space).await.unwrap());
    let log = fs::read_dir(dir.path().join("shard/wal")).unwrap();
    let closed = log.filter(|entry| entry.as_ref().unwrap().file_name().to_string_lossy().starts_with("closed-"));
    assert_eq!(closed.count(), 1);
}

#[tokio::test]
async fn the_same_writes_give_the_same_answers() {
    let home = Home::fixed();
    let mut answers = Vec::new();
    for _ in 0..3 {
        let dir = tempfile::tempdir().unwrap();
        let index = EdgeIndex::open(dir.path(), space()).await.unwrap();
        // All equally good for both rankings, more than either brings to the fusion.
        index.upsert((0..80).map(|turn| home.chunk(turn, "escalation", at(0.0))).collect()).await.unwrap();
        answers.push(index.search(home.query("escalation", at(0.0))).await.unwrap());
    }
    assert_eq!(answers[0].len(), 10);
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
}

#[tokio::test]
async fn searches_and_writes_go_on_beside_each_other() {
    let dir = tempfile::tempdir().unwrap();
    let index = EdgeIndex::open(dir.path(), space()).await.unwrap();
    let home = Home::new();
    let write = async |turn| index.upsert(vec![home.chunk(turn, "clause", spread(turn))]).await.unwrap();
    let read = async |turn| index.search(home.query("clause", spread(turn))).await.map(drop).unwrap();
    futures::join!(
        futures::future::join_all((0..10).map(write)),
        futures::future::join_all((0..40).map(read)),
        async { index.optimize().await.unwrap() },
    );
    assert_eq!(index.count(&home.reach()).await.unwrap(), 10);
}
