//! `baton parse`: files to `baton.transcript/1`.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;

use super::{Answer, files, note, print, print_json};
use crate::domain::transcript::Transcript;
use crate::transcript::parse;

/// Arguments of `baton parse`.
#[derive(Debug, Args)]
pub(super) struct ParseArgs {
    /// Files, or folders of files
    #[arg(required = true, value_name = "FILE")]
    paths: Vec<PathBuf>,
    /// Print one `baton.transcript/1` document per line
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &ParseArgs) -> anyhow::Result<Answer> {
    for file in files::collect(&args.paths)? {
        let bytes = std::fs::read(&file.path).with_context(|| format!("cannot read `{}`", file.path.display()))?;
        let transcript = match parse(&file.name, &bytes) {
            Ok(transcript) => transcript,
            Err(error) if file.named => anyhow::bail!("`{}`: {error}", file.name),
            Err(error) => {
                note(&format!("left out `{}`: {error}", file.name));
                continue;
            }
        };
        if args.json {
            print_json(&transcript, false)?;
        } else {
            print(&summary(&file.name, &transcript))?;
        }
    }
    Ok(Answer::Yes)
}

fn summary(name: &str, transcript: &Transcript) -> String {
    let word = |value: serde_json::Value| value.as_str().map(|w| w.replace('_', " ")).unwrap_or_default();
    let mut lines = vec![format!(
        "{name}: {} as {}, {} turns from {} cues",
        word(serde_json::to_value(transcript.kind).unwrap_or_default()),
        word(serde_json::to_value(transcript.format).unwrap_or_default()),
        transcript.report.turns,
        transcript.report.cues,
    )];
    for participant in &transcript.participants {
        lines.push(format!("  {} ({})", participant.label, participant.side.as_str()));
    }
    lines.extend(transcript.report.warnings.iter().map(|warning| format!("  warning: {warning}")));
    let dropped = transcript.report.dropped.iter();
    lines.extend(dropped.map(|dropped| format!("  in no turn: line {}: {}", dropped.line, dropped.reason)));
    lines.join("\n")
}
