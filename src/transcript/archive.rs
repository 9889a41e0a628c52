//! Zips: Word files and exports of Slack, unpacked within limits and under honest names only.
//!
//! Nothing is ever written to a disk, and a part is unpacked only when a reader asks for it. What a zip says of itself (sizes,
//! names) is not believed: bytes are counted while they are unpacked, and a name that leads out of the zip refuses all of it.

use std::collections::HashMap;
use std::io::{Cursor, Read};

use zip::ZipArchive;
use zip::result::ZipError;

use super::Limits;
use super::chat::slack;
use super::documents::docx;
use super::error::ParseError;
use super::reading::Reading;

/// A part may unpack to this much whatever its ratio: an empty table packs well.
const FREE_BYTES: u64 = 1 << 20;
/// Names shown in an error, and how much of each.
const NAMES_SHOWN: usize = 4;
const NAME_CHARS: usize = 80;
const DAMAGED: &str = "download it again";
/// Kinds of zip that are told by the start of a name: what it is, what to do.
const KINDS: &[(&str, &str, &str)] = &[
    ("xl/", "an Excel workbook", "save the sheet as CSV, or copy its text into a text file, and upload that"),
    ("ppt/", "a PowerPoint presentation", "save it as PDF or Word file and upload that"),
    ("META-INF/manifest.xml", "an OpenDocument file", "save it as Word file (.docx), PDF or text and upload that"),
    ("META-INF/container.xml", "an e-book", "save it as PDF, HTML or text and upload that"),
    (
        "Index/",
        "an Apple Pages, Numbers or Keynote file",
        "export it as Word file (.docx), PDF or text and upload that",
    ),
    (
        "Index.zip",
        "an Apple Pages, Numbers or Keynote file",
        "export it as Word file (.docx), PDF or text and upload that",
    ),
];

/// Whether the bytes are a zip.
pub(super) fn looks_like(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06")
}

/// Reads what is in the zip: a Word file, or an export of Slack.
pub(super) fn read(name: &str, bytes: &[u8], limits: &Limits) -> Result<Reading, ParseError> {
    let mut archive = Archive::open(bytes, limits)?;
    if let Some(reading) = docx::read(name, &mut archive) {
        return reading;
    }
    slack::read_export(&mut archive).unwrap_or_else(|| Err(not_ours(&archive)))
}

/// An open zip: the names of its files, and their bytes within the limits.
pub(super) struct Archive<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
    names: Vec<String>,
    /// Where each name stands in the zip.
    places: HashMap<String, usize>,
    /// What may still be unpacked.
    left: u64,
    limits: Limits,
}

impl<'a> Archive<'a> {
    /// Opens the zip; refused if it is damaged, has too many files, or a name that leads elsewhere.
    pub(super) fn open(bytes: &'a [u8], limits: &Limits) -> Result<Self, ParseError> {
        let zip = ZipArchive::new(Cursor::new(bytes)).map_err(|error| damaged(&error))?;
        ParseError::at_most("files in the zip", zip.len() as u64, limits.zip_entries as u64)?;
        if zip.has_duplicate_names() {
            return Err(ParseError::Unsafe { what: "the zip holds two files of one name".to_owned() });
        }
        let mut archive =
            Self { zip, names: Vec::new(), places: HashMap::new(), left: limits.unpacked_bytes, limits: *limits };
        archive.list()?;
        Ok(archive)
    }

    /// The limits it is read within.
    pub(super) const fn limits(&self) -> &Limits {
        &self.limits
    }

    /// The names of the files, in the order of the zip, with `/` between folders; folders by themselves are not listed.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }

