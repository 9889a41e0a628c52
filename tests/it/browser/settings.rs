//! An admin sets the workspace up, and everybody looks after their own ways in.

use baton::domain::user::Role;
use reqwest::Url;

use super::stage::Stage;
use super::window::Window;
use crate::support::app::Signed;

const PASSWORD: &str = "correct horse battery staple";

/// What a form shows once and never again.
async fn revealed(window: &Window, output: &str) -> String {
    let shown =
        format!("[...document.querySelectorAll('[data-output={output}]')].map((it) => it.textContent).join('')");
    window.until(&shown).await;
    window.text(&shown).await
}

/// Invites a customer success manager; the link that is shown.
async fn invite(window: &Window, name: &str) -> String {
    window.open("/settings").await;
    window.fill("[aria-labelledby=h-invite] [name=name]", name).await;
    window.fill("[aria-labelledby=h-invite] [name=email]", "iris@ferrite.example").await;
    window.choose("[aria-labelledby=h-invite] [name=role]", "csm").await;
    window.click_on("Invite").await;
    let link = revealed(window, "sign_in_link").await;
    window.click_on("Done").await;
    window.until_read(name).await;
    link
}

/// Fills every settings page with something.
pub(super) async fn set_up(window: &Window) -> String {
    let link = invite(window, "Iris Lund").await;
    window.click_on("New integration").await;
    window.fill("[aria-labelledby=h-integrations] [name=name]", "The CRM").await;
    window.click_on("Add").await;
    window.until_read("The CRM").await;
    window.open("/settings/deadlines").await;
    window.fill("[aria-labelledby=h-new-policy] [name=name]", "Enterprise").await;
    window.fill("[aria-labelledby=h-new-policy] [name=segment]", "enterprise").await;
    window.click_on("Add the policy").await;
    window.until_read("segment enterprise").await;
    window.open("/settings/assignment").await;
    window.fill("[name=segment]", "enterprise").await;
    window.click(".check-list input").await;
    window.click_on("Add the rule").await;
    window.until("document.querySelector('[aria-label^=\"Remove: \"]')").await;
    window.open("/settings/webhooks").await;
    window.fill("[name=url]", "https://hooks.example/baton").await;
    window.click_on("Add").await;
    assert!(revealed(window, "secret").await.starts_with("whsec_"));
    window.click_on("Done").await;
    window.until_read("https://hooks.example/baton").await;
    link
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_sets_a_workspace_up_and_who_is_let_go_is_out_at_once() {
    let Some(stage) = Stage::set().await else { return };
    let admin = Signed::up(&stage.app.app, "Ada Lund", Role::Admin).await;
    let window = stage.window_of(&admin).await;
    let link = set_up(&window).await;
    let invited = stage.window().await;
    invited.open(Url::parse(&link).unwrap().path()).await;
    invited.click_on("Continue").await;
    invited.until_at("/").await;

    window.open("/settings").await;
    window.click_on("Deactivate Iris Lund").await;
    window.until_read("Deactivate Iris Lund?").await;
    window.click_on("Deactivate").await;
    window.until_read("deactivated").await;
    invited.open("/").await;
    invited.until_at("/sign-in").await;

    window.open("/settings/assignment").await;
    window.click("[aria-label^='Remove: ']").await;
    window.click_on("Remove").await;
    window.until_read("There is no rule").await;
    window.open("/settings/audit").await;
    assert!(window.reads("Ada Lund").await && window.reads("Iris Lund").await);
    window.assert_quiet(&[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_keeps_their_own_password_sessions_and_tokens() {
    let Some(stage) = Stage::set().await else { return };
    let (window, elsewhere) = (stage.window_of(&stage.ae).await, stage.window_of(&stage.ae).await);
    window.click("summary").await;
    window.click_on("Profile and tokens").await;
    window.until_at("/profile").await;
    window.fill("[name=title]", "Account Executive").await;
    window.click_on("Save").await;
    window.until("document.querySelector('[name=title]').defaultValue === 'Account Executive'").await;
    window.fill("[name=new]", "too short").await;
    window.click_on("Set the password").await;
    window.until("document.querySelector('[name=new]:user-invalid')").await;
    window.fill("[name=new]", PASSWORD).await;
    window.click_on("Set the password").await;
    window.until_read("The password is changed.").await;
    elsewhere.open("/").await;
    elsewhere.until_at("/sign-in").await;

    window.open("/profile").await;
    window.click_on("New token").await;
    window.fill("[aria-labelledby=h-tokens] [name=name]", "my script").await;
    window.click("[aria-labelledby=h-tokens] [type=checkbox]").await;
    window.click_on("Create").await;
    let token = revealed(&window, "secret").await;
    assert!(token.len() > 30, "{token}");
    window.open("/profile").await;
    assert!(window.reads("my script").await && !window.reads(&token).await, "it is shown once");
    window.assert_quiet(&[]).await;
}
