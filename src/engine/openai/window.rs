//! A source cut into windows of whole turns that fit the model's context.

use std::collections::VecDeque;
use std::fmt;
use std::ops::Range;

use tiktoken_rs::CoreBPE;

/// Turns told again at the start of the next window, so that a question and its answer meet in one of the two.
const OVERLAP_LINES: usize = 4;
/// Text is counted in pieces of this many characters: the count errs upwards a little, and no input makes it slow.
const COUNTED_CHARS: usize = 2_000;

/// Counts tokens the way the model's tokenizer does.
#[derive(Clone, Copy)]
pub(crate) struct TokenCounter(&'static CoreBPE);

impl fmt::Debug for TokenCounter {
    /// The tokenizer holds its whole vocabulary: that is nothing to print.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenCounter")
    }
}

impl TokenCounter {
    /// The model's own tokenizer, or the common one where the model is not known; it is loaded once per process.
    pub(crate) fn for_model(model: &str) -> Self {
        Self(tiktoken_rs::bpe_for_model(model).unwrap_or_else(|_| tiktoken_rs::o200k_base_singleton()))
    }

    pub(crate) fn count(self, text: &str) -> usize {
        pieces(text, COUNTED_CHARS).map(|piece| self.0.count_ordinary(piece)).sum()
    }
}

/// A turn, or a part of a turn that is too long for any window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) text: String,
    pub(super) tokens: usize,
}

impl Line {
    /// The line of a turn (`head` says who speaks, `words` what), or several where it holds more than `budget` tokens.
    pub(super) fn of_turn(head: &str, words: &str, budget: usize, counter: TokenCounter) -> Vec<Self> {
        let line = |words: &str| {
            let text = format!("{head}{words}");
            Self { tokens: counter.count(&text) + 1, text }
        };
        let whole = line(words);
        if whole.tokens <= budget {
            return vec![whole];
        }
        let room = budget.saturating_sub(counter.count(head) + 2).max(1);
        cut(words, room, counter).into_iter().map(line).collect()
    }
}

/// Words in parts of at most `room` tokens each, cut between words where there are any.
fn cut(text: &str, room: usize, counter: TokenCounter) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut end, mut used) = (0, 0, 0);
    // A single character can take a handful of tokens; text without spaces is cut with room for that.
    for word in text.split_inclusive(' ').flat_map(|word| pieces(word, (room / 4).max(1))) {
        let tokens = counter.count(word);
        if used + tokens > room && end > start {
            parts.push(&text[start..end]);
            (start, used) = (end, 0);
        }
        end += word.len();
        used += tokens;
    }
    parts.push(&text[start..end]);
    parts
}

/// The text in pieces of at most `chars` characters.
fn pieces(text: &str, chars: usize) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let end = rest.char_indices().nth(chars).map_or(rest.len(), |(at, _)| at);
        let (piece, tail) = rest.split_at(end);
        rest = tail;
        (!piece.is_empty()).then_some(piece)
    })
}

/// Lines that are read at once.
pub(super) type Window = Range<usize>;

/// Windows that cover every line, each within `budget` tokens as far as its first line is.
pub(super) fn windows(lines: &[Line], budget: usize) -> VecDeque<Window> {
    let mut windows = VecDeque::new();
    let mut start = 0;
    while start < lines.len() {
        let end = fitting_end(lines, start, budget);
        windows.push_back(start..end);
        if end == lines.len() {
            break;
        }
        start = next_start(lines, &(start..end), budget);
    }
    windows
}

fn fitting_end(lines: &[Line], start: usize, budget: usize) -> usize {
    let mut used = 0;
    let fitting = lines[start..].iter().take_while(|line| {
        used += line.tokens;
        used <= budget
    });
    start + fitting.count().max(1)
}

/// Where the window after `window` starts: some lines earlier, if they leave most of the budget to new ones.
fn next_start(lines: &[Line], window: &Window, budget: usize) -> usize {
    let mut used = 0;
    let again = lines[window.start + 1..window.end].iter().rev().take(OVERLAP_LINES).take_while(|line| {
        used += line.tokens;
        used <= budget / 4
    });
    let start = window.end - again.count();
    // The overlap must not crowd out the next new line.
    if fitting_end(lines, start, budget) > window.end { start } else { window.end }
}

/// A window in two, for when the server finds it too long after all; none when it is a single line.
pub(super) fn halves(window: &Window) -> Option<[Window; 2]> {
    let middle = window.start + window.len() / 2;
    let overlap = OVERLAP_LINES.min(window.len() / 8);
    (window.len() > 1).then(|| [window.start..middle, middle - overlap..window.end])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn lines(tokens: &[usize]) -> Vec<Line> {
        tokens.iter().map(|&tokens| Line { text: String::new(), tokens }).collect()
    }

    #[test]
    fn windows_overlap_by_a_few_turns() {
        assert_eq!(windows(&lines(&[10; 30]), 100), [0..10, 8..18, 16..26, 24..30]);
        assert_eq!(windows(&lines(&[10; 5]), 100).pop_front(), Some(0..5));
        assert_eq!(windows(&lines(&[90, 90, 90]), 100), [0..1, 1..2, 2..3]);
        assert_eq!(windows(&[], 100), VecDeque::<Window>::new());
    }

    proptest! {
        #[test]
        fn windows_cover_every_line_in_order_and_keep_the_budget(
            tokens in prop::collection::vec(1_usize..120, 0..200), budget in 120_usize..400,
        ) {
            let windows = windows(&lines(&tokens), budget);
            let mut covered = 0;
            for window in &windows {
                prop_assert!(window.start <= covered && window.end > covered);
                prop_assert!(tokens[window.clone()].iter().sum::<usize>() <= budget);
                covered = window.end;
            }
            prop_assert_eq!(covered, tokens.len());
        }

        #[test]
        fn halves_cover_the_window_and_are_shorter(start in 0_usize..50, len in 2_usize..500) {
            let [left, right] = halves(&(start..start + len)).unwrap();
            prop_assert!(left.start == start && right.end == start + len && right.start <= left.end);
            prop_assert!((1..len).contains(&left.len()) && (1..len).contains(&right.len()));
        }

        #[test]
        fn a_long_turn_is_cut_without_losing_a_character(words in "[a-zé漢🙂 ]{0,400}", budget in 16_usize..60) {
            let counter = TokenCounter::for_model("gpt-4o");
            let cut = Line::of_turn("[7] A: ", &words, budget, counter);
            prop_assert!(cut.iter().all(|line| line.tokens <= budget));
            let joined: String = cut.iter().map(|line| line.text.strip_prefix("[7] A: ").unwrap()).collect();
            prop_assert_eq!(joined, words);
        }
    }

    #[test]
    fn a_wall_of_text_is_counted_in_linear_time() {
        let counter = TokenCounter::for_model("some-local-model");
        let wall = "a".repeat(200_000);
        assert!(counter.count(&wall) > 1_000);
        assert_eq!(halves(&(3..4)), None);
    }
}
