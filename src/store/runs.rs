//! The runs of clauses that a source is read in, with their vectors.

use std::ops::RangeInclusive;

use super::{Conn, StoreError, index};
use crate::ask::runs::KeptRun;
use crate::domain::ids::SourceId;
use crate::embed::minilm::RANKER;
use crate::reader::RunStart;

/// What the greatest number of a vector becomes in eight bits.
const SCALE: f32 = 127.0;

#[derive(sqlx::FromRow)]
struct RunRow {
    turn_index: i64,
    clause: i64,
    vector: Vec<u8>,
}

impl TryFrom<RunRow> for KeptRun {
    type Error = StoreError;

    fn try_from(row: RunRow) -> Result<Self, StoreError> {
        let turn = index("runs", "turn_index", row.turn_index)?;
        let clause = index("runs", "clause", row.clause)?;
        Ok(Self { start: RunStart { turn, clause }, vector: Some(from_bytes(&row.vector)) })
    }
}

/// Writes the runs of a source, in place of those it had; such as have no vector are left out.
pub async fn replace(conn: &mut Conn, source: &SourceId, runs: &[KeptRun]) -> Result<(), StoreError> {
    sqlx::query("delete from runs where source_id = $1").bind(source.as_str()).execute(&mut *conn).await?;
    for KeptRun { start, vector } in runs {
        let Some(vector) = vector else { continue };
        sqlx::query("insert into runs (source_id, turn_index, clause, encoder, vector) values ($1, $2, $3, $4, $5)")
            .bind(source.as_str())
            .bind(i64::from(start.turn))
            .bind(i64::from(start.clause))
            .bind(RANKER)
            .bind(to_bytes(vector))
            .execute(&mut *conn)
            .await?;
    }
    Ok(())
}

/// The runs of a source that reach into these turns, in order; none where they are of another encoder.
pub async fn reaching(
    conn: &mut Conn,
    source: &SourceId,
    turns: &RangeInclusive<u32>,
) -> Result<Vec<KeptRun>, StoreError> {
    // The last run that begins before the first turn may go on in it.
    let rows: Vec<RunRow> = sqlx::query_as(
        "select turn_index, clause, vector from runs where source_id = $1 and encoder = $2 and turn_index <= $4
         and turn_index >= coalesce((select max(turn_index) from runs where source_id = $1 and turn_index <= $3), 0)
         order by turn_index, clause",
    )
    .bind(source.as_str())
    .bind(RANKER)
    .bind(i64::from(*turns.start()))
    .bind(i64::from(*turns.end()))
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(KeptRun::try_from).collect()
}

/// A vector of length 1 in eight bits a number: of its angle to another nothing is lost that would be seen.
#[expect(clippy::cast_possible_truncation, reason = "a rounded number of at most 127, either way")]
fn to_bytes(vector: &[f32]) -> Vec<u8> {
    let greatest = vector.iter().map(|number| number.abs()).fold(f32::MIN_POSITIVE, f32::max);
    let rounded = vector.iter().map(|number| (number / greatest * SCALE).round() as i8);
    greatest.to_le_bytes().into_iter().chain(rounded.map(i8::cast_unsigned)).collect()
}

fn from_bytes(bytes: &[u8]) -> Vec<f32> {
    let Some((greatest, rounded)) = bytes.split_first_chunk() else { return Vec::new() };
    let greatest = f32::from_le_bytes(*greatest);
    rounded.iter().map(|byte| f32::from(byte.cast_signed()) * greatest / SCALE).collect()
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;
    use crate::embed::cosine;

    proptest! {
        #[test]
        fn a_kept_vector_points_where_it_pointed(numbers in vec(-1.0_f32..=1.0, 384)) {
            let length = cosine(&numbers, &numbers).sqrt();
            prop_assume!(length > 1e-3);
            let vector: Vec<f32> = numbers.iter().map(|number| number / length).collect();
            let kept = from_bytes(&to_bytes(&vector));
            prop_assert!(cosine(&vector, &kept) / cosine(&kept, &kept).sqrt() > 0.999);
        }
    }
}
