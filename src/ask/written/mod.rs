//! Answers in a model's own words, checked sentence by sentence.
//!
//! The model reads the question with the passages (`message`) and replies with sentences that cite lines (`reply`). Nothing of it
//! is believed: [`crate::ground`] looks for every quote, and a sentence that holds what its quotes do not say is removed
//! (`check`). A model that cannot be reached, or of which nothing is left, costs its words only: the answer is the record's own.

mod check;
mod message;
mod reply;

use std::collections::{BTreeSet, HashSet};
use std::time::Duration;

use self::check::{Said, Unsaid, unsaid};
use self::message::{Passages, Prompts};
use self::reply::{Reply, Sentence, parse, schema};
use super::Excerpt;
use super::document::{Composed, Wording};
use super::items;
use super::text::Found;
use crate::domain::ids::ItemId;
use crate::domain::item::Item;
use crate::engine::openai::OpenAiSettings;
use crate::engine::openai::chat::{Chat, Content};
use crate::engine::openai::fence::on_one_line;
use crate::engine::openai::window::TokenCounter;
use crate::engine::{EngineError, EngineIdentity, QuoteRole, Usage};
use crate::ground::{Citation, SourceText};
use crate::index::bm25::Bm25;
use crate::intake::is_bidi_control;
use crate::openai_server::ServerSettings;
use crate::openai_server::transport::Failure;

/// Version of what this module does with passages and a reply; the prompts have their own.
const VERSION: &str = "1";
/// Somebody waits for the answer: longer than this they would rather read the quotes.
const PATIENCE: Duration = Duration::from_secs(30);
/// A server that is down is asked once more, no oftener.
const MAX_RETRIES: u32 = 1;
/// Room for the reply, the chat template, and the fence around the passages.
const MAX_REPLY_TOKENS: usize = 2_048;
/// What a file's name and the fence take beside the lines.
const FRAME_TOKENS: usize = 512;

/// Writes answers with a model behind an OpenAI-compatible server.
#[derive(Debug)]
pub struct Writer {
    chat: Chat,
    prompts: Prompts,
    counter: TokenCounter,
    /// Tokens of passages in one request.
    budget: usize,
    identity: EngineIdentity,
}

/// What came of asking a model.
#[derive(Debug)]
pub(super) struct Worded {
    pub(super) outcome: Outcome,
    pub(super) wording: Wording,
}

/// The three ways an answer can go on.
#[derive(Debug)]
pub(super) enum Outcome {
    /// The sentences that are left.
    Sentences(Composed),
    /// The model says that the passages do not answer.
    Declined,
    /// The model's words cannot be shown; the wording has a note that says why.
    Quotes,
}

impl Writer {
    /// A writer for a server and a model; nothing is sent yet.
    ///
    /// # Errors
    ///
    /// [`EngineError::Permanent`] where the settings cannot work.
    pub fn new(settings: OpenAiSettings) -> Result<Self, EngineError> {
        let schema = schema();
        let counter = TokenCounter::for_model(&settings.model);
        let prompts = Prompts::new().map_err(|error| EngineError::Permanent(error.to_string()))?;
        let fixed = counter.count(Prompts::instructions()) + counter.count(&schema.to_string()) + FRAME_TOKENS;
        let context = settings.max_context_tokens;
        let server = ServerSettings {
            timeout: settings.server.timeout.min(PATIENCE),
            max_retries: settings.server.max_retries.min(MAX_RETRIES),
            ..settings.server
        };
        let identity = EngineIdentity {
            name: "openai".to_owned(),
            version: VERSION.to_owned(),
            model: settings.model.clone(),
            prompts: Prompts::version(&schema),
        };
        Ok(Self {
            chat: Chat::new(server.client()?, settings.model, "answer", schema),
            prompts,
            counter,
            // The model's own tokenizer may count a tenth more than ours.
            budget: context.saturating_sub(fixed + MAX_REPLY_TOKENS.min(context / 4)) / 10 * 9,
            identity,
        })
    }

    /// The answer in the model's words, as far as the quotes it cites say them.
    pub(super) async fn write(
        &self,
        bm25: &Bm25,
        question: &str,
        excerpts: &[Excerpt],
        found: &[Found],
        items: &[Item],
    ) -> Worded {
        let mut wording = Wording {
            engine: self.identity.clone(),
            usage: Usage::default(),
            removed: 0,
            reasons: Vec::new(),
            note: None,
        };
        let passages = Passages::of(excerpts, found, self.budget, self.counter);
        let reply = match self.ask(question, &passages, &mut wording.usage).await {
            Ok(reply) => reply,
            Err(note) => return Worded { outcome: Outcome::Quotes, wording: Wording { note: Some(note), ..wording } },
        };
        if !reply.answered {
            wording.note = Some("the model found no answer in the passages".to_owned());
            return Worded { outcome: Outcome::Declined, wording };
        }
        let checking = Checking { bm25, question, excerpts, passages: &passages, items };
        let (composed, removed) = checking.checked(reply);
        wording.removed = removed.len();
        let reasons: BTreeSet<Unsaid> = removed.into_iter().collect();
        wording.reasons = reasons.into_iter().map(Unsaid::in_words).collect();
        if composed.lines.is_empty() {
            wording.note =
                Some("nothing that the model wrote is said by the record: these are its own words".to_owned());
            return Worded { outcome: Outcome::Quotes, wording };
        }
        Worded { outcome: Outcome::Sentences(composed), wording }
    }

