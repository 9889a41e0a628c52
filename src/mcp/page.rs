//! Long answers in parts, so that none floods whoever asked.

use std::ops::Range;
use std::str::FromStr;

use serde::Serialize;

use crate::domain::hash::content_hash;
use crate::error::Error;

/// Characters of record and documents in one answer at most: some six thousand tokens.
pub(super) const MAX_CHARS: usize = 20_000;

/// Entries of a list in one answer at most.
const MAX_ENTRIES: u32 = 100;
/// Entries of a list in one answer unless asked otherwise.
const ENTRIES: u32 = 25;

/// How many entries are wanted.
pub(super) fn limit(asked: Option<u32>) -> Result<u32, Error> {
    match asked.unwrap_or(ENTRIES) {
        limit @ 1..=MAX_ENTRIES => Ok(limit),
        other => Err(Error::Invalid(format!("limit is {other}; it must be 1 to {MAX_ENTRIES}"))),
    }
}

/// The cursor as what the part before gave it.
pub(super) fn after<T: FromStr>(cursor: Option<&str>) -> Result<Option<T>, Error> {
    cursor.map(|cursor| cursor.parse().map_err(|_| stale())).transpose()
}

fn stale() -> Error {
    Error::Invalid(
        "the cursor is none that this tool gave for these arguments, or what it read has changed since; call again without \
         cursor"
            .to_owned(),
    )
}

/// Where a part begins, in something that is read as it was at `stamp` (a revision, a version): parts of two states of a
/// thing would not fit together.
pub(super) fn begin(cursor: Option<&str>, stamp: i64) -> Result<usize, Error> {
    let Some(cursor) = cursor else { return Ok(0) };
    let place = cursor.split_once('.').and_then(|(of, at)| Some((of.parse::<i64>().ok()?, at.parse().ok()?)));
    place.filter(|(of, _)| *of == stamp).map(|(_, at)| at).ok_or_else(stale)
}

/// The stamp of something whose states nobody counts: what it says, as a number.
pub(super) fn stamp<T: Serialize>(read: &T) -> Result<i64, Error> {
    let document = serde_json::to_vec(read).map_err(|error| Error::Internal(error.into()))?;
    let hash = content_hash(&document);
    i64::from_str_radix(&hash[..15], 16).map_err(|error| Error::Internal(error.into()))
}

/// The cursor for the part that begins at `at`.
pub(super) fn cursor(stamp: i64, at: usize) -> String {
    format!("{stamp}.{at}")
}

/// The part of a text from the character `at` on, and where the next one begins. It ends with a line where one ends in its
/// second half.
pub(super) fn part(text: &str, at: usize, max: usize) -> (&str, Option<usize>) {
    let rest = text.char_indices().nth(at).map_or("", |(byte, _)| &text[byte..]);
    let Some((end, _)) = rest.char_indices().nth(max) else { return (rest, None) };
    let whole = &rest[..end];
    let end = whole.rfind('\n').map(|line| line + 1).filter(|line| *line > end / 2).unwrap_or(end);
    let part = &rest[..end];
    (part, Some(at + part.chars().count()))
}

/// The entries from `at` on that fit into one answer, at least one, and where the next ones begin. `size` says how many
/// characters an entry takes.
pub(super) fn fitting<T>(entries: &[T], at: usize, size: impl Fn(&T) -> usize) -> (Range<usize>, Option<usize>) {
    let mut taken = 0;
    let mut end = at.min(entries.len());
    let begin = end;
    while let Some(entry) = entries.get(end) {
        taken += size(entry);
        if taken > MAX_CHARS && end > begin {
            break;
        }
        end += 1;
    }
    (begin..end, (end < entries.len()).then_some(end))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_parts_of_a_text_are_the_text(text in "[a\n\u{e9}\u{1f600}]{0,200}", max in 1_usize..40) {
            let (mut read, mut at) = (String::new(), Some(0));
            while let Some(begin) = at {
                let (piece, next) = part(&text, begin, max);
                prop_assert!(piece.chars().count() <= max);
                prop_assert!(next.is_none_or(|next| next > begin));
                read.push_str(piece);
                at = next;
            }
            prop_assert_eq!(read, text);
        }

        #[test]
        fn the_parts_of_a_list_are_the_list(sizes in proptest::collection::vec(0_usize..30_000, 0..20)) {
            let (mut read, mut at) = (Vec::new(), Some(0));
            while let Some(begin) = at {
                let (range, next) = fitting(&sizes, begin, |size| *size);
                prop_assert!(range.len() == 1 || sizes[range.clone()].iter().sum::<usize>() <= MAX_CHARS);
                read.extend_from_slice(&sizes[range]);
                at = next;
            }
            prop_assert_eq!(read, sizes);
        }
    }

    #[test]
    fn a_cursor_of_another_state_is_refused() {
        assert_eq!(begin(Some(&cursor(7, 12)), 7).unwrap(), 12);
        for (cursor, stamp) in [("7.12", 8), ("12", 7), ("7.x", 7), ("", 7), ("7.-1", 7)] {
            assert!(begin(Some(cursor), stamp).is_err(), "{cursor}");
        }
    }
}
