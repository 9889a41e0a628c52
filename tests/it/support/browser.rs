//! A browser, as far as Baton can tell: it keeps cookies, and goes nowhere by itself.

use std::collections::BTreeMap;

use reqwest::header::{COOKIE, LOCATION, SET_COOKIE, USER_AGENT};
use reqwest::redirect::Policy;
use reqwest::{Client, Response};

use super::app::TestApp;

/// A browser with its own cookies.
pub(crate) struct Browser {
    client: Client,
    address: String,
    pub(crate) cookies: BTreeMap<String, String>,
}

impl Browser {
    /// A new one, at this Baton.
    pub(crate) fn at(app: &TestApp) -> Self {
        let client = Client::builder().redirect(Policy::none()).build().unwrap();
        Self { client, address: app.address.clone(), cookies: BTreeMap::new() }
    }

    /// Opens a page of Baton, by its path.
    pub(crate) async fn open(&mut self, path: &str) -> Response {
        let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = self.client.get(format!("{}{path}", self.address)).header(USER_AGENT, "Test browser");
        let response = request.header(COOKIE, cookies.join("; ")).send().await.unwrap();
        for line in response.headers().get_all(SET_COOKIE) {
            let (name, rest) = line.to_str().unwrap().split_once('=').unwrap();
            match rest.split(';').next().unwrap() {
                "" => self.cookies.remove(name),
                value => self.cookies.insert(name.to_owned(), value.to_owned()),
            };
        }
        response
    }
}

/// Where an answer sends the browser.
pub(crate) fn location(response: &Response) -> String {
    response.headers()[LOCATION].to_str().unwrap().to_owned()
}
