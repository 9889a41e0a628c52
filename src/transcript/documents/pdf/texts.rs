//! Texts that are too long to be drawn: the library lays out all letters of a text before it gives the first one, in some 180
//! bytes for each, and keeps the outlines of those that cut out what is drawn after them.

use hayro_interpret::hayro_syntax::Pdf;
use hayro_interpret::hayro_syntax::content::TypedIter;
use hayro_interpret::hayro_syntax::content::ops::TypedInstruction;
use hayro_interpret::hayro_syntax::object::{Array, Object, Stream};

use super::super::super::error::ParseError;

/// Bytes that are held at once: of a text, of a list of texts, of all that cut something out. A line has some hundred; 32,767 is
/// what older programs took (PDF 1.7, annex C).
const MOST_HELD: u64 = 64 << 10;
/// Modes of text from here on cut out (ISO 32000, 9.3.6).
const CUTTING: i64 = 4;

/// Refuses texts that are too long.
pub(super) fn check(pdf: &Pdf) -> Result<(), ParseError> {
    for page in pdf.pages().iter() {
        check_content(page.typed_operations())?;
    }
    for object in pdf.objects() {
        if let Object::Stream(stream) = object
            && may_be_drawn(&stream)
            && let Ok(content) = stream.decoded()
        {
            check_content(TypedIter::new(&content))?;
        }
    }
    Ok(())
}

/// Forms and what notes look like; both have a box.
fn may_be_drawn(stream: &Stream<'_>) -> bool {
    stream.dict().contains_key("BBox")
}

fn check_content(mut instructions: TypedIter<'_>) -> Result<(), ParseError> {
    let (mut cuts, mut cutting) = (false, 0);
    while let Some(instruction) = instructions.next() {
        let length = match instruction {
            TypedInstruction::TextRenderingMode(mode) => {
                cuts = mode.0.as_i64() >= CUTTING;
                continue;
            }
            TypedInstruction::ShowText(text) => text.0.as_bytes().len(),
            TypedInstruction::NextLineAndShowText(text) => text.0.as_bytes().len(),
            TypedInstruction::ShowTextWithParameters(text) => text.2.as_bytes().len(),
            TypedInstruction::ShowTexts(texts) => bytes_of(texts.0),
            _ => continue,
        };
        // What cuts is kept until the drawing ends.
        cutting += if cuts { length } else { 0 };
        ParseError::at_most("bytes in one text", length.max(cutting) as u64, MOST_HELD)?;
    }
    Ok(())
}

fn bytes_of(texts: &Array<'_>) -> usize {
    let of = |object: Object<'_>| if let Object::String(text) = object { text.as_bytes().len() } else { 0 };
    texts.iter::<Object<'_>>().map(of).sum()
}
