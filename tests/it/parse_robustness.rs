//! Files as they come: encodings, refusals, hostile shapes, and what holds for all of them: no panic, no lost word, no
//! words in somebody else's mouth.

use std::fmt::Write as _;

use baton::transcript::{ParseError, parse};
use proptest::prelude::*;

use crate::parse::{bytes, fixture, turns};

#[test]
fn encodings_and_line_ends_make_no_difference() {
    let text = String::from_utf8(bytes("zoom.vtt")).unwrap();
    let expected = turns(&fixture("zoom.vtt"));
    let utf16 = |unit: fn(u16) -> [u8; 2]| text.encode_utf16().chain(['\n' as u16]).flat_map(unit).collect::<Vec<u8>>();
    let forms = [
        ("BOM", [b"\xef\xbb\xbf", text.as_bytes()].concat()),
        ("CRLF", text.replace('\n', "\r\n").into_bytes()),
        ("CR", text.replace('\n', "\r").into_bytes()),
        ("UTF-16 LE", [vec![0xff, 0xfe], utf16(u16::to_le_bytes)].concat()),
        ("UTF-16 BE", [vec![0xfe, 0xff], utf16(u16::to_be_bytes)].concat()),
    ];
    for (name, bytes) in forms {
        assert_eq!(turns(&parse("x", &bytes).unwrap()), expected, "{name}");
    }
    let latin = parse("x", b"Siobh\xe1n says yes.").unwrap();
    assert_eq!((turns(&latin), latin.report.warnings.len()), (vec!["- [L1] Siobhán says yes.".to_owned()], 1));
}

#[test]
fn a_file_that_cannot_be_read_says_what_it_is_and_what_to_do() {
    let cases: [(&[u8], &str); 9] = [
        (b"", "the file is empty"),
        (b" \n\xef\xbb\xbf", "the file is empty"),
        (b"PK\x03\x04rest", "a zip archive"),
        (b"%PDF-1.7", "a PDF"),
        (b"ID3\x04", "audio (MP3)"),
        (b"\x00\x01\x02\x03", "binary data"),
        (b"{\"a\": [1,", "breaks off at line 1, column 9"),
        (b"{\"orders\": []}", "its keys are `orders`; compared with Gong, Fireflies"),
        (b"WEBVTT\n\nNOTE nothing\n", "tried WebVTT"),
    ];
    for (bytes, expected) in cases {
        let message = parse("x", bytes).unwrap_err().to_string();
        assert!(message.contains(expected), "{message}");
    }
    for list in [&b"[1, 2]"[..], b"[[1]]"] {
        assert!(matches!(parse("x", list).unwrap_err(), ParseError::UnknownJson { .. }));
    }
}

#[test]
fn hostile_shapes_end_in_time_and_without_a_panic() {
    let shapes = [
        "[",
        "{",
        "<",
        "<v ",
        "&",
        "> ",
        "* ",
        "- ",
        "(\"",
        "**",
        "# ",
        "--> ",
        "1\n",
        "0:0 --> 0:0\n",
        "A: ",
        "|-",
        "<!--",
        "<blockquote>",
        "{\\",
    ];
    for shape in shapes {
        for head in [
            "",
            "WEBVTT\n\n0:0.0 --> 0:1.0\n",
            "From: a@b.example\nTo: b\nDate: x\n\n",
            "# Order form\n\n1.1 x\n\n",
            "1\n0:0,0 --> 0:1,0\n",
        ] {
            let text = format!("{head}{}", shape.repeat(20_000));
            let _ = parse("x", text.as_bytes());
        }
    }
}

fn speech() -> impl Strategy<Value = Vec<(usize, Vec<String>)>> {
    let word = "[a-z]{1,9}[,.?!]?";
    let said = move || proptest::collection::vec(word, 1..30);
    // Two people who speak twice are what it takes to tell a call without times from notes.
    let opening = (said(), said(), said(), said()).prop_map(|(a, b, c, d)| vec![(0, a), (1, b), (0, c), (1, d)]);
    let rest = proptest::collection::vec((0_usize..3, said()), 0..40);
    (opening, rest).prop_map(|(opening, rest)| [opening, rest].concat())
}

const SPEAKERS: [&str; 3] = ["Dana Ruiz", "Omar Haddad", "Siobhán Keefe"];

/// The words of each speaker in order.
fn spoken(turns: impl Iterator<Item = (String, String)>) -> Vec<(String, String)> {
    let words = |(speaker, text): (String, String)| {
        text.split(' ').map(|word| (speaker.clone(), word.to_owned())).collect::<Vec<_>>()
    };
    turns.flat_map(words).collect()
}

fn clock(seconds: usize, mark: char) -> String {
    format!("{:02}:{:02}:{:02}{mark}000", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

proptest! {
    #[test]
    fn no_word_is_lost_added_or_given_to_somebody_else(cues in speech()) {
        let expected = spoken(cues.iter().map(|(who, words)| (SPEAKERS[*who].to_owned(), words.join(" "))));
        let mut files = [String::from("WEBVTT\n\n"), String::from("WEBVTT\n\n"), String::new(), String::new(), String::new(), String::new()];
        for (at, (who, words)) in cues.iter().enumerate() {
            let (who, words) = (SPEAKERS[*who], words.join(" "));
            let (start, end) = (at * 7, at * 7 + 5);
            write!(files[0], "{}\n{} --> {}\n{who}: {words}\n\n", at + 1, clock(start, '.'), clock(end, '.')).unwrap();
            write!(files[1], "{} --> {}\n<v {who}>{words}</v>\n\n", clock(start, '.'), clock(end, '.')).unwrap();
            write!(files[2], "{}\n{} --> {}\n{who}: {words}\n\n", at + 1, clock(start, ','), clock(end, ',')).unwrap();
            writeln!(files[3], "[{}] {who}: {words}", clock(start, '.')).unwrap();
            writeln!(files[5], "{who}: {words}").unwrap();
            writeln!(files[4], "{who} ({}): {words}", clock(start, '.')).unwrap();
        }
        for file in files {
            let call = parse("x", file.as_bytes()).unwrap();
            // A speaker heard only once needs the rest of the file to be labelled, which it is here.
            let found = spoken(call.turns.iter().map(|turn| (turn.speaker.clone().unwrap(), turn.text.clone())));
            prop_assert_eq!(&found, &expected);
        }
    }

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,300}", lines in proptest::collection::vec("[ -~äß€\\t]{0,40}", 0..30)) {
        let _ = parse("x", text.as_bytes());
        let _ = parse("order-form.md", lines.join("\n").as_bytes());
        let _ = parse("x", format!("WEBVTT\n\n0:01.0 --> 0:02.0\n{}", lines.join("\n")).as_bytes());
        let _ = parse("x", format!("From: a@b.example\nTo: c@d.example\nSubject: x\nContent-Type: text/html\n\n{}", lines.join("\n")).as_bytes());
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = parse("x", &bytes);
    }
}
