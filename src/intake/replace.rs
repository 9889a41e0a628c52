//! Corrected versions of a file: which source one takes the place of, and what becomes of the citations there.
//!
//! The earlier version stays as it was, for the versions of the handoff that cite it. What is still under review is anchored
//! anew where the corrected version has the same words at a place that cannot be mistaken; everything else stays where it was and
//! is shown as broken, so that a person looks.

use std::cell::LazyCell;
use std::collections::{HashMap, HashSet};

use serde_json::json;

use crate::access::Caller;
use crate::audit::{self, Change};
use crate::domain::deal::{Source, SourceState};
use crate::domain::transcript::Transcript;
use crate::error::Error;
use crate::ground::SourceText;
use crate::store::citations::{self, KeptCitation};
use crate::store::{Conn, StoreError, people, sources, transcripts};
use crate::transcript::roster::fold;

/// Words in a row that are compared: short enough to survive corrections, long enough to be no phrase of everyday.
const SHINGLE: usize = 4;
/// Of the shorter file's runs of words so many are in both, where one is a corrected version of the other. Two calls of one deal
/// share some per cent.
const SAME: f64 = 0.5;
/// No turn has this index: the words have to be found, and only once.
const NO_TURN: u32 = u32::MAX;

/// What became of the citations of the earlier version.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Moved {
    anchored: usize,
    broken: usize,
}

/// The source that a file is a corrected version of: the one it was uploaded for, or one of the same name with for the most
/// part the same words. Two files of one name and different words are two calls.
pub(crate) async fn earlier_version(
    conn: &mut Conn,
    source: &Source,
    transcript: &Transcript,
) -> Result<Option<(Source, Transcript)>, StoreError> {
    // Most files have no namesake: nothing is compared then.
    let own = LazyCell::new(|| shingles(transcript));
    for other in sources::list(conn, &source.deal_id).await? {
        let named = source.replaces.as_ref() == Some(&other.id);
        let alike = other.name.to_lowercase() == source.name.to_lowercase();
        if other.state != SourceState::Ready || other.id == source.id || !(named || alike) {
            continue;
        }
        let Some(before) = transcripts::find_as_filed(conn, &other.id).await? else { continue };
        if named || share(&own, &shingles(&before)) >= SAME {
            return Ok(Some((other, before)));
        }
    }
    Ok(None)
}

/// Puts a source in the place of an earlier one, and anchors its citations anew.
pub(crate) async fn replace(
    conn: &mut Conn,
    (earlier, before): (&Source, &Transcript),
    (source, after): (&Source, &Transcript),
    now: jiff::Timestamp,
) -> Result<(), Error> {
    sources::set_replaced(conn, &earlier.id, &source.id).await?;
    people::carry_over(conn, &earlier.id, &source.id).await?;
    let text = SourceText::new(Some(&source.id), &source.name, after);
    let same_turns = same_turns(before, after);
    let mut moved = Moved::default();
    for kept in citations::of_source(conn, &earlier.id).await? {
        let turn = same_turns.get(&kept.turn).copied().unwrap_or(NO_TURN);
        let KeptCitation { quote, role, .. } = &kept;
        match text.cite(turn, quote, *role) {
            Ok(citation) => {
                citations::replace(conn, &kept, &citation).await?;
                moved.anchored += 1;
            }
            Err(_) => moved.broken += 1,
        }
    }
    let change = Change {
        action: "source.replaced",
        subject: earlier.id.to_string(),
        deal: Some(&earlier.deal_id),
        before: Some(json!({"name": earlier.name, "content_hash": earlier.content_hash})),
        after: Some(json!({
            "by": source.id, "name": source.name, "content_hash": source.content_hash,
            "citations_anchored": moved.anchored, "citations_broken": moved.broken,
        })),
        ..Change::default()
    };
    audit::record(conn, &Caller::console(source.tenant.clone()), change, now).await
}

/// The turns that both versions have to the letter, by their index in the earlier one; of several with the same words the first
/// is the first.
fn same_turns(before: &Transcript, after: &Transcript) -> HashMap<u32, u32> {
    let mut places: HashMap<&str, Vec<u32>> = HashMap::new();
    for turn in after.turns.iter().rev() {
        places.entry(&turn.text).or_default().push(turn.index);
    }
    let place = |text: &str, places: &mut HashMap<&str, Vec<u32>>| places.get_mut(text).and_then(Vec::pop);
    before.turns.iter().filter_map(|turn| Some((turn.index, place(&turn.text, &mut places)?))).collect()
}

fn shingles(transcript: &Transcript) -> HashSet<Vec<String>> {
    let words: Vec<String> = transcript.turns.iter().flat_map(|turn| fold(&turn.text)).collect();
    words.windows(SHINGLE).map(<[String]>::to_vec).collect()
}

/// How much of the shorter one is in both.
fn share(one: &HashSet<Vec<String>>, other: &HashSet<Vec<String>>) -> f64 {
    one.intersection(other).count() as f64 / one.len().min(other.len()).max(1) as f64
}
