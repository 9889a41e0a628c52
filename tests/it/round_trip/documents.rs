//! Notes, mails, records of a CRM and contracts: what is said in a call, written down in paragraphs.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use baton::domain::transcript::Format;
use serde_json::json;

use self::built::{docx_of, pdf_of};
use super::call::Call;
use super::recorders::bytes;
use super::{Shape, Times, Voices};

#[path = "../../../benches/import/built.rs"]
pub(crate) mod built;

/// A shape of paragraphs that nobody is named for.
macro_rules! paragraphs {
    ($name:literal, $format:ident, $write:expr) => {
        Shape { name: $name, format: Format::$format, voices: Voices::Nobody, times: Times::Nothing, write: $write }
    };
}

pub(super) const NOTES: &[Shape] = &[
    paragraphs!("text", PlainText, |call| each(call, "", |words| format!("{words}\n\n"))),
    paragraphs!("text, wrapped", PlainText, |call| each(call, "", |words| wrapped(words).join("\n") + "\n\n")),
    paragraphs!("Markdown", Markdown, |call| each(call, "# Visit\n\n", |words| format!("{words}\n\n"))),
    paragraphs!("list in Markdown", Markdown, |call| each(call, "# Visit\n\n", |words| format!("- {words}\n"))),
    paragraphs!("notes of Gemini", GeminiNotes, |call| {
        let head = "Apr 24, 2026\nFerry terminal, weekly\nInvited Ewa Nowicka Gareth Pugh\nMeeting records Transcript\n\n\nSummary\n";
        each(call, head, |words| format!("{words}\n\n"))
    }),
    paragraphs!("page", Html, |call| {
        each(call, "<!DOCTYPE html><html><head><title>Visit</title></head><body>", |words| format!("<p>{words}</p>\n"))
    }),
    paragraphs!("Word notes", DocxNotes, |call| docx_of(&xml(call, "")).unwrap()),
    paragraphs!("HTML of HubSpot", HubspotHtml, |call| hubspot(call).into_bytes()),
    paragraphs!("JSON of HubSpot", HubspotJson, |call| {
        let properties = json!({"hs_note_body": hubspot(call), "hs_timestamp": "2026-03-04T10:12:00.000Z"});
        bytes(&json!({"results": [{"id": "9100011", "properties": properties, "archived": false}]}))
    }),
    paragraphs!("JSON of Salesforce", SalesforceJson, |call| {
        let note = json!({"attributes": {"type": "ContentNote"}, "Id": "069Qx00000A1b2cIAB", "Title": "Visit",
            "FileType": "SNOTE", "Content": salesforce(call)});
        bytes(&json!({"totalSize": 1, "done": true, "records": [note]}))
    }),
    paragraphs!("table of Salesforce", SalesforceCsv, |call| {
        let note = format!("\"069Qx00000B7f1aIAB\",\"Visit\",\"{}\"\r\n", salesforce(call));
        ("\"ID\",\"TITLE\",\"CONTENT\"\r\n".to_owned() + &note).into_bytes()
    }),
];

/// In each of them Dana Ruiz writes, and quotes what others wrote.
pub(super) const MAILS: &[Shape] = &[
    mail("mail in text", |call| {
        let head = format!("{MAIL}Content-Type: text/plain; charset=utf-8\r\n\r\n");
        [each(call, &head, |words| format!("{words}\r\n\r\n")), QUOTED.into()].concat()
    }),
    mail("mail in quoted-printable HTML", |call| {
        let html = each(call, "<html><body>", |words| format!("<p>{words}</p>"));
        let escaped = html.iter().map(|byte| format!("={byte:02X}")).collect::<Vec<_>>();
        let lines = escaped.chunks(24).map(<[String]>::concat).collect::<Vec<_>>().join("=\r\n");
        let head = "Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n";
        format!("{MAIL}{head}{lines}").into_bytes()
    }),
    mail("mail of parts, base64", |call| {
        let text = BASE64_STANDARD.encode(each(call, "", |words| format!("{words}\n\n")));
        let lines = wrapped_bytes(&text);
        format!(
            "{MAIL}Content-Type: multipart/alternative; boundary=b1\r\n\r\n--b1\r\nContent-Type: text/plain; charset=utf-8\r\n\
             Content-Transfer-Encoding: base64\r\n\r\n{lines}\r\n--b1\r\nContent-Type: text/html\r\n\r\n<p>The same</p>\r\n--b1--\r\n"
        )
        .into_bytes()
    }),
];

pub(super) const MAILBOX: &[Shape] = &[Shape {
    name: "mailbox",
    format: Format::Mbox,
    voices: Voices::Named,
    times: Times::Nothing,
    write: |call| {
        let mail = |(at, said): (usize, &super::call::Said)| {
            let name = mail_name(call.name(said));
            format!(
                "From a@b.example Mon Mar  2 10:00:00 2026\nFrom: {name} <p{}@x.example>\nTo: s@y.example\n\
                 Date: Mon, 2 Mar 2026 10:{:02}:00 +0000\nSubject: Re: Rollout\nMessage-ID: <{at}@x.example>\n\
                 Content-Type: text/plain; charset=utf-8\n\n{}\n\n",
                said.who,
                at % 60,
                said.text()
            )
        };
        call.said.iter().enumerate().map(mail).collect::<String>().into_bytes()
    },
}];

