//! What holds for every call in every caption and text format: what was rendered is what is read, word for word; and however a
//! file is broken, no word of it is gone without a line in the report.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use baton::domain::transcript::{Format, Transcript};
use baton::transcript::parse;
use proptest::prelude::*;

/// Words of one caption or line.
#[derive(Debug, Clone)]
struct Said {
    who: usize,
    words: Vec<String>,
    start_ms: i64,
    end_ms: i64,
}

impl Said {
    fn text(&self) -> String {
        self.words.join(" ")
    }
}

/// What a format tells about the time of a turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Times {
    /// Start and end to the millisecond.
    Exact,
    /// The second of the start.
    Second,
    Nothing,
}

/// A format: how it writes a call, and what of it can be read again.
struct Shape {
    name: &'static str,
    head: &'static str,
    line: fn(usize, &str, &Said) -> String,
    labels: bool,
    times: Times,
}

fn clock(ms: i64, mark: char) -> String {
    format!("{}{mark}{:03}", hours(ms), ms % 1000)
}

fn hours(ms: i64) -> String {
    format!("{:02}:{:02}:{:02}", ms / 3_600_000, ms / 60_000 % 60, ms / 1000 % 60)
}

fn arrow(said: &Said, mark: char) -> String {
    format!("{} --> {}", clock(said.start_ms, mark), clock(said.end_ms, mark))
}

fn short(ms: i64) -> String {
    format!("{}:{}:{}.{:03}", ms / 3_600_000, ms / 60_000 % 60, ms / 1000 % 60, ms % 1000)
}

fn sbv(said: &Said) -> String {
    format!("{},{}", clock(said.start_ms, '.'), clock(said.end_ms, '.'))
}

fn metadata(said: &Said, name: &str) -> String {
    serde_json::json!({"spokenText": said.text(), "spokenLanguage": "en-us", "speakerName": name}).to_string()
}

