//! The command line: the same use cases. Data on stdout, everything else on stderr; exit 0 for done, 1 for "no", 2 for failed.

mod ask;
mod audit;
mod audit_log;
mod demo;
mod dna;
mod doctor;
mod draft;
mod eval;
mod examples;
mod files;
mod mcp;
mod parse;
mod reindex;
mod serve;
mod sign_in_link;
mod workspace;

use std::io::{self, Write as _};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::config::Settings;
use crate::telemetry;

/// Turns the calls, mails and notes of a B2B sale into a handoff that customer success can trust.
///
/// Every line of a handoff cites the words it rests on. With the default settings everything runs on this machine: no key,
/// no server, no network.
#[derive(Debug, Parser)]
#[command(name = "baton", version, max_term_width = 110)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Load the sample deals, draft, print a handoff, and serve API and pages
    Demo(demo::DemoArgs),
    /// Serve API, pages and worker in one process
    Serve(Settings),
    /// Turn transcript, note, mail and contract files into transcript documents
    Parse(parse::ParseArgs),
    /// Draft a handoff from files or a folder; nothing is kept
    Draft(draft::DraftArgs),
    /// Print who the customer is, from files or a folder, as far as they say it; nothing is kept
    Dna(dna::DnaArgs),
    /// Ask files a question; the answer cites their words, or says that they do not answer it
    Ask(ask::AskArgs),
    /// Audit closed deals: scorecards, patterns and the ledger of what was promised; nothing is kept
    Audit(audit::AuditArgs),
    /// Say what is configured, what can be reached, and what to do about the rest
    Doctor(doctor::DoctorArgs),
    /// Fill the index anew from the records: after the embedding model was changed, or once after an update, for quicker answers
    Reindex(Settings),
    /// Score the engine on labelled deals
    Eval(eval::EvalArgs),
    /// Print labelled deals as the examples that the local engine's reader is trained on
    Examples(examples::ExamplesArgs),
    /// Serve the record to an assistant over stdin and stdout (Model Context Protocol), from a running Baton
    Mcp(mcp::McpArgs),
    /// Make a one-time sign-in link for somebody who has lost their way in
    SignInLink(sign_in_link::SignInLinkArgs),
    /// Add a workspace (tenant) with its first admin, and print their sign-in link
    Workspace(workspace::WorkspaceArgs),
    /// Check an export of the audit log, offline
    AuditLog(audit_log::AuditLogArgs),
    /// Print the OpenAPI document
    Openapi,
}

/// What a command answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer {
    /// Done.
    Yes,
    /// Done, and the answer is no: something is not as it should be.
    No,
    /// Not all of it could be done, and what could not has been said.
    Failed,
}

/// Runs the program.
#[must_use]
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    telemetry::start(match cli.command {
        // The protocol's library logs each request, and repeats what it was told: names of files, too.
        Command::Serve(_) => "info,rmcp=error",
        _ => "warn,rmcp=error",
    });
    match run(cli.command) {
        Ok(Answer::Yes) => ExitCode::SUCCESS,
        Ok(Answer::No) => ExitCode::from(1),
        Ok(Answer::Failed) => ExitCode::from(2),
        // The reader of a pipe that has seen enough is no failure.
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            note(&format!("error: {error:#}"));
            ExitCode::from(2)
        }
    }
}

fn run(command: Command) -> anyhow::Result<Answer> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        match command {
            Command::Demo(args) => demo::run(args).await,
            Command::Serve(settings) => serve::run(settings).await,
            Command::Parse(args) => parse::run(&args),
            Command::Draft(args) => draft::run(args).await,
            Command::Dna(args) => dna::run(args).await,
            Command::Ask(args) => ask::run(args).await,
            Command::Audit(args) => audit::run(args).await,
            Command::Doctor(args) => doctor::run(args).await,
            Command::Reindex(settings) => reindex::run(settings).await,
            Command::Eval(args) => eval::run(args).await,
            Command::Examples(args) => examples::run(&args).await,
            Command::Mcp(args) => mcp::run(args).await,
            Command::SignInLink(args) => sign_in_link::run(args).await,
            Command::Workspace(args) => workspace::run(args).await,
            Command::AuditLog(args) => audit_log::run(args),
            Command::Openapi => print_json(&crate::http::openapi::document(), true),
        }
    })
}

/// Data, on stdout.
fn print(text: &str) -> anyhow::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(text.as_bytes())?;
    if !text.ends_with('\n') {
        stdout.write_all(b"\n")?;
    }
    Ok(stdout.flush()?)
}

/// A document, on stdout, on one line or indented.
fn print_json(document: &impl serde::Serialize, indented: bool) -> anyhow::Result<Answer> {
    let json = if indented { serde_json::to_string_pretty(document)? } else { serde_json::to_string(document)? };
    print(&json)?;
    Ok(Answer::Yes)
}

/// Everything else, on stderr.
fn note(text: &str) {
    // If stderr is gone there is nobody left to tell.
    let _ = writeln!(io::stderr().lock(), "{text}");
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}
