//! `baton parse`: files to `baton.transcript/1`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;

use super::files::{self, InputFile};
use super::{Answer, note, print, print_json};
use crate::config::ImportSettings;
use crate::domain::transcript::{Dropped, Participant, Precision, Transcript};
use crate::transcript::{Limits, parse_within};

/// Arguments of `baton parse`.
#[derive(Debug, Args)]
pub(super) struct ParseArgs {
    /// Files, or folders of files
    #[arg(required = true, value_name = "FILE")]
    paths: Vec<PathBuf>,
    /// Print one `baton.transcript/1` document per line
    #[arg(long)]
    json: bool,
    /// Print for people what was read, repaired and left out: what is printed without --json; beside it, on stderr
    #[arg(long)]
    report: bool,
    #[command(flatten)]
    import: ImportSettings,
}

pub(super) fn run(args: &ParseArgs) -> anyhow::Result<Answer> {
    let mut answer = Answer::Yes;
    for file in files::collect(&args.paths)? {
        let transcript = match read(&file, &args.import.limits()) {
            Ok(transcript) => transcript,
            Err(error) if file.named => {
                note(&format!("error: `{}`: {error:#}", file.name));
                answer = Answer::Failed;
                continue;
            }
            Err(error) => {
                note(&format!("left out `{}`: {error:#}", file.name));
                continue;
            }
        };
        match (args.json, args.report) {
            (true, reported) => {
                print_json(&transcript, false)?;
                if reported {
                    note(&report(&file.name, &transcript));
                }
            }
            (false, _) => print(&report(&file.name, &transcript))?,
        }
    }
    Ok(answer)
}

fn read(file: &InputFile, limits: &Limits) -> anyhow::Result<Transcript> {
    let bytes = std::fs::read(&file.path).with_context(|| format!("cannot read `{}`", file.path.display()))?;
    Ok(parse_within(&file.name, &bytes, limits)?)
}

/// What was read of a file, for people.
fn report(name: &str, transcript: &Transcript) -> String {
    let (read, format) = (&transcript.report, transcript.format.title());
    let kind = transcript.kind.as_str().replace('_', " ");
    let mut lines = vec![format!("{name}: {kind} as {format}, {} turns from {} cues", read.turns, read.cues)];
    lines.extend(transcript.title.as_ref().map(|title| format!("  title: {title}")));
    lines.extend(transcript.started_at.map(|at| format!("  from: {at}")));
    lines.push(format!("  times: {}", times(transcript)));
    lines.extend(transcript.participants.iter().map(|person| format!("  {}", told(person))));
    lines.extend(read.warnings.iter().map(|warning| format!("  warning: {warning}")));
    lines.extend(left_out(&read.dropped).into_iter().map(|dropped| format!("  in no turn: {dropped}")));
    lines.join("\n")
}

/// How exact the times are, and how long the recording is.
fn times(transcript: &Transcript) -> String {
    let precision = transcript.turns.iter().map(|turn| turn.precision).find(|precision| *precision != Precision::None);
    let length = transcript.duration_ms.map(|ms| {
        let seconds = ms / 1000;
        format!(", {}:{:02}:{:02} long", seconds / 3600, seconds / 60 % 60, seconds % 60)
    });
    let exact = match precision {
        None => return "none".to_owned(),
        Some(Precision::Word) => "to the word",
        Some(Precision::Sentence) => "to the sentence",
        Some(Precision::Cue) => "to the cue",
        Some(Precision::Block | Precision::None) => "to a block of several minutes",
    };
    format!("{exact}{}", length.unwrap_or_default())
}

/// `Ruiz, Dana [EXT] = Dana Ruiz <dana@…>, customer (the meeting tool marks the person as a guest)`.
fn told(person: &Participant) -> String {
    let name = person.name.as_ref().filter(|name| **name != person.label).map(|name| format!(" = {name}"));
    let email = person.email.as_ref().filter(|email| **email != person.label).map(|email| format!(" <{email}>"));
    let reason = person.side_reason.as_ref().map(|reason| format!(" ({reason})"));
    let [name, email, reason] = [name, email, reason].map(Option::unwrap_or_default);
    format!("{}{name}{email}, {}{reason}", person.label, person.side.as_str())
}

/// Lines shown of one reason.
const LINES_SHOWN: usize = 12;

/// What is in no turn, reason by reason.
fn left_out(dropped: &[Dropped]) -> Vec<String> {
    let mut by_reason: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
    for piece in dropped {
        by_reason.entry(&piece.reason).or_default().push(piece.line);
    }
    let told = |(reason, lines): (&str, Vec<u32>)| {
        let shown: Vec<String> = lines.iter().take(LINES_SHOWN).map(u32::to_string).collect();
        let more = lines.len().saturating_sub(LINES_SHOWN);
        let more = if more == 0 { String::new() } else { format!(" and {more} more") };
        let word = if lines.len() == 1 { "line" } else { "lines" };
        format!("{word} {}{more}: {reason}", shown.join(", "))
    };
    by_reason.into_iter().map(told).collect()
}
