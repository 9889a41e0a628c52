//! Changes inside a zip: its parts are unpacked, changed, and packed again.

use std::io::{Cursor, Read as _, Write as _};

use rand::Rng as _;
use rand::seq::{IndexedMutRandom as _, IndexedRandom as _};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use super::LARGEST;
use super::bytes::Change;

/// Names that mean something to the readers, or to nobody.
const NAMES: &[&str] = &[
    "word/document.xml",
    "word/numbering.xml",
    "word/styles.xml",
    "word/footnotes.xml",
    "word/comments.xml",
    "[Content_Types].xml",
    "_rels/.rels",
    "word/_rels/document.xml.rels",
    "docProps/core.xml",
    "users.json",
    "channels.json",
    "general/2026-03-02.json",
    "../evil",
    "/etc/passwd",
    "c:\\x",
    "xl/workbook.xml",
    "__MACOSX/._x",
    "a/",
    "",
];

type Part = (String, Vec<u8>);

/// The zip with some of its parts changed, and its size unpacked; none if it cannot be unpacked.
pub(super) fn changed(change: &mut Change<'_>, file: &[u8]) -> Option<(Vec<u8>, usize)> {
    let mut parts = parts(file)?;
    let lent = change.donor;
    // A part is spliced with parts, not with what they are packed in.
    let from = self::parts(lent).filter(|parts| !parts.is_empty());
    let other = from.as_ref().and_then(|parts| parts.choose(change.rng)).map_or(lent, |(_, bytes)| bytes.as_slice());
    let mut inner = Change { rng: &mut *change.rng, donor: other, words: change.words };
    for _ in 0..inner.rng.random_range(1..=2) {
        alter(&mut inner, &mut parts);
    }
    let size = parts.iter().map(|(_, bytes)| bytes.len()).sum();
    Some((pack(&parts)?, size))
}

fn alter(change: &mut Change<'_>, parts: &mut Vec<Part>) {
    match change.rng.random_range(0..12) {
        0 => {
            let name = NAMES.choose(change.rng).copied().unwrap_or_default();
            parts.push((name.to_owned(), change.donor.to_vec()));
        }
        1 if parts.len() > 1 => drop(parts.swap_remove(change.rng.random_range(0..parts.len()))),
        2 => {
            if let Some((name, _)) = parts.choose_mut(change.rng) {
                NAMES.choose(change.rng).copied().unwrap_or_default().clone_into(name);
            }
        }
        _ => {
            if let Some((_, bytes)) = parts.choose_mut(change.rng) {
                change.several(bytes);
            }
        }
    }
}

fn parts(file: &[u8]) -> Option<Vec<Part>> {
    let mut zip = ZipArchive::new(Cursor::new(file)).ok()?;
    let mut parts = Vec::new();
    for at in 0..zip.len() {
        let mut entry = zip.by_index(at).ok()?;
        let name = entry.name().ok()?.into_owned();
        let mut bytes = Vec::new();
        entry.by_ref().take(LARGEST as u64).read_to_end(&mut bytes).ok()?;
        parts.push((name, bytes));
    }
    Some(parts)
}

/// A zip of these parts; of two with one name the first.
fn pack(parts: &[Part]) -> Option<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let mut some = false;
    for (name, bytes) in parts {
        if zip.start_file(name.as_str(), SimpleFileOptions::default()).is_ok() {
            zip.write_all(bytes).ok()?;
            some = true;
        }
    }
    some.then(|| zip.finish().ok().map(Cursor::into_inner)).flatten()
}
