//! The people a tool lists, often in several lists of one file, under one label each.

use std::collections::{HashMap, HashSet};

use super::super::json::voice_label;
use super::super::person;
use super::super::reading::ordinal;
use crate::domain::transcript::{Participant, Side};

/// What one list of the file says of somebody.
#[derive(Debug, Clone, Default)]
pub(super) struct Known {
    /// The tool's id for the person or the voice.
    pub id: Option<String>,
    pub name: Option<String>,
    pub email: Option<String>,
    pub title: Option<String>,
    /// The side, and what it rests on.
    pub side: Option<(Side, String)>,
}

/// Gathers people; entries of one id, address or name are one person unless an id or address says otherwise.
#[derive(Debug, Default)]
pub(super) struct People {
    list: Vec<Known>,
    by_id: HashMap<String, usize>,
    by_email: HashMap<String, usize>,
    by_name: HashMap<String, usize>,
}

impl People {
    /// Adds what a list says of somebody; one who has neither name, address nor id is nobody.
    pub(super) fn add(&mut self, mut known: Known) {
        known.email = known.email.map(|email| email.to_lowercase());
        if known.id.is_none() && known.name.is_none() && known.email.is_none() {
            return;
        }
        let at = self.find(&known).unwrap_or_else(|| {
            self.list.push(Known::default());
            self.list.len() - 1
        });
        for (map, key) in [
            (&mut self.by_id, known.id.clone()),
            (&mut self.by_email, known.email.clone()),
            (&mut self.by_name, known.name.as_deref().map(str::to_lowercase)),
        ] {
            key.map(|key| map.entry(key).or_insert(at));
        }
        if let Some(person) = self.list.get_mut(at) {
            person.id = person.id.take().or(known.id);
            person.name = person.name.take().or(known.name);
            person.email = person.email.take().or(known.email);
            person.title = person.title.take().or(known.title);
            person.side = person.side.take().or(known.side);
        }
    }

    fn find(&self, known: &Known) -> Option<usize> {
        let agree = |one: &Option<String>, other: &Option<String>| one.is_none() || other.is_none() || one == other;
        let same = |at: &&usize| {
            self.list.get(**at).is_some_and(|one| agree(&one.id, &known.id) && agree(&one.email, &known.email))
        };
        let by_id = known.id.as_ref().and_then(|id| self.by_id.get(id));
        let by_email = || known.email.as_ref().and_then(|email| self.by_email.get(email)).filter(same);
        let by_name = || self.by_name.get(&known.name.as_ref()?.to_lowercase()).filter(same);
        by_id.or_else(by_email).or_else(by_name).copied()
    }

    /// Everybody under a label of their own: name, else address, else what `of_id` makes of the id.
    pub(super) fn label(self, of_id: fn(&str) -> String) -> Roll {
        let (mut taken, mut roll) = (HashSet::new(), Roll::default());
        for (index, known) in self.list.into_iter().enumerate() {
            let unnamed = || known.id.as_deref().map(of_id).unwrap_or_default();
            let label = known.name.clone().or_else(|| known.email.clone()).unwrap_or_else(unnamed);
            // Two people of one name stay two labels.
            let label = if taken.contains(&label) { format!("{label} ({})", ordinal(index)) } else { label };
            taken.insert(label.clone());
            roll.people.push(participant(label, known));
        }
        for (id, at) in self.by_id {
            roll.people.get(at).map(|person| roll.labels.insert(id, person.label.clone()));
        }
        roll
    }
}

fn participant(label: String, known: Known) -> Participant {
    let named = person::from_label(known.name.as_deref().unwrap_or(&label));
    let (side, side_reason) = known.side.map_or((Side::Unknown, None), |(side, reason)| (side, Some(reason)));
    Participant { label, name: named.name, email: known.email.or(named.email), title: known.title, side, side_reason }
}

/// The people of a file with the labels of its voices.
#[derive(Debug, Default)]
pub(super) struct Roll {
    pub people: Vec<Participant>,
    labels: HashMap<String, String>,
}

impl Roll {
    /// The label of a voice; `Speaker 9` where no list has it.
    pub(super) fn voice(&self, id: &str) -> String {
        self.listed(id).map_or_else(|| voice_label(id), str::to_owned)
    }

    /// The label of a voice, where a list has it.
    pub(super) fn listed(&self, id: &str) -> Option<&str> {
        self.labels.get(id).map(String::as_str)
    }
}

/// Vendor for people a tool has as its own users, customer for people it has as strangers.
pub(super) fn side(ours: bool, tool: &str, role: &str) -> (Side, String) {
    let side = if ours { Side::Vendor } else { Side::Customer };
    (side, format!("{tool} has the person as {role}"))
}
