//! The way in, and out again.

use super::stage::Stage;

const PASSWORD: &str = "correct horse battery staple";

#[tokio::test(flavor = "multi_thread")]
async fn the_first_sign_in_is_by_a_link_that_works_once_and_the_next_by_password() {
    let Some(stage) = Stage::set().await else { return };
    let (window, link) = (stage.window().await, stage.link(&stage.ae).await);
    window.open(&link).await;
    assert!(window.reads("This link works once").await);
    assert_eq!(window.text("document.querySelector('[name=name]').value").await, "Callum Brandvold");
    window.fill("[name=password]", PASSWORD).await;
    window.press("Enter").await;
    window.until_at("/").await;
    assert!(window.reads("No deals yet").await);
    window.assert_quiet(&[]).await;

    window.click("summary").await;
    window.click_on("Sign out").await;
    window.until_at("/sign-in").await;
    window.open(&link).await;
    window.until_read("This link no longer works").await;
    window.open("/").await;
    window.until_at("/sign-in").await;

    let email = stage.ae.user.email.clone().unwrap();
    // The first field waits for the keyboard, once the page is drawn.
    window.until("document.activeElement.name === 'email'").await;
    window.write(&email).await;
    window.press("Tab").await;
    window.write("not the password").await;
    window.press("Enter").await;
    window.until("document.querySelector('.form-error').textContent").await;
    let told = window.text("document.querySelector('.form-error').textContent").await;
    assert!(told.contains("password"), "{told}");
    window.assert_quiet(&[401]).await;
    window.fill("[name=password]", PASSWORD).await;
    window.press("Enter").await;
    window.until_at("/").await;
    window.assert_quiet(&[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_asked_for_a_page_is_led_there_after_the_sign_in() {
    let Some(stage) = Stage::set().await else { return };
    let deal = stage.deal("Harbor & Pine", "Six sites").await;
    let window = stage.window().await;
    window.open(&stage.link(&stage.ae).await).await;
    window.fill("[name=password]", PASSWORD).await;
    window.click_on("Continue").await;
    window.until_at("/").await;
    window.client.delete_all_cookies().await.unwrap();

    let page = format!("/deals/{deal}/review");
    window.open(&format!("{page}?from=a%26b")).await;
    window.until_at("/sign-in").await;
    window.fill("[name=email]", &stage.ae.user.email.clone().unwrap().to_uppercase()).await;
    window.fill("[name=password]", PASSWORD).await;
    window.click_on("Sign in").await;
    window.until_at(&page).await;
    assert_eq!(window.text("location.search").await, "?from=a%26b");
    window.open("/sign-in?next=https://evil.example/").await;
    window.until_at("/").await;
    window.assert_quiet(&[]).await;
}