/// Clauses: their words begin with a number.
pub(super) const CONTRACTS: &[Shape] = &[
    paragraphs!("contract in text", PlainText, |call| each(call, AGREEMENT, |words| format!("{words}\n\n"))),
    paragraphs!("contract in Markdown", Markdown, |call| {
        each(call, "# MASTER SUBSCRIPTION AGREEMENT\n\n## Fees\n\n", |words| format!("{words}\n\n"))
    }),
    paragraphs!("Word contract", DocxContract, |call| docx_of(&xml(call, AGREEMENT.trim())).unwrap()),
    paragraphs!("PDF contract", PdfContract, |call| pdf(call, AGREEMENT.trim()).into_bytes()),
];

/// In letters that every font has.
pub(super) const PLAIN: &[Shape] = &[paragraphs!("PDF notes", PdfNotes, |call| pdf(call, "").into_bytes())];

const AGREEMENT: &str = "MASTER SUBSCRIPTION AGREEMENT\n\n";
const PREAMBLE: &str = "This Agreement is between Pellucid Inc. and Grantham Mills LLC. Either party may terminate it by \
    written notice before the Effective Date.";
const MAIL: &str = "From: Dana Ruiz <dana@x.example>\r\nTo: omar@y.example\r\nSubject: Visit\r\nMIME-Version: 1.0\r\n\
    Date: Fri, 22 May 2026 09:14:02 -0400\r\n";
const QUOTED: &str = "On Thu, May 21, 2026 at 4:11 PM Omar <omar@y.example> wrote:\r\n> Earlier words\r\n";

const fn mail(name: &'static str, write: fn(&Call) -> Vec<u8>) -> Shape {
    Shape {
        name,
        format: Format::Eml,
        voices: Voices::Labels(|_| "Dana Ruiz".to_owned()),
        times: Times::Nothing,
        write,
    }
}

/// What is said, as people write it down: every paragraph is a sentence.
pub(super) fn prose(call: &Call) -> Call {
    let mut call = call.clone();
    for said in &mut call.said {
        let last = said.words.last_mut().unwrap();
        *last = format!("{}.", last.trim_end_matches([',', '.', '?', '!']));
    }
    call
}

/// The same in letters that every font has.
pub(super) fn plain(call: &Call) -> Call {
    let mut call = prose(call);
    let letter = |c: char| if c.is_ascii() { c } else { char::from(b'a' + (u32::from(c) % 26) as u8) };
    for word in call.said.iter_mut().flat_map(|said| &mut said.words) {
        *word = word.chars().map(letter).collect();
    }
    call
}

/// The same in clauses, `1.1` and on, behind a preamble that only contracts have.
pub(super) fn clauses(call: &Call) -> Call {
    let mut call = plain(call);
    let (preamble, clauses) = call.said.split_first_mut().unwrap();
    preamble.words = PREAMBLE.split(' ').map(str::to_owned).collect();
    for (at, said) in clauses.iter_mut().enumerate() {
        said.words.insert(0, format!("{}.{}", at / 9 + 1, at % 9 + 1));
    }
    call
}

/// A name in a code that every mail header may hold.
fn mail_name(name: &str) -> String {
    format!("=?UTF-8?B?{}?=", BASE64_STANDARD.encode(name))
}

fn each(call: &Call, head: &str, paragraph: impl Fn(&str) -> String) -> Vec<u8> {
    (head.to_owned() + &call.said.iter().map(|said| paragraph(&said.text())).collect::<String>()).into_bytes()
}

/// A paragraph of a Word file.
pub(super) fn paragraph(text: &str) -> String {
    format!("<w:p><w:r><w:t xml:space=\"preserve\">{text}</w:t></w:r></w:p>")
}

fn xml(call: &Call, title: &str) -> String {
    let said = call.said.iter().map(|said| paragraph(&said.text()));
    (!title.is_empty()).then(|| paragraph(title)).into_iter().chain(said).collect()
}

/// Pages of six paragraphs, the title above the first.
fn pdf(call: &Call, title: &str) -> String {
    let mut pages = Vec::new();
    for paragraphs in call.said.chunks(6) {
        let mut page = String::new();
        if pages.is_empty() && !title.is_empty() {
            write!(page, "BT /F1 14 Tf 50 800 Td ({title}) Tj ET").unwrap();
        }
        let mut y = 770;
        for said in paragraphs {
            for line in wrapped(&said.text()) {
                write!(page, " BT /F1 10 Tf 50 {y} Td ({line}) Tj ET").unwrap();
                y -= 12;
            }
            y -= 16;
        }
        pages.push(page);
    }
    pdf_of(&pages, "")
}

fn hubspot(call: &Call) -> String {
    let paragraphs = each(call, "", |words| format!("<p style=\"margin:0;\">{words}</p>"));
    format!("<div style=\"\" dir=\"auto\" data-top-level=\"true\">{}</div>", String::from_utf8(paragraphs).unwrap())
}

fn salesforce(call: &Call) -> String {
    BASE64_STANDARD.encode(each(call, "", |words| format!("<p>{words}</p>")))
}

/// The words in short lines.
fn wrapped(words: &str) -> Vec<String> {
    const PER_LINE: usize = 8;
    words.split(' ').collect::<Vec<_>>().chunks(PER_LINE).map(|line| line.join(" ")).collect()
}

fn wrapped_bytes(text: &str) -> String {
    text.as_bytes().chunks(76).map(|line| String::from_utf8_lossy(line)).collect::<Vec<_>>().join("\r\n")
}
