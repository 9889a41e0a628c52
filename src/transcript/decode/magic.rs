//! What a file is that is no text: told by its first bytes, never by its name.

use super::super::error::ParseError;

const EXPORT_TEXT: &str = "export the transcript as WebVTT, SRT, JSON or text and upload that";
const TRANSCRIBE: &str = "transcribe the recording first and upload the transcript";
const TYPE_OFF: &str = "type or recognize its words and upload those as text";
const UNPACK: &str = "unpack it and upload what is inside";
const EXPORT_MAIL: &str = "save the mails as .eml or .mbox and upload those";

/// The container of old Office documents, and of new ones that are encrypted.
const OLE: &[u8] = b"\xd0\xcf\x11\xe0";
/// `EncryptedPackage` in UTF-16: the name of the part that is encrypted.
const ENCRYPTED: &[u8] = b"E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0";

/// First bytes, where they stand, what they mean, what to do. The more exact come first.
const MAGIC: &[(usize, &[u8], &str, &str)] = &[
    (0, b"{\\rtf", "a rich text document", EXPORT_TEXT),
    (0, OLE, "an old Office document or Outlook message", "save it as Word file (.docx), .eml or text"),
    (0, b"!BDN", "a mailbox of Outlook (PST)", EXPORT_MAIL),
    (0, b"\x78\x9f\x3e\x22", "an attachment of Outlook (winmail.dat)", EXPORT_MAIL),
    (0, b"\x1f\x8b", "a gzip archive", UNPACK),
    (0, b"7z\xbc\xaf\x27\x1c", "a 7z archive", UNPACK),
    (0, b"Rar!\x1a\x07", "a RAR archive", UNPACK),
    (0, b"\xfd7zXZ\x00", "an xz archive", UNPACK),
    (0, b"\x28\xb5\x2f\xfd", "a Zstandard archive", UNPACK),
    (4, b"1AY&SY", "a bzip2 archive", UNPACK),
    (257, b"ustar", "a tar archive", UNPACK),
    (0, b"ID3\x02", "audio (MP3)", TRANSCRIBE),
    (0, b"ID3\x03", "audio (MP3)", TRANSCRIBE),
    (0, b"ID3\x04", "audio (MP3)", TRANSCRIBE),
    (0, b"OggS\x00", "audio (Ogg)", TRANSCRIBE),
    (0, b"fLaC\x00", "audio (FLAC)", TRANSCRIBE),
    (0, b"#!AMR", "audio (AMR)", TRANSCRIBE),
    (4, b"ftypM4A", "audio (M4A)", TRANSCRIBE),
    (4, b"ftyphei", "an image (HEIC)", TYPE_OFF),
    (4, b"ftypmif1", "an image (HEIC)", TYPE_OFF),
    (4, b"ftypavif", "an image (AVIF)", TYPE_OFF),
    (4, b"ftyp", "audio or video (MP4)", TRANSCRIBE),
    (0, b"\x1a\x45\xdf\xa3", "video (WebM or Matroska)", TRANSCRIBE),
    (0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "audio or video (Windows Media)", TRANSCRIBE),
    (0, b"FLV\x01", "video (Flash)", TRANSCRIBE),
    (0, b"\x89PNG", "an image (PNG)", TYPE_OFF),
    (0, b"\xff\xd8\xff", "an image (JPEG)", TYPE_OFF),
    (0, b"GIF89a", "an image (GIF)", TYPE_OFF),
    (0, b"II*\x00", "an image (TIFF)", TYPE_OFF),
    (0, b"MM\x00*", "an image (TIFF)", TYPE_OFF),
    (0, b"8BPS", "an image (Photoshop)", TYPE_OFF),
    (0, b"%!PS", "a PostScript document", EXPORT_TEXT),
    (0, b"SQLite format 3\x00", "a database (SQLite)", EXPORT_TEXT),
    (0, b"PAR1\x15", "a table (Parquet)", EXPORT_TEXT),
    (0, b"\x7fELF", "a program", EXPORT_TEXT),
];

/// First bytes that a text may have too: `ясно` begins like a frame of sound, `Release WAVE 2` like a recording. They say
/// something only in front of bytes that no text has.
const MAGIC_OF_BINARY: &[(usize, &[u8], &str, &str)] = &[
    (0, b"\xff\xfb", "audio (MP3)", TRANSCRIBE),
    (0, b"\xff\xfa", "audio (MP3)", TRANSCRIBE),
    (0, b"\xff\xf3", "audio (MP3)", TRANSCRIBE),
    (0, b"\xff\xf2", "audio (MP3)", TRANSCRIBE),
    (0, b"\xff\xf1", "audio (AAC)", TRANSCRIBE),
    (0, b"\xff\xf9", "audio (AAC)", TRANSCRIBE),
    (8, b"WAVE", "audio (WAV)", TRANSCRIBE),
    (8, b"AVI ", "video (AVI)", TRANSCRIBE),
    (8, b"AIFF", "audio (AIFF)", TRANSCRIBE),
    (8, b"WEBP", "an image (WebP)", TYPE_OFF),
];
/// Where a binary file has such bytes at the latest.
const START: usize = 1024;

/// Refuses what is known to be no text.
pub(super) fn refuse(bytes: &[u8]) -> Result<(), ParseError> {
    if bytes.starts_with(OLE) && memchr::memmem::find(bytes, ENCRYPTED).is_some() {
        let advice = "save a copy without the password and upload that";
        return Err(ParseError::Binary { looks_like: "an Office document protected by a password", advice });
    }
    let is_text = !bytes.iter().take(START).any(|byte| matches!(byte, 0..=8 | 14..=26));
    let magic = MAGIC.iter().chain(MAGIC_OF_BINARY.iter().filter(|_| !is_text));
    let mut known = magic.filter(|(at, magic, ..)| bytes.get(*at..).is_some_and(|tail| tail.starts_with(magic)));
    known.next().map_or(Ok(()), |(.., looks_like, advice)| Err(ParseError::Binary { looks_like, advice }))
}

/// Bytes of no known kind.
pub(super) const fn unknown() -> ParseError {
    ParseError::Binary { looks_like: "binary data", advice: EXPORT_TEXT }
}
