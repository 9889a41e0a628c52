//! The real program, run as its users run it.

use assert_cmd::Command;
use serde_json::Value;

/// `baton`, with nothing set in its environment that would change what it does.
pub(crate) fn baton() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_baton"));
    for name in [
        "BATON_ENGINE",
        "BATON_EMBEDDER",
        "BATON_OPENAI_BASE_URL",
        "BATON_DATA_DIR",
        "BATON_QDRANT_URL",
        "OPENAI_API_KEY",
    ] {
        command.env_remove(name);
    }
    command
}

/// Runs a command that prints one JSON document.
pub(crate) fn json_of(command: &mut Command) -> Value {
    let output = command.assert().success().get_output().stdout.clone();
    serde_json::from_slice(&output).unwrap()
}
