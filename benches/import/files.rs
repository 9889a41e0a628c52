//! Honest files of any size, the same bytes every time.

use std::fmt::Write as _;

use super::built::{docx_of, pdf_of};

const SPEAKERS: [&str; 4] = ["Dana Ruiz", "Omar Haddad", "Siobhán Keefe", "Jonas Weber"];
const SENTENCES: [&str; 7] = [
    "We go live with the two northern depots in March.",
    "The export to your warehouse runs every night, and you keep the raw files.",
    "That is not in the order form, so I would like to see it in writing.",
    "Who owns the migration on your side?",
    "Our security team needs the report of the last penetration test before we sign.",
    "Yes.",
    "If the pilot holds its numbers for six weeks, we roll it out to all 42 sites.",
];

/// What is said in a cue.
struct Said {
    at: usize,
    who: &'static str,
    words: &'static str,
}

/// One cue after the other, as long as the file is smaller.
fn until(bytes: usize, mut file: String, mut add: impl FnMut(&mut String, &Said)) -> String {
    file.reserve(bytes);
    let mut at = 0;
    while file.len() < bytes {
        // Nobody says one sentence at a time: runs of two or three, of lengths without a pattern.
        let (who, words) = (SPEAKERS[(at / 3 + at / 7) % SPEAKERS.len()], SENTENCES[at * at % SENTENCES.len()]);
        add(&mut file, &Said { at, who, words });
        at += 1;
    }
    file
}

/// `h:mm:ss` and milliseconds, of a cue that comes every four seconds.
fn clock(at: usize, mark: char) -> String {
    format!("{:02}:{:02}:{:02}{mark}250", at / 900, at / 15 % 60, at * 4 % 60)
}

pub(crate) fn teams(bytes: usize) -> String {
    until(bytes, "WEBVTT\n\n".to_owned(), |file, Said { at, who, words }| {
        let id = format_args!("2f6c1a1e-77aa-4f0e-9f3d-0c5d6ad0{:04x}/{at}-0", at % 0xffff).to_string();
        let _ = write!(file, "{id}\n{} --> {}\n<v {who}>{words}</v>\n\n", clock(*at, '.'), clock(at + 1, '.'));
    })
}

pub(crate) fn zoom(bytes: usize) -> String {
    until(bytes, "WEBVTT\n".to_owned(), |file, Said { at, who, words }| {
        let _ = write!(file, "\n{}\n{} --> {}\n{who}: {words}\n", at + 1, clock(*at, '.'), clock(at + 1, '.'));
    })
}

pub(crate) fn srt(bytes: usize) -> String {
    until(bytes, String::new(), |file, Said { at, who, words }| {
        let _ = write!(file, "{}\n{} --> {}\n{who}: {words}\n\n", at + 1, clock(*at, ','), clock(at + 1, ','));
    })
}

pub(crate) fn lines(bytes: usize) -> String {
    until(bytes, String::new(), |file, Said { who, words, .. }| {
        let _ = writeln!(file, "{who}: {words}");
    })
}

pub(crate) fn gong(bytes: usize) -> String {
    let head = r#"{"callTranscripts":[{"callId":"7782342274025937895","transcript":["#.to_owned();
    let body = until(bytes, head, |file, Said { at, words, .. }| {
        let (comma, start) = (if *at > 0 { "," } else { "" }, at * 4000);
        let speaker = 1000 + at / 3 % 4;
        let end = start + 3800;
        let _ = write!(
            file,
            r#"{comma}{{"speakerId":"{speaker}","topic":null,"sentences":[{{"start":{start},"end":{end},"text":"{words}"}}]}}"#
        );
    });
    body + "]}]}"
}

pub(crate) fn deepgram(bytes: usize) -> String {
    let head = r#"{"metadata":{"duration":9000.0},"results":{"channels":[{"alternatives":[{"words":["#.to_owned();
    let mut said = 0_u32;
    let body = until(bytes, head, |file, Said { at, words, .. }| {
        for word in words.split(' ') {
            let (comma, start) = (if said > 0 { "," } else { "" }, f64::from(said) * 0.4);
            let plain = word.trim_end_matches(['.', ',', '?']).to_lowercase();
            let (end, speaker) = (start + 0.3, at / 3 % 4);
            said += 1;
            let _ = write!(
                file,
                r#"{comma}{{"word":"{plain}","start":{start:.2},"end":{end:.2},"confidence":0.98,"speaker":{speaker},"punctuated_word":"{word}"}}"#
            );
        }
    });
    body + "]}]}]}}"
}

pub(crate) fn mbox(bytes: usize) -> String {
    until(bytes, String::new(), |file, Said { at, who, words }| {
        let name = who.split(' ').next().unwrap_or_default();
        let _ = write!(
            file,
            "From a@b.example Mon Mar  2 10:00:00 2026\nFrom: {who} <{name}@x.example>\nTo: Sales <s@y.example>\n\
             Date: Mon, 2 Mar 2026 10:{:02}:00 +0000\nSubject: Re: Rollout\nMessage-ID: <{at}@x.example>\n\
             Content-Type: text/plain; charset=utf-8\n\n{words}\n\nOn Sun, 1 Mar 2026 at 09:00, Omar wrote:\n> {words}\n\n",
            at % 60
        );
    })
}

/// A Word file of so many paragraphs.
pub(crate) fn docx(paragraphs: usize) -> anyhow::Result<Vec<u8>> {
    let mut body = String::new();
    for at in 0..paragraphs {
        let words = SENTENCES[at * at % SENTENCES.len()];
        let _ =
            write!(body, "<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>{words}</w:t></w:r><w:r><w:t> {words}</w:t></w:r></w:p>");
    }
    docx_of(&body)
}

/// A PDF of so many pages of prose.
pub(crate) fn pdf(pages: usize) -> String {
    let page = |number: usize| {
        let mut content = "BT /F1 10 Tf 14 TL 50 790 Td".to_owned();
        for line in 0..50 {
            let _ = write!(content, " ({}) Tj T*", SENTENCES[(number + line * line) % SENTENCES.len()]);
        }
        content + " ET"
    };
    pdf_of(&(0..pages).map(page).collect::<Vec<_>>(), "")
}
