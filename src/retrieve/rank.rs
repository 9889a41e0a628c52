//! Chunks speak for their neighbours.

use crate::index::Hit;

/// What the scores of the next chunk on either side, and of the one behind it, count. On the `QMSum` validation meetings, where an
/// answer goes on for pages, any weights help and larger ones help more; on the labelled sales deals, whose answers are a clause
/// long, more than a half costs more than it brings.
const NEIGHBOURS: [f32; 2] = [0.4, 0.2];

/// The hits, best first, after each was given a share of the scores beside it in its source.
#[must_use]
pub fn ranked(mut hits: Vec<Hit>) -> Vec<Hit> {
    hits.sort_by(|a, b| {
        a.source.cmp(&b.source).then(a.turns.start().cmp(b.turns.start())).then(a.turns.end().cmp(b.turns.end()))
    });
    let own: Vec<f32> = hits.iter().map(|hit| hit.score).collect();
    for at in 0..own.len() {
        for (next, share) in (at + 1..own.len()).zip(NEIGHBOURS) {
            if !adjoin(&hits[next - 1], &hits[next]) {
                break;
            }
            hits[at].score += share * own[next];
            hits[next].score += share * own[at];
        }
    }
    // Stable: what is as good stays in the order of the record.
    hits.sort_by(|a, b| b.score.total_cmp(&a.score));
    hits
}

/// Whether the second hit goes on where the first ends: chunks that follow each other share their edge or touch.
fn adjoin(first: &Hit, second: &Hit) -> bool {
    first.source == second.source && *second.turns.start() <= first.turns.end().saturating_add(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::SourceId;

    fn hit(source: &str, first: u32, last: u32, score: f32) -> Hit {
        Hit { source: SourceId::derived(&[source]), turns: first..=last, score }
    }

    #[test]
    fn a_chunk_between_good_ones_is_better_than_a_lonely_one() {
        let hits = vec![hit("b", 0, 9, 0.5), hit("a", 20, 29, 0.4), hit("a", 10, 20, 0.3), hit("a", 0, 9, 0.4)];
        let places: Vec<u32> = ranked(hits).iter().map(|hit| *hit.turns.start()).collect();
        assert_eq!(places, [10, 20, 0, 0], "0.62; 0.6 twice, as the record has them; 0.5");
    }

    #[test]
    fn chunks_with_a_gap_between_them_are_no_neighbours() {
        let found = ranked(vec![hit("a", 0, 9, 0.4), hit("a", 11, 20, 0.5)]);
        assert!((found[0].score - 0.5).abs() < 1e-6);
    }
}
