//! The table of ordinary English is what the training deals say, and nothing else.

use std::fs;
use std::path::Path;

use baton::dna::english;
use baton::domain::transcript::SourceKind;
use baton::transcript::parse;

/// The texts of one labelled deal, contracts apart.
fn texts(folder: &Path) -> Vec<String> {
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let mut texts = Vec::new();
    for path in paths {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name.starts_with("gold") {
            continue;
        }
        let Ok(transcript) = parse(&name, &fs::read(&path).unwrap()) else { continue };
        if !matches!(transcript.kind, SourceKind::Contract | SourceKind::CrmRecord) {
            texts.extend(transcript.turns.into_iter().map(|turn| turn.text));
        }
    }
    texts
}

#[test]
fn the_table_of_ordinary_english_is_made_from_the_training_deals() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let deals = fs::read_dir(root.join("fixtures/bench/train")).unwrap().map(|entry| texts(&entry.unwrap().path()));
    let made = english::table(&deals.collect::<Vec<_>>());
    let kept = fs::read_to_string(root.join("src/dna/english.txt")).unwrap();
    if made != kept {
        let path = root.join("target/english.txt");
        fs::write(&path, &made).unwrap();
        panic!("src/dna/english.txt is out of date; copy {} over it", path.display());
    }
}
