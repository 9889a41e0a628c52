//! Shapes that ask for more time or memory than their size is worth.

use std::fmt::Write as _;

use super::built::{docx_of, pdf_of, zip_of};
use super::files::zoom;
use super::measure::{MB, MS_PER_MB, reading};

/// Size of a shape that has no size of its own.
const SIZE: usize = 1_000_000;
/// What is repeated until the file is full.
const REPEATED: &[&str] = &[
    "[",
    "{",
    "<",
    "(",
    ">",
    "*",
    "#",
    "|",
    "\"",
    "'",
    "`",
    "_",
    "~",
    "-",
    "=",
    "&",
    "\\",
    "!",
    ":",
    "\t",
    " ",
    "\u{200b}",
    "é",
    "<v ",
    "<v Dana>",
    "</v>",
    "<b>",
    "<b>x",
    "</p>",
    "<p>x",
    "<div>",
    "<td>",
    "<table><tr><td>",
    "<ul><li>",
    "<blockquote>",
    "<!--",
    "<br>",
    "&amp;",
    "&#",
    "> ",
    ">\n",
    "* ",
    "- a\n",
    "1. a\n",
    "# ",
    "# a\n",
    "**",
    "](",
    "[a](",
    "![",
    "|-",
    "| a ",
    "a | b\n",
    "--> ",
    "1\n",
    "0:0 --> 0:0\n",
    "A: ",
    "A: b\n",
    "a: b: ",
    "Dana Ruiz: yes\n",
    "(a) ",
    "1.1 ",
    "1.1 a\n",
    "§",
    "{\\",
    "\"a\",",
    "a,b\n",
    ",\n",
    ".\n",
    "a\n\n",
    "\r",
    "\u{c}",
    "-- \n",
    "=?utf-8?B?",
    "=3D",
    "From a@b\n",
    "\nFrom: a@b\nTo: c\n\nx\n",
    "--b\n",
    "[00:01] ",
    "[00:01] A: b\n",
    "00:01\n",
    "A (0:01): b\n",
    "(inaudible) ",
    "Thank you. ",
    "On x wrote:\n> ",
    "[^1]",
    "```\n",
    "    a\n",
];
/// What stands before it.
const HEADS: [(&str, &str); 6] = [
    ("text", ""),
    ("captions", "WEBVTT\n\n00:00.000 --> 00:01.000\n"),
    ("mail", "From: a@b.example\nTo: c@d.example\nSubject: x\nContent-Type: text/html\n\n"),
    ("contract", "# Order form\n\n1.1 x\n\n"),
    ("SRT", "1\n00:00:00,000 --> 00:00:01,000\nA: b\n\n"),
    ("html", "<html><body><p>x"),
];

/// A file, and its size where it is unpacked.
struct Shape {
    what: String,
    bytes: Vec<u8>,
    size: usize,
}

/// Reads every shape, prints what is remarkable, and says whether all kept their limits.
pub(crate) fn measure() -> anyhow::Result<bool> {
    println!("\n{:<44}{:>8}{:>10}{:>10}{:>10}{:>8}", "hostile", "MB", "ms/MB", "MB used", "x input", "limit");
    let mut missed = 0;
    for shape in large().into_iter().chain(packed()?).chain(drawn()) {
        missed += usize::from(!row(&shape, true));
    }
    for repeated in REPEATED {
        for (head, text) in HEADS {
            let bytes = format!("{text}{}", repeated.repeat(SIZE / repeated.len())).into_bytes();
            missed += usize::from(!row(&Shape::of(format!("{head}: {repeated:?} repeated"), bytes), false));
        }
    }
    let count = REPEATED.len() * HEADS.len();
    let word = if missed == 0 { "met" } else { "MISSED" };
    println!(
        "bar {word}: under 1 s per MB and 20 x input + 50 MB; {missed} missed it, with {count} repeated pieces of 1 MB"
    );
    Ok(missed == 0)
}

impl Shape {
    fn of(what: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        let bytes = bytes.into();
        Self { what: what.into(), size: bytes.len(), bytes }
    }
}

/// Prints the line of a shape, where it is asked for or near a limit, and says whether it kept the limits.
fn row(file: &Shape, always: bool) -> bool {
    let (cost, read) = reading("x", &file.bytes);
    let megabytes = (file.size as f64 / MB).max(1.0);
    let time = cost.cpu_ms / megabytes;
    let share = (time / MS_PER_MB).max(cost.memory_share(file.size));
    if always || share > 0.6 {
        let end = read
            .map_or_else(|error| error.to_string().chars().take(60).collect(), |read| read.format.title().to_owned());
        let size = file.size as f64;
        println!(
            "{:<44}{:>8.2}{time:>10.1}{:>10.1}{:>10.1}{:>7.0}%  {end}",
            file.what,
            size / MB,
            cost.bytes / MB,
            cost.bytes / size,
            100.0 * share
        );
    }
    share <= 1.0
}

