//! Captions that roll: `YouTube` shows the line before above the new one, and each line once more alone, for 10 ms.
//!
//! ```text
//! 00:02.399 --> 00:04.550        00:04.550 --> 00:04.560        00:04.560 --> 00:07.110
//! welcome to the rollout         call with brightwater          call with brightwater
//! call with brightwater                                         we go live in six weeks
//! ```
//!
//! Each line is read once, at its first time. A file rolls only if many of its captions bring a new line below lines that
//! were there: people do say the same thing twice, and recognizers that are stuck say it a thousand times.

use std::borrow::Cow;

use super::super::reading::Reading;
use super::pieces::Piece;
use super::scanner::Block;

/// Captions of television show at most four lines.
const LINES_SHOWN: usize = 4;
/// A line that rolls stays without a pause.
const LONGEST_PAUSE_MS: i64 = 500;
/// So many captions must bring a new line below a known one.
const FEWEST: usize = 2;

/// Takes out the lines that only stand there again.
pub(super) fn remove(pieces: &mut Vec<Piece<'_>>, blocks: &[Block<'_>], reading: &mut Reading) {
    let repeats = repeats(pieces, blocks);
    let rolled = pieces.iter().zip(&repeats).filter(|(piece, again)| **again > 0 && **again < lines(piece).count());
    let rolled = rolled.count();
    if rolled < FEWEST || rolled * 4 < repeats.len() {
        return;
    }
    let mut repeats = repeats.into_iter();
    pieces.retain_mut(|piece| {
        let again = repeats.next().unwrap_or_default();
        let only_repeats = again > 0 && again == lines(piece).count();
        if only_repeats {
            let line = blocks.get(piece.block).map_or(0, |block| block.line);
            reading.drop(line, "rolling caption that only repeats");
        } else {
            skip_lines(&mut piece.text, again);
        }
        !only_repeats
    });
}

fn lines<'p>(piece: &'p Piece<'_>) -> impl Iterator<Item = &'p str> {
    piece.text.lines().map(str::trim).filter(|line| !line.is_empty())
}

/// For each piece, how many of its first lines are the last lines of the piece before.
fn repeats(pieces: &[Piece<'_>], blocks: &[Block<'_>]) -> Vec<usize> {
    let mut shown: Vec<&str> = Vec::new();
    let mut until = i64::MIN;
    let mut repeats = Vec::with_capacity(pieces.len());
    for piece in pieces {
        let Some(block) = blocks.get(piece.block) else { continue };
        let now: Vec<&str> = lines(piece).take(LINES_SHOWN + 1).collect();
        let pause = block.start_ms.saturating_sub(until);
        let again = if pause <= LONGEST_PAUSE_MS && now.len() <= LINES_SHOWN { overlap(&shown, &now) } else { 0 };
        repeats.push(again);
        if !now.is_empty() {
            (shown, until) = (now, block.end_ms);
        }
    }
    repeats
}

/// The longest end of what was shown that is the beginning of what is shown now.
fn overlap(shown: &[&str], now: &[&str]) -> usize {
    (1..=shown.len().min(now.len()))
        .rev()
        .find(|count| shown.ends_with(now.get(..*count).unwrap_or_default()))
        .unwrap_or(0)
}

fn skip_lines(text: &mut Cow<'_, str>, count: usize) {
    for _ in 0..count {
        let start = text.len() - text.trim_start().len();
        let end = text.get(start..).and_then(|rest| rest.find('\n')).map_or(text.len(), |end| start + end);
        match text {
            Cow::Borrowed(text) => *text = text.get(end..).unwrap_or_default(),
            Cow::Owned(text) => drop(text.drain(..end)),
        }
    }
}
