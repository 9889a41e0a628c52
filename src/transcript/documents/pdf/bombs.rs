//! Streams that unpack to too much, told before any of them is unpacked for good: the library that reads PDFs unpacks a
//! stream whole, and a megabyte can ask for a gigabyte.
//!
//! Every stream is unpacked once here and only counted. Pictures are passed over, because nobody unpacks them afterwards.

use std::io::Read;

use flate2::read::ZlibDecoder;

use super::super::super::error::ParseError;

/// How far before `stream` its dictionary may begin.
const DICTIONARY_BYTES: usize = 4 << 10;
/// An object that is this deep, and holds the beginnings of as many others, has never been closed, and nobody writes so many
/// whose dictionaries go on behind their ends: who looks for the objects of a broken file reads each of them to its end.
const MOST_OPEN: usize = 64;
/// No object is so deep.
const DEEPEST: usize = 5_000;
/// What a byte can become at most when it is unpacked: 1032 is the bound of deflate.
const LARGEST_RATIO: u64 = 1032;

/// Refuses a PDF whose streams unpack to more than `limit` bytes together.
pub(super) fn check(bytes: &[u8], limit: u64) -> Result<(), ParseError> {
    let is_encrypted = find(bytes, b"/Encrypt").is_some();
    let mut left = limit;
    let (mut at, mut left_open) = (0, 0);
    while let Some(found) = bytes.get(at..).and_then(find_stream) {
        let start = at + found;
        left_open = check_open(bytes.get(at..start).unwrap_or_default(), left_open)?;
        at = start + b"stream".len();
        let before = bytes.get(start.saturating_sub(DICTIONARY_BYTES)..start).unwrap_or_default();
        let dictionary = rfind(before, b" obj").and_then(|from| before.get(from..)).unwrap_or(before);
        let data = bytes.get(at..).unwrap_or_default();
        let length = find(data, b"endstream").unwrap_or(data.len());
        let unpacked = Stream { dictionary, data, length, is_encrypted }.unpacked(left)?;
        left = left
            .checked_sub(unpacked)
            .ok_or_else(|| ParseError::over("unpacked bytes", limit.saturating_add(1), limit))?;
        at += length;
    }
    check_open(bytes.get(at..).unwrap_or_default(), left_open)?;
    Ok(())
}

/// Where the next stream begins (ISO 32000, 7.3.8): the word alone, behind its dictionary and before the end of a line. Fonts are
/// called `Bitstream`, too.
fn find_stream(bytes: &[u8]) -> Option<usize> {
    let is_alone = |at: &usize| {
        let before = bytes.get(..*at).and_then(<[u8]>::last).is_none_or(|byte| b" \t\r\n\x0c\0>".contains(byte));
        before && bytes.get(at + b"stream".len()).is_none_or(|byte| b" \t\r\n".contains(byte))
    };
    memchr::memmem::find_iter(bytes, b"stream").find(is_alone)
}

/// Refuses objects in objects that are never closed, and many that go on behind their ends; gives how many have so far.
fn check_open(mut objects: &[u8], mut left_open: usize) -> Result<usize, ParseError> {
    while !objects.is_empty() {
        let end = find(objects, b"endobj").unwrap_or(objects.len());
        let (object, rest) = objects.split_at(end);
        let nesting = Nesting::of(object);
        left_open += usize::from(nesting.is_open);
        let holds_others = nesting.deepest > MOST_OPEN && count(object, b" obj") > MOST_OPEN;
        if holds_others || left_open > MOST_OPEN || nesting.deepest > DEEPEST {
            return Err(ParseError::Unsafe { what: "objects in objects that never end".to_owned() });
        }
        objects = rest.get(b"endobj".len()..).unwrap_or_default();
    }
    Ok(left_open)
}

/// Dictionaries, lists and texts inside of each other.
struct Nesting {
    /// Counted in texts too: where a text begins is seen in another way once the file is taken for broken.
    deepest: usize,
    /// Whether one goes on at the end.
    is_open: bool,
}

impl Nesting {
    fn of(object: &[u8]) -> Self {
        let (mut open, mut text, mut depth, mut deepest) = (0_usize, 0_usize, 0_usize, 0);
        let mut bytes = object.iter();
        while let Some(byte) = bytes.next() {
            match byte {
                b'(' => text += 1,
                b')' => text = text.saturating_sub(1),
                b'\\' if text > 0 => drop(bytes.next()),
                b'<' | b'[' => {
                    depth += 1;
                    open += usize::from(text == 0);
                }
                b'>' | b']' => {
                    depth = depth.saturating_sub(1);
                    open = open.saturating_sub(usize::from(text == 0));
                }
                _ => {}
            }
            deepest = deepest.max(depth + text);
        }
        Self { deepest, is_open: open + text > 0 }
    }
}

