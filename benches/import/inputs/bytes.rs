//! Changes that need to know nothing of the format: flips, cuts, repeats, splices, words of the formats, shuffled lines.

use std::ops::Range;

use rand::Rng as _;
use rand::rngs::SmallRng;
use rand::seq::{IndexedMutRandom as _, IndexedRandom as _, SliceRandom as _};

use super::LARGEST;

/// What stands where a number stood.
const NUMBERS: &[&str] = &[
    "0",
    "-1",
    "-0.0",
    "1e308",
    "-1e308",
    "1e-9",
    "NaN",
    "null",
    "99999999999999999999",
    "9223372036854775807",
    "-9223372036854775808",
    "4294967296",
    "1730000000",
    "1730000000000",
    "0.0005",
    "00",
    "99",
    "60",
    "24",
];
/// Bytes that turn up in every format.
const COMMON: &[&str] = &[
    "\u{feff}",
    "\0",
    "\r",
    "\r\n",
    "\n\n",
    "\t",
    "\u{a0}",
    "\u{202e}",
    "\u{200b}",
    "\u{2028}",
    "\"",
    "'",
    "\\",
    "\\ud800",
    "&amp;",
    "&#0;",
    "&#x110000;",
    "<",
    ">",
    "](",
    "```",
    "ß",
    "😀",
    "\u{301}",
    "-->",
    ": ",
    "; ",
    " - ",
    "::",
    "00:00:01",
    "1:02:03.456",
    "12:00 PM",
    "2026-03-02T10:00:00Z",
    "Dana Ruiz",
    "[Music]",
];

/// A source of chance, and what it takes its pieces from.
pub(super) struct Change<'a> {
    pub(super) rng: &'a mut SmallRng,
    /// Another file, for splices.
    pub(super) donor: &'a [u8],
    /// Words of the formats at hand.
    pub(super) words: &'static [&'static str],
}

