//! Bytes to text: which encoding it is, line ends, and characters nobody sees; what is no text is refused by its name.
//!
//! UTF-8, UTF-16 and UTF-32 are told by their byte order mark or their own structure. Everything else is guessed by `chardetng`, the
//! detector of Firefox, and the report says what was guessed. UTF-8 with a few broken bytes stays UTF-8.

mod invisible;
mod magic;

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, ISO_2022_JP, WINDOWS_1252};

use super::error::ParseError;
pub(super) use invisible::Removed;

/// A text holds at most this share of controls and NUL: padding and broken copies are tolerated.
const UNSEEN_SHARE: usize = 10;
/// In an encoding that had to be guessed, where any byte is some letter, fewer.
const UNSEEN_SHARE_GUESSED: usize = 100;
/// In another encoding two bytes make a letter of UTF-8 only by chance, far more rarely than they break it.
const LETTERS_PER_BROKEN: usize = 2;
/// Bytes that are looked at to tell UTF-16.
const SAMPLE: usize = 4096;

/// How two bytes make a unit of UTF-16.
type Unit = fn([u8; 2]) -> u16;

/// A file as text, with `\n` as its only line end.
#[derive(Debug)]
pub(super) struct Source<'a> {
    /// The text.
    pub text: String,
    /// The bytes a mail parser should see: a mail names its own charsets.
    pub raw: Cow<'a, [u8]>,
    /// Doubts about the encoding, and what was taken out.
    pub warnings: Vec<String>,
}

/// Decodes the bytes.
pub(super) fn decode(bytes: &[u8]) -> Result<Source<'_>, ParseError> {
    magic::refuse(bytes)?;
    let source = match bytes {
        [0xff, 0xfe, 0, 0, rest @ ..] if rest.len() % 4 == 0 => from_utf32(rest, u32::from_le_bytes)?,
        [0, 0, 0xfe, 0xff, rest @ ..] => from_utf32(rest, u32::from_be_bytes)?,
        [0xff, 0xfe, rest @ ..] => from_utf16(rest, u16::from_le_bytes)?,
        [0xfe, 0xff, rest @ ..] => from_utf16(rest, u16::from_be_bytes)?,
        [0xef, 0xbb, 0xbf, rest @ ..] => from_bytes(rest)?,
        _ => match unmarked_utf16(bytes) {
            Some((unit, name)) => {
                let mut source = from_utf16(bytes, unit)?;
                source.warnings.insert(0, format!("line 1: no byte order mark; the file was read as {name}"));
                source
            }
            None => from_bytes(bytes)?,
        },
    };
    if source.text.trim().is_empty() { Err(ParseError::Empty) } else { Ok(source) }
}

/// Text in an encoding that nothing names, with the name of the one that was guessed; the guess is none for UTF-8.
pub(super) fn guess(bytes: &[u8]) -> (Cow<'_, str>, Option<String>) {
    if let Ok(text) = std::str::from_utf8(bytes)
        && !(text.contains('\u{1b}') && encoding_of(bytes) == ISO_2022_JP)
    {
        return (Cow::Borrowed(text), None);
    }
    let encoding = encoding_of(bytes);
    let (text, _) = encoding.decode_without_bom_handling(bytes);
    (text, Some(encoding.name().replace("windows", "Windows")))
}

fn encoding_of(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(bytes, true);
    detector.guess(None, Utf8Detection::Deny)
}

/// UTF-16 without a byte order mark: every second byte of Western text is zero, and always the same one of the two.
fn unmarked_utf16(bytes: &[u8]) -> Option<(Unit, &'static str)> {
    let (pairs, _) = bytes.get(..bytes.len().min(SAMPLE))?.as_chunks::<2>();
    let little = pairs.iter().filter(|[low, high]| *high == 0 && *low != 0).count();
    let big = pairs.iter().filter(|[high, low]| *high == 0 && *low != 0).count();
    let told = |zeros: usize, others: usize| zeros >= 2 && zeros * 3 >= pairs.len() && others * 20 <= zeros;
    if told(little, big) {
        Some((u16::from_le_bytes, "UTF-16 (little endian)"))
    } else if told(big, little) {
        Some((u16::from_be_bytes, "UTF-16 (big endian)"))
    } else {
        None
    }
}

fn from_utf16<'a>(bytes: &[u8], unit: Unit) -> Result<Source<'a>, ParseError> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let units = pairs.iter().map(|pair| unit(*pair));
    let mut broken = 0_usize;
    let text: String = char::decode_utf16(units)
        .map(|c| {
            c.unwrap_or_else(|_| {
                broken += 1;
                char::REPLACEMENT_CHARACTER
            })
        })
        .collect();
    from_units(&text, broken, !rest.is_empty())
}