struct Stream<'a> {
    dictionary: &'a [u8],
    /// From its first byte to the end of the file.
    data: &'a [u8],
    /// Bytes up to the next `endstream`; the word may also stand in what is packed, which ends where it says so itself.
    length: usize,
    is_encrypted: bool,
}

impl Stream<'_> {
    /// How many bytes it unpacks to, counted no further than just over the limit. Bytes that are read behind `endstream` count too:
    /// a file that has them read again for each of its streams must come to an end.
    fn unpacked(&self, limit: u64) -> Result<u64, ParseError> {
        let has = |name: &[u8]| find(self.dictionary, name).is_some();
        if has(b"/Image") || !(has(b"/FlateDecode") || has(b"/Fl ") || has(b"/Fl]") || has(b"/LZW")) {
            return Ok(0);
        }
        if count(self.dictionary, b"/FlateDecode") > 1 {
            return Err(ParseError::Unsafe { what: "a stream that is packed more than once".to_owned() });
        }
        let most = (self.length as u64).saturating_mul(LARGEST_RATIO);
        if has(b"/LZW") || has(b"/ASCIIHex") || self.is_encrypted {
            // It cannot be told without its key; what is small in any case is let through.
            let is_listed = has(b"/ObjStm") || has(b"/XRef");
            return if most > limit && (is_listed || !self.is_encrypted) { Ok(limit.saturating_add(1)) } else { Ok(0) };
        }
        let data = self.data.trim_ascii_start();
        let (unpacked, read) = if has(b"/ASCII85Decode") {
            let text = data.get(..find(data, b"~").unwrap_or(data.len())).unwrap_or_default();
            (inflated(&ascii85(text), limit).0, text.len() as u64)
        } else {
            inflated(data, limit)
        };
        Ok(unpacked.saturating_add(if read > self.length as u64 { read } else { 0 }))
    }
}

/// Counts what the bytes inflate to, and how many of them are read for it; damage ends the count.
fn inflated(packed: &[u8], limit: u64) -> (u64, u64) {
    let mut decoder = ZlibDecoder::new(packed);
    let mut buffer = [0_u8; 8 << 10];
    let mut sum = 0_u64;
    while sum <= limit && decoder.total_in() <= limit {
        match decoder.read(&mut buffer) {
            Ok(count) if count > 0 => sum = sum.saturating_add(count as u64),
            _ => break,
        }
    }
    (sum, decoder.total_in())
}

/// Bytes written as ASCII85 (ISO 32000, 7.4.3).
fn ascii85(text: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len() / 5 * 4);
    let (mut group, mut digits) = (0_u32, 0_usize);
    for byte in text.iter().copied() {
        match byte {
            b'z' if digits == 0 => bytes.extend([0; 4]),
            b'!'..=b'u' => {
                group = group.wrapping_mul(85).wrapping_add(u32::from(byte - b'!'));
                digits += 1;
                if digits == 5 {
                    bytes.extend(group.to_be_bytes());
                    (group, digits) = (0, 0);
                }
            }
            b'~' => break,
            _ => {}
        }
    }
    for _ in digits..5 {
        group = group.wrapping_mul(85).wrapping_add(84);
    }
    bytes.extend(group.to_be_bytes().iter().take(digits.saturating_sub(1)));
    bytes
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    memchr::memmem::find(bytes, what)
}

fn rfind(bytes: &[u8], what: &[u8]) -> Option<usize> {
    memchr::memmem::rfind(bytes, what)
}

