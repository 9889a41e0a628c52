//! However captions are ordered, repeated or broken, no word of them is gone without a line in the report.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use baton::domain::transcript::{Format, Transcript};
use baton::transcript::parse;
use proptest::prelude::*;

use crate::round_trip::call::{Said, call};
use crate::round_trip::lines::{self, clock};
use crate::round_trip::{read, written};

/// `YouTube` shows each line three times.
fn rolling(call: &[Said]) -> String {
    let mut text = String::from("WEBVTT\nKind: captions\nLanguage: en\n\n");
    let mut above = String::from(" ");
    for (said, next) in call.iter().zip(call.iter().skip(1).map(Some).chain([None])) {
        let end = next.map_or(said.end_ms, |next| next.start_ms);
        let words: Vec<String> =
            said.words.iter().map(|word| format!("<{}><c> {word}</c>", clock(said.start_ms, '.'))).collect();
        let first = said.words.first().unwrap();
        let (from, until, after) = (clock(said.start_ms, '.'), clock(end - 10, '.'), clock(end, '.'));
        write!(text, "{from} --> {until}\n{above}\n{first}{}\n\n", words[1..].concat()).unwrap();
        write!(text, "{until} --> {after}\n{}\n \n\n", said.text()).unwrap();
        above = said.text();
    }
    text
}

proptest! {
    #[test]
    fn a_line_that_rolls_is_read_once(call in call()) {
        let transcript = parse("upload", rolling(&call.said).as_bytes()).unwrap();
        let words: Vec<&str> = transcript.turns.iter().flat_map(|turn| turn.text.split(' ')).collect();
        let said: Vec<&str> = call.said.iter().flat_map(|said| said.words.iter().map(String::as_str)).collect();
        prop_assert_eq!(words, said);
    }

    #[test]
    fn captions_in_any_order_and_overlapping_are_in_order(call in call(), seed in any::<prop::sample::Index>()) {
        let mut shuffled = call.clone();
        let middle = seed.index(shuffled.said.len());
        shuffled.said.rotate_left(middle);
        let shape = &lines::SHAPES[0];
        let transcript = parse("upload", &(shape.write)(&shuffled)).unwrap();
        prop_assert_eq!(read(&transcript), written(shape, &call));
        prop_assert_eq!(transcript.report.warnings.is_empty(), middle == 0);
    }
}

/// A change to a file.
#[derive(Debug, Clone)]
enum Damage {
    CutBytes(prop::sample::Index, usize),
    CutLine(prop::sample::Index),
    RepeatLine(prop::sample::Index),
    SwapLines(prop::sample::Index, prop::sample::Index),
    /// ASCII: other bytes change the encoding that is guessed, and with it the words around them.
    Insert(prop::sample::Index, Vec<u8>),
}

fn damage() -> impl Strategy<Value = Damage> {
    let at = any::<prop::sample::Index>;
    prop_oneof![
        (at(), 0_usize..40).prop_map(|(at, count)| Damage::CutBytes(at, count)),
        at().prop_map(Damage::CutLine),
        at().prop_map(Damage::RepeatLine),
        (at(), at()).prop_map(|(one, other)| Damage::SwapLines(one, other)),
        (at(), proptest::collection::vec(0_u8..0x80, 0..6)).prop_map(|(at, bytes)| Damage::Insert(at, bytes)),
    ]
}

impl Damage {
    fn apply(&self, file: &mut Vec<u8>) {
        if file.is_empty() {
            return;
        }
        let mut lines: Vec<Vec<u8>> = file.split(|b| *b == b'\n').map(<[u8]>::to_vec).collect();
        match self {
            Self::CutBytes(at, count) => {
                let from = at.index(file.len());
                file.drain(from..file.len().min(from + count));
                return;
            }
            Self::Insert(at, bytes) => {
                let at = at.index(file.len());
                file.splice(at..at, bytes.iter().copied());
                return;
            }
            Self::CutLine(at) => drop(lines.remove(at.index(lines.len()))),
            Self::RepeatLine(at) => {
                let at = at.index(lines.len());
                lines.insert(at, lines[at].clone());
            }
            Self::SwapLines(one, other) => {
                let (one, other) = (one.index(lines.len()), other.index(lines.len()));
                lines.swap(one, other);
            }
        }
        *file = lines.join(&b'\n');
    }
}

fn fixtures() -> Vec<(String, Vec<u8>)> {
    let folder = format!("{}/fixtures/transcripts", env!("CARGO_MANIFEST_DIR"));
    let names = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.filter(|name| !name.ends_with(".expected.json")).collect();
    names.sort();
    names.into_iter().map(|name| (name.clone(), std::fs::read(format!("{folder}/{name}")).unwrap())).collect()
}

