//! Phrases that speech recognizers invent where nobody speaks: they are no evidence.
//!
//! Readers call nothing here: [`super::turns`] asks about the cues of every call, whatever its format, for Whisper's words
//! come as captions and as text too. The phrases are in `phrases.txt`. A cue is taken out, with the reason, where it is
//! nothing but such a phrase and
//!
//! - it is a credit or a footer (`Subtitles by the Amara.org community`): nobody says those;
//! - it is a video maker's appeal (`Thanks for watching!`), or a mark of a sound (`[Music]`), and no person's name stands before it: a tool that
//!   names people in a meeting does not make them up;
//! - it is a courtesy (`Thank you.`) that people do say, no person's name stands before it, and it is repeated three times
//!   without a word between, lasts far longer than the words take, or has silence on both sides.

use std::collections::HashMap;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;

use super::person;
use super::reading::Cue;

/// Longer cues are speech; no phrase is near to this.
const LONGEST_PHRASE_BYTES: usize = 300;
/// So many times in a row nobody thanks.
const REPEATS: usize = 3;
/// No courtesy takes so long to say; Whisper spreads its inventions over the silence.
const LONG_CUE_MS: i64 = 8_000;
/// Silence before and behind a lone courtesy that nobody in a conversation leaves.
const SILENCE_MS: i64 = 15_000;

/// How certain it is that a phrase was invented.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Courtesy,
    Mark,
    Appeal,
    Credit,
}

/// The phrases, made comparable.
struct Phrases {
    whole: HashMap<String, Kind>,
    /// The beginnings, by their first word.
    beginnings: HashMap<String, Vec<(String, Kind)>>,
}

static PHRASES: LazyLock<Phrases> = LazyLock::new(|| Phrases::read(include_str!("phrases.txt")));

/// Why each cue is no speech; none for a cue that may be.
pub(super) fn not_speech(cues: &[Cue]) -> Vec<Option<String>> {
    let kinds: Vec<Option<Kind>> = cues.iter().map(|cue| kind(&cue.text)).collect();
    let mut reasons = vec![None; cues.len()];
    for (index, (cue, kind)) in cues.iter().zip(&kinds).enumerate() {
        let named = cue.speaker.as_deref().is_some_and(|label| !person::is_nobody(label));
        let reason = match kind {
            Some(Kind::Credit) => "credit or footer of a tool, said by nobody",
            Some(Kind::Appeal) if !named => "phrase that recognizers invent in silence",
            Some(Kind::Mark) if !named => "mark of a sound, no speech",
            Some(Kind::Courtesy) if !named && (long(cue) || in_silence(cues, index)) => {
                "courtesy that the recognizer wrote into a silence"
            }
            _ => continue,
        };
        set(&mut reasons, index, reason, cue);
    }
    mark_repeats(cues, &kinds, &mut reasons);
    reasons
}

fn set(reasons: &mut [Option<String>], index: usize, reason: &str, cue: &Cue) {
    if let Some(place) = reasons.get_mut(index) {
        *place = Some(format!("{reason}: `{}`", cue.text.trim()));
    }
}

/// Courtesies of nobody in particular that say the same over and over.
fn mark_repeats(cues: &[Cue], kinds: &[Option<Kind>], reasons: &mut [Option<String>]) {
    let mut start = 0;
    for run in cues.chunk_by(|a, b| a.speaker == b.speaker && a.text.trim() == b.text.trim()) {
        let courtesy = kinds.get(start) == Some(&Some(Kind::Courtesy));
        let named = run.first().and_then(|cue| cue.speaker.as_deref()).is_some_and(|label| !person::is_nobody(label));
        if courtesy && !named && run.len() >= REPEATS {
            for (index, cue) in run.iter().enumerate() {
                set(reasons, start + index, "courtesy repeated in a row, as recognizers do in silence", cue);
            }
        }
        start += run.len();
    }
}

fn long(cue: &Cue) -> bool {
    cue.start_ms.zip(cue.end_ms).is_some_and(|(start, end)| end.saturating_sub(start) >= LONG_CUE_MS)
}

/// Silence on both sides; the beginning and the end of the file are none, for there people greet and part.
fn in_silence(cues: &[Cue], index: usize) -> bool {
    let gap = |before: Option<&Cue>, after: Option<&Cue>| {
        before
            .and_then(|cue| cue.end_ms)
            .zip(after.and_then(|cue| cue.start_ms))
            .map(|(end, start)| start.saturating_sub(end))
    };
    let before = index.checked_sub(1).and_then(|before| cues.get(before));
    let gaps = [gap(before, cues.get(index)), gap(cues.get(index), cues.get(index + 1))];
    gaps.iter().all(|gap| gap.is_some_and(|gap| gap >= SILENCE_MS))
}

/// What the whole cue is; several phrases in a row are what the most certain of them is.
fn kind(text: &str) -> Option<Kind> {
    let text = text.trim();
    if text.is_empty() || text.len() > LONGEST_PHRASE_BYTES {
        return None;
    }
    if let Some(inner) = in_brackets(text) {
        return PHRASES.kind(inner).filter(|kind| *kind != Kind::Courtesy);
    }
    let spoken = |part: &str| PHRASES.kind(part).filter(|kind| *kind != Kind::Mark);
    spoken(text).or_else(|| {
        let sentences = sentences(text).map(spoken).collect::<Option<Vec<Kind>>>()?;
        sentences.into_iter().max()
    })
}

