//! An event as what is sent: the signed standard message, or a message for people in Slack or Teams.
//!
//! What people read is made by templates. Names come from customers and CRMs: in a `.json` template everything that is put
//! in becomes a JSON value by itself, so a name cannot add anything to the message, and what Slack and Teams would read as
//! a mention or a link is defused.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior, Value};
use serde::Serialize;
use serde_json::{Map, json};

use super::endpoint::EndpointFormat;
use super::event::{Event, EventDeal, EventKind};
use crate::domain::ids::DealId;

/// The templates, by the names under which a team may have its own.
pub const TEMPLATES: [(&str, &str); 3] = [
    (SENTENCE, include_str!("../../templates/messages/sentence.txt")),
    ("messages/slack.json", include_str!("../../templates/messages/slack.json")),
    ("messages/teams.json", include_str!("../../templates/messages/teams.json")),
];
const SENTENCE: &str = "messages/sentence.txt";

/// A template that cannot be read or filled, or does not make what it should.
#[derive(Debug, thiserror::Error)]
pub enum MessageError {
    /// The folder or a file in it cannot be read.
    #[error("cannot read `{}`: {error}", path.display())]
    Unreadable {
        /// The folder or file.
        path: PathBuf,
        /// Why.
        #[source]
        error: std::io::Error,
    },
    /// A file that takes the place of no template: most likely its name is misspelt.
    #[error("`{}` is the name of no message; there are sentence.txt, slack.json and teams.json", path.display())]
    Unknown {
        /// The file.
        path: PathBuf,
    },
    /// It cannot be read or filled.
    #[error("template `{template}` cannot be used: {error:#}")]
    Template {
        /// Its name.
        template: &'static str,
        /// What is wrong with it.
        #[source]
        error: minijinja::Error,
    },
    /// It makes no JSON.
    #[error("template `{template}` does not make JSON: {error}")]
    NoJson {
        /// Its name.
        template: &'static str,
        /// Where that shows.
        #[source]
        error: serde_json::Error,
    },
}

/// The templates, ready to be filled.
#[derive(Debug)]
pub struct Messages {
    environment: Environment<'static>,
}

/// What a template is filled with.
#[derive(Serialize)]
struct MessageView<'a> {
    kind: EventKind,
    at: Timestamp,
    deal: Option<&'a EventDeal>,
    data: Map<String, serde_json::Value>,
    /// The event in one sentence; empty while the sentence itself is made.
    sentence: &'a str,
}

impl<'a> MessageView<'a> {
    fn of(event: &'a Event, sentence: &'a str) -> Self {
        Self { kind: event.kind, at: event.at, deal: event.deal.as_ref(), data: event.fields(), sentence }
    }
}

impl Messages {
    /// With the bundled templates, or in their place what `own` has under their names.
    ///
    /// # Errors
    ///
    /// [`MessageError::Template`] when one cannot be read.
    pub fn new(own: impl Fn(&str) -> Option<String>) -> Result<Self, MessageError> {
        // By default a name that ends in `.json` makes every value that is put in a JSON value.
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.add_filter("slack", |text: &str| defused_for_slack(text));
        for (template, bundled) in TEMPLATES {
            let source = own(template).unwrap_or_else(|| bundled.to_owned());
            let added = environment.add_template_owned(template, source);
            added.map_err(|error| MessageError::Template { template, error })?;
        }
        Ok(Self { environment })
    }

    /// With the files of `messages/` in a folder in place of the bundled templates of the same name, each of them tried.
    ///
    /// # Errors
    ///
    /// [`MessageError`] that names the file which cannot be used.
    pub fn with_folder(folder: &Path) -> Result<Self, MessageError> {
        let own = own_files(folder)?;
        let messages = Self::new(|name| own.get(name).cloned())?;
        let deal = EventDeal {
            id: DealId::derived(&["sample"]),
            name: "Sample".to_owned(),
            account: "Sample".to_owned(),
            url: "https://baton.example/".to_owned(),
        };
        let data = json!({"version": 1, "by": "Sample", "step": "Kickoff", "due_at": Timestamp::UNIX_EPOCH, "count": 2, "days": 60});
        for kind in EventKind::ALL {
            let event = Event::new(*kind, Timestamp::UNIX_EPOCH).about(deal.clone()).with(data.clone());
            for format in [EndpointFormat::Slack, EndpointFormat::Teams] {
                messages.body(format, &event)?;
            }
        }
        Ok(messages)
    }

    /// The body of the message that tells an endpoint of this format of the event.
    ///
    /// # Errors
    ///
    /// [`MessageError`] for a defect of a template.
    pub fn body(&self, format: EndpointFormat, event: &Event) -> Result<String, MessageError> {
        let template = match format {
            EndpointFormat::Standard => return Ok(event.payload().to_string()),
            EndpointFormat::Slack => "messages/slack.json",
            EndpointFormat::Teams => "messages/teams.json",
        };
        let sentence = self.sentence(event)?;
        let filled = self.fill(template, &MessageView::of(event, &sentence))?;
        let json: serde_json::Value =
            serde_json::from_str(&filled).map_err(|error| MessageError::NoJson { template, error })?;
        Ok(json.to_string())
    }

