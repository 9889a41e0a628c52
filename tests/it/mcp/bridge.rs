//! `baton mcp` where something is wrong around it: it says what, to the assistant or on stderr.

use serde_json::json;

use crate::support::assistant::Assistant;
use crate::support::cli::baton;

#[tokio::test]
async fn without_a_server_the_tools_are_there_and_say_what_is_the_matter() {
    // Nothing listens on the discard port of loopback.
    let assistant = Assistant::over_stdio("http://127.0.0.1:9", "baton_x").await;
    assert_eq!(assistant.0.list_all_tools().await.unwrap().len(), 15);
    let said = assistant.refused("list_deals", json!({})).await;
    assert!(said.contains("no Baton answers at http://127.0.0.1:9") && said.contains("baton serve"), "{said}");
    let said = assistant.read("baton://sources/src_00000000000000000000000000000000/transcript").await;
    assert!(said.unwrap_err().to_string().contains("no Baton answers"));
}

#[test]
fn a_token_is_asked_for_and_sent_in_clear_to_this_machine_only() {
    let run = |args: &[&str]| {
        let output =
            baton().arg("mcp").args(args).env_remove("BATON_TOKEN").env_remove("BATON_SERVER").assert().failure();
        String::from_utf8(output.get_output().stderr.clone()).unwrap()
    };
    assert!(run(&[]).contains("--token"));
    for server in
        ["http://baton.example", "ftp://127.0.0.1", "https://baton.example/path", "https://me@baton.example", "baton"]
    {
        let said = run(&["--token", "baton_secret", "--server", server]);
        assert!(said.contains("--server") && !said.contains("baton_secret"), "{server}: {said}");
    }
}
