//! The speakers that captions name in their words. Whether words before a colon are a name is for [`label`] to say, from the
//! whole file; here are the ways in which captions write one.
//!
//! | written | by |
//! | --- | --- |
//! | `Dana Ruiz: Morning.` | Zoom, people who write SRT |
//! | `>> DANA RUIZ: Morning.`, `- Dana: Morning.` | television, SBV |
//! | `[SPEAKER_00]: Morning.`, `[SPEAKER_00] Morning.` | `WhisperX` and what is built on it |
//! | `(Dana Ruiz)`, and the words on the next line | Google Meet |
//! | `Dana Ruiz`, and the words on the next line | old transcripts of Teams |

use std::collections::HashMap;

use super::super::label::{self, Evidence, Labels, looks_like_name};
use super::super::person::{is_address, is_nobody};
use super::super::reading::Reading;
use super::super::turns::{SILENCE_MS, ends_sentence};
use super::pieces::Piece;

/// So many labels without a repetition do not come about by chance: where every caption is labelled, about every third
/// label repeats the one before it, and (2/3)^7 is 6 %.
const LABELS_TO_TELL: usize = 8;
/// Longer brackets hold no name.
const LONGEST_BRACKETS: usize = 100;

/// How the file writes its labels, besides a colon behind them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Style {
    #[default]
    Colon,
    /// In brackets.
    Bracketed,
    /// On a line of their own.
    OwnLine,
}

/// The speakers of a file.
#[derive(Debug, Default)]
pub(super) struct Speakers {
    labels: Labels,
    style: Style,
}

impl Speakers {
    /// Weighs what the first lines of all captions say.
    pub(super) fn of(pieces: &[Piece<'_>]) -> Self {
        let style = Style::of(pieces);
        let mut evidence = Evidence::default();
        let mut sparse = Sparse::default();
        for piece in pieces {
            let mut before: Option<&str> = None;
            let mut lines = lines(&piece.text).peekable();
            while let Some(line) = lines.next() {
                let found = opening(line, style, lines.peek().is_some());
                if before.is_none() {
                    evidence.start(found);
                    sparse.add(line, found);
                } else if let Some((label, _)) = found.filter(|_| before.is_some_and(ends_sentence)) {
                    evidence.again(label);
                }
                before = Some(line);
            }
        }
        for piece in pieces {
            evidence.mentions(&piece.text);
        }
        let mut labels = evidence.weigh();
        if sparse.speaks_against(&labels) {
            labels.retain(|label| is_nobody(label) || is_address(label));
        }
        Self { labels, style }
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.labels.len()
    }

    /// A line's speaker and words; `more` says that other lines follow.
    pub(super) fn split<'l>(&self, line: &'l str, more: bool) -> Option<(&'l str, &'l str)> {
        opening(line, self.style, more).filter(|(label, _)| self.labels.has(label))
    }
}

/// The lines of a caption that say something: a dash alone stands between two people.
pub(super) fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty() && *line != "-")
}

