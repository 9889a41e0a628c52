//! Logs: to stderr, readable, with dotted field names and units in names. Words of the record are never logged.

use tracing_subscriber::EnvFilter;

/// Starts logging at `default` unless `BATON_LOG` says otherwise, in the syntax of `RUST_LOG`.
pub fn start(default: &str) {
    let filter = EnvFilter::try_from_env("BATON_LOG").unwrap_or_else(|_| EnvFilter::new(default));
    // A second start (in tests) keeps the first.
    let _ =
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false).try_init();
}