impl Change<'_> {
    /// One to six changes, and now and then a repeat that makes a large file of a small one.
    pub(super) fn several(&mut self, bytes: &mut Vec<u8>) {
        for _ in 0..self.rng.random_range(1..=6) {
            self.once(bytes);
        }
        if self.rng.random_ratio(1, 48) {
            self.grow(bytes);
        }
        bytes.truncate(LARGEST);
    }

    /// Pieces of two or three files one after the other, or bytes without any sense.
    pub(super) fn of_several(&mut self, file: &[u8]) -> Vec<u8> {
        if self.rng.random_ratio(1, 10) {
            let length = self.rng.random_range(1..600);
            let mut noise = vec![0; length];
            self.rng.fill(noise.as_mut_slice());
            return noise;
        }
        let mut bytes = Vec::new();
        for from in [file, self.donor, file].into_iter().take(self.rng.random_range(2..=3)) {
            let range = self.range(from, from.len());
            bytes.extend_from_slice(&from[range]);
        }
        if self.rng.random_bool(0.5) {
            self.once(&mut bytes);
        }
        if self.rng.random_ratio(1, 8) { self.as_utf16(&bytes) } else { bytes }
    }

    fn once(&mut self, bytes: &mut Vec<u8>) {
        match self.rng.random_range(0..14) {
            0 => self.flip(bytes),
            1 => drop(bytes.drain(self.range(bytes, 64))),
            2 => drop(bytes.drain(self.range(bytes, 4096))),
            3 => bytes.truncate(self.place(bytes)),
            4 => self.repeat(bytes, 16),
            5 => self.splice(bytes),
            6..=8 => self.insert_word(bytes),
            9 => self.over_number(bytes),
            10 => self.lines(bytes),
            11 => self.line_ends(bytes),
            12 => self.replace_word(bytes),
            _ => self.noise(bytes),
        }
    }

    pub(super) fn word(&mut self) -> &'static str {
        let list = if self.rng.random_bool(0.7) { self.words } else { COMMON };
        list.choose(self.rng).copied().unwrap_or("x")
    }

    pub(super) fn number(&mut self) -> &'static str {
        NUMBERS.choose(self.rng).copied().unwrap_or("0")
    }

    /// Anywhere, the end included.
    fn place(&mut self, bytes: &[u8]) -> usize {
        self.rng.random_range(0..=bytes.len())
    }

    /// A piece of at most so many bytes.
    fn range(&mut self, bytes: &[u8], longest: usize) -> Range<usize> {
        let start = self.place(bytes);
        let most = longest.min(bytes.len() - start);
        start..start + self.rng.random_range(0..=most)
    }

    fn flip(&mut self, bytes: &mut [u8]) {
        for _ in 0..self.rng.random_range(1..=4) {
            let bit = 1_u8 << self.rng.random_range(0..8);
            if let Some(byte) = bytes.choose_mut(self.rng) {
                *byte ^= bit;
            }
        }
    }

    fn noise(&mut self, bytes: &mut [u8]) {
        let range = self.range(bytes, 8);
        self.rng.fill(&mut bytes[range]);
    }

    fn repeat(&mut self, bytes: &mut Vec<u8>, most: usize) {
        let range = self.range(bytes, 400);
        let times = self.rng.random_range(1..=most).min(LARGEST / (range.len() + 1));
        let piece = bytes[range.clone()].repeat(times);
        bytes.splice(range.end..range.end, piece);
    }

    /// A piece, of the file or of the dictionary, so often that what is not linear shows.
    fn grow(&mut self, bytes: &mut Vec<u8>) {
        let size = 1 << self.rng.random_range(14..=20);
        let longest = if self.rng.random_bool(0.5) { 12 } else { 1000 };
        let range = self.range(bytes, longest);
        let piece =
            if self.rng.random_bool(0.5) { self.word().as_bytes().to_vec() } else { bytes[range.clone()].to_vec() };
        if !piece.is_empty() {
            bytes.splice(range.end..range.end, piece.repeat(size / piece.len()));
        }
    }

    fn splice(&mut self, bytes: &mut Vec<u8>) {
        let (to, from) = (self.range(bytes, 2000), self.range(self.donor, 4000));
        bytes.splice(to, self.donor[from].iter().copied());
    }

    fn insert_word(&mut self, bytes: &mut Vec<u8>) {
        let times = if self.rng.random_ratio(1, 6) { self.rng.random_range(1..200) } else { 1 };
        let (at, word) = (self.place(bytes), self.word());
        bytes.splice(at..at, word.as_bytes().repeat(times));
    }

    /// A word of the dictionary in the place of a word of the file.
    fn replace_word(&mut self, bytes: &mut Vec<u8>) {
        let at = self.place(bytes);
        let length = bytes[at..].iter().take(40).take_while(|byte| !byte.is_ascii_whitespace()).count();
        bytes.splice(at..at + length, self.word().bytes());
    }

    fn over_number(&mut self, bytes: &mut Vec<u8>) {
        let at = self.place(bytes);
        let Some(start) = bytes[at..].iter().position(u8::is_ascii_digit).map(|found| at + found) else { return };
        let length = bytes[start..].iter().take(20).take_while(|byte| byte.is_ascii_digit()).count();
        bytes.splice(start..start + length, self.number().bytes());
    }

    fn lines(&mut self, bytes: &mut Vec<u8>) {
        let mut lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
        match self.rng.random_range(0..4) {
            0 => lines.shuffle(self.rng),
            1 => lines.retain(|_| self.rng.random_bool(0.8)),
            2 => lines.reverse(),
            _ => {
                let (one, other) = (self.rng.random_range(0..=lines.len()), self.rng.random_range(0..=lines.len()));
                lines[one.min(other)..one.max(other)].shuffle(self.rng);
            }
        }
        *bytes = lines.concat();
    }

    fn line_ends(&mut self, bytes: &mut Vec<u8>) {
        let end = *["\r", "\r\n", "\n\n", " ", "", "\u{2028}"].choose(self.rng).unwrap_or(&"\n");
        let share = if self.rng.random_bool(0.5) { 1.0 } else { 0.1 };
        let of = |byte: &u8| match byte {
            b'\n' if self.rng.random_bool(share) => end.bytes().collect::<Vec<u8>>(),
            other => vec![*other],
        };
        *bytes = bytes.iter().flat_map(of).collect();
    }

    fn as_utf16(&mut self, bytes: &[u8]) -> Vec<u8> {
        let (little, marked) = (self.rng.random_bool(0.5), self.rng.random_bool(0.7));
        let text = String::from_utf8_lossy(bytes);
        let units = marked.then_some(0xfeff).into_iter().chain(text.encode_utf16());
        units.flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() }).collect()
    }
}
