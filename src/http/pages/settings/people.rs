//! Who may come in: people and integrations.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Html;
use serde::Serialize;

use crate::access::Act;
use crate::app::App;
use crate::domain::user::{Role, User, UserKind, UserState};
use crate::error::Error;
use crate::http::pages::shell::{Failed, Visitor, role_label};
use crate::http::pages::source::word;
use crate::http::pages::tokens::{TokenLine, scopes, working};
use crate::http::pages::words::{Choice, day};
use crate::store::{tokens, users};

#[derive(Serialize)]
struct PeoplePage {
    can_manage: bool,
    roles: Vec<Choice>,
    users: Vec<UserLine>,
    integrations: Vec<IntegrationLine>,
    scopes: Vec<Choice>,
}

#[derive(Serialize)]
struct UserLine {
    id: String,
    name: String,
    email: String,
    role: Role,
    role_label: &'static str,
    active: bool,
    is_self: bool,
    added: String,
}

#[derive(Serialize)]
struct IntegrationLine {
    #[serde(flatten)]
    user: UserLine,
    tokens: Vec<TokenLine>,
}

pub(super) async fn page(State(app): State<Arc<App>>, visitor: Visitor) -> Result<Html<String>, Failed> {
    let caller = &visitor.caller;
    caller.require(Act::ManagePolicies)?;
    let can_manage = caller.may(Act::ManagePeople);
    let mut conn = app.store.snapshot().await.map_err(Error::from)?;
    let known = users::list(&mut conn, &caller.tenant).await.map_err(Error::from)?;
    let (mut people, mut integrations) = (Vec::new(), Vec::new());
    for user in known {
        let line = line(&user, caller.user.as_ref() == Some(&user.id));
        match user.kind {
            UserKind::Person => people.push(line),
            UserKind::Integration => {
                let held = tokens::list(&mut conn, &user.id).await.map_err(Error::from)?;
                integrations.push(IntegrationLine { user: line, tokens: working(held, app.clock.now()) });
            }
        }
    }
    let roles = Role::ALL.iter().map(|role| Choice { value: word(role), label: role_label(*role).to_owned() });
    let page = PeoplePage { can_manage, roles: roles.collect(), users: people, integrations, scopes: scopes() };
    Ok(super::page(&visitor, "pages/settings-people.html", "/settings", page)?)
}

fn line(user: &User, is_self: bool) -> UserLine {
    UserLine {
        id: user.id.to_string(),
        name: user.name.clone(),
        email: user.email.clone().unwrap_or_default(),
        role: user.role,
        role_label: role_label(user.role),
        active: user.state == UserState::Active,
        is_self,
        added: day(user.created_at),
    }
}