const SHAPES: &[Shape] = &[
    Shape {
        name: "WebVTT of Zoom",
        head: "WEBVTT\n\n",
        line: |at, name, said| format!("{}\n{}\n{name}: {}\n\n", at + 1, arrow(said, '.'), said.text()),
        labels: true,
        times: Times::Exact,
    },
    Shape {
        name: "WebVTT of Teams",
        head: "WEBVTT\n\n",
        line: |at, name, said| {
            format!(
                "0d4e61b7-52c8-4f0e-9a7d-3b1c8e2f6a90/{at}-0\n{}\n<v {name}>{}</v>\n\n",
                arrow(said, '.'),
                said.text()
            )
        },
        labels: true,
        times: Times::Exact,
    },
    Shape {
        name: "WebVTT of Teams through Graph",
        head: "WEBVTT\r\n\r\n",
        line: |_, name, said| {
            let (start, end) = (short(said.start_ms), short(said.end_ms));
            format!("{start} --> {end}\r\n<v {name}>{}</v>\r\n\r\n", said.words.join("\r\n"))
        },
        labels: true,
        times: Times::Exact,
    },
    Shape {
        name: "metadata of Teams",
        head: "WEBVTT\n\n",
        line: |_, name, said| format!("{}\n{}\n\n", arrow(said, '.'), metadata(said, name)),
        labels: true,
        times: Times::Exact,
    },
    Shape {
        name: "captions of Google Meet",
        head: "WEBVTT\n\n",
        line: |_, name, said| format!("{}\n({name})\n{}\n\n", arrow(said, '.'), said.text()),
        labels: true,
        times: Times::Exact,
    },
    Shape {
        name: "WebVTT of Webex",
        head: "WEBVTT\n\n",
        line: |at, name, said| format!("{} \"{name}\" (28823)\n{}\n{}\n\n", at + 1, arrow(said, '.'), said.text()),
        labels: true,
        times: Times::Exact,
    },
    Shape {
        name: "plain WebVTT",
        head: "WEBVTT - a call\n\nSTYLE\n::cue { color: lime }\n\nNOTE Nobody: said this\n\n",
        line: |_, _, said| format!("{} align:start\n<c.a>{}</c>\n\n", arrow(said, '.'), said.words.join("\n")),
        labels: false,
        times: Times::Exact,
    },
    Shape {
        name: "SRT",
        head: "\u{feff}",
        line: |at, name, said| format!("{}\n{}\n{name}: {}\n\n", at + 1, arrow(said, ','), said.text()),
        labels: true,
        times: Times::Exact,
    },
    Shape {
        name: "SRT without indexes, CR only",
        head: "",
        line: |_, name, said| format!("{}\r<b>{name}:</b> {}\r\r", arrow(said, ','), said.text()),
        labels: true,
        times: Times::Exact,
    },
    Shape {
        name: "SRT without names, every line end doubled",
        head: "",
        line: |at, _, said| format!("{}\r\r\n{}\r\r\n{}\r\r\n\r\r\n", at + 1, arrow(said, ','), said.text()),
        labels: false,
        times: Times::Exact,
    },
    Shape {
        name: "SBV",
        head: "",
        line: |_, name, said| format!("{}\n>> {name}: {}\n\n", sbv(said), said.text()),
        labels: true,
        times: Times::Exact,
    },
    Shape {
        name: "saved captions of Zoom",
        head: "",
        line: |_, name, said| format!("[{name}] {}\n{}\n\n", hours(said.start_ms), said.text()),
        labels: true,
        times: Times::Nothing,
    },
    Shape {
        name: "Otter",
        head: "",
        line: |_, name, said| format!("{name}  {}  \n{}\n\n", hours(said.start_ms), said.text()),
        labels: true,
        times: Times::Second,
    },
    Shape {
        name: "`[time] Name: words`",
        head: "",
        line: |_, name, said| format!("[{}] {name}: {}\n", hours(said.start_ms), said.text()),
        labels: true,
        times: Times::Second,
    },
    Shape {
        name: "`Name (time): words`",
        head: "",
        line: |_, name, said| format!("{name} ({}): {}\n", hours(said.start_ms), said.text()),
        labels: true,
        times: Times::Second,
    },
    Shape {
        name: "bold names and times",
        head: "# Call\n\n",
        line: |_, name, said| format!("**{name}** [{}]: {}\n\n", hours(said.start_ms), said.text()),
        labels: true,
        times: Times::Second,
    },
    Shape {
        name: "bold names",
        head: "",
        line: |_, name, said| format!("**{name}:** {}\n\n", said.text()),
        labels: true,
        times: Times::Nothing,
    },
    Shape {
        name: "`Name: words`",
        head: "",
        line: |_, name, said| format!("{name}: {}\n", said.text()),
        labels: true,
        times: Times::Nothing,
    },
];

const NAMES: [[&str; 3]; 4] = [
    ["Dana Ruiz", "Omar Haddad", "Siobhán O'Keefe"],
    ["Иван Петров", "Ευγενία Παππά", "Åsa Öberg-Lind"],
    ["Jean-Luc de la Tour", "Petra Lindqvist (Quillmark)", "Dr. Anjali Rao"],
    ["山田 太郎", "김 민준", "محمد"],
];

fn word() -> impl Strategy<Value = String> {
    let script = prop_oneof![
        4 => "[a-z]{4,9}",
        1 => "[a-zäöüßéèçñ]{4,9}",
        1 => "[а-яё]{4,9}",
        1 => "[α-ωάέή]{4,9}",
        1 => "[一-龠]{2,5}",
        1 => "[ぁ-ん]{3,6}",
        1 => "[ا-ي]{3,6}",
        1 => "[अ-ह][ा-ौ]?[अ-ह]",
    ];
    (script, "[,.?!]?").prop_map(|(word, end)| word + &end)
}