impl Style {
    fn of(pieces: &[Piece<'_>]) -> Self {
        let count = |is_label: fn(&str, bool) -> bool| {
            let labelled = pieces.iter().filter(|piece| {
                let mut lines = lines(&piece.text);
                lines.next().is_some_and(|line| is_label(line, lines.next().is_some()))
            });
            labelled.count()
        };
        if count(|line, more| bracketed(line, more).is_some_and(|(label, _)| looks_like_name(label))) * 2
            >= pieces.len()
        {
            Self::Bracketed
        } else if count(|line, more| more && !line.contains(':') && looks_like_name(line)) * 10 >= pieces.len() * 9 {
            Self::OwnLine
        } else {
            Self::Colon
        }
    }
}

/// What stands where a label could, and the words behind it.
fn opening(line: &str, style: Style, more: bool) -> Option<(&str, &str)> {
    let line = line.trim_start_matches(['>', '-', '–', '—']).trim_start();
    if let Some((label, words)) = bracketed(line, more) {
        if let Some(words) = words.strip_prefix([':', '：']) {
            return Some((label, words.trim_start()));
        }
        let is_voice = label.contains(char::is_alphabetic) && label.contains(|c: char| c.is_ascii_digit());
        if style == Style::Bracketed || (is_voice && is_nobody(label)) {
            return Some((label, words));
        }
    }
    let own_line = || (style == Style::OwnLine && more && looks_like_name(line)).then_some((line, ""));
    label::split(line).or_else(own_line)
}

/// `[label] words`, or a label in brackets with the words on the next line.
fn bracketed(line: &str, more: bool) -> Option<(&str, &str)> {
    let (open, close) = match line.chars().next()? {
        '[' => ('[', ']'),
        '(' => ('(', ')'),
        _ => return None,
    };
    // `(Dana Ruiz (Quillmark))`
    let mut depth = 0_usize;
    let end = line.char_indices().take(LONGEST_BRACKETS).find_map(|(at, c)| {
        depth = depth + usize::from(c == open) - usize::from(c == close);
        (depth == 0).then_some(at)
    })?;
    let (label, words) = (line.get(1..end)?.trim(), line.get(end + 1..)?.trim_start());
    (!label.is_empty() && (more || !words.is_empty())).then_some((label, words))
}

/// What speaks against labels in a file where few captions have one: neither does it begin with one, nor are the words
/// behind them written like the beginning of a sentence. `Harbor View: twelve seats` is a slide that is read out.
#[derive(Debug, Default)]
struct Sparse {
    places: usize,
    first_label: Option<String>,
    /// How often each label stands there, and how often small letters follow.
    found: HashMap<String, (usize, usize)>,
}

impl Sparse {
    fn add(&mut self, line: &str, found: Option<(&str, &str)>) {
        if !line.contains(char::is_alphanumeric) {
            return;
        }
        if let Some((label, words)) = found {
            if self.places == 0 {
                self.first_label = Some(label.to_owned());
            }
            let small = words.chars().find(|c| c.is_alphanumeric()).is_some_and(char::is_lowercase);
            let (times, lower) = match self.found.get_mut(label) {
                Some(counts) => counts,
                None => self.found.entry(label.to_owned()).or_default(),
            };
            *times += 1;
            *lower += usize::from(small);
        }
        self.places += 1;
    }

    fn speaks_against(&self, labels: &Labels) -> bool {
        let accepted = || self.found.iter().filter(|(label, _)| labels.has(label)).map(|(_, counts)| counts);
        let (times, lower) = accepted().fold((0, 0), |(times, lower), one| (times + one.0, lower + one.1));
        let begins_with_one = self.first_label.as_deref().is_some_and(|label| labels.has(label));
        times * 2 < self.places && !begins_with_one && lower * 2 > times
    }
}

/// Where labels stand only at a change of speaker, an unlabelled cue goes on with the speaker before it.
pub(super) fn carry_on(reading: &mut Reading) {
    let mut labelled = reading.cues.iter().filter_map(|cue| cue.speaker.as_deref()).peekable();
    let mut count = 0_usize;
    while let Some(label) = labelled.next() {
        if labelled.peek() == Some(&label) {
            return;
        }
        count += 1;
    }
    if count < LABELS_TO_TELL {
        return;
    }
    let mut carried = 0_usize;
    let mut last: Option<(String, i64)> = None;
    for cue in &mut reading.cues {
        let starts = cue.start_ms.unwrap_or_default();
        if cue.speaker.is_none() {
            let goes_on = !changes_voice(&cue.text);
            last = last.filter(|(_, end)| goes_on && starts.saturating_sub(*end) <= SILENCE_MS);
            cue.speaker = last.as_ref().filter(|_| !is_sound(&cue.text)).map(|(label, _)| label.clone());
            carried += usize::from(cue.speaker.is_some());
        }
        let ends = cue.end_ms.unwrap_or(starts);
        last = cue.speaker.clone().or(last.map(|(label, _)| label)).map(|label| (label, ends));
    }
    if carried > 0 {
        reading.warnings.push(format!(
            "captions without a label, read as the speaker before them going on: {carried}; \
             this file puts labels only where the speaker changes"
        ));
    }
}

/// `>>` without a name: somebody else, and nobody says who.
fn changes_voice(text: &str) -> bool {
    text.trim_start().starts_with(">>")
}

/// `[door opens]` is said by nobody.
fn is_sound(text: &str) -> bool {
    let text = text.trim();
    [('[', ']'), ('(', ')'), ('♪', '♪')].iter().any(|(open, close)| text.starts_with(*open) && text.ends_with(*close))
}
