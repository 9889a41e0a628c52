use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::transcript::{ParseError, parse};

const NAMESPACES: &str = r#"xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:mc="mc""#;

/// A zip of these files.
fn zipped(files: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in files {
        zip.start_file(*name, SimpleFileOptions::default().compression_method(CompressionMethod::Stored)).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A Word file with this body, and perhaps numbering.
fn word(body: &str, numbering: &str) -> Vec<u8> {
    let document = format!("<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>");
    let numbering = format!("<w:numbering {NAMESPACES}>{numbering}</w:numbering>");
    let rels =
        r#"<Relationships xmlns="r"><Relationship Id="a" Type="x/numbering" Target="numbering.xml"/></Relationships>"#;
    zipped(&[
        ("word/document.xml", &document),
        ("word/_rels/document.xml.rels", rels),
        ("word/numbering.xml", &numbering),
    ])
}

fn run(text: &str) -> String {
    format!("<w:r><w:t>{text}</w:t></w:r>")
}

fn paragraph(properties: &str, text: &str) -> String {
    format!("<w:p><w:pPr>{properties}</w:pPr>{}</w:p>", run(text))
}

/// The id and words of every turn, then what was left out.
fn read(bytes: &[u8]) -> (Vec<(String, String)>, Vec<String>) {
    let read = parse("notes.docx", bytes).unwrap();
    let turns = read.turns.iter().map(|turn| (turn.cues[0].clone(), turn.text.clone())).collect();
    (turns, read.report.dropped.iter().map(|dropped| dropped.reason.clone()).collect())
}

fn words(body: &str) -> Vec<String> {
    read(&word(body, "")).0.into_iter().map(|(_, text)| text).collect()
}

#[test]
fn what_word_does_not_show_is_no_word() {
    let field = |code: &str, shown: &str| {
        let mark = |kind: &str| format!(r#"<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>"#);
        let code = format!("{}<w:r><w:instrText>IF</w:instrText></w:r>{code}{}", mark("begin"), mark("separate"));
        format!("{code}{shown}{}", mark("end"))
    };
    let nested = field(&field("", &run("inner")), &run("outer"));
    let box_of = |text: &str| format!("<w:txbxContent>{}</w:txbxContent>", paragraph("", text));
    let choice = format!(
        "<w:r><mc:AlternateContent><mc:Choice>{}</mc:Choice><mc:Fallback>{}</mc:Fallback></mc:AlternateContent></w:r>",
        box_of("in the box"),
        box_of("in the box")
    );
    let ticked = r#"<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:checkBox><w:checked/></w:checkBox></w:ffData></w:fldChar></w:r>"#;
    let ticked = format!(r#"{ticked}<w:r><w:fldChar w:fldCharType="end"/></w:r>{}"#, run("SSO"));
    let cases: &[(String, &[&str])] = &[
        (nested, &["outer"]),
        (format!("{choice}{}", run("anchor")), &["in the box", "anchor"]),
        (ticked, &["[x] SSO"]),
        (
            format!(
                r"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>{}",
                run("Click here"),
                run("end")
            ),
            &["end"],
        ),
        ("<w:r><w:rPr><w:vanish w:val=\"0\"/></w:rPr><w:t>shown</w:t></w:r>".to_owned(), &["shown"]),
    ];
    for (inside, expected) in cases {
        assert_eq!(words(&format!("<w:p>{inside}</w:p>")), *expected, "{inside}");
    }
}

#[test]
fn a_paragraph_whose_end_is_deleted_goes_on_in_the_next_and_a_deleted_row_is_gone() {
    let deleted_end = paragraph("<w:rPr><w:del/></w:rPr>", "We pay ");
    let row = |properties: &str, text: &str| {
        format!("<w:tr>{properties}<w:tc>{}</w:tc><w:tc>{}</w:tc></w:tr>", paragraph("", text), paragraph("", "5"))
    };
    let table = format!("<w:tbl>{}{}</w:tbl>", row("", "kept"), row("<w:trPr><w:del/></w:trPr>", "gone"));
    let body = format!("{deleted_end}{}{table}", paragraph("", "in May."));
    let (turns, dropped) = read(&word(&body, ""));
    assert_eq!(turns, [("¶1".to_owned(), "We pay in May.".to_owned()), ("¶3".to_owned(), "kept | 5".to_owned())]);
    assert_eq!(dropped.len(), 2, "{dropped:?}");
}

#[test]
fn numbers_are_counted_as_word_counts_them() {
    let level = |at: usize, form: &str, text: &str| {
        format!(
            r#"<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>"#
        )
    };
    let levels = [level(0, "upperRoman", "Article %1"), level(1, "decimal", "%1.%2"), level(2, "lowerLetter", "(%3)")]
        .concat()
        + &level(3, "lowerRoman", "(%4)").replace("<w:start", "<w:isLgl w:val=\"0\"/><w:start");
    let legal = levels.replacen("<w:numFmt w:val=\"decimal\"/>", "<w:numFmt w:val=\"decimal\"/><w:isLgl/>", 1);
    let numbering = format!(
        r#"<w:abstractNum w:abstractNumId="1">{legal}</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>
        <w:num w:numId="2"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="1"><w:startOverride w:val="7"/></w:lvlOverride></w:num>"#
    );
    let clause = |list: usize, level: usize| {
        let place = format!(r#"<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list}"/></w:numPr>"#);
        paragraph(&place, "The Customer shall give written notice before the renewal, and fees are invoiced.")
    };
    let places = [(1, 0), (1, 1), (1, 2), (1, 2), (1, 3), (1, 1), (1, 2), (1, 0), (1, 1), (2, 1), (2, 1), (1, 2)];
    let body: String = places.map(|(list, level)| clause(list, level)).concat();
    let title = paragraph(r#"<w:pStyle w:val="Title"/>"#, "Master Services Agreement");
    let read = parse("msa.docx", &word(&(title + &body), &numbering)).unwrap();
    let ids: Vec<&str> = read.turns.iter().map(|turn| turn.cues[0].as_str()).collect();
    let expected = ["I", "1.1", "1.1(a)", "1.1(b)", "1.1(b)(i)", "1.2", "1.2(a)", "II", "2.1", "2.7", "2.8", "2.8(a)"];
    assert_eq!(ids, expected);
}

#[test]
fn pages_are_cited_where_word_wrote_them_down() {
    let body = format!("{}<w:p><w:r><w:lastRenderedPageBreak/><w:t>Two</w:t></w:r></w:p>", paragraph("", "One"));
    let (turns, _) = read(&word(&body, ""));
    assert_eq!(turns.iter().map(|(id, _)| id.as_str()).collect::<Vec<_>>(), ["¶1 · p. 1", "¶2 · p. 2"]);
}

#[test]
fn a_zip_of_something_else_is_named() {
    let refused = |files: &[(&str, &str)]| parse("x.zip", &zipped(files)).unwrap_err();
    assert!(matches!(refused(&[("xl/workbook.xml", "")]), ParseError::Binary { looks_like: "an Excel workbook", .. }));
    assert!(refused(&[("a.vtt", ""), ("b.pdf", "")]).to_string().contains("`a.vtt`, `b.pdf`"));
    for name in ["../a", "a/..\\b", "/etc/x", "C:\\x", "\\\\host\\x"] {
        assert!(matches!(refused(&[(name, "")]), ParseError::Unsafe { .. }), "{name}");
    }
}