/// A call of three people, each of whom speaks twice at least: less does not tell a name from other words.
fn call() -> impl Strategy<Value = (usize, Vec<Said>)> {
    let said = || (proptest::collection::vec(word(), 2..25), 0_i64..9_000, 200_i64..6_000);
    let opening = proptest::collection::vec(said(), 6);
    let rest = proptest::collection::vec((0_usize..3, said()), 0..30);
    (0..NAMES.len(), opening, rest).prop_map(|(names, opening, rest)| {
        let opening = opening.into_iter().enumerate().map(|(at, said)| (at % 3, said));
        let mut now = 0;
        let at_its_time = |(who, (words, pause, length)): (usize, (Vec<String>, i64, i64))| {
            let start_ms = now + pause;
            now = start_ms + length;
            Said { who, words, start_ms, end_ms: now }
        };
        (names, opening.chain(rest).map(at_its_time).collect())
    })
}

/// Every word with its speaker, and where a caption or line begins, its times.
type Word = (Option<String>, String);

fn rendered(shape: &Shape, names: &[&str], call: &[Said]) -> Vec<Word> {
    let label = |said: &Said| shape.labels.then(|| names.get(said.who).copied().unwrap_or_default().to_owned());
    call.iter().flat_map(|said| said.words.iter().map(move |word| (label(said), word.clone()))).collect()
}

fn read(transcript: &Transcript) -> Vec<Word> {
    let of_turn = |turn: &baton::domain::transcript::Turn| {
        let speaker = turn.speaker.clone();
        turn.text.split(' ').map(|word| (speaker.clone(), word.to_owned())).collect::<Vec<_>>()
    };
    transcript.turns.iter().flat_map(of_turn).collect()
}

/// The times of every turn are those of its first and last caption.
fn times_are_those_rendered(shape: &Shape, transcript: &Transcript, call: &[Said]) -> Result<(), TestCaseError> {
    let mut captions = call.iter();
    for turn in &transcript.turns {
        let mut left = turn.text.split(' ').count();
        let mut inside = Vec::new();
        while left > 0 {
            let said = captions.next().unwrap();
            prop_assert!(said.words.len() <= left, "{}: a caption was cut in two", shape.name);
            left -= said.words.len();
            inside.push(said);
        }
        let (first, last) = (inside.first().unwrap(), inside.last().unwrap());
        match shape.times {
            Times::Exact => prop_assert_eq!((turn.start_ms, turn.end_ms), (Some(first.start_ms), Some(last.end_ms))),
            Times::Second => prop_assert_eq!(turn.start_ms, Some(first.start_ms / 1000 * 1000), "{}", shape.name),
            Times::Nothing => {}
        }
        if shape.times == Times::Exact {
            prop_assert_eq!(turn.cues.len(), inside.len(), "{}", shape.name);
        }
    }
    Ok(())
}

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
    fn what_is_rendered_is_what_is_read((names, call) in call()) {
        for shape in SHAPES {
            let file = call.iter().enumerate().fold(shape.head.to_owned(), |file, (at, said)| {
                file + &(shape.line)(at, NAMES[names][said.who], said)
            });
            let transcript = parse("upload", file.as_bytes()).unwrap();
            prop_assert_eq!(read(&transcript), rendered(shape, &NAMES[names], &call), "{}:\n{}", shape.name, file);
            times_are_those_rendered(shape, &transcript, &call)?;
        }
    }

    #[test]
    fn a_line_that_rolls_is_read_once((_, call) in call()) {
        let transcript = parse("upload", rolling(&call).as_bytes()).unwrap();
        let words: Vec<&str> = transcript.turns.iter().flat_map(|turn| turn.text.split(' ')).collect();
        let said: Vec<&str> = call.iter().flat_map(|said| said.words.iter().map(String::as_str)).collect();
        prop_assert_eq!(words, said);
    }

    #[test]
    fn captions_in_any_order_and_overlapping_are_in_order((names, call) in call(), seed in any::<prop::sample::Index>()) {
        let mut shuffled = call.clone();
        let middle = seed.index(shuffled.len());
        shuffled.rotate_left(middle);
        let shape = &SHAPES[0];
        let file = shuffled.iter().enumerate().fold(shape.head.to_owned(), |file, (at, said)| {
            file + &(shape.line)(at, NAMES[names][said.who], said)
        });
        let transcript = parse("upload", file.as_bytes()).unwrap();
        prop_assert_eq!(read(&transcript), rendered(shape, &NAMES[names], &call));
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