fn count(bytes: &[u8], what: &[u8]) -> usize {
    memchr::memmem::find_iter(bytes, what).count()
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::ZlibEncoder;

    use super::*;

    #[test]
    fn what_a_stream_unpacks_to_is_counted_before_it_is_unpacked() {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(&vec![b' '; 1 << 20]).unwrap();
        let packed = encoder.finish().unwrap();
        let file = |dictionary: &str| {
            let head = format!("1 0 obj <<{dictionary}>> stream\n");
            [head.as_bytes(), &packed, b"\nendstream endobj"].concat()
        };
        let content = file("/Filter /FlateDecode");
        assert!(check(&content, 1 << 20).is_ok());
        assert!(matches!(check(&content, (1 << 20) - 1), Err(ParseError::OverLimit { .. })));
        for blank in *b"\t\n\x0c\r\0" {
            let mut content = content.clone();
            let at = find(&content, b" stream").unwrap();
            content[at] = blank;
            assert!(matches!(check(&content, (1 << 20) - 1), Err(ParseError::OverLimit { .. })), "{blank}");
        }
        assert!(check(&file("/Subtype /Image /Filter /FlateDecode"), 1).is_ok());
        assert!(matches!(check(&file("/Filter [/FlateDecode /FlateDecode]"), 1 << 20), Err(ParseError::Unsafe { .. })));
    }

    #[test]
    fn a_packed_endstream_hides_nothing() {
        let pack = |level, words: &[u8]| {
            let mut encoder = ZlibEncoder::new(Vec::new(), level);
            encoder.write_all(words).unwrap();
            encoder.finish().unwrap()
        };
        let file = |filter: &str, packed: &[u8]| {
            let head = format!("1 0 obj <</Filter {filter}>> stream\n");
            [head.as_bytes(), packed, b"\nendstream endobj"].concat()
        };
        let words = [b"endstream".as_slice(), &[b' '; 4 << 10]].concat();
        let stored = file("/FlateDecode", &pack(Compression::none(), &words));
        assert!(check(&stored, 16 << 10).is_ok());
        assert!(matches!(check(&stored, 2 << 10), Err(ParseError::OverLimit { .. })), "as it is stored");
        let text = file("[/ASCII85Decode /FlateDecode]", b"endstream~>");
        assert!(check(&text, 1 << 10).is_ok(), "a text of nothing");
    }

    #[test]
    fn streams_that_go_on_through_all_others_come_to_an_end() {
        // Deflate's stored blocks: empty ones, and one that holds the beginning of the next stream.
        let empty = b"\0\0\0\xff\xff".repeat(200);
        let next = b"\nendstream endobj\n1 0 obj <</Filter /FlateDecode>> stream\n\x78\x01";
        let length = u16::try_from(next.len()).unwrap();
        let block = [b"\0".as_slice(), &length.to_le_bytes(), &(!length).to_le_bytes(), next, &empty].concat();
        let file = [next.as_slice(), &block.repeat(100)].concat();
        assert!(file.len() < 200 << 10);
        assert!(matches!(check(&file, 1 << 20), Err(ParseError::OverLimit { .. })));
    }

    #[test]
    fn objects_that_are_never_closed_are_refused() {
        for open in ["<<", "[", "<</A ", "("] {
            let file = format!("%PDF-1.4\n{}", format!("6 0 obj\n{open}\n").repeat(200));
            assert!(matches!(check(file.as_bytes(), 1 << 20), Err(ParseError::Unsafe { .. })), "{open}");
        }
        let cut = "6 0 obj\n<</Author (\\)Dana>>\nendobj\n".repeat(200);
        assert!(matches!(check(cut.as_bytes(), 1 << 20), Err(ParseError::Unsafe { .. })));
        assert!(check(cut.replace("Dana", "Dana)").as_bytes(), 1 << 20).is_ok());
        let cut = "3 0 obj\n<</Cont\n<</F1 2 0 R>>\nendobj\n".repeat(200);
        assert!(matches!(check(cut.as_bytes(), 1 << 20), Err(ParseError::Unsafe { .. })));
        let named = format!("1 0 obj<</FontName/BitstreamVera>>endobj\n{cut}");
        assert!(matches!(check(named.as_bytes(), 1 << 20), Err(ParseError::Unsafe { .. })), "no stream");
        let cut =
            "3 0 obj\n<</Cont\n<</F1 2 0 R>>\nendobj\n4 0 obj<</Length 1>>stream\nx\nendstream endobj\n".repeat(200);
        assert!(matches!(check(cut.as_bytes(), 1 << 20), Err(ParseError::Unsafe { .. })));
        let deep = format!("1 0 obj\n(a{}", "<</\n".repeat(5_000));
        assert!(matches!(check(deep.as_bytes(), 1 << 20), Err(ParseError::Unsafe { .. })));
        assert!(
            check("6 0 obj\n<</K [1 0 R]>>\n".repeat(200).as_bytes(), 1 << 20).is_ok(),
            "only the ends are missing"
        );
    }

    #[test]
    fn ascii85_is_read() {
        assert_eq!(ascii85(b"87cURD]i,\"Ebo80~>"), b"Hello World!");
        assert_eq!(ascii85(b"z87cUR~>"), b"\0\0\0\0Hell");
    }
}