    /// The model's reply, asked for once more if it cannot be used.
    ///
    /// # Errors
    ///
    /// Why there is none, for people; the log has the details.
    async fn ask(&self, question: &str, passages: &Passages, usage: &mut Usage) -> Result<Reply, String> {
        let mut problem: Option<String> = None;
        loop {
            let message = self.prompts.question(question, passages, problem.as_deref()).map_err(|error| {
                tracing::error!(%error, "the prompt of an answer does not render");
                "the question could not be put to the model: these are the record's own words".to_owned()
            })?;
            let reply = self.chat.ask(Prompts::instructions(), &message).await.map_err(|failure| in_words(&failure))?;
            *usage += reply.usage;
            let unusable = match reply.content {
                Content::Text(text) => match parse(&text) {
                    Ok(reply) => return Ok(reply),
                    Err(unusable) => unusable,
                },
                Content::CutOff => "it was cut off".to_owned(),
                Content::Nothing(why) => why.to_owned(),
            };
            if problem.is_some() {
                tracing::warn!(unusable, "the model's answer cannot be used");
                return Err("the model's reply cannot be used: these are the record's own words".to_owned());
            }
            problem = Some(unusable);
        }
    }
}

/// Why no reply came, for whoever asked; what the server said is for the log alone.
fn in_words(failure: &Failure) -> String {
    tracing::warn!(%failure, "no answer from the model");
    let why = match failure {
        Failure::Unavailable { .. } => "the model cannot be reached now",
        Failure::TooLong(_) => "the passages are too long for the model",
        Failure::Refused { .. } => "the model's server refuses the request",
        Failure::Unreadable(_) => "what the model's server answers cannot be read",
    };
    format!("{why}: these are the record's own words")
}

/// What sentences are checked against.
struct Checking<'a> {
    bm25: &'a Bm25,
    question: &'a str,
    excerpts: &'a [Excerpt],
    passages: &'a Passages,
    items: &'a [Item],
}

impl Checking<'_> {
    /// The sentences that stand, each with its citations and with what became of the promises they cite; and why others were
    /// removed.
    fn checked(&self, reply: Reply) -> (Composed, Vec<Unsaid>) {
        let mut composed = Composed::default();
        let mut removed = vec![Unsaid::NoQuote; reply.bad];
        let mut cited: Vec<&Item> = Vec::new();
        for sentence in reply.sentences {
            let text = plain(&sentence.text);
            match self.citations(&sentence, &text) {
                Ok(citations) => {
                    let own: Vec<&Item> = citations.iter().flat_map(|one| items::resting_on(one, self.items)).collect();
                    composed.line(text, citations, own.first().map(|item| item.id.clone()));
                    cited.extend(own);
                }
                Err(why) => removed.push(why),
            }
        }
        let mut told: HashSet<&ItemId> = HashSet::new();
        for item in cited {
            if told.insert(&item.id) {
                items::afterwards(&mut composed, item, self.items);
            }
        }
        (composed, removed)
    }

    /// The citations of a sentence. One quote that is not found costs the whole of it: who invents one is not believed on the rest.
    fn citations(&self, sentence: &Sentence, text: &str) -> Result<Vec<Citation>, Unsaid> {
        if sentence.quotes.is_empty() || text.is_empty() {
            return Err(Unsaid::NoQuote);
        }
        let mut citations: Vec<Citation> = Vec::new();
        for quote in &sentence.quotes {
            let (place, turn) = self.passages.place(quote.line).ok_or(Unsaid::Quote)?;
            let excerpt = &self.excerpts[place];
            let source = SourceText::new(excerpt.id.as_ref(), &excerpt.name, &excerpt.transcript);
            let citation = source.cite(turn, &quote.quote, QuoteRole::Support).map_err(|_| Unsaid::Quote)?;
            if !citations.contains(&citation) {
                citations.push(citation);
            }
        }
        let quotes: Vec<&str> = citations.iter().map(Citation::quote).collect();
        let speakers: Vec<&str> = citations.iter().filter_map(Citation::speaker).collect();
        let said = Said { quotes: &quotes, speakers: &speakers, question: self.question };
        unsaid(self.bm25, text, &said).map_or(Ok(citations), Err)
    }
}

/// A sentence on one line, without signs that would turn it around, and without numbers in brackets: those are the citations'.
fn plain(text: &str) -> String {
    let text: String = on_one_line(text).chars().filter(|c| !is_bidi_control(*c)).collect();
    let (mut kept, mut rest) = (String::with_capacity(text.len()), text.as_str());
    while let Some(at) = rest.find('[') {
        let end = rest[at..].find(']').map(|length| at + length + 1);
        let is_mark = |mark: &str| mark.chars().all(|c| c.is_ascii_digit() || "[], ".contains(c));
        let (before, after) = match end.filter(|end| is_mark(&rest[at..*end])) {
            Some(end) => (&rest[..at], &rest[end..]),
            None => rest.split_at(at + 1),
        };
        kept.push_str(before);
        rest = after;
    }
    kept.push_str(rest);
    let words: Vec<&str> = kept.split_whitespace().collect();
    words.join(" ").replace(" .", ".").replace(" ,", ",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_is_one_line_and_carries_no_marks_of_its_own() {
        assert_eq!(plain("They sign [1], [2, 3] in\u{202e} June [4].\nSoon [sic]"), "They sign, in June. Soon [sic]");
        assert_eq!(plain("[1]"), "");
        assert_eq!(plain("open [12"), "open [12");
    }
}