    /// The event in one sentence, as plain text on one line.
    ///
    /// # Errors
    ///
    /// [`MessageError::Template`] for a defect of the template.
    pub fn sentence(&self, event: &Event) -> Result<String, MessageError> {
        let filled = self.fill(SENTENCE, &MessageView::of(event, ""))?;
        Ok(filled.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    fn fill(&self, template: &'static str, view: &MessageView<'_>) -> Result<String, MessageError> {
        let found = self.environment.get_template(template);
        let filled = found.and_then(|found| found.render(Value::from(Serde(view))));
        filled.map_err(|error| MessageError::Template { template, error })
    }
}

/// What a folder has in place of the bundled templates, by their names.
fn own_files(folder: &Path) -> Result<BTreeMap<String, String>, MessageError> {
    let folder = folder.join("messages");
    let unreadable = |path: &Path, error| MessageError::Unreadable { path: path.to_owned(), error };
    let mut own = BTreeMap::new();
    if !folder.exists() {
        return Ok(own);
    }
    for entry in fs::read_dir(&folder).map_err(|error| unreadable(&folder, error))? {
        let path = entry.map_err(|error| unreadable(&folder, error))?.path();
        let name = format!("messages/{}", path.file_name().unwrap_or_default().to_string_lossy());
        if !TEMPLATES.iter().any(|(known, _)| *known == name) {
            return Err(MessageError::Unknown { path });
        }
        let text = fs::read_to_string(&path).map_err(|error| unreadable(&path, error))?;
        own.insert(name, text);
    }
    Ok(own)
}

/// Text that Slack shows as it is: its three control characters as entities, and no `@channel` that might call everybody.
fn defused_for_slack(text: &str) -> String {
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    // A space of no width: the word looks the same and is no mention any more.
    escaped.replace('@', "@\u{200b}")
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;
    use crate::domain::ids::DealId;

    fn event(kind: EventKind, name: &str, account: &str) -> Event {
        let deal = EventDeal {
            id: DealId::derived(&["six sites"]),
            name: name.to_owned(),
            account: account.to_owned(),
            url: "https://baton.example/deals/deal_1".to_owned(),
        };
        Event::new(kind, "2026-03-02T10:00:00Z".parse().unwrap()).about(deal)
    }

    fn bundled() -> Messages {
        Messages::new(|_| None).unwrap()
    }

    fn body(format: EndpointFormat, event: &Event) -> Json {
        serde_json::from_str(&bundled().body(format, event).unwrap()).unwrap()
    }

    #[test]
    fn every_kind_has_a_sentence_of_its_own() {
        let full = json!({"version": 2, "by": "Omar Haddad", "step": "internal call", "due_at": "2026-03-03T10:00:00Z", "count": 7, "days": 60});
        let mut told = Vec::new();
        for kind in EventKind::ALL {
            let bare = event(*kind, "Six sites", "Harbor & Pine");
            for event in [bare.clone().with(full.clone()), bare] {
                let sentence = bundled().sentence(&event).unwrap();
                assert!(sentence.ends_with('.') && sentence.contains("Six sites (Harbor & Pine)"), "{sentence}");
                told.push(format!("{kind}: {sentence}"));
            }
            let of_no_deal = Event::new(*kind, "2026-03-02T10:00:00Z".parse().unwrap());
            assert!(bundled().sentence(&of_no_deal).unwrap().ends_with('.'));
        }
        insta::assert_snapshot!(told.join("\n"));
    }

    #[test]
    fn a_message_has_the_shape_that_its_reader_expects() {
        let event = event(EventKind::HandoffReturned, "Six sites", "Harbor & Pine");
        insta::assert_json_snapshot!("slack", body(EndpointFormat::Slack, &event));
        insta::assert_json_snapshot!("teams", body(EndpointFormat::Teams, &event));
        assert_eq!(body(EndpointFormat::Standard, &event), event.payload());
    }

    #[test]
    fn a_hostile_name_stays_a_name() {
        let name = "<!channel> @here \"},{\"x\": <https://evil.example|click> & {{ event }} \\";
        let event = event(EventKind::DealClosedWon, name, "</script>");
        let slack = body(EndpointFormat::Slack, &event);
        let text = slack["blocks"][0]["text"]["text"].as_str().unwrap();
        assert!(text.starts_with(
            "&lt;!channel&gt; @\u{200b}here \"},{\"x\": &lt;https://evil.example|click&gt; &amp; {{ event }} \\"
        ));
        // The only control characters are those of the template's own link.
        assert_eq!(text.matches('<').count(), 1);
        assert!(text.ends_with("<https://baton.example/deals/deal_1|Open in Baton>"), "{text}");
        assert!(!slack["text"].as_str().unwrap().contains(['<', '>']));
        assert_eq!(slack.as_object().unwrap().len(), 2);

        let teams = body(EndpointFormat::Teams, &event);
        let run = &teams["attachments"][0]["content"]["body"][0]["inlines"][0];
        assert!(run["text"].as_str().unwrap().starts_with(name), "{run}");
    }

    #[test]
    fn a_team_may_have_templates_of_its_own() {
        let own = |name: &str| (name == "messages/slack.json").then(|| r#"{"text": {{ sentence|slack }}}"#.to_owned());
        let event = event(EventKind::DraftReady, "Six sites", "Harbor & Pine");
        let body = Messages::new(own).unwrap().body(EndpointFormat::Slack, &event).unwrap();
        assert!(body.starts_with(r#"{"text":"The handoff"#), "{body}");

        assert!(Messages::new(|_| Some("{% if".to_owned())).is_err());
        let broken = Messages::new(|_| Some("{{ sentence }} and more".to_owned())).unwrap();
        assert!(matches!(broken.body(EndpointFormat::Teams, &event), Err(MessageError::NoJson { .. })));
    }
}
