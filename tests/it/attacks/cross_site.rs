//! A page of another site makes a browser send what it likes, with the browser's cookie: none of it is taken.

use reqwest::{Client, Method, StatusCode};

use crate::support::calls::{api_routes, page_routes};
use crate::support::world::{Who, World};

/// What browsers send along with requests that other sites' pages make.
const STRANGE: [&[(&str, &str)]; 6] = [
    &[("Sec-Fetch-Site", "cross-site"), ("Origin", "https://evil.example")],
    &[("Sec-Fetch-Site", "same-site"), ("Origin", "https://neighbour.example")],
    &[("Sec-Fetch-Site", "cross-site")],
    &[("Origin", "https://evil.example")],
    &[("Origin", "null")],
    &[("Origin", "http://127.0.0.1:1")],
];

#[tokio::test]
async fn nothing_that_changes_anything_is_taken_from_another_sites_page() {
    let world = World::new().await;
    let (client, pass, log) = (Client::new(), world.pass(Who::Admin), world.log().await);
    let draft = world.draft().await;
    let mut tried = 0;
    for headers in STRANGE {
        let door = world.door().await;
        for (method, path) in api_routes().into_iter().filter(|(method, _)| method != "GET") {
            let call = world.call(&method, &path, "", Who::Admin, false).await;
            let request = call.to(&client, &door, &pass);
            let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
            let answer = request.send().await.unwrap();
            assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{method} {path} {headers:?}");
            assert!(!answer.headers().contains_key("set-cookie"), "{method} {path}");
            tried += 1;
        }
    }
    assert!(tried >= 200, "{tried}");
    assert_eq!((world.log().await, world.draft().await), (log, draft), "something has changed");
}

#[tokio::test]
async fn our_own_pages_may() {
    let world = World::new().await;
    let (client, pass) = (Client::new(), world.pass(Who::Admin));
    for of_browser in [true, false] {
        let door = world.door().await;
        for (method, path) in api_routes().into_iter().filter(|(method, _)| method != "GET") {
            if path == "/v1/me/password" {
                continue; // It takes the present one the second time.
            }
            let call = world.call(&method, &path, "", Who::Admin, true).await;
            let request = call.to(&client, &door, &pass).header("Origin", &door);
            let request = if of_browser { request.header("Sec-Fetch-Site", "same-origin") } else { request };
            let answer = request.send().await.unwrap();
            assert!(answer.status().is_success(), "{method} {path}: {}", answer.text().await.unwrap());
        }
    }
}

#[tokio::test]
async fn no_answer_invites_another_sites_scripts_to_read_it() {
    let world = World::new().await;
    let (client, door, pass) = (Client::new(), world.door().await, world.pass(Who::Admin));
    let mut paths: Vec<String> = page_routes().into_iter().map(str::to_owned).collect();
    paths.extend(api_routes().into_iter().filter(|(method, _)| method == "GET").map(|(_, path)| path));
    for path in paths {
        let mut call = world.call("GET", &path, "", Who::Admin, false).await;
        for method in [Method::GET, Method::OPTIONS] {
            call.method = method;
            let request = call.to(&client, &door, &pass).header("Origin", "https://evil.example");
            let answer = request.header("Access-Control-Request-Method", "GET").send().await.unwrap();
            let headers = answer.headers();
            let invites = headers.keys().any(|name| name.as_str().starts_with("access-control"));
            assert!(!invites, "{} {path}: {headers:?}", call.method);
            assert_eq!(headers["cross-origin-resource-policy"], "same-origin", "{path}");
            assert_eq!(headers["x-content-type-options"], "nosniff", "{path}");
        }
    }
}
