//! Who is who in Slack: ids to names, from `users.json` and from what messages say of their writers.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::super::super::json::{id, text};
use super::super::super::person;
use crate::domain::transcript::Participant;

/// The names of people and channels by their ids.
#[derive(Debug, Default)]
pub(super) struct Names {
    people: HashMap<String, Participant>,
    channels: HashMap<String, String>,
    taken: HashSet<String>,
}

impl Names {
    /// The label of a person.
    pub(super) fn person(&self, id: &str) -> Option<&str> {
        self.people.get(id).map(|person| person.label.as_str())
    }

    /// The name of a channel.
    pub(super) fn channel(&self, id: &str) -> Option<&str> {
        self.channels.get(id).map(String::as_str)
    }

    /// Adds the people of `users.json` or `org_users.json`, or of the answer of `users.list`.
    pub(super) fn add_users(&mut self, users: &Value) {
        let users = users.get("members").unwrap_or(users).as_array();
        for user in users.into_iter().flatten() {
            let id = id(user, "id").filter(|id| !self.people.contains_key(id));
            if let (Some(id), Some(name)) = (id, user_name(user)) {
                let profile = user.get("profile").unwrap_or(user);
                self.add(id, name, text(profile, "email"), text(profile, "title"));
            }
        }
    }

    /// Adds the channels of `channels.json`, `groups.json`, `mpims.json` or `dms.json`; a talk of two is named by its people.
    pub(super) fn add_channels(&mut self, channels: &Value) {
        for channel in channels.as_array().into_iter().flatten() {
            let Some(id) = id(channel, "id") else { continue };
            let members = channel.get("members").and_then(Value::as_array);
            let members = members.into_iter().flatten().filter_map(Value::as_str);
            let members: Vec<&str> = members.map(|member| self.person(member).unwrap_or(member)).collect();
            let name = text(channel, "name").map_or_else(|| members.join(", "), str::to_owned);
            if !name.is_empty() {
                self.channels.insert(id, name);
            }
        }
    }

    /// Adds what a message says of its writer, where no list names them.
    pub(super) fn add_writer(&mut self, message: &Value) {
        let Some(id) = id(message, "user").filter(|id| !self.people.contains_key(id)) else { return };
        let profile = message.get("user_profile");
        if let Some(name) = profile.and_then(profile_name).or_else(|| text(message, "username")) {
            self.add(id, name, profile.and_then(|profile| text(profile, "email")), None);
        }
    }

    /// The label of a message's writer: a person, else a bot, else an id that nobody names.
    pub(super) fn writer(&self, message: &Value) -> Option<String> {
        let user = id(message, "user");
        let known = user.as_deref().and_then(|user| self.person(user));
        let bot = message.get("bot_profile").and_then(|bot| text(bot, "name"));
        let comment = message.get("comment").and_then(|comment| id(comment, "user"));
        known
            .or(bot)
            .or_else(|| text(message, "username"))
            .map(str::to_owned)
            .or(user)
            .or(comment)
            .or_else(|| id(message, "bot_id"))
    }

    /// The people with these labels; an id that nobody names is no name.
    pub(super) fn participants(&self, labels: &HashSet<&str>) -> Vec<Participant> {
        let known = self.people.values().filter(|person| labels.contains(person.label.as_str())).cloned();
        let unnamed = labels.iter().filter(|label| is_id(label) && !self.taken.contains(**label));
        let unnamed = unnamed.map(|label| Participant { name: None, ..person::from_label(label) });
        let mut people: Vec<Participant> = known.chain(unnamed).collect();
        people.sort_by(|a, b| a.label.cmp(&b.label));
        people
    }

    fn add(&mut self, id: String, name: &str, email: Option<&str>, title: Option<&str>) {
        let label = if self.taken.contains(name) { format!("{name} ({id})") } else { name.to_owned() };
        let known = person::from_label(&label);
        let person = Participant {
            name: known.name.map(|_| name.to_owned()),
            email: email.map(str::to_lowercase).or(known.email),
            title: title.map(str::to_owned),
            label: label.clone(),
            ..known
        };
        if self.people.insert(id, person).is_none() {
            self.taken.insert(label);
        }
    }
}

/// `U02QK7IMK`: people begin with U or W, bots with B.
fn is_id(label: &str) -> bool {
    let plain = label.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    plain && label.len() >= 8 && label.starts_with(['U', 'W', 'B']) && label.contains(|c: char| c.is_ascii_digit())
}

fn user_name(user: &Value) -> Option<&str> {
    let profile = user.get("profile").unwrap_or(user);
    text(profile, "real_name")
        .or_else(|| text(user, "real_name"))
        .or_else(|| profile_name(profile))
        .or_else(|| text(user, "name"))
}

fn profile_name(profile: &Value) -> Option<&str> {
    ["real_name", "display_name", "name"].iter().find_map(|key| text(profile, key))
}
