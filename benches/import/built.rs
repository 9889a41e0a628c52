//! Files that are packed: zips, Word files and PDFs around what they hold.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use anyhow::Context as _;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// A Word file with this body.
pub(crate) fn docx_of(body: &str) -> anyhow::Result<Vec<u8>> {
    let types = r#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"#;
    let head = r#"<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>"#;
    let document = format!("{head}{body}</w:body></w:document>");
    zip_of(&[("[Content_Types].xml", types.as_bytes()), ("word/document.xml", document.as_bytes())])
}

pub(crate) fn zip_of(parts: &[(&str, &[u8])]) -> anyhow::Result<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        zip.start_file(*name, SimpleFileOptions::default())?;
        zip.write_all(bytes)?;
    }
    Ok(zip.finish().context("a zip cannot be closed")?.into_inner())
}

/// A PDF with these drawings, and more to draw with.
pub(crate) fn pdf_of(contents: &[String], more: &str) -> String {
    let kids = (0..contents.len()).map(|at| format!("{} 0 R", 10 + 2 * at)).collect::<Vec<_>>().join(" ");
    let mut file = format!(
        "%PDF-1.4\n1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj\n2 0 obj <</Type/Pages/Kids[{kids}]/Count {}>> endobj\n\
         3 0 obj <</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>> endobj\n{more}",
        contents.len()
    );
    for (at, content) in contents.iter().enumerate() {
        let (page, stream) = (10 + 2 * at, 11 + 2 * at);
        let _ = write!(
            file,
            "{page} 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 3 0 R>>/XObject<</X0 4 0 R>>>>\
             /Contents {stream} 0 R>> endobj\n{stream} 0 obj <</Length {}>> stream\n{content}\nendstream endobj\n",
            content.len()
        );
    }
    file + "trailer <</Root 1 0 R>>\n%%EOF\n"
}
