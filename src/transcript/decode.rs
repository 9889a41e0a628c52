//! Bytes to text: byte order marks, UTF-16, line ends; and what a file looks like that is no text.

use std::borrow::Cow;

use mail_parser::decoders::charsets::map::charset_decoder;

use super::error::ParseError;

/// A file as text, with `\n` as its only line end.
#[derive(Debug)]
pub(super) struct Source<'a> {
    /// The text.
    pub text: String,
    /// The bytes a mail parser should see: a mail names its own charsets.
    pub raw: Cow<'a, [u8]>,
    /// A doubt about the encoding.
    pub warning: Option<String>,
}

pub(super) const EXPORT_TEXT: &str = "export the transcript as WebVTT, SRT, JSON or text and upload that";
const TRANSCRIBE: &str = "transcribe the recording first and upload the transcript";

/// First bytes, where they stand, what they mean, what to do.
const MAGIC: &[(usize, &[u8], &str, &str)] = &[
    (0, b"{\\rtf", "a rich text document", EXPORT_TEXT),
    (0, b"\xd0\xcf\x11\xe0", "an old Office document or Outlook message", EXPORT_TEXT),
    (0, b"\x1f\x8b", "a gzip archive", "unpack it and upload what is inside"),
    (0, b"ID3", "audio (MP3)", TRANSCRIBE),
    (0, b"\xff\xfb", "audio (MP3)", TRANSCRIBE),
    (0, b"OggS", "audio (Ogg)", TRANSCRIBE),
    (0, b"fLaC", "audio (FLAC)", TRANSCRIBE),
    (8, b"WAVE", "audio (WAV)", TRANSCRIBE),
    (4, b"ftyp", "audio or video (MP4)", TRANSCRIBE),
    (0, b"\x1a\x45\xdf\xa3", "video (WebM or Matroska)", TRANSCRIBE),
    (0, b"\x89PNG", "an image (PNG)", EXPORT_TEXT),
    (0, b"\xff\xd8\xff", "an image (JPEG)", EXPORT_TEXT),
    (0, b"GIF8", "an image (GIF)", EXPORT_TEXT),
];

/// Decodes UTF-8, UTF-16 with a byte order mark and, with a warning, Windows-1252.
pub(super) fn decode(bytes: &[u8]) -> Result<Source<'_>, ParseError> {
    if let Some((.., looks_like, advice)) = MAGIC.iter().find(|(at, magic, ..)| starts_with_at(bytes, *at, magic)) {
        return Err(ParseError::Binary { looks_like, advice });
    }
    let source = match bytes {
        [0xff, 0xfe, rest @ ..] => from_utf16(rest, u16::from_le_bytes)?,
        [0xfe, 0xff, rest @ ..] => from_utf16(rest, u16::from_be_bytes)?,
        [0xef, 0xbb, 0xbf, rest @ ..] => from_bytes(rest)?,
        _ => from_bytes(bytes)?,
    };
    if source.text.trim().is_empty() { Err(ParseError::Empty) } else { Ok(source) }
}

fn starts_with_at(bytes: &[u8], at: usize, magic: &[u8]) -> bool {
    bytes.get(at..).is_some_and(|tail| tail.starts_with(magic))
}

fn binary() -> ParseError {
    ParseError::Binary { looks_like: "binary data", advice: EXPORT_TEXT }
}

fn from_utf16<'a>(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<Source<'a>, ParseError> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    if !rest.is_empty() {
        return Err(binary());
    }
    let units: Vec<u16> = pairs.iter().map(|pair| unit(*pair)).collect();
    let text = String::from_utf16(&units).map_err(|_| binary())?;
    let text = unix_lines(checked(text)?);
    Ok(Source { raw: Cow::Owned(text.clone().into_bytes()), text, warning: None })
}

fn from_bytes(bytes: &[u8]) -> Result<Source<'_>, ParseError> {
    let raw = Cow::Borrowed(bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(Source { text: unix_lines(checked(text.to_owned())?), raw, warning: None });
    }
    let decoder = charset_decoder(b"windows-1252").ok_or_else(binary)?;
    let text = unix_lines(checked(decoder(bytes))?);
    Ok(Source { text, raw, warning: Some("the file is not UTF-8; it was read as Windows-1252".to_owned()) })
}

/// Text holds no control characters besides white space and, in old captions, escape; a few strays are tolerated.
fn checked(text: String) -> Result<String, ParseError> {
    let controls = text.chars().filter(|c| c.is_control() && !c.is_whitespace()).count();
    let has_nul = text.contains('\0');
    if has_nul || controls * 100 > text.chars().count() { Err(binary()) } else { Ok(text) }
}

fn unix_lines(text: String) -> String {
    if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text }
}
