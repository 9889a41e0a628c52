//! The messages to the model: the rules, and the question with its passages, every line numbered and all of them fenced.

use std::collections::HashSet;

use minijinja::{AutoEscape, Environment, UndefinedBehavior, value::Serde};
use serde::Serialize;
use serde_json::Value;

use crate::ask::Excerpt;
use crate::ask::text::Found;
use crate::engine::openai::fence::{hash, head_of, label, marker, on_one_line, words_of};
use crate::engine::openai::window::TokenCounter;

const ANSWER: &str = include_str!("../../../prompts/answer.md");
const QUESTION: &str = include_str!("../../../prompts/question.md");

/// Where a numbered line stands: the place of its excerpt, and the turn.
pub(super) type Place = (usize, u32);

/// The passages as the model reads them.
#[derive(Debug, Default)]
pub(super) struct Passages {
    shown: Vec<Passage>,
    /// The place of line 1, line 2, …
    places: Vec<Place>,
}

/// A run of lines of one file.
#[derive(Debug, Serialize)]
struct Passage {
    file: String,
    lines: Vec<String>,
}

/// Input of `prompts/question.md`.
#[derive(Serialize)]
struct Message<'a> {
    marker: &'a str,
    passages: &'a [Passage],
    question: &'a str,
    problem: Option<&'a str>,
}

impl Passages {
    /// As many excerpts as fit into so many tokens, best first; and the words that were found, whatever is left out around them.
    pub(super) fn of(excerpts: &[Excerpt], found: &[Found], budget: usize, counter: TokenCounter) -> Self {
        let mut passages = Self::default();
        let mut left = budget;
        for (place, excerpt) in excerpts.iter().enumerate() {
            let turns = || excerpt.transcript.turns.iter().filter(|turn| !turn.text.trim().is_empty());
            let numbers = passages.next_number()..;
            let lines = turns()
                .zip(numbers)
                .map(|(turn, number)| format!("{}{}", head_of(&excerpt.transcript, turn, number), words_of(turn)));
            let lines: Vec<String> = lines.collect();
            let tokens: usize = lines.iter().map(|line| counter.count(line) + 1).sum();
            if tokens > left || lines.is_empty() {
                continue;
            }
            left -= tokens;
            passages.places.extend(turns().map(|turn| (place, turn.index)));
            passages.shown.push(Passage { file: label(&excerpt.name), lines });
        }
        passages.add_found(excerpts, found);
        passages
    }

    fn next_number(&self) -> u32 {
        u32::try_from(self.places.len()).unwrap_or(u32::MAX).saturating_add(1)
    }

    /// Words of passages that were too long to be shown whole.
    fn add_found(&mut self, excerpts: &[Excerpt], found: &[Found]) {
        let known: HashSet<Place> = self.places.iter().copied().collect();
        for Found { before, citation, excerpt: place, .. } in found {
            let excerpt = &excerpts[*place];
            for quote in before.iter().chain([citation]) {
                let turn = excerpt.transcript.turns.iter().find(|turn| turn.index == quote.turn());
                let Some(turn) = turn.filter(|turn| !known.contains(&(*place, turn.index))) else { continue };
                let head = head_of(&excerpt.transcript, turn, self.next_number());
                let lines = vec![format!("{head}{}", on_one_line(quote.quote()))];
                self.places.push((*place, turn.index));
                self.shown.push(Passage { file: label(&excerpt.name), lines });
            }
        }
    }

    /// Where a line stands that the model cites.
    pub(super) fn place(&self, line: usize) -> Option<Place> {
        self.places.get(line.checked_sub(1)?).copied()
    }

    fn texts(&self) -> impl Iterator<Item = &str> + Clone {
        self.shown.iter().flat_map(|passage| passage.lines.iter().chain([&passage.file])).map(String::as_str)
    }
}

/// The prompt files, loaded once.
#[derive(Debug)]
pub(super) struct Prompts(Environment<'static>);

impl Prompts {
    pub(super) fn new() -> Result<Self, minijinja::Error> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_auto_escape_callback(|_| AutoEscape::None);
        environment.add_template("question", QUESTION)?;
        Ok(Self(environment))
    }

    /// The system message: the same for every question.
    pub(super) const fn instructions() -> &'static str {
        ANSWER
    }

    /// The user message, and what was wrong with the last reply to it.
    pub(super) fn question(
        &self,
        question: &str,
        passages: &Passages,
        problem: Option<&str>,
    ) -> Result<String, minijinja::Error> {
        let question = on_one_line(question);
        let marker = marker(&passages.texts().chain([question.as_str()]));
        let message = Message { marker: &marker, passages: &passages.shown, question: &question, problem };
        self.0.get_template("question")?.render(Serde(message))
    }

    /// A hash of everything the model is told that comes neither from the record nor from whoever asks.
    pub(super) fn version(schema: &Value) -> String {
        let mut version = hash([ANSWER, QUESTION, &schema.to_string()]);
        version.truncate(12);
        version
    }
}
