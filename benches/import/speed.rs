//! How fast honest files are read.

use super::files;
use super::measure::{MB, median, reading};

const RUNS: usize = 5;
const LARGE: usize = 10_000_000;
const MAILBOX: usize = 2_000_000;
/// Ten megabytes of `WebVTT` take less.
const MAX_MS: f64 = 1_000.0;

/// Reads a large file of each kind, prints the times, and says whether the bar is met.
pub(crate) fn measure() -> anyhow::Result<bool> {
    let barred =
        [("call.vtt", "WebVTT of Teams", files::teams(LARGE)), ("call.vtt", "WebVTT of Zoom", files::zoom(LARGE))];
    let free = [
        ("call.srt", "SRT", files::srt(LARGE).into_bytes()),
        ("call.txt", "`Name: words`", files::lines(LARGE).into_bytes()),
        ("call.json", "JSON of Gong", files::gong(LARGE).into_bytes()),
        ("call.json", "words of Deepgram", files::deepgram(LARGE).into_bytes()),
        ("mails.mbox", "mailbox", files::mbox(MAILBOX).into_bytes()),
        ("notes.docx", "Word, 2,000 paragraphs", files::docx(2_000)?),
        ("notes.pdf", "PDF, 30 pages", files::pdf(30).into_bytes()),
    ];
    println!("\n{:<24}{:>8}{:>10}{:>10}{:>10}{:>10}", "speed", "MB", "ms", "MB/s", "x input", "turns");
    let mut slowest: f64 = 0.0;
    for (name, what, file) in barred {
        slowest = slowest.max(row(name, what, file.as_bytes())?);
    }
    for (name, what, file) in free {
        row(name, what, &file)?;
    }
    let met = slowest < MAX_MS;
    let word = if met { "met" } else { "MISSED" };
    println!("bar {word}: 10 MB of WebVTT in {slowest:.0} ms, limit {MAX_MS} ms, ratio {:.2}", slowest / MAX_MS);
    Ok(met)
}

/// Reads the file some times, prints the line, and gives the time in the middle.
fn row(name: &str, what: &str, file: &[u8]) -> anyhow::Result<f64> {
    let (mut times, mut bytes, mut turns) = (Vec::new(), 0.0, 0);
    for _ in 0..RUNS {
        let (cost, read) = reading(name, file);
        times.push(cost.ms);
        (bytes, turns) = (cost.bytes, read?.turns.len());
    }
    let (ms, size) = (median(times), file.len() as f64);
    println!(
        "{what:<24}{:>8.2}{ms:>10.1}{:>10.1}{:>10.1}{turns:>10}",
        size / MB,
        size / MB / (ms / 1000.0),
        bytes / size
    );
    Ok(ms)
}
