//! Captions, and calls written down as lines.

use std::fmt::Display;

use baton::domain::transcript::Format;

use super::call::{Call, Said};
use super::{EXACT, SECOND, Shape, Times, Voices};

/// A shape of a head and one piece for each caption or line.
macro_rules! lines {
    ($name:literal, $format:ident, $head:literal, $voices:expr, $times:expr, $line:expr) => {
        Shape {
            name: $name,
            format: Format::$format,
            voices: $voices,
            times: $times,
            write: |call: &Call| -> Vec<u8> {
                let line: fn(usize, &str, &Said) -> String = $line;
                let lines = call.said.iter().enumerate().map(|(at, said)| line(at, call.name(said), said));
                ($head.to_owned() + &lines.collect::<String>()).into_bytes()
            },
        }
    };
}

pub(crate) const SHAPES: &[Shape] = &[
    lines!("WebVTT of Zoom", ZoomVtt, "WEBVTT\n\n", Voices::Named, EXACT, |at, name, said| {
        format!("{}\n{}\n{name}: {}\n\n", at + 1, arrow(said, '.'), said.text())
    }),
    lines!("WebVTT of Teams", TeamsVtt, "WEBVTT\n\n", Voices::Named, EXACT, |at, name, said| {
        let id = format!("0d4e61b7-52c8-4f0e-9a7d-3b1c8e2f6a90/{at}-0");
        format!("{id}\n{}\n<v {name}>{}</v>\n\n", arrow(said, '.'), said.text())
    }),
    lines!("WebVTT of Teams through Graph", TeamsVtt, "WEBVTT\r\n\r\n", Voices::Named, EXACT, |_, name, said| {
        let (start, end) = (short(said.start_ms), short(said.end_ms));
        format!("{start} --> {end}\r\n<v {name}>{}</v>\r\n\r\n", said.words.join("\r\n"))
    }),
    lines!("metadata of Teams", TeamsVtt, "WEBVTT\n\n", Voices::Named, EXACT, |_, name, said| {
        let words = serde_json::json!({"spokenText": said.text(), "spokenLanguage": "en-us", "speakerName": name});
        format!("{}\n{words}\n\n", arrow(said, '.'))
    }),
    lines!("captions of Google Meet", Webvtt, "WEBVTT\n\n", Voices::Named, EXACT, |_, name, said| {
        format!("{}\n({name})\n{}\n\n", arrow(said, '.'), said.text())
    }),
    lines!("WebVTT of Webex", Webvtt, "WEBVTT\n\n", Voices::Named, EXACT, |at, name, said| {
        format!("{} \"{name}\" (28823)\n{}\n{}\n\n", at + 1, arrow(said, '.'), said.text())
    }),
    lines!(
        "plain WebVTT",
        Webvtt,
        "WEBVTT - a call\n\nSTYLE\n::cue { color: lime }\n\nNOTE Nobody: said this\n\n",
        Voices::Nobody,
        EXACT,
        |_, _, said| format!("{} align:start\n<c.a>{}</c>\n\n", arrow(said, '.'), said.words.join("\n"))
    ),
    lines!("SRT", Srt, "\u{feff}", Voices::Named, EXACT, |at, name, said| {
        format!("{}\n{}\n{name}: {}\n\n", at + 1, arrow(said, ','), said.text())
    }),
    lines!("SRT without indexes, CR only", Srt, "", Voices::Named, EXACT, |_, name, said| {
        format!("{}\r<b>{name}:</b> {}\r\r", arrow(said, ','), said.text())
    }),
    lines!("SRT without names, every line end doubled", Srt, "", Voices::Nobody, EXACT, |at, _, said| {
        format!("{}\r\r\n{}\r\r\n{}\r\r\n\r\r\n", at + 1, arrow(said, ','), said.text())
    }),
    lines!("SBV", Sbv, "", Voices::Named, EXACT, |_, name, said| {
        let (start, end) = (clock(said.start_ms, '.'), clock(said.end_ms, '.'));
        format!("{start},{end}\n>> {name}: {}\n\n", said.text())
    }),
    lines!("saved captions of Zoom", ZoomCaptionText, "", Voices::Named, Times::Nothing, |_, name, said| {
        format!("[{name}] {}\n{}\n\n", hours(said.start_ms), said.text())
    }),
    lines!("Otter", OtterText, "", Voices::Named, SECOND, |_, name, said| {
        format!("{name}  {}  \n{}\n\n", hours(said.start_ms), said.text())
    }),
    lines!("`[time] Name: words`", TimedText, "", Voices::Named, SECOND, |_, name, said| {
        format!("[{}] {name}: {}\n", hours(said.start_ms), said.text())
    }),
    lines!("`Name (time): words`", NameTimeText, "", Voices::Named, SECOND, |_, name, said| {
        format!("{name} ({}): {}\n", hours(said.start_ms), said.text())
    }),
    lines!("bold names and times", NameTimeText, "# Call\n\n", Voices::Named, SECOND, |_, name, said| {
        format!("**{name}** [{}]: {}\n\n", hours(said.start_ms), said.text())
    }),
    lines!("bold names", NameText, "", Voices::Named, Times::Nothing, |_, name, said| {
        format!("**{name}:** {}\n\n", said.text())
    }),
    lines!("`Name: words`", NameText, "", Voices::Named, Times::Nothing, |_, name, said| {
        format!("{name}: {}\n", said.text())
    }),
];

pub(crate) fn clock(ms: i64, mark: impl Display) -> String {
    format!("{}{mark}{:03}", hours(ms), ms % 1000)
}

pub(crate) fn hours(ms: i64) -> String {
    format!("{:02}:{:02}:{:02}", ms / 3_600_000, ms / 60_000 % 60, ms / 1000 % 60)
}

pub(super) fn short(ms: i64) -> String {
    format!("{}:{}:{}.{:03}", ms / 3_600_000, ms / 60_000 % 60, ms / 1000 % 60, ms % 1000)
}

fn arrow(said: &Said, mark: char) -> String {
    format!("{} --> {}", clock(said.start_ms, mark), clock(said.end_ms, mark))
}