fn is_caption_file(name: &str) -> bool {
    [".vtt", ".srt", ".sbv"].iter().any(|suffix| name.ends_with(suffix))
}

/// Puts a word of its own behind the words of every line that is no time line; lines alike get words alike, for some captions
/// come back.
fn marked(file: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(file).replace("\r\n", "\n").replace('\r', "\n");
    let mut kinds: Vec<String> = Vec::new();
    let mut lines = Vec::new();
    for line in text.split('\n') {
        let words: String = line.split('<').map(|part| part.split_once('>').map_or(part, |(_, words)| words)).collect();
        if line.contains("-->") || !words.contains(char::is_alphabetic) || line.starts_with("WEBVTT") {
            lines.push(line.to_owned());
            continue;
        }
        let kind = kinds.iter().position(|known| *known == words).unwrap_or_else(|| {
            kinds.push(words.clone());
            kinds.len() - 1
        });
        let (before, tag) = line.strip_suffix("</v>").map_or((line, ""), |before| (before, "</v>"));
        lines.push(format!("{before} qzx{kind}xzq{tag}"));
    }
    lines.join("\n").into_bytes()
}

/// The marks in a text.
fn marks(text: &str) -> BTreeSet<String> {
    let after = text.split("qzx").skip(1).filter_map(|part| part.split_once("xzq"));
    after
        .map(|(number, _)| number)
        .filter(|number| number.bytes().all(|b| b.is_ascii_digit()))
        .map(str::to_owned)
        .collect()
}

/// The lines that the report accounts for: each entry with the rest of its block, the id above it, and what it names.
fn reported(transcript: &Transcript, lines: &[&str]) -> BTreeSet<usize> {
    let mut reported = BTreeSet::new();
    for dropped in &transcript.report.dropped {
        let first = dropped.line as usize;
        let named =
            dropped.reason.rsplit_once("down to line ").and_then(|(_, last)| last.parse().ok()).unwrap_or(first);
        let block = (named..=lines.len()).take_while(|line| !lines[line - 1].is_empty());
        reported.extend((first.saturating_sub(1)..=named).chain(block));
    }
    reported
}

/// Whether each mark of the file is in a turn, or in a line of the report.
fn nothing_is_lost(file: &[u8], transcript: &Transcript) -> Result<(), TestCaseError> {
    let text = String::from_utf8_lossy(file).replace("\r\n", "\n").replace('\r', "\n");
    let lines: Vec<&str> = text.split('\n').collect();
    let of_turn = |turn: &baton::domain::transcript::Turn| {
        format!("{} {} {}", turn.text, turn.speaker.as_deref().unwrap_or_default(), turn.cues.join(" "))
    };
    let turns = transcript.turns.iter().flat_map(|turn| marks(&of_turn(turn)));
    // What is taken for a machine's phrase is in the report word for word.
    let reasons = transcript.report.dropped.iter().flat_map(|dropped| marks(&dropped.reason));
    let kept: BTreeSet<String> = turns.chain(reasons).collect();
    let reported = reported(transcript, &lines);
    // Damage may glue words to the settings behind a time, where they are none.
    let may_speak = |at: usize, line: &str| !reported.contains(&(at + 1)) && !line.contains("-->");
    for (at, line) in lines.iter().enumerate().filter(|(at, line)| may_speak(*at, line)) {
        for mark in marks(line) {
            prop_assert!(kept.contains(&mark), "line {} is lost: {line:?}\n{:?}\n{text}", at + 1, transcript.report);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn a_damaged_file_is_read_or_refused(damages in proptest::collection::vec(damage(), 1..8)) {
        for (name, mut file) in fixtures() {
            for damage in &damages {
                damage.apply(&mut file);
            }
            let _ = parse(&name, &file);
        }
    }

    #[test]
    fn no_word_of_damaged_captions_is_lost(damages in proptest::collection::vec(damage(), 0..8)) {
        use Format::{Sbv, Srt, TeamsVtt, Webvtt, ZoomVtt};
        for (name, file) in fixtures().into_iter().filter(|(name, _)| is_caption_file(name)) {
            let mut file = marked(&file);
            for damage in &damages {
                damage.apply(&mut file);
            }
            if let Ok(read) = parse(&name, &file) && matches!(read.format, Sbv | Srt | TeamsVtt | Webvtt | ZoomVtt) {
                nothing_is_lost(&file, &read)?;
            }
        }
    }
}