/// `[BLANK_AUDIO]`, `(applause)`, `*music*` and `♪ music ♪` without what stands around.
fn in_brackets(text: &str) -> Option<&str> {
    let pairs = [('[', ']'), ('(', ')'), ('*', '*'), ('♪', '♪'), ('【', '】'), ('（', '）')];
    let inner = pairs.iter().find_map(|(open, close)| text.strip_prefix(*open)?.strip_suffix(*close));
    inner.map(|inner| inner.trim_matches(|c: char| matches!(c, '*' | '♪' | '[' | ']' | '(' | ')') || c.is_whitespace()))
}

/// The sentences of a text; a stop inside `Amara.org` ends none.
fn sentences(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = rest.trim_start();
        if rest.is_empty() {
            return None;
        }
        let ends = |at: usize, c: char| {
            let after = rest.get(at + c.len_utf8()..).and_then(|after| after.chars().next());
            matches!(c, '。' | '！' | '？')
                || (matches!(c, '.' | '!' | '?' | '…') && after.is_none_or(char::is_whitespace))
        };
        let end = rest.char_indices().find(|(at, c)| ends(*at, *c)).map_or(rest.len(), |(at, c)| at + c.len_utf8());
        let (sentence, after) = rest.split_at(end);
        rest = after;
        Some(sentence)
    })
}

/// Lower case, letters and digits only, one space between words.
fn comparable(text: &str) -> String {
    let folded: String = if text.is_ascii() { text.to_ascii_lowercase() } else { text.to_lowercase().nfkc().collect() };
    folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

impl Phrases {
    fn read(list: &str) -> Self {
        let mut phrases = Self { whole: HashMap::new(), beginnings: HashMap::new() };
        let mut kind = Kind::Courtesy;
        for line in list.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            match line.strip_prefix('[').and_then(|rest| rest.split(']').next()) {
                Some(name) => kind = Kind::of(name),
                None => phrases.add(line, kind),
            }
        }
        phrases
    }

    fn add(&mut self, line: &str, kind: Kind) {
        let Some(beginning) = line.strip_suffix(" *") else {
            self.whole.insert(comparable(line), kind);
            return;
        };
        let beginning = comparable(beginning);
        let first = beginning.split(' ').next().unwrap_or_default().to_owned();
        self.beginnings.entry(first).or_default().push((beginning, kind));
    }

    fn kind(&self, text: &str) -> Option<Kind> {
        let text = comparable(text);
        self.whole.get(&text).copied().or_else(|| {
            let begun = self.beginnings.get(text.split(' ').next()?)?;
            let ends_word = |beginning: &str| {
                text.strip_prefix(beginning).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
            };
            begun.iter().find(|(beginning, _)| ends_word(beginning)).map(|(_, kind)| *kind)
        })
    }
}

impl Kind {
    fn of(name: &str) -> Self {
        match name {
            "credit" => Self::Credit,
            "appeal" => Self::Appeal,
            "mark" => Self::Mark,
            _ => Self::Courtesy,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cue(speaker: Option<&str>, text: &str, start_ms: i64, end_ms: i64) -> Cue {
        let (start_ms, end_ms) = (Some(start_ms), Some(end_ms));
        Cue { speaker: speaker.map(str::to_owned), start_ms, end_ms, text: text.to_owned(), ..Cue::default() }
    }

    #[test]
    fn a_phrase_is_known_however_it_is_written() {
        let cases = [
            ("Thanks for watching!", Some(Kind::Appeal)),
            ("Thanks for watching! Please subscribe to my channel.", Some(Kind::Appeal)),
            ("UNTERTITELUNG DES ZDF, 2020", Some(Kind::Credit)),
            ("Sous-titres re\u{301}alise\u{301}s par la communaute\u{301} d’Amara.org", Some(Kind::Credit)),
            ("ご視聴ありがとうございました。", Some(Kind::Appeal)),
            ("Thank you.", Some(Kind::Courtesy)),
            ("[BLANK_AUDIO]", Some(Kind::Mark)),
            ("♪ Music ♪", Some(Kind::Mark)),
            ("Music", None),
            ("[door opens]", None),
            ("Thank you for watching the demo to the end, Ines.", None),
            ("Our video ends with thanks for watching, please cut that.", None),
            ("Thank you. The price stays.", None),
        ];
        for (text, expected) in cases {
            assert_eq!(kind(text), expected, "{text}");
        }
    }

    #[test]
    fn a_courtesy_is_kept_unless_silence_or_repetition_speaks_against_it() {
        let said = cue(None, "Thank you.", 10_800, 11_600);
        let talk = |start, end| cue(None, "Ten minutes.", start, end);
        let verdict = |cues: &[Cue], at: usize| not_speech(cues).swap_remove(at).is_some();
        assert!(!verdict(&[talk(8_000, 10_000), said.clone(), talk(12_000, 14_000)], 1));
        assert!(verdict(&[talk(0, 10_000), cue(None, "Thank you.", 11_000, 41_000)], 1));
        assert!(verdict(&[talk(0, 1_000), cue(None, "Thank you.", 31_000, 32_000), talk(62_000, 63_000)], 1));
        assert!(!verdict(&[cue(Some("Dana Ruiz"), "Thank you.", 0, 30_000)], 0));
        assert!(verdict(&[said.clone(), said.clone(), said], 1));
    }

    #[test]
    fn what_a_named_person_says_is_kept() {
        assert!(not_speech(&[cue(Some("Dana Ruiz"), "Thanks for watching!", 0, 900)])[0].is_none());
        assert!(not_speech(&[cue(Some("SPEAKER_00"), "Thanks for watching!", 0, 900)])[0].is_some());
        assert!(not_speech(&[cue(Some("Dana Ruiz"), "Transcribed by https://otter.ai", 0, 900)])[0].is_some());
    }
}
