//! A call of an hour, made from the sample deals: the same bytes every time.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context as _, bail};
use baton::domain::transcript::SourceKind;
use baton::transcript::parse;

/// What people say in an hour of a lively call.
pub(crate) const WORDS: usize = 9_500;
const HOUR_MS: usize = 60 * 60 * 1000;
/// Words in a caption of a meeting tool.
const CUE_WORDS: usize = 16;

/// The calls of the sample deals one after the other, as captions in Zoom's form, until the hour is full.
pub(crate) fn hour_long_call() -> anyhow::Result<Vec<u8>> {
    let mut vtt = "WEBVTT\n".to_owned();
    let (mut cue, mut said) = (0, 0);
    for deal in ["harbor-cold-chain", "brightwater-foundry", "lindenhof-clinics"] {
        for (speaker, words) in turns_of(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/deals").join(deal))? {
            for line in words.chunks(CUE_WORDS) {
                if said >= WORDS {
                    return Ok(vtt.into_bytes());
                }
                let (start, end) = (clock_time(said), clock_time(said + line.len()));
                (cue, said) = (cue + 1, said + line.len());
                let line = line.join(" ").replace('&', "&amp;").replace('<', "&lt;");
                write!(vtt, "\n{cue}\n{start} --> {end}\n{speaker}: {line}\n")?;
            }
        }
    }
    bail!("the sample deals hold {said} words of calls, and the hour-long call needs {WORDS}")
}

/// Who says which words in the calls of a deal, in the order of the files' names.
fn turns_of(deal: &Path) -> anyhow::Result<Vec<(String, Vec<String>)>> {
    let entries = std::fs::read_dir(deal).with_context(|| format!("cannot read `{}`", deal.display()))?;
    let mut files = entries.map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<_>>>()?;
    files.retain(|file| !file.ends_with("gold.json"));
    files.sort();
    let mut turns = Vec::new();
    for file in files {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let transcript = parse(&name, &std::fs::read(&file)?).with_context(|| format!("cannot parse `{name}`"))?;
        if transcript.kind == SourceKind::CallTranscript {
            turns.extend(transcript.turns.iter().filter_map(|turn| {
                let words = turn.text.split_whitespace().map(str::to_owned).collect();
                Some((transcript.speaker_name(turn)?.to_owned(), words))
            }));
        }
    }
    Ok(turns)
}

/// When a word is said, where all words take the same time.
fn clock_time(word: usize) -> String {
    let ms = word * HOUR_MS / WORDS;
    format!("{:02}:{:02}:{:02}.{:03}", ms / 3_600_000, ms / 60_000 % 60, ms / 1000 % 60, ms % 1000)
}
