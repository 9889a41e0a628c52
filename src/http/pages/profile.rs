//! One's own name, password, sessions and tokens.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Html;
use jiff::Timestamp;
use serde::Serialize;

use super::shell::{Failed, Place, Visitor};
use super::tokens::{TokenLine, scopes, working};
use super::words::{Choice, day};
use crate::access::{Act, Means};
use crate::app::App;
use crate::error::Error;
use crate::store::sessions::Session;
use crate::store::{sessions, tokens, users};

/// Characters that are shown of a browser that is none of the known ones.
const SHOWN: usize = 60;

#[derive(Serialize)]
struct ProfilePage {
    profile: ProfileView,
    sessions: Vec<SessionLine>,
    tokens: Vec<TokenLine>,
    scopes: Vec<Choice>,
}

#[derive(Serialize)]
struct ProfileView {
    name: String,
    title: String,
    email: String,
    has_password: bool,
}

#[derive(Serialize)]
struct SessionLine {
    id: String,
    device: String,
    about: String,
    current: bool,
}

pub(super) async fn page(State(app): State<Arc<App>>, visitor: Visitor) -> Result<Html<String>, Failed> {
    let caller = &visitor.caller;
    caller.require(Act::SeeOwn)?;
    let (id, now) = (caller.person()?, app.clock.now());
    let mut conn = app.store.snapshot().await.map_err(Error::from)?;
    let user = users::find(&mut conn, &caller.tenant, id).await.map_err(Error::from)?;
    let user = user.ok_or_else(|| Error::not_found("user", id))?;
    let running = sessions::list(&mut conn, id, now).await.map_err(Error::from)?;
    let held = tokens::list(&mut conn, id).await.map_err(Error::from)?;
    let page = ProfilePage {
        profile: ProfileView {
            name: user.name,
            title: user.title.unwrap_or_default(),
            email: visitor.email().to_owned(),
            has_password: user.has_password,
        },
        sessions: running.iter().map(|session| line(session, &caller.means, now)).collect(),
        tokens: working(held, now),
        scopes: scopes(),
    };
    Ok(visitor.page("pages/profile.html", "Profile", Place::Profile, page)?)
}

fn line(session: &Session, means: &Means, now: Timestamp) -> SessionLine {
    let minutes = now.duration_since(session.seen_at).as_mins();
    let used =
        if minutes < 60 { "used within the hour".to_owned() } else { format!("last used {}", day(session.seen_at)) };
    SessionLine {
        device: device(session.user_agent.as_deref()),
        about: format!("since {}, {used}", day(session.created_at)),
        current: matches!(means, Means::Session(own) if *own == session.id),
        id: session.id.to_string(),
    }
}

/// `Firefox on Linux`, from what the browser says it is; whatever says something else is shown with its own words.
fn device(user_agent: Option<&str>) -> String {
    let Some(said) = user_agent else { return "A program that does not say its name".to_owned() };
    // Edge and Opera call themselves Chrome too, and Chrome calls itself Safari.
    let browsers =
        [("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari")];
    let systems = [
        ("Windows", "Windows"),
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ];
    let known =
        |names: &[(&str, &'static str)]| names.iter().find(|(mark, _)| said.contains(mark)).map(|(_, name)| *name);
    match (known(&browsers), known(&systems)) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(browser), None) => browser.to_owned(),
        _ => said.chars().take(SHOWN).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_is_named_after_what_its_browser_says() {
        let chrome =
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36";
        let edge = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126.0";
        let phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Mobile/15E148 Safari/604.1";
        assert_eq!(device(Some(chrome)), "Chrome on Linux");
        assert_eq!(device(Some(edge)), "Edge on Windows");
        assert_eq!(device(Some(phone)), "Safari on iPhone");
        assert_eq!(device(Some("curl/8.5.0")), "curl/8.5.0");
    }
}
