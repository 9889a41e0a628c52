//! Short passages with labelled questions, from no deal: what the finder learns wording from.

use serde::Deserialize;

use super::exchange::kind_of;
use super::gold::{GoldQuote, Question};
use crate::domain::transcript::{Said, Side, Transcript};

/// One line of a set of passages.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Passage {
    /// The business it is said in.
    pub topic: String,
    /// `call`, `mail`, `notes` or `chat`.
    pub kind: String,
    /// What is said.
    pub turns: Vec<Line>,
    /// What is asked of it.
    pub questions: Vec<Asked>,
}

/// A turn.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Line {
    /// Who speaks.
    pub name: String,
    /// For whom.
    pub side: Side,
    /// What is said.
    pub text: String,
}

/// A question with the words that answer it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Asked {
    /// The question.
    pub question: String,
    /// Verbatim, each inside one turn; none where the passage does not answer.
    pub quotes: Vec<String>,
}

impl Passage {
    /// The passage as a source.
    #[must_use]
    pub fn transcript(&self) -> Transcript {
        let said: Vec<Said<'_>> =
            self.turns.iter().map(|line| Said { by: &line.name, side: line.side, words: &line.text }).collect();
        Transcript::of_words(kind_of(&self.kind), &said)
    }

    /// Its questions as those of a deal that has no other source.
    #[must_use]
    pub fn questions(&self) -> Vec<Question> {
        let quote = |quote: &String| GoldQuote { source: self.topic.clone(), quote: quote.clone(), speaker: None };
        let question = |(place, asked): (usize, &Asked)| Question {
            id: format!("q{}", place + 1),
            question: asked.question.clone(),
            answerable: !asked.quotes.is_empty(),
            answer: None,
            citations: asked.quotes.iter().map(quote).collect(),
            also: Vec::new(),
        };
        self.questions.iter().enumerate().map(question).collect()
    }
}
