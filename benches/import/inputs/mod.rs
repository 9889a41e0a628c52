//! Inputs nobody wrote: the fixture files of a family of readers, changed by chance, the same for the same seed. The bench
//! `import` runs them by the million, and the tests a few thousand.

mod bytes;
mod check;
mod family;
mod packed;
mod tree;

use std::path::Path;

use rand::rngs::SmallRng;
use rand::seq::IndexedRandom as _;
use rand::{Rng as _, SeedableRng as _};

pub(crate) use self::check::trial;
pub(crate) use self::family::{FAMILIES, Family};

/// No input is larger, before it is packed.
const LARGEST: usize = 1 << 20;
/// Names that change what a text is taken for.
const NAMES: [&str; 5] = ["x", "notes.md", "order-form.md", "call.txt", "contract.pdf"];

/// A file as somebody might upload it.
#[derive(Debug, Clone)]
pub(crate) struct Input {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
    /// Its size, unpacked where it is a zip.
    pub(crate) size: usize,
}

/// The fixture files.
pub(crate) struct Corpus {
    files: Vec<Seed>,
}

/// A fixture file: what inputs are made from.
struct Seed {
    name: String,
    bytes: Vec<u8>,
    family: &'static str,
}

impl Corpus {
    /// Every file of a folder, expectations aside, in the order of the names.
    pub(crate) fn of_folder(folder: &Path) -> std::io::Result<Self> {
        let mut files = Vec::new();
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if !name.ends_with(".expected.json") {
                let bytes = std::fs::read(&path)?;
                files.push(Seed { family: family::of(&name, &bytes), name, bytes });
            }
        }
        files.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(Self { files })
    }

    /// The input with this seed.
    pub(crate) fn input(&self, family: &Family, seed: u64) -> Input {
        let mut rng = SmallRng::seed_from_u64(seed);
        let own: Vec<&Seed> = self.files.iter().filter(|file| family.takes(file.family)).collect();
        let (Some(file), Some(relative)) = (own.choose(&mut rng), own.choose(&mut rng)) else {
            return Input { name: String::new(), bytes: Vec::new(), size: 0 };
        };
        let stranger = self.files.choose(&mut rng).unwrap_or(file);
        let donor = if rng.random_bool(0.8) { relative } else { stranger };
        let mut change = bytes::Change { rng: &mut rng, donor: &donor.bytes, words: family.words };
        let (bytes, size) = changed(&mut change, &file.bytes, family.is_spliced());
        let name = if rng.random_bool(0.7) { &file.name } else { *NAMES.choose(&mut rng).unwrap_or(&"x") };
        Input { name: name.to_owned(), bytes, size }
    }
}

/// The file changed where its form allows it: inside the parts of a zip, in the tree of a JSON, or anywhere.
fn changed(change: &mut bytes::Change<'_>, file: &[u8], is_spliced: bool) -> (Vec<u8>, usize) {
    if is_spliced && change.rng.random_bool(0.5) {
        return sized(change.of_several(file));
    }
    if file.starts_with(b"PK")
        && change.rng.random_bool(0.8)
        && let Some(packed) = packed::changed(change, file)
    {
        return packed;
    }
    if file.len() < LARGEST / 16
        && change.rng.random_bool(0.5)
        && let Some(text) = tree::changed(change, file)
    {
        return sized(text);
    }
    let mut bytes = file.to_vec();
    change.several(&mut bytes);
    sized(bytes)
}

fn sized(bytes: Vec<u8>) -> (Vec<u8>, usize) {
    let size = bytes.len();
    (bytes, size)
}
