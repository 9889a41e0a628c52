//! `baton mcp`: the tools of a running Baton over stdin and stdout.

use clap::Args;
use openidconnect::url::Url;

use super::Answer;
use crate::config::ApiKey;
use crate::config::sign_on::is_shielded;
use crate::mcp::bridge::Bridge;

/// Arguments of `baton mcp`.
#[derive(Debug, Args)]
pub(super) struct McpArgs {
    /// Where Baton is served
    #[arg(long, env = "BATON_SERVER", default_value = "http://127.0.0.1:7400", value_name = "URL", value_parser = server)]
    server: Url,
    /// A token with the scope `read`, from your profile page; better in the environment than on the command line
    #[arg(long, env = "BATON_TOKEN", value_name = "TOKEN", hide_env_values = true)]
    token: ApiKey,
}

/// An address that a token may be sent to.
fn server(text: &str) -> Result<Url, String> {
    let url: Url = text.parse().map_err(|error| format!("{error}"))?;
    let is_root = url.path() == "/" && url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
    if is_root && is_shielded(&url) {
        return Ok(url);
    }
    Err("it takes scheme and host, such as https://baton.company.example; http is for this machine only".to_owned())
}

pub(super) async fn run(args: McpArgs) -> anyhow::Result<Answer> {
    Bridge::new(&args.server, &args.token)?.over_stdio().await?;
    Ok(Answer::Yes)
}