    /// Whether there is a file of this name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.places.contains_key(name)
    }

    /// The bytes of a file; none if there is no such file. What is unpacked counts towards the limit of the whole zip, also
    /// where the same file is read again.
    pub(super) fn read(&mut self, name: &str) -> Result<Option<Vec<u8>>, ParseError> {
        let Some(place) = self.places.get(name).copied() else { return Ok(None) };
        let mut file = self.zip.by_index(place).map_err(|error| damaged(&error))?;
        let by_ratio = file.compressed_size().saturating_mul(self.limits.unpacked_ratio).max(FREE_BYTES);
        let allowed = by_ratio.min(self.left);
        let mut bytes = Vec::new();
        let unpacked = file.by_ref().take(allowed.saturating_add(1)).read_to_end(&mut bytes);
        unpacked.map_err(|error| broken(&format!("`{}`: {error}", shown(name))))?;
        let found = bytes.len() as u64;
        if found > allowed {
            return Err(if by_ratio <= self.left {
                let what =
                    format!("`{}` unpacks to over {} times its packed size", shown(name), self.limits.unpacked_ratio);
                ParseError::Unsafe { what }
            } else {
                let limit = self.limits.unpacked_bytes;
                ParseError::over("unpacked bytes", file.size().max(limit.saturating_add(1)), limit)
            });
        }
        self.left -= found;
        Ok(Some(bytes))
    }

    fn list(&mut self) -> Result<(), ParseError> {
        for place in 0..self.zip.len() {
            let entry = self.zip.by_index_data(place).map_err(|error| damaged(&error))?;
            let name = name_of(entry.name_raw(), || entry.name().ok().map(std::borrow::Cow::into_owned))?;
            if entry.encrypted() {
                return Err(unreadable("it is protected by a password", "unpack it and upload what is inside"));
            }
            if entry.is_dir() || name.ends_with('/') {
                continue;
            }
            if self.places.insert(name.clone(), place).is_some() {
                return Err(ParseError::Unsafe { what: format!("the zip holds `{}` twice", shown(&name)) });
            }
            self.names.push(name);
        }
        Ok(())
    }
}

/// The name with `/` between folders. Old tools write `\` there, and many write UTF-8 without saying so.
fn name_of(raw: &[u8], declared: impl FnOnce() -> Option<String>) -> Result<String, ParseError> {
    let name = match std::str::from_utf8(raw) {
        Ok(name) => name.to_owned(),
        Err(_) => declared().unwrap_or_else(|| String::from_utf8_lossy(raw).into_owned()),
    };
    let slashed = name.replace('\\', "/");
    let is_absolute = slashed.starts_with('/') || slashed.as_bytes().get(1) == Some(&b':');
    let leads_out = is_absolute || slashed.split('/').any(|part| part == "..") || slashed.contains('\0');
    if leads_out {
        Err(ParseError::Unsafe { what: format!("the unsafe path `{}` in the zip", shown(&name)) })
    } else {
        Ok(slashed)
    }
}

/// A name as an error shows it: short, and without anything that a terminal would obey.
fn shown(name: &str) -> String {
    name.chars().take(NAME_CHARS).flat_map(char::escape_debug).collect()
}

fn damaged(error: &ZipError) -> ParseError {
    match error {
        ZipError::CompressionMethodNotSupported(_) | ZipError::UnsupportedArchive(_) => {
            unreadable("it is packed in an unusual way", "unpack it and pack it again as an ordinary zip")
        }
        ZipError::Io(_) | ZipError::InvalidArchive(_) => broken("it is damaged or cut off"),
        other => broken(&other.to_string()),
    }
}

fn broken(reason: &str) -> ParseError {
    unreadable(reason, DAMAGED)
}

fn unreadable(reason: &str, advice: &'static str) -> ParseError {
    ParseError::Unreadable { what: "a zip archive", reason: reason.to_owned(), advice }
}

/// What a zip holds that is neither a Word file nor an export of Slack.
fn not_ours(archive: &Archive<'_>) -> ParseError {
    let has = |start: &str| archive.names().any(|name| name.starts_with(start));
    if let Some((_, looks_like, advice)) = KINDS.iter().find(|(start, ..)| has(start)) {
        return ParseError::Binary { looks_like, advice };
    }
    let own = || archive.names().filter(|name| !name.starts_with("__MACOSX/"));
    let count = own().count();
    let names: Vec<String> = own().take(NAMES_SHOWN).map(|name| format!("`{}`", shown(name))).collect();
    let more = if count > NAMES_SHOWN { format!(" and {} more", count - NAMES_SHOWN) } else { String::new() };
    let reason = match count {
        0 => "it is empty".to_owned(),
        _ => format!("it holds {}{more}: no Word file and no export of Slack", names.join(", ")),
    };
    unreadable(&reason, "unpack it and upload the files in it one by one")
}
