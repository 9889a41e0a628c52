//! `baton audit-log verify`: is this export what Baton wrote? No server, no network, no data folder.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::{Args, Subcommand};

use super::{Answer, note, print};
use crate::audit;

/// Arguments of `baton audit-log`.
#[derive(Debug, Args)]
pub(super) struct AuditLogArgs {
    #[command(subcommand)]
    command: AuditLogCommand,
}

#[derive(Debug, Subcommand)]
enum AuditLogCommand {
    /// Check an export: every entry's hash, and that each names the one before it
    Verify {
        /// The export: JSON Lines, as `GET /v1/audit-log/export` gives it
        file: PathBuf,
        /// The last hash, as you kept it elsewhere: tells whether entries were cut off at the end
        #[arg(long, value_name = "HASH")]
        last: Option<String>,
    },
}

pub(super) fn run(args: AuditLogArgs) -> anyhow::Result<Answer> {
    let AuditLogCommand::Verify { file, last } = args.command;
    let name = file.display();
    let export = std::fs::read(&file).with_context(|| format!("cannot read `{name}`"))?;
    let verified = match audit::verify(&export) {
        Ok(verified) => verified,
        Err(broken) => {
            note(&format!("`{name}` is not what was written: {broken}"));
            return Ok(Answer::No);
        }
    };
    let entries = verified.entries;
    let Some(hash) = verified.last_hash else {
        note(&format!("`{name}` holds no entry"));
        return Ok(Answer::No);
    };
    if last.is_some_and(|last| !last.eq_ignore_ascii_case(&hash)) {
        note(&format!("`{name}` is whole from entry 1 to {entries}, but does not end with the hash you gave"));
        return Ok(Answer::No);
    }
    print(&format!("{entries} entries, whole and in order; the last hash is {hash}"))?;
    Ok(Answer::Yes)
}