fn large() -> Vec<Shape> {
    let words = "word ".repeat(10_000_000);
    let cues = |mark: char| -> String {
        let one = |at: usize| {
            format!(
                "{:02}:{:02}:{:02}{mark}000 --> 99:00:00{mark}000\nyes\n\n",
                at / 36_000,
                at / 600 % 60,
                at / 10 % 60
            )
        };
        (0..1_000_000).map(one).collect::<Vec<_>>().concat()
    };
    let wide = (0..600_000).map(|at| format!("\"key{at}\":1,")).collect::<Vec<_>>().concat();
    let sentences = r#"{"text":"a","start":1,"end":2},"#.repeat(300_000);
    vec![
        Shape::of("one line of 50 MB", words.clone()),
        Shape::of("one caption of 50 MB", format!("WEBVTT\n\n00:00.000 --> 00:01.000\n{words}")),
        Shape::of(
            "one labelled line of 50 MB",
            format!("Dana: hello\nOmar: hi\nDana: yes\nOmar: {words}\nDana: bye\n"),
        ),
        Shape::of("a million captions of one word, WebVTT", format!("WEBVTT\n\n{}", cues('.'))),
        Shape::of("a million captions of one word, SRT", cues(',')),
        Shape::of("10 hours of captions", zoom(1_000_000)),
        Shape::of("deep JSON, lists", "[".repeat(10_000_000)),
        Shape::of("deep JSON, objects", "{\"a\":".repeat(2_000_000)),
        Shape::of("wide JSON, keys", format!("{{{wide}\"text\":\"x\"}}")),
        Shape::of("wide JSON, numbers", format!("{{\"text\":\"x\",\"segments\":[{}0]}}", "0,".repeat(5_000_000))),
        Shape::of("300,000 segments", format!("{{\"text\":\"x\",\"segments\":[{sentences}{{}}]}}")),
        Shape::of(
            "JSON of tiny paragraphs",
            format!("{{\"results\":[{{\"properties\":{{\"hs_note_body\":\"{}\"}}}}]}}", "<p>x".repeat(SIZE / 4)),
        ),
        Shape::of("lone quotes, CSV", format!("Id,Title,Content\n{}", "\"a\"\",".repeat(2_000_000))),
    ]
}

fn packed() -> anyhow::Result<Vec<Shape>> {
    let plain = "<w:p><w:r><w:t>word word word</w:t></w:r></w:p>".repeat(400_000);
    let empty = "<w:p/>".repeat(3_000_000);
    let nested = "<w:tbl><w:tr><w:tc>".repeat(100_000);
    // Words that differ, so that the part unpacks to less than a hundred times its size and is read.
    let honest = (0..200_000_u64)
        .map(|at| format!("<w:p><w:r><w:t>{:x}</w:t></w:r></w:p>", at.wrapping_mul(0x9e37_79b9_7f4a_7c15)))
        .collect::<Vec<_>>()
        .concat();
    let many: Vec<String> = (0..30_000).map(|at| format!("general/{at}.json")).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|name| (name.as_str(), b"[]".as_slice())).collect();
    let zeros = vec![b' '; 300 << 20];
    let shapes = vec![
        Shape::of("zip bomb: 300 MB of blanks", zip_of(&[("users.json", b"[]"), ("channels.json", &zeros)])?),
        Shape::of("zip of 30,000 files", zip_of(&many)?),
        Shape::of("Word: 19 MB of the same paragraph", docx_of(&plain)?),
        Shape::of("Word: 3,000,000 empty paragraphs", docx_of(&empty)?),
        Shape::of("Word: tables in tables", docx_of(&nested)?),
    ];
    let bytes = docx_of(&honest)?;
    Ok(shapes
        .into_iter()
        .chain([Shape { what: "Word: 200,000 paragraphs (size unpacked)".to_owned(), bytes, size: honest.len() }])
        .collect())
}

fn drawn() -> Vec<Shape> {
    // Each form draws the next one ten times.
    let mut forms = String::new();
    for at in 4..9 {
        let draw = "/X1 Do ".repeat(10);
        let resources = if at < 8 { format!("/XObject<</X1 {} 0 R>>", at + 1) } else { String::new() };
        let _ = write!(
            forms,
            "{at} 0 obj <</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</Font<</F1 3 0 R>>{resources}>>/Length {}>> stream\n{draw}\nendstream endobj\n",
            draw.len()
        );
    }
    let letters = format!("BT /F1 10 Tf 50 700 Td {} ET", "(a) Tj ".repeat(200_000));
    vec![
        Shape::of("PDF: forms in forms, 100,000 times", pdf_of(&["/X0 Do ".repeat(10)], &forms)),
        Shape::of("PDF: 200,000 letters, each alone", pdf_of(&[letters], "")),
        Shape::of("PDF: brackets", pdf_of(&["[".repeat(SIZE)], "")),
        Shape::of("PDF: saved states", pdf_of(&["q ".repeat(SIZE / 2)], "")),
        Shape::of("PDF: 2,000 pages", pdf_of(&vec!["BT /F1 9 Tf (x) Tj ET".to_owned(); 2_000], "")),
        Shape::of("PDF: no objects, only dictionaries", format!("%PDF-1.4\n{}", "<<".repeat(SIZE / 2))),
        Shape::of("PDF: objects in objects", format!("%PDF-1.4\n{}", "6 0 obj <</A ".repeat(SIZE / 13))),
        Shape::of("PDF: objects without end", format!("%PDF-1.4\n{}", "1 0 obj ".repeat(SIZE / 8))),
    ]
}