/// UTF-32: its mark in little endian begins with that of UTF-16.
fn from_utf32<'a>(bytes: &[u8], unit: fn([u8; 4]) -> u32) -> Result<Source<'a>, ParseError> {
    let (units, rest) = bytes.as_chunks::<4>();
    let chars = units.iter().map(|four| char::from_u32(unit(*four)));
    let broken = chars.clone().filter(Option::is_none).count();
    let text: String = chars.map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
    from_units(&text, broken, !rest.is_empty())
}

/// Text of units of some bytes, of which some were no characters.
fn from_units<'a>(text: &str, broken: usize, cut_off: bool) -> Result<Source<'a>, ParseError> {
    if broken * UNSEEN_SHARE_GUESSED > text.chars().count() {
        return Err(magic::unknown());
    }
    let mut source = seen(text, Cow::Borrowed(&[]), UNSEEN_SHARE)?;
    if broken > 0 {
        source.warnings.push(format!("halves of characters that became \u{fffd}: {broken}"));
    }
    if cut_off {
        source.warnings.push("the file ends in the middle of a character".to_owned());
    }
    source.raw = Cow::Owned(source.text.clone().into_bytes());
    Ok(source)
}

fn from_bytes(bytes: &[u8]) -> Result<Source<'_>, ParseError> {
    let raw = Cow::Borrowed(bytes);
    if let Some(mixed) = mostly_utf8(bytes) {
        let mut source = seen(&mixed.text, raw, UNSEEN_SHARE)?;
        source.warnings.splice(0..0, mixed.warnings());
        return Ok(source);
    }
    let (text, guessed) = guess(bytes);
    let share = if guessed.is_some() { UNSEEN_SHARE_GUESSED } else { UNSEEN_SHARE };
    let mut source = seen(&text, raw, share)?;
    if let Some(name) = guessed {
        source.warnings.insert(
            0,
            format!("line 1: the file is not UTF-8; it was read as {name}, which was guessed from its bytes"),
        );
    }
    Ok(source)
}

/// UTF-8 with a few bytes that are not, and the lines of those.
#[derive(Default)]
struct Mixed {
    text: String,
    /// Read as Windows-1252: words pasted by a program that knows no UTF-8.
    pasted: Vec<u32>,
    /// Became U+FFFD.
    lost: Vec<u32>,
}

/// UTF-8 where a few bytes are broken: another encoding would spoil all the other letters.
fn mostly_utf8(bytes: &[u8]) -> Option<Mixed> {
    if std::str::from_utf8(bytes).is_ok() {
        return None;
    }
    let (mut mixed, mut letters, mut line, mut at) = (Mixed::default(), 0_usize, 1, 0);
    for chunk in bytes.utf8_chunks() {
        mixed.text.push_str(chunk.valid());
        letters += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        line += u32::try_from(chunk.valid().matches('\n').count()).unwrap_or(0);
        at += chunk.valid().len() + chunk.invalid().len();
        // A piece of a longer letter has its other pieces beside it, or was cut off at the end.
        let behind = bytes.get(at).is_some_and(u8::is_ascii);
        let before = chunk.valid().ends_with(|c: char| c.is_ascii()) || (at == 1);
        match chunk.invalid() {
            [] => {}
            [byte] if before && behind => {
                mixed.text.push_str(&WINDOWS_1252.decode_without_bom_handling(&[*byte]).0);
                mixed.pasted.push(line);
            }
            _ => {
                mixed.text.push(char::REPLACEMENT_CHARACTER);
                mixed.lost.push(line);
            }
        }
    }
    let broken = mixed.pasted.len() + mixed.lost.len();
    let cut_off = broken == 1 && mixed.text.ends_with(char::REPLACEMENT_CHARACTER) && letters > 0;
    (letters >= broken * LETTERS_PER_BROKEN || cut_off).then_some(mixed)
}

impl Mixed {
    fn warnings(&self) -> Vec<String> {
        let warn = |what: &str, lines: &[u32]| {
            (!lines.is_empty()).then(|| format!("bytes that are not UTF-8 {what} ({})", invisible::listed(lines)))
        };
        let pasted = warn("were read as Windows-1252", &self.pasted);
        pasted.into_iter().chain(warn("became \u{fffd}", &self.lost)).collect()
    }
}

/// The text with `\n` as line end and without what nobody sees; no text where that is much of it.
fn seen<'a>(text: &str, raw: Cow<'a, [u8]>, share: usize) -> Result<Source<'a>, ParseError> {
    // A copy that broke off is filled up with NUL to the size that it should have had.
    let filled = text.len() - text.trim_end_matches('\0').len();
    let all = text.chars().count();
    let mut removed = Removed::default();
    let text = removed.take_out(unix_lines(text), 1);
    let unseen = removed.foreign().saturating_sub(filled);
    if unseen * share > all.saturating_sub(filled) {
        return Err(magic::unknown());
    }
    Ok(Source { text, raw, warnings: removed.warnings() })
}

fn unix_lines(text: &str) -> String {
    if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text.to_owned() }
}
