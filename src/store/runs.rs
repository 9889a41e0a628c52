//! The runs of clauses that a source is read in, with what their clauses are about.

use std::ops::RangeInclusive;

use super::{Conn, StoreError, index};
use crate::ask::runs::{KeptClause, KeptRun};
use crate::domain::ids::SourceId;
use crate::embed::unit;
use crate::reader::{ClausePlace, NUMBERS, RANKER};

/// What the greatest number of a vector becomes in eight bits.
const SCALE: f32 = 127.0;

/// Bytes of a kept clause: its turn, and eight bits for each number of its vector.
const CLAUSE: usize = 4 + NUMBERS;

#[derive(sqlx::FromRow)]
struct RunRow {
    turn_index: i64,
    clause: i64,
    /// Of each clause its turn, little-endian, and the numbers of its vector.
    #[sqlx(rename = "vector")]
    clauses: Vec<u8>,
}

impl TryFrom<RunRow> for KeptRun {
    type Error = StoreError;

    fn try_from(row: RunRow) -> Result<Self, StoreError> {
        let turn = index("runs", "turn_index", row.turn_index)?;
        let clause = index("runs", "clause", row.clause)?;
        let clauses = row.clauses.chunks_exact(CLAUSE).filter_map(from_bytes).collect();
        Ok(Self { start: ClausePlace { turn, clause }, clauses })
    }
}

/// Writes the runs of a source, in place of those it had; such as nobody has told of are left out.
pub async fn replace(conn: &mut Conn, source: &SourceId, runs: &[KeptRun]) -> Result<(), StoreError> {
    sqlx::query("delete from runs where source_id = $1").bind(source.as_str()).execute(&mut *conn).await?;
    for KeptRun { start, clauses } in runs {
        let Some(bytes) = clauses.iter().map(to_bytes).collect::<Option<Vec<_>>>() else { continue };
        sqlx::query("insert into runs (source_id, turn_index, clause, encoder, vector) values ($1, $2, $3, $4, $5)")
            .bind(source.as_str())
            .bind(i64::from(start.turn))
            .bind(i64::from(start.clause))
            .bind(RANKER)
            .bind(bytes.concat())
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
         and turn_index >= coalesce((select max(turn_index) from runs where source_id = $1 and turn_index < $3), 0)
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

/// A clause that was told. Of a vector's length nothing is kept, and of its angle to another nothing is lost that would be seen.
#[expect(clippy::cast_possible_truncation, reason = "a rounded number of at most 127, either way")]
fn to_bytes(KeptClause { turn, vector }: &KeptClause) -> Option<Vec<u8>> {
    let vector = vector.as_ref()?;
    let greatest = vector.iter().map(|number| number.abs()).fold(f32::MIN_POSITIVE, f32::max);
    let rounded = vector.iter().map(|number| (number / greatest * SCALE).round() as i8);
    Some(turn.to_le_bytes().into_iter().chain(rounded.map(i8::cast_unsigned)).collect())
}

fn from_bytes(bytes: &[u8]) -> Option<KeptClause> {
    let (turn, rounded) = bytes.split_first_chunk()?;
    let vector = unit(rounded.iter().map(|byte| f32::from(byte.cast_signed())).collect());
    Some(KeptClause { turn: u32::from_le_bytes(*turn), vector: Some(vector) })
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;
    use crate::embed::cosine;

    proptest! {
        #[test]
        fn a_kept_vector_points_where_it_pointed(turn: u32, numbers in vec(-1.0_f32..=1.0, NUMBERS)) {
            let vector = unit(numbers);
            prop_assume!(vector.iter().any(|number| *number != 0.0));
            let bytes = to_bytes(&KeptClause { turn, vector: Some(vector.clone()) }).unwrap();
            prop_assert_eq!(bytes.len(), CLAUSE);
            let kept = from_bytes(&bytes).unwrap();
            prop_assert_eq!(kept.turn, turn);
            prop_assert!(cosine(&vector, &kept.vector.unwrap()) > 0.999);
        }
    }
}
