//! The messages to the model: one template per message, a typed input each, and a fence around the record.

use jiff::civil::Date;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, value::Serde};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::catalogue::Catalogue;
use super::fence::{hash, label, marker, turn_head};
use crate::domain::transcript::{Participant, Side};
use crate::engine::Evidence;

const READ_SOURCE: &str = include_str!("../../../prompts/read_source.md");
const SOURCE: &str = include_str!("../../../prompts/source.md");
const EXAMPLES: &str = include_str!("../../../prompts/examples.json");

/// Participants told to the model; a mail to a list can name thousands.
const MAX_PARTICIPANTS: usize = 50;

/// A prompt file that does not render or parse: a defect of the build.
#[derive(Debug, thiserror::Error)]
pub(super) enum PromptError {
    #[error("a prompt template does not render: {0}")]
    Template(#[from] minijinja::Error),
    #[error("the prompt's examples are not readable: {0}")]
    Examples(#[from] serde_json::Error),
}

/// The prompt files, loaded once.
#[derive(Debug)]
pub(super) struct Prompts {
    environment: Environment<'static>,
    instructions: String,
}

/// Input of `prompts/read_source.md`.
#[derive(Serialize)]
struct Instructions<'a> {
    fields: &'a Catalogue,
    examples: Vec<RenderedExample>,
}

#[derive(Serialize)]
struct RenderedExample {
    note: String,
    lines: Vec<String>,
    reply: String,
}

/// One worked example of `prompts/examples.json`.
#[derive(Debug, Deserialize)]
struct Example {
    note: String,
    turns: Vec<ExampleTurn>,
    claims: Vec<Value>,
}

#[derive(Debug, Deserialize)]
struct ExampleTurn {
    speaker: String,
    side: Side,
    start_ms: Option<i64>,
    text: String,
}

/// Input of `prompts/source.md`.
#[derive(Serialize)]
struct SourceMessage<'a> {
    marker: &'a str,
    source: &'a str,
    kind: &'static str,
    title: Option<&'a str>,
    date: Option<Date>,
    participants: &'a [String],
    parts: usize,
    lines: &'a [&'a str],
    problem: Option<&'a str>,
}

/// What the model is told about a source besides its turns.
#[derive(Debug)]
pub(super) struct SourceHead {
    name: String,
    kind: &'static str,
    title: Option<String>,
    date: Option<Date>,
    participants: Vec<String>,
}

impl SourceHead {
    pub(super) fn new(evidence: Evidence<'_>) -> Self {
        let transcript = evidence.transcript;
        let participants = transcript.participants.iter().take(MAX_PARTICIPANTS);
        Self {
            name: label(evidence.source),
            kind: transcript.kind.as_str(),
            title: transcript.title.as_deref().map(label).filter(|title| !title.is_empty()),
            date: evidence.date,
            participants: participants.map(introduction).collect(),
        }
    }

    /// Every line that stands inside the fence besides the turns.
    fn texts(&self) -> impl Iterator<Item = &str> + Clone {
        let named = [self.name.as_str()].into_iter().chain(self.title.as_deref());
        named.chain(self.participants.iter().map(String::as_str))
    }
}

impl Prompts {
    /// Loads the templates and renders what is the same for every source.
    pub(super) fn new(catalogue: &Catalogue) -> Result<Self, PromptError> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_auto_escape_callback(|_| AutoEscape::None);
        environment.add_template("read_source", READ_SOURCE)?;
        environment.add_template("source", SOURCE)?;
        let examples: Vec<Example> = serde_json::from_str(EXAMPLES)?;
        let examples = examples.into_iter().map(Example::render).collect();
        let input = Serde(Instructions { fields: catalogue, examples });
        let instructions = environment.get_template("read_source")?.render(input)?;
        Ok(Self { environment, instructions })
    }

    /// The system message: task, fields, rules, examples.
    pub(super) fn instructions(&self) -> &str {
        &self.instructions
    }

    /// The user message: one window of a source, fenced, and what was wrong with the last reply to it.
    pub(super) fn source(
        &self,
        head: &SourceHead,
        lines: &[&str],
        parts: usize,
        problem: Option<&str>,
    ) -> Result<String, PromptError> {
        let message = SourceMessage {
            marker: &marker(&head.texts().chain(lines.iter().copied())),
            source: &head.name,
            kind: head.kind,
            title: head.title.as_deref(),
            date: head.date,
            participants: &head.participants,
            parts,
            lines,
            problem,
        };
        Ok(self.environment.get_template("source")?.render(Serde(message))?)
    }

    /// A hash of everything the model is told that does not come from a source.
    pub(super) fn version(&self, schema: &Value) -> String {
        let mut version = hash([self.instructions.as_str(), SOURCE, &schema.to_string()]);
        version.truncate(12);
        version
    }
}

impl Example {
    fn render(self) -> RenderedExample {
        let lines = self.turns.iter().zip(0..).map(|(turn, index)| {
            let head = turn_head(index, Some(&turn.speaker), turn.side, turn.start_ms);
            format!("{head}{}", turn.text)
        });
        let reply = serde_json::json!({ "claims": self.claims }).to_string();
        RenderedExample { note: self.note, lines: lines.collect(), reply }
    }
}

fn introduction(person: &Participant) -> String {
    let mut text = label(person.name.as_deref().unwrap_or(&person.label));
    for detail in [&person.title, &person.email].into_iter().flatten() {
        text = format!("{text}, {}", label(detail));
    }
    format!("{text} ({})", person.side.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::QuoteRole;
    use crate::engine::openai::reply::parse_reply;

    #[test]
    fn every_example_is_a_reply_baton_would_take_and_quotes_its_own_turns() {
        let examples: Vec<Example> = serde_json::from_str(EXAMPLES).unwrap();
        assert!(
            examples.iter().any(|example| example.claims.is_empty()),
            "one example shows that silence is an answer"
        );
        for example in &examples {
            let reply = serde_json::json!({ "claims": example.claims }).to_string();
            let parsed = parse_reply(&reply, &Catalogue::new()).unwrap();
            assert_eq!((parsed.bad_claims, parsed.ignored_attributes), (0, 0), "{}", example.note);
            assert_eq!(parsed.claims.len(), example.claims.len());
            for claim in &parsed.claims {
                assert!(claim.quotes.iter().any(|quote| quote.role == QuoteRole::Support), "{}", claim.statement);
                for quote in &claim.quotes {
                    assert!(example.turns[quote.turn as usize].text.contains(&quote.quote), "{}", quote.quote);
                }
            }
        }
    }
}
