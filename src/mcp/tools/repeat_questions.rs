//! `repeat_questions`.

use rmcp::schemars::{self, JsonSchema};
use serde::{Deserialize, Serialize};

use super::{Words, more};
use crate::access::Caller;
use crate::app::App;
use crate::domain::aftermath::Repeat;
use crate::domain::ids::DealId;
use crate::error::Error;
use crate::mcp::page::{begin, cursor, fitting, stamp};
use crate::mcp::quote::NOTICE;
use crate::mcp::tool::Told;
use crate::post_sale;

pub(super) const NAME: &str = "repeat_questions";
pub(super) const TITLE: &str = "What the customer was asked again";
pub(super) const ABOUT: &str = "Questions that customer success asked after a deal's sale although the customer had answered them before it, \
     each with that answer, and the words of both. It says how many sources from after the sale were read: without one, \
     nothing can have been asked again.";

/// Arguments of `repeat_questions`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// The deal's id.
    #[schemars(with = "String", example = &"deal_01981f2e7c3b7d4e8a5f6b1c2d3e4f50")]
    deal: DealId,
    /// The `next_cursor` of the answer before.
    cursor: Option<String>,
}

/// What `repeat_questions` answers.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Output {
    /// The deal's id.
    deal_id: String,
    /// How many sources from after the sale were read.
    sources: u32,
    /// How many questions the vendor's side asked in them and the customer answered.
    questions: u32,
    /// Those that had an answer already.
    repeats: Vec<RepeatOut>,
    /// How many of those there are, in all parts of the answer.
    total: usize,
    /// Give it as `cursor` to read on; absent at the end.
    next_cursor: Option<String>,
    /// How to take the words of the record.
    notice: &'static str,
}

/// A question that had an answer already.
#[derive(Debug, Serialize, JsonSchema)]
struct RepeatOut {
    /// The question, after the sale.
    question: Words,
    /// What the customer had said before it.
    answer: Words,
}

pub(super) async fn run(app: &App, caller: &Caller, input: Input) -> Result<Told<Output>, Error> {
    let read = post_sale::repeats(app, caller, &input.deal).await?;
    let stamp = stamp(&read)?;
    let mut all: Vec<RepeatOut> = read.repeats.iter().map(|repeat| told(app, repeat)).collect();
    let total = all.len();
    let at = begin(input.cursor.as_deref(), stamp)?;
    let (range, next) = fitting(&all, at, RepeatOut::chars);
    let output = Output {
        deal_id: input.deal.to_string(),
        sources: read.sources,
        questions: read.questions,
        repeats: all.drain(range).collect(),
        total,
        next_cursor: next.map(|at| cursor(stamp, at)),
        notice: NOTICE,
    };
    let text = text(&output);
    Ok(Told::new(output, text))
}

fn told(app: &App, repeat: &Repeat) -> RepeatOut {
    RepeatOut { question: Words::of(app, &repeat.question), answer: Words::of(app, &repeat.answer) }
}

impl RepeatOut {
    /// How much room it takes, roughly: its own words, and some for the names of things.
    fn chars(&self) -> usize {
        self.question.quote.chars().count() + self.answer.quote.chars().count() + 400
    }
}

fn text(found: &Output) -> String {
    let Output { sources, questions, total, .. } = found;
    let mut text = if *sources == 0 {
        format!("No source from after the sale was read: nothing can have been asked again. {NOTICE}\n")
    } else {
        format!(
            "{} of {total} questions that had an answer already, among {questions} in {sources} sources from after the sale. \
             {NOTICE}\n",
            found.repeats.len()
        )
    };
    for repeat in &found.repeats {
        text.push_str("\n- asked after the sale:\n");
        repeat.question.write(&mut text);
        text.push_str("  answered before it:\n");
        repeat.answer.write(&mut text);
    }
    text.push_str(&more(found.next_cursor.as_deref()));
    text
}
